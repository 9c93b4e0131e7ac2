"""Positions, plans from files, the board, the pool and what is dealt out: figures that must add up."""

from __future__ import annotations

from datetime import date

import pytest

from thongsuot.files.models import StoredFile
from thongsuot.files.table_rows import RowsRefused
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.people.tests.make import MONDAY
from thongsuot.staffing import actions, loading, sheets
from thongsuot.staffing.models import (
    Distribution,
    DistributionShare,
    JobPosition,
    LeaveRate,
    Placement,
    PlannedPost,
    StaffMember,
)
from thongsuot.staffing.queries import board as boards
from thongsuot.staffing.queries import pool as pools
from thongsuot.staffing.queries.persons import pool_figures
from thongsuot.staffing.tests.make import (
    CHAIR,
    FARMING,
    JUSTICE,
    RECEPTION,
    TOWN_PLANNING,
    csv_of,
    in_effect,
    make_leave,
    make_member,
    make_plan,
    position,
    propose,
    xlsx_of,
)
from thongsuot.units import queries as units
from thongsuot.units.models import Boundary, Unit, UnitName
from thongsuot.units.tests.make import THE_DAY

HOUSE = system("cli")
RIVER, HILL = "98001", "98002"


def row(unit: str, code: str, persons: object) -> dict[str, object]:
    return {"unit": unit, "position": code, "persons": persons}


# -- the catalogue -----------------------------------------------------------------------------------------------------


def test_57_positions_are_shipped_to_be_checked_and_loading_again_changes_nothing(office):
    assert JobPosition.objects.count() == 57
    assert not JobPosition.objects.filter(checked=True).exists()
    assert position(CHAIR).party_managed
    assert position(TOWN_PLANNING).applies_to == ["phuong"]
    assert position(FARMING).applies_to == ["xa", "dac_khu"]

    JobPosition.objects.filter(code=JUSTICE).update(name="Hộ tịch", checked=True)
    assert loading.load(at=MONDAY) == 0
    assert position(JUSTICE).name == "Hộ tịch"
    assert LeaveRate.objects.filter(checked=False).count() == LeaveRate.objects.count() > 15


def test_a_position_is_edited_by_home_affairs_alone(office):
    said = {
        "name": "Hộ tịch",
        "group": "specialist",
        "body_kind": "office",
        "title": "Công chức tư pháp - hộ tịch",
        "applies_to": ["phuong"],
        "mandatory": True,
        "headcount": 3,
        "party_managed": False,
        "qualification": "3",
        "fields": ["luật"],
        "checked": True,
    }
    actions.put_position(JUSTICE, **said, actor=office.actor("nga"), at=MONDAY)
    assert (position(JUSTICE).headcount, position(JUSTICE).checked) == (3, True)

    with pytest.raises(NotYourDuty):
        actions.put_position(JUSTICE, **said, actor=office.actor("hanh"), at=MONDAY)
    with pytest.raises(BadInput) as refusal:
        actions.put_position(
            "VT99",
            **{**said, "title": "Quản trị hệ thống", "name": "", "applies_to": []},
            actor=office.actor("nga"),
            at=MONDAY,
        )
    assert set(refusal.value.problems) == {"title", "name", "applies_to"}


# -- plans -------------------------------------------------------------------------------------------------------------


def city_of_126(office) -> list[dict[str, object]]:
    """Rows of 9,536 persons: 75 or 76 a unit over three positions, 126 x 75 + 86."""
    more = 126 - 2
    made = Unit.objects.bulk_create(
        Unit(code=f"97{place:03d}", level="commune", parent=office.city.city, valid_from=THE_DAY) for place in range(more)
    )
    UnitName.objects.bulk_create(
        UnitName(
            unit=unit,
            kind="phuong",
            name=f"Số {unit.code}",
            full_name=f"Phường Số {unit.code}",
            search_name=f"so {unit.code}",
            sort_name=unit.code,
            valid_from=THE_DAY,
        )
        for unit in made
    )
    units.clear_caches()
    codes = [RIVER, HILL, *(unit.code for unit in made)]
    rows = [row(code, JUSTICE, 2) for code in codes] + [row(code, "VT20", 2) for code in codes]
    rows += [row(code, RECEPTION, 72 if place < 86 else 71) for place, code in enumerate(codes)]
    return rows


def test_9536_persons_over_126_units_are_accepted_and_one_less_is_not(office):
    """The decision's totals are what a plan is held against: persons and units."""
    rows = city_of_126(office)
    assert sum(int(str(one["persons"])) for one in rows) == 9_536

    with pytest.raises(actions.errors.PlanDiffers) as refusal:
        make_plan(office, [*rows[:-1], {**rows[-1], "persons": 70}], persons=9_536, units=126)
    assert "9.535 người ở 126 đơn vị" in refusal.value.message()
    with pytest.raises(actions.errors.PlanDiffers):
        make_plan(office, rows, persons=9_536, units=125)
    plan = make_plan(office, rows, persons=9_536, units=126)

    assert plan.state == "accepted"
    sums = boards.plan_sums(plan)
    assert (len(sums), sum(persons for _unit, persons, _positions in sums)) == (126, 9_536)
    assert {persons for _unit, persons, _positions in sums} == {75, 76}


def test_a_workbook_fills_a_plan_as_csv_does(office):
    plan = make_plan(office, [row(RIVER, JUSTICE, 1)], persons=3, units=2, accept=False)
    came = actions.fill_plan(
        plan.pk,
        xlsx_of(sheets.PLAN, [row(RIVER, JUSTICE, 2), row(HILL, JUSTICE, 1), row(HILL, "VT20", 0)]),
        name="phuong-an.xlsx",
        actor=office.actor("nga"),
        at=MONDAY,
    )

    assert came.rows == 2
    assert actions.accept_plan(plan.pk, actor=office.actor("nga"), at=MONDAY).state == "accepted"


def test_every_wrong_row_is_told_and_nothing_comes_in(office):
    plan = make_plan(office, [row(RIVER, JUSTICE, 1)], persons=1, units=1, accept=False)
    files = StoredFile.objects.count()
    rows = [
        row(RIVER, JUSTICE, 2),
        row("99999", JUSTICE, 1),
        row(RIVER, "VT88", 1),
        row(RIVER, RECEPTION, "hai"),
        row(RIVER, FARMING, 1),
        row(RIVER, JUSTICE, 1),
        row(HILL, JUSTICE, -1),
    ]
    with pytest.raises(RowsRefused) as refusal:
        actions.fill_plan(plan.pk, csv_of(sheets.PLAN, rows), name="x.csv", actor=office.actor("nga"), at=MONDAY)

    assert [row.place for row in refusal.value.rows] == [3, 4, 5, 6, 7, 8]
    said = " ".join(words for row in refusal.value.rows for words in row.problems.values())
    for words in ("99999", "VT88", "số nguyên từ 0 đến 999", "không có vị trí “Nông nghiệp”", "đã có ở dòng 2"):
        assert words in said
    assert [post.persons for post in PlannedPost.objects.filter(plan=plan)] == [1]
    assert StoredFile.objects.count() == files


def test_an_accepted_plan_stands_and_the_next_one_replaces_it(office):
    first = make_plan(office, [row(RIVER, JUSTICE, 1)], persons=1, units=1)
    with pytest.raises(actions.errors.PlanAccepted):
        actions.fill_plan(first.pk, b"", name="x.csv", actor=office.actor("nga"), at=MONDAY)
    second = make_plan(office, [row(RIVER, JUSTICE, 2)], persons=2, units=1)

    first.refresh_from_db()
    assert first.state == "replaced"
    assert boards.plan_in_force(office.city.city.pk, on=MONDAY.date()) == second


def test_only_home_affairs_makes_plans(office):
    plan = make_plan(office, [row(RIVER, JUSTICE, 1)], persons=1, units=1, accept=False)
    for who in ("hanh", "dung", "lan"):
        with pytest.raises(NotYourDuty):
            actions.accept_plan(plan.pk, actor=office.actor(who), at=MONDAY)
    with pytest.raises(BadInput):
        actions.change_totals(
            plan.pk, total_persons=0, total_units=1, decision_number="1", actor=office.actor("nga"), at=MONDAY
        )
    actions.change_totals(plan.pk, total_persons=2, total_units=1, decision_number="2", actor=office.actor("nga"), at=MONDAY)
    with pytest.raises(actions.errors.PlanDiffers):
        actions.accept_plan(plan.pk, actor=office.actor("nga"), at=MONDAY)


# -- the board ---------------------------------------------------------------------------------------------------------


def test_19_persons_short_over_15_positions_are_two_figures(office):
    """As in Minh Châu: four positions lack two persons, eleven lack one."""
    codes = list(JobPosition.objects.filter(applies_to__contains=["phuong"]).values_list("code", flat=True)[:15])
    rows = [row(RIVER, code, 2 if place < 4 else 1) for place, code in enumerate(codes)]
    plan = make_plan(office, [*rows, row(RIVER, RECEPTION, 1), row(HILL, JUSTICE, 1)], persons=21, units=2)
    make_member(office, state="Bố trí ở đơn vị mới", position=RECEPTION)
    make_member(office, state="Hợp đồng", position=RECEPTION)
    make_member(office)

    nga = office.actor("nga")
    shown = units.units_under(office.city.city.pk, as_of=MONDAY.date())
    river = next(one for one in boards.board(shown, plan=plan, on=MONDAY.date()) if one.unit_id == office.river.pk)

    assert (river.persons_short, river.positions_short) == (19, 15)
    assert (river.planned, river.present, river.over, river.waiting) == (20, 2, 1, 1)
    assert sum(one.short for one in boards.positions_of(office.river.pk, plan=plan, on=MONDAY.date())) == 19
    assert sum(count for _unit, _position, count in boards.all_short(shown, plan=plan, on=MONDAY.date())) == 20
    of_hanh = boards.units_to_show(office.actor("hanh"), city_id=office.city.city.pk, on=MONDAY.date())
    assert [unit.id for unit in of_hanh] == [office.river.pk]
    assert len(boards.units_to_show(nga, city_id=office.city.city.pk, on=MONDAY.date())) == 2


def test_a_place_that_is_filled_is_no_longer_short(office):
    plan = make_plan(office, [row(RIVER, JUSTICE, 1)], persons=1, units=1)
    in_effect(office, propose(office, make_member(office)))

    (one,) = boards.positions_of(office.river.pk, plan=plan, on=MONDAY.date())
    assert (one.planned, one.present, one.short) == (1, 1, 0)


def test_the_board_costs_two_queries(office, django_assert_num_queries):
    plan = make_plan(office, [row(RIVER, JUSTICE, 1)], persons=1, units=1)
    shown = units.units_under(office.city.city.pk, as_of=MONDAY.date())
    with django_assert_num_queries(2):
        boards.board(shown, plan=plan, on=MONDAY.date())


def test_before_any_plan_the_board_shows_who_is_there(office):
    make_member(office, state="Bố trí ở đơn vị mới", position=RECEPTION)
    (river,) = [
        one
        for one in boards.board(units.units_under(office.city.city.pk, as_of=MONDAY.date()), plan=None, on=MONDAY.date())
        if one.unit_id == office.river.pk
    ]

    assert (river.planned, river.present, river.persons_short) == (0, 1, 0)


# -- persons from a file -----------------------------------------------------------------------------------------------


def waiting_list(count: int) -> list[dict[str, object]]:
    return [
        {"full_name": f"Người Chờ {number}", "email": f"cho-{number}@vidu.vn", "unit": "98101" if number % 2 else "98102"}
        for number in range(count)
    ]


def come_in(office, rows, *, counted: date = date(2025, 6, 30)):
    return actions.import_members(
        office.city.city.pk,
        csv_of(sheets.MEMBERS, rows),
        name="can-bo.csv",
        counted=counted,
        actor=office.actor("nga"),
        at=MONDAY,
    )


def test_253_wait_by_old_unit_and_placed_and_remaining_stay_253(office):
    come_in(office, waiting_list(253))
    nga = office.actor("nga")
    assert pool_figures(nga).remaining == 253
    assert [(name, count) for _unit, name, count in pools.by_old_unit(nga, on=MONDAY.date())] == [
        ("Phường Bến", 126),
        ("Phường Chợ", 127),
    ]

    for member in StaffMember.objects.order_by("pk")[:6]:
        in_effect(office, propose(office, member, by="hanh"))
    propose(office, StaffMember.objects.latest("pk"))  # under way is still waiting

    figures = pool_figures(nga)
    assert (figures.placed, figures.remaining) == (6, 247)
    assert figures.placed + figures.remaining == figures.total == 253
    assert pools.pool_count(nga) == 247
    assert pool_figures(office.actor("hanh")).remaining == 0  # those of ended units are the city's to place


def test_the_pool_keeps_adding_up_when_people_leave(office):
    come_in(office, waiting_list(4))
    first, second, third, _fourth = StaffMember.objects.order_by("pk")
    in_effect(office, propose(office, first))
    make_leave(office, second, by="nga")
    StaffMember.objects.filter(pk=third.pk).update(state="leaves")

    figures = pool_figures(office.actor("nga"))
    assert (figures.total, figures.placed, figures.leaving, figures.gone, figures.remaining) == (4, 1, 1, 1, 1)


def test_every_wrong_person_is_told_and_nobody_comes(office):
    lan = office.people["lan"]
    make_member(office, email="co-roi@vidu.vn")
    before = StaffMember.objects.count()
    rows: list[dict[str, object]] = [
        {"full_name": "Người Tốt", "unit": RIVER},
        {"full_name": "", "unit": "00000"},
        {"full_name": "Người Khác", "email": lan.email, "unit": RIVER},
        {"full_name": "Hai Lần", "email": "co-roi@vidu.vn", "unit": RIVER},
        {"full_name": "Sai Thư", "email": "khong-phai-thu", "unit": RIVER},
        {"full_name": "Sai Trình Độ", "unit": RIVER, "qualification": "tiến sĩ khoa học", "years": "x"},
        {"full_name": "Chờ Có Chỗ", "unit": RIVER, "position": JUSTICE},
        {"full_name": "Đã Nghỉ", "unit": RIVER, "state": "Thôi việc"},
        {"full_name": "Không Chỗ", "unit": RIVER, "state": "Hợp đồng"},
        {"full_name": "Ước Xa", "unit": RIVER, "wish": "11111"},
    ]
    with pytest.raises(RowsRefused) as refusal:
        come_in(office, rows, counted=MONDAY.date())

    assert sorted({row.place for row in refusal.value.rows}) == [3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert sum(len(row.problems) for row in refusal.value.rows) == 11
    assert StaffMember.objects.count() == before
    assert not Event.objects.filter(name="staffing.members_imported").exists()


def test_codes_are_those_of_the_day_of_the_list(office):
    with pytest.raises(RowsRefused):
        come_in(office, waiting_list(1), counted=MONDAY.date())  # 98102 has ended
    with pytest.raises(NotYourDuty):
        actions.import_members(
            office.city.city.pk, b"", name="x.csv", counted=MONDAY.date(), actor=office.actor("hanh"), at=MONDAY
        )


# -- matching ----------------------------------------------------------------------------------------------------------


def test_the_pool_is_ranked_for_an_empty_place(office):
    make_plan(office, [row(RIVER, JUSTICE, 1)], persons=1, units=1)
    weak = make_member(office, full_name="Yếu", qualification="trung cấp", fields="y tế", years="1")
    strong = make_member(office, full_name="Mạnh", fields="Luật", years="12", wish=RIVER)
    middle = make_member(office, full_name="Vừa", fields="luật", years="2")
    busy = make_member(office, full_name="Bận", fields="luật", years="20")
    propose(office, busy, code="VT20")

    found = pools.proposals(office.actor("nga"), position(JUSTICE), unit_id=office.river.pk, on=MONDAY.date())

    assert [one.member_id for one in found] == [strong.pk, middle.pk, weak.pk]
    assert "Có nguyện vọng về đây" in [reason.text for reason in found[0].match.reasons]


def test_a_waiting_person_sees_the_places_that_fit_best(office):
    plan = make_plan(office, [row(RIVER, JUSTICE, 1), row(HILL, "VT45", 1), row(HILL, CHAIR, 1)], persons=3, units=2)
    member = make_member(office, fields="luật", wish=RIVER)
    shown = units.units_under(office.city.city.pk, as_of=MONDAY.date())

    found = pools.openings(member, shown, plan=plan, on=MONDAY.date())

    assert [(one.unit, one.position) for one in found] == [("Phường Sông", "Tư pháp, hộ tịch"), ("Phường Đồi", "Y tế")]


# -- distributions -----------------------------------------------------------------------------------------------------


@pytest.fixture
def four(office) -> list[int]:
    """Phường Sông, Đồi and two more."""
    more = Unit.objects.bulk_create(
        Unit(code=f"9700{place}", level="commune", parent=office.city.city, valid_from=THE_DAY) for place in range(2)
    )
    units.clear_caches()
    return [office.river.pk, office.hill.pk, *(unit.pk for unit in more)]


def deal(office, four, parts, *, total: int = 217, who: str = "nga", **changes):
    return actions.distribute(
        office.city.city.pk,
        title="Người hoạt động không chuyên trách và người lao động",
        group="both",
        total=total,
        shares=dict(zip(four, parts, strict=True)),
        actor=office.actor(who),
        at=MONDAY,
        **changes,
    )


def test_217_is_52_and_52_and_58_and_55(office, four):
    kept = deal(office, four, [52, 52, 58, 55])

    assert sorted(kept.shares.values_list("persons", flat=True)) == [52, 52, 55, 58]


@pytest.mark.parametrize(
    ("last", "said"), [(54, "216 người, thiếu 1 so với tổng 217"), (56, "218 người, thừa 1 so với tổng 217")]
)
def test_216_and_218_are_refused_and_the_difference_is_said(office, four, last, said):
    with pytest.raises(actions.errors.DoesNotAddUp) as refusal:
        deal(office, four, [52, 52, 58, last])

    assert said in refusal.value.message()
    assert not Distribution.objects.exists()


def test_a_distribution_is_dealt_anew_whole_or_not_at_all(office, four):
    kept = deal(office, four, [52, 52, 58, 55])
    with pytest.raises(actions.errors.DoesNotAddUp):
        deal(office, four, [1, 1, 1, 1], distribution_id=kept.pk)
    assert DistributionShare.objects.filter(persons=58).exists()
    deal(office, four, [1, 1, 1, 1], total=4, distribution_id=kept.pk)

    assert Distribution.objects.get().total == sum(DistributionShare.objects.values_list("persons", flat=True)) == 4


def test_nobody_deals_out_to_strangers_or_without_the_duty(office, four):
    with pytest.raises(NotYourDuty):
        deal(office, four, [52, 52, 58, 55], who="hanh")
    with pytest.raises(BadInput):
        deal(office, [Unit.objects.get(code="98101").pk], [217])
    with pytest.raises(BadInput):
        deal(office, four, [217, 0, 0, 0])
    assert not Placement.objects.exists()


def test_where_a_unit_lies_is_known_by_its_point_its_outline_or_its_successor(office):
    old = Unit.objects.get(code="98102")
    Unit.objects.filter(pk__in=[old.pk, office.hill.pk]).update(latitude=None, longitude=None)
    assert boards.coordinates([office.river.pk, old.pk, office.hill.pk]) == {
        office.river.pk: (21.0, 105.8),
        old.pk: (21.0, 105.8),  # most of it went to phường Sông
    }

    Boundary.objects.create(unit=office.hill, geometry={}, source="x", west=105.0, east=105.2, south=20.0, north=20.2)
    assert boards.coordinates([office.hill.pk])[office.hill.pk] == pytest.approx((20.1, 105.1))
