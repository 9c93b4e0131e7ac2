"""Decisions on units: drafts and what is wrong with them, and what a day meets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import sort_key
from thongsuot.units.facts import PlanFacts, PlannedSuccessionFact, PlannedUnitFact
from thongsuot.units.models import Decision, PlannedUnit, Succession, Unit, UnitName
from thongsuot.units.queries.units import city_of, unit_row, unit_rows
from thongsuot.units.rules.bodies import full_name
from thongsuot.units.rules.reorganising import Existing, Fault, Surroundings, faults


def surroundings(day: date) -> Surroundings:
    """What a decision that takes effect on that day meets. Five queries, of all units but agencies."""
    eve = day - timedelta(days=1)
    successions = Succession.objects.filter(
        old_unit__level=Unit.Level.PROVINCE, old_unit__valid_to=day, extent=Succession.Extent.WHOLE
    )
    after = _existing(day)
    stays = {code: code for code, unit in after.items() if unit.level == Unit.Level.PROVINCE and unit.valid_from < day}
    return Surroundings(
        before=_existing(eve),
        after=after,
        provinces={**stays, **dict(successions.values_list("old_unit__code", "new_unit__code"))},
        later=frozenset(_later(day)),
        begun_later=frozenset(Unit.objects.filter(valid_from__gt=day).values_list("code", flat=True)),
    )


def _later(day: date) -> Iterable[str]:
    """Codes of units of the day that go on under another name, or end, on a later one."""
    there = Q(unit__valid_from__lte=day) & (Q(unit__valid_to=None) | Q(unit__valid_to__gt=day))
    renamed = UnitName.objects.filter(there, valid_from__gt=day).values_list("unit__code", flat=True)
    ends = Unit.objects.filter(valid_from__lte=day, valid_to__gt=day).values_list("code", flat=True)
    return renamed.union(ends)


def _existing(day: date) -> dict[str, Existing]:
    rows = (
        UnitName.objects.filter(in_force(day), in_force(day, "unit__"))
        .exclude(unit__level=Unit.Level.AGENCY)
        .values_list(
            "unit__code", "unit__level", "unit__parent__code", "kind", "name", "unit__valid_from", "unit__valid_to", named=False
        )
    )
    return {
        code: Existing(
            code=code, level=level, parent_code=parent or "", kind=kind, name=name, valid_from=valid_from, valid_to=valid_to
        )
        for code, level, parent, kind, name, valid_from, valid_to in rows
    }


def plan_of(decision: Decision) -> PlanFacts:
    """A draft's lines as facts. Two queries."""
    units = decision.planned_units.order_by("what", "code")
    pairs = decision.planned_successions.order_by("old_code", "new_code")
    return PlanFacts(
        number=decision.number,
        title=decision.title,
        signed_on=decision.signed_on,
        effective_on=decision.effective_on,
        province_code=decision.province.code if decision.province else "",
        expected=decision.expected,
        left_out=decision.left_out,
        units=tuple(
            PlannedUnitFact(
                what=one.what, code=one.code, level=one.level, parent_code=one.parent_code, kind=one.kind, name=one.name
            )
            for one in units
        ),
        successions=tuple(
            PlannedSuccessionFact(
                old_code=one.old_code,
                new_code=one.new_code,
                extent=one.extent,
                likeliest=one.likeliest,
                part=one.part,
                places=tuple(one.places),
                evidence=one.evidence,
            )
            for one in pairs
        ),
    )


def faults_of(decision: Decision, around: Surroundings | None = None) -> list[Fault]:
    """What keeps a draft from being approved. Seven queries, or two when its surroundings are at hand."""
    return faults(plan_of(decision), around or surroundings(decision.effective_on))


@dataclass(frozen=True, kw_only=True)
class DecisionRow:
    """A decision in a list, with how many units it begins, ends, and gives another name or kind."""

    id: int
    number: str
    title: str
    signed_on: date | None
    effective_on: date
    state: str
    begins: int
    ends: int
    changes: int


def ids_of_city(city_id: int) -> frozenset[int]:
    """Decisions that order the city, or made its units."""
    made = Succession.objects.filter(Q(new_unit__parent=city_id) | Q(new_unit=city_id)).values("decision_id")
    named = UnitName.objects.filter(Q(unit__parent=city_id) | Q(unit=city_id), decision__isnull=False).values("decision_id")
    found = Decision.objects.filter(Q(province=city_id) | Q(pk__in=made) | Q(pk__in=named))
    return frozenset(found.values_list("pk", flat=True))


def decisions(*, city_id: int) -> list[DecisionRow]:
    """Those of a city: drafts first, then those approved, the latest first. Seven queries."""
    rows = list(Decision.objects.filter(pk__in=ids_of_city(city_id)).order_by("-effective_on", "number"))
    ids = [row.pk for row in rows]
    planned: Counter[tuple[int, str]] = Counter()
    for one in PlannedUnit.objects.filter(decision__in=ids).values("decision_id", "what").annotate(n=Count("id")):
        planned[one["decision_id"], one["what"]] = one["n"]
    stored = Succession.objects.filter(decision__in=ids).values("decision_id")
    begun = {one["decision_id"]: one["n"] for one in stored.annotate(n=Count("new_unit", distinct=True))}
    ended = {one["decision_id"]: one["n"] for one in stored.annotate(n=Count("old_unit", distinct=True))}
    drafts = (Decision.State.DRAFT, Decision.State.CHECKED)
    made = [
        DecisionRow(
            id=row.pk,
            number=row.number,
            title=row.title,
            signed_on=row.signed_on,
            effective_on=row.effective_on,
            state=row.state,
            begins=planned[row.pk, PlannedUnit.What.BEGINS] or begun.get(row.pk, 0),
            ends=planned[row.pk, PlannedUnit.What.ENDS] or ended.get(row.pk, 0),
            changes=planned[row.pk, PlannedUnit.What.CHANGES],
        )
        for row in rows
    ]
    return sorted(made, key=lambda row: row.state not in drafts)


def decision(decision_id: int) -> Decision:
    """Raises NotFound."""
    found = must_exist(Decision.objects.select_related("province").filter(pk=decision_id).first())
    return found


@dataclass(frozen=True, kw_only=True)
class OriginRow:
    """One unit of before in a new one. `succession_id` once it is approved; `places`: how many names addresses are told by."""

    code: str
    name: str
    extent: str
    part: str
    places: int
    keeps_records: bool
    succession_id: int | None


@dataclass(frozen=True, kw_only=True)
class NewUnitRow:
    """A unit that a decision begins (or renames), and what it is made of. `unit_id` once it is approved."""

    code: str
    full_name: str
    changes: bool
    unit_id: int | None
    origins: list[OriginRow]


def lines_of(decision: Decision) -> list[NewUnitRow]:
    """The whole decision by new unit, in Vietnamese order of names. Four queries at most."""
    if decision.state == Decision.State.APPROVED:
        return _approved_lines(decision)
    plan = plan_of(decision)
    names = names_before(decision, [pair.old_code for pair in plan.successions])
    origins: dict[str, list[OriginRow]] = {}
    for pair in plan.successions:
        origins.setdefault(pair.new_code, []).append(
            OriginRow(
                code=pair.old_code,
                name=names.get(pair.old_code, ""),
                extent=pair.extent,
                part=pair.part,
                places=len(pair.places),
                keeps_records=False,
                succession_id=None,
            )
        )
    rows = [
        NewUnitRow(
            code=one.code,
            full_name=full_name(one.kind, one.name) if one.kind else one.code,
            changes=one.what == PlannedUnit.What.CHANGES,
            unit_id=None,
            origins=origins.get(one.code, []),
        )
        for one in plan.units
        if one.what != PlannedUnit.What.ENDS
    ]
    return sorted(rows, key=lambda row: sort_key(row.full_name))


def _approved_lines(decision: Decision) -> list[NewUnitRow]:
    eve = decision.effective_on - timedelta(days=1)
    successions = list(
        Succession.objects.filter(decision=decision).select_related("old_unit", "new_unit").annotate(n=Count("places"))
    )
    renamed = UnitName.objects.filter(decision=decision).exclude(unit__valid_from=decision.effective_on)
    changed = dict(renamed.values_list("unit_id", "unit__code"))
    new_ids = {one.new_unit_id for one in successions} | set(changed)
    names = unit_rows(new_ids, as_of=decision.effective_on)
    before = unit_rows({one.old_unit_id for one in successions}, as_of=eve)
    origins: dict[int, list[OriginRow]] = {}
    for one in successions:
        origins.setdefault(one.new_unit_id, []).append(
            OriginRow(
                code=one.old_unit.code,
                name=before[one.old_unit_id].full_name,
                extent=one.extent,
                part=one.part,
                places=one.n,
                keeps_records=one.keeps_records,
                succession_id=one.pk,
            )
        )
    rows = [
        NewUnitRow(
            code=names[unit_id].code,
            full_name=names[unit_id].full_name,
            changes=unit_id in changed,
            unit_id=unit_id,
            origins=sorted(origins.get(unit_id, []), key=lambda one: sort_key(one.name)),
        )
        for unit_id in new_ids
    ]
    return sorted(rows, key=lambda row: sort_key(row.full_name))


def expected_of(decision: Decision) -> list[tuple[str, int, int]]:
    """(kind in words, as the text says, as planned) for each kind that its text counts. One query."""
    begun = Counter(decision.planned_units.filter(what=PlannedUnit.What.BEGINS).values_list("kind", flat=True))
    return [(str(UnitName.Kind(kind).label), count, begun[kind]) for kind, count in decision.expected.items()]


def names_before(decision: Decision, codes: Iterable[str]) -> dict[str, str]:
    """{code: full name on the day before}. Unknown codes are absent. One query."""
    eve = decision.effective_on - timedelta(days=1)
    rows = UnitName.objects.filter(in_force(eve), in_force(eve, "unit__"), unit__code__in=list(codes))
    return dict(rows.values_list("unit__code", "full_name"))


@dataclass(frozen=True, kw_only=True)
class SuccessionRow:
    """One part of a split unit, with the other successors beside it."""

    id: int
    old_name: str
    old_code: str
    new_name: str
    extent: str
    part: str
    places: list[str]
    keeps_records: bool
    decision_id: int
    decision: str
    beside: list[tuple[int, str]]


def succession_row(succession_id: int, *, city_id: int) -> SuccessionRow:
    """Raises NotFound, for a succession of another city too. Four queries."""
    found = Succession.objects.select_related("decision", "old_unit").filter(pk=succession_id).first()
    if found is None or city_of(found.new_unit_id) != city_id:
        raise NotFound
    day = found.decision.effective_on
    all_of_them = list(Succession.objects.filter(old_unit=found.old_unit).values_list("pk", "new_unit_id"))
    names = unit_rows([unit_id for _pk, unit_id in all_of_them], as_of=day)
    return SuccessionRow(
        id=found.pk,
        old_name=unit_row(found.old_unit_id, as_of=day - timedelta(days=1)).full_name,
        old_code=found.old_unit.code,
        new_name=names[found.new_unit_id].full_name,
        extent=found.extent,
        part=found.part,
        places=list(found.places.order_by("pk").values_list("name", flat=True)),
        keeps_records=found.keeps_records,
        decision_id=found.decision_id,
        decision=found.decision.number,
        beside=[(pk, names[unit_id].full_name) for pk, unit_id in all_of_them if pk != found.pk],
    )
