"""The shipped base amounts and groups, put where they are missing or differ."""

from __future__ import annotations

from datetime import datetime

from thongsuot.allowances.actions import put_rates
from thongsuot.allowances.models import BaseAmount, GroupRate
from thongsuot.allowances.rules.rates import shipped_bases, shipped_groups
from thongsuot.kernel.actor import Actor, system


def load_rates(*, at: datetime, actor: Actor | None = None) -> int:
    """Nothing to do the second time. Returns how many rows came or were put right. Raises RateIsUsed."""
    bases, groups = shipped_bases(), shipped_groups()
    known = set(BaseAmount.objects.values_list("valid_from", "valid_to", "amount_dong", "basis", "checked"))
    rates = GroupRate.objects.values_list(
        "group__code",
        "group__kind",
        "group__name",
        "valid_from",
        "valid_to",
        "coefficient",
        "basis",
        "checked",
        "becomes__code",
    )
    known_rates = {(*row[:-1], row[-1] or "") for row in rates}
    if all((one.valid_from, one.valid_to, one.amount_dong, one.basis, one.checked) in known for one in bases) and all(
        (one.code, one.kind, one.name, one.valid_from, one.valid_to, one.coefficient, one.basis, one.checked, one.becomes)
        in known_rates
        for one in groups
    ):
        return 0
    return put_rates(bases, groups, actor=actor or system("cli"), at=at)
