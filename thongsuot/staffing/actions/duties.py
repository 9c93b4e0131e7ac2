"""What a post taken up by placement brings, which posts the Party manages, and who holds one."""

from __future__ import annotations

from datetime import date

from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import search_key
from thongsuot.people import rules as people_rules
from thongsuot.people.models import Appointment
from thongsuot.staffing.models import JobPosition, Placement, StaffMember
from thongsuot.staffing.queries.seen import accounts_of, is_party_managed
from thongsuot.staffing.rules import PARTY
from thongsuot.units.models import Body

# What no placement gives: what only administrators give, and the Party's own yes.
NEVER = people_rules.OF_ADMINISTRATORS | {PARTY}


def duties_of(placement: Placement, *, on: date) -> list[str]:
    """What such posts usually bring. Empty for a post without duties in this system: a driver needs no account."""
    body = placement.to_body
    if body is None:
        return []
    usual = people_rules.usual_duties(placement.title, body.kind, body.unit.level, on=on)
    return [duty for duty in usual if duty not in NEVER]


def is_party_post(position: JobPosition | None, body: Body, title: str) -> bool:
    """By its position, or by its title: calling the chair's post something else in the list does not make it another one."""
    if position is not None and position.party_managed:
        return True
    return (body.kind, search_key(title)) in _party_titles()


def holds_party_post(member: StaffMember, *, on: date) -> bool:
    """By the list, or by the posts of the account: what a list left out is still the Party's to end."""
    if is_party_managed(member):
        return True
    posts = Appointment.objects.filter(in_force(on), person__in=accounts_of(member)).values_list("body__kind", "title")
    return bool({(kind, search_key(title)) for kind, title in posts} & _party_titles())


def _party_titles() -> set[tuple[str, str]]:
    rows = JobPosition.objects.filter(party_managed=True).values_list("body_kind", "title")
    return {(kind, search_key(title)) for kind, title in rows}
