"""What the pages of both sides of a handover share."""

from __future__ import annotations

from django.http import HttpRequest

from thongsuot.handover import rules
from thongsuot.handover.actions.minutes import must_be_a_party
from thongsuot.handover.models import Changeover
from thongsuot.handover.queries import speaking
from thongsuot.handover.queries.board import changeover_for
from thongsuot.handover.queries.transfers import ended_by, heirs_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, NotYourDuty
from thongsuot.units import queries as units
from thongsuot.units.models import Unit
from thongsuot.web.request import actor_of, numbers_of

MOST_PICKED = 1_000


def of_old_unit(request: HttpRequest, changeover_id: int, unit_id: int) -> tuple[Actor, Changeover]:
    """For who speaks for the ended unit, or steers; the others may not even look. Raises NotFound, NotYourDuty."""
    actor, one = actor_of(request), changeover_for(changeover_id)
    if not (speaking.speaks_for(actor, one, unit_id) or actor.may(rules.DUTY, unit_id=one.city_id)):
        raise NotYourDuty(rules.HAND_OVER)
    if unit_id not in ended_by(one.decision):
        raise NotFound
    return actor, one


def of_new_unit(request: HttpRequest, changeover_id: int, unit_id: int) -> tuple[Actor, Changeover]:
    """For who speaks for the unit that receives, or steers. Raises NotFound, NotYourDuty."""
    actor, one = actor_of(request), changeover_for(changeover_id)
    if not (speaking.speaks_for(actor, one, unit_id) or actor.may(rules.DUTY, unit_id=one.city_id)):
        raise NotYourDuty(rules.HAND_OVER)
    return actor, one


def of_pair(request: HttpRequest, changeover_id: int, from_unit_id: int, to_unit_id: int) -> tuple[Actor, Changeover]:
    """For either side, or who steers. Raises NotFound, NotYourDuty."""
    actor, one = actor_of(request), changeover_for(changeover_id)
    must_be_a_party(actor, one, from_unit_id, to_unit_id)
    if from_unit_id not in ended_by(one.decision):
        raise NotFound
    return actor, one


def may_receive(one: Changeover, unit_id: int) -> list[tuple[int, str]]:
    """Successors of an ended unit, then the city and its agencies: (unit, name)."""
    first = heirs_of(unit_id, one.effective_on)
    agencies = Unit.objects.filter(parent=one.city_id, level=Unit.Level.AGENCY, valid_to=None).values_list("pk", flat=True)
    names = units.unit_rows([*first, one.city_id, *agencies], as_of=one.effective_on)
    ordered = [*first, *sorted(set(names) - set(first), key=lambda pk: names[pk].sort_name)]
    return [(pk, names[pk].full_name) for pk in ordered]


def picked_ids(request: HttpRequest, name: str = "muc") -> list[int]:
    return numbers_of(request.POST.getlist(name), most=MOST_PICKED)
