"""What administrators of feedback look at: categories, who answers for them, limits and numbers with their history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.feedback.models import Category, CategoryQuestion, Competence, Setting, TimeLimit
from thongsuot.feedback.queries.settings import limit, setting, shipped
from thongsuot.feedback.rules import clocks
from thongsuot.feedback.rules.clocks import Limit
from thongsuot.feedback.rules.numbers import KEYS, Number
from thongsuot.feedback.words import Stream, Urgency
from thongsuot.kernel.periods import in_force, not_over
from thongsuot.units import queries as units
from thongsuot.units.models import Unit
from thongsuot.units.queries import UnitRow

DEFAULT = "mức mặc định của hệ thống"  # so says the basis of what the system ships where no text was read
RUNGS = (clocks.HALF, clocks.NEAR, clocks.DUE)


def communes(city_id: int, *, on: date) -> dict[int, UnitRow]:
    return {row.id: row for row in units.units_under(city_id, as_of=on) if row.level == Unit.Level.COMMUNE}


def answering_units(city_id: int, *, on: date) -> list[UnitRow]:
    """Who can be made competent: the city itself, its agencies, its communes."""
    return [units.unit_row(city_id, as_of=on), *units.agencies_of(city_id, on=on), *communes(city_id, on=on).values()]


# -- categories ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Group:
    """Categories of one group of one stream, in the order in which they are offered."""

    stream: str
    name: str
    rows: list[Category]


def groups(city_id: int, *, on: date, over: bool = False) -> list[Group]:
    """Of what can be chosen now or later; `over`: of what no longer can. One query."""
    rows = Category.objects.filter(city_id=city_id)
    rows = rows.filter(valid_to__lte=on) if over else rows.filter(not_over(on))
    found: dict[tuple[str, str], list[Category]] = {}
    order = {stream: place for place, stream in enumerate(Stream.values)}
    for row in sorted(rows, key=lambda row: (order[row.stream], row.place, row.pk)):
        found.setdefault((row.stream, row.group), []).append(row)
    return [Group(stream=str(Stream(stream).label), name=name, rows=rows) for (stream, name), rows in found.items()]


def questions_of(category_id: int, *, on: date | None = None) -> list[CategoryQuestion]:
    """All, or those asked on a day."""
    rows = CategoryQuestion.asked(on) if on else CategoryQuestion.objects.order_by("place", "pk")
    return list(rows.filter(category_id=category_id))


# -- who answers -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CompetenceRow:
    """`place` empty: everywhere; `handler` empty: the commune in which it is."""

    id: int
    category_id: int
    place_id: int | None
    place: str
    handler_id: int | None
    handler: str
    basis: str
    is_default: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A category in the table of who answers: in general, in single communes, and what is still to come."""

    category: Category
    general: CompetenceRow | None
    own: list[CompetenceRow]
    coming: list[CompetenceRow]


def competence_rows(rows: Iterable[Competence], *, on: date) -> list[CompetenceRow]:
    """As shown. One query at most."""
    rows = list(rows)
    ids = {unit for row in rows for unit in (row.place_unit_id, row.handler_id) if unit is not None}
    names = {unit_id: row.full_name for unit_id, row in units.unit_rows(ids, as_of=on).items()}
    return [
        CompetenceRow(
            id=row.pk,
            category_id=row.category_id,
            place_id=row.place_unit_id,
            place=names[row.place_unit_id] if row.place_unit_id else "",
            handler_id=row.handler_id,
            handler=names[row.handler_id] if row.handler_id else "",
            basis=row.basis,
            is_default=DEFAULT in row.basis.lower(),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows
    ]


def matrix(city_id: int, *, on: date, handler_id: int | None = None) -> list[Line]:
    """Every category of that day; with a handler only those it answers for somewhere. Three queries."""
    categories = Category.objects.filter(in_force(on), city_id=city_id)
    order = {stream: place for place, stream in enumerate(Stream.values)}
    known = Competence.objects.filter(not_over(on), city_id=city_id).order_by("place_unit", "valid_from")
    by_category: dict[int, list[CompetenceRow]] = {}
    for row in competence_rows(known, on=on):
        by_category.setdefault(row.category_id, []).append(row)
    lines = []
    for category in sorted(categories, key=lambda row: (order[row.stream], row.place, row.pk)):
        rows = by_category.get(category.pk, [])
        if handler_id is not None and all(row.handler_id != handler_id for row in rows):
            continue
        now = [row for row in rows if row.valid_from <= on]
        lines.append(
            Line(
                category=category,
                general=next((row for row in now if row.place_id is None), None),
                own=[row for row in now if row.place_id is not None],
                coming=[row for row in rows if row.valid_from > on],
            )
        )
    return lines


def handlers(city_id: int, *, on: date) -> list[tuple[UnitRow, int]]:
    """(who is named, for how many categories) on a day, most first. Two queries."""
    rows = Competence.objects.filter(in_force(on), in_force(on, "category__"), city_id=city_id, handler__isnull=False)
    of: dict[int, set[int]] = {}
    for handler, category in rows.values_list("handler", "category"):
        of.setdefault(handler, set()).add(category)
    named = units.unit_rows(of, as_of=on)
    return sorted(((named[unit], len(rows)) for unit, rows in of.items()), key=lambda one: (-one[1], one[0].sort_name))


def competence_cells(city_id: int, *, on: date) -> Iterator[list[str]]:
    """The table that leaves, as it comes in again: rows of that day, then those to come."""
    codes = {row.id: row for row in answering_units(city_id, on=on)}
    rows = Competence.objects.filter(not_over(on), not_over(on, "category__"), city_id=city_id).select_related("category")
    kept = list(rows.order_by("category__place", "category", "place_unit", "valid_from"))
    missing = {unit for row in kept for unit in (row.place_unit_id, row.handler_id) if unit and unit not in codes}
    codes |= units.unit_rows(missing, as_of=on)
    for row in kept:
        place, handler = codes.get(row.place_unit_id or 0), codes.get(row.handler_id or 0)
        said = f"{row.category.name}: {handler.full_name if handler else _('Đơn vị nơi xảy ra')}"
        yield [
            row.category.code,
            place.code if place else "",
            handler.code if handler else "",
            row.basis,
            f"{row.valid_from:%d/%m/%Y}" if row.valid_from > on else "",
            f"{said} ({place.full_name})" if place else said,
        ]


# -- limits ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LimitRow:
    """One step of one kind of ticket: what holds today, what is announced."""

    stream: str
    step: str
    step_label: str
    urgency: str
    urgency_label: str
    limit: Limit
    is_default: bool
    next: TimeLimit | None


def limit_table(city_id: int, *, on: date) -> list[tuple[str, list[LimitRow]]]:
    """[(stream, its limits by step)]: what is stored, else what the system ships. One query."""
    stored: dict[tuple[str, str, str], list[TimeLimit]] = {}
    for row in TimeLimit.objects.filter(not_over(on), city_id=city_id).order_by("valid_from"):
        stored.setdefault((row.stream, row.step, row.urgency), []).append(row)
    keys = set(stored) | {(row["stream"], row["step"], row["urgency"]) for row in shipped("time_limits") if not row["city"]}
    table = []
    for stream in Stream:
        rows = []
        for step in TimeLimit.Step:
            for urgency in ("", *Urgency.values):
                if (stream.value, step.value, urgency) not in keys:
                    continue
                periods = stored.get((stream.value, step.value, urgency), [])
                now = next((row for row in reversed(periods) if row.valid_from <= on), None)
                found = limit_words(now) or limit(step, city_id=city_id, stream=stream, urgency=urgency, on=on)
                if found is None:
                    continue
                rows.append(
                    LimitRow(
                        stream=stream.value,
                        step=step.value,
                        step_label=str(step.label),
                        urgency=urgency,
                        urgency_label=str(Urgency(urgency).label) if urgency else "",
                        limit=found,
                        is_default=DEFAULT in found.basis.lower(),
                        next=next((row for row in periods if row.valid_from > on), None),
                    )
                )
        table.append((str(stream.label), rows))
    return table


def limit_words(row: TimeLimit | None) -> Limit | None:
    return Limit(row.value, row.measure, row.basis, row.to_check) if row else None


def limit_history(city_id: int, *, stream: str, step: str, urgency: str) -> list[TimeLimit]:
    """All periods, the latest first."""
    rows = TimeLimit.objects.filter(city_id=city_id, stream=stream, step=step, urgency=urgency)
    return list(rows.order_by("-valid_from"))


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """When a ticket would be due. `rungs`: (per cent, instant) of who is reminded when."""

    limit: Limit
    sent_at: datetime
    due_at: datetime
    rungs: list[tuple[int, datetime]]


def reckoned(city_id: int, *, stream: str, step: str, urgency: str, sent_at: datetime, on: date) -> Reckoned | None:
    """By the city's calendar and the limit of that day; None: no limit is set for that step. Raises NoWorkingHours."""
    found = limit(step, city_id=city_id, stream=stream, urgency=urgency, on=on)
    if found is None:
        return None
    calendar = units.working_calendar(city_id, on=on)
    clock = clocks.start(sent_at, found, calendar)
    rungs = [(rung, clocks.rung_at(rung, clock, calendar)) for rung in RUNGS] if step == TimeLimit.Step.ANSWER else []
    return Reckoned(limit=found, sent_at=sent_at, due_at=clock.due_at, rungs=rungs)


# -- numbers ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class NumberRow:
    key: str
    number: Number
    value: int
    basis: str
    is_default: bool
    next: Setting | None


def numbers(city_id: int, *, on: date) -> list[NumberRow]:
    """Each number with what holds today. One query."""
    stored: dict[str, list[Setting]] = {}
    for row in Setting.objects.filter(not_over(on), city_id=city_id).order_by("valid_from"):
        stored.setdefault(row.key, []).append(row)
    defaults: dict[str, dict[str, Any]] = {row["key"]: dict(row) for row in shipped("settings")}
    found = []
    for key, number in KEYS.items():
        rows = stored.get(key, [])
        now = next((row for row in reversed(rows) if row.valid_from <= on), None)
        basis = now.basis if now else defaults[key]["basis"]
        found.append(
            NumberRow(
                key=key,
                number=number,
                value=now.value if now else setting(key, city_id=city_id, on=on),
                basis=basis,
                is_default=basis == defaults[key]["basis"],
                next=next((row for row in rows if row.valid_from > on), None),
            )
        )
    return found


def number_history(city_id: int, key: str) -> list[Setting]:
    return list(Setting.objects.filter(city_id=city_id, key=key).order_by("-valid_from"))
