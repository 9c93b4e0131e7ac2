"""Who can be given a step: for the pages that forward and assign, one dossier or many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from thongsuot.dossiers.models import Dossier
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.people import queries as people
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.rules import Answers, next_step
from thongsuot.units import queries as units
from thongsuot.units.models import Body


@dataclass(frozen=True, kw_only=True)
class StepPlace:
    """A step of a dossier and the unit that does it."""

    step: procedures.Step
    unit_id: int

    @property
    def group(self) -> str:
        """Steps of one group are done by the same people of the same office."""
        return f"{self.step.duty.replace(' ', '_')}-{self.unit_id}-{self.step.body_kind}"


def place_of(
    version_id: int,
    step_no: int | None,
    *,
    receiving_unit_id: int,
    resolving_unit_id: int,
    on: date,
    step_unit_id: int | None = None,
) -> StepPlace | None:
    """The desk receives and hands back, a partner does its legs, the resolving unit all between. None without such a step.

    step_unit_id   the partner that has the dossier, when it is the open step that is asked for
    """
    steps = procedures.version(version_id).steps
    if step_no is None or step_no >= len(steps):
        return None
    step = steps[step_no]
    if step_unit_id is not None:
        return StepPlace(step=step, unit_id=step_unit_id)
    if step.agency:
        try:
            return StepPlace(step=step, unit_id=units.serving(step.agency, unit_id=resolving_unit_id, on=on).unit_id)
        except units.NobodyServes:
            return None  # forwarding refuses with the sentence that says what to do
    at_desk = step_no == 0 or step.duty == "hand back results"
    return StepPlace(step=step, unit_id=receiving_unit_id if at_desk else resolving_unit_id)


def answers_of(dossier: Dossier) -> Answers:
    """What the conditions of the e-process ask of a dossier."""
    return Answers(channel=dossier.channel, owner_kind=dossier.owner_kind, form=dossier.form, quantities=dossier.quantities)


def answers_by_id(dossier_ids: Iterable[int]) -> dict[int, Answers]:
    """The same for many, by id: for lists whose rows do not carry the form. One query."""
    columns = ("id", "channel", "owner_kind", "form", "quantities")
    rows = Dossier.objects.filter(pk__in=list(dossier_ids)).values_list(*columns)
    return {row[0]: Answers(channel=row[1], owner_kind=row[2], form=row[3], quantities=row[4]) for row in rows}


def turns_at(version_id: int, step_no: int | None) -> bool:
    """Does it depend on the dossier where it goes from this step?"""
    return step_no is not None and bool(procedures.version(version_id).steps[step_no].ways)


def place_after(
    version_id: int,
    step_no: int | None,
    *,
    receiving_unit_id: int,
    resolving_unit_id: int,
    on: date,
    step_unit_id: int | None = None,
    answers: Answers | None = None,
) -> StepPlace | None:
    """Where the dossier goes from here; None when forwarding finishes it (the result is issued).

    answers  what conditions ask; needed where `turns_at` says so
    """
    following = next_step(procedures.version(version_id).steps, step_no, answers or Answers())
    if following is None or step_no is None:
        return None
    return place_of(version_id, following, receiving_unit_id=receiving_unit_id, resolving_unit_id=resolving_unit_id, on=on)


@remembered(seconds=SOON)
def committees_of(city_id: int, *, on: date) -> tuple[tuple[int, int, str], ...]:
    """The people's committees of the communes of a city: (unit, body, name with the unit's), in Vietnamese order."""
    below = units.units_under(city_id, as_of=on)
    found = Body.objects.filter(in_force(on), kind=Body.Kind.PEOPLE_COMMITTEE, unit_id__in=[unit.id for unit in below])
    ids = {unit_id: (body_id, name) for body_id, unit_id, name in found.values_list("id", "unit_id", "name")}
    return tuple(
        (unit.id, ids[unit.id][0], f"{ids[unit.id][1]} {unit.full_name[:1].lower()}{unit.full_name[1:]}")
        for unit in below
        if unit.id in ids
    )


def staff_of(places: Iterable[StepPlace], *, on: date) -> dict[str, list[people.StaffRow]]:
    """Who can do these steps, by `StepPlace.group`; people of the step's own office first. One query a group."""
    groups = {place.group: place for place in places}
    return {
        group: _own_first(place, people.staff_with_duty(place.step.duty, place.unit_id, on=on), on)
        for group, place in groups.items()
    }


def _own_first(place: StepPlace, staff: list[people.StaffRow], on: date) -> list[people.StaffRow]:
    body = units.body(place.unit_id, place.step.body_kind, as_of=on) if place.step.body_kind else None
    return sorted(staff, key=lambda person: body is None or body.name not in person.post)
