"""What a placement brings about when things changed since the list, or the day has long passed; who is present afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import BadInput
from thongsuot.people import actions as people
from thongsuot.people.actions.accounts import AccountOfAnother
from thongsuot.people.models import Appointment, Person
from thongsuot.people.tests.make import MONDAY, VIET_NAM, make_officer
from thongsuot.staffing import actions, carrying_out
from thongsuot.staffing.models import LeaveCase, StaffMember
from thongsuot.staffing.queries import board as boards
from thongsuot.staffing.queries.persons import RUN_OUT, member_count, members, own_member, pool_figures, waiting
from thongsuot.staffing.queries.seen import member_for
from thongsuot.staffing.tests.make import (
    DAY,
    JUSTICE,
    LATER,
    RECEPTION,
    approved,
    at_decision,
    decide_leave,
    decided,
    in_effect,
    make_leave,
    make_member,
    make_plan,
    position,
    propose,
)
from thongsuot.staffing.tests.test_placing import again
from thongsuot.staffing.tests.test_plans import RIVER, row
from thongsuot.units import queries as units

HOUSE = system("worker")
DECEMBER = datetime(2025, 12, 1, 0, 0, tzinfo=VIET_NAM)


def said_of(member: StaffMember, **changes: object) -> dict[str, object]:
    return {
        "email": member.email,
        "qualification": member.qualification,
        "fields": "luật",
        "years_in_field": 6,
        "wish_unit_id": None,
        **changes,
    }


def later_account(office, member: StaffMember, *, name: str = "Trần Bách") -> Person:
    """Somebody opens the account only after the person was listed."""
    assert member.person_id is None
    return make_officer(office.river, name=name, kind="office", title="Chuyên viên", email=member.email)


def listed(office, *, name: str = "Trần Bách", **said: str) -> StaffMember:
    return make_member(office, full_name=name, state="Bố trí ở đơn vị mới", position="VT20", **said)


# -- the account -------------------------------------------------------------------------------------------------------


def test_posts_of_an_account_opened_after_the_import_end(office):
    member = listed(office)
    person = later_account(office, member)
    in_effect(office, propose(office, member))

    old, new = person.appointments.order_by("valid_from")
    assert old.valid_to == new.valid_from == LATER.date()
    assert again(member).person_id == person.pk


def test_who_leaves_loses_posts_and_an_account_opened_after_the_import(office):
    member = listed(office)
    person = later_account(office, member)
    decide_leave(office, at_decision(office, make_leave(office, member)))

    assert carrying_out.all_due(actor=HOUSE, at=DECEMBER) == 1
    assert not again(person).is_active
    assert person.appointments.get().valid_to == date(2025, 12, 1)


def test_an_address_taken_away_after_the_decision_holds_the_placement_up(office):
    member = make_member(office)
    placement = decided(office, propose(office, member))
    actions.change_member(member.pk, **said_of(member, email=""), actor=office.actor("nga"), at=MONDAY)

    assert carrying_out.all_due(actor=HOUSE, at=LATER) == 0
    assert (again(placement).status, again(member).state) == ("decided", "waiting")
    assert "thư điện tử" in placement.trouble


def test_an_account_of_another_name_is_not_tied(office):
    member = listed(office)
    later_account(office, member, name="Người Khác")
    placement = decided(office, propose(office, member))
    with pytest.raises(AccountOfAnother):
        actions.take_effect(placement.pk, actor=HOUSE, at=LATER)

    with pytest.raises(BadInput) as refusal:
        actions.change_member(member.pk, **said_of(member), actor=office.actor("nga"), at=MONDAY)
    assert "mang họ tên khác" in refusal.value.problems["email"]


def test_putting_the_address_right_ties_the_account(office):
    member = listed(office, email="")
    person = make_officer(office.river, name="Trần Bách", kind="office", title="Chuyên viên", email="bach@vidu.vn")
    actions.change_member(member.pk, **said_of(member, email="bach@vidu.vn"), actor=office.actor("nga"), at=MONDAY)
    assert again(member).person_id == person.pk

    other = listed(office, email="", unit="98002")
    with pytest.raises(BadInput):
        actions.change_member(other.pk, **said_of(other, email="bach@vidu.vn"), actor=office.actor("nga"), at=MONDAY)


def test_what_is_ones_own_is_so_before_the_account_is_tied(office):
    nga = office.people["nga"]
    member = make_member(office, full_name=nga.full_name, email="nga.cu@vidu.vn")
    Person.objects.filter(pk=nga.pk).update(email="nga.cu@vidu.vn")

    with pytest.raises(actions.errors.OwnCase):
        propose(office, again(member), by="nga")
    assert own_member(nga.pk) == member
    assert member_for(member.pk, actor=office.actor("nga")) == member
    assert own_member(office.people["lan"].pk) is None


# -- late, and dated back ----------------------------------------------------------------------------------------------


def test_a_late_effect_ends_today_what_began_meanwhile_and_takes_back_only_what_is_still_to_begin(office):
    member = listed(office)
    person = later_account(office, member)
    decided(office, propose(office, member))
    body, house = office.body(office.hill), system("cli")
    facts = {"body_id": body.pk, "actor": house, "at": MONDAY}
    people.appoint(person.pk, title="Văn thư", valid_from=LATER.date() + timedelta(days=2), **facts)
    people.appoint(person.pk, title="Chuyên viên", valid_from=LATER.date() + timedelta(days=30), **facts)
    late = LATER + timedelta(days=5)
    assert carrying_out.all_due(actor=HOUSE, at=late) == 1

    held = {(post.body_id, post.title): (post.valid_from, post.valid_to) for post in person.appointments.all()}
    assert held[office.body(office.river).pk, "Chuyên viên"][1] == LATER.date()
    assert held[body.pk, "Văn thư"] == (LATER.date() + timedelta(days=2), late.date())
    assert held[body.pk, "Chuyên viên"] == (LATER.date() + timedelta(days=30),) * 2


def test_a_decision_that_counts_from_before_it_was_signed_is_confirmed(office):
    placement = approved(office, propose(office, make_member(office), effective_on=DAY - timedelta(days=30)))
    facts = {"decision_number": "1", "decided_by": "UBND", "decided_on": DAY}
    with pytest.raises(BadInput) as refusal:
        actions.decide(placement.pk, **facts, actor=office.actor("tam"), at=MONDAY)
    assert set(refusal.value.problems) == {"backdated"}
    assert actions.decide(placement.pk, **facts, backdated=True, actor=office.actor("tam"), at=MONDAY).status == "decided"

    case = at_decision(office, make_leave(office, make_member(office), leaves_on=DAY - timedelta(days=30)))
    with pytest.raises(BadInput):
        decide_leave(office, case)
    assert again(case).stage == "decision"


# -- who is present ----------------------------------------------------------------------------------------------------


def counts(office, unit, *, on: date = DAY, plan=None) -> dict[str, tuple[int, int]]:
    return {one.code: (one.planned, one.present) for one in boards.positions_of(unit.pk, plan=plan, on=on)}


def test_a_post_beside_those_held_moves_nobody(office):
    member = listed(office)
    hill = office.body(office.hill, "office")
    wanted = {"to_body_id": hill.pk, "position_id": position(JUSTICE).pk, "keeps_posts": True}
    in_effect(office, propose(office, member, **wanted))

    assert (again(member).unit_id, member.position.code, member.state) == (office.river.pk, "VT20", "assigned")
    assert counts(office, office.river, on=LATER.date()) == {"VT20": (0, 1)}
    assert Appointment.objects.filter(person=member.person, body=hill, valid_to=None).exists()


def test_whose_time_has_run_out_is_not_present_and_is_listed(office):
    plan = make_plan(office, [row(RIVER, JUSTICE, 1)], persons=1, units=1)
    member = make_member(office, full_name="Hết Hạn")
    in_effect(office, propose(office, member, becomes="seconded", until=date(2026, 3, 1)))
    nga = office.actor("nga", LATER)

    last, over = date(2026, 2, 28), date(2026, 3, 1)
    assert counts(office, office.river, on=last, plan=plan) == {JUSTICE: (1, 1)}
    assert counts(office, office.river, on=over, plan=plan) == {JUSTICE: (1, 0)}
    shown = units.units_under(office.city.city.pk, as_of=over)
    assert [one.persons_short for one in boards.board(shown, plan=plan, on=over) if one.unit_id == office.river.pk] == [1]
    assert member_count(nga, on=last, state=RUN_OUT) == 0
    assert [(one.full_name, one.run_out) for one in members(nga, on=over, state=RUN_OUT, limit=9)] == [("Hết Hạn", True)]


def test_the_board_and_the_pool_count_those_who_wait_by_one_rule(office):
    """Who has asked to leave, and who only waits for the day of leaving, is no surplus to be placed."""
    asked, settled, stays, withdrew = (make_member(office) for _number in range(4))
    make_leave(office, asked)
    case = decide_leave(office, at_decision(office, make_leave(office, settled)))
    for stage in ("payment", "insurance"):
        actions.pass_on(case.pk, stage=stage, actor=office.actor("nga"), at=MONDAY)
    gone_back = make_leave(office, withdrew)
    actions.withdraw_leave(gone_back.pk, reason="Ở lại", actor=office.actor("hanh"), at=MONDAY)
    assert LeaveCase.objects.get(pk=case.pk).stage == "settled"

    nga = office.actor("nga")
    assert {one.pk for one in waiting(nga)} == {stays.pk, withdrew.pk}
    figures = pool_figures(nga)
    assert (figures.total, figures.leaving, figures.remaining) == (4, 2, 2)
    shown = units.units_under(office.city.city.pk, as_of=DAY)
    river = next(one for one in boards.board(shown, plan=None, on=DAY) if one.unit_id == office.river.pk)
    assert river.waiting == 2


def test_planned_posts_are_summed_per_unit_and_body(office):
    rows = [row(RIVER, JUSTICE, 2), row(RIVER, "VT20", 1), row(RIVER, RECEPTION, 3), row("98002", RECEPTION, 4)]
    plan = make_plan(office, rows, persons=10, units=2)
    make_member(office, state="Hợp đồng", position=RECEPTION)

    by_body = boards.plan_sums_by_body(plan)
    assert by_body[office.river.pk] == [("Văn phòng HĐND và UBND", 3, 2), ("Trung tâm Phục vụ hành chính công", 3, 1)]
    assert boards.whole_city(by_body) == [("Trung tâm Phục vụ hành chính công", 7, 2), ("Văn phòng HĐND và UBND", 3, 1)]
    sums = boards.body_sums(boards.positions_of(office.river.pk, plan=plan, on=DAY))
    assert [(one.kind, one.positions, one.planned, one.present, one.short) for one in sums] == [
        ("office", 2, 3, 0, 3),
        ("service_centre", 1, 3, 1, 2),
    ]
