"""Certificates and requests as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.working_time import working_days_between
from thongsuot.people.queries import body_of_unit
from thongsuot.signing import rules
from thongsuot.signing.models import Certificate, CertificateRequest
from thongsuot.signing.queries.choosing import body_ended_on, condition_of, to_revoke
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
    body_ended_on: date | None  # the body is no more: to be revoked, whatever the certificate says

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
    day = timezone.localdate(at)
    body, condition = body_of_unit(held.body.name, held.body.unit_id, day), condition_of(held, at=at)
    return CertificateRow(
        certificate=held,
        condition=condition,
        holder=held.person.full_name if held.person else body,
        body=body,
        days_left=max(0, (held.not_after - at).days),
        locked=held.locked_until is not None and at < held.locked_until,
        body_ended_on=None if condition in (Condition.REVOKED, Condition.EXPIRED) else body_ended_on(held, on=day),
    )


def usable_by(actor: Actor, *, at: datetime) -> list[CertificateRow]:
    """One's own, and those of agencies whose papers one issues. One query."""
    held = Certificate.objects.select_related("body__unit", "person").filter(
        Q(kind="person", person_id=actor.person_id) | Q(kind="agency", body__unit_id__in=actor.units_for("issue results"))
    )
    return [_row(one, at=at) for one in held.order_by("kind", "-not_after", "pk")]


def managed(
    actor: Actor, *, unit_id: int | None, at: datetime, limit: int, offset: int, only_to_revoke: bool = False
) -> list[CertificateRow]:
    """Of the units whose certificates the actor manages, those that end first on top. One query.

    only_to_revoke   those whose body is no more
    """
    held = _managed(actor, unit_id).filter(to_revoke(at=at) if only_to_revoke else Q())
    held = held.select_related("body__unit", "person").order_by("not_after", "pk")
    return [_row(one, at=at) for one in held[offset : offset + limit]]


def managed_count(actor: Actor, *, unit_id: int | None) -> int:
    return _managed(actor, unit_id).count()


def to_revoke_count(actor: Actor, *, unit_id: int | None, at: datetime) -> int:
    """How many outlived their body. One query."""
    return _managed(actor, unit_id).filter(to_revoke(at=at)).count()


def _managed(actor: Actor, unit_id: int | None) -> QuerySet[Certificate]:
    """An ended unit is nobody's: its certificates are listed for whoever manages those of the unit, or the city, above it."""
    reach = actor.units_for(DUTY)
    if unit_id is not None:
        return Certificate.objects.filter(body__unit_id__in=reach & {unit_id})
    above = Q(body__unit__parent_id__in=reach) | Q(body__unit__parent__parent_id__in=reach)
    return Certificate.objects.filter(Q(body__unit_id__in=reach) | above)


def certificate_for(certificate_id: int, *, actor: Actor, at: datetime) -> CertificateRow:
    """One that the actor manages. Raises NotFound: others learn nothing."""
    held = must_exist(_managed(actor, None).select_related("body__unit", "person").filter(pk=certificate_id).first())
    return _row(held, at=at)


def own_certificate(certificate_id: int, *, actor: Actor, at: datetime) -> CertificateRow:
    """One that the actor signs with. Raises NotFound."""
    found = must_exist(next((row for row in usable_by(actor, at=at) if row.certificate.pk == certificate_id), None))
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
    found = must_exist(
        CertificateRequest.objects.select_related("body", "person", "certificate")
        .filter(pk=request_id, body__unit_id__in=actor.units_for(DUTY))
        .first()
    )
    return _request_row(found, at=at)


def _request_row(one: CertificateRequest, *, at: datetime) -> RequestRow:
    day = timezone.localdate(at)
    calendar = units.working_calendar(one.body.unit_id, on=day)
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
