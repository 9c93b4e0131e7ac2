"""A call at the desk: one operator's, classified in time or not, concluded once, handed on, called back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from thongsuot.feedback.models import FeedbackTicket
from thongsuot.hotline import actions, asking
from thongsuot.hotline.actions import errors
from thongsuot.hotline.models import Call, CallBack, CallTransfer, OperatorPresence
from thongsuot.hotline.tests.make import HOUSE, MINUTE, MONDAY, NUMBER, SECOND, ended, ringing, talking
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.knowledge.models import AnswerUse
from thongsuot.knowledge.tests.make import MONDAY as WHEN_APPROVED
from thongsuot.knowledge.tests.make import Office as Stock
from thongsuot.people.models import LookUp
from thongsuot.people.tests.make import browser_of, make_officer
from thongsuot.units.models import PointDetails

SAID = {"words": "Ổ gà to trước chợ, xe máy hay ngã", "address": "Chợ Sông", "name": "Trần Văn Minh", "phone": NUMBER}


def states(name="Trần Thị Lan"):
    return list(OperatorPresence.objects.filter(person_name=name).order_by("pk").values_list("state", flat=True))


def test_sitting_down_breaks_and_leaving_are_dated(office, lan):
    office.sits()
    actions.set_state("break", actor=lan, at=MONDAY + MINUTE)
    actions.set_state("ready", actor=lan, at=MONDAY + 2 * MINUTE)
    actions.leave(actor=lan, at=MONDAY + 3 * MINUTE)

    rows = list(OperatorPresence.objects.order_by("pk").values_list("state", "from_at", "until_at"))
    assert rows == [
        ("ready", MONDAY, MONDAY + MINUTE),
        ("break", MONDAY + MINUTE, MONDAY + 2 * MINUTE),
        ("ready", MONDAY + 2 * MINUTE, MONDAY + 3 * MINUTE),
    ]


def test_a_telephone_is_one_persons(office, hoa):
    office.sits()

    with pytest.raises(errors.SeatTaken) as no:
        actions.sit_at(office.line.pk, extension="101", actor=hoa, at=MONDAY)
    assert "Trần Thị Lan" in no.value.message()
    with pytest.raises(BadInput):
        actions.sit_at(office.line.pk, extension="một", actor=hoa, at=MONDAY)


def test_nobody_of_a_ward_sits_here(office):
    with pytest.raises(NotYourDuty):
        actions.sit_at(office.line.pk, extension="101", actor=office.actor("bao"), at=MONDAY)


def test_who_leads_frees_a_seat_that_was_forgotten(office, lan, hoa):
    office.sits()
    with pytest.raises(NotYourDuty):
        actions.leave(person_id=lan.person_id, actor=hoa, at=MONDAY)

    actions.leave(person_id=lan.person_id, actor=office.actor("hanh"), at=MONDAY)

    assert not OperatorPresence.objects.filter(until_at=None).exists()


def test_a_call_is_picked_by_one_and_brought_to_their_telephone(office, core, lan, hoa):
    office.sits()
    office.sits("hoa", "102")
    kept, notice = core.ring("1022", NUMBER)
    from thongsuot.hotline.stand_in import telling

    telling.tell(kept, notice, core=core)
    call = asking.pick(Call.objects.get().pk, actor=lan, at=MONDAY)

    assert (call.state, call.operator_name, core.kept(kept.call_id).extension) == ("talking", "Trần Thị Lan", "101")
    with pytest.raises(errors.CallTaken):
        actions.pick_call(call.pk, actor=hoa, at=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_gets_it(office, lan, hoa):
    office.sits()
    office.sits("hoa", "102")
    call = ringing()

    faults = at_once(*(lambda who=who: actions.pick_call(call.pk, actor=who, at=MONDAY) for who in (lan, hoa)))

    assert [type(one) for one in faults] == [errors.CallTaken]


@pytest.mark.django_db(transaction=True)
def test_one_operator_takes_one_of_two(office, lan):
    office.sits()
    calls = [ringing(), ringing(caller="0912000222")]

    faults = at_once(*(lambda one=one: actions.pick_call(one.pk, actor=lan, at=MONDAY) for one in calls))

    assert [type(one) for one in faults] == [errors.CallStillOpen]
    assert Call.objects.filter(operator=lan.person_id).count() == 1


def test_who_does_not_sit_or_is_on_a_break_takes_none(office, lan):
    call = ringing()
    with pytest.raises(errors.NotAtLine):
        actions.pick_call(call.pk, actor=lan, at=MONDAY)
    office.sits()
    actions.set_state("break", actor=lan, at=MONDAY)
    with pytest.raises(errors.NotReady):
        actions.pick_call(call.pk, actor=lan, at=MONDAY)
    call.refresh_from_db()
    assert call.operator is None


def test_the_exchange_that_says_no_lets_it_ring_on(office, core, lan):
    office.sits()
    kept, _notice = core.ring("1022", NUMBER)
    call = ringing()
    core.faults.append("no")

    with pytest.raises(errors.TransferRefused):
        asking.pick(call.pk, actor=lan, at=MONDAY)

    call.refresh_from_db()
    assert (call.state, call.operator) == ("ringing", None)
    assert kept.state == "ringing"


def test_classified_in_time_or_late_by_the_setting_of_the_day(office, lan):
    office.sits()
    call = talking(office)
    category = office.category().pk

    done = actions.classify(call.pk, category_id=category, urgent=True, actor=lan, at=call.classify_by)
    assert (done.is_late(call.classify_by), done.category_id, done.urgent) == (False, category, True)
    again = actions.classify(call.pk, category_id=category, actor=lan, at=call.classify_by + SECOND)
    assert again.classified_at == call.classify_by

    ended(call, MONDAY + 2 * MINUTE)
    actions.conclude(call.pk, outcome="answered", actor=lan, at=MONDAY + 3 * MINUTE)
    late = talking(office, MONDAY + 10 * MINUTE)
    done = actions.classify(late.pk, category_id=category, actor=lan, at=late.classify_by + SECOND)
    assert done.is_late(late.classify_by + SECOND)


def test_another_operator_and_another_city_decide_nothing(office, lan, hoa):
    office.sits()
    call = talking(office)
    for who in (hoa, office.actor("hanh")):
        with pytest.raises(errors.CallNotYours):
            actions.conclude(call.pk, outcome="answered", actor=who, at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.conclude(call.pk, outcome="answered", actor=office.actor("bao"), at=MONDAY)
    with pytest.raises(BadInput):
        actions.conclude(call.pk, outcome="ticket", actor=lan, at=MONDAY)
    with pytest.raises(BadInput):
        actions.classify(call.pk, category_id=0, actor=lan, at=MONDAY)
    call.refresh_from_db()
    assert (call.outcome, call.category) == ("", None)


def test_what_a_call_leaves_to_do_keeps_from_the_next_until_its_outcome(office, lan):
    office.sits()
    call = ended(talking(office), MONDAY + MINUTE)
    assert states() == ["ready", "after_call"]

    done = actions.conclude(call.pk, outcome="no_words", actor=lan, at=MONDAY + 2 * MINUTE)

    assert done.state == "done"
    assert states() == ["ready", "after_call", "ready"]
    with pytest.raises(errors.CallConcluded):
        actions.conclude(call.pk, outcome="nuisance", actor=lan, at=MONDAY + 2 * MINUTE)


def test_a_ticket_is_made_of_the_call(office, lan):
    office.sits()
    call = talking(office)
    actions.classify(call.pk, category_id=office.category().pk, urgent=True, actor=lan, at=MONDAY + MINUTE)

    ticket = actions.make_ticket(call.pk, **SAID, place_unit=office.city.river.pk, actor=lan, at=MONDAY + 2 * MINUTE)

    call.refresh_from_db()
    assert (call.outcome, call.ticket_id, call.state) == ("ticket", ticket.pk, "talking")
    assert (ticket.channel, ticket.category.code, ticket.urgency) == ("hotline", "o-ga", "urgent")
    assert ticket.reporter.phone == NUMBER
    assert ticket.place_unit_id == office.city.river.pk
    assert ended(call, MONDAY + 3 * MINUTE).state == "done"
    with pytest.raises(errors.CallConcluded):
        actions.make_ticket(call.pk, **SAID, actor=lan, at=MONDAY + 3 * MINUTE)
    assert FeedbackTicket.objects.count() == 1


def test_a_ticket_that_feedback_refuses_leaves_the_call_open(office, lan):
    office.sits()
    call = talking(office)

    with pytest.raises(BadInput):
        actions.make_ticket(call.pk, **{**SAID, "phone": "12"}, actor=lan, at=MONDAY)

    call.refresh_from_db()
    assert call.outcome == ""
    assert not FeedbackTicket.objects.exists()


def test_handed_on_to_an_emergency_number_and_to_a_ward(office, core, lan):
    office.sits()
    kept, notice = core.ring("1022", NUMBER)
    from thongsuot.hotline.stand_in import telling

    telling.tell(kept, notice, core=core)
    call = asking.pick(Call.objects.get().pk, actor=lan, at=MONDAY)
    PointDetails.objects.filter(point__unit=office.city.river).update(phone="024 3825 0001")

    moved = asking.transfer(call.pk, to="unit", where=str(office.city.river.pk), actor=lan, at=MONDAY + MINUTE)

    assert (moved.number, moved.state, moved.unit_id) == ("02438250001", "done", office.city.river.pk)
    call.refresh_from_db()
    assert call.outcome == "transferred"
    with pytest.raises(errors.CallConcluded):
        actions.begin_transfer(call.pk, to="emergency", where="115", actor=lan, at=MONDAY)


def test_a_ward_without_a_telephone_and_nonsense_are_refused(office, lan):
    office.sits()
    call = talking(office)
    PointDetails.objects.update(phone="")
    with pytest.raises(errors.NoNumberOfUnit):
        actions.begin_transfer(call.pk, to="unit", where=str(office.city.hill.pk), actor=lan, at=MONDAY)
    for to, where in (("unit", "0"), ("emergency", "116"), ("moon", "1"), ("emergency", "")):
        with pytest.raises(BadInput):
            actions.begin_transfer(call.pk, to=to, where=where, actor=lan, at=MONDAY)
    assert not CallTransfer.objects.exists()


@pytest.mark.parametrize(("fault", "state"), [("deaf", "asked"), ("silent", "done"), ("no", "refused")])
def test_an_exchange_that_misbehaves_is_not_guessed(office, core, lan, fault, state):
    office.sits()
    kept, notice = core.ring("1022", NUMBER)
    from thongsuot.hotline.stand_in import telling

    telling.tell(kept, notice, core=core)
    call = asking.pick(Call.objects.get().pk, actor=lan, at=MONDAY)
    core.faults.append(fault)

    if fault == "no":
        with pytest.raises(errors.TransferRefused):
            asking.transfer(call.pk, to="emergency", where="114", actor=lan, at=MONDAY)
    else:
        asking.transfer(call.pk, to="emergency", where="114", actor=lan, at=MONDAY)

    # One that did it and was not heard: its own word settles it.
    if fault == "silent":
        telling.say(core._notice(kept.call_id, "transferred", to="114"), core=core)
    assert CallTransfer.objects.get().state == state
    if fault == "deaf":
        with pytest.raises(errors.TransferUnderWay):
            actions.begin_transfer(call.pk, to="emergency", where="114", actor=lan, at=MONDAY)


def test_to_a_colleague_whose_it_is_then(office, core, lan, hoa):
    office.sits()
    kept, notice = core.ring("1022", NUMBER)
    from thongsuot.hotline.stand_in import telling

    telling.tell(kept, notice, core=core)
    call = asking.pick(Call.objects.get().pk, actor=lan, at=MONDAY)
    with pytest.raises(errors.OperatorBusy):
        actions.begin_transfer(call.pk, to="operator", where=str(hoa.person_id), actor=lan, at=MONDAY)
    office.sits("hoa", "102")

    asking.transfer(call.pk, to="operator", where=str(hoa.person_id), actor=lan, at=MONDAY + MINUTE)

    call.refresh_from_db()
    assert (call.operator_id, call.outcome, call.state) == (hoa.person_id, "", "talking")


def test_asked_to_be_called_back_taken_tried_and_reached(office, lan, hoa):
    office.sits()
    call = talking(office)
    back = actions.ask_call_back(call.pk, minutes=45, actor=lan, at=MONDAY)
    assert (back.reason, back.due_at) == ("asked", MONDAY + 45 * MINUTE)

    actions.take_call_back(back.pk, reason="Gọi lại", actor=hoa, at=MONDAY + MINUTE)
    assert LookUp.objects.get().fields == ["phone"]
    with pytest.raises(errors.CallBackTaken):
        actions.take_call_back(back.pk, reason="Gọi lại", actor=lan, at=MONDAY + MINUTE)
    with pytest.raises(errors.CallBackTaken):
        actions.note_call_back(back.pk, reached=True, actor=lan, at=MONDAY + MINUTE)
    assert actions.note_call_back(back.pk, reached=False, actor=hoa, at=MONDAY + 2 * MINUTE).state == "waiting"
    actions.take_call_back(back.pk, reason="Gọi lại", actor=lan, at=MONDAY + 3 * MINUTE)
    assert actions.note_call_back(back.pk, reached=True, actor=lan, at=MONDAY + 4 * MINUTE).state == "reached"
    with pytest.raises(errors.CallBackOver):
        actions.take_call_back(back.pk, reason="Gọi lại", actor=lan, at=MONDAY + 5 * MINUTE)


def test_tried_as_often_as_was_set_it_is_given_up(office, lan):
    office.sits()
    back = actions.ask_call_back(talking(office).pk, actor=lan, at=MONDAY)
    for _time in range(3):
        actions.take_call_back(back.pk, reason="Gọi lại", actor=lan, at=MONDAY)
        back = actions.note_call_back(back.pk, reached=False, actor=lan, at=MONDAY)

    assert (back.state, back.tries) == ("given_up", 3)


def test_nobody_is_called_back_at_a_withheld_number(office, lan):
    office.sits()
    with pytest.raises(errors.NoNumber):
        actions.ask_call_back(talking(office, caller="").pk, actor=lan, at=MONDAY)
    assert not CallBack.objects.exists()


def test_history_opens_for_a_reason_while_the_call_is_in_hand(office, lan, hoa):
    office.sits()
    earlier = ended(talking(office, MONDAY - 60 * MINUTE), MONDAY - 50 * MINUTE)
    actions.conclude(earlier.pk, outcome="answered", actor=lan, at=MONDAY - 49 * MINUTE)
    call = talking(office)

    with pytest.raises(BadInput):
        actions.open_history(call.pk, reason=" ", actor=lan, at=MONDAY)
    with pytest.raises(errors.CallNotYours):
        actions.open_history(call.pk, reason="tò mò", actor=hoa, at=MONDAY)
    with pytest.raises(errors.CallOver):
        actions.open_history(earlier.pk, reason="tò mò", actor=lan, at=MONDAY)
    assert not LookUp.objects.exists()
    actions.open_history(call.pk, reason="Hỏi về phiếu trước", actor=lan, at=MONDAY)

    assert LookUp.objects.get().fields == ["calls", "tickets"]
    assert Event.objects.filter(name="hotline.history_opened").count() == 1


def test_lost_ends_are_asked_for_and_a_standing_call_is_not_ended(office, core, lan):
    office.sits()
    kept, notice = core.ring("1022", NUMBER, mischief="lost_end")
    from thongsuot.hotline.stand_in import telling

    telling.tell(kept, notice, core=core)
    call = asking.pick(Call.objects.get().pk, actor=lan, at=MONDAY)
    with pytest.raises(errors.CallStillOn):
        asking.end_lost(call.pk, at=MONDAY + 90 * MINUTE)
    telling.tell(kept, core.hang_up(kept.call_id), core=core)
    call.refresh_from_db()
    assert call.state == "talking"

    core.faults.append("deaf")
    with pytest.raises(errors.ExchangeSilent):
        asking.end_lost(call.pk, at=MONDAY + 90 * MINUTE)
    assert asking.end_lost(call.pk, at=MONDAY + 90 * MINUTE).state == "after"


def test_a_line_in_use_is_not_closed(office):
    an = office.actor("an")
    office.sits()
    with pytest.raises(errors.LineInUse):
        actions.close_line(office.line.pk, actor=an, at=MONDAY)
    with pytest.raises(errors.LineKnown):
        actions.open_line(office.city.city.pk, code="1022", name="Lại", actor=HOUSE, at=MONDAY)
    actions.leave(actor=office.actor("lan"), at=MONDAY)

    assert actions.close_line(office.line.pk, actor=an, at=MONDAY).closed_at == MONDAY


def test_an_answer_that_was_read_out_is_counted_and_kept_with_its_version(office):
    keeper = make_officer(office.city.city, title="Tổng đài viên 1022")
    stock = Stock(city=office.city, keeper=keeper, approver=make_officer(office.city.city, title="Trưởng tổng đài 1022"))
    version, day = stock.answered(), WHEN_APPROVED + MINUTE
    office.sits(at=day)
    call, lan = talking(office, day), office.actor("lan", day)

    done = actions.answer_with(call.pk, version_id=version.pk, actor=lan, at=day + MINUTE)

    assert (done.outcome, done.answer_version) == ("answered", version.pk)
    assert AnswerUse.objects.get(version=version, kind="hotline").count == 1
    other = talking(office, day + 10 * MINUTE)
    with pytest.raises(NotFound):
        actions.answer_with(other.pk, version_id=0, actor=lan, at=day + 11 * MINUTE)
    other.refresh_from_db()
    assert (other.outcome, other.answer_version) == ("", None)
    page = browser_of(office.people["lan"]).get(reverse("hotline:call", args=[other.pk]), {"hoi": "khai sinh"})
    assert page.status_code == 200
