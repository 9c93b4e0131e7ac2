"""The quality index of a scope over a period: each item with its figures, points and reason where there is no data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from thongsuot.feedback.queries import figures as feedback
from thongsuot.indicators import rules
from thongsuot.indicators.items import GROUPS, ITEMS, Formula, Given
from thongsuot.indicators.models import IndexBand, IndexItem
from thongsuot.indicators.queries.catalogue import Offered, offered
from thongsuot.indicators.queries.sums import Scope, Sums, total
from thongsuot.kernel.periods import Period, in_force
from thongsuot.kernel.remember import remembered
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """An item as it stands. `rate` and `score` are None without data; then `reason` says why."""

    code: str
    group: str
    points: Decimal
    threshold: Decimal | None
    checked: bool
    basis: str
    part: int | None
    whole: int | None
    rate: Decimal | None
    score: Decimal | None
    reason: str
    remark: str
    formula: Formula
    streams: frozenset[str] = frozenset()

    @property
    def has_dossiers(self) -> bool:
        return bool(self.formula.whole) and self.whole is not None

    @property
    def mean_hours(self) -> Decimal | None:
        """Of item 2.2: working hours a dossier."""
        if self.part is None or not self.whole:
            return None
        return (Decimal(self.part) / self.whole / 60).quantize(Decimal("0.1"))


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    key: str
    items: list[ItemRow]

    @property
    def name(self) -> str:
        return str(GROUPS[self.key])

    @property
    def points(self) -> Decimal:
        return sum((item.points for item in self.items), Decimal(0))

    @property
    def counted(self) -> Decimal:
        """Of how many points there is data."""
        return sum((item.points for item in self.items if item.score is not None), Decimal(0))

    @property
    def score(self) -> Decimal:
        return sum((item.score for item in self.items if item.score is not None), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class Index:
    """The whole index. `band` only when there is data for all points: a part says nothing of the whole."""

    period: Period
    groups: list[GroupRow]
    sums: Sums
    bands: list[tuple[str, Decimal]]

    @property
    def items(self) -> dict[str, ItemRow]:
        return {item.code: item for group in self.groups for item in group.items}

    @property
    def points(self) -> Decimal:
        return sum((group.points for group in self.groups), Decimal(0))

    @property
    def counted(self) -> Decimal:
        return sum((group.counted for group in self.groups), Decimal(0))

    @property
    def score(self) -> Decimal:
        return sum((group.score for group in self.groups), Decimal(0))

    @property
    def share(self) -> Decimal | None:
        """The score in per cent of the points there is data for."""
        return self.score * 100 / self.counted if self.counted else None

    @property
    def band(self) -> str:
        return rules.band_of(self.score, self.bands) if self.counted == self.points and self.points else ""


@remembered(seconds=30)
def _items(on: date) -> tuple[IndexItem, ...]:
    return tuple(IndexItem.objects.filter(in_force(on)).order_by("place"))


@remembered(seconds=30)
def _bands(on: date) -> tuple[tuple[str, Decimal], ...]:
    return tuple(IndexBand.objects.filter(in_force(on)).values_list("key", "floor"))


def index(scope: Scope, period: Period) -> Index:
    """The index by the items and weights in force on the last day. Six queries at most, besides what is remembered."""
    return index_of(total(scope, period), offered(scope, period), period, tickets_of(scope, period))


def tickets_of(scope: Scope, period: Period) -> dict[str, feedback.Sums] | None:
    """Sums of feedback by stream; None for a field of procedures and for one officer: tickets belong to neither."""
    if scope.procedure_ids is not None or scope.person_id is not None or not scope.unit_ids:
        return None
    of_units = feedback.Scope(
        city_id=units.city_of(next(iter(scope.unit_ids))), unit_ids=scope.unit_ids, whole_city=scope.whole_city
    )
    return feedback.grouped(of_units, period, by="stream")


def index_of(sums: Sums, offers: Offered, period: Period, tickets: Mapping[str, feedback.Sums] | None = None) -> Index:
    """The same from sums at hand: for many units at once. No query besides the remembered rules."""
    given = Given(sums, offers, tickets)
    groups: dict[str, list[ItemRow]] = {}
    for item in _items(period.last):
        groups.setdefault(item.group, []).append(_row(item, given))
    return Index(
        period=period,
        groups=[GroupRow(key=key, items=rows) for key, rows in groups.items()],
        sums=sums,
        bands=list(_bands(period.last)),
    )


def figure(code: str, part: str, scope: Scope, period: Period) -> int:
    """How many dossiers are behind a part of an item, from sums: the same as counting them one by one, and fast at any size.

    Item 5.4 takes ratings off a count of dossiers and 2.2 adds up time: of these only the denominator is a list
    (`items.behind`).
    """
    counts = ITEMS[code].counted(Given(total(scope, period), Offered()))
    if counts is None:
        return 0
    upper, lower = counts
    return {"tu-so": upper, "mau-so": lower, "con-lai": lower - upper}[part]


def _row(item: IndexItem, given: Given) -> ItemRow:
    formula = ITEMS[item.code]
    if item.streams:
        given = replace(given, streams=frozenset(item.streams.split()))
    part, whole = formula.counted(given) or (None, None)
    rate = formula.rate(given)
    reason = ""
    if whole is None:
        reason = str(formula.no_data or "")
    elif not whole:
        reason = _("Trong kỳ không có gì để chia: mẫu số bằng 0.")
    return ItemRow(
        code=item.code,
        group=item.group,
        points=item.points,
        threshold=item.threshold,
        checked=item.checked,
        basis=item.basis,
        part=part,
        whole=whole,
        rate=rate,
        score=None if rate is None else rules.score(rate, item.points, item.threshold),
        reason=reason,
        remark=formula.told(given),
        formula=formula,
        streams=given.streams,
    )


def item_in_force(code: str, *, on: date) -> IndexItem | None:
    """One remembered query."""
    return next((item for item in _items(on) if item.code == code), None)
