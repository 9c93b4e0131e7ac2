"""Placements: proposed, approved by the sides that must, decided, and in effect once, on their day and not before."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from thongsuot.kernel import clock
from thongsuot.kernel.actor import ANYONE, system
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.people import actions as people
from thongsuot.people.models import Appointment, Person
from thongsuot.people.queries import actor_for
from thongsuot.people.tests.make import MONDAY, VIET_NAM, make_officer
from thongsuot.staffing import actions, carrying_out, tasks
from thongsuot.staffing.models import Placement, PlacementApproval, StaffMember
from thongsuot.staffing.queries.persons import due_placements, ended_on
from thongsuot.staffing.tests.make import (
    CHAIR,
    DRIVER,
    FARMING,
    JUSTICE,
    LATER,
    approved,
    decided,
    in_effect,
    make_member,
    make_office,
    position,
    propose,
)
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

HOUSE = system("worker")


def again(row):
    row.refresh_from_db()
    return row


def account_of(member: StaffMember) -> Person:
    person = again(member).person
    assert person is not None
    return person


# -- the way -----------------------------------------------------------------------------------------------------------


def test_taking_up_a_post_opens_the_appointment_and_the_account_from_that_day(office):
    member = make_member(office, full_name="Hoàng Thị Mai", email="mai@vidu.vn")
    placement = in_effect(office, propose(office, member))

    person = account_of(member)
    (post,) = person.appointments.all()
    assert (person.full_name, person.email) == ("Hoàng Thị Mai", "mai@vidu.vn")
    assert (post.valid_from, post.valid_to) == (LATER.date(), None)
    assert post.title == "Công chức tư pháp - hộ tịch"
    assert post.decision_number == "12/QĐ-UBND"
    assert placement.appointment_id == post.pk
    assert (member.state, member.position.code, member.unit_id) == ("assigned", JUSTICE, office.river.pk)
    assert not actor_for(person, at=LATER - timedelta(days=1)).units_for("process dossiers")
    assert actor_for(person, at=LATER).units_for("process dossiers") == {office.river.pk}


def test_a_move_ends_the_old_post_at_the_instant_at_which_the_new_one_begins(office):
    member = make_member(office)
    in_effect(office, propose(office, member))
    hill = office.body(office.hill, "economy_office")
    planning = position("VT25")
    second = propose(
        office,
        again(member),
        by="doan",
        to_body_id=hill.pk,
        position_id=planning.pk,
        effective_on=date(2025, 12, 1),
        at=LATER,
    )
    approved(office, second)
    actions.decide(
        second.pk, decision_number="2", decided_by="UBND", decided_on=LATER.date(), actor=office.actor("tam"), at=LATER
    )
    first_of_december = datetime(2025, 12, 1, 0, 0, tzinfo=VIET_NAM)
    carrying_out.all_due(actor=HOUSE, at=first_of_december)

    person = account_of(member)
    old, new = person.appointments.order_by("valid_from")
    assert old.valid_to == new.valid_from == date(2025, 12, 1)
    assert member.unit_id == office.hill.pk
    just_before = first_of_december - timedelta(seconds=1)
    assert actor_for(person, at=just_before).units_for("process dossiers") == {office.river.pk}
    assert actor_for(person, at=first_of_december).units_for("process dossiers") == {office.hill.pk}
    assert person.is_active


def test_who_has_an_account_keeps_it(office):
    known = make_officer(office.hill, name="Trần Văn Bách", kind="office", title="Chuyên viên", email="bach@vidu.vn")
    member = make_member(
        office, full_name="Trần Văn Bách", email="bach@vidu.vn", unit="98002", state="Hợp đồng", position="VT20"
    )
    assert member.person_id == known.pk
    in_effect(office, propose(office, member))

    old, new = known.appointments.order_by("valid_from")
    assert old.valid_to == new.valid_from == LATER.date()
    assert Person.objects.filter(full_name="Trần Văn Bách").count() == 1


def test_who_keeps_the_posts_held_and_who_is_seconded_keeps_them(office):
    for changes in ({"keeps_posts": True}, {"becomes": "seconded", "until": date(2026, 11, 24)}):
        number = Person.objects.count()
        known = make_officer(office.hill, name="Trần Bách", kind="office", title="Chuyên viên", email=f"b{number}@vidu.vn")
        member = make_member(
            office,
            full_name="Trần Bách",
            email=f"b{number}@vidu.vn",
            unit="98002",
            state="Bố trí ở đơn vị mới",
            position="VT20",
        )
        in_effect(office, propose(office, member, **changes))

        old, new = known.appointments.order_by("valid_from")
        assert old.valid_to is None
        assert new.valid_to == changes.get("until")


def test_a_driver_needs_no_account(office):
    member = make_member(office, email="")
    in_effect(office, propose(office, member, becomes="contract", code=DRIVER))

    assert again(member).person_id is None
    assert (member.state, member.position.code) == ("contract", DRIVER)


def test_whoever_becomes_surplus_loses_the_posts_and_keeps_the_account(office):
    member = make_member(office)
    in_effect(office, propose(office, member))
    waits = propose(office, again(member), becomes="waiting", effective_on=date(2026, 1, 1))
    assert waits.to_body_id is None
    approved(office, waits)
    actions.decide(
        waits.pk, decision_number="9", decided_by="UBND", decided_on=MONDAY.date(), actor=office.actor("tam"), at=MONDAY
    )
    actions.take_effect(waits.pk, actor=HOUSE, at=datetime(2026, 1, 1, tzinfo=VIET_NAM))

    person = account_of(member)
    assert person.is_active
    assert person.appointments.get().valid_to == date(2026, 1, 1)
    assert (member.state, member.position_id, member.waiting_since) == ("waiting", None, date(2026, 1, 1))


def test_a_placement_never_gives_what_only_administrators_give(office):
    """Whatever title is written: a placement is no way around the duty to give duties."""
    city = units.body(office.city.city.pk, "division", as_of=LATER.date()) or units.body(
        office.city.city.pk, "service_centre", as_of=LATER.date()
    )
    assert city is not None
    member = make_member(office)
    placement = propose(
        office, member, by="nga", to_body_id=city.id, position_id=None, title="Quản trị hệ thống", becomes="assigned"
    )
    actions.approve(placement.pk, side="government", actor=office.actor("tam"), at=MONDAY)
    actions.decide(
        placement.pk, decision_number="1", decided_by="UBND", decided_on=MONDAY.date(), actor=office.actor("nga"), at=MONDAY
    )
    actions.take_effect(placement.pk, actor=HOUSE, at=LATER)

    held = set(Appointment.objects.get(person=account_of(member)).duties)
    assert not held & {"manage units", "manage people", "manage staffing", "see outbox"}


# -- both sides --------------------------------------------------------------------------------------------------------


def test_a_post_the_party_manages_needs_both_sides(office):
    placement = propose(office, make_member(office), code=CHAIR)
    assert placement.party_managed

    half = actions.approve(placement.pk, side="government", actor=office.actor("nga"), at=MONDAY)
    assert half.status == "proposed"
    with pytest.raises(actions.errors.PlacementMoved):
        actions.decide(
            placement.pk, decision_number="1", decided_by="UBND", decided_on=MONDAY.date(), actor=office.actor("tam"), at=MONDAY
        )
    whole = actions.approve(placement.pk, side="party", actor=office.actor("dung"), at=MONDAY)
    assert whole.status == "approved"


def test_either_side_may_come_first_and_none_twice(office):
    placement = propose(office, make_member(office), code=CHAIR)
    actions.approve(placement.pk, side="party", actor=office.actor("dung"), at=MONDAY)

    with pytest.raises(actions.errors.SideDone):
        actions.approve(placement.pk, side="party", actor=office.actor("dung"), at=MONDAY)
    assert again(placement).status == "proposed"
    actions.approve(placement.pk, side="government", actor=office.actor("nga"), at=MONDAY)
    assert again(placement).status == "approved"


def test_nobody_approves_for_both_sides_even_with_both_duties(office):
    Appointment.objects.filter(person=office.people["dung"]).update(duties=["manage staffing", "approve Party posts"])
    both = office.actor("dung")
    placement = propose(office, make_member(office), code=CHAIR)
    actions.approve(placement.pk, side="party", actor=both, at=MONDAY)

    with pytest.raises(actions.errors.SameHand):
        actions.approve(placement.pk, side="government", actor=both, at=MONDAY)

    assert placement.approvals.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        PlacementApproval.objects.create(
            placement=placement, side="government", by=office.people["dung"], by_name="Dũng", at=MONDAY
        )


def test_the_party_has_nothing_to_approve_where_it_manages_nothing(office):
    placement = propose(office, make_member(office))

    with pytest.raises(actions.errors.PlacementMoved):
        actions.approve(placement.pk, side="party", actor=office.actor("dung"), at=MONDAY)


def test_one_side_does_not_speak_for_the_other_and_the_house_for_none(office):
    placement = propose(office, make_member(office), code=CHAIR)

    for side, actor in (
        ("party", office.actor("nga")),
        ("government", office.actor("dung")),
        ("government", office.actor("hanh")),
        ("government", HOUSE),
        ("party", HOUSE),
        ("government", ANYONE),
    ):
        with pytest.raises(NotYourDuty):
            actions.approve(placement.pk, side=side, actor=actor, at=MONDAY)
    assert not placement.approvals.exists()


def test_nobody_approves_what_they_proposed_or_what_is_about_themselves(office):
    placement = propose(office, make_member(office), by="nga")
    with pytest.raises(actions.errors.OwnProposal):
        actions.approve(placement.pk, side="government", actor=office.actor("nga"), at=MONDAY)

    own = make_member(
        office, full_name="Lò Minh Tâm", email=office.people["tam"].email, state="Bố trí ở đơn vị mới", position=JUSTICE
    )
    for_tam = propose(office, own, code="VT20")
    with pytest.raises(actions.errors.OwnCase):
        actions.approve(for_tam.pk, side="government", actor=office.actor("tam"), at=MONDAY)
    with pytest.raises(actions.errors.OwnCase):
        propose(office, own, by="tam")
    actions.approve(for_tam.pk, side="government", actor=office.actor("nga"), at=MONDAY)
    with pytest.raises(actions.errors.OwnCase):
        actions.decide(
            for_tam.pk, decision_number="1", decided_by="UBND", decided_on=MONDAY.date(), actor=office.actor("tam"), at=MONDAY
        )


def test_one_side_says_no_and_the_person_is_where_they_were(office):
    member = make_member(office)
    placement = propose(office, member, code=CHAIR)
    actions.approve(placement.pk, side="government", actor=office.actor("nga"), at=MONDAY)

    with pytest.raises(BadInput):
        actions.refuse(placement.pk, side="party", reason=" ", actor=office.actor("dung"), at=MONDAY)
    actions.refuse(placement.pk, side="party", reason="Chưa qua quy hoạch", actor=office.actor("dung"), at=MONDAY)

    assert (again(placement).status, placement.closed_reason) == ("refused", "Chưa qua quy hoạch")
    assert again(member).state == "waiting"
    propose(office, member)  # and may be proposed for something else


def test_a_withdrawn_proposal_is_over(office):
    placement = propose(office, make_member(office))
    with pytest.raises(NotYourDuty):
        actions.withdraw(placement.pk, reason="Nhầm", actor=office.actor("doan"), at=MONDAY)
    actions.withdraw(placement.pk, reason="Nhầm", actor=office.actor("hanh"), at=MONDAY)

    with pytest.raises(actions.errors.PlacementMoved):
        actions.approve(placement.pk, side="government", actor=office.actor("nga"), at=MONDAY)


def test_a_decided_one_is_withdrawn_by_home_affairs_before_its_day_alone(office):
    placement = decided(office, propose(office, make_member(office)))
    with pytest.raises(NotYourDuty):
        actions.withdraw(placement.pk, reason="Nhầm", actor=office.actor("hanh"), at=MONDAY)
    actions.withdraw(placement.pk, reason="Quyết định bị hủy", actor=office.actor("nga"), at=MONDAY)

    assert carrying_out.all_due(actor=HOUSE, at=LATER) == 0


# -- proposals that are refused ----------------------------------------------------------------------------------------


def test_a_head_proposes_for_the_own_unit_and_for_who_comes_to_it(office):
    with pytest.raises(NotYourDuty):
        propose(office, make_member(office), by="doan")
    with pytest.raises(NotYourDuty):
        propose(office, make_member(office), by="lan")
    propose(office, make_member(office, unit="98002"), by="hanh")  # the receiving unit asks for the person


def test_one_case_at_a_time(office):
    member = make_member(office)
    propose(office, member)

    with pytest.raises(actions.errors.PlacementOpen):
        propose(office, member, code="VT20")
    assert member.placements.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to_body_id": None}, "to_body"),
        ({"position_id": None}, "position"),
        ({"becomes": "department"}, "to_body"),
        ({"becomes": "seconded"}, "until"),
        ({"until": date(2025, 11, 1)}, "until"),
        ({"effective_on": date(2025, 1, 1)}, "effective_on"),
    ],
)
def test_a_proposal_that_does_not_fit_says_where(office, changes, field):
    member = make_member(office)
    with pytest.raises(BadInput) as refusal:
        propose(office, member, **changes)

    assert field in refusal.value.problems
    assert not Placement.objects.exists()


def test_a_position_of_another_body_or_kind_of_unit_is_refused(office):
    member = make_member(office)
    for code, kind in ((JUSTICE, "economy_office"), (FARMING, "economy_office")):
        with pytest.raises(BadInput) as refusal:
            propose(office, member, position_id=position(code).pk, to_body_id=office.body(office.river, kind).pk)
        assert "position" in refusal.value.problems


def test_who_leaves_goes_by_a_leave_case(office):
    with pytest.raises(BadInput):
        propose(office, make_member(office), becomes="leaves")
    with pytest.raises(actions.errors.CannotBecome):
        propose(office, make_member(office), becomes="waiting")
    with pytest.raises(actions.errors.CannotBecome):
        propose(office, make_member(office), becomes="nonsense")


def test_without_an_address_there_is_no_account_so_no_decision(office):
    member = make_member(office, email="")
    placement = approved(office, propose(office, member))
    facts = {"decision_number": "1", "decided_by": "UBND", "decided_on": MONDAY.date()}
    with pytest.raises(actions.errors.NoAddress):
        actions.decide(placement.pk, **facts, actor=office.actor("tam"), at=MONDAY)

    actions.change_member(
        member.pk,
        email="mai.moi@vidu.vn",
        qualification="3",
        fields="luật",
        years_in_field=3,
        wish_unit_id=None,
        actor=office.actor("nga"),
        at=MONDAY,
    )
    assert actions.decide(placement.pk, **facts, actor=office.actor("tam"), at=MONDAY).status == "decided"


def test_a_decision_has_a_number_a_body_and_a_day_that_has_come(office):
    placement = approved(office, propose(office, make_member(office)))
    with pytest.raises(BadInput) as refusal:
        actions.decide(
            placement.pk, decision_number=" ", decided_by="", decided_on=LATER.date(), actor=office.actor("tam"), at=MONDAY
        )

    assert set(refusal.value.problems) == {"decision_number", "decided_by", "decided_on"}


# -- on its day --------------------------------------------------------------------------------------------------------


def test_it_takes_effect_on_its_day_once_and_never_earlier(office):
    member = make_member(office)
    placement = decided(office, propose(office, member))
    eve = datetime(2025, 11, 23, 23, 59, 59, tzinfo=VIET_NAM)
    with pytest.raises(actions.errors.TooEarly):
        actions.take_effect(placement.pk, actor=HOUSE, at=eve)
    assert carrying_out.all_due(actor=HOUSE, at=eve) == 0
    assert again(member).state == "waiting"

    midnight = datetime(2025, 11, 24, 0, 0, tzinfo=VIET_NAM)
    assert carrying_out.all_due(actor=HOUSE, at=midnight) == 1
    assert carrying_out.all_due(actor=HOUSE, at=midnight + timedelta(minutes=1)) == 0
    with pytest.raises(actions.errors.PlacementMoved):
        actions.take_effect(placement.pk, actor=HOUSE, at=midnight)

    assert again(placement).took_effect_at == midnight
    assert Appointment.objects.filter(person=account_of(member)).count() == 1
    assert Event.objects.filter(name="staffing.took_effect").count() == 1


def test_a_worker_that_comes_late_dates_nothing_later(office):
    known = make_officer(office.hill, name="Trần Bách", kind="office", title="Chuyên viên", email="bach@vidu.vn")
    held = {"unit": "98002", "state": "Hợp đồng", "position": "VT20"}
    decided(office, propose(office, make_member(office, full_name="Trần Bách", email="bach@vidu.vn", **held)))
    carrying_out.all_due(actor=HOUSE, at=LATER + timedelta(days=3))

    old, new = known.appointments.order_by("valid_from")
    assert old.valid_to == new.valid_from == LATER.date()


def test_one_that_cannot_take_effect_holds_up_no_other_and_says_why(office):
    known = make_officer(office.river, name="Trần Bách", kind="office", title="Chuyên viên", email="bach@vidu.vn")
    locked_out = make_member(office, full_name="Trần Bách", email="bach@vidu.vn", state="Hợp đồng", position="VT20")
    stuck = decided(office, propose(office, locked_out))
    fine = decided(office, propose(office, make_member(office)))
    people.deactivate_person(known.pk, reason="Điện thoại bị mất", actor=system("cli"), at=MONDAY)

    assert carrying_out.all_due(actor=HOUSE, at=LATER) == 1
    assert again(fine).status == "in_effect"
    assert again(stuck).status == "decided"
    assert "đang khóa" in stuck.trouble
    assert known.appointments.get().valid_to is None  # nothing of it was done
    assert due_placements(at=LATER) == []

    people.reactivate_person(known.pk, actor=system("cli"), at=LATER)
    actions.take_effect(stuck.pk, actor=office.actor("tam", LATER), at=LATER)
    assert (again(stuck).status, stuck.trouble) == ("in_effect", "")


def test_only_who_manages_the_staff_lets_it_take_effect(office):
    placement = decided(office, propose(office, make_member(office)))
    for who in ("hanh", "doan", "dung", "lan"):
        with pytest.raises(NotYourDuty):
            actions.take_effect(placement.pk, actor=office.actor(who, LATER), at=LATER)


def test_people_of_an_ended_unit_are_placed_by_the_city(office):
    old = Unit.objects.get(code="98101")
    member = make_member(office, unit="98101", counted=date(2025, 6, 30))
    assert member.old_unit_id == old.pk
    in_effect(office, propose(office, member, by="hanh"))

    assert (again(member).unit_id, member.old_unit_id) == (office.river.pk, old.pk)


def test_events_name_nobody(office):
    member = make_member(office, full_name="Hoàng Thị Mai", email="mai@vidu.vn")
    in_effect(office, propose(office, member, note="Cô Mai mong gần nhà"))

    for event in Event.objects.filter(name__startswith="staffing."):
        said = str(event.facts)
        assert "Mai" not in said
        assert "mai@" not in said


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_bring_about_one_appointment():
    office = make_office()
    member = make_member(office)
    placement = decided(office, propose(office, member))

    faults = at_once(*[lambda: actions.take_effect(placement.pk, actor=HOUSE, at=LATER)] * 2)

    assert [type(fault) for fault in faults] == [actions.errors.PlacementMoved]
    assert Appointment.objects.filter(person=account_of(member)).count() == 1


def test_the_worker_asks_each_minute_what_is_due(office, monkeypatch):
    placement = decided(office, propose(office, make_member(office)))
    monkeypatch.setattr(clock, "now", lambda: LATER)
    tasks.take_effect(0)
    tasks.take_effect(0)

    assert again(placement).status == "in_effect"
    assert tasks.take_effect.name in {one.task.name for one in app.periodic_registry.periodic_tasks.values()}


def test_a_secondment_that_is_over_is_seen(office):
    member = make_member(office)
    in_effect(office, propose(office, member, becomes="seconded", until=date(2026, 3, 1)))

    assert ended_on(again(member), on=date(2026, 2, 28)) is None
    assert ended_on(member, on=date(2026, 3, 1)) == date(2026, 3, 1)
