"""Hà Nội on 29 June 2025, made up: 526 communes and 30 districts at work, people, and what they had open."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import connection
from django.utils import timezone

from thongsuot.config import loading as steps
from thongsuot.kernel.actor import system
from thongsuot.procedures import queries as procedures
from thongsuot.units import actions, loading, queries, rules
from thongsuot.units.facts import NameFact
from thongsuot.units.files import country_facts
from thongsuot.units.models import Decision, Succession, Unit
from thongsuot.units.rules.plans import known_before, plans_of

DAY = date(2025, 7, 1)
BEGAN = date(2025, 1, 1)
PROCEDURE = "2.000815"
RESOLUTION = "1656/NQ-UBTVQH15"
GROUPS = 12  # of people in a commune: addresses name one of them
HOUSE = system("cli")
_SQL = Path(__file__).parent
_FILL, _PEOPLE = (_SQL / "eve.sql").read_text(), (_SQL / "eve_people.sql").read_text()
CHUNK = 50_000


@dataclass
class Eve:
    """The city's old units: communes and districts by id, what an address in them ends with."""

    city_id: int
    communes: dict[int, str] = field(default_factory=dict)
    districts: dict[int, list[str]] = field(default_factory=dict)
    officers: dict[int, int] = field(default_factory=dict)

    @property
    def unit_ids(self) -> list[int]:
        return [*self.communes, *self.districts]


def make_eve(at: datetime) -> Eve:
    """Units as somebody knew them on the day before, with bodies, identifiers, hours and the catalogue."""
    loading.load(known_before(country_facts(), DAY), actor=HOUSE, at=at)
    day = timezone.localdate(at)
    city = queries.unit_by_code("01", as_of=day)
    actions.set_hours(city.id, loading.OFFICE_HOURS, valid_from=BEGAN, actor=HOUSE, at=at)
    eve = Eve(city_id=city.id)
    identifiers = {}
    for place, district in enumerate(queries.units_under(city.id, as_of=day), start=1):
        identifiers[district.code] = f"H26.{place + 30}"
        _set_up(district.id, at)
        eve.districts[district.id] = []
        for number, commune in enumerate(queries.units_under(district.id, as_of=day), start=1):
            identifiers[commune.code] = f"H26.{place + 30}.{number}"
            eve.communes[commune.id] = f"{commune.full_name}, {district.full_name}, Hà Nội"
            eve.districts[district.id].append(eve.communes[commune.id])
            _set_up(commune.id, at)
    actions.give_identifiers(city.id, identifiers, are_examples=True, actor=HOUSE, at=at)
    for step in steps.STEPS:
        if step.english in ("the catalogue of procedures", "the settings of dossiers", "the items of the quality index"):
            step.run("01", at, lambda *_progress: None)
    return eve


def _set_up(unit_id: int, at: datetime) -> None:
    name = queries.names_of(unit_id)[-1]
    fact = NameFact(kind=name.kind, name=name.name, valid_from=BEGAN)
    actions.set_up_bodies(unit_id, rules.commune_bodies([fact]), actor=HOUSE, at=at)


def add_people(eve: Eve, count: int) -> None:
    """Officers by the thousand, spread over the old units, each with a post in the service centre. Nobody can log in."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"count": count, "units": eve.unit_ids})
        cursor.execute(
            "SELECT b.unit_id, min(a.person_id) FROM people_appointment a JOIN units_body b ON b.id = a.body_id GROUP BY 1"
        )
        eve.officers = dict(cursor.fetchall())


def add_dossiers(eve: Eve, count: int, results: int) -> None:
    """Two of three at communes, the rest at districts for people of their communes."""
    version = procedures.version_in_force(PROCEDURE, on=date(2025, 6, 20))
    codes = {unit.pk: unit.agency_identifier for unit in Unit.objects.filter(pk__in=eve.unit_ids)}
    spots: list[tuple[int, str]] = []
    for unit_id, address in eve.communes.items():
        spots += [(unit_id, address)] * 2
        spots.append(next((one, address) for one, under in eve.districts.items() if address in under))
    with connection.cursor() as cursor:
        for first in range(1, count + 1, CHUNK):
            cursor.execute(
                _FILL,
                {
                    "first": first,
                    "last": min(first + CHUNK - 1, count),
                    "results": results,
                    "units": [unit_id for unit_id, _address in spots],
                    "places": [address for _unit_id, address in spots],
                    "identifiers": [codes[unit_id] for unit_id, _address in spots],
                    "officers": [eve.officers.get(unit_id) for unit_id, _address in spots],
                    "groups": GROUPS,
                    "version": version.id,
                    "procedure": version.procedure_id,
                },
            )
        cursor.execute("ANALYZE")


def decide(eve: Eve, at: datetime) -> Decision:
    """The real decision, from our own data; parts of split communes described by groups of people, as such lists do."""
    plan = next(one for one in plans_of(country_facts(), since=DAY) if one.number == RESOLUTION)
    decision = actions.draft_decision(plan, actor=HOUSE, at=at)
    actions.check_decision(decision.pk, actor=HOUSE, at=at)
    actions.approve_decision(decision.pk, actor=HOUSE, at=at)
    split: dict[int, list[int]] = {}
    for pk, old in Succession.objects.filter(decision=decision, extent="part").values_list("pk", "old_unit_id"):
        split.setdefault(old, []).append(pk)
    for parts in split.values():
        if len(parts) < 2:
            continue
        for place, pk in enumerate(parts):
            groups = [f"tổ dân phố số {number}" for number in range(1, GROUPS + 1) if number % len(parts) == place]
            actions.describe_part(pk, part="Theo tổ dân phố", places=groups, actor=HOUSE, at=at)
    loading.load_city("01", at=at)
    return decision


def open_by_due(eve: Eve) -> Counter[tuple[int, int, object]]:
    """What is open in the whole city by procedure, status and due instant: the same before and after."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procedure_id, status, due_at, count(*) FROM dossiers_dossier WHERE ended_at IS NULL GROUP BY 1, 2, 3"
        )
        return Counter({(row[0], row[1], row[2]): row[3] for row in cursor.fetchall()})
