"""Base amounts, groups and their coefficients from data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from thongsuot.allowances import events
from thongsuot.allowances.models import BaseAmount, BenefitGroup, GroupRate
from thongsuot.allowances.rules.rates import BaseFact, GroupRow
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record


@command
def put_rates(bases: Sequence[BaseFact], groups: Sequence[GroupRow], *, actor: Actor, at: datetime) -> int:
    """Put in place what is not there from its day; what is there stays, but for its end. Returns how many rows came."""
    came, subject = 0, None
    for base in bases:
        row, new = BaseAmount.objects.update_or_create(
            valid_from=base.valid_from,
            defaults={"valid_to": base.valid_to},
            create_defaults={
                "amount_dong": base.amount_dong,
                "valid_to": base.valid_to,
                "basis": base.basis,
                "checked": base.checked,
            },
        )
        came, subject = came + new, row
    for one in groups:
        group, _new = BenefitGroup.objects.get_or_create(code=one.code, defaults={"kind": one.kind, "name": one.name})
        _rate, new = GroupRate.objects.update_or_create(
            group=group,
            valid_from=one.valid_from,
            defaults={"valid_to": one.valid_to},
            create_defaults={
                "coefficient": one.coefficient,
                "valid_to": one.valid_to,
                "basis": one.basis,
                "checked": one.checked,
            },
        )
        came += new
    assert subject is not None
    record(events.RATES_PUT, subject, actor=actor, at=at, bases=len(bases), groups=len(groups), came=came)
    return came
