"""Decisions on units: what is wrong with a draft, a file of the whole country, approval, and the day itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

import pytest
from django.db import transaction

from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.units import actions, heirs, loading, queries, sheets
from thongsuot.units.facts import (
    CountryFacts,
    NameFact,
    PlanFacts,
    PlannedSuccessionFact,
    PlannedUnitFact,
    PointFact,
    SuccessionFact,
    UnitFact,
)
from thongsuot.units.files import country_facts
from thongsuot.units.models import Body, Decision, Succession, Unit, UnitName
from thongsuot.units.plan_words import SENTENCES, plan_fault
from thongsuot.units.rules.plans import known_before, plans_of
from thongsuot.units.rules.reorganising import Existing, Fault, Surroundings, faults, keepers, level_of
from thongsuot.units.tests.make import BEFORE, THE_DAY, VIET_NAM

HOUSE = system("cli")
JUNE = datetime(2025, 6, 20, 8, tzinfo=VIET_NAM)
POINT = PointFact(name="Điểm mới", address="1 phố Sông", opening_hours="8:00-17:00", phone="024 0000")


def unit(code: str, *, parent: str = "980", name: str = "", level: str = "commune", kind: str = "phuong") -> Existing:
    return Existing(code=code, level=level, parent_code=parent, kind=kind, name=name or code, valid_from=BEFORE, valid_to=None)


CITY = unit("98", parent="", level="province", kind="thanh_pho_tw", name="Ví Dụ")
QUAN = unit("980", parent="98", level="district", kind="quan", name="Giữa")
STANDING = {one.code: one for one in (CITY, QUAN, unit("98101", name="Bến"), unit("98102", name="Chợ"))}
AROUND = Surroundings(before=STANDING, after=STANDING, provinces={"98": "98"})


def ends(*codes: str) -> tuple[PlannedUnitFact, ...]:
    return tuple(PlannedUnitFact(what="ends", code=code, level="district" if len(code) == 3 else "commune") for code in codes)


def begins(code: str, name: str, **changes: str) -> PlannedUnitFact:
    given = {"what": "begins", "level": "commune", "parent_code": "98", "kind": "phuong", **changes}
    return PlannedUnitFact(code=code, name=name, **given)


def pair(old: str, new: str, extent: str = "whole", **more: object) -> PlannedSuccessionFact:
    return PlannedSuccessionFact(old_code=old, new_code=new, extent=extent, **more)


def a_plan(units: tuple[PlannedUnitFact, ...] = (), pairs: tuple[PlannedSuccessionFact, ...] = (), **more: object) -> PlanFacts:
    return PlanFacts(
        **{
            "number": "1/NQ-VD",
            "title": "Sắp xếp",
            "signed_on": date(2025, 6, 16),
            "effective_on": THE_DAY,
            "province_code": "98",
            "units": units or (*ends("980", "98101", "98102"), begins("98001", "Sông"), begins("98002", "Đồi")),
            "successions": pairs
            or (
                pair("98101", "98001"),
                pair("98102", "98001", "part", likeliest=True, places=("thôn Thượng",)),
                pair("98102", "98002", "part", places=("thôn Hạ",)),
            ),
            **more,
        }
    )


GOOD = a_plan()


def keys(plan: PlanFacts, around: Surroundings = AROUND) -> set[tuple[str, str]]:
    return {(fault.key, fault.about) for fault in faults(plan, around)}


def test_a_whole_plan_has_no_fault():
    assert keys(GOOD) == set()
    assert keys(replace(GOOD, expected={"phuong": 2})) == set()


def test_the_province_of_a_unit_is_that_of_what_it_lay_in():
    new = unit("98001", parent="98", name="Sông")
    around = replace(AROUND, after={"98001": new, "98": CITY})
    assert {code: around.province_of(code) for code in ("98", "980", "98101", "98001", "98777")} == {
        "98": "98",
        "980": "98",
        "98101": "98",
        "98001": "98",
        "98777": "",
    }
    assert replace(around, provinces={}).province_of("98101") == ""


WHOLE, UPPER, LOWER = GOOD.successions
ALL = GOOD.units


def with_pairs(*pairs: PlannedSuccessionFact, units: tuple[PlannedUnitFact, ...] = ALL) -> PlanFacts:
    return replace(GOOD, units=units, successions=pairs)


def renamed(name: str, kind: str = "xa") -> PlannedUnitFact:
    return PlannedUnitFact(what="changes", code="98101", level="commune", kind=kind, name=name)


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (PlanFacts(number="1", title="x", signed_on=None, effective_on=THE_DAY), ("empty", "")),
        (replace(GOOD, units=(*ALL, *ends("98777"))), ("ends_unknown", "98777")),
        (with_pairs(UPPER, LOWER), ("no_successor", "98101")),
        (with_pairs(pair("98101", "98001", "land_only"), UPPER, LOWER), ("no_successor", "98101")),
        (with_pairs(WHOLE, units=(*ALL[:2], *ALL[3:])), ("ends_before_its_parts", "980")),
        (replace(GOOD, units=(*ALL, begins("98", "Khác", level="province", kind="tinh"))), ("code_taken", "98")),
        (replace(GOOD, units=(*ALL[:4], begins("98002", ""))), ("nameless", "98002")),
        (replace(GOOD, units=(*ALL[:4], begins("98002", "Đồi", kind="quan"))), ("kind_of_other_level", "98002")),
        (replace(GOOD, units=(*ALL[:4], begins("98002", "Đồi", parent_code="77"))), ("no_parent", "98002")),
        (replace(GOOD, units=(*ALL[:4], begins("98002", "Đồi", level="agency"))), ("kind_of_other_level", "98002")),
        (replace(GOOD, units=(*ALL, begins("9800", "Rừng"))), ("code_form", "9800")),
        (replace(GOOD, units=(*ALL, begins("98003", "Rừng"))), ("no_origin", "98003")),
        (replace(GOOD, units=(*ALL[:4], begins("98002", "Sông"))), ("name_twice", "98002")),
        (with_pairs(pair("98101", "98777"), WHOLE, UPPER, LOWER), ("successor_unknown", "98101")),
        (with_pairs(WHOLE, UPPER, LOWER, pair("98101", "98002")), ("whole_and_others", "98101")),
        (with_pairs(WHOLE, UPPER, units=ALL[:4]), ("rest_without_successor", "98102")),
        (with_pairs(WHOLE, UPPER, replace(LOWER, likeliest=True)), ("two_likeliest", "98102")),
        (with_pairs(WHOLE, UPPER, replace(LOWER, places=("Thôn Thượng",))), ("place_twice", "98102")),
        (with_pairs(WHOLE, replace(UPPER, extent="part_land_all_population"), LOWER), ("people_twice", "98102")),
        (replace(GOOD, expected={"phuong": 3}), ("count", "")),
        (replace(GOOD, units=(*ALL, renamed("Bến Mới"))), ("changes_unknown", "98101")),
        (a_plan((renamed("Bến", "phuong"),), (pair("98102", "98101"),)), ("changes_nothing", "98101")),
        (replace(GOOD, units=(*ALL[:1], *ALL[2:])), ("succeeds_who_stays", "98101")),
    ],
)
def test_every_fault_is_found_and_said_in_a_sentence(plan, found):
    assert found in keys(plan)
    for fault in faults(plan, AROUND):
        assert plan_fault(fault).endswith(".")


def test_a_province_may_begin_and_one_that_ends_has_a_successor_of_its_own():
    province = begins("97", "Rừng", level="province", kind="tinh", parent_code="")
    assert {key for key, about in keys(replace(GOOD, units=(*ALL, province))) if about == "97"} == {"no_origin"}
    gone = PlannedUnitFact(what="ends", code="98", level="province")
    assert ("no_successor", "98") in keys(replace(GOOD, units=(*ALL, gone)))


def test_what_is_of_no_level_takes_no_kind_of_another():
    stands = {**STANDING, "98900": unit("98900", parent="98", level="agency", kind="co_quan", name="Sở")}
    plan = replace(GOOD, units=(*ALL, replace(renamed("Sở Mới"), code="98900")))
    assert ("kind_of_other_level", "98900") in keys(plan, replace(AROUND, before=stands, after=stands))


def test_a_unit_that_ends_by_another_decision_is_not_ended_again():
    ended = replace(STANDING["98101"], valid_to=THE_DAY)
    around = Surroundings(before={**STANDING, "98101": ended}, after=STANDING, provinces={"98": "98"})

    assert ("ends_otherwise", "98101") in keys(GOOD, around)


ENDED = replace(AROUND, before={**STANDING, "98101": replace(STANDING["98101"], valid_to=THE_DAY)})
YOUNG = replace(AROUND, before={**STANDING, "98101": replace(STANDING["98101"], valid_from=THE_DAY)})
RENAMED = (renamed("Bến Mới"),)


@pytest.mark.parametrize(
    ("plan", "around", "fault"),
    [
        (replace(GOOD, left_out=2), AROUND, Fault(key="left_out", facts={"count": 2})),
        (a_plan(RENAMED), replace(AROUND, later=frozenset({"98101"})), Fault(key="changes_later", about="98101")),
        (GOOD, replace(AROUND, later=frozenset({"98102"})), Fault(key="changes_later", about="98102")),
        (GOOD, replace(AROUND, begun_later=frozenset({"98001"})), Fault(key="begins_later", about="98001")),
        (GOOD, ENDED, Fault(key="ends_otherwise", about="98101", facts={"day": THE_DAY})),
        (GOOD, YOUNG, Fault(key="ends_before_it_began", about="98101", facts={"day": THE_DAY})),
        (
            replace(GOOD, units=(ALL[0], *ALL[3:])),
            AROUND,
            Fault(key="ends_before_its_parts", about="980", facts={"codes": ["98101", "98102"]}),
        ),
        (
            replace(GOOD, units=(PlannedUnitFact(what="ends", code="98", level="province"),)),
            AROUND,
            Fault(key="ends_before_its_parts", about="98", facts={"codes": ["980"]}, blocks=False),
        ),
        (
            replace(GOOD, units=(*ALL, begins("98", "Khác", level="province", kind="tinh"))),
            AROUND,
            Fault(key="code_taken", about="98", facts={"name": "Ví Dụ"}),
        ),
        (
            replace(GOOD, units=(*ALL[:4], begins("98002", "Đồi", parent_code="77"))),
            AROUND,
            Fault(key="no_parent", about="98002", facts={"parent": "77"}),
        ),
        (a_plan(RENAMED), ENDED, Fault(key="ends_otherwise", about="98101", facts={"day": THE_DAY})),
        (a_plan((renamed(" "),)), AROUND, Fault(key="nameless", about="98101")),
        (a_plan((renamed("Bến", "quan"),)), AROUND, Fault(key="kind_of_other_level", about="98101")),
        (
            with_pairs(pair("98101", "98777"), UPPER, LOWER),
            AROUND,
            Fault(key="successor_unknown", about="98101", facts={"code": "98777"}),
        ),
        (
            with_pairs(WHOLE, UPPER, replace(LOWER, places=("Thôn Thượng",))),
            AROUND,
            Fault(key="place_twice", about="98102", facts={"place": "Thôn Thượng"}),
        ),
        (
            replace(GOOD, units=(*ALL[:4], begins("98002", "Sông"))),
            AROUND,
            Fault(key="name_twice", about="98002", facts={"other": "98001"}),
        ),
        (
            replace(GOOD, expected={"phuong": 3}),
            AROUND,
            Fault(key="count", facts={"kind": "phuong", "expected": 3, "planned": 2}),
        ),
    ],
)
def test_a_fault_says_what_it_is_about_and_the_facts_of_it(plan, around, fault):
    assert fault in list(faults(plan, around))


def test_a_name_is_taken_only_by_what_is_of_the_same_kind_and_stays_and_an_agency_is_no_part_of_what_ends():
    agency = replace(unit("98A01", parent="980"), level="agency")
    taken = unit("98103", parent="98", name="Sông", kind="xa")
    around = replace(AROUND, before={**STANDING, "98A01": agency}, after={**STANDING, "98103": taken})
    assert keys(GOOD, around) == set()  # the other Sông is a xã
    assert keys(GOOD, replace(around, after={**STANDING, "98103": replace(taken, kind="phuong")})) == {("name_twice", "98001")}
    assert (
        keys(
            replace(GOOD, units=(*ALL, replace(renamed("Bến"), code="98103", kind="xa"))),
            replace(around, before={**STANDING, "98103": taken}),
        )
        == set()
    )


def test_a_change_of_name_frees_the_old_one_and_takes_none_that_stays():
    into = replace(GOOD, units=(*ends("98101"), replace(renamed("Bến", kind="phuong"), code="98102")))
    assert keys(replace(into, successions=(pair("98101", "98102"),))) == set()  # what ended bears its name no more
    swapped = (renamed("Chợ", kind="phuong"), replace(renamed("Bến", kind="phuong"), code="98102"))
    assert keys(replace(GOOD, units=swapped, successions=())) == set()
    assert keys(replace(GOOD, units=swapped[:1], successions=())) == {("name_twice", "98101")}


def test_the_level_of_a_code_is_told_by_its_length():
    assert [level_of(code) for code in ("98", "980", "98101")] == ["province", "district", "commune"]


def test_who_answers_for_what_stays_whole_took_it_whole_or_all_its_people_or_is_likeliest():
    def went(old: str, new: str, extent: str, **more: object) -> SuccessionFact:
        return SuccessionFact(old_code=old, new_code=new, extent=extent, on=THE_DAY, decision="1/NQ-VD", **more)

    told = [
        went("1", "a", "whole"),
        went("2", "a", "part", likeliest=True),
        went("2", "b", "part_land_all_population"),
        went("2", "c", "part"),
        went("3", "a", "part"),
        went("3", "b", "part", likeliest=True),
        went("4", "a", "part"),
        went("4", "b", "part"),
        went("5", "a", "land_only", likeliest=True),
    ]
    assert keepers(told) == keepers(reversed(told)) == {("1", "a"), ("2", "b"), ("3", "b")}


def test_every_sentence_belongs_to_a_fault():
    import inspect

    from thongsuot.units.rules import reorganising

    source = inspect.getsource(reorganising)
    assert [key for key in SENTENCES if f'key="{key}"' not in source] == []


# --- drafts, approval, the day ---------------------------------------------------------------------------------------------


@pytest.fixture
def eve(db, settings) -> Unit:
    """Thành phố Ví Dụ of June 2025, before anybody decided anything."""
    settings.CITY_CODE = "98"
    queries.clear_caches()

    def fact(one: Existing) -> UnitFact:
        return UnitFact(
            code=one.code,
            level=one.level,
            parent_code=one.parent_code,
            valid_from=BEFORE,
            names=(NameFact(kind=one.kind, name=one.name, valid_from=BEFORE),),
        )

    loading.load(CountryFacts(source="test", units=tuple(fact(one) for one in STANDING.values())), actor=HOUSE, at=JUNE)
    return Unit.objects.get(code="98")


def approved(plan: PlanFacts = GOOD, *, at: datetime = JUNE) -> Decision:
    decision = actions.draft_decision(plan, actor=HOUSE, at=at)
    assert actions.check_decision(decision.pk, actor=HOUSE, at=at) == []
    return actions.approve_decision(decision.pk, actor=HOUSE, at=at)


def test_an_approved_decision_speaks_of_its_instant_by_itself(eve):
    decision = approved()
    queries.clear_caches()
    old, new = Unit.objects.get(code="98101"), Unit.objects.get(code="98001")

    assert (old.valid_to, new.valid_from) == (THE_DAY, THE_DAY)
    last, first = THE_DAY - timedelta(days=1), THE_DAY
    assert [row.code for row in queries.units_under(eve.pk, as_of=last)] == ["980"]
    assert [row.code for row in queries.units_under(eve.pk, as_of=first)] == ["98002", "98001"]
    assert queries.unit_row(old.pk, as_of=first).full_name == "Phường Bến"  # a code of then still has its name
    assert queries.keeper_of(old.pk, on=last) == old.pk
    assert queries.keeper_of(old.pk, on=first) == new.pk
    assert queries.keeper_of(Unit.objects.get(code="98102").pk, on=first) == new.pk  # the likeliest keeps what is whole
    assert queries.keeper_of(Unit.objects.get(code="980").pk, on=first) == eve.pk
    ended = {unit.pk for unit in Unit.objects.filter(valid_to__lte=first)}
    for one in Unit.objects.exclude(pk__in=ended):  # asked from the other side it is the same
        answered_for = {other for other in ended if queries.keeper_of(other, on=first) == one.pk}
        assert queries.kept_by(frozenset({one.pk}), on=first) == answered_for
    assert {one.unit_id for one in heirs.Heirs(first).of(Unit.objects.get(code="980").pk)} == {
        new.pk,
        Unit.objects.get(code="98002").pk,
    }
    assert [row.name for row in history_of(decision)] == [
        "units.decision_drafted",
        "units.decision_checked",
        "units.decision_approved",
    ]


def test_nothing_is_approved_unchecked_or_with_a_fault(eve):
    draft = actions.draft_decision(GOOD, actor=HOUSE, at=JUNE)
    with pytest.raises(actions.DecisionNotChecked):
        actions.approve_decision(draft.pk, actor=HOUSE, at=JUNE)
    actions.check_decision(draft.pk, actor=HOUSE, at=JUNE)
    actions.put_planned_unit(draft.pk, begins("98003", "Rừng"), actor=HOUSE, at=JUNE)  # edited: the check is void
    with pytest.raises(actions.DecisionNotChecked):
        actions.approve_decision(draft.pk, actor=HOUSE, at=JUNE)
    assert [fault.key for fault in actions.check_decision(draft.pk, actor=HOUSE, at=JUNE)] == ["no_origin"]
    line = draft.planned_units.get(code="98003")
    actions.drop_planned_unit(line.pk, actor=HOUSE, at=JUNE)
    actions.check_decision(draft.pk, actor=HOUSE, at=JUNE)
    # The world went on meanwhile: another decision ended one of its units.
    Unit.objects.filter(code="98101").update(valid_to=date(2025, 6, 25))
    with pytest.raises(actions.DecisionHasFaults) as refusal:
        actions.approve_decision(draft.pk, actor=HOUSE, at=JUNE)
    assert refusal.value.details()["faults"]
    assert not Unit.objects.filter(code="98001").exists()


def test_what_was_approved_is_taken_back_until_its_day_and_while_nobody_works_there(eve):
    decision = approved()
    actions.withdraw_decision(decision.pk, reason="Sai số liệu", actor=HOUSE, at=JUNE)
    queries.clear_caches()
    assert not Unit.objects.filter(code__in=["98001", "98002"]).exists()
    assert not Unit.objects.exclude(valid_to=None).exists()
    assert not UnitName.objects.exclude(valid_to=None).exists()
    again = approved(replace(GOOD, number="2/NQ-VD"))
    body = Body.objects.create(unit=Unit.objects.get(code="98001"), kind="office", name="Văn phòng", valid_from=THE_DAY)
    actions.open_point(body.unit_id, POINT, managed_by_id=body.pk, valid_from=THE_DAY, actor=HOUSE, at=JUNE)
    with pytest.raises(actions.NewUnitsInUse):
        actions.withdraw_decision(again.pk, reason="Sai", actor=HOUSE, at=JUNE)
    with pytest.raises(actions.DecisionInForce):
        actions.withdraw_decision(again.pk, reason="Sai", actor=HOUSE, at=datetime(2025, 7, 1, 0, 0, tzinfo=VIET_NAM))
    assert Decision.objects.get(pk=again.pk).state == Decision.State.APPROVED


def test_a_later_change_of_name_and_kind_is_another_decision(eve):
    approved()
    queries.clear_caches()
    day = date(2026, 4, 30)
    plan = PlanFacts(
        number="237/NQ",
        title="Thành lập xã",
        signed_on=day,
        effective_on=day,
        province_code="98",
        units=(PlannedUnitFact(what="changes", code="98001", level="commune", kind="xa", name="Sông Lớn"),),
    )
    approved(plan, at=datetime(2026, 4, 20, tzinfo=VIET_NAM))
    queries.clear_caches()
    river = Unit.objects.get(code="98001")

    assert river.valid_to is None
    assert queries.unit_row(river.pk, as_of=date(2026, 4, 29)).full_name == "Phường Sông"
    assert queries.unit_row(river.pk, as_of=day).full_name == "Xã Sông Lớn"


def test_only_who_manages_units_of_the_province_decides_for_it(eve):
    nobody = Actor(person_id=None, name="Ai đó")
    manager = Actor(person_id=1, name="Quản trị", duties={"manage units": frozenset({eve.pk})})
    with pytest.raises(NotYourDuty):
        actions.draft_decision(GOOD, actor=nobody, at=JUNE)
    with pytest.raises(NotYourDuty):
        actions.draft_decision(replace(GOOD, province_code=""), actor=manager, at=JUNE)
    with pytest.raises(BadInput):
        actions.draft_decision(replace(GOOD, province_code="77"), actor=manager, at=JUNE)
    with pytest.raises(BadInput):
        actions.draft_decision(replace(GOOD, number=" "), actor=manager, at=JUNE)
    decision = actions.draft_decision(GOOD, actor=manager, at=JUNE)
    actions.check_decision(decision.pk, actor=manager, at=JUNE)
    actions.approve_decision(decision.pk, actor=manager, at=JUNE)
    with pytest.raises(actions.DecisionNotOpen):
        actions.draft_decision(GOOD, actor=manager, at=JUNE)


def test_a_part_is_described_by_names_and_one_successor_keeps_what_is_whole(eve):
    approved()
    queries.clear_caches()
    first, second = Succession.objects.filter(old_unit__code="98102").order_by("new_unit__code")
    assert (first.keeps_records, second.keeps_records) == (True, False)
    with pytest.raises(BadInput):
        actions.describe_part(second.pk, part="Nửa kia", places=["Thôn Thượng"], actor=HOUSE, at=JUNE)
    actions.describe_part(second.pk, part="Nửa kia", places=["thôn Hạ", "Thôn  hạ", "phố Mới"], actor=HOUSE, at=JUNE)
    assert sorted(second.places.values_list("name", flat=True)) == ["Thôn hạ", "phố Mới"]
    clue = heirs.Clue(addresses=("12 phố Mới, phường Chợ",))
    found = heirs.Heirs(THE_DAY).choose(first.old_unit_id, clue)
    assert (found.to_unit_id, found.rule) == (second.new_unit_id, heirs.Rule.PLACE)
    actions.name_keeper(second.pk, actor=HOUSE, at=JUNE)
    queries.clear_caches()
    assert queries.keeper_of(first.old_unit_id, on=THE_DAY) == second.new_unit_id
    assert queries.kept_by(frozenset({second.new_unit_id}), on=THE_DAY) == {first.old_unit_id}


# --- files -----------------------------------------------------------------------------------------------------------------


def test_a_file_is_read_line_by_line_and_what_is_wrong_is_named(eve):
    text = sheets.written([GOOD], dict(STANDING))
    bad = (
        "98009,Lạ,thị trấn lạ,98,98101,,,whole,,,,,3/NQ,,,2025-07-01,\n"
        "98009,Lạ,phường,98,98101,,,half,,,,,3/NQ,,,2025-07-01,\n"
        "98009,Lạ,phường,98,98101,,,whole,,,,,3/NQ,,,mai,\n"
        "98009,Lạ,phường,98,abc,,,whole,,,,,3/NQ,,,2025-07-01,\n"
        ",Lạ,phường,98,98101,,,whole,,,,,,,,2025-07-01,\n"
    )
    sheet = sheets.read((text + bad).encode(), cache(queries.surroundings))

    assert [line.line for line in sheet.bad] == [5, 6, 7, 8, 9]
    assert all(line.why.endswith(".") for line in sheet.bad)
    (plan,) = sheet.plans
    assert set(plan.units) == set(GOOD.units)
    assert set(plan.successions) == set(GOOD.successions)
    assert (plan.number, plan.effective_on, plan.province_code) == ("1/NQ-VD", THE_DAY, "98")


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", "new_code\n\xe9".encode("latin-1"), b"\x00\x01\xff"])
def test_what_is_no_such_file_is_refused_with_a_sentence(content, eve):
    with pytest.raises(BadInput) as refusal:
        sheets.read(content, cache(queries.surroundings))
    assert refusal.value.problems["file"]


def stored() -> tuple[set[object], set[object], set[object]]:
    return (
        set(Unit.objects.values_list("code", "level", "valid_from", "valid_to", "parent__code", "parent__valid_from")),
        set(
            UnitName.objects.values_list(
                "unit__code", "unit__valid_from", "kind", "name", "full_name", "valid_from", "valid_to", "decision__number"
            )
        ),
        set(
            Succession.objects.values_list(
                "old_unit__code",
                "new_unit__code",
                "new_unit__valid_from",
                "extent",
                "likeliest",
                "keeps_records",
                "decision__number",
            )
        ),
    )


def test_the_decisions_of_three_provinces_from_one_file_make_the_units_that_are_shipped(db):
    """Every decision of the country was tried so once (docs/howto/reorganise.md); three provinces take the time a suite has."""
    facts = _of({"01", "30", "31", "75", "70"})
    with transaction.atomic():
        loading.load(facts, actor=HOUSE, at=JUNE)
        wanted = stored()
        transaction.set_rollback(True)
    queries.clear_caches()
    loading.load(known_before(facts, THE_DAY), actor=HOUSE, at=JUNE)
    text = sheets.written(plans_of(facts, since=THE_DAY), queries.surroundings(THE_DAY).before).encode()

    # Provinces first: their communes need to know what they lie in.
    for of_provinces in (True, False):
        queries.clear_caches()
        sheet = sheets.read(text, cache(queries.surroundings))
        assert sheet.bad == []
        for plan in sorted(sheet.plans, key=lambda plan: plan.effective_on):
            if any(one.level == "province" and one.what == "begins" for one in plan.units) == of_provinces:
                decision = actions.draft_decision(plan, actor=HOUSE, at=JUNE)
                found = actions.check_decision(decision.pk, actor=HOUSE, at=JUNE)
                assert [fault for fault in found if fault.blocks] == []
                actions.approve_decision(decision.pk, actor=HOUSE, at=JUNE)

    assert stored() == wanted


def _of(provinces: set[str]) -> CountryFacts:
    """The country cut down to some provinces, old and new."""
    whole = country_facts()
    district_of = {(one.code, one.valid_from): one.parent_code for one in whole.units}

    def inside(one: UnitFact) -> bool:
        code, begins_on = one.code, one.valid_from
        while len(code) > 2:
            code = district_of[code, begins_on]
        return code in provinces

    units = tuple(one for one in whole.units if inside(one))
    known = {(one.code, one.valid_from) for one in units}
    acts = {name.decision for one in units for name in one.names}
    return replace(
        whole,
        units=units,
        decisions=tuple(one for one in whole.decisions if one.number in acts),
        successions=tuple(one for one in whole.successions if {(one.old_code, BEFORE), (one.new_code, one.on)} <= known),
        days=(),
    )
