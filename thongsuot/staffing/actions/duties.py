"""What a post taken up by placement brings, and which posts the Party manages."""

from __future__ import annotations

from datetime import date

from thongsuot.kernel.text import search_key
from thongsuot.people import rules as people_rules
from thongsuot.staffing.models import JobPosition, Placement
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
    titles = JobPosition.objects.filter(party_managed=True, body_kind=body.kind).values_list("title", flat=True)
    return search_key(title) in {search_key(one) for one in titles}
