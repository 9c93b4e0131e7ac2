"""Certificates and requests as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.working_time import working_days_between
from thongsuot.people.queries import body_of_unit
from thongsuot.signing import rules
from thongsuot.signing.models import Certificate, CertificateRequest
from thongsuot.signing.queries.choosing import condition_of
from thongsuot.signing.rules import DUTY, Condition
from thongsuot.units import queries as units

OPEN = ("draft", "at_department", "at_issuer", "issued")


@dataclass(frozen=True, kw_only=True)
class CertificateRow:
    certificate: Certificate
    condition: Condition
    holder: str
    body: str
    days_left: int
    locked: bool

    @property
    def label(self) -> str:
        return str(rules.CONDITION_LABELS[self.condition])

    @property
    def tag(self) -> str:
        return TAGS[self.condition]


TAGS = {
    Condition.ACTIVE: "done",
    Condition.EXPIRING: "wait",
    Condition.WAITING: "new",
    Condition.NOT_YET: "new",
    Condition.EXPIRED: "end",
    Condition.SUSPENDED: "end",
    Condition.REVOKED: "end",
}


def _row(held: Certificate, *, at: datetime) -> CertificateRow:
    body = body_of_unit(held.body.name, held.body.unit_id, timezone.localdate(at))
    return CertificateRow(
        certificate=held,
        condition=condition_of(held, at=at),
        holder=held.person.full_name if held.person else body,
        body=body,
        days_left=max(0, (held.not_after - at).days),
        locked=held.locked_until is not None and at < held.locked_until,
    )


def usable_by(actor: Actor, *, at: datetime) -> list[CertificateRow]:
    """One's own, and those of agencies whose papers one issues. One query."""
    held = Certificate.objects.select_related("body", "person").filter(
        Q(kind="person", person_id=actor.person_id) | Q(kind="agency", body__unit_id__in=actor.units_for("issue results"))
    )
    return [_row(one, at=at) for one in held.order_by("kind", "-not_after", "pk")]


def managed(actor: Actor, *, unit_id: int | None, at: datetime, limit: int, offset: int) -> list[CertificateRow]:
    """Of the units whose certificates the actor manages, those that end first on top. One query."""
    held = _managed(actor, unit_id).select_related("body", "person").order_by("not_after", "pk")
    return [_row(one, at=at) for one in held[offset : offset + limit]]


def managed_count(actor: Actor, *, unit_id: int | None) -> int:
    return _managed(actor, unit_id).count()


def _managed(actor: Actor, unit_id: int | None) -> QuerySet[Certificate]:
    reach = actor.units_for(DUTY)
    return Certificate.objects.filter(body__unit_id__in=reach if unit_id is None else reach & {unit_id})


def certificate_for(certificate_id: int, *, actor: Actor, at: datetime) -> CertificateRow:
    """One that the actor manages. Raises NotFound: others learn nothing."""
    held = _managed(actor, None).select_related("body", "person").filter(pk=certificate_id).first()
    if held is None:
        raise NotFound
    return _row(held, at=at)


def own_certificate(certificate_id: int, *, actor: Actor, at: datetime) -> CertificateRow:
    """One that the actor signs with. Raises NotFound."""
    found = next((row for row in usable_by(actor, at=at) if row.certificate.pk == certificate_id), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, kw_only=True)
class RequestRow:
    """A request and how long it has been where it is, in working days."""

    request: CertificateRequest
    holder: str
    body: str
    waiting_days: int
    is_late: bool

    @property
    def next_states(self) -> list[tuple[str, str]]:
        labels = dict(CertificateRequest.State.choices)
        return [(to, str(labels[CertificateRequest.State(to)])) for to in rules.REQUEST_MOVES[self.request.state]]


def requests(
    actor: Actor, *, at: datetime, own: bool = False, only_open: bool = True, limit: int, offset: int = 0
) -> list[RequestRow]:
    """Those the actor manages, or one's own, longest waiting first. Two queries."""
    rows = _requests(actor, own=own, only_open=only_open).order_by("state_since", "pk")
    return [_request_row(one, at=at) for one in rows[offset : offset + limit]]


def requests_count(actor: Actor, *, only_open: bool = True) -> int:
    """Of those the actor manages. One query."""
    return _requests(actor, own=False, only_open=only_open).count()


def _requests(actor: Actor, *, own: bool, only_open: bool) -> QuerySet[CertificateRequest]:
    rows = CertificateRequest.objects.select_related("body", "person", "certificate")
    if own:
        rows = rows.filter(person_id=actor.person_id) if actor.person_id is not None else rows.none()
    else:
        rows = rows.filter(body__unit_id__in=actor.units_for(DUTY))
    return rows.filter(state__in=OPEN) if only_open else rows


def request_for(request_id: int, *, actor: Actor, at: datetime) -> RequestRow:
    """Raises NotFound."""
    found = (
        CertificateRequest.objects.select_related("body", "person", "certificate")
        .filter(pk=request_id, body__unit_id__in=actor.units_for(DUTY))
        .first()
    )
    if found is None:
        raise NotFound
    return _request_row(found, at=at)


def _request_row(one: CertificateRequest, *, at: datetime) -> RequestRow:
    day = timezone.localdate(at)
    calendar = units.working_calendar(units.city_of(one.body.unit_id), on=day)
    waiting = working_days_between(timezone.localdate(one.state_since), day, calendar)
    return RequestRow(
        request=one,
        holder=one.person.full_name if one.person else _agency(one, day),
        body=_agency(one, day),
        waiting_days=waiting,
        is_late=one.state in ("at_department", "at_issuer") and waiting > rules.figure("request_late_days", on=day),
    )


def _agency(one: CertificateRequest, day: date) -> str:
    return body_of_unit(one.body.name, one.body.unit_id, day)


def to_warn_of(*, at: datetime) -> list[tuple[int, int]]:
    """(certificate, days mark) that should be warned of now. Two queries."""
    marks = rules.warning_marks(on=timezone.localdate(at))
    held = Certificate.objects.filter(state="active", not_after__gt=at).prefetch_related("warnings")
    found = []
    for one in held.order_by("not_after", "pk"):
        said = frozenset(warning.days for warning in one.warnings.all())
        mark = rules.warnings_due(one.not_after, at=at, marks=marks, said=said)
        if mark is not None:
            found.append((one.pk, mark))
    return found
