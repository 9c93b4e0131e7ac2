"""Leave cases from the application to the insurance book; what happens on the day of leaving; how old the open ones are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.people.models import LookUp, Person
from thongsuot.people.tests.make import MONDAY, make_officer
from thongsuot.staffing import actions, carrying_out
from thongsuot.staffing.models import LeaveCase, Placement, StaffMember
from thongsuot.staffing.queries import leaving as queries
from thongsuot.staffing.queries.persons import pool_figures, waiting
from thongsuot.staffing.queries.seen import leave_case_for
from thongsuot.staffing.tests.make import (
    DAY,
    JUSTICE,
    PAY,
    at_decision,
    decide_leave,
    make_leave,
    make_member,
    propose,
)

HOUSE = system("worker")


def again(row):
    row.refresh_from_db()
    return row


def officer(office) -> tuple[Person, StaffMember]:
    """Someone who works in phường Sông with an account."""
    email = f"bach-{Person.objects.count()}@vidu.vn"
    person = make_officer(office.river, name="Trần Văn Bách", kind="office", title="Chuyên viên", email=email)
    state = {"state": "Bố trí ở đơn vị mới", "position": "VT20"}
    return person, make_member(office, full_name="Trần Văn Bách", email=email, **state)


def test_the_whole_way_desk_by_desk(office):
    person, member = officer(office)
    case = at_decision(office, make_leave(office, member))
    case = decide_leave(office, case)
    assert case.stage == "payment"
    case = actions.pass_on(case.pk, stage="payment", note="Đã chuyển khoản", actor=office.actor("nga"), at=MONDAY)
    case = actions.pass_on(case.pk, stage="insurance", actor=office.actor("nga"), at=MONDAY)

    assert (case.stage, case.settled_at) == ("settled", MONDAY)
    steps = list(case.steps.order_by("pk").values_list("stage", "outcome", "by_name"))
    assert [stage for stage, _outcome, _by in steps] == [
        "application",
        "unit_head",
        "council",
        "home_affairs",
        "decision",
        "payment",
        "insurance",
    ]
    assert steps[1][2] == "Lê Thị Hạnh"
    assert case.decided_dong == 900_000_000
    assert case.advised_dong == queries.advice(case).total_dong
    assert person.is_active


def test_on_the_day_of_leaving_the_posts_end_and_the_account_is_closed(office):
    person, member = officer(office)
    decide_leave(office, at_decision(office, make_leave(office, member)))
    assert carrying_out.all_due(actor=HOUSE, at=MONDAY) == 0
    assert again(person).is_active

    first = MONDAY.replace(month=12, day=1, hour=0)
    assert carrying_out.all_due(actor=HOUSE, at=first) == 1

    assert not again(person).is_active
    assert person.appointments.get().valid_to == date(2025, 12, 1)
    assert (again(member).state, member.position_id) == ("early_retirement", None)
    with pytest.raises(actions.errors.CannotBecome):
        propose(office, member)


def test_leaving_makes_the_other_state(office):
    _person, member = officer(office)
    case = decide_leave(office, at_decision(office, make_leave(office, member, kind="leaving")))
    actions.take_effect(case.placement_id, actor=HOUSE, at=MONDAY.replace(month=12, day=1))

    assert again(member).state == "leaves"


def test_a_desk_sends_back_with_a_reason_one_desk(office):
    case = make_leave(office, make_member(office))
    actions.pass_on(case.pk, stage="unit_head", actor=office.actor("hanh"), at=MONDAY)
    with pytest.raises(BadInput):
        actions.send_back(case.pk, stage="council", reason="", actor=office.actor("nga"), at=MONDAY)
    actions.send_back(case.pk, stage="council", reason="Thiếu ý kiến", actor=office.actor("nga"), at=MONDAY)
    actions.send_back(case.pk, stage="unit_head", reason="Đơn chưa ký", actor=office.actor("hanh"), at=MONDAY)
    assert again(case).stage == "application"

    with pytest.raises(actions.errors.LeaveMoved):
        actions.send_back(case.pk, stage="application", reason="x", actor=office.actor("hanh"), at=MONDAY)
    actions.pass_on(case.pk, stage="application", actor=office.actor("hanh"), at=MONDAY)
    assert again(case).stage == "unit_head"
    assert [step.note for step in case.steps.filter(outcome="sent_back").order_by("pk")] == ["Thiếu ý kiến", "Đơn chưa ký"]


def test_a_second_press_does_not_pass_it_on_twice(office):
    case = at_decision(office, make_leave(office, make_member(office)))
    decide_leave(office, case)
    actions.pass_on(case.pk, stage="payment", actor=office.actor("nga"), at=MONDAY)

    with pytest.raises(actions.errors.LeaveMoved):
        actions.pass_on(case.pk, stage="payment", actor=office.actor("nga"), at=MONDAY)
    assert again(case).stage == "insurance"


def test_the_person_applies_and_withdraws_but_decides_nothing(office):
    lan = office.people["lan"]
    member = make_member(office, full_name="Nguyễn Thị Lan", email=lan.email, state="Bố trí ở đơn vị mới", position=JUSTICE)
    case = make_leave(office, member, by="lan", facts=None)
    assert leave_case_for(case.pk, actor=office.actor("lan")).pk == case.pk
    for act in (
        lambda: actions.pass_on(case.pk, stage="unit_head", actor=office.actor("lan"), at=MONDAY),
        lambda: actions.send_back(case.pk, stage="unit_head", reason="x", actor=office.actor("lan"), at=MONDAY),
    ):
        with pytest.raises(actions.errors.OwnCase):
            act()
    actions.withdraw_leave(case.pk, reason="Ở lại", actor=office.actor("lan"), at=MONDAY)

    assert again(case).stage == "withdrawn"
    make_leave(office, member, by="lan", facts=None)  # and may ask again


def test_once_decided_nobody_withdraws_or_sends_back(office):
    case = decide_leave(office, at_decision(office, make_leave(office, make_member(office))))

    with pytest.raises(actions.errors.LeaveMoved):
        actions.withdraw_leave(case.pk, reason="x", actor=office.actor("hanh"), at=MONDAY)
    with pytest.raises(actions.errors.LeaveMoved):
        actions.send_back(case.pk, stage="payment", reason="x", actor=office.actor("nga"), at=MONDAY)
    with pytest.raises(actions.errors.PlacementMoved):
        actions.withdraw(case.placement_id, reason="x", actor=office.actor("nga"), at=MONDAY)


def test_each_desk_belongs_to_those_with_its_duty(office):
    case = make_leave(office, make_member(office))
    for who in ("doan", "nga", "dung", "lan"):
        with pytest.raises(NotYourDuty):
            actions.pass_on(case.pk, stage="unit_head", actor=office.actor(who), at=MONDAY)
    actions.pass_on(case.pk, stage="unit_head", actor=office.actor("hanh"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.pass_on(case.pk, stage="council", actor=office.actor("hanh"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        make_leave(office, make_member(office), by="doan")


def test_home_affairs_does_not_pass_on_what_cannot_be_worked_out(office):
    case = make_leave(office, make_member(office), facts=None)
    for who, stage in (("hanh", "unit_head"), ("nga", "council")):
        actions.pass_on(case.pk, stage=stage, actor=office.actor(who), at=MONDAY)
    with pytest.raises(actions.errors.LacksFacts):
        actions.pass_on(case.pk, stage="home_affairs", actor=office.actor("nga"), at=MONDAY)

    far = actions.PayFacts(pay_dong=9_000_000, months_insured=120, retires_on=date(2040, 1, 1))
    put = {"leaves_on": case.leaves_on, "reorganised_on": case.reorganised_on}
    actions.put_facts(case.pk, **put, facts=far, actor=office.actor("nga"), at=MONDAY)
    with pytest.raises(actions.errors.NoRate):
        actions.pass_on(case.pk, stage="home_affairs", actor=office.actor("nga"), at=MONDAY)
    actions.put_facts(case.pk, **put, facts=PAY, actor=office.actor("nga"), at=MONDAY)
    assert actions.pass_on(case.pk, stage="home_affairs", actor=office.actor("nga"), at=MONDAY).stage == "decision"


def test_facts_that_cannot_be_are_told_by_field(office):
    case = make_leave(office, make_member(office))
    with pytest.raises(BadInput) as refusal:
        actions.put_facts(
            case.pk,
            leaves_on=date(2025, 12, 1),
            reorganised_on=date(2025, 7, 1),
            facts=actions.PayFacts(pay_dong=-1, months_insured=9_999, retires_on=date(2025, 1, 1)),
            actor=office.actor("hanh"),
            at=MONDAY,
        )

    assert set(refusal.value.problems) == {"pay_dong", "months_insured", "retires_on"}


def test_one_open_application_a_person(office):
    member = make_member(office)
    make_leave(office, member)

    with pytest.raises(actions.errors.LeaveOpen):
        make_leave(office, member)


def test_a_proposal_under_way_is_settled_before_the_leave_is_decided(office):
    member = make_member(office)
    case = at_decision(office, make_leave(office, member))
    propose(office, member)

    with pytest.raises(actions.errors.PlacementOpen):
        decide_leave(office, case)
    assert again(case).stage == "decision"


def test_who_has_asked_to_leave_is_not_in_the_pool(office):
    member, other = make_member(office), make_member(office)
    make_leave(office, member)

    nga = office.actor("nga")
    assert [one.pk for one in waiting(nga)] == [other.pk]
    figures = pool_figures(nga)
    assert (figures.total, figures.leaving, figures.remaining) == (2, 1, 1)


# -- privacy -----------------------------------------------------------------------------------------------------------


def test_a_case_is_for_the_unit_the_city_and_the_person(office):
    case = make_leave(office, make_member(office))

    assert leave_case_for(case.pk, actor=office.actor("hanh"))
    assert leave_case_for(case.pk, actor=office.actor("nga"))
    for who in ("doan", "lan", "dung"):
        with pytest.raises(NotFound):
            leave_case_for(case.pk, actor=office.actor(who))


def test_events_hold_no_pay_no_name_and_no_reason(office):
    case = make_leave(office, make_member(office, full_name="Hoàng Thị Mai"), reason="Bệnh tim")
    decide_leave(office, at_decision(office, case), dong=987_654_321)

    said = " ".join(str(event.facts) for event in Event.objects.filter(name__startswith="staffing."))
    assert not [word for word in ("Mai", "Bệnh", "15000000", "240", "987654321") if word in said]


def test_who_looks_at_the_pay_is_seen_by_the_person(office):
    person, member = officer(office)
    case = make_leave(office, member)
    actions.look_at(case.pk, actor=office.actor("nga"), at=MONDAY)

    look = LookUp.objects.get(about=person)
    assert (look.by_id, look.fields) == (office.people["nga"].pk, ["insured_time", "pay"])


# -- figures -----------------------------------------------------------------------------------------------------------


def test_876_applications_300_settled_576_open_by_their_age(office):
    """The report counts each application once. 19 of them left by downsizing on 1 July."""
    members = StaffMember.objects.bulk_create(
        StaffMember(
            city=office.city.city,
            unit=office.river,
            old_unit=office.river,
            full_name=f"Người {number}",
            search_name="x",
            sort_name="x",
            waiting_since=DAY,
        )
        for number in range(876)
    )
    LeaveCase.objects.bulk_create(
        LeaveCase(
            member=member,
            unit=office.river,
            kind="downsizing" if number < 19 else "leaving",
            applied_on=DAY - timedelta(days=number % 90),
            leaves_on=date(2025, 7, 1),
            reorganised_on=date(2025, 7, 1),
        )
        for number, member in enumerate(members)
    )
    settle(office, LeaveCase.objects.order_by("pk")[100:400])

    report = queries.ageing(office.actor("nga"), on=DAY)

    assert (report.applications, report.settled, report.withdrawn, report.open) == (876, 300, 0, 576)
    assert sum(count for _from, _to, count in report.bands) == 576
    assert [band[:2] for band in report.bands] == [(0, 10), (11, 30), (31, 60), (61, None)]
    assert sum(count for _stage, _label, count in report.stages) == 576
    assert queries.case_count(office.actor("nga"), kind="downsizing") == 19
    assert queries.ageing(office.actor("doan"), on=DAY).applications == 0


def settle(office, cases) -> None:
    """As they were left in the past: a decision that took effect, and the case done."""
    settled = list(cases)
    decided = Placement.objects.bulk_create(
        Placement(
            member_id=case.member_id,
            becomes="leaves",
            from_unit=office.river,
            effective_on=case.leaves_on,
            status="in_effect",
            proposed_at=MONDAY,
            proposed_by_name="Nga",
            decision_number="1",
            decided_by="UBND",
            decided_on=DAY,
            took_effect_at=MONDAY,
        )
        for case in settled
    )
    for case, placement in zip(settled, decided, strict=True):
        case.placement, case.decided_dong, case.stage, case.settled_at = placement, 1, "settled", MONDAY
    LeaveCase.objects.bulk_update(settled, ["placement", "decided_dong", "stage", "settled_at"])


def test_whoever_appraised_a_case_does_not_decide_it(office):
    case = at_decision(office, make_leave(office, make_member(office)))
    facts = {"decision_number": "1", "decided_by": "UBND", "decided_on": DAY, "decided_dong": 1}

    with pytest.raises(actions.errors.AppraisedIt):
        actions.decide_leave(case.pk, **facts, actor=office.actor("nga"), at=MONDAY)
    assert actions.decide_leave(case.pk, **facts, actor=office.actor("tam"), at=MONDAY).stage == "payment"


def test_the_unit_changes_no_facts_once_it_has_passed_the_case_on(office):
    case = make_leave(office, make_member(office))
    put = {"leaves_on": case.leaves_on, "reorganised_on": case.reorganised_on, "facts": PAY}
    actions.put_facts(case.pk, **put, actor=office.actor("hanh"), at=MONDAY)
    actions.pass_on(case.pk, stage="unit_head", actor=office.actor("hanh"), at=MONDAY)

    with pytest.raises(NotYourDuty):
        actions.put_facts(case.pk, **put, actor=office.actor("hanh"), at=MONDAY)
    actions.put_facts(case.pk, **put, actor=office.actor("nga"), at=MONDAY)
