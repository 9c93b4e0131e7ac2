"""What the Party manages is moved, dismissed and let go by both sides, whatever the post is called and whoever edits lists."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.people.models import Appointment
from thongsuot.people.tests.make import MONDAY, make_officer
from thongsuot.staffing import actions
from thongsuot.staffing.models import JobPosition, LeaveCase, StaffMember
from thongsuot.staffing.queries.seen import is_party_managed, leave_case_for
from thongsuot.staffing.tests.make import (
    CHAIR,
    DAY,
    JUSTICE,
    RECEPTION,
    at_decision,
    decide_leave,
    decided,
    in_effect,
    make_leave,
    make_member,
    position,
    propose,
)
from thongsuot.staffing.tests.test_placing import again

HOUSE = system("cli")


def chair(office, **said: str) -> StaffMember:
    """The chair of phường Sông as the list came in."""
    return make_member(office, full_name="Trần Chủ Tịch", state="Bố trí ở đơn vị mới", position=CHAIR, **said)


def decide(office, placement):
    return actions.decide(
        placement.pk, decision_number="1", decided_by="UBND", decided_on=DAY, actor=office.actor("tam"), at=MONDAY
    )


@pytest.mark.parametrize("changes", [{"code": JUSTICE}, {"becomes": "waiting", "to_body_id": None, "position_id": None}])
def test_moving_or_dismissing_a_chair_needs_both_sides(office, changes):
    placement = propose(office, chair(office), **changes)
    assert (placement.party_managed, placement.party_post) == (True, False)
    actions.approve(placement.pk, side="government", actor=office.actor("nga"), at=MONDAY)
    with pytest.raises(actions.errors.PlacementMoved):
        decide(office, placement)

    actions.approve(placement.pk, side="party", actor=office.actor("dung"), at=MONDAY)
    assert decide(office, placement).status == "decided"


def test_a_free_title_is_ticked_as_the_partys_and_stays_so_for_the_next_move(office):
    city = office.body(office.city.city, "people_committee")
    wanted = {"to_body_id": city.pk, "position_id": None, "title": "Phó Giám đốc Sở", "by": "nga"}
    placement = propose(office, make_member(office), **wanted, party_managed=True)
    assert placement.party_managed
    member = placement.member
    actions.approve(placement.pk, side="government", actor=office.actor("tam"), at=MONDAY)
    actions.approve(placement.pk, side="party", actor=office.actor("dung"), at=MONDAY)
    decide(office, placement)
    actions.take_effect(placement.pk, actor=HOUSE, at=MONDAY.replace(day=24))

    assert is_party_managed(again(member))
    assert propose(office, member, by="nga").party_managed


def test_a_secondment_does_not_take_a_chair_out_of_the_partys_hands(office):
    member = chair(office)
    in_effect(office, propose(office, member, becomes="seconded", until=date(2026, 12, 1)))
    assert (again(member).position.code, is_party_managed(member)) == (JUSTICE, True)

    assert propose(office, member, code="VT20").party_managed


def test_the_title_of_a_party_post_under_another_position_is_still_the_partys(office):
    committee = office.body(office.river, "people_committee")
    twin = actions.put_position(
        "VT90",
        name="Điều hành",
        group="specialist",
        body_kind="people_committee",
        title="Chủ tịch",
        applies_to=["phuong"],
        mandatory=False,
        headcount=1,
        party_managed=False,
        qualification="3",
        fields=[],
        actor=office.actor("nga"),
        at=MONDAY,
    )
    assert propose(office, make_member(office), to_body_id=committee.pk, position_id=twin.pk).party_managed


def test_no_placement_gives_the_duty_to_approve_for_the_party(office):
    title = Appointment.objects.get(person=office.people["dung"]).title
    city = office.body(office.city.city, "people_committee")
    placement = propose(office, make_member(office), by="nga", to_body_id=city.pk, position_id=None, title=title)
    actions.approve(placement.pk, side="government", actor=office.actor("tam"), at=MONDAY)
    actions.decide(placement.pk, decision_number="1", decided_by="UBND", decided_on=DAY, actor=office.actor("nga"), at=MONDAY)
    taken = actions.take_effect(placement.pk, actor=HOUSE, at=MONDAY.replace(day=24))

    duties = Appointment.objects.get(pk=taken.appointment_id).duties if taken.appointment_id else []
    assert "approve Party posts" not in duties


def test_only_the_party_lets_a_position_out_of_its_hands(office):
    row = position(CHAIR)
    said = {
        name: getattr(row, name)
        for name in ("name", "group", "body_kind", "title", "applies_to", "mandatory", "headcount", "qualification", "fields")
    }
    with pytest.raises(NotYourDuty):
        actions.put_position(CHAIR, **said, party_managed=False, actor=office.actor("nga"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.release_position(row.pk, actor=office.actor("nga"), at=MONDAY)
    assert position(CHAIR).party_managed
    actions.put_position(CHAIR, **{**said, "headcount": 2}, party_managed=True, actor=office.actor("nga"), at=MONDAY)

    assert not actions.release_position(row.pk, actor=office.actor("dung"), at=MONDAY).party_managed
    assert not JobPosition.objects.get(pk=row.pk).party_managed


def test_a_corrected_list_does_not_take_a_chair_out_of_the_partys_hands(office):
    member = chair(office)
    written = actions.Written(full_name="Trần Chủ Tịch", unit="98001", counted=DAY, state="assigned", position=RECEPTION)
    with pytest.raises(BadInput) as refusal:
        actions.change_member(
            member.pk,
            email=member.email,
            qualification="3",
            fields="",
            years_in_field=1,
            wish_unit_id=None,
            written=written,
            actor=office.actor("nga"),
            at=MONDAY,
        )
    assert "cả hai bên" in refusal.value.problems["state"]
    assert again(member).position.code == CHAIR


def test_a_chair_whom_the_list_calls_something_else_is_still_the_partys(office):
    """The account holds the post: moving its holder ends it."""
    make_officer(office.river, name="Trần Bách", kind="people_committee", title="Chủ tịch", email="bach@vidu.vn")
    member = make_member(office, full_name="Trần Bách", email="bach@vidu.vn")
    assert make_leave(office, member).party_managed

    placement = propose(office, member)
    assert (placement.party_managed, placement.party_post) == (True, False)


# -- leaving -----------------------------------------------------------------------------------------------------------


def test_the_leave_of_a_chair_is_decided_when_the_party_has_agreed(office):
    case = at_decision(office, make_leave(office, chair(office)))
    assert case.party_managed
    with pytest.raises(actions.errors.NeedsParty):
        decide_leave(office, case)
    for who in ("nga", "tam", "hanh"):
        with pytest.raises(NotYourDuty):
            actions.agree_to_leave(case.pk, actor=office.actor(who), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.agree_to_leave(case.pk, actor=HOUSE, at=MONDAY)

    actions.agree_to_leave(case.pk, actor=office.actor("dung"), at=MONDAY)
    with pytest.raises(actions.errors.SideDone):
        actions.agree_to_leave(case.pk, actor=office.actor("dung"), at=MONDAY)
    assert decide_leave(office, case).stage == "payment"
    assert "agreed" in case.steps.values_list("outcome", flat=True)


def test_the_database_holds_no_decided_leave_without_the_partys_yes(office):
    case = at_decision(office, make_leave(office, chair(office)))
    actions.agree_to_leave(case.pk, actor=office.actor("dung"), at=MONDAY)
    decide_leave(office, case)

    with pytest.raises(IntegrityError), transaction.atomic():
        LeaveCase.objects.filter(pk=case.pk).update(party_agreed_at=None, party_agreed_by=None)


def test_another_day_of_leaving_needs_another_yes_and_no_hand_gives_both(office):
    case = make_leave(office, chair(office))
    actions.agree_to_leave(case.pk, actor=office.actor("dung"), at=MONDAY)
    actions.put_facts(
        case.pk,
        leaves_on=date(2025, 12, 2),
        reorganised_on=case.reorganised_on,
        facts=actions.PayFacts(pay_dong=1, months_insured=1, retires_on=date(2027, 1, 1)),
        actor=office.actor("hanh"),
        at=MONDAY,
    )
    assert again(case).party_agreed_at is None

    Appointment.objects.filter(person=office.people["tam"]).update(duties=["manage staffing", "approve Party posts"])
    at_decision(office, case)
    actions.agree_to_leave(case.pk, actor=office.actor("tam"), at=MONDAY)
    with pytest.raises(actions.errors.SameHand):
        decide_leave(office, case)


def test_the_party_says_no_and_sees_only_cases_of_its_own(office):
    plain = make_leave(office, make_member(office))
    with pytest.raises(NotFound):
        leave_case_for(plain.pk, actor=office.actor("dung"))
    with pytest.raises(actions.errors.NotParty):
        actions.agree_to_leave(plain.pk, actor=office.actor("dung"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.refuse_leave(plain.pk, stage="unit_head", reason="x", actor=office.actor("dung"), at=MONDAY)

    case = make_leave(office, chair(office))
    assert leave_case_for(case.pk, actor=office.actor("dung")).pk == case.pk
    actions.refuse_leave(case.pk, stage="unit_head", reason="Chưa cho nghỉ", actor=office.actor("dung"), at=MONDAY)
    assert again(case).stage == "refused"


def test_both_sides_of_an_appointment_as_before(office):
    placement = decided(office, propose(office, make_member(office), code=CHAIR))

    assert (placement.party_managed, placement.party_post) == (True, True)
