"""The shipped base amounts and groups, put where they are missing."""

from __future__ import annotations

from datetime import datetime

from thongsuot.allowances.actions import put_rates
from thongsuot.allowances.models import BaseAmount, GroupRate
from thongsuot.allowances.rules.rates import shipped_bases, shipped_groups
from thongsuot.kernel.actor import Actor, system


def load_rates(*, at: datetime, actor: Actor | None = None) -> int:
    """Nothing to do the second time. Returns how many rows came."""
    bases, groups = shipped_bases(), shipped_groups()
    known = set(BaseAmount.objects.values_list("valid_from", "valid_to"))
    known_rates = set(GroupRate.objects.values_list("group__code", "valid_from", "valid_to"))
    if all((one.valid_from, one.valid_to) in known for one in bases) and all(
        (one.code, one.valid_from, one.valid_to) in known_rates for one in groups
    ):
        return 0
    return put_rates(bases, groups, actor=actor or system("cli"), at=at)
