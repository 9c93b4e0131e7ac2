"""The e-process as a graph: which step follows for which dossier. Steps only lead forward, so there is no way round in circles.

A process is a tuple of steps; a step is named by its place in it. The functions trust that `check_steps` found no problem
unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from django.utils.translation import gettext as _

from thongsuot.procedures.content import Condition, FeeRule, Operator, Step, Way
from thongsuot.procedures.rules.schemas import Schema

Kind = Literal["choice", "yes_no", "number", "given"]

OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    "choice": ("is", "is_not"),
    "yes_no": ("is",),
    "number": ("at_least", "at_most", "is", "is_not"),
    "given": ("answered", "not_answered"),
}
MOST_VALUE = 1_000_000_000_000


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What conditions ask of a dossier: how it came, whose it is, what was filled in, what fees are counted by."""

    channel: int = 1
    owner_kind: int = 1
    form: Mapping[str, Any] = field(default_factory=dict)
    quantities: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ConditionField:
    """A field that conditions may ask for. `choices`: (value, words) of a choice; a text or a day can only be given or not."""

    name: str
    title: str
    kind: Kind
    choices: tuple[tuple[str | int, str], ...] = ()


def condition_fields(schema: Schema, fee_rules: Sequence[FeeRule] = ()) -> dict[str, ConditionField]:
    """Every field a condition may ask for, by name: those every dossier has, then the answers of the form, then quantities."""
    found = [
        ConditionField(
            name="channel",
            title=_("Cách nộp"),
            kind="choice",
            choices=((1, _("tại quầy")), (2, _("trực tuyến")), (3, _("qua bưu chính"))),
        ),
        ConditionField(
            name="owner_kind",
            title=_("Chủ hồ sơ"),
            kind="choice",
            choices=((1, _("công dân")), (2, _("doanh nghiệp")), (3, _("cơ quan nhà nước")), (4, _("tổ chức khác"))),
        ),
    ]
    found += [_of_form(key, asked) for key, asked in schema.get("properties", {}).items()]
    counted = {rule.quantity for rule in fee_rules if rule.form != "fixed"}
    counted |= {"pages" for rule in fee_rules if rule.form == "per_page"}
    known = {"pages": _("Số trang"), "copies": _("Số bản"), "extract_copies": _("Số bản sao trích lục")}
    found += [
        ConditionField(
            name=f"quantity.{name}", title=known.get(name) or _("Số lượng tính phí “%(name)s”") % {"name": name}, kind="number"
        )
        for name in sorted(counted)
    ]
    return {one.name: one for one in found}


def _of_form(key: str, asked: Mapping[str, Any]) -> ConditionField:
    name, title = f"form.{key}", str(asked.get("title", key))
    if "enum" in asked:
        labels = asked.get("x-labels", {})
        return ConditionField(
            name=name,
            title=title,
            kind="choice",
            choices=tuple((value, str(labels.get(value, value))) for value in asked["enum"]),
        )
    kinds: dict[str, Kind] = {"boolean": "yes_no", "integer": "number"}
    return ConditionField(name=name, title=title, kind=kinds.get(str(asked.get("type")), "given"))


def fits(condition: Condition, fields: Mapping[str, ConditionField]) -> bool:
    """Can the condition be asked: the field is there, and operator and value are of its kind?"""
    asked = fields.get(condition.field)
    if asked is None or condition.op not in OPERATORS[asked.kind]:
        return False
    match asked.kind:
        case "yes_no":
            return isinstance(condition.value, bool)
        case "number":
            return type(condition.value) is int and 0 <= condition.value <= MOST_VALUE
        case "choice":
            return any(_same(condition.value, value) for value, _words in asked.choices)
        case "given":
            return condition.value == ""


def holds(condition: Condition, answers: Answers) -> bool:
    """Does it hold for a dossier? A box that was not ticked counts as no; any other missing answer is equal to nothing."""
    found = _found(condition.field, answers)
    given = found not in (None, "", [])
    match condition.op:
        case "answered":
            return given
        case "not_answered":
            return not given
        case "is":
            return _same(bool(found) if isinstance(condition.value, bool) else found, condition.value)
        case "is_not":
            return not _same(bool(found) if isinstance(condition.value, bool) else found, condition.value)
        case "at_least":
            return _number(found) and _number(condition.value) and found >= condition.value
        case "at_most":
            return _number(found) and _number(condition.value) and found <= condition.value


def _found(name: str, answers: Answers) -> Any:
    place, _dot, key = name.partition(".")
    match place:
        case "channel":
            return int(answers.channel)
        case "owner_kind":
            return int(answers.owner_kind)
        case "form":
            return answers.form.get(key)
        case "quantity":
            return answers.quantities.get(key)
    return None


def _number(value: object) -> bool:
    return type(value) is int


def _same(found: object, value: object) -> bool:
    """Equal and of one type: for Python True is 1, for a form it is not."""
    return type(found) is type(value) and found == value


# -- ways --------------------------------------------------------------------------------------------------------------


def ways_from(steps: Sequence[Step], place: int) -> tuple[Way, ...]:
    """The ways on from a step; the last step has none."""
    if steps[place].ways:
        return steps[place].ways
    return (Way(to=steps[place + 1].key),) if place + 1 < len(steps) else ()


def targets(steps: Sequence[Step], place: int) -> list[int]:
    """Where the ways of a step lead, each place once, in the order of the ways; a way to nowhere is left out."""
    places = {step.key: number for number, step in enumerate(steps)}
    return list(dict.fromkeys(places[way.to] for way in ways_from(steps, place) if way.to in places))


def next_step(steps: Sequence[Step], place: int | None, answers: Answers) -> int | None:
    """Where this dossier goes from a step: the first way whose condition holds, else the one without; None after the last.

    With `place` None it has not begun: the first step.
    """
    if place is None:
        return 0 if steps else None
    ways = ways_from(steps, place)
    taken = next((way for way in ways if way.when is not None and holds(way.when, answers)), None)
    taken = taken or next((way for way in ways if way.when is None), None)
    return None if taken is None else next((number for number, step in enumerate(steps) if step.key == taken.to), None)


def path_from(steps: Sequence[Step], place: int | None, answers: Answers) -> list[int]:
    """The steps this dossier still goes through after `place`, in order."""
    path: list[int] = []
    here = next_step(steps, place, answers)
    while here is not None and here not in path:
        path.append(here)
        here = next_step(steps, here, answers)
    return path


def branches(steps: Sequence[Step]) -> bool:
    """Is there a step from which not all dossiers go the same way?"""
    return any(len(targets(steps, place)) > 1 for place in range(len(steps)))


def reachable(steps: Sequence[Step]) -> set[int]:
    """The steps some dossier can come to."""
    seen: set[int] = set()
    waiting = [0] if steps else []
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += targets(steps, here)
    return seen


def longest_minutes(steps: Sequence[Step]) -> int:
    """The counted minutes of the longest path, as far as the ways lead forward."""
    left = [0] * (len(steps) + 1)
    for place in range(len(steps) - 1, -1, -1):
        own = steps[place].minutes if steps[place].counted else 0
        left[place] = own + max((left[to] for to in targets(steps, place) if to > place), default=0)
    return left[0]


def shortest_minutes(steps: Sequence[Step]) -> int:
    """The counted minutes of the shortest path."""
    left = [0] * (len(steps) + 1)
    for place in range(len(steps) - 1, -1, -1):
        own = steps[place].minutes if steps[place].counted else 0
        left[place] = own + min((left[to] for to in targets(steps, place) if to > place), default=0)
    return left[0]


def paths(steps: Sequence[Step]) -> Iterator[list[int]]:
    """Every path from the first step to an end. There may be very many: for tests and small processes."""

    def onwards(path: list[int]) -> Iterator[list[int]]:
        ahead = [to for to in targets(steps, path[-1]) if to > path[-1]]
        if not ahead:
            yield path
        for to in ahead:
            yield from onwards([*path, to])

    if steps:
        yield from onwards([0])


def tidy(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The same process said in one way: a single way that leads to the next step anyway is left out."""
    last = len(steps) - 1
    return tuple(
        msgspec.structs.replace(step, ways=())
        if len(step.ways) == 1 and step.ways[0].when is None and place < last and step.ways[0].to == steps[place + 1].key
        else step
        for place, step in enumerate(steps)
    )
