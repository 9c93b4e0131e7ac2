"""Units side by side, and one indicator of each for the map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.indicators import facts
from thongsuot.indicators.items import ITEMS, Given
from thongsuot.indicators.queries.catalogue import Offered
from thongsuot.indicators.queries.sums import Scope, Sums, by_unit
from thongsuot.indicators.rules import TOO_FEW
from thongsuot.kernel.periods import Period
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class UnitLine:
    """One unit's measures. None is "no data"; `few_*` marks a share of too few cases."""

    unit_id: int
    name: str
    sort_name: str
    sums: Sums

    @property
    def received(self) -> int:
        return self.sums["received"]

    @property
    def on_time(self) -> float | None:
        return self.sums.in_time * 100 / self.sums.of_period if self.sums.of_period else None

    @property
    def mean_hours(self) -> float | None:
        return self.sums.mean_hours

    @property
    def satisfied(self) -> float | None:
        return self.sums["satisfied"] * 100 / self.sums["rated"] if self.sums["rated"] else None

    @property
    def online(self) -> float | None:
        return self.sums["online"] * 100 / self.sums["received"] if self.sums["received"] else None

    @property
    def e_result(self) -> float | None:
        return self.sums["e_result"] * 100 / self.sums["paper_result"] if self.sums["paper_result"] else None

    @property
    def few_on_time(self) -> bool:
        return 0 < self.sums.of_period < TOO_FEW

    @property
    def few_resolved(self) -> bool:
        return 0 < self.sums.resolved < TOO_FEW

    @property
    def few_rated(self) -> bool:
        return 0 < self.sums["rated"] < TOO_FEW


class Sort(StrEnum):
    NAME = "ten"
    RECEIVED = "nhan"
    HOURS = "gio"
    ON_TIME = "dung-han"
    SATISFIED = "hai-long"
    LATE = "qua-han"


SORTS: dict[Sort, Callable[[UnitLine], float | None]] = {
    Sort.RECEIVED: lambda line: float(line.received),
    Sort.HOURS: lambda line: line.mean_hours,
    Sort.ON_TIME: lambda line: line.on_time,
    Sort.SATISFIED: lambda line: line.satisfied,
    Sort.LATE: lambda line: float(line.sums.open_late),
}


@dataclass(frozen=True)
class Measure:
    """An indicator that a map may be coloured by. `bad_high`: more is worse, so the dark end is where much is wrong."""

    label: Promise
    value: Callable[[UnitLine], float | None]
    unit: str
    bad_high: bool
    cases: Callable[[UnitLine], int]
    source: str = ""  # the fact without which there is nothing to show


def _of_item(code: str) -> Measure:
    """An item of the index that sums alone decide."""
    formula = ITEMS[code]

    def given(line: UnitLine) -> Given:
        return Given(line.sums, Offered())

    def value(line: UnitLine) -> float | None:
        found = formula.rate(given(line))
        return None if found is None else float(found)

    def cases(line: UnitLine) -> int:
        return (formula.counted(given(line)) or (0, 0))[1]

    return Measure(formula.name, value, "%", False, cases, formula.source)


MEASURES: dict[str, Measure] = {
    "dung-han": Measure(_("Đúng hạn"), lambda line: line.on_time, "%", False, lambda line: line.sums.of_period),
    "thoi-gian": Measure(
        _("Thời gian giải quyết trung bình"), lambda line: line.mean_hours, "h", True, lambda line: line.sums.resolved
    ),
    "hai-long": Measure(_("Hài lòng"), lambda line: line.satisfied, "%", False, lambda line: line.sums["rated"]),
    "qua-han": Measure(_("Đang quá hạn"), lambda line: float(line.sums.open_late), "", True, lambda line: line.sums.open),
    "nhan": Measure(_("Hồ sơ tiếp nhận"), lambda line: float(line.received), "", True, lambda line: line.received),
    "truc-tuyen": Measure(_("Hồ sơ trực tuyến"), lambda line: line.online, "%", False, lambda line: line.received),
    "ket-qua-dien-tu": Measure(
        _("Kết quả điện tử"), lambda line: line.e_result, "%", False, lambda line: line.sums["paper_result"]
    ),
    "so-hoa": _of_item("4.2"),
    "dung-lai": _of_item("4.3"),
    "lien-ket-kho": _of_item("4.4"),
    "thanh-toan": _of_item("3.6"),
    "dong-bo": _of_item("1.4"),
}


def measures() -> dict[str, Measure]:
    """Those that this installation has figures for."""
    return {key: one for key, one in MEASURES.items() if not one.source or facts.has_source(one.source)}


def unit_lines(scope: Scope, period: Period, *, sort: Sort = Sort.NAME, down: bool = False) -> list[UnitLine]:
    """Every unit of the scope, those without data last. Two queries at most, and the remembered names."""
    sums = by_unit(scope, period)
    names = units.unit_rows(scope.unit_ids, as_of=period.last)
    lines = [
        UnitLine(unit_id=unit_id, name=row.full_name, sort_name=row.sort_name, sums=sums.get(unit_id, Sums()))
        for unit_id, row in names.items()
    ]
    lines.sort(key=lambda line: line.sort_name, reverse=down and sort is Sort.NAME)
    if sort is Sort.NAME:
        return lines
    value = SORTS[sort]
    known = [line for line in lines if value(line) is not None]
    known.sort(key=lambda line: value(line) or 0.0, reverse=down)
    return [*known, *(line for line in lines if value(line) is None)]
