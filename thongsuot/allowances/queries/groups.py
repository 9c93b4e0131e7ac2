"""Groups that the law put another one in the place of, and who must go over to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from thongsuot.allowances.models import Beneficiary, GroupRate, PayRun
from thongsuot.allowances.queries.keeping import paid_units


@dataclass(frozen=True, kw_only=True)
class Becoming:
    """By the month asked for the group has ended. `people`: who must go over, 0 when nobody counted."""

    group_id: int
    code: str
    becomes_id: int
    becomes_code: str
    people: int = 0


def becoming(month: date) -> list[Becoming]:
    """Groups that have ended by the month and became another. One query."""
    rates = GroupRate.objects.filter(valid_to__lte=month).exclude(becomes=None).select_related("group", "becomes")
    found = []
    for rate in rates.order_by("group__code"):
        assert rate.becomes is not None
        found.append(
            Becoming(
                group_id=rate.group_id,
                code=rate.group.code,
                becomes_id=rate.becomes.pk,
                becomes_code=rate.becomes.code,
            )
        )
    return found


def to_change(run: PayRun, *, of: Sequence[Becoming] | None = None) -> list[Becoming]:
    """With how many people on the roll are due in the month or later in a group that has ended. A query for each group."""
    known = becoming(run.month) if of is None else of
    if not known:
        return []
    ours = paid_units(run.city_id, on=run.month)
    due = Beneficiary.objects.filter(Q(stop_month=None) | Q(stop_month__gt=run.month), unit_id__in=ours)
    counted = [(one, due.filter(group_id=one.group_id).count()) for one in known]
    return [
        Becoming(group_id=one.group_id, code=one.code, becomes_id=one.becomes_id, becomes_code=one.becomes_code, people=count)
        for one, count in counted
        if count
    ]
