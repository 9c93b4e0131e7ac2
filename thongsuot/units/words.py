"""Sentences about units, for pages: what a unit was made of, what became of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

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


# The first day of the units of before is a convention (data/README.md): no page may state it as a fact.
FIRST_KNOWN_DAY, REORGANISED_ON = date(2025, 1, 1), date(2025, 7, 1)


def since(starts: date) -> str:
    """From when something holds, as far as it is known: "từ 01/07/2025"."""
    if starts <= FIRST_KNOWN_DAY:
        return _("từ trước %(day)s") % {"day": day(REORGANISED_ON)}
    return _("từ %(day)s") % {"day": day(starts)}


def period(starts: date, ends: date | None) -> str:
    """When something held: "đến hết 30/06/2025", "từ 01/07/2025 đến hết 29/04/2026", or since when it does."""
    if ends is None:
        return since(starts)
    last = day(ends - timedelta(days=1))
    if starts <= FIRST_KNOWN_DAY:
        return _("đến hết %(last)s") % {"last": last}
    return _("%(since)s đến hết %(last)s") % {"since": since(starts), "last": last}
