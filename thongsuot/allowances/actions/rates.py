"""Base amounts, groups and their coefficients from data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from thongsuot.allowances import events
from thongsuot.allowances.actions import errors
from thongsuot.allowances.models import BaseAmount, BenefitGroup, GroupRate, Payment
from thongsuot.allowances.rules.rates import BaseFact, GroupRow
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.text import day


@command
def put_rates(bases: Sequence[BaseFact], groups: Sequence[GroupRow], *, actor: Actor, at: datetime) -> int:
    """Put in place what is not there from its day, and put right what is there and differs. Returns how many rows did.

    A sum that a frozen month was counted by is not changed any more; its basis, and that it was compared with the text, are.
    Raises RateIsUsed: then nothing was changed.
    """
    came, subject = 0, None
    # By day: a period ends before the next one begins, also while both are being put in place.
    for base in sorted(bases, key=lambda one: one.valid_from):
        base_row = BaseAmount.objects.filter(valid_from=base.valid_from).first() or BaseAmount(valid_from=base.valid_from)
        used = Payment.objects.filter(base_dong__isnull=False)
        facts: dict[str, Any] = {
            "amount_dong": base.amount_dong,
            "valid_to": base.valid_to,
            "basis": base.basis,
            "checked": base.checked,
        }
        came += _put(base_row, facts, counted=("amount_dong",), used=used, what=f"{base.amount_dong}, {day(base.valid_from)}")
        subject = base_row
    ids: dict[str, int] = {}
    for one in groups:
        group, _new = BenefitGroup.objects.update_or_create(code=one.code, defaults={"kind": one.kind, "name": one.name})
        ids[one.code] = group.pk
    for one in sorted(groups, key=lambda one: one.valid_from):
        key = {"group_id": ids[one.code], "valid_from": one.valid_from}
        rate = GroupRate.objects.filter(**key).first() or GroupRate(**key)
        used = Payment.objects.filter(group=ids[one.code], base_dong__isnull=False)  # the others have an amount of their own
        facts = {
            "coefficient": one.coefficient,
            "valid_to": one.valid_to,
            "basis": one.basis,
            "checked": one.checked,
            "becomes_id": ids[one.becomes] if one.becomes else None,
        }
        came += _put(rate, facts, counted=("coefficient",), used=used, what=f"{one.code}, {day(one.valid_from)}")
    assert subject is not None
    record(events.RATES_PUT, subject, actor=actor, at=at, bases=len(bases), groups=len(groups), came=came)
    return came


def _put(row: BaseAmount | GroupRate, facts: Mapping[str, Any], *, counted: tuple[str, ...], used: Any, what: str) -> int:
    """1 when the row is new or was put right."""
    differs = [name for name, value in facts.items() if getattr(row, name) != value]
    if row.pk is not None and not differs:
        return 0
    if row.pk is not None:
        first: date | None = None
        if set(counted) & set(differs):
            first = row.valid_from
        elif "valid_to" in differs and facts["valid_to"] is not None:
            first = facts["valid_to"]  # shorter, or longer where there was nothing: months from there on
        ends = Q(month__lt=row.valid_to) if row.valid_to else Q()
        if first is not None and used.filter(ends, month__gte=first).exists():
            raise errors.RateIsUsed(what)
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    return 1
