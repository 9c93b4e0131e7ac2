"""The load board: where people wait longest stands first, and what would help is said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from thongsuot.counters import actions
from thongsuot.counters.models import Counter, Queue
from thongsuot.counters.queries.load import load, officers
from thongsuot.counters.rules import LONG_WAIT, Advice, advice, with_one_more
from thongsuot.counters.tests.make import HOUSE, MINUTE, MONDAY, a_counter, a_queue
from thongsuot.counters.tests.test_opening import WEEK
from thongsuot.people.actions import open_account
from thongsuot.people.tests.make import browser_of
from thongsuot.procedures.models import Field
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
LONG, SHORT = LONG_WAIT * 2, LONG_WAIT / 2


@pytest.mark.parametrize(
    ("wait", "state", "elsewhere", "expected"),
    [
        (SHORT, (5, 1, 3), None, None),
        (LONG_WAIT, (5, 1, 3), None, None),
        (LONG, (0, 1, 3), SHORT, None),
        (LONG, (5, 1, 3), SHORT, Advice.OPEN_COUNTER),
        (LONG, (5, 3, 3), LONG / 2, Advice.OTHER_POINT),
        (LONG, (5, 3, 3), LONG / 2 + MINUTE, Advice.MORE_PEOPLE),
        (LONG, (5, 3, 3), None, Advice.MORE_PEOPLE),
        (None, (5, 0, 3), SHORT, Advice.OPEN_COUNTER),
        (None, (5, 2, 3), SHORT, None),
        (None, (0, 0, 3), None, None),
    ],
)
def test_what_helps_a_point(wait, state, elsewhere, expected):
    waiting, manned, counters = state

    assert advice(wait, waiting=waiting, manned=manned, counters=counters, best_elsewhere=elsewhere) is expected


def test_another_counter_shortens_the_wait_by_its_share():
    assert with_one_more(timedelta(minutes=30), manned=2) == timedelta(minutes=20)
    assert with_one_more(timedelta(minutes=30), manned=0) == timedelta(minutes=30)


def crowded(office, *, people):
    """Two counters, one manned; each was served ten minutes so far."""
    queue = a_queue(office)
    counter, _empty = a_counter(office, queue), a_counter(office, queue, number=2)
    lan, at = office.actor("lan"), MONDAY
    actions.sit_down(counter.pk, actor=lan, at=at)
    for _each in range(5):
        actions.take_ticket(queue.pk, actor=lan, at=at)
        actions.call_next(counter.pk, actor=lan, at=at)
        actions.begin(counter.pk, actor=lan, at=at)
        at += 10 * MINUTE
        actions.finish(counter.pk, actor=lan, at=at)
    for _each in range(people):
        actions.take_ticket(queue.pk, actor=lan, at=at)
    return at


def test_where_people_wait_long_a_counter_is_suggested(office, clock):
    crowded(office, people=6)

    (row,) = load([office.city.river.pk, office.city.hill.pk], at=MONDAY)

    assert (row.point.id, row.waiting, row.manned, row.counters, row.served, row.officers) == (office.point.pk, 6, 1, 2, 5, 1)
    assert row.wait.mean == timedelta(hours=1)
    assert (row.advice, row.with_one_more, row.per_officer) == (Advice.OPEN_COUNTER, timedelta(minutes=30), 5)
    assert [(one.name, one.served, one.mean) for one in officers(office.point.pk, first=MONDAY.date(), last=MONDAY.date())] == [
        ("Trần Thị Lan", 5, 10 * MINUTE)
    ]


def test_a_point_where_somebody_waits_and_nobody_calls_stands_above_all(office, clock):
    crowded(office, people=6)
    other = office.city.point(office.city.hill).pk
    dao = office.actor("dao")
    queue = actions.open_queue(other, letter="A", name="Mọi việc", fields=[], actor=dao, at=MONDAY)
    actions.open_counter(other, number=1, name="", queues=[queue.pk], actor=dao, at=MONDAY)
    actions.take_ticket(queue.pk, actor=dao, at=MONDAY)

    rows = load([office.city.river.pk, office.city.hill.pk], at=MONDAY)

    assert [(row.point.id, row.advice) for row in rows] == [
        (other, Advice.OPEN_COUNTER),
        (office.point.pk, Advice.OPEN_COUNTER),
    ]


def test_as_many_questions_for_two_points_as_for_one(office, clock):
    crowded(office, people=2)
    ids = [office.city.river.pk, office.city.hill.pk]
    load(ids, at=MONDAY)
    with CaptureQueriesContext(connection) as one:
        load(ids, at=MONDAY)
    dao, other = office.actor("dao"), office.city.point(office.city.hill).pk
    queue = actions.open_queue(other, letter="A", name="Mọi việc", fields=[], actor=dao, at=MONDAY)
    actions.open_counter(other, number=1, name="", queues=[queue.pk], actor=dao, at=MONDAY)
    with CaptureQueriesContext(connection) as two:
        assert len(load(ids, at=MONDAY)) == 2

    assert len(two) == len(one)


def a_leader(office):
    """Of the city, who sees figures and works at no counter."""
    return open_account(
        email="cao@vidu.vn",
        full_name="Trần Thị Cao",
        body_id=office.city.body(office.city.city, "service_centre").pk,
        title="Chủ tịch",
        duties=["see figures"],
        valid_from=MONDAY.date(),
        actor=HOUSE,
        at=MONDAY,
    )


def test_leaders_see_the_board_and_arrangers_who_served_how_many(office, clock):
    clock.now = crowded(office, people=6)
    leader = a_leader(office)
    page = said(browser_of(leader).get(reverse("counters:load")))
    assert "Mở thêm một quầy chờ còn khoảng 30 phút" in page
    assert "1/2" in page
    figures = reverse("counters:figures", args=[office.point.pk])
    assert "Trần Thị Lan" not in said(browser_of(leader).get(figures))
    assert "Trần Thị Lan" in said(browser_of(office.people["hong"]).get(figures))
    assert "Theo cán bộ" not in said(browser_of(office.people["hoa"]).get(figures))
    assert browser_of(office.people["lan"]).get(reverse("counters:load")).status_code == 403


def at_hill(office, *, fields=(), served=timedelta(minutes=1)):
    """One counter of the other ward, whose people wait not at all."""
    dao, other, at = office.actor("dao"), office.city.point(office.city.hill).pk, MONDAY
    queue = actions.open_queue(other, letter="A", name="Mọi việc", fields=list(fields), actor=dao, at=at)
    counter = actions.open_counter(other, number=1, name="", queues=[queue.pk], actor=dao, at=at)
    actions.sit_down(counter.pk, actor=dao, at=at)
    for _each in range(5):
        actions.take_ticket(queue.pk, actor=dao, at=at)
        actions.call_next(counter.pk, actor=dao, at=at)
        actions.begin(counter.pk, actor=dao, at=at)
        at += served
        actions.finish(counter.pk, actor=dao, at=at)
    return other


def test_another_point_is_named_only_when_it_is_open_and_takes_the_same_work(office, clock):
    at = crowded(office, people=6)
    (empty,) = Counter.objects.filter(point=office.point.pk, number=2)
    actions.close_counter(empty.pk, actor=office.actor("hong"), at=at)
    other, ids = at_hill(office), [office.city.river.pk, office.city.hill.pk]

    def helped():
        return next(row for row in load(ids, at=at) if row.point.id == office.point.pk)

    assert (helped().advice, bool(helped().elsewhere)) == (Advice.OTHER_POINT, True)
    dao = office.actor("dao")
    closed = actions.put_exception(other, day=at.date(), spans=(), reason="Sửa điện", actor=dao, at=MONDAY)
    actions.set_hours(other, week=WEEK, valid_from=at.date(), actor=dao, at=MONDAY)
    assert (helped().advice, helped().elsewhere) == (Advice.MORE_PEOPLE, "")
    actions.withdraw_exception(closed.pk, actor=dao, at=MONDAY)
    assert helped().advice is Advice.OTHER_POINT
    make_procedure("9.000001", name="Thủ tục 1", field="Lĩnh vực 1", city_id=office.city.city.pk)
    field = Field.objects.get(name="Lĩnh vực 1").code
    queue = Queue.objects.get(point=other)
    actions.change_queue(queue.pk, name="Một việc", fields=[field], actor=dao, at=MONDAY)
    assert (helped().advice, helped().elsewhere) == (Advice.MORE_PEOPLE, "")


def test_a_queue_that_nobody_calls_is_counted_though_another_is_called(office, clock):
    clock.now = at = crowded(office, people=0)
    lonely = a_queue(office, "B", "Đất đai")
    a_counter(office, lonely, number=3)
    actions.take_ticket(lonely.pk, actor=office.actor("lan"), at=at)

    (row,) = load([office.city.river.pk], at=at)

    assert (row.waiting, row.uncalled, row.uncalled_letters, row.manned) == (1, 1, "B", 1)
    assert (row.advice, row.with_one_more) == (Advice.OPEN_COUNTER, None)


def test_where_all_counters_work_one_of_them_should_call_it():
    said_of_it = {"waiting": 1, "manned": 3, "counters": 3, "best_elsewhere": None, "uncalled": 1}
    assert advice(SHORT, **said_of_it) is Advice.CALL_QUEUE
    assert advice(SHORT, **said_of_it | {"manned": 2}) is Advice.OPEN_COUNTER


def test_who_only_sees_figures_goes_back_to_the_board(office, clock):
    clock.now = crowded(office, people=0)
    leader = a_leader(office)
    hall, board = reverse("counters:hall", args=[office.point.pk]), reverse("counters:load")
    for name in ("figures", "before_after"):
        address = reverse(f"counters:{name}", args=[office.point.pk])
        theirs, hers = (browser_of(who).get(address).content.decode() for who in (leader, office.people["hong"]))
        assert (f'href="{hall}"' in theirs, f'href="{board}"' in theirs) == (False, True)
        assert f'href="{hall}"' in hers


def test_a_city_without_counters_is_told_so(office, clock):
    assert load([office.city.river.pk], at=MONDAY) == []
