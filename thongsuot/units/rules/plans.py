"""The country's facts seen from an earlier day, and its decisions as they were once drafted. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from thongsuot.units.facts import CountryFacts, PlanFacts, PlannedSuccessionFact, PlannedUnitFact
from thongsuot.units.models import PlannedUnit, Unit

What = PlannedUnit.What


def known_before(facts: CountryFacts, day: date) -> CountryFacts:
    """The same country as somebody knew it on the day before, when nothing of that day or later was decided."""

    def still(valid_to: date | None) -> date | None:
        return None if valid_to is not None and valid_to >= day else valid_to

    units = tuple(
        replace(
            unit,
            valid_to=still(unit.valid_to),
            names=tuple(replace(name, valid_to=still(name.valid_to)) for name in unit.names if name.valid_from < day),
        )
        for unit in facts.units
        if unit.valid_from < day
    )
    return replace(
        facts,
        units=units,
        decisions=tuple(one for one in facts.decisions if one.effective_on < day),
        successions=tuple(one for one in facts.successions if one.on < day),
    )


def plans_of(facts: CountryFacts, *, since: date) -> list[PlanFacts]:
    """What a draft of each decision of that day and later would have said, in the order of their days.

    A district has no line of its own in the facts: it ends by the decision that ends its communes.
    """
    plans = {one.number: one for one in facts.decisions if one.effective_on >= since}
    units: dict[str, list[PlannedUnitFact]] = {number: [] for number in plans}
    pairs: dict[str, list[PlannedSuccessionFact]] = {number: [] for number in plans}
    ended_by: dict[tuple[str, date], str] = {}
    for one in facts.successions:
        if one.decision in plans:
            ended_by[one.old_code, one.on] = one.decision
            pairs[one.decision].append(
                PlannedSuccessionFact(
                    old_code=one.old_code,
                    new_code=one.new_code,
                    extent=one.extent,
                    likeliest=one.likeliest,
                    part=one.part,
                    places=one.places,
                    evidence=one.evidence,
                )
            )
    for unit in facts.units:
        if unit.level == Unit.Level.COMMUNE and unit.valid_to and (number := ended_by.get((unit.code, unit.valid_to))):
            ended_by.setdefault((unit.parent_code, unit.valid_to), number)
    for unit in facts.units:
        if unit.valid_to and (number := ended_by.get((unit.code, unit.valid_to))):
            units[number].append(PlannedUnitFact(what=What.ENDS, code=unit.code, level=unit.level))
        for name in unit.names:
            if name.decision in plans:
                units[name.decision].append(
                    PlannedUnitFact(
                        what=What.BEGINS if name.valid_from == unit.valid_from else What.CHANGES,
                        code=unit.code,
                        level=unit.level,
                        parent_code=unit.parent_code,
                        kind=name.kind,
                        name=name.name,
                    )
                )
    return [
        PlanFacts(
            number=number,
            title=one.title,
            signed_on=one.signed_on,
            effective_on=one.effective_on,
            units=tuple(units[number]),
            successions=tuple(pairs[number]),
        )
        for number, one in sorted(plans.items(), key=lambda item: (item[1].effective_on, item[0]))
    ]
