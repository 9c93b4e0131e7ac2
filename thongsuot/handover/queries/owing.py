"""What is still missing of each ended unit's handover, and who owes it: the unit, those who receive, or the city."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q

from thongsuot.handover.models import Changeover, Item, Sheet, Transfer
from thongsuot.handover.queries.inventory import CONFIRMED, COUNTED, OPEN_DISPUTE
from thongsuot.handover.queries.minutes import unsigned
from thongsuot.handover.queries.transfers import ended_by, unplanned
from thongsuot.handover.rules.classes import classes


@dataclass(kw_only=True)
class Owed:
    """One ended unit.

    unseen      living things it holds that no preview has seen
    lists       classes whose list is not declared
    undecided   listed things without a receiver; `lost` the same of living things; `waiting` living things that have not moved
    open        {who receives: things neither received nor disputed}
    unsigned    who receives something that no closed minutes say
    unsettled   differences that are owned but not cleared up: they hold nothing up
    """

    unit_id: int
    unseen: int = 0
    lists: int = 0
    listed: int = 0
    undecided: int = 0
    lost: int = 0
    waiting: int = 0
    unsettled: int = 0
    open: dict[int, int] = field(default_factory=dict)
    unsigned: list[int] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return not (self.unseen or self.lists or self.undecided or self.lost or self.waiting or self.open or self.unsigned)

    @property
    def all_open(self) -> int:
        return sum(self.open.values())


def owed(changeover: Changeover) -> list[Owed]:
    """Every ended unit. Some thirty queries, however many units there are: every capability is asked what it still holds."""
    ended = ended_by(changeover.decision)
    found = {unit_id: Owed(unit_id=unit_id, lists=len(classes())) for unit_id in ended}
    for unit_id, count in unplanned(changeover, ended).items():
        found[unit_id].unseen = count
    declared = Sheet.objects.filter(changeover=changeover, declared_at__isnull=False, klass__in=list(classes()))
    for unit_id, count in declared.order_by().values_list("unit_id").annotate(n=Count("id")):
        found[unit_id].lists -= count
    rows = Item.objects.filter(COUNTED, changeover=changeover).order_by().values_list("unit_id", "to_unit_id")
    openings: dict[int, Counter[int]] = defaultdict(Counter)
    for unit_id, to_unit, count, still, unsettled in rows.annotate(
        n=Count("id"), still=Count("id", filter=~CONFIRMED), unsettled=Count("id", filter=OPEN_DISPUTE)
    ):
        one = found[unit_id]
        one.listed += count
        one.unsettled += unsettled
        if to_unit is None:
            one.undecided += count
        elif still:
            openings[unit_id][to_unit] += still
    moving = Transfer.objects.filter(changeover=changeover, gone_at=None).order_by().values_list("from_unit_id", "to_unit_id")
    for unit_id, to_unit, waits, still, unsettled in moving.annotate(
        waits=Count("id", filter=Q(moved_at=None)),
        still=Count("id", filter=Q(moved_at__isnull=False) & ~CONFIRMED),
        unsettled=Count("id", filter=OPEN_DISPUTE),
    ):
        if unit_id not in found:
            continue
        one = found[unit_id]
        one.unsettled += unsettled
        if to_unit is None:
            one.lost += waits
        else:
            one.waiting += waits
            if still:
                openings[unit_id][to_unit] += still
    for unit_id, to_unit in sorted(unsigned(changeover)):
        if unit_id in found:
            found[unit_id].unsigned.append(to_unit)
    for unit_id, counts in openings.items():
        found[unit_id].open = dict(counts)
    return list(found.values())
