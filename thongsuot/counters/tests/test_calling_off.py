"""A point that opens otherwise, or that says so of one booked hour: who booked is told, whoever changes it was told before."""

from __future__ import annotations

from datetime import time

import pytest
from django.urls import reverse

from thongsuot.counters import actions, events
from thongsuot.counters.actions import errors
from thongsuot.counters.models import Booking, HallSettings, OpeningException, OpeningHours, RosterEntry, VoiceSet
from thongsuot.counters.queries.ahead import slots_on
from thongsuot.counters.queries.opening import open_times, settings_of
from thongsuot.counters.queries.rosters import officers_at
from thongsuot.counters.reactions import tell_who_booked
from thongsuot.counters.rules.settings import USUAL, Settings
from thongsuot.counters.tests.make import DAY, HOUSE, MONDAY, a_counter, a_queue, make_office
from thongsuot.counters.tests.test_clips import clip, packed
from thongsuot.counters.tests.test_opening import AFTERNOON, HOURS, MORNING, WEEK, open_as_usual
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.events import Happened
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.kernel.working_time import Shift
from thongsuot.notices.models import Notice
from thongsuot.people.queries import actor_for
from thongsuot.people.tests.make import browser_of, logged_in, make_administrator, make_citizen
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
TUESDAY = (MONDAY + DAY).replace(hour=9)
DAY_OFF = TUESDAY.date()
MORNINGS = ((MORNING,),) * 5 + ((), ())


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


@pytest.fixture
def person(office):
    return make_citizen(at=MONDAY)


@pytest.fixture
def queue(office):
    open_as_usual(office)
    found = a_queue(office)
    for weekday in range(5):
        actions.set_booking_plan(found.pk, weekday=weekday, minutes=30, seats=2, actor=office.actor("hong"), at=MONDAY)
    return found


@pytest.fixture
def booking(queue, person):
    return actions.book(queue.pk, starts_at=TUESDAY, actor=actor_for(person, at=MONDAY), at=MONDAY)


@pytest.fixture
def seat(office, queue):
    hong = office.actor("hong")
    who, _name = officers_at(office.point.pk, on=DAY_OFF)[0]
    counter = a_counter(office, queue)
    (made,) = actions.set_shift(
        office.point.pk, day=DAY_OFF, starts=AFTERNOON.starts, seats={counter.pk: who}, actor=hong, at=MONDAY
    )
    return made


def close(office, day=DAY_OFF, *, spans=(), **more):
    hong = office.actor("hong")
    return actions.put_exception(office.point.pk, day=day, spans=spans, reason="Sửa điện", actor=hong, at=MONDAY, **more)


def test_a_day_that_is_closed_is_refused_until_it_is_known_what_it_calls_off(office, booking, seat):
    with pytest.raises(errors.HoursTouch) as refused:
        close(office)
    assert refused.value.details() == {"booked": 1, "seats": 1}
    assert not OpeningException.objects.exists()
    with pytest.raises(errors.HoursTouch):
        close(office, told=1)
    close(office, told=2)
    booking.refresh_from_db()
    assert (booking.state, RosterEntry.objects.count()) == ("cancelled", 1)
    told = history_of(booking)[-1]
    assert (told.name, told.facts["reason"]) == ("counters.booking_called_off", "Sửa điện")


def test_an_hour_that_the_point_still_keeps_stays(office, booking):
    close(office, spans=(MORNING,))
    actions.set_hours(office.point.pk, week=MORNINGS, valid_from=MONDAY.date(), actor=office.actor("hong"), at=MONDAY)
    close(office, spans=(Shift(time(9), time(9, 30)),))
    booking.refresh_from_db()
    assert booking.state == "booked"
    with pytest.raises(errors.HoursTouch):
        close(office, spans=(Shift(time(9), time(9, 29)),))


def test_other_hours_of_the_week_call_off_what_falls_out_of_them_and_not_a_day_that_differs(office, queue, person):
    minh, hong, point = actor_for(person, at=MONDAY), office.actor("hong"), office.point.pk
    late = TUESDAY.replace(hour=14)
    booked = [actions.book(queue.pk, starts_at=late + place * DAY, actor=minh, at=MONDAY) for place in range(3)]
    close(office, booked[1].day, spans=(AFTERNOON,))
    change = {"week": MORNINGS, "valid_from": booked[1].day, "actor": hong, "at": MONDAY}
    with pytest.raises(errors.HoursTouch) as refused:
        actions.set_hours(point, **change)
    assert (refused.value.booked, OpeningHours.objects.count()) == (1, 1)
    actions.set_hours(point, **change, told=1)
    states = [Booking.objects.get(pk=one.pk).state for one in booked]
    assert states == ["booked", "booked", "cancelled"]


def test_a_day_that_is_like_others_again_calls_off_what_its_own_hours_took(office, queue, person):
    saturday = (MONDAY + 5 * DAY).replace(hour=13, minute=30)
    actions.set_booking_plan(queue.pk, weekday=5, minutes=30, seats=1, actor=office.actor("hong"), at=MONDAY)
    differs = close(office, saturday.date(), spans=(AFTERNOON,))
    booked = actions.book(queue.pk, starts_at=saturday, actor=actor_for(person, at=MONDAY), at=MONDAY)
    with pytest.raises(errors.HoursTouch):
        actions.withdraw_exception(differs.pk, actor=office.actor("hong"), at=MONDAY)
    actions.withdraw_exception(differs.pk, told=1, actor=office.actor("hong"), at=MONDAY)
    assert Booking.objects.get(pk=booked.pk).state == "cancelled"


def test_who_booked_is_written_to_in_words(office, booking, person, clock):
    close(office, told=1)
    event = Event.objects.get(name=events.BOOKING_CALLED_OFF.name)
    happened = Happened(id=event.pk, name=event.name, subject=event.subject, subject_id=event.subject_id, facts=event.facts)
    tell_who_booked(happened)
    tell_who_booked(happened)
    letter = Notice.objects.get()
    assert (letter.to_person_id, letter.email) == (person.pk, person.email)
    for words in ("07/10/2025 09:00", booking.code, "Sửa điện", "Chứng thực"):
        assert words in letter.subject + letter.body
    assert person.full_name not in str(event.facts)
    page = said(logged_in(person).get(url("booking", booking.pk)))
    assert "Điểm phục vụ đã hủy giờ hẹn này" in page
    assert "Sửa điện" in page


def test_one_hour_is_called_off_by_who_arranges_with_a_reason(office, booking, clock):
    point, page = office.point.pk, browser_of(office.people["hong"])
    for who in ("lan", "an", "dao"):
        with pytest.raises(NotYourDuty):
            actions.call_off_booking(booking.pk, reason="absent", actor=office.actor(who), at=MONDAY)
    with pytest.raises(BadInput):
        actions.call_off_booking(booking.pk, reason="x", actor=office.actor("hong"), at=MONDAY)
    address = f"{url('bookings', point)}?ngay={booking.day}"
    assert "Hủy hẹn" in said(page.get(address))
    assert "Hủy hẹn" not in said(browser_of(office.people["lan"]).get(address))
    assert browser_of(office.people["lan"]).post(address, {"viec": "huy", "hen": booking.pk}).status_code == 403
    assert "cùng lý do" in said(page.post(address, {"viec": "huy", "hen": booking.pk}))
    assert page.post(address, {"viec": "huy", "hen": booking.pk, "reason": ""}).status_code == 422
    assert page.post(address, {"viec": "huy", "hen": 0}).status_code == 404
    assert page.post(address, {}).status_code == 422
    done = page.post(address, {"viec": "huy", "hen": booking.pk, "reason": "absent"}, follow=True)
    assert "người hẹn được báo" in said(done)
    assert (Booking.objects.get().state, history_of(booking)[-1].facts["reason"]) == ("cancelled", "absent")
    again = page.post(address, {"viec": "huy", "hen": booking.pk, "reason": "absent"})
    assert (again.status_code, len(history_of(booking))) == (422, 2)
    assert "Cán bộ phụ trách vắng" in said(logged_in(booking.person).get(url("booking", booking.pk)))


def test_the_page_of_hours_asks_first_and_says_how_many(office, booking, clock):
    page, address = browser_of(office.people["hong"]), url("hours", office.point.pk)
    sent = {"viec": "ngay", "day": "07/10/2025", "spans": "", "reason": "Sửa điện"}
    asked = page.post(address, sent)
    assert "Lượt hẹn bị hủy 1" in said(asked)
    assert b'name="da-biet" value="1"' in asked.content
    assert Booking.objects.get().state == "booked"
    assert "Đã ghi ngày" in said(page.post(address, sent | {"da-biet": "1"}, follow=True))
    assert Booking.objects.get().state == "cancelled"
    differs = OpeningException.objects.get()
    assert "mở cửa như thường" in said(page.post(address, {"viec": "bo", "ngay": differs.pk}, follow=True))


def test_hours_announced_are_taken_back_and_those_before_go_on(office, booking, clock):
    hong, point, page = office.actor("hong"), office.point.pk, browser_of(office.people["hong"])
    first, later = OpeningHours.objects.get(), (MONDAY + 7 * DAY).date()
    announced = actions.set_hours(point, week=MORNINGS, valid_from=later, actor=hong, at=MONDAY)
    for wrong in (first.pk, 0):
        with pytest.raises(NotFound):
            actions.withdraw_hours(wrong, actor=hong, at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.withdraw_hours(announced.pk, actor=office.actor("lan"), at=MONDAY)
    assert "Bỏ giờ đã định" in said(page.get(url("hours", point)))
    done = page.post(url("hours", point), {"viec": "bo-gio", "gio": announced.pk}, follow=True)
    assert "Đã bỏ giờ đã định" in said(done)
    assert "Bỏ giờ đã định" not in said(page.get(url("hours", point))).replace("Đã bỏ giờ đã định", "")
    first.refresh_from_db()
    assert (first.valid_to, open_times(point, on=later).spans(later)) == (None, (MORNING, AFTERNOON))
    # What was taken back stands in the way of nothing.
    again = actions.set_hours(point, week=MORNINGS, valid_from=later, actor=hong, at=MONDAY)
    between = actions.set_hours(point, week=WEEK, valid_from=later - DAY, actor=hong, at=MONDAY)
    assert (again.pk != announced.pk, between.valid_to) == (True, later)
    assert open_times(point, on=later).spans(later) == (MORNING,)
    actions.withdraw_hours(again.pk, actor=hong, at=MONDAY)
    actions.withdraw_hours(between.pk, actor=hong, at=MONDAY)
    first.refresh_from_db()
    assert first.valid_to is None


def test_taking_back_longer_hours_calls_off_what_they_took(office, queue, person):
    hong, point, later = office.actor("hong"), office.point.pk, MONDAY + 7 * DAY
    evening = Shift(time(17), time(19))
    longer = tuple((*spans, evening) for spans in WEEK)
    announced = actions.set_hours(point, week=longer, valid_from=later.date(), actor=hong, at=MONDAY)
    at = later.replace(hour=17)
    assert at in [slot.starts_at for slot in slots_on(queue, at.date(), now=MONDAY)]
    actions.book(queue.pk, starts_at=at, actor=actor_for(person, at=MONDAY), at=MONDAY)
    with pytest.raises(errors.HoursTouch):
        actions.withdraw_hours(announced.pk, actor=hong, at=MONDAY)
    actions.withdraw_hours(announced.pk, told=1, actor=hong, at=MONDAY)
    assert Booking.objects.get().state == "cancelled"


def test_a_point_follows_the_rules_of_all_again_and_may_have_its_own_on_the_same_day(office, clock):
    hong, point, page = office.actor("hong"), office.point.pk, browser_of(office.people["hong"])
    own = Settings(**{**vars(USUAL), "days_ahead": 7})
    with pytest.raises(NotFound):
        actions.follow_city_settings(point, actor=hong, at=MONDAY)
    actions.set_settings(own, point_id=point, actor=hong, at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.follow_city_settings(point, actor=office.actor("lan"), at=MONDAY)
    assert "Theo quy định chung" in said(page.get(url("settings", point)))
    assert "theo quy định chung từ hôm nay" in said(page.post(url("settings", point), {"viec": "chung"}, follow=True))
    assert settings_of(point, on=MONDAY.date()) == USUAL
    actions.set_settings(own, point_id=point, actor=hong, at=MONDAY)
    assert settings_of(point, on=MONDAY.date()).days_ahead == 7
    later = MONDAY + DAY
    actions.follow_city_settings(point, actor=office.actor("hong", later), at=later)
    assert settings_of(point, on=later.date()) == USUAL
    assert settings_of(point, on=MONDAY.date()).days_ahead == 7


def test_a_plan_of_bookings_that_ended_holds_again_on_the_same_day(office, queue):
    hong = office.actor("hong")
    actions.end_booking_plan(queue.pk, weekday=1, actor=hong, at=MONDAY)
    actions.set_booking_plan(queue.pk, weekday=1, minutes=20, seats=1, actor=hong, at=MONDAY)
    assert slots_on(queue, DAY_OFF, now=MONDAY)


def test_the_citys_preview_says_what_other_hours_do_not_keep(office, booking, seat, clock):
    page = browser_of(make_administrator(office.city.city, at=MONDAY))
    form = {**HOURS, "day_1": "13:30-14:00", "valid_from": "06/10/2025", "scope": "tat-ca"}
    shown = page.post(url("city_hours"), form | {"viec": "xem"})
    assert "1 lượt hẹn bị hủy" in said(shown)
    assert b'name="da-biet" value="1"' in shown.content
    refused = page.post(url("city_hours"), form | {"viec": "dat"})
    assert (refused.status_code, Booking.objects.get().state) == (409, "booked")
    assert "không giữ được 1 lượt hẹn và 0 chỗ trực" in said(refused)
    page.post(url("city_hours"), form | {"viec": "dat", "da-biet": "1"})
    assert Booking.objects.get().state == "cancelled"
    moved = form | {"day_1": "14:00-17:00", "viec": "xem"}
    assert "1 chỗ trực không còn khớp ca" in said(page.post(url("city_hours"), moved))


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_once_settle_one_after_the_other():
    make_office()
    second = Settings(**{**vars(USUAL), "days_ahead": 7})
    content = packed({"mot.wav": clip()})
    for act in (
        [lambda one=one: actions.set_settings(one, actor=HOUSE, at=MONDAY) for one in (USUAL, second)],
        [lambda: actions.put_voice(content, name="Giọng", actor=HOUSE, at=MONDAY)] * 2,
    ):
        assert at_once(*act) == []
    assert HallSettings.objects.count() == 1
    assert VoiceSet.objects.filter(retired_at=None).count() == 1
