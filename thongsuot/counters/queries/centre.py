"""Sections, room and machines of a centre."""

from __future__ import annotations

from datetime import date

from thongsuot.counters.models import Counter, Equipment, Premises, Section
from thongsuot.kernel.periods import in_force


def sections(house_id: int) -> list[tuple[Section, list[int]]]:
    """Those in use by name, each with the numbers of its counters. Two queries."""
    numbers: dict[int | None, list[int]] = {}
    for section_id, number in (
        Counter.objects.filter(point=house_id, valid_to=None).order_by("number").values_list("section", "number")
    ):
        numbers.setdefault(section_id, []).append(number)
    rows = Section.objects.filter(point=house_id, valid_to=None).order_by("pk")
    return [(row, numbers.get(row.pk, [])) for row in rows]


def premises(house_id: int, *, on: date) -> Premises | None:
    """One query."""
    return Premises.objects.filter(in_force(on), point=house_id).first()


def equipment(house_id: int, *, with_retired: bool = False) -> list[Equipment]:
    """By kind and code. One query."""
    rows = Equipment.objects.filter(point=house_id).select_related("counter", "holder").order_by("kind", "code", "pk")
    return list(rows if with_retired else rows.exclude(state=Equipment.State.RETIRED))
