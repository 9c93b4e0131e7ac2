"""Who speaks for a unit in its handover."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from thongsuot.handover import rules
from thongsuot.handover.models import Changeover, Representative
from thongsuot.kernel.actor import Actor


def speaks_for(actor: Actor, changeover: Changeover, unit_id: int) -> bool:
    """By the duty in a unit that is there, or named for one that ended; who steers for the city itself. At most one query."""
    if actor.may(rules.HAND_OVER, unit_id=unit_id):
        return True
    if unit_id == changeover.city_id and actor.may(rules.DUTY, unit_id=unit_id):
        return True
    return named(actor, changeover, unit_id) is not None


def heads(actor: Actor, changeover: Changeover, unit_id: int) -> bool:
    """Signs for a unit: both hands over and signs results there, or was named head, or steers for the city itself."""
    if actor.may(rules.HAND_OVER, unit_id=unit_id) and actor.may(rules.SIGN, unit_id=unit_id):
        return True
    if unit_id == changeover.city_id and actor.may(rules.DUTY, unit_id=unit_id):
        return True
    found = named(actor, changeover, unit_id)
    return found is not None and found.heads


def named(actor: Actor, changeover: Changeover, unit_id: int) -> Representative | None:
    """As whom somebody was named to hand over for a unit. One query."""
    return _named(actor).filter(changeover=changeover, unit=unit_id).first()


def _named(actor: Actor) -> QuerySet[Representative]:
    """An account that was closed hands over no more."""
    return Representative.objects.filter(person=actor.person_id, ended_at=None, person__is_active=True)


def units_of(actor: Actor, changeovers: Iterable[Changeover]) -> dict[int, frozenset[int]]:
    """{changeover: units this person speaks for in it}. One query."""
    by_duty = actor.units_for(rules.HAND_OVER)
    found = {one.pk: set(by_duty) for one in changeovers}
    for changeover_id, unit_id in _named(actor).filter(changeover__in=found).values_list("changeover_id", "unit_id"):
        found[changeover_id].add(unit_id)
    return {pk: frozenset(units) for pk, units in found.items()}


def representatives(changeover: Changeover) -> list[Representative]:
    """Who was named, by unit. One query."""
    return list(
        Representative.objects.select_related("person")
        .filter(changeover=changeover, ended_at=None)
        .order_by("unit_id", "-heads", "person__sort_name")
    )
