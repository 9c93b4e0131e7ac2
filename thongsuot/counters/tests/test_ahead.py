"""Before one comes: a number by telephone, an hour at a queue. Tickets name nobody; nobody waits for ever behind bookings."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.counters import actions, away, tasks
from thongsuot.counters.actions import errors
from thongsuot.counters.models import AheadCount, Booking, BookingPlan, Ticket
from thongsuot.counters.queries.ahead import my_bookings, open_tickets, slots_on
from thongsuot.counters.queries.hall import ahead_of
from thongsuot.counters.rules.booking import BOOKED_AT_ONCE, booked_place, may_check_in
from thongsuot.counters.rules.settings import USUAL, Settings
from thongsuot.counters.tests.make import DAY, HOUSE, MINUTE, MONDAY, a_counter, a_queue, taken
from thongsuot.counters.tests.test_opening import Cut, open_as_usual
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty, TellPerson
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.people.queries import actor_for
from thongsuot.people.tests.make import browser_of, logged_in, make_citizen
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
EARLY, LATE, LONG = USUAL.early, USUAL.late, 30 * MINUTE
NINE = MONDAY.replace(hour=9)


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


@pytest.fixture
def queue(office):
    open_as_usual(office)
    queue = a_queue(office)
    a_counter(office, queue, number=9)
    return queue


@pytest.fixture
def person(office):
    return make_citizen(at=MONDAY)


@pytest.fixture
def minh(person):
    return actor_for(person, at=MONDAY)


@pytest.fixture
def phone(person, clock):
    return logged_in(person)


@pytest.fixture
def booked_queue(office, queue):
    """Half hours with one seat on each working day."""
    for weekday in range(5):
        actions.set_booking_plan(queue.pk, weekday=weekday, minutes=30, seats=1, actor=office.actor("hong"), at=MONDAY)
    return queue


def rules(office, **changes):
    settings = Settings(**{**vars(USUAL), **changes})
    actions.set_settings(settings, point_id=office.point.pk, actor=office.actor("hong"), at=MONDAY)


def test_a_number_by_telephone_names_nobody_and_only_one_waits(office, queue, person, minh):
    ticket = actions.take_ticket_ahead(queue.pk, actor=minh, at=MONDAY)
    assert (ticket.code, ticket.priority, ticket.device) == ("A 001", "", None)
    told = Event.objects.filter(subject="counters.ticket").values_list("actor_id", "actor_name", "facts")
    assert [(who, str(person.pk) in str(facts.get("mark", ""))) for who, _name, facts in told] == [(None, False)]
    assert minh.name not in str(list(told))
    assert len(ticket.mark) == 64
    with pytest.raises(errors.WaitsAlready):
        actions.take_ticket_ahead(queue.pk, actor=minh, at=MONDAY)
    assert open_tickets(person.pk, on=MONDAY.date()) == [ticket]

    actions.leave_queue(ticket.secret, actor=ANYONE, at=MONDAY)
    ticket.refresh_from_db()
    assert ticket.mark is None
    assert actions.take_ticket_ahead(queue.pk, actor=minh, at=MONDAY).code == "A 002"


def test_so_many_in_a_day_and_the_count_goes_with_the_day(office, queue, minh, clock):
    rules(office, ahead_a_day=2)
    for _twice in range(2):
        ticket = actions.take_ticket_ahead(queue.pk, actor=minh, at=MONDAY)
        actions.leave_queue(ticket.secret, actor=ANYONE, at=MONDAY)
    with pytest.raises(errors.EnoughAhead):
        actions.take_ticket_ahead(queue.pk, actor=minh, at=MONDAY)
    clock.now = MONDAY + DAY
    tasks.forget_counts(0)
    assert not AheadCount.objects.exists()
    assert actions.take_ticket_ahead(queue.pk, actor=minh, at=clock.now).code == "A 001"


def test_no_number_by_telephone_where_it_is_closed_or_not_given_or_for_nobody(office, queue, minh):
    with pytest.raises(errors.PointClosed):
        actions.take_ticket_ahead(queue.pk, actor=minh, at=MONDAY.replace(hour=12))
    with pytest.raises(NotYourDuty):
        actions.take_ticket_ahead(queue.pk, actor=ANYONE, at=MONDAY)
    with pytest.raises(NotFound):
        actions.take_ticket_ahead(10**12, actor=minh, at=MONDAY)
    rules(office, ahead_a_day=0)
    with pytest.raises(errors.NotAhead):
        actions.take_ticket_ahead(queue.pk, actor=minh, at=MONDAY)
    assert not Ticket.objects.exists()


def test_without_hours_no_number_by_telephone(office, minh):
    with pytest.raises(errors.NotAhead):
        actions.take_ticket_ahead(a_queue(office).pk, actor=minh, at=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_give_one_number(office):
    open_as_usual(office)
    queue, minh = a_queue(office), actor_for(make_citizen(at=MONDAY), at=MONDAY)
    a_counter(office, queue)
    faults = at_once(*(lambda: actions.take_ticket_ahead(queue.pk, actor=minh, at=MONDAY) for _each in range(3)))
    assert [type(one) for one in faults] == [errors.WaitsAlready] * 2
    assert Ticket.objects.count() == 1


def test_slots_follow_the_hours_and_the_plan(office, booked_queue):
    found = slots_on(booked_queue, MONDAY.date(), now=MONDAY)
    assert [f"{one.starts_at:%H:%M}" for one in found[:2]] == ["08:30", "09:00"]
    assert len(found) == 6 + 7
    saturday = (MONDAY + 5 * DAY).date()
    assert slots_on(booked_queue, saturday, now=MONDAY) == []
    actions.end_booking_plan(booked_queue.pk, weekday=0, actor=office.actor("hong"), at=MONDAY)
    assert slots_on(booked_queue, MONDAY.date(), now=MONDAY) == []
    with pytest.raises(NotFound):
        actions.end_booking_plan(booked_queue.pk, weekday=0, actor=office.actor("hong"), at=MONDAY)


@pytest.mark.parametrize(
    ("change", "field"), [({"minutes": 4}, "minutes"), ({"seats": 0}, "seats"), ({"weekday": 7}, "weekday")]
)
def test_what_a_plan_cannot_be(office, queue, change, field):
    with pytest.raises(BadInput) as refused:
        actions.set_booking_plan(
            queue.pk, **{"weekday": 0, "minutes": 30, "seats": 1, **change}, actor=office.actor("hong"), at=MONDAY
        )
    assert list(refused.value.problems) == [field]
    with pytest.raises(NotYourDuty):
        actions.set_booking_plan(queue.pk, weekday=0, minutes=30, seats=1, actor=office.actor("lan"), at=MONDAY)
    assert not BookingPlan.objects.exists()


def test_an_hour_is_booked_moved_and_cancelled_by_whose_it_is(office, booked_queue, minh):
    booking = actions.book(booked_queue.pk, starts_at=NINE, actor=minh, at=MONDAY)
    other = actor_for(make_citizen("Lò Văn Hai", at=MONDAY), at=MONDAY)
    with pytest.raises(errors.SlotFull):
        actions.book(booked_queue.pk, starts_at=NINE, actor=other, at=MONDAY)
    with pytest.raises(errors.BookedAlready):
        actions.book(booked_queue.pk, starts_at=NINE + LONG, actor=minh, at=MONDAY)
    for act in (actions.cancel_booking, actions.check_in):
        with pytest.raises(NotFound):
            act(booking.pk, actor=other, at=MONDAY)
    tomorrow = NINE + DAY
    actions.move_booking(booking.pk, starts_at=tomorrow, actor=minh, at=MONDAY)
    actions.book(booked_queue.pk, starts_at=NINE, actor=other, at=MONDAY)
    with pytest.raises(errors.SlotFull):
        actions.move_booking(booking.pk, starts_at=NINE, actor=minh, at=MONDAY)
    actions.cancel_booking(booking.pk, actor=minh, at=MONDAY)
    with pytest.raises(errors.NotBooked):
        actions.cancel_booking(booking.pk, actor=minh, at=MONDAY)
    names = [row.name.split(".")[1] for row in history_of(booking)]
    assert names == ["booked", "booking_moved", "booking_cancelled"]


@pytest.mark.parametrize(
    "starts_at",
    [NINE + MINUTE, MONDAY - DAY, MONDAY.replace(hour=12), NINE + 5 * DAY, NINE + 21 * DAY, MONDAY.replace(hour=7, minute=30)],
)
def test_other_hours_cannot_be_booked(booked_queue, minh, starts_at):
    with pytest.raises(errors.NoSlot):
        actions.book(booked_queue.pk, starts_at=starts_at, actor=minh, at=MONDAY)
    assert not Booking.objects.exists()


def test_nobody_holds_more_seats_than_they_can_sit_on(booked_queue, minh):
    days = [day for day in range(14) if (NINE + day * DAY).weekday() < 5]
    for day in days[:BOOKED_AT_ONCE]:
        actions.book(booked_queue.pk, starts_at=NINE + day * DAY, actor=minh, at=MONDAY)
    last = NINE + days[BOOKED_AT_ONCE] * DAY
    with pytest.raises(errors.EnoughBooked):
        actions.book(booked_queue.pk, starts_at=last, actor=minh, at=MONDAY)
    actions.cancel_booking(Booking.objects.first().pk, actor=minh, at=MONDAY)
    actions.book(booked_queue.pk, starts_at=last, actor=minh, at=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_goes_to_one_of_two(office):
    open_as_usual(office)
    queue = a_queue(office)
    actions.set_booking_plan(queue.pk, weekday=0, minutes=30, seats=1, actor=office.actor("hong"), at=MONDAY)
    people = [actor_for(make_citizen(at=MONDAY), at=MONDAY) for _each in range(3)]
    faults = at_once(*(lambda who=who: actions.book(queue.pk, starts_at=NINE, actor=who, at=MONDAY) for who in people))
    assert [type(one) for one in faults] == [errors.SlotFull] * 2
    assert Booking.objects.count() == 1


def test_checked_in_within_its_time_it_is_called_at_its_hour_and_after_who_came_before(office, booked_queue, minh):
    booking = actions.book(booked_queue.pk, starts_at=NINE, actor=minh, at=MONDAY)
    before, after = taken(booked_queue, office, at=NINE - EARLY - MINUTE), taken(booked_queue, office, at=NINE - EARLY + MINUTE)
    with pytest.raises(errors.TooEarly):
        actions.check_in(booking.pk, actor=minh, at=NINE - EARLY - MINUTE)
    with pytest.raises(errors.TooLate):
        actions.check_in(booking.pk, actor=minh, at=NINE + LATE + MINUTE)
    ticket = actions.check_in(booking.pk, actor=minh, at=NINE)
    assert [ahead_of(one) for one in (before, ticket, after)] == [0, 1, 2]
    with pytest.raises(errors.NotBooked):
        actions.check_in(booking.pk, actor=minh, at=NINE)
    event = Event.objects.get(name="counters.taken", subject_id=ticket.pk)
    assert (event.actor_id, event.facts["booked"]) == (None, True)
    assert "ticket" not in str(history_of(booking)[-1].facts)


@given(
    came=st.integers(-60, 180),
    hours=st.lists(st.tuples(st.sampled_from(range(0, 120, 15)), st.integers(-15, 10)), max_size=40),
    seats=st.integers(1, 4),
)
def test_who_comes_without_a_booking_is_overtaken_by_few_and_a_booking_goes_before_who_came_late(came, hours, seats):
    """Slots of 15 minutes; each booking is checked in within its time."""
    walk_in, held, booked = NINE + came * MINUTE, {}, []
    for start, offset in hours:
        if held.setdefault(start, 0) < seats:
            held[start] += 1
            booked.append((NINE + start * MINUTE, NINE + (start + offset) * MINUTE))
    overtake = [starts for starts, at in booked if at > walk_in and booked_place(starts, early=EARLY) < walk_in]
    window = [start for start in held if walk_in - LATE <= NINE + start * MINUTE < walk_in + EARLY]
    assert len(overtake) <= seats * len(window)
    assert len(window) <= (EARLY + LATE) / (15 * MINUTE) + 1
    assert all(may_check_in(at, starts, early=EARLY, late=LATE) for starts, at in booked)
    assert all(booked_place(starts, early=EARLY) <= walk_in for starts, _at in booked if walk_in >= starts)


def test_whoever_does_not_come_has_missed_it_and_the_seat_is_not_given_again(office, booked_queue, minh, clock):
    booking = actions.book(booked_queue.pk, starts_at=NINE, actor=minh, at=MONDAY)
    for now, state in ((NINE + LATE, "booked"), (NINE + LATE + MINUTE, "missed")):
        clock.now = now
        tasks.close_points(0)
        booking.refresh_from_db()
        assert booking.state == state
    tasks.close_points(0)
    assert len(history_of(booking)) == 2


def test_a_queue_with_bookings_is_not_closed(office, booked_queue, minh):
    actions.book(booked_queue.pk, starts_at=NINE, actor=minh, at=MONDAY)
    with pytest.raises(errors.StillBooked):
        actions.close_queue(booked_queue.pk, actor=office.actor("hong"), at=MONDAY)


@pytest.fixture
def kiosk(office, booked_queue, client, clock):
    made = actions.set_up_device(office.point.pk, kind="kiosk", name="Máy", actor=office.actor("hong"), at=MONDAY)
    client.post(url("join"), {"code": made.code})
    return client


def test_at_the_kiosk_by_its_code(office, booked_queue, minh, kiosk, clock):
    booking = actions.book(booked_queue.pk, starts_at=NINE, actor=minh, at=MONDAY)
    assert "Tôi đã hẹn giờ" in said(kiosk.get(url("kiosk")))
    assert kiosk.post(url("kiosk_booking"), {"code": "HEN-2222-22"}).status_code == 422
    assert "Chưa đến giờ nhận số" in said(kiosk.post(url("kiosk_booking"), {"code": booking.code}))
    clock.now = NINE - 5 * MINUTE
    given = kiosk.post(url("kiosk_booking"), {"code": f" {booking.code.lower().removeprefix('hen-')} "}, follow=True)
    assert "A 001" in said(given)
    ticket = Ticket.objects.get()
    assert (ticket.device.name, ticket.waits_from) == ("Máy", NINE - EARLY)
    booking.refresh_from_db()
    assert booking.state == "checked_in"
    assert "đã dùng, đã hủy" in said(kiosk.post(url("kiosk_booking"), {"code": booking.code}))


def test_nobody_is_let_in_where_it_is_closed_or_cut_off(office, booked_queue, minh, phone, kiosk, clock, monkeypatch):
    booking = actions.book(booked_queue.pk, starts_at=NINE, actor=minh, at=MONDAY)
    monkeypatch.setattr(away, "_found", [Cut(office.point.pk)])
    with pytest.raises(errors.PointCutOff):
        actions.check_in(booking.pk, actor=minh, at=NINE)
    clock.now = NINE + LATE + MINUTE
    tasks.close_points(0)
    booking.refresh_from_db()
    assert booking.state == "booked"  # the hall knows whether they came
    monkeypatch.setattr(away, "_found", [])

    clock.now = NINE
    day = {"point_id": office.point.pk, "day": NINE.date(), "spans": (), "reason": "Mất điện"}
    actions.put_exception(**day, told=1, actor=office.actor("hong"), at=MONDAY)
    Booking.objects.update(state="booked")  # as a holiday of the calendar leaves it
    with pytest.raises(errors.PointClosed):
        actions.check_in(booking.pk, actor=minh, at=NINE)
    assert "Mất điện" in said(kiosk.post(url("kiosk_booking"), {"code": booking.code}))
    assert "Tôi đã hẹn giờ" not in said(kiosk.get(url("kiosk")))
    assert "Tôi đã đến, nhận số" not in said(phone.get(url("booking", booking.pk)))
    assert not Ticket.objects.exists()


def test_another_points_kiosk_knows_nothing_of_it(office, booked_queue, minh, clock):
    booking = actions.book(booked_queue.pk, starts_at=NINE, actor=minh, at=MONDAY)
    dao, hill = office.actor("dao"), office.city.point(office.city.hill).pk
    device = actions.set_up_device(hill, kind="kiosk", name="Máy", actor=dao, at=MONDAY).device
    with pytest.raises(errors.WrongBooking):
        actions.check_in_at(device.pk, booking.code, actor=HOUSE, at=NINE)


def test_from_the_search_to_the_number_on_the_telephone(office, queue, phone, clock):
    assert "chưa có số nào" in said(phone.get(url("mine")))
    found = said(phone.get(url("mine"), {"q": "phường Sông"}))
    assert "Lấy số cho hôm nay" in found
    assert "Không tìm thấy điểm phục vụ nào" in said(phone.get(url("mine"), {"q": "zzzz qqqq"}))
    assert phone.get(url("mine"), {"q": ""}).status_code == 422
    point = office.point.pk
    assert "Đang mở cửa, đến 11:30." in said(phone.get(url("take_ahead", point)))
    assert phone.post(url("take_ahead", point), {}).status_code == 422
    shown = phone.post(url("take_ahead", point), {"hang": queue.pk}, follow=True)
    assert "Số của bạn: A 001" in said(shown)
    assert "Bạn đang có số A 001" in said(phone.get(url("take_ahead", point)))
    left = Ticket.objects.get()
    phone.post(url("follow", left.secret), {"viec": "bo"})
    assert set(Event.objects.filter(subject="counters.ticket").values_list("actor_id", flat=True)) == {None}
    phone.post(url("take_ahead", point), {"hang": queue.pk})
    assert "A 002, Chứng thực" in said(phone.get(url("mine"))).replace(" ,", ",")
    assert phone.post(url("take_ahead", point), {"hang": queue.pk}).status_code == 409
    clock.now = MONDAY.replace(hour=12)
    assert "Chỉ lấy được số khi điểm đang mở cửa" in said(phone.get(url("take_ahead", point)))


def test_from_the_queue_to_the_hour_and_the_number(office, booked_queue, phone, clock):
    point, tuesday = office.point.pk, NINE + DAY
    assert "Chứng thực" in said(phone.get(url("book", point)))
    days = said(phone.get(url("book", point), {"hang": booked_queue.pk}))
    assert "Thứ Ba, 07/10/2025" in days
    assert "Thứ Bảy, 11/10/2025" not in days
    hours = phone.get(url("book", point), {"hang": booked_queue.pk, "ngay": "2025-10-07"})
    assert "09:00 còn 1 chỗ" in said(hours)
    for nonsense in ("x", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+07:00", "2025-10-07T09:00:00"):
        assert phone.post(url("book", point), {"hang": booked_queue.pk, "gio": nonsense}).status_code == 422
    assert phone.post(url("book", point), {"gio": tuesday.isoformat()}).status_code == 422
    made = said(phone.post(url("book", point), {"hang": booked_queue.pk, "gio": tuesday.isoformat()}, follow=True))
    booking = Booking.objects.get()
    assert booking.code in made
    later = (tuesday + LONG).isoformat()
    assert "Đang hẹn" in said(phone.get(url("book", point), {"doi": booking.pk, "ngay": "2025-10-07"}))
    moved = phone.post(url("book", point), {"doi": booking.pk, "gio": later}, follow=True)
    assert "Đã dời giờ hẹn" in said(moved)

    clock.now = tuesday + LONG
    phone = logged_in(booking.person)
    assert "Tôi đã đến, nhận số" in said(phone.get(url("booking", booking.pk)))
    assert phone.post(url("booking", booking.pk), {}).status_code == 422
    shown = phone.post(url("booking", booking.pk), {"viec": "nhan-so"}, follow=True)
    assert "Số của bạn: A 001" in said(shown)
    assert "Tôi đã đến" not in said(phone.get(url("booking", booking.pk)))
    assert phone.post(url("booking", booking.pk), {"viec": "huy"}).status_code == 409
    other = logged_in(make_citizen("Lò Văn Hai", at=MONDAY))
    assert other.get(url("booking", booking.pk)).status_code == 404
    assert other.get(url("book", point), {"doi": booking.pk}).status_code == 404


def test_among_ones_own_appointments_the_next_stands_first_and_those_gone_by_last(office, booked_queue, minh):
    missed = actions.book(booked_queue.pk, starts_at=NINE, actor=minh, at=MONDAY)
    actions.miss_booking(missed.pk, actor=ANYONE, at=NINE + 2 * LONG)
    later, soon = (actions.book(booked_queue.pk, starts_at=NINE + days * DAY, actor=minh, at=MONDAY) for days in (2, 1))
    cancelled = actions.book(booked_queue.pk, starts_at=NINE + 3 * DAY, actor=minh, at=MONDAY)
    actions.cancel_booking(cancelled.pk, actor=minh, at=MONDAY)
    shown = my_bookings(minh.person_id, since=MONDAY.date() - 30 * DAY, today=MONDAY.date())
    assert [row.booking for row in shown] == [soon, later, cancelled, missed]
    assert {row.point.id for row in shown} == {office.point.pk}


def test_officers_see_hours_and_codes_and_no_person(office, booked_queue, person, minh, clock):
    hong = browser_of(office.people["hong"])
    booking = actions.book(booked_queue.pk, starts_at=NINE, actor=minh, at=MONDAY)
    shown = said(browser_of(office.people["lan"]).get(url("bookings", office.point.pk)))
    assert booking.code in shown
    assert person.full_name not in shown
    assert "Không có lượt hẹn nào" in said(hong.get(url("bookings", office.point.pk), {"ngay": "2025-10-08"}))
    form = {f"{name}_{place}": value for place in range(7) for name, value in (("minutes", 20), ("seats", 2 if place else 0))}
    assert hong.post(url("plan", booked_queue.pk), {**form, "seats_1": "x"}).status_code == 422
    assert "Đã đặt khung giờ hẹn" in said(hong.post(url("plan", booked_queue.pk), form, follow=True))
    plans = BookingPlan.objects.filter(valid_to=None).order_by("weekday").values_list("weekday", "minutes", "seats")
    assert list(plans) == [(place, 20, 2) for place in range(1, 7)]


def test_nothing_of_a_day_gone_by_is_left_that_tells_whose_a_number_was(office, queue, minh, clock):
    ticket = actions.take_ticket_ahead(queue.pk, actor=minh, at=MONDAY)
    clock.now = MONDAY + DAY
    tasks.close_points(0)
    tasks.forget_counts(0)
    ticket.refresh_from_db()
    assert (ticket.mark, AheadCount.objects.count()) == (None, 0)


def test_called_in_vain_a_number_by_telephone_goes_the_usual_way(office, queue, minh):
    counter, lan = a_counter(office, queue), office.actor("lan")
    ticket = actions.take_ticket_ahead(queue.pk, actor=minh, at=MONDAY)
    actions.sit_down(counter.pk, actor=lan, at=MONDAY)
    for _thrice in range(3):
        assert actions.call_next(counter.pk, actor=lan, at=MONDAY) == ticket
        left = actions.absent(counter.pk, actor=lan, at=MONDAY)
    assert (left.state, left.mark) == ("left", None)


def test_every_refusal_says_what_to_do(db):
    refusals = [errors.WaitsAlready("A 001"), errors.TooEarly(datetime(2025, 10, 6, 8, 45)), errors.EnoughAhead(3)]
    for one in refusals:
        assert isinstance(one, TellPerson)
        assert one.message().endswith(".")
        assert one.details()
    assert timedelta() < EARLY
