"""Our own data files (`data/README.md` says what they hold and where it comes from), read as facts."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

from thongsuot.units.facts import (
    AgencyFact,
    AssuranceFact,
    BodyFact,
    CountryFacts,
    DayFact,
    DecisionFact,
    NameFact,
    SuccessionFact,
    UnitFact,
)

DATA = Path(__file__).parent / "data"
SOURCE = "thongsuot/units/data"


def country_facts() -> CountryFacts:
    """The whole country. About 0.2 s."""
    units = tuple(_units())
    return CountryFacts(
        source=SOURCE,
        decisions=tuple(_decisions()),
        units=units,
        successions=tuple(_successions(units)),
        days=tuple(_days()),
    )


def city_bodies(city_code: str) -> list[BodyFact]:
    """The bodies of a city: those every city has, and those only this one is known to have."""
    return [
        BodyFact(kind=row["kind"], name=row["name"], part_of=row["part_of"], is_example=row["is_example"] == "1")
        for row in _rows("city_bodies")
        if row["city"] in {"", city_code}
    ]


def agency_facts(city_code: str) -> list[AgencyFact]:
    """The agencies of a city: those every city has, and those only this one is known to have."""
    return [
        AgencyFact(
            code=row["code"],
            kind=row["kind"],
            name=row["name"],
            place=int(row["place"]),
            role=row["role"],
            is_example=row["is_example"] == "1",
        )
        for row in _rows("agencies")
        if row["city"] in {"", city_code}
    ]


@cache
def _assurances() -> tuple[AssuranceFact, ...]:
    return tuple(
        AssuranceFact(
            key=row["key"],
            valid_from=date.fromisoformat(row["from"]),
            valid_to=_day(row["to"]),
            text_vi=row["text_vi"],
            text_en=row["text_en"],
            basis=row["basis"],
            source=row["source"],
            checked=row["checked"] == "1",
        )
        for row in _rows("assurances")
    )


def assurances(*, on: date) -> list[AssuranceFact]:
    """What citizens are told about their papers, as it holds on a day, each with its basis."""
    return [one for one in _assurances() if one.valid_from <= on and (one.valid_to is None or on < one.valid_to)]


@cache
def role_names() -> dict[str, str]:
    """What partners can be asked to do in an inter-agency process: {role: what it is called}."""
    return {row["role"]: row["name"] for row in _rows("roles")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _decisions() -> Iterator[DecisionFact]:
    for row in _rows("decisions"):
        yield DecisionFact(
            number=row["number"],
            title=row["title"],
            signed_on=_day(row["signed_on"]),
            effective_on=date.fromisoformat(row["effective_on"]),
        )


def _units() -> Iterator[UnitFact]:
    renamed: dict[tuple[str, date], list[dict[str, str]]] = {}
    for row in _rows("names"):
        renamed.setdefault((row["code"], date.fromisoformat(row["unit_from"])), []).append(row)
    for level in ("provinces", "districts", "communes"):
        for row in _rows(level):
            yield _unit(level.removesuffix("s"), row, renamed)


def _unit(level: str, row: dict[str, str], renamed: dict[tuple[str, date], list[dict[str, str]]]) -> UnitFact:
    starts, ends = date.fromisoformat(row["from"]), _day(row["to"])
    first = {"kind": row["kind"], "name": row["name"], "from": row["from"], "decision": row.get("decision", "")}
    rows = [first, *renamed.get((row["code"], starts), [])]
    names = tuple(
        NameFact(
            kind=one["kind"],
            name=one["name"],
            valid_from=date.fromisoformat(one["from"]),
            decision=one["decision"],
            valid_to=date.fromisoformat(after["from"]) if after else ends,
        )
        for one, after in zip(rows, [*rows[1:], None], strict=True)
    )
    return UnitFact(
        code=row["code"],
        level=level,
        parent_code=row.get("parent", ""),
        names=names,
        valid_from=starts,
        valid_to=ends,
        identifier=row.get("identifier", ""),
        identifier_is_example=row.get("sure") == "0",
    )


def _successions(units: Iterable[UnitFact]) -> Iterator[SuccessionFact]:
    """The act that made the new unit is the one that ended the old."""
    decisions = {(unit.code, unit.valid_from): unit.names[0].decision for unit in units}
    for row in _rows("successions"):
        day = date.fromisoformat(row["on"])
        yield SuccessionFact(
            old_code=row["old"],
            new_code=row["new"],
            on=day,
            extent=row["extent"],
            likeliest=row["likeliest"] == "1",
            decision=decisions[row["new"], day],
            evidence=row["evidence"],
        )


def _days() -> Iterator[DayFact]:
    for row in _rows("calendar"):
        yield DayFact(
            day=date.fromisoformat(row["date"]),
            effect=row["effect"],
            name=row["name"],
            kind=row["kind"],
            provisional=row["provisional"] == "1",
            basis=row["basis"],
        )
