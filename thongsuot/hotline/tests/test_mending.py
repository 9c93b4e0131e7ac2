"""What goes otherwise than it should: nobody lifts the receiver, work is left, an outcome is wrong, a recording will not go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from thongsuot.feedback.models import FeedbackTicket
from thongsuot.hotline import actions, asking, tasks
from thongsuot.hotline.actions import errors
from thongsuot.hotline.models import Call, CallBack, CallChange, CallerNumber, CallTicket, CallTransfer, RecordingHold
from thongsuot.hotline.queries import desk as queries
from thongsuot.hotline.queries.recordings import past_their_time
from thongsuot.hotline.rules import USUAL
from thongsuot.hotline.stand_in import telling
from thongsuot.hotline.tests.make import DAY, MINUTE, MONDAY, NUMBER, SAID, SECOND, ended, ringing, talking, told, url
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.people.models import LookUp
from thongsuot.people.tests.make import browser_of
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
WHY = "Ghi nhầm nút"


@pytest.fixture
def at_lan(office, clock):
    office.sits()
    return browser_of(office.people["lan"])


@pytest.fixture
def hanh(office):
    return office.actor("hanh")


def done(office, lan, outcome="nuisance", at=MONDAY):
    """A call of Lan's that is over and noted."""
    return actions.conclude(ended(talking(office, at), at + MINUTE).pk, outcome=outcome, actor=lan, at=at + 2 * MINUTE)


def picked(office, core, lan, mischief="unlifted"):
    """A call that Lan has taken, and that does not reach her telephone."""
    kept, notice = core.ring("1022", NUMBER, mischief=mischief)
    telling.tell(kept, notice, core=core)
    return asking.pick(Call.objects.latest("pk").pk, actor=lan, at=MONDAY), kept


# -- what a category asks --------------------------------------------------------------------------------------------------


def test_what_the_category_asks_is_asked_and_nothing_typed_is_lost(office, at_lan):
    call, wire = talking(office), office.category("dien-day")
    typed = {**SAID, "category": wire.pk, "urgent": "on", "key": "k" * 24}

    page = at_lan.post(url("call", call.pk), {"viec": "phan-loai", **typed})
    assert page.status_code == 200
    assert "Có ai chạm vào được không?" in said(page)
    assert SAID["words"] in page.content.decode()
    call.refresh_from_db()
    assert (call.category_id, call.urgent) == (wire.pk, True)

    page = at_lan.post(url("call", call.pk), {"viec": "phieu", **typed})
    assert page.status_code == 422
    assert "Chưa chọn “Có ai chạm vào được không?”" in said(page)
    assert SAID["words"] in page.content.decode()
    for _time in range(2):  # pressed twice it is one ticket
        at_lan.post(url("call", call.pk), {"viec": "phieu", "hoi_ho": "co", **typed})

    ticket = FeedbackTicket.objects.get()
    assert (ticket.answers, ticket.category_id, ticket.urgency) == ({"ho": "co"}, wire.pk, "urgent")
    assert not CallTicket.objects.exists()


def test_a_category_that_was_chosen_and_not_noted_goes_with_the_ticket(office, at_lan):
    call, hole = talking(office), office.category("o-ga")

    at_lan.post(url("call", call.pk), {"viec": "phieu", "category": hole.pk, **SAID})

    call.refresh_from_db()
    assert (call.category_id, call.ticket.category_id, call.outcome) == (hole.pk, hole.pk, "ticket")


# -- the receiver is not lifted --------------------------------------------------------------------------------------------


def test_a_call_that_does_not_reach_the_telephone_is_given_back_by_who_took_it(office, core, at_lan, lan, hoa):
    call, _kept = picked(office, core, lan)
    page = at_lan.get(url("call", call.pk))
    assert "Hãy nhấc máy" in said(page)
    with pytest.raises(errors.CallNotAnswered):
        actions.conclude(call.pk, outcome="answered", actor=lan, at=MONDAY)
    with pytest.raises(errors.CallNotYours):
        actions.let_go(call.pk, actor=hoa, at=MONDAY)

    at_lan.post(url("call", call.pk), {"viec": "khong-noi"})

    call.refresh_from_db()
    assert (call.state, call.operator_id, call.picked_at) == ("ringing", None, None)
    assert Event.objects.get(name="hotline.call_let_go").facts["person"] == lan.person_id
    assert "Số đuôi 111" in said(at_lan.get(url("desk")))


@pytest.mark.parametrize("fault", ["", "deaf", "no"])
def test_after_a_time_it_rings_for_the_others(office, core, clock, lan, fault):
    office.sits()
    call, _kept = picked(office, core, lan)
    clock.now = MONDAY + 50 * SECOND
    tasks.put_back(0)
    call.refresh_from_db()
    assert call.operator_id == lan.person_id

    clock.now = MONDAY + 70 * SECOND
    core.faults.append(fault)  # whatever the exchange answers
    tasks.put_back(0)

    call.refresh_from_db()
    assert (call.state, call.operator_id) == ("ringing", None)


def test_after_a_time_the_exchange_knows_that_it_was_lifted_or_is_over(office, core, clock, lan):
    office.sits()
    lifted, kept = picked(office, core, lan)
    core.answer(kept.call_id, "101")  # which it did not tell
    clock.now = MONDAY + 2 * MINUTE
    tasks.put_back(0)
    lifted.refresh_from_db()
    assert (lifted.state, lifted.operator_id) == ("talking", lan.person_id)

    ended(lifted, MONDAY + 3 * MINUTE)
    actions.conclude(lifted.pk, outcome="answered", actor=lan, at=MONDAY + 3 * MINUTE)
    call, kept = picked(office, core, lan, mischief="unlifted")
    core.hang_up(kept.call_id)
    tasks.put_back(0)
    call.refresh_from_db()
    assert (call.state, call.outcome) == ("done", "abandoned")
    assert CallBack.objects.get(ended_at=None).call_id == call.pk


def test_the_exchange_tells_that_nobody_lifted_it(office, lan):
    office.sits()
    call = actions.pick_call(ringing().pk, actor=lan, at=MONDAY)

    assert told("returned", call.exchange_id, MONDAY - SECOND, came_at=MONDAY).operator_id == lan.person_id  # of before
    assert told("returned", call.exchange_id, MONDAY + 30 * SECOND).operator_id is None


def test_the_page_is_loaded_anew_once_there_is_work(office, core, at_lan, lan):
    call, kept = picked(office, core, lan)
    known = [part.split('"')[0] for part in at_lan.get(url("call", call.pk)).content.decode().split('name="co" value="')[1:]]
    assert at_lan.get(url("call_live", call.pk), {"co": known}).status_code == 204

    telling.tell(kept, core.answer(kept.call_id, "101"), core=core)

    assert at_lan.get(url("call_live", call.pk), {"co": known}).headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in at_lan.get(url("call_live", call.pk)).headers


# -- handed on, and nobody there -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["", "deaf"])
def test_where_nobody_lifts_the_call_is_tried_again_and_a_ticket_is_made(office, core, at_lan, lan, fault):
    call, _kept = picked(office, core, lan, mischief="")
    core.faults.append(fault)
    asking.transfer(call.pk, to="emergency", where="114", actor=lan, at=MONDAY + MINUTE)
    page = at_lan.get(url("call", call.pk))
    assert "Không ai nhấc máy" in said(page)

    at_lan.post(url("call", call.pk), {"viec": "khong-nhac", "lan": CallTransfer.objects.get().pk})

    call.refresh_from_db()
    assert (call.state, call.outcome) == ("talking", "")
    with pytest.raises(errors.TransferOver):
        actions.note_missed(CallTransfer.objects.get().pk, actor=lan, at=MONDAY + MINUTE)
    asking.transfer(call.pk, to="emergency", where="115", actor=lan, at=MONDAY + 2 * MINUTE)
    # They are gone for us, and what they told is a ticket all the same.
    ticket = actions.make_ticket(call.pk, **SAID, actor=lan, at=MONDAY + 3 * MINUTE)
    assert list(CallTransfer.objects.order_by("pk").values_list("number", "state")) == [("114", "missed"), ("115", "done")]
    call.refresh_from_db()
    assert (call.outcome, [one.pk for one in queries.made_of(call)]) == ("transferred", [ticket.pk])
    assert queries.in_hand(lan.person_id) is None  # she takes the next call


def test_the_caller_hung_up_while_nobody_lifted(office, core, lan):
    office.sits()
    call, _kept = picked(office, core, lan, mischief="")
    moved = asking.transfer(call.pk, to="emergency", where="114", actor=lan, at=MONDAY + MINUTE)
    assert ended(call, MONDAY + 2 * MINUTE).state == "done"

    actions.note_missed(moved.pk, actor=lan, at=MONDAY + 3 * MINUTE)

    call.refresh_from_db()
    assert (call.state, call.outcome) == ("after", "")
    assert actions.ask_call_back(call.pk, actor=lan, at=MONDAY + 3 * MINUTE).state == "waiting"


def test_a_colleague_who_does_not_lift_gives_it_back_and_one_who_did_keeps_it(office, core, lan, hoa):
    office.sits()
    office.sits("hoa", "102")
    call = talking(office)
    moved = actions.begin_transfer(call.pk, to="operator", where=str(hoa.person_id), actor=lan, at=MONDAY + MINUTE)
    actions.settle_transfer(moved.pk, done=True, actor=lan, at=MONDAY + MINUTE)
    call.refresh_from_db()
    assert call.operator_id == hoa.person_id

    call = told("returned", call.exchange_id, MONDAY + 2 * MINUTE, to="102")
    assert (call.operator_id, call.state) == (lan.person_id, "talking")

    moved = actions.begin_transfer(call.pk, to="operator", where=str(hoa.person_id), actor=lan, at=MONDAY + 3 * MINUTE)
    actions.settle_transfer(moved.pk, done=True, actor=lan, at=MONDAY + 3 * MINUTE)
    told("answered", call.exchange_id, MONDAY + 4 * MINUTE, extension="102")
    with pytest.raises(errors.TransferOver):
        actions.note_missed(moved.pk, actor=lan, at=MONDAY + 5 * MINUTE)


def test_handed_on_by_the_keys_of_a_telephone_it_comes_back_too(office):
    office.sits()
    call = talking(office)
    assert told("transferred", call.exchange_id, MONDAY + MINUTE, to="115").outcome == "transferred"

    assert told("returned", call.exchange_id, MONDAY + 2 * MINUTE).outcome == ""


# -- work that was left ----------------------------------------------------------------------------------------------------


def test_what_an_absent_operator_left_is_seen_and_given_to_another(office, at_lan, lan, hoa, hanh, clock):
    call = ended(talking(office), MONDAY + MINUTE)
    assert not queries.stuck_calls(call.city_id, now=MONDAY + 2 * MINUTE)  # she is writing it down
    with pytest.raises(errors.CallStillOpen):
        actions.leave(actor=lan, at=MONDAY + 2 * MINUTE)
    actions.leave(person_id=lan.person_id, actor=hanh, at=MONDAY + 2 * MINUTE)
    office.sits("hoa", "102")
    browser = browser_of(office.people["hanh"])
    assert f"Cuộc gọi {call.pk}" in said(browser.get(url("stuck")))
    assert "1 việc" in said(browser.get(url("desk")))
    assert browser_of(office.people["hoa"]).get(url("stuck")).status_code == 403
    assert browser.post(url("reassign", call.pk), {"person": hoa.person_id, "reason": ""}).status_code == 422

    browser.post(url("reassign", call.pk), {"person": hoa.person_id, "reason": "Lan về vì con ốm"})

    call.refresh_from_db()
    assert (call.operator_id, call.operator_name) == (hoa.person_id, hoa.name)
    change = CallChange.objects.get()
    assert (change.before, change.after, change.reason, change.by_name) == (lan.name, hoa.name, "Lan về vì con ốm", hanh.name)
    assert "Lan về" not in str(Event.objects.get(name="hotline.call_reassigned").facts)
    actions.conclude(call.pk, outcome="answered", actor=hoa, at=MONDAY + 3 * MINUTE)
    with pytest.raises(errors.CallConcluded):
        actions.reassign_call(call.pk, person_id=lan.person_id, reason=WHY, actor=hanh, at=MONDAY + 3 * MINUTE)


def test_nobody_else_gives_work_away_and_nobody_else_gets_it(office, lan, hoa, hanh):
    office.sits()
    call = talking(office)
    with pytest.raises(NotYourDuty):
        actions.reassign_call(call.pk, person_id=hoa.person_id, reason=WHY, actor=hoa, at=MONDAY)
    with pytest.raises(BadInput):
        actions.reassign_call(call.pk, person_id=office.people["bao"].pk, reason=WHY, actor=hanh, at=MONDAY)
    with pytest.raises(errors.OperatorInCall):
        actions.leave(person_id=lan.person_id, actor=hanh, at=MONDAY)
    assert not CallChange.objects.exists()


def test_a_call_back_that_was_taken_and_left_goes_to_another_or_back(office, lan, hoa, hanh, clock):
    office.sits()
    back = actions.ask_call_back(talking(office).pk, actor=lan, at=MONDAY)
    actions.take_call_back(back.pk, reason="Gọi lại", actor=lan, at=MONDAY)
    city = office.city.city.pk
    assert not queries.stuck_call_backs(city, now=MONDAY + USUAL.stuck)
    assert list(queries.stuck_call_backs(city, now=MONDAY + USUAL.stuck + SECOND)) == [back]

    actions.reassign_call_back(back.pk, person_id=hoa.person_id, reason=WHY, actor=hanh, at=MONDAY + 40 * MINUTE)
    back.refresh_from_db()
    assert (back.taken_by_id, back.state) == (hoa.person_id, "taken")
    assert LookUp.objects.latest("pk").by_id == hoa.person_id  # whoever sees the number
    clock.now = MONDAY + 41 * MINUTE
    browser_of(office.people["hanh"]).post(url("reassign_back", back.pk), {"person": 0, "reason": WHY})
    back.refresh_from_db()
    assert (back.taken_by_id, back.state) == (None, "waiting")


# -- what was noted wrongly ------------------------------------------------------------------------------------------------


def test_a_wrong_outcome_is_put_right_and_what_was_before_is_kept(office, at_lan, lan, hoa, hanh):
    call = done(office, lan)
    for again in (
        lambda: actions.classify(call.pk, category_id=office.category().pk, actor=lan, at=MONDAY),
        lambda: actions.ask_call_back(call.pk, actor=lan, at=MONDAY),
        lambda: actions.conclude(call.pk, outcome="answered", actor=lan, at=MONDAY),
        lambda: actions.make_ticket(call.pk, **SAID, actor=lan, at=MONDAY),
    ):
        with pytest.raises(errors.CallConcluded, match="call_concluded") as no:
            again()
        assert "Sửa kết quả" in no.value.message()
    with pytest.raises(errors.CallNotYours):
        actions.correct(call.pk, outcome="answered", category_id=None, urgent=False, reason=WHY, actor=hoa, at=MONDAY)
    form = {"viec": "sua", "outcome": "answered", "category": office.category().pk}
    assert at_lan.post(url("correct", call.pk), {**form, "reason": ""}).status_code == 422

    at_lan.post(url("correct", call.pk), {**form, "reason": WHY})

    call.refresh_from_db()
    assert (call.state, call.outcome, call.category_id) == ("done", "answered", office.category().pk)
    assert list(CallChange.objects.values_list("kind", "before", "after", "reason")) == [
        ("corrected", "nuisance", "answered", WHY)
    ]
    facts = Event.objects.get(name="hotline.call_corrected").facts
    assert (facts["before"], facts["outcome"]) == ("nuisance", "answered")
    assert "Quấy rối → Trả lời ngay" in said(at_lan.get(url("call", call.pk)))
    actions.correct(call.pk, outcome="no_words", category_id=None, urgent=False, reason=WHY, actor=hanh, at=MONDAY + DAY)
    with pytest.raises(BadInput):
        actions.correct(call.pk, outcome="abandoned", category_id=None, urgent=False, reason=WHY, actor=lan, at=MONDAY)


def test_a_ticket_that_was_forgotten_is_made_of_a_call_that_is_done(office, at_lan, lan):
    call = done(office, lan)
    form = {"viec": "phieu", **SAID, "category": office.category("dien-day").pk, "reason": WHY}
    assert "Chưa chọn “Có ai chạm vào được không?”" in said(at_lan.post(url("correct", call.pk), form))

    at_lan.post(url("correct", call.pk), {**form, "hoi_ho": "khong"})

    call.refresh_from_db()
    assert (call.outcome, call.ticket.answers, CallChange.objects.get().after) == ("ticket", {"ho": "khong"}, "ticket")
    with pytest.raises(errors.TicketStays):
        actions.correct(call.pk, outcome="nuisance", category_id=None, urgent=False, reason=WHY, actor=lan, at=MONDAY)
    at_lan.post(url("correct", call.pk), {"viec": "goi-lai", "minutes": 20, "reason": "Hẹn gọi lại mà quên ghi"})
    assert CallBack.objects.get(call=call).state == "waiting"


def test_one_call_brings_several_tickets(office, at_lan, lan):
    call = talking(office)
    first = actions.make_ticket(call.pk, **SAID, key="a" * 20, actor=lan, at=MONDAY + MINUTE)
    page = at_lan.post(url("call", call.pk), {"viec": "hoi", **SAID, "category": office.category("den-duong").pk})
    assert "Mấy đèn không sáng?" in said(page)
    lamp = office.category("den-duong").pk
    more = {**SAID, "words": "Đèn đường tắt ba đêm nay", "key": "b" * 20, "category_id": lamp, "answers": {"so-den": "3"}}
    second = actions.make_ticket(call.pk, **more, actor=lan, at=MONDAY + 2 * MINUTE)
    assert actions.make_ticket(call.pk, **more, actor=lan, at=MONDAY + 3 * MINUTE) == second

    call.refresh_from_db()
    assert [one.pk for one in queries.made_of(call)] == [first.pk, second.pk]
    assert (call.ticket_id, call.outcome, call.category) == (first.pk, "ticket", None)
    assert (second.category_id, second.answers) == (lamp, {"so-den": "3"})
    page = said(at_lan.get(url("call", call.pk)))
    assert first.number in page
    assert second.number in page


def test_nothing_is_put_right_that_nobody_noted(office, at_lan, lan):
    left = ended(ringing(), MONDAY + MINUTE)
    assert at_lan.get(url("correct", left.pk)).status_code == 403
    assert browser_of(office.people["hanh"]).get(url("correct", left.pk)).status_code == 409
    with pytest.raises(errors.NothingToCorrect):
        actions.correct(
            talking(office).pk, outcome="answered", category_id=None, urgent=False, reason=WHY, actor=lan, at=MONDAY
        )


def test_who_is_calling_back_is_not_taken_off_when_it_is_asked_again(office, lan, hoa):
    office.sits()
    call = talking(office)
    back = actions.ask_call_back(call.pk, actor=lan, at=MONDAY)
    actions.take_call_back(back.pk, reason="Gọi lại", actor=hoa, at=MONDAY + MINUTE)
    assert actions.ask_call_back(call.pk, minutes=90, actor=lan, at=MONDAY + MINUTE).state == "taken"
    actions.note_call_back(back.pk, reached=True, actor=hoa, at=MONDAY + 2 * MINUTE)

    again = actions.ask_call_back(call.pk, actor=lan, at=MONDAY + 3 * MINUTE)

    assert (again.state, again.tries, again.ended_at, again.taken_by_id) == ("waiting", 0, None, None)


# -- called back in vain ---------------------------------------------------------------------------------------------------


def test_a_call_back_in_vain_waits_for_its_next_time_and_ends_with_a_note(office, at_lan, lan, clock):
    back = actions.ask_call_back(talking(office).pk, minutes=10, actor=lan, at=MONDAY)
    other = actions.ask_call_back(talking(office, MONDAY + MINUTE).pk, minutes=20, actor=lan, at=MONDAY)
    address = url("call_back", back.pk)
    for tried in range(1, USUAL.most_tries + 1):
        at_lan.post(address, {"viec": "nhan"})
        at_lan.post(address, {"viec": "khong-gap", "note": "Máy bận" if tried == 1 else ""})
        back.refresh_from_db()
        assert back.tries == tried
        if tried == 1:
            assert (back.next_try_at, back.tried_at) == (clock.now + 30 * MINUTE, clock.now)
            assert list(queries.call_backs(office.city.city.pk)) == [other, back]
            assert "gọi lần sau từ" in said(at_lan.get(url("call_backs")))
        clock.now += 30 * MINUTE

    assert (back.state, back.note, back.tried_at) == ("given_up", "Máy bận", MONDAY)  # in time, by the first try
    page = said(at_lan.get(url("call_backs"), {"xong": "1"}))
    assert "Không liên lạc được" in page
    assert "Máy bận" in page
    assert NUMBER not in page
    assert at_lan.post(address, {"viec": "nhan"}).status_code == 409
    actions.take_call_back(other.pk, reason="Gọi", actor=lan, at=MONDAY)
    with pytest.raises(BadInput):
        actions.note_call_back(other.pk, reached=True, note="x" * 301, actor=lan, at=MONDAY)


def test_given_up_without_a_word_it_says_how_often_it_was_tried(office, lan):
    office.sits()
    back = actions.ask_call_back(talking(office).pk, actor=lan, at=MONDAY)
    for _time in range(USUAL.most_tries):
        actions.take_call_back(back.pk, reason="Gọi lại", actor=lan, at=MONDAY)
        back = actions.note_call_back(back.pk, reached=False, actor=lan, at=MONDAY)

    assert back.note == "Đã gọi 3 lần không gặp."


# -- recordings past their time --------------------------------------------------------------------------------------------

LATER = MONDAY + timedelta(days=USUAL.recording_days) + 2 * MINUTE


def recorded(office, core, at=MONDAY):
    kept, _notice = core.ring("1022", NUMBER)
    core.answer(kept.call_id, "101")
    reference = core.hang_up(kept.call_id).recording
    return ended(talking(office, at), at + MINUTE, recording=reference, recording_type="audio/wav")


@pytest.mark.parametrize(
    ("way", "trouble"),
    [("no", "refused"), ("deaf", "silent"), ("keeps it", "stayed"), ("another", "elsewhere"), ("none", "elsewhere")],
)
def test_what_is_still_there_is_never_said_to_be_deleted(office, core, clock, settings, monkeypatch, way, trouble):
    office.sits()
    call = recorded(office, core)
    clock.now = LATER
    if way == "keeps it":
        monkeypatch.setattr(type(core), "forget_recording", lambda *_said: None)
    elif way == "another":
        settings.EXCHANGE, settings.EXCHANGE_NAME = "https://tong-dai.example.vn", "moi"
    elif way == "none":
        settings.EXCHANGE = ""
        monkeypatch.setattr("thongsuot.hotline.exchange.chosen", lambda: None)
    else:
        core.faults.append(way)

    tasks.forget(0)

    call.refresh_from_db()
    assert (bool(call.recording), call.deletion_trouble, call.deletion_tried_at) == (True, trouble, LATER)
    assert call.recording_deleted_at is None
    assert Event.objects.get(name="hotline.recording_stayed").facts["trouble"] == trouble
    page = said(browser_of(office.people["an"]).get(url("recordings")))
    assert str(call.get_deletion_trouble_display()) in page


def test_deleted_once_it_is_said_once(office, core, clock):
    office.sits()
    call = recorded(office, core)
    clock.now = LATER
    core.faults += ["", "deaf"]  # deleted; what it answers then is not heard: asked again the next night
    tasks.forget(0)
    call.refresh_from_db()
    assert call.deletion_trouble == "silent"

    for _night in range(2):
        tasks.forget(0)
    asking.forget(call.pk, at=LATER)

    call.refresh_from_db()
    assert (call.recording, call.recording_deleted_at, call.deletion_trouble) == ("", LATER, "")
    assert Event.objects.filter(name="hotline.recording_forgotten").count() == 1


def test_one_that_fails_each_night_keeps_no_other_and_silence_ends_the_night(office, core, clock, monkeypatch):
    office.sits()
    first = recorded(office, core)
    second = recorded(office, core, MONDAY + 5 * MINUTE)
    clock.now = LATER + 10 * MINUTE
    monkeypatch.setattr(tasks, "AT_ONCE", 1)
    core.faults.append("no")
    tasks.forget(0)
    tasks.forget(0)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.deletion_trouble, second.recording) == ("refused", "")

    monkeypatch.setattr(tasks, "AT_ONCE", 9)
    for minute in range(4):
        recorded(office, core, MONDAY + (10 + minute) * MINUTE)
    clock.now = LATER + 20 * MINUTE
    core.faults += ["deaf"] * 9
    tasks.forget(0)
    assert len(core.faults) == 9 - tasks.MOST_SILENT


def test_what_is_held_is_kept_with_its_number_until_it_is_released(office, core, clock, lan, hanh):
    office.sits()
    call = recorded(office, core)
    browser = browser_of(office.people["hanh"])
    with pytest.raises(NotYourDuty):
        actions.hold_recording(call.pk, reason=WHY, actor=lan, at=MONDAY)
    assert browser.post(url("recording", call.pk), {"viec": "giu", "reason": ""}).status_code == 422
    browser.post(url("recording", call.pk), {"viec": "giu", "reason": "Công văn 12/CQĐT"})
    with pytest.raises(errors.RecordingHeld):
        actions.hold_recording(call.pk, reason=WHY, actor=hanh, at=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordingHold.objects.create(call=call, reason="x", by_name="x", held_at=MONDAY)
    assert "Công văn 12/CQĐT" in said(browser_of(office.people["an"]).get(url("recordings")))

    clock.now = MONDAY + timedelta(days=USUAL.number_days) + 2 * MINUTE
    tasks.forget(0)
    with pytest.raises(errors.RecordingHeld):
        asking.forget(call.pk, at=clock.now)
    call.refresh_from_db()
    assert call.recording
    assert CallerNumber.objects.filter(call=call).exists()
    assert not past_their_time(call.city_id, now=clock.now)

    actions.release_recording(call.pk, actor=hanh, at=clock.now)
    with pytest.raises(errors.RecordingNotHeld):
        actions.release_recording(call.pk, actor=hanh, at=clock.now)
    tasks.forget(0)
    call.refresh_from_db()
    assert call.recording == ""
    assert not CallerNumber.objects.filter(call=call).exists()


def test_somebody_says_that_it_was_deleted_where_it_lies(office, core, clock, settings):
    office.sits()
    call, an = recorded(office, core), office.actor("an")
    with pytest.raises(errors.NoRecording):  # nothing was tried yet
        actions.confirm_recording_gone(call.pk, reason=WHY, actor=an, at=MONDAY)
    clock.now = LATER
    core.faults.append("no")
    tasks.forget(0)
    browser = browser_of(office.people["an"])
    assert browser.post(url("recordings"), {"cuoc": call.pk, "reason": ""}).status_code == 422

    browser.post(url("recordings"), {"cuoc": call.pk, "reason": "Nhà mạng xóa ngày 2/4, biên bản 3"})

    call.refresh_from_db()
    assert (call.recording, call.recording_deleted_at) == ("", LATER)
    assert CallChange.objects.get().reason == "Nhà mạng xóa ngày 2/4, biên bản 3"
    assert Event.objects.get(name="hotline.recording_forgotten").facts["by_hand"] is True
