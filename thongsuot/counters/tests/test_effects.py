"""Splitting a queue: waits before and after stand side by side, and what people were told stands beside what came."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from thongsuot.counters import actions
from thongsuot.counters.models import Ticket
from thongsuot.counters.queries.effects import before_and_after, changes, latest_change, told
from thongsuot.counters.tests.make import DAY, MINUTE, MONDAY, a_counter, a_queue, taken
from thongsuot.people.tests.make import browser_of
from thongsuot.procedures.models import Field
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + DAY


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


def served(queue, office, *, at, waits, expected=None, error=None) -> Ticket:
    """Somebody who waited so many minutes, and what they were told."""
    ticket = taken(queue, office, at=at)
    Ticket.objects.filter(pk=ticket.pk).update(
        state="done",
        served_at=at + waits * MINUTE,
        ended_at=at + (waits + 5) * MINUTE,
        expected=None if expected is None else expected * MINUTE,
        expected_error=None if error is None else error * MINUTE,
    )
    return ticket


@pytest.fixture
def split(office):
    """All waited in one queue on Monday; on Tuesday certification has its own."""
    for number in (1, 2):
        make_procedure(f"9.00000{number}", name=f"Thủ tục {number}", field=f"Lĩnh vực {number}", city_id=office.city.city.pk)
    one, two = Field.objects.order_by("name").values_list("code", flat=True)
    all_of_them = a_queue(office, "A", "Mọi việc", fields=[one, two])
    a_counter(office, all_of_them)
    for waits in (10, 20, 30, 40, 50):
        served(all_of_them, office, at=MONDAY, waits=waits, expected=30, error=10)
    hong = office.actor("hong", TUESDAY)
    own = actions.open_queue(office.point.pk, letter="B", name="Chứng thực", fields=[two], actor=hong, at=TUESDAY)
    for waits in (2, 4, 6):
        served(own, office, at=TUESDAY, waits=waits)
    served(all_of_them, office, at=TUESDAY, waits=8)
    return all_of_them, own


def test_medians_and_how_long_nine_of_ten_waited_before_and_after(office, split):
    whole, old, new = before_and_after(office.point.pk, day=TUESDAY.date(), days=7)
    assert (whole.name, whole.before.served, whole.after.served) == ("", 5, 4)
    assert (whole.before.median, whole.before.p90) == (30 * MINUTE, 46 * MINUTE)
    assert whole.after.median == 5 * MINUTE
    assert (old.name, old.after.median) == ("A - Mọi việc", 8 * MINUTE)
    assert (new.name, new.before, new.after.median) == ("B - Chứng thực", None, 4 * MINUTE)
    assert before_and_after(office.point.pk, day=(MONDAY - 30 * DAY).date(), days=7) == []


def test_the_split_is_in_history_and_looked_at_first(office, split):
    rows = changes(office.point.pk)
    assert [(row.about, row.split, row.day) for row in rows] == [
        ("B - Chứng thực", True, TUESDAY.date()),
        ("1", False, MONDAY.date()),
        ("A - Mọi việc", False, MONDAY.date()),
    ]
    assert latest_change(rows, now=MONDAY + 30 * DAY) == TUESDAY.date()
    assert latest_change(rows[1:], now=MONDAY + 30 * DAY) == MONDAY.date()
    assert latest_change([], now=MONDAY) == MONDAY.date()


def test_how_many_waited_as_they_were_told(office, split):
    whole, old = told(office.point.pk, first=MONDAY.date(), last=TUESDAY.date())
    assert (old.name, old.served, old.within, old.percent) == ("A - Mọi việc", 5, 3, 60)
    assert (old.expected, old.came) == (30 * MINUTE, 30 * MINUTE)
    assert whole.served == 5


def test_who_is_told_a_wait_is_told_its_error_and_both_are_kept(office):
    queue = a_queue(office)
    counter, lan = a_counter(office, queue), office.actor("lan")
    actions.sit_down(counter.pk, actor=lan, at=MONDAY)
    for place in range(5):
        taken(queue, office)
        actions.call_next(counter.pk, actor=lan, at=MONDAY)
        actions.begin(counter.pk, actor=lan, at=MONDAY)
        actions.finish(counter.pk, actor=lan, at=MONDAY + (5 + place) * MINUTE)
    taken(queue, office)
    last = taken(queue, office)
    assert last.expected == 7 * MINUTE
    assert timedelta(minutes=1) < last.expected_error < timedelta(minutes=2)


def test_the_page(office, split, clock):
    clock.now = TUESDAY + 2 * DAY
    page, point = browser_of(office.people["hong"]), office.point.pk
    shown = said(page.get(url("before_after", point)))
    assert "Cả điểm 5 30 phút 46 phút 4 5 phút 8 phút" in shown
    assert "B - Chứng thực - - - 3 4 phút 6 phút" in shown
    assert "60%" in shown
    assert "tách lĩnh vực" in shown
    empty = said(page.get(url("before_after", point), {"ngay": "01/01/2025", "so_ngay": "7"}))
    assert "Chưa có ai được phục vụ" in empty
    assert page.get(url("before_after", point), {"ngay": "x"}).status_code == 422
    assert page.get(url("before_after", point), {"so_ngay": "999"}).status_code == 422
    assert "Xem thời gian chờ trước và sau khi tách" in said(page.get(url("set_up", point)))
