"""Sentences about units, for pages: what a unit was made of, what became of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from thongsuot.kernel.text import day
from thongsuot.units.models import Succession
from thongsuot.units.queries import Change, UnitRow

Extent = Succession.Extent


def inside(full_name: str) -> str:
    """A unit's full name within a sentence: "phường Hoàn Kiếm"."""
    return full_name[:1].lower() + full_name[1:]


def listed(units: Iterable[UnitRow]) -> str:
    """Names one after the other; the kind is said once while it stays the same: "phường Hàng Bạc, Hàng Bồ, xã Tân Lập"."""
    words: list[str] = []
    kind = ""
    for unit in units:
        words.append(unit.name if unit.kind == kind else inside(unit.full_name))
        kind = unit.kind
    return ", ".join(words)


def made_of(changes: Sequence[Change]) -> str:
    """One line for a choice: "Gồm toàn bộ phường Láng Thượng và một phần phường Láng Hạ cũ". Bare land is left out."""
    whole = [change.unit for change in changes if change.extent == Extent.WHOLE]
    part = [change.unit for change in changes if change.extent in {Extent.PART, Extent.PART_LAND_ALL_POPULATION}]
    if whole and part:
        return _("Gồm toàn bộ %(whole)s và một phần %(part)s cũ") % {"whole": listed(whole), "part": listed(part)}
    if whole:
        return _("Gồm toàn bộ %(whole)s cũ") % {"whole": listed(whole)}
    if part:
        return _("Gồm một phần %(part)s cũ") % {"part": listed(part)}
    return ""


def extent_words(extent: str) -> str:
    """How much of a unit a succession speaks of, as a person reads it."""
    return {
        Extent.WHOLE: _("toàn bộ"),
        Extent.PART: _("một phần"),
        Extent.LAND_ONLY: _("một phần đất, không có dân"),
        Extent.PART_LAND_ALL_POPULATION: _("một phần đất, toàn bộ dân"),
    }[Extent(extent)]


def period(unit: UnitRow) -> str:
    """When a unit existed: "đến hết 30/06/2025", or from when it does."""
    if unit.last_day:
        return _("đến hết %(day)s") % {"day": day(unit.last_day)}
    return _("từ %(day)s") % {"day": day(unit.valid_from)}
