"""Bringing units, names and successions into the house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.text import search_key, sort_key
from thongsuot.units import events, queries, rules
from thongsuot.units.facts import CountryFacts, DecisionFact, LoadReport, SuccessionFact, UnitFact
from thongsuot.units.models import Decision, PartPlace, Succession, Unit, UnitName

Progress = Callable[[str, int, int], None]
_BATCH = 2_000

Row = TypeVar("Row", bound=models.Model)


def silent(what: str, done: int, total: int) -> None:
    """The progress nobody asked for."""


@command
def add_units(missing: CountryFacts, *, actor: Actor, at: datetime, progress: Progress = silent) -> LoadReport:
    """Store facts that are not stored yet (`loading.missing` finds them), and ends of what was open. Only the house itself may.

    Raises BadInput when a parent, a decision or a side of a succession is nowhere to be found.
    """
    if not actor.trusted:
        raise NotYourDuty("manage units")
    report = LoadReport()
    touched = store(missing, report, progress)
    _tell({unit.pk for unit in touched}, missing.source, actor, at)
    transaction.on_commit(queries.clear_caches)
    return report


def store(facts: CountryFacts, report: LoadReport, progress: Progress = silent) -> list[Unit]:
    """Write facts that are not stored yet; for commands. Returns the units that came or changed.

    Raises BadInput when a parent, a decision or a side of a succession is nowhere to be found.
    """
    units = _Units()
    decisions = _add_decisions(facts.decisions, report)
    _end(facts.units, units, report)
    _add_units(facts.units, units, report, progress)
    _add_names(facts.units, units, decisions, report, progress)
    _add_successions(facts.successions, units, decisions, report, progress)
    touched = [units.begun(fact.code, fact.valid_from) for fact in facts.units]
    return touched + [units.bearing(fact.new_code, fact.on) for fact in facts.successions]


class _Units:
    """Stored units by code and day."""

    def __init__(self) -> None:
        self.by_code: dict[str, list[Unit]] = {}
        for unit in Unit.objects.only("id", "code", "level", "parent_id", "valid_from", "valid_to").order_by("valid_from"):
            self.by_code.setdefault(unit.code, []).append(unit)

    def put(self, unit: Unit) -> None:
        self.by_code.setdefault(unit.code, []).append(unit)

    def known(self, code: str, begins: date) -> Unit | None:
        return next((unit for unit in self.by_code.get(code, ()) if unit.valid_from == begins), None)

    def begun(self, code: str, on: date) -> Unit:
        """The unit of that code that begins on that day."""
        return self._one(code, on, lambda unit: unit.valid_from == on)

    def bearing(self, code: str, on: date) -> Unit:
        return self._one(code, on, lambda unit: unit.valid_from <= on and (unit.valid_to is None or on < unit.valid_to))

    def ending(self, code: str, on: date) -> Unit:
        return self._one(code, on, lambda unit: unit.valid_to == on)

    def _one(self, code: str, on: date, fits: Callable[[Unit], bool]) -> Unit:
        for unit in self.by_code.get(code, ()):
            if fits(unit):
                return unit
        raise BadInput({"code": _("Không có đơn vị mã %(code)s vào ngày %(day)s.") % {"code": code, "day": f"{on:%d/%m/%Y}"}})


def _add_decisions(facts: Sequence[DecisionFact], report: LoadReport) -> dict[str, Decision]:
    Decision.objects.bulk_create(
        Decision(number=fact.number, title=fact.title, signed_on=fact.signed_on, effective_on=fact.effective_on)
        for fact in facts
    )
    report.decisions = len(facts)
    return {decision.number: decision for decision in Decision.objects.all()}


def _end(facts: Sequence[UnitFact], units: _Units, report: LoadReport) -> None:
    """Close periods that were open: before new names and units take their place."""
    for fact in facts:
        unit = units.known(fact.code, fact.valid_from)
        if unit is None:
            continue
        if fact.valid_to and unit.valid_to is None:
            unit.valid_to = fact.valid_to
            unit.save(update_fields=["valid_to"])
            report.ended += 1
        for name in fact.names:
            if name.valid_to:
                UnitName.objects.filter(unit=unit, valid_from=name.valid_from, valid_to=None).update(valid_to=name.valid_to)


def _add_units(facts: Sequence[UnitFact], units: _Units, report: LoadReport, progress: Progress) -> None:
    new = [fact for fact in facts if units.known(fact.code, fact.valid_from) is None]
    for level in (Unit.Level.PROVINCE, Unit.Level.DISTRICT, Unit.Level.COMMUNE):  # parents first
        rows = [
            Unit(
                code=fact.code,
                level=fact.level,
                valid_from=fact.valid_from,
                valid_to=fact.valid_to,
                parent=units.bearing(fact.parent_code, fact.valid_from) if fact.parent_code else None,
                agency_identifier=fact.identifier,
                identifier_is_example=fact.identifier_is_example,
                latitude=fact.latitude,
                longitude=fact.longitude,
                area_km2=fact.area_km2,
            )
            for fact in new
            if fact.level == level
        ]
        for batch in _batches(rows):
            Unit.objects.bulk_create(batch)
            report.units += len(batch)
            progress(_("đơn vị"), report.units, len(new))
        for row in rows:
            units.put(row)


def _add_names(
    facts: Sequence[UnitFact], units: _Units, decisions: dict[str, Decision], report: LoadReport, progress: Progress
) -> None:
    known = set(UnitName.objects.values_list("unit_id", "valid_from"))
    rows = [
        UnitName(
            unit=unit,
            kind=name.kind,
            name=name.name,
            full_name=rules.full_name(name.kind, name.name),
            search_name=search_key(name.name),
            sort_name=sort_key(name.name),
            decision=decisions[name.decision] if name.decision else None,
            valid_from=name.valid_from,
            valid_to=name.valid_to,
        )
        for fact in facts
        for unit in [units.begun(fact.code, fact.valid_from)]
        for name in fact.names
        if (unit.pk, name.valid_from) not in known
    ]
    for batch in _batches(rows):
        UnitName.objects.bulk_create(batch)
        report.names += len(batch)
        progress(_("tên gọi"), report.names, len(rows))


def _add_successions(
    facts: Sequence[SuccessionFact], units: _Units, decisions: dict[str, Decision], report: LoadReport, progress: Progress
) -> None:
    keepers = rules.keepers(facts)
    rows = [
        Succession(
            old_unit=units.ending(fact.old_code, fact.on),
            new_unit=units.bearing(fact.new_code, fact.on),
            extent=fact.extent,
            likeliest=fact.likeliest,
            keeps_records=(fact.old_code, fact.new_code) in keepers,
            decision=decisions[fact.decision],
            evidence=fact.evidence,
            part=fact.part,
        )
        for fact in facts
    ]
    for batch in _batches(rows):
        Succession.objects.bulk_create(batch)
        report.successions += len(batch)
        progress(_("nơi kế tục"), report.successions, len(rows))
    PartPlace.objects.bulk_create(
        PartPlace(succession=row, name=name, key=key)
        for row, fact in zip(rows, facts, strict=True)
        for key, name in {search_key(name): name for name in fact.places}.items()
        if key
    )


def _tell(touched: set[int], source: str, actor: Actor, at: datetime) -> None:
    """One event per province: how many of its units came or changed."""
    parents: dict[int, int | None] = dict(Unit.objects.values_list("id", "parent_id"))

    def province_of(unit_id: int) -> int:
        while (above := parents[unit_id]) is not None:
            unit_id = above
        return unit_id

    counts = Counter(province_of(unit_id) for unit_id in touched)
    for province in Unit.objects.filter(pk__in=counts).order_by("valid_from", "code"):
        record(events.LOADED, province, actor=actor, at=at, unit_id=province.pk, units=counts[province.pk], source=source)


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    walk = iter(rows)
    while batch := list(islice(walk, _BATCH)):
        yield batch
