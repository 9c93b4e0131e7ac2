"""Which certificate signs, and why none may."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from thongsuot.kernel.periods import in_force
from thongsuot.people.models import Appointment
from thongsuot.signing import errors, rules
from thongsuot.signing.models import Certificate
from thongsuot.units import queries as units


def of_person(person_id: int | None, *, unit_id: int | None, at: datetime) -> Certificate:
    """The certificate this person signs with, for that unit when one is named.

    Raises NoCertificate, WrongPost, WrongUnit, CertificateExpired and the other refusals of `refusal`.
    """
    held = list(
        Certificate.objects.select_related("body__unit", "software_key", "person")
        .filter(kind=Certificate.Kind.PERSON, person_id=person_id)
        .order_by("-not_after", "-pk")
        if person_id is not None
        else ()
    )
    if not held:
        raise errors.NoCertificate(agency=False)
    day = timezone.localdate(at)
    assert person_id is not None  # there is one who holds something
    posts = _posts(person_id, on=day)
    reaching = [one for one in held if unit_id is None or unit_id in units.unit_ids_under(one.body.unit_id, as_of=day)]
    if not reaching:
        raise errors.WrongUnit
    in_post = [one for one in reaching if (one.body_id, one.post) in posts]
    return _first_usable(in_post or reaching, at=at, in_post=bool(in_post))


def of_agency(unit_id: int, *, at: datetime, body_id: int | None = None) -> Certificate:
    """The certificate of the unit's committee, or of one body of it. Raises NoCertificate and the refusals of `refusal`."""
    held = list(
        Certificate.objects.select_related("body__unit", "software_key")
        .filter(kind=Certificate.Kind.AGENCY, body__unit_id=unit_id, **({"body_id": body_id} if body_id else {}))
        .order_by("-not_after", "-pk")
    )
    held.sort(key=lambda one: one.body.kind != "people_committee")
    if not held:
        raise errors.NoCertificate(agency=True)
    return _first_usable(held, at=at, in_post=True)


def _first_usable(held: Iterable[Certificate], *, at: datetime, in_post: bool) -> Certificate:
    why: errors.CannotSign | None = None
    for one in held:
        found = refusal(one, at=at)
        if found is None and in_post:
            return one
        why = why or found or errors.WrongPost(one.post)
    assert why is not None  # there is at least one, and it was refused
    raise why


def refusal(holder: Certificate, *, at: datetime) -> errors.CannotSign | None:
    """Why this certificate may not sign at that instant; None when it may."""
    if (ended := body_ended_on(holder, on=timezone.localdate(at))) is not None:
        return errors.BodyEnded(ended)
    match condition_of(holder, at=at):
        case rules.Condition.EXPIRED:
            return errors.CertificateExpired(holder.not_after)
        case rules.Condition.NOT_YET:
            return errors.CertificateNotYetValid(holder.not_before)
        case rules.Condition.REVOKED:
            return errors.CertificateRevoked()
        case rules.Condition.SUSPENDED:
            return errors.CertificateSuspended()
        case rules.Condition.WAITING:
            return errors.CertificateNotDelivered()
    return None


def body_ended_on(holder: Certificate, *, on: date) -> date | None:
    """From which day on the body of the certificate, or its unit, is no more; None while both are there."""
    ends = [day for day in (holder.body.valid_to, holder.body.unit.valid_to) if day is not None and day <= on]
    return min(ends, default=None)


def to_revoke(*, at: datetime) -> Q:
    """Certificates that outlived their body: on a reorganisation the old agency's are revoked (NĐ 68/2024/NĐ-CP)."""
    day = timezone.localdate(at)
    ended = Q(body__valid_to__lte=day) | Q(body__unit__valid_to__lte=day)
    return ended & Q(not_after__gt=at) & ~Q(state=Certificate.State.REVOKED)


def condition_of(holder: Certificate, *, at: datetime) -> rules.Condition:
    return rules.condition(
        state=holder.state,
        not_before=holder.not_before,
        not_after=holder.not_after,
        at=at,
        soon_days=rules.warning_marks(on=timezone.localdate(at))[0],
    )


def _posts(person_id: int, *, on: date) -> set[tuple[int, str]]:
    rows = Appointment.objects.filter(in_force(on), in_force(on, "body__"), person_id=person_id, person__is_active=True)
    return set(rows.values_list("body_id", "title"))
