"""How much someone who leaves may get: line by line, each with its basis. The tool advises; the decision is a signed document.

source    NĐ 178/2024/NĐ-CP, amended by NĐ 67/2025/NĐ-CP; NĐ 154/2025/NĐ-CP. All figures are rates of `data/leave_rates.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from thongsuot.staffing.models.leaving import LeaveRate

Quantity = LeaveRate.Quantity


class Rate(Protocol):
    """What a LeaveRate says."""

    code: str
    kind: str
    place: int
    label: str
    over_months: int | None
    upto_months: int | None
    month_from: int | None
    month_to: int | None
    quantity: str
    limit: int | None
    factor: Decimal
    basis: str
    checked: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the calculation asks of a case. None where the case does not need it.

    months_early   whole months: the quantity that is paid for
    months_ahead   any day more counts as a month: the bands of five and ten years go by it
    """

    kind: str
    pay_dong: int
    leaves_on: date
    reorganised_on: date
    months_insured: int = 0
    months_served: int = 0
    retires_on: date | None = None

    @property
    def months_early(self) -> int:
        return whole_months(self.leaves_on, self.retires_on) if self.retires_on else 0

    @property
    def months_ahead(self) -> int:
        return begun_months(self.leaves_on, self.retires_on) if self.retires_on else 0

    @property
    def month_of_leaving(self) -> int:
        """1 is the first month after the reorganisation; who leaves before it leaves in the first."""
        return max(1, whole_months(self.reorganised_on, self.leaves_on) + 1)


@dataclass(frozen=True, kw_only=True)
class Line:
    """label, quantity x factor x pay = amount, by `basis`. `checked`: somebody has compared the rate with its text.

    counted   what the quantity is of: a LeaveRate.Quantity
    """

    code: str
    label: str
    quantity: Decimal
    counted: str
    factor: Decimal
    pay_dong: int
    amount_dong: int
    basis: str
    checked: bool

    @property
    def unit(self) -> str:
        return str(Quantity(self.counted).label)


@dataclass(frozen=True, kw_only=True)
class Calculation:
    lines: tuple[Line, ...]

    @property
    def total_dong(self) -> int:
        return sum(line.amount_dong for line in self.lines)

    @property
    def all_checked(self) -> bool:
        return all(line.checked for line in self.lines)


def whole_months(first: date, last: date) -> int:
    """Whole months from one day to another; none when the other is not later."""
    months = (last.year - first.year) * 12 + last.month - first.month
    if last.day < first.day:
        months -= 1
    return max(0, months)


def begun_months(first: date, last: date) -> int:
    """Months from one day to another where any day beyond whole months is one more."""
    return whole_months(first, last) + (1 if last > first and last.day != first.day else 0)


def half_years(months: int) -> Decimal:
    """Years, where up to six odd months are half a year and more are a whole one.

    source    TT 01/2025/TT-BNV [to check]
    """
    years, odd = divmod(months, 12)
    return Decimal(years) + (Decimal(0) if odd == 0 else Decimal("0.5") if odd <= 6 else Decimal(1))


def quantity_of(rate: Rate, facts: Facts) -> Decimal:
    """How much of it is counted. `limit`: the most that counts, how many years are the first ones, or the number itself."""
    insured, limit = half_years(facts.months_insured), rate.limit
    match rate.quantity:
        case Quantity.FIXED:
            return Decimal(limit or 0)
        case Quantity.FIRST_YEARS_INSURED:  # one sum for all of them, for whoever has them all, month by month
            return Decimal(1 if facts.months_insured >= (limit or 0) * 12 else 0)
        case Quantity.FURTHER_YEARS_INSURED:
            return max(Decimal(0), insured - Decimal(limit or 0))
        case Quantity.MONTHS_EARLY:
            counted = Decimal(facts.months_early)
        case Quantity.YEARS_EARLY:
            counted = half_years(facts.months_early)
        case Quantity.MONTHS_INSURED:
            counted = Decimal(facts.months_insured)
        case Quantity.YEARS_INSURED:
            counted = insured
        case Quantity.MONTHS_SERVED:
            counted = Decimal(facts.months_served)
        case Quantity.YEARS_SERVED:
            counted = half_years(facts.months_served)
        case _:
            raise ValueError(rate.quantity)
    return counted if limit is None else min(counted, Decimal(limit))


def applies(rate: Rate, facts: Facts) -> bool:
    """Is it a rate of this kind, of that day, for someone so near to retirement who leaves in that month?"""
    ahead, month, day = facts.months_ahead, facts.month_of_leaving, facts.leaves_on
    return (
        rate.kind == facts.kind
        and rate.valid_from <= day
        and (rate.valid_to is None or day < rate.valid_to)
        and (rate.over_months is None or ahead > rate.over_months)
        and (rate.upto_months is None or ahead <= rate.upto_months)
        and (rate.month_from is None or month >= rate.month_from)
        and (rate.month_to is None or month <= rate.month_to)
    )


def calculate(facts: Facts, rates: Iterable[Rate]) -> Calculation:
    """Every line that applies and comes to something, in the order of the rates. No line at all: no rate covers the case."""
    lines = []
    for rate in sorted((rate for rate in rates if applies(rate, facts)), key=lambda rate: (rate.place, rate.code)):
        quantity = quantity_of(rate, facts)
        if quantity > 0:
            amount = (Decimal(facts.pay_dong) * rate.factor * quantity).quantize(Decimal(1), rounding=ROUND_HALF_UP)
            lines.append(
                Line(
                    code=rate.code,
                    label=rate.label,
                    quantity=quantity,
                    counted=rate.quantity,
                    factor=rate.factor,
                    pay_dong=facts.pay_dong,
                    amount_dong=int(amount),
                    basis=rate.basis,
                    checked=rate.checked,
                )
            )
    return Calculation(lines=tuple(lines))


def missing(facts_of: dict[str, object], kind: str) -> list[str]:
    """Which facts a case of this kind still lacks before it can be worked out."""
    needed = {
        "early_retirement": ("pay_dong", "months_insured", "retires_on"),
        "leaving": ("pay_dong", "months_insured"),
        "downsizing": ("pay_dong", "months_insured"),
        "non_specialised": ("pay_dong", "months_served"),
    }[kind]
    return [name for name in needed if facts_of.get(name) is None]
