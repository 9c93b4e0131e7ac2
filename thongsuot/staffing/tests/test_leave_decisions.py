"""Decisions on leaving: taken back by a document, refused by the council; what they stand on; who stands in for heads."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.people import actions as people
from thongsuot.people.models import Appointment, Person
from thongsuot.people.tests.make import MONDAY, VIET_NAM
from thongsuot.staffing import actions, carrying_out
from thongsuot.staffing.models import LeaveRate
from thongsuot.staffing.queries import leaving as queries
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
from thongsuot.staffing.tests.test_leaving import again, officer
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

HOUSE = system("worker")
DOCUMENT = {"decision_number": "56/QĐ-UBND", "decided_by": "UBND Thành phố Ví Dụ", "decided_on": DAY}
FIRST = datetime(2025, 12, 1, 0, 0, tzinfo=VIET_NAM)


def put(case, **changes: object) -> dict[str, object]:
    return {"leaves_on": case.leaves_on, "reorganised_on": case.reorganised_on, "facts": PAY, **changes}


# -- taken back --------------------------------------------------------------------------------------------------------


def test_a_document_takes_the_decision_back_and_the_case_is_decided_anew(office):
    person, member = officer(office)
    case = decide_leave(office, at_decision(office, make_leave(office, member)))
    first = case.placement_id
    actions.pass_on(case.pk, stage="payment", actor=office.actor("nga"), at=MONDAY)
    for who in ("hanh", "lan", "dung"):
        with pytest.raises(NotYourDuty):
            actions.cancel_decision(case.pk, **DOCUMENT, actor=office.actor(who), at=MONDAY)
    with pytest.raises(BadInput):
        actions.cancel_decision(case.pk, **{**DOCUMENT, "decision_number": ""}, actor=office.actor("nga"), at=MONDAY)
    case = actions.cancel_decision(case.pk, **DOCUMENT, actor=office.actor("nga"), at=MONDAY)

    assert (case.stage, case.placement_id, case.decided_dong, case.advised_dong) == ("decision", None, None, None)
    withdrawn = member.placements.get(pk=first)
    assert (withdrawn.status, withdrawn.decision_number) == ("withdrawn", "34/QĐ-UBND")
    assert "56/QĐ-UBND" in withdrawn.closed_reason
    outcomes = list(case.steps.order_by("pk").values_list("stage", "outcome"))
    assert outcomes[-3:] == [("decision", "passed"), ("payment", "passed"), ("insurance", "cancelled")]
    assert carrying_out.all_due(actor=HOUSE, at=FIRST) == 0
    assert again(person).is_active

    again_decided = decide_leave(office, case, dong=1_000)
    assert (again_decided.decided_dong, again_decided.stage) == (1_000, "payment")
    event = Event.objects.get(name="staffing.leave_decision_cancelled")
    assert event.facts["decision"] == "56/QĐ-UBND"


def test_taken_back_the_person_may_stay_after_all(office):
    _person, member = officer(office)
    case = decide_leave(office, at_decision(office, make_leave(office, member)))
    for stage in ("payment", "insurance"):
        actions.pass_on(case.pk, stage=stage, actor=office.actor("nga"), at=MONDAY)
    case = actions.cancel_decision(case.pk, **DOCUMENT, actor=office.actor("tam"), at=MONDAY)
    assert case.settled_at is None
    actions.withdraw_leave(case.pk, reason="Ở lại", actor=office.actor("nga"), at=MONDAY)

    assert propose(office, again(member)).status == "proposed"


def test_once_in_effect_nothing_is_taken_back(office):
    case = decide_leave(office, at_decision(office, make_leave(office, make_member(office))))
    actions.take_effect(case.placement_id, actor=HOUSE, at=FIRST)

    with pytest.raises(actions.errors.TookEffect):
        actions.cancel_decision(case.pk, **DOCUMENT, actor=office.actor("nga"), at=FIRST)
    undecided = make_leave(office, make_member(office))
    with pytest.raises(actions.errors.LeaveMoved):
        actions.cancel_decision(undecided.pk, **DOCUMENT, actor=office.actor("nga"), at=MONDAY)


def test_the_council_says_no_and_the_person_may_ask_again(office):
    member = make_member(office)
    case = make_leave(office, member)
    with pytest.raises(actions.errors.LeaveMoved):
        actions.refuse_leave(case.pk, stage="unit_head", reason="x", actor=office.actor("nga"), at=MONDAY)
    actions.pass_on(case.pk, stage="unit_head", actor=office.actor("hanh"), at=MONDAY)
    with pytest.raises(BadInput):
        actions.refuse_leave(case.pk, stage="council", reason=" ", actor=office.actor("nga"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.refuse_leave(case.pk, stage="council", reason="x", actor=office.actor("hanh"), at=MONDAY)
    case = actions.refuse_leave(case.pk, stage="council", reason="Đang thiếu người", actor=office.actor("nga"), at=MONDAY)

    assert case.stage == "refused"
    assert case.steps.latest("pk").outcome == "refused"
    figures = queries.ageing(office.actor("nga"), on=DAY)
    assert (figures.applications, figures.refused, figures.open) == (1, 1, 0)
    with pytest.raises(actions.errors.LeaveMoved):
        actions.refuse_leave(case.pk, stage="council", reason="x", actor=office.actor("nga"), at=MONDAY)
    make_leave(office, member)


# -- what a decision stands on -----------------------------------------------------------------------------------------


def test_what_the_sum_is_worked_out_from_is_not_changed_where_it_is_decided(office):
    case = at_decision(office, make_leave(office, make_member(office)))
    with pytest.raises(actions.errors.FactsStand):
        actions.put_facts(case.pk, **put(case), actor=office.actor("tam"), at=MONDAY)
    assert not actions.may_put_facts(case, office.actor("tam"))

    case = actions.send_back(case.pk, stage="decision", reason="Sai lương", actor=office.actor("tam"), at=MONDAY)
    actions.put_facts(case.pk, **put(case), actor=office.actor("nga"), at=MONDAY)


def test_the_lines_of_a_decided_case_stay_whatever_rates_say_later(office):
    case = at_decision(office, make_leave(office, make_member(office)))
    before = queries.advice(case)
    case = decide_leave(office, case)
    LeaveRate.objects.update(factor=9)

    case = again(case)
    assert queries.shown(case) == before
    assert case.advised_dong == before.total_dong != queries.advice(case).total_dong


# -- who may -----------------------------------------------------------------------------------------------------------


def test_nobody_withdraws_a_proposal_about_themselves(office):
    tam = office.people["tam"]
    own = make_member(office, full_name=tam.full_name, email=tam.email, state="Bố trí ở đơn vị mới", position=JUSTICE)
    placement = propose(office, own, code="VT20")

    with pytest.raises(actions.errors.OwnCase):
        actions.withdraw(placement.pk, reason="x", actor=office.actor("tam"), at=MONDAY)
    assert again(placement).status == "proposed"


def test_the_head_withdraws_while_the_case_is_at_the_unit_and_no_longer(office):
    case = make_leave(office, make_member(office))
    actions.pass_on(case.pk, stage="unit_head", actor=office.actor("hanh"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.withdraw_leave(case.pk, reason="x", actor=office.actor("hanh"), at=MONDAY)
    assert not actions.may_withdraw(again(case), office.actor("hanh"))

    actions.withdraw_leave(case.pk, reason="Theo đơn", actor=office.actor("nga"), at=MONDAY)
    at_unit = make_leave(office, make_member(office))
    assert actions.withdraw_leave(at_unit.pk, reason="Ở lại", actor=office.actor("hanh"), at=MONDAY).stage == "withdrawn"


# -- where there is no head --------------------------------------------------------------------------------------------


def test_home_affairs_stands_in_for_a_head_who_applies_and_is_the_only_one(office):
    hanh = office.people["hanh"]
    held = {"state": "Bố trí ở đơn vị mới", "position": "VT09"}
    member = make_member(office, full_name=hanh.full_name, email=hanh.email, **held)
    case = make_leave(office, member, by="hanh")
    with pytest.raises(actions.errors.OwnCase):
        actions.pass_on(case.pk, stage="unit_head", actor=office.actor("hanh"), at=MONDAY)

    assert actions.pass_on(case.pk, stage="unit_head", actor=office.actor("nga"), at=MONDAY).stage == "council"


def test_home_affairs_stands_in_where_nobody_holds_the_duty(office):
    case = make_leave(office, make_member(office))
    assert not actions.may_act(case, office.actor("nga"), MONDAY)
    post = Appointment.objects.get(person=office.people["hanh"])
    people.end_appointment(post.pk, on=DAY, actor=HOUSE, at=MONDAY)

    assert actions.may_act(case, office.actor("nga"), MONDAY)
    assert Person.objects.get(pk=office.people["hanh"].pk).is_active


def test_a_unit_has_ended_on_its_day_and_not_before(office):
    case = make_leave(office, make_member(office))
    Unit.objects.filter(pk=office.river.pk).update(valid_to=date(2026, 1, 1))
    units.clear_caches()
    eve = datetime(2025, 12, 31, 23, 59, tzinfo=VIET_NAM)
    assert not actions.may_act(case, office.actor("nga", eve), eve)
    first = eve + timedelta(minutes=1)
    assert actions.may_act(case, office.actor("nga", first), first)
