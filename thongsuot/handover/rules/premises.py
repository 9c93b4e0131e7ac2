"""Premises: each unit sits in one concentrated seat or in two, what nobody needs is dealt with by "6 rõ"."""

from __future__ import annotations

from collections.abc import Mapping

from thongsuot.handover.rules.classes import PREMISES

FIRST, SECOND, SURPLUS = "Trụ sở tập trung", "Trụ sở thứ hai", "Dôi dư"  # as in data/fields.csv
MOST_SEATS = 2
SURPLUS_YEARS = range(2025, 2030)  # the city's plan for surplus premises, 2025-2029


def is_surplus(klass: str, details: Mapping[str, object]) -> bool:
    return klass == PREMISES and details.get("use") == SURPLUS
