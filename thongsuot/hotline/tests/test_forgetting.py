"""What is kept for a time alone: numbers here, recordings at the exchange; and ends that were lost, found at five past."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thongsuot.feedback import actions as feedback
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
    feedback.forget_sender(ticket.reporter.pk, actor=HOUSE, at=MONDAY + 2 * DAY)
    event = Event.objects.get(name="feedback.forgotten")

    for _twice in range(2):
        react(event.pk, "thongsuot.hotline.reactions.forget_caller")

    call.refresh_from_db()
    assert list(CallerNumber.objects.values_list("call", flat=True)) == [other.pk]
    assert (call.recording, CallNotice.objects.filter(call=call).exists()) == ("", False)
    assert Event.objects.filter(name="hotline.forgotten", subject_id=call.pk).count() == 1


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
