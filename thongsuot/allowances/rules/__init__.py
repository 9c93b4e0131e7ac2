"""Months and amounts. Pure functions."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

KEEP = "keep allowances"
APPROVE = "approve allowances"

_MONTH = re.compile(r"(?:(\d{1,2})[\s./-]+)?(\d{1,2})[\s./-]+(\d{4})|(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")


def first_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def last_day(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def month_before(month: date) -> date:
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_of(text: str) -> date | None:
    """The month a text names: 7/2025, 07-2025, 2025-07 or a day in it, 15/07/2025. None when it names none."""
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        return None
    _day, month, year, iso_year, iso_month, _iso_day = found.groups()
    try:
        return date(int(year or iso_year), int(month or iso_month), 1)
    except ValueError:
        return None


def amount_dong(*, own: int | None, coefficient: Decimal | None, base: int | None) -> int | None:
    """What a month brings, in whole đồng: the person's own amount, else coefficient x base. None: nothing says how much.

    source  Nghị định 20/2021/NĐ-CP, Điều 6: mức chuẩn nhân với hệ số tương ứng
    """
    if own is not None:
        return own
    if coefficient is None or base is None:
        return None
    return int((coefficient * base).quantize(Decimal(1), rounding=ROUND_HALF_UP))
