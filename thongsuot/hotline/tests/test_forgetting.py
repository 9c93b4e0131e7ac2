"""What is kept for a time alone: numbers here, recordings at the exchange; and ends that were lost, found at five past."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thongsuot.feedback import actions as feedback
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.hotline import actions, tasks
from thongsuot.hotline.models import Call, CallBack, CallerNumber, CallNotice
from thongsuot.hotline.rules import USUAL
from thongsuot.hotline.tests.make import DAY, HOUSE, MINUTE, MONDAY, ended, ringing, talking
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.jobs import react
from thongsuot.kernel.models import Event


def recorded(core, *, at=MONDAY):
    kept, _notice = core.ring("1022", "0912000111")
    core.answer(kept.call_id, "101")
    return core.hang_up(kept.call_id).recording


def test_numbers_go_after_their_time_and_calls_stay(office, clock):
    old = ended(ringing(), MONDAY + MINUTE)
    clock.now = MONDAY + timedelta(days=USUAL.number_days) + 2 * MINUTE
    ringing(clock.now, caller="0912000222")

    tasks.forget(0)

    assert list(CallerNumber.objects.values_list("number", flat=True)) == ["0912000222"]
    assert Call.objects.count() == 2
    assert not CallNotice.objects.filter(call=old).exists()
    assert CallBack.objects.get(call=old).state == "given_up"
    assert Event.objects.filter(name="hotline.forgotten").latest("pk").facts["numbers"] == 1


def test_recordings_are_deleted_where_they_lie(office, core, clock):
    office.sits()
    reference = recorded(core)
    call = ended(talking(office), MONDAY + MINUTE, recording=reference, recording_type="audio/wav")
    clock.now = MONDAY + timedelta(days=USUAL.recording_days) + 2 * MINUTE

    core.faults.append("deaf")
    tasks.forget(0)
    call.refresh_from_db()
    assert call.recording == reference  # it is still there, so that the next night asks again

    tasks.forget(0)
    call.refresh_from_db()
    assert call.recording == ""
    assert Event.objects.filter(name="hotline.recording_forgotten").count() == 1


def test_an_exchange_that_deletes_and_does_not_let_us_look_has_not_shown_that_it_is_gone(office, core, clock):
    office.sits()
    reference = recorded(core)
    call = ended(talking(office), MONDAY + MINUTE, recording=reference, recording_type="audio/wav")
    clock.now = MONDAY + timedelta(days=USUAL.recording_days) + 2 * MINUTE
    core.faults += ["", "no"]

    tasks.forget(0)

    call.refresh_from_db()
    assert (call.recording, call.deletion_trouble) == (reference, "stayed")


def forget(ticket) -> None:
    """It ended, and its time is over."""
    FeedbackTicket.objects.filter(pk=ticket.pk).update(ended_at=MONDAY + 2 * MINUTE)
    feedback.forget_sender(ticket.reporter.pk, actor=HOUSE, at=MONDAY + 800 * DAY)


def test_whose_ticket_is_forgotten_is_forgotten_here_too(office, core, clock):
    """However long the city keeps numbers: nothing leads from the ticket to the telephone it was told by."""
    lan = office.actor("lan")
    office.sits()
    reference = recorded(core)
    call = talking(office)
    actions.classify(call.pk, category_id=office.category().pk, actor=lan, at=MONDAY + MINUTE)
    ticket = actions.make_ticket(
        call.pk,
        name="Vừ Thị Kín",
        words="Ổ gà sâu trước cổng trường, ngã xe hai lần",
        phone="0912000111",
        place_unit=office.city.river.pk,
        actor=lan,
        at=MONDAY + MINUTE,
    )
    call = ended(call, MONDAY + 2 * MINUTE, recording=reference, recording_type="audio/wav")
    other = ended(ringing(MONDAY + DAY, caller="0912000222"), MONDAY + DAY + MINUTE)
    forget(ticket)
    event = Event.objects.get(name="feedback.forgotten")

    for _twice in range(2):
        react(event.pk, "thongsuot.hotline.reactions.forget_caller")

    call.refresh_from_db()
    assert list(CallerNumber.objects.values_list("call", flat=True)) == [other.pk]
    assert (call.recording, CallNotice.objects.filter(call=call).exists()) == ("", False)
    assert Event.objects.filter(name="hotline.forgotten", subject_id=call.pk).count() == 1


def reported(office, core):
    """A call that was recorded, with two tickets."""
    lan = office.actor("lan")
    office.sits()
    reference = recorded(core)
    call = talking(office)
    said = {"name": "Vừ Thị Kín", "phone": "0912000111", "actor": lan, "at": MONDAY + MINUTE}
    tickets = [actions.make_ticket(call.pk, words=words, **said) for words in ("Ổ gà sâu trước cổng", "Đèn đường tắt ba đêm")]
    return ended(call, MONDAY + 2 * MINUTE, recording=reference, recording_type="audio/wav"), tickets


def forgotten(ticket) -> None:
    forget(ticket)
    event = Event.objects.get(name="feedback.forgotten", subject_id=ticket.pk)
    react(event.pk, "thongsuot.hotline.reactions.forget_caller")


def test_a_further_ticket_leads_to_the_telephone_no_more_either_and_no_note_says_who_rang(office, core, clock):
    call, (_first, further) = reported(office, core)
    actions.ask_call_back(call.pk, minutes=30, reason="Người gọi nhờ", actor=office.actor("lan"), at=MONDAY + 3 * MINUTE)
    CallBack.objects.update(note="Gọi chị Kín sau giờ làm")

    forgotten(further)

    call.refresh_from_db()
    back = CallBack.objects.get(call=call)
    assert (call.recording, back.note, back.state) == ("", "", "given_up")
    assert not CallerNumber.objects.filter(call=call).exists()


def test_what_is_held_is_forgotten_when_it_is_released(office, core, clock):
    call, (first, _further) = reported(office, core)
    hanh = office.actor("hanh")
    actions.hold_recording(call.pk, reason="Công văn 12/CQĐT", actor=hanh, at=MONDAY + 5 * MINUTE)

    forgotten(first)
    clock.now = MONDAY + 3 * DAY
    tasks.forget(0)

    call.refresh_from_db()
    assert call.recording
    assert CallerNumber.objects.filter(call=call).exists()
    actions.release_recording(call.pk, actor=hanh, at=MONDAY + 3 * DAY)
    react(Event.objects.get(name="hotline.recording_released").pk, "thongsuot.hotline.reactions.forget_released")
    call.refresh_from_db()
    assert (call.recording, CallerNumber.objects.filter(call=call).exists()) == ("", False)


def test_released_before_its_time_and_of_nobody_forgotten_it_stays(office, core, clock):
    call, _tickets = reported(office, core)
    hanh = office.actor("hanh")
    actions.hold_recording(call.pk, reason="Công văn 12/CQĐT", actor=hanh, at=MONDAY + 5 * MINUTE)
    actions.release_recording(call.pk, actor=hanh, at=MONDAY + DAY)

    react(Event.objects.get(name="hotline.recording_released").pk, "thongsuot.hotline.reactions.forget_released")

    call.refresh_from_db()
    assert (bool(call.recording), CallerNumber.objects.filter(call=call).exists()) == (True, True)


@pytest.mark.parametrize("fault", ["no", "deaf"])
def test_what_the_exchange_did_not_delete_then_it_is_asked_for_each_night(office, core, clock, fault):
    call, (first, _further) = reported(office, core)
    core.faults.append(fault)

    forgotten(first)

    call.refresh_from_db()
    assert (bool(call.recording), bool(call.deletion_trouble)) == (True, True)
    assert not CallerNumber.objects.filter(call=call).exists()
    clock.now = MONDAY + 3 * DAY  # long before the time of recordings is over
    tasks.forget(0)
    call.refresh_from_db()
    assert (call.recording, call.deletion_trouble) == ("", "")


def test_by_night_too_what_no_reaction_came_to_is_forgotten(office, core, clock):
    call, (_first, further) = reported(office, core)
    forget(further)
    clock.now = MONDAY + 3 * DAY

    tasks.forget(0)
    tasks.forget(0)

    call.refresh_from_db()
    assert (call.recording, CallerNumber.objects.filter(call=call).exists()) == ("", False)
    assert Event.objects.filter(name="hotline.forgotten", subject="hotline.call", subject_id=call.pk).count() == 1


def test_the_times_are_the_citys_from_the_day_it_sets_them(office, clock):
    an, city = office.actor("an"), office.city.city.pk
    shorter = {**USUAL.numbers, "number_days": 10}
    actions.set_settings(city, type(USUAL)(**shorter, basis="9/QĐ"), actor=an, at=MONDAY)
    ended(ringing(), MONDAY + MINUTE)
    clock.now = MONDAY + 11 * DAY

    tasks.forget(0)

    assert not CallerNumber.objects.exists()


@pytest.mark.parametrize("wrong", [{"classify_minutes": 0}, {"number_days": 10**6}, {"basis": ""}])
def test_settings_out_of_range_or_without_basis_are_refused(office, wrong):
    said = {**USUAL.numbers, "basis": "9/QĐ", **wrong}
    with pytest.raises(BadInput):
        actions.set_settings(office.city.city.pk, type(USUAL)(**said), actor=HOUSE, at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.set_settings(office.city.city.pk, USUAL, actor=office.actor("lan"), at=MONDAY)


def test_every_five_minutes_ends_that_were_lost_are_found(office, core, clock):
    office.sits()
    kept, _notice = core.ring("1022", "0912000111", mischief="lost_end")
    from thongsuot.hotline.stand_in import telling

    telling.tell(kept, core.answer(kept.call_id, "101"), core=core)
    telling.tell(kept, core.hang_up(kept.call_id), core=core)
    assert Call.objects.get().state == "talking"
    tasks.end_lost(0)
    assert Call.objects.get().state == "talking"

    clock.now = MONDAY + USUAL.lost + MINUTE
    core.faults.append("deaf")
    tasks.end_lost(0)
    assert Call.objects.get().state == "talking"
    tasks.end_lost(0)

    assert Call.objects.get().state == "after"


def test_scripts_have_versions(office):
    an, city, category = office.actor("an"), office.city.city.pk, office.category()
    actions.write_script(city, category_id=category.pk, opening="Chào", steps=["Hỏi", " ", "Nói"], actor=an, at=MONDAY)
    later = actions.write_script(city, category_id=category.pk, opening="Xin chào", steps=[], actor=an, at=MONDAY + DAY)

    before = category_versions(category)[0]
    assert (before.steps, before.valid_to) == (["Hỏi", "Nói"], later.valid_from)
    with pytest.raises(BadInput):
        actions.write_script(city, category_id=category.pk, opening="", steps=["x" * 301], actor=an, at=MONDAY)
    with pytest.raises(BadInput):
        actions.write_script(city, category_id=0, opening="x", steps=[], actor=an, at=MONDAY)


def category_versions(category):
    from thongsuot.hotline.models import CallScript

    return list(CallScript.objects.filter(category=category).order_by("valid_from"))
