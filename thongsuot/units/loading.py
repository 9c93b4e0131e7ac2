"""Filling the house: the whole country's units, then what a city needs to work. Each may run again and changes nothing then."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.errors import BadInput
from thongsuot.units import actions, queries, rules
from thongsuot.units.actions.country import Progress, silent
from thongsuot.units.facts import BodyFact, CountryFacts, HoursFact, LoadReport, NameFact, UnitFact
from thongsuot.units.files import agency_facts, city_bodies, country_facts
from thongsuot.units.models import Body, CalendarDay, Decision, ServicePoint, Succession, Unit, UnitName, WorkingHours

OFFICE_HOURS = HoursFact(basis="Giờ hành chính; giờ chốt 15:00 theo quy định một cửa. Thành phố xem lại và ban hành.")
HOURS_FROM = date(2025, 1, 1)
_MANY = 1_000  # units


def load_country(*, at: datetime, progress: Progress = silent, actor: Actor | None = None) -> LoadReport:
    """All units of Viet Nam since 2025, what became of them, and the calendar, from our own files."""
    return load(country_facts(), actor=actor or system("cli"), at=at, progress=progress)


def load(facts: CountryFacts, *, actor: Actor, at: datetime, progress: Progress = silent) -> LoadReport:
    """Store what is not stored yet. What differs is named in the report and left alone: nothing is overwritten."""
    with transaction.atomic():
        # Two loaders at once would both find the same things missing.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE units_unit IN SHARE ROW EXCLUSIVE MODE")
        new, differing = missing(facts)
        report = LoadReport()
        if new.decisions or new.units or new.successions:
            report = actions.add_units(new, actor=actor, at=at, progress=progress)
        if new.days:
            first = Unit.objects.filter(level=Unit.Level.PROVINCE, valid_to=None).order_by("code").first()
            if first is not None:
                report.days = actions.put_days(new.days, city_id=first.pk, actor=actor, at=at)
        report.differing = differing
        if len(new.units) >= _MANY:
            # Whoever goes on at once would be planned for the few rows there were: minutes instead of a second.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE units_unit, units_unitname, units_succession")
    return report


def missing(facts: CountryFacts) -> tuple[CountryFacts, list[str]]:
    """What of the facts is not stored yet; and a line for each thing stored otherwise."""
    stored = {(unit.code, unit.valid_from): unit for unit in Unit.objects.all()}
    names = {(name.unit_id, name.valid_from): name for name in UnitName.objects.all()}
    differing: list[str] = []
    units: list[UnitFact] = []
    for fact in facts.units:
        unit = stored.get((fact.code, fact.valid_from))
        if unit is None:
            units.append(fact)
            continue
        if unit.valid_to and unit.valid_to != fact.valid_to:
            differing.append(f"{fact.code}: {unit.valid_to} / {fact.valid_to}")
        new_names = [name for name in fact.names if _is_news(name, names.get((unit.pk, name.valid_from)), fact.code, differing)]
        if new_names or (fact.valid_to and unit.valid_to is None):
            units.append(replace(fact, names=tuple(new_names)))
    decided = set(Decision.objects.values_list("number", flat=True))
    succeeded = set(Succession.objects.values_list("old_unit__code", "new_unit__code", "new_unit__valid_from"))
    days = {day.date: day for day in CalendarDay.objects.all()}
    differing += [
        f"{fact.day}: {days[fact.day].effect} / {fact.effect}"
        for fact in facts.days
        if fact.day in days and days[fact.day].effect != fact.effect
    ]
    return CountryFacts(
        source=facts.source,
        decisions=tuple(fact for fact in facts.decisions if fact.number not in decided),
        units=tuple(units),
        successions=tuple(fact for fact in facts.successions if (fact.old_code, fact.new_code, fact.on) not in succeeded),
        days=tuple(fact for fact in facts.days if fact.day not in days),
    ), differing


def _is_news(fact: NameFact, stored: UnitName | None, code: str, differing: list[str]) -> bool:
    if stored is None:
        return True
    if (stored.kind, stored.name) != (fact.kind, fact.name):
        differing.append(f"{code}: {stored.full_name} / {rules.full_name(fact.kind, fact.name)}")
    return fact.valid_to is not None and stored.valid_to is None


def load_city(city_code: str, *, at: datetime, progress: Progress = silent, actor: Actor | None = None) -> LoadReport:
    """What a city and its communes need to work: bodies, identifiers, service points, working hours.

    Addresses, phones, and identifiers the national list would give are made up and marked so. Raises UnitNotFound.
    """
    actor = actor or system("cli")
    report = LoadReport()
    day = max(timezone.localtime(at).date(), date(2025, 7, 1))  # the communes a city is loaded with began then
    city = queries.unit_by_code(city_code, as_of=day)
    communes = list(Unit.objects.filter(parent_id=city.id, level=Unit.Level.COMMUNE, valid_to=None).order_by("code"))
    if not WorkingHours.objects.filter(city_id=city.id).exists():
        actions.set_hours(city.id, OFFICE_HOURS, valid_from=HOURS_FROM, actor=actor, at=at)
    _identify(city, communes, actor, at)
    _set_up(city.id, city_bodies(city_code), report, actor, at)
    names = _names_of(communes)
    open_points = set(ServicePoint.objects.filter(unit__in=communes).values_list("unit_id", flat=True))
    for place, commune in enumerate(communes, start=1):
        _set_up(commune.pk, rules.commune_bodies(names[commune.pk]), report, actor, at)
        if commune.pk not in open_points:
            _open_example_point(city, commune, names[commune.pk][-1], place, actor, at)
            report.points += 1
        progress("", place, len(communes))
    queries.clear_caches()
    return report


def load_agencies(city_code: str, *, at: datetime, actor: Actor | None = None) -> int:
    """Departments, branches and partners of a city as agencies, and whom they serve; how many came. Again: none.

    Their identifiers are made up and marked so. Raises UnitNotFound.
    """
    actor = actor or system("cli")
    day = max(timezone.localtime(at).date(), date(2025, 7, 1))
    city = queries.unit_by_code(city_code, as_of=day)
    known = set(Unit.objects.filter(parent_id=city.id, level=Unit.Level.AGENCY).values_list("code", flat=True))
    identifier, came = city.agency_identifier or f"X{city.code}", 0
    for fact in agency_facts(city_code):
        if f"{city.code}{fact.code}" in known:
            continue
        body = actions.set_up_agency(
            city.id,
            code=f"{city.code}{fact.code}",
            kind=fact.kind,
            name=fact.name,
            identifier=f"{identifier}.{fact.place}",
            identifier_is_example=True,
            is_example=fact.is_example,
            valid_from=date(2025, 7, 1),
            actor=actor,
            at=at,
        )
        if fact.role:
            actions.put_serving(fact.role, body_id=body.pk, city_id=city.id, valid_from=date(2025, 7, 1), actor=actor, at=at)
        came += 1
    queries.clear_caches()
    return came


def load_identifiers(path: Path | str, city_code: str, *, at: datetime, actor: Actor | None = None) -> int:
    """Real agency identifiers from a CSV of code,identifier: they take the place of examples, never of real ones.

    Returns how many units got one. Raises BadInput, UnitNotFound.
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            wanted = {row["code"].strip(): row["identifier"].strip() for row in csv.DictReader(file)}
    except (OSError, UnicodeDecodeError, KeyError, AttributeError, csv.Error):
        raise BadInput(
            {
                "file": _("Không đọc được tệp %(name)s. Cần một tệp CSV UTF-8 có hai cột code và identifier.")
                % {"name": path.name}
            }
        ) from None
    city = queries.unit_by_code(city_code, as_of=timezone.localtime(at).date())
    return actions.give_identifiers(city.id, wanted, are_examples=False, actor=actor or system("cli"), at=at)


def _identify(city: queries.UnitRow, communes: list[Unit], actor: Actor, at: datetime) -> None:
    identifier = city.agency_identifier or f"X{city.code}"  # no agency's letter: nobody takes it for the national list's
    wanted = {city.code: identifier, **rules.example_identifiers(identifier, [commune.code for commune in communes])}
    nameless = {unit.code for unit in communes if not unit.agency_identifier}
    if not city.agency_identifier:
        nameless.add(city.code)
    if nameless:
        actions.give_identifiers(city.id, {code: wanted[code] for code in nameless}, are_examples=True, actor=actor, at=at)


def _set_up(unit_id: int, bodies: list[BodyFact], report: LoadReport, actor: Actor, at: datetime) -> None:
    if not queries.has_bodies(unit_id):
        report.bodies += len(actions.set_up_bodies(unit_id, bodies, actor=actor, at=at))


def _names_of(communes: list[Unit]) -> dict[int, list[NameFact]]:
    names: dict[int, list[NameFact]] = {}
    for row in UnitName.objects.filter(unit__in=communes).order_by("unit_id", "valid_from"):
        fact = NameFact(kind=row.kind, name=row.name, valid_from=row.valid_from, valid_to=row.valid_to)
        names.setdefault(row.unit_id, []).append(fact)
    return names


def _open_example_point(city: queries.UnitRow, commune: Unit, called: NameFact, place: int, actor: Actor, at: datetime) -> None:
    centre = queries.body(commune.pk, Body.Kind.SERVICE_CENTRE, as_of=commune.valid_from)
    if centre is None:
        return  # an administrator gave this commune other bodies; its point is opened by hand
    details = rules.example_point(
        rules.full_name(called.kind, called.name), city.full_name, place, commune.latitude, commune.longitude
    )
    actions.open_point(commune.pk, details, managed_by_id=centre.id, valid_from=commune.valid_from, actor=actor, at=at)
