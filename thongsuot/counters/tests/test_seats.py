"""Seats that nobody will take are no seats; nobody is planned for two shifts that overlap, wherever they begin."""

from __future__ import annotations

from datetime import time

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.counters import actions
from thongsuot.counters.actions import errors
from thongsuot.counters.models import Counter, RosterEntry
from thongsuot.counters.queries.rosters import Why, busy_in, shifts_of, strays_of
from thongsuot.counters.rules.rosters import overlap
from thongsuot.counters.tests.make import DAY, HOUSE, MONDAY, a_counter, a_queue
from thongsuot.counters.tests.test_city import a_row, come_in, sent
from thongsuot.counters.tests.test_opening import AFTERNOON, MORNING, open_as_usual
from thongsuot.files.table_rows import RowsRefused
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.working_time import Shift
from thongsuot.people.actions import end_appointment
from thongsuot.people.models import Appointment
from thongsuot.people.tests.make import browser_of
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
TODAY, TUESDAY = MONDAY.date(), (MONDAY + DAY).date()
EARLY = Shift(time(7), time(11))
EARLIER = ((EARLY, AFTERNOON),) * 5 + ((), ())


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


@pytest.fixture
def counter(office):
    open_as_usual(office)
    counter = a_counter(office, a_queue(office))
    actions.record_training(
        office.point.pk,
        office.people["lan"].pk,
        fields=[],
        trained_on=TODAY,
        evidence="x",
        actor=office.actor("hong"),
        at=MONDAY,
    )
    return counter


def seat(office, counter, who="lan", *, day=TUESDAY, starts=MORNING.starts):
    seats = {counter.pk: office.people[who].pk}
    (made,) = actions.set_shift(office.point.pk, day=day, starts=starts, seats=seats, actor=office.actor("hong"), at=MONDAY)
    return made


def shift_on(office, day=TUESDAY):
    return shifts_of([office.point.pk], first=day, days=1)[office.point.pk][0]


def whys(office):
    return [one.why for one in strays_of(office.point.pk, first=TODAY)]


def test_a_seat_at_a_counter_that_was_closed_is_none(office, counter):
    seat(office, counter)
    assert (shift_on(office).staffed, shift_on(office).gaps, whys(office)) == (True, [], [])
    Counter.objects.filter(pk=counter.pk).update(valid_to=TODAY)
    shift = shift_on(office)
    assert (shift.staffed, shift.seats, shift.gaps, whys(office)) == (False, [], ["A - Chứng thực"], [Why.NO_COUNTER])


def test_a_seat_of_somebody_whose_post_has_ended_is_none(office, counter):
    seat(office, counter)
    seat(office, counter, day=TODAY, starts=AFTERNOON.starts)
    post = Appointment.objects.get(person=office.people["lan"])
    end_appointment(post.pk, on=TUESDAY, actor=HOUSE, at=MONDAY)
    assert (shift_on(office).staffed, whys(office)) == (False, [Why.NOT_THERE])
    afternoon = shifts_of([office.point.pk], first=TODAY, days=1)[office.point.pk][1]
    assert afternoon.staffed


def test_hours_that_begin_earlier_leave_seats_without_a_shift_and_the_page_shows_and_drops_them(office, counter, clock):
    seat(office, counter)
    hong, point, page = office.actor("hong"), office.point.pk, browser_of(office.people["hong"])
    with pytest.raises(errors.HoursTouch) as refused:
        actions.set_hours(point, week=EARLIER, valid_from=TODAY, actor=hong, at=MONDAY)
    assert refused.value.details() == {"booked": 0, "seats": 1}
    actions.set_hours(point, week=EARLIER, valid_from=TODAY, told=1, actor=hong, at=MONDAY)
    assert (shift_on(office).seats, whys(office)) == ([], [Why.NO_SHIFT])
    shown = said(page.get(url("roster", point)))
    assert "Thứ Ba, 07/10/2025, 07:30: Quầy 1, Trần Thị Lan điểm không mở cửa ca đó" in shown
    assert "Bỏ các chỗ này" in shown
    theirs = browser_of(office.people["lan"])
    assert "Bỏ các chỗ này" not in said(theirs.get(url("roster", point)))
    assert theirs.post(url("roster", point), {"viec": "bo", "tuan": "2025-10-06"}).status_code == 403
    dropped = page.post(url("roster", point), {"viec": "bo", "tuan": "2025-10-06"}, follow=True)
    assert "Đã bỏ 1 chỗ trực" in said(dropped)
    assert not RosterEntry.objects.exists()
    assert history_of(office.point)[-1].name == "counters.strays_dropped"


def test_there_must_be_something_to_drop_and_it_is_dropped_by_who_arranges(office, counter):
    seat(office, counter)
    with pytest.raises(errors.NoStrays):
        actions.drop_strays(office.point.pk, monday=TODAY, actor=office.actor("hong"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.drop_strays(office.point.pk, monday=TODAY, actor=office.actor("lan"), at=MONDAY)
    assert RosterEntry.objects.count() == 1


def at_hill(office, *, week=EARLIER):
    """Lan works there too, and the point there opens at another time."""
    hill, dao = office.city.point(office.city.hill).pk, office.actor("dao")
    actions.set_hours(hill, week=week, valid_from=TODAY, actor=dao, at=MONDAY)
    queue = actions.open_queue(hill, letter="A", name="Mọi việc", fields=[], actor=dao, at=MONDAY)
    there = actions.open_counter(hill, number=1, name="", queues=[queue.pk], actor=dao, at=MONDAY)
    lan = office.people["lan"]
    body = office.city.body(office.city.hill, "service_centre").pk
    Appointment.objects.create(person=lan, body_id=body, title="Chuyên viên", duties=["receive dossiers"], valid_from=TODAY)
    return hill, there, {"seats": {there.pk: lan.pk}, "actor": dao, "at": MONDAY}


def test_nobody_is_planned_at_two_points_in_one_morning_though_it_begins_at_two_times(office, counter):
    hill, _there, said_there = at_hill(office)
    seat(office, counter)
    lan = office.people["lan"].pk
    assert busy_in(EARLY, [lan], day=TUESDAY) == {lan}
    assert busy_in(AFTERNOON, [lan], day=TUESDAY) == set()
    with pytest.raises(BadInput) as refused:
        actions.set_shift(hill, day=TUESDAY, starts=EARLY.starts, **said_there)
    assert "điểm khác" in refused.value.problems["seats"]
    actions.set_shift(hill, day=TUESDAY, starts=AFTERNOON.starts, **said_there)
    assert RosterEntry.objects.count() == 2


def test_a_copied_week_leaves_out_who_sits_elsewhere_meanwhile(office, counter):
    hill, _there, said_there = at_hill(office)
    seat(office, counter)
    next_tuesday = (MONDAY + 8 * DAY).date()
    actions.set_shift(hill, day=next_tuesday, starts=EARLY.starts, **said_there)
    with pytest.raises(errors.NothingToCopy):
        actions.copy_week(office.point.pk, monday=next_tuesday, actor=office.actor("hong"), at=MONDAY)


def test_a_file_notices_that_two_mornings_overlap(office, counter):
    hill, there, said_there = at_hill(office)
    rows = [a_row(office, shift="sáng"), a_row(office, point=str(hill), shift="sáng")]
    with pytest.raises(RowsRefused) as refused:
        sent(office, *rows)
    assert "chỗ khác ca 07:00" in str(refused.value.rows[0].problems)
    actions.set_shift(hill, day=TUESDAY, starts=EARLY.starts, **said_there)
    with pytest.raises(RowsRefused) as refused:
        sent(office, rows[0])
    assert "chỗ khác ca 07:30 ngày 07/10/2025" in str(refused.value.rows[0].problems)
    come_in(office, a_row(office, shift="chiều"))
    assert RosterEntry.objects.filter(counter=counter).count() == 5
    assert RosterEntry.objects.filter(counter=there).count() == 1


@given(*[st.tuples(st.integers(0, 20), st.integers(1, 3)).map(lambda at: Shift(time(at[0]), time(at[0] + at[1])))] * 2)
def test_two_shifts_overlap_when_some_hour_is_in_both(one, other):
    hours = [set(range(span.starts.hour, span.ends.hour)) for span in (one, other)]
    assert overlap(one, other) == overlap(other, one) == bool(hours[0] & hours[1])
