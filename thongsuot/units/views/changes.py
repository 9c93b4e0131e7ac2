"""What the reorganisation changes for a person: from an old address to the unit of today, and where to go. Nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from thongsuot.kernel import clock
from thongsuot.units import files, finding, queries
from thongsuot.units.finding import Certainty, Found, ReadAs
from thongsuot.units.forms import FindForm
from thongsuot.units.models import Unit
from thongsuot.units.queries import UnitRow
from thongsuot.units.queries import changes as reading
from thongsuot.units.queries.changes import Story
from thongsuot.units.rules.parts import part_named
from thongsuot.units.views.public import MOST_CHOICES, openings_of
from thongsuot.web.maintenance import stores_nothing
from thongsuot.web.request import day_of

LOOK_UP = "dossiers:track"  # of a capability above


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several units that were meant; `value` is sent back with what was typed."""

    value: str
    text: str
    ended_on: date | None


@dataclass(frozen=True, kw_only=True)
class Assurance:
    text: str
    basis: str
    checked: bool


@stores_nothing
@require_http_methods(["GET", "POST"])
def changes(request: HttpRequest) -> HttpResponse:
    """`q`: an address as on a paper, which comes in the body: somebody lives there; `noi`: what of several was meant by it.
    `ma` with `ngay`: the unit that bore a code on a day, an old district too.
    """
    today, asked = clock.today(), request.POST if request.method == "POST" else request.GET
    city = queries.default_city(as_of=today)
    code, _space, day = asked.get("noi", "").partition(" ")
    code, day = code or asked.get("ma", ""), day or asked.get("ngay", "")
    form = FindForm(asked if "q" in asked and not code else None)
    context: dict[str, Any] = {"city": city, "today": today, "form": form, "story": None, "typed": ""}
    if code or "ma" in asked:
        unit = queries.unit_by_code(code[:5], as_of=min(day_of(day) or today, today))  # of a paper: never a day to come
        context |= _told(unit.id, asked.get("q", "")[: finding.LONGEST_TEXT], today)
    elif form.is_bound and form.is_valid():
        context |= {"typed": form.cleaned_data["q"], **_found(finding.find(form.cleaned_data["q"], as_of=today), today)}
    return render(
        request,
        "units/changes.html",
        {
            **context,
            "districts": [(href_of(row), row.full_name) for row in reading.ended_districts(city.id)],
            "assurances": _assurances(today),
            "look_up": _href_or_empty(LOOK_UP),
        },
        status=422 if form.errors else 200,
    )


def href_of(unit: UnitRow) -> str:
    """This page about one unit, by its code and the last day it bore it."""
    asked = {"ma": unit.code, **({"ngay": unit.last_day.isoformat()} if unit.last_day else {})}
    return f"{reverse('units:changes')}?{urlencode(asked)}"


def _found(found: Found, today: date) -> dict[str, Any]:
    """The unit a text means; several: a question; none: what to try instead."""
    told = reading.stories([one.unit.id for one in found.read_as], as_of=today)
    reached = {pk for story in told.values() for step in story.steps for pk in step.then.ids()}
    meant = [one for one in found.read_as if one.unit.id not in reached]
    others: dict[str, Any] = {"elsewhere": _choices(found.elsewhere)}
    if len(meant) == 1:
        return {**others, **_told(meant[0].unit.id, found.text, today), "remarks": found.remarks}
    if found.certainty == Certainty.UNKNOWN and not meant:
        suggested = [(f"{reverse('units:changes')}?{urlencode({'q': text})}", text) for text in found.suggestions]
        return {**others, "unknown": True, "remarks": found.remarks, "suggested": suggested}
    return {**others, "choices": _choices(meant), "remarks": found.remarks}


def _choices(some: Iterable[ReadAs]) -> list[Choice]:
    return [Choice(value=_value(one.unit), text=one.full, ended_on=one.ended_on) for one in some]


def _value(unit: UnitRow) -> str:
    return f"{unit.code} {unit.last_day.isoformat()}" if unit.last_day else unit.code


def _told(unit_id: int, text: str, today: date) -> dict[str, Any]:
    """The story of a unit; of a district that of each of its communes."""
    story = reading.stories([unit_id], as_of=today)[unit_id]
    if story.unit.level == Unit.Level.DISTRICT and not story.steps:
        communes = reading.communes_in(story.unit)
        told = reading.stories([row.id for row in communes], as_of=today)
        return {
            "story": story,
            "of_district": [(told[row.id], href_of(row), told[row.id].now(today)) for row in communes if row.id in told],
        }
    now = story.now(today)
    ids = [unit.id for unit in now]
    shown = ids if len(ids) <= MOST_CHOICES else []
    points = queries.points_of(shown, as_of=today)
    return {
        "story": story,
        "mine": _mine(story, text, today),
        "now": now,
        "points": points,
        "openings": openings_of(points),
        "facilities": queries.facilities_of(shown, as_of=today),
        "mapped": queries.outlined(shown),
        "still": story.unit.exists_on(today),
        "planned": _planned(story, text, today),
    }


def _mine(story: Story, text: str, day: date) -> tuple[UnitRow, str] | None:
    """The unit of the day whose part the address names, and the name, where a unit was split on the way by then."""
    steps = {place: step for place, step in enumerate(story.with_people) if step.on <= day}
    if not text or not steps or story.unit.exists_on(day):
        return None
    if not story.is_split:
        return _mine(steps[0].then, text, day)
    named = part_named(text, {place: step.places for place, step in steps.items()})
    if named is None:
        return None
    then = steps[named[0]].then
    now = then.now(day)
    return (now[0], named[1]) if len(now) == 1 else _mine(then, text, day)


def _planned(story: Story, text: str, today: date) -> list[tuple[date, tuple[UnitRow, str] | None]]:
    """Days still to come on which something of it changes; with the unit of then, where the address names its part."""
    planned, last = [], _mine(story, text, today)
    for day in sorted(_days_to_come(story, today)):
        mine = _mine(story, text, day)
        planned.append((day, mine if mine is not None and (last is None or mine[0].id != last[0].id) else None))
        last = mine
    return planned


def _days_to_come(story: Story, today: date) -> set[date]:
    days = {step.on for step in story.steps if step.on > today}
    return days.union(*(_days_to_come(step.then, today) for step in story.steps))


def _assurances(today: date) -> list[Assurance]:
    english = (get_language() or "").startswith("en")
    return [
        Assurance(text=one.text_en if english else one.text_vi, basis=one.basis, checked=one.checked)
        for one in files.assurances(on=today)
    ]


def _href_or_empty(name: str) -> str:
    """Empty in an installation without that capability."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
