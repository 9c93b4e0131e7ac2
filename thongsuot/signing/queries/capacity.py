"""By which post, own or of whom they stand in for, a person signs results in a unit."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone, translation

from thongsuot.kernel.periods import in_force
from thongsuot.people.models import Appointment, Delegation
from thongsuot.signing import capacity
from thongsuot.signing.capacity import Capacity, Post
from thongsuot.units import queries as units

_SIGNS = "sign results"


def capacity_of(person_id: int | None, *, unit_id: int, at: datetime) -> Capacity | None:
    """None for who has no right to sign there: the house itself, an officer of another unit. At most three queries."""
    if person_id is None:
        return None
    day = timezone.localdate(at)
    mine = _posts(person_id, day)
    signing = [(post, of) for post, of, signs in mine if signs and unit_id in units.unit_ids_under(of, as_of=day)]
    if signing:
        # A post in the unit itself before one of the city that reaches down to it.
        return capacity.own(min(signing, key=lambda one: one[1] != unit_id)[0])
    here = next((post for post, of, _signs in mine if of == unit_id), None)
    given = (
        Delegation.objects.filter(in_force(day), to_person_id=person_id, unit_id=unit_id, includes_signing=True)
        .order_by("valid_from", "id")
        .values_list("from_person_id", "decision_number", "valid_to")
        .first()
    )
    if here is None or given is None:
        return None
    giver_id, decision, until = given
    theirs = next((post for post, of, signs in _posts(giver_id, day) if signs and of == unit_id), None)
    if theirs is None or until is None:
        return None
    with translation.override("vi"):  # it goes onto papers
        return capacity.standing_in(here, for_post=theirs, decision=decision, until=until)


def _posts(person_id: int, day: date) -> list[tuple[Post, int, bool]]:
    rows = Appointment.objects.filter(in_force(day), in_force(day, "body__"), person_id=person_id, person__is_active=True)
    return [
        (Post(title=title, body_kind=kind, body_name=name), unit_id, _SIGNS in duties)
        for title, kind, name, unit_id, duties in rows.order_by("valid_from", "id").values_list(
            "title", "body__kind", "body__name", "body__unit_id", "duties"
        )
    ]
