"""Legs and totals of days: kept up with what happens, equal to a count from the history. Pages read nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from thongsuot.feedback import actions, counting
from thongsuot.feedback.models import FeedbackDay, FeedbackNoted, TicketLeg
from thongsuot.feedback.queries import figures, heat
from thongsuot.feedback.queries.figures import Scope
from thongsuot.feedback.tests.make import ANYONE, DAY, HOUR, MONDAY, SENDER, WORDS
from thongsuot.feedback.words import Channel, Stream
from thongsuot.kernel.periods import Period
from thongsuot.web.maps import View

pytestmark = pytest.mark.django_db
PAPER = Channel.PAPER  # the same sender, often
LATER = MONDAY + 40 * DAY
OCTOBER = Period(first=date(2025, 10, 1), last=date(2025, 10, 31), now=LATER)
NOVEMBER = Period(first=date(2025, 11, 1), last=date(2025, 11, 30), now=LATER + 30 * DAY)


def whole(desk) -> Scope:
    return Scope(city_id=desk.whole, unit_ids=frozenset({desk.whole, desk.river, desk.hill}), whole_city=True)


def of(desk, unit_id: int) -> Scope:
    return replace(whole(desk), unit_ids=frozenset({unit_id}), whole_city=False)


@pytest.fixture
def month(desk):
    """Two answered, one of them opened again; one returned and sent to Đồi; one refused; one that two others hang on."""
    good = desk.answered(channel=PAPER)
    actions.publish(good.pk, question="Ổ gà trước cổng", answer="Đã vá.", actor=desk.actor("ngan"), at=MONDAY + HOUR)
    actions.rate(good.pk, 5, secret=good.secret, actor=ANYONE, at=MONDAY + DAY)
    again = desk.answered(channel=PAPER)
    actions.reopen(again.pk, "Vẫn còn hố.", secret=again.secret, actor=ANYONE, at=MONDAY + DAY)
    sent_on = desk.report(channel=PAPER)
    actions.give_back(sent_on.pk, "not_ours", words="Của phường Đồi.", actor=desk.actor("toan"), at=MONDAY + HOUR)
    actions.route(sent_on.pk, desk.hill, actor=desk.actor("ngan"), at=MONDAY + 2 * HOUR)
    refused = desk.report(category="", stream=Stream.SCENE, channel=PAPER)
    actions.refuse(refused.pk, "unclear", words="Chưa rõ việc gì.", actor=desk.actor("ngan"), at=MONDAY + HOUR)
    same, other = desk.report(channel=PAPER), desk.report(channel=Channel.HOTLINE)
    actions.merge(same.pk, [other.pk], actor=desk.actor("ngan"), at=MONDAY + HOUR)
    joined = desk.report(same_as=same.number, channel=PAPER)
    counting.fold()
    return {
        "good": good,
        "again": again,
        "sent_on": sent_on,
        "refused": refused,
        "same": same,
        "other": other,
        "joined": joined,
    }


def test_what_a_month_counts(desk, month):
    sums = figures.total(whole(desk), OCTOBER)

    assert {
        name: sums[name] for name in ("received", "reopened", "answered", "answered_in_time", "returned", "refused", "rated")
    } == {
        "received": 7,
        "reopened": 1,
        "answered": 2,
        "answered_in_time": 2,
        "returned": 1,
        "refused": 1,
        "rated": 1,
    }
    # Waits: the one opened again, the one in Đồi, the parent. Ten working days from Monday the 6th are over by the 31st.
    assert (sums.carried, sums.waiting, sums.overdue) == (0, 3, 3)
    assert sums.level is None  # one rating tells who gave it
    lines = {line.name: line.sums for line in figures.unit_lines(whole(desk), OCTOBER)}
    assert {name: (one["received"], one.waiting, one["returned"]) for name, one in lines.items()} == {
        "Thành phố Ví Dụ": (2, 0, 0),  # no unit: the refused one, and the one whose sender said what it belongs to
        "Phường Sông": (5, 2, 1),
        "Phường Đồi": (0, 1, 0),
    }
    november = figures.total(whole(desk), NOVEMBER)
    assert (november["received"], november.carried, november.waiting) == (0, 3, 3)


def test_every_way_to_cut_it_adds_up_to_the_whole(desk, month):
    for scope in (whole(desk), of(desk, desk.river)):
        sums = figures.total(scope, OCTOBER)
        for by in ("unit", "category", "channel", "stream"):
            parts = figures.together(figures.grouped(scope, OCTOBER, by=by).values())
            assert dict(parts) == dict(sums), by
            assert (parts.waiting, parts.overdue, parts.handled) == (sums.waiting, sums.overdue, sums.handled), by
        assert sum(count for _reason, count in figures.refusals(scope, OCTOBER)) == sums["refused"]
        assert sum(row.count for row in heat.by_place(scope, OCTOBER)) == sums["received"]
        days = figures.by_day(scope, OCTOBER)
        assert sum(day.received for day in days) == sums["received"]
        assert days[-1].waiting == sums.waiting


@pytest.mark.parametrize("now", [LATER, MONDAY + 3 * DAY])
def test_the_list_behind_a_figure_has_as_many_rows_as_it_says(desk, month, now):
    period = replace(OCTOBER, now=now)
    for scope in (whole(desk), of(desk, desk.river), of(desk, desk.hill)):
        sums = figures.total(scope, period)
        told = {figure: count(sums) for figure, count in figures.COUNTS.items()}
        assert told.keys() == figures.BEHIND.keys()
        for figure, count in told.items():
            assert len(figures.behind(scope, period, figure, limit=50)) == count, figure


def test_nothing_is_late_before_its_time(desk, month):
    sums = figures.total(whole(desk), replace(OCTOBER, now=MONDAY + 3 * DAY))
    assert (sums.waiting, sums.overdue) == (3, 0)


def test_what_happens_later_does_not_change_a_month_that_is_over(desk, month):
    october, river = figures.total(whole(desk), OCTOBER), of(desk, desk.river)
    before = (october, figures.total(river, OCTOBER))
    at = MONDAY + 35 * DAY
    actions.give_back(month["same"].pk, "not_ours", words="Của phường Đồi.", actor=desk.actor("toan", at), at=at)
    actions.route(month["same"].pk, desk.hill, actor=desk.actor("ngan", at), at=at + HOUR)
    actions.accept(month["sent_on"].pk, actor=desk.actor("do", at), at=at)
    answer = actions.submit_answer(month["sent_on"].pk, "Đã vá.", actor=desk.actor("do", at), at=at)
    actions.approve_answer(answer.pk, actor=desk.actor("duc", at), at=at)
    counting.fold()

    after = (figures.total(whole(desk), OCTOBER), figures.total(river, OCTOBER))
    for then, now in zip(before, after, strict=True):
        assert (then.handled, then.handled_in_time, then.waiting, then.overdue) == (
            now.handled,
            now.handled_in_time,
            now.waiting,
            now.overdue,
        )
    assert figures.total(whole(desk), NOVEMBER)["answered"] == 1


def test_the_fold_and_a_recount_agree_and_a_recount_puts_right_what_differs(desk, month):
    legs = list(TicketLeg.objects.order_by("ticket_id", "number").values())
    assert not FeedbackNoted.objects.exists()
    assert counting.recount().good
    assert [{**row, "id": 0} for row in TicketLeg.objects.order_by("ticket_id", "number").values()] == [
        {**row, "id": 0} for row in legs
    ]

    TicketLeg.objects.filter(ticket_id=month["good"].pk).update(unit_id=desk.hill)
    FeedbackDay.objects.filter(kind="channel").update(received=9)
    found = counting.recount()
    assert (found.wrong_tickets, found.wrong_days > 0, found.tickets) == (1, True, 7)
    assert counting.recount().good


def test_totals_follow_when_a_ticket_changes_twice_and_counting_again_changes_nothing(desk, month):
    before = _days()
    actions.note(month["good"].pk, "Xem lại.", actor=desk.actor("toan"), at=MONDAY + DAY)
    assert counting.fold() == 1
    assert _days() == before


def _days() -> list[tuple[object, ...]]:
    names = ("kind", "key", "stream", "day", *counting.NAMES)
    rows = FeedbackDay.objects.order_by("kind", "key", "stream", "day").values_list(*names)
    return [row for row in rows if any(row[4:])]


def test_nothing_of_who_reported_is_in_what_is_counted(desk, month):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(l::text, ' ') || (SELECT string_agg(d::text, ' ') FROM feedback_feedbackday d)"
            " FROM feedback_ticketleg l"
        )
        stored = cursor.fetchone()[0]
    assert not any(private in stored for private in (SENDER.name, SENDER.phone, SENDER.email, WORDS, "21.01234"))


def test_squares_hold_what_lies_in_them_and_are_never_one_house(desk, month):
    view = View(west=104.9, south=20.9, east=105.2, north=21.2, zoom=12)
    cells = heat.cells(whole(desk), OCTOBER, view)

    assert sum(cell.count for cell in cells) == 7
    west, south, east, north = heat.extent(whole(desk), OCTOBER) or (0, 0, 0, 0)
    assert (west < 105.05 < east, south < 21.01 < north) == (True, True)
    assert all(cell.box[2] - cell.box[0] >= heat.FINEST for cell in cells)
    assert heat.size(replace(view, west=105.0, east=105.0001)) == heat.FINEST
    assert heat.cells(whole(desk), OCTOBER, replace(view, south=10, north=11)) == []


def test_months_say_the_same_as_the_month_alone(desk, month):
    both = Period(first=date(2025, 10, 1), last=date(2025, 11, 30), now=LATER + 30 * DAY)
    october, november = figures.by_month(whole(desk), both)
    assert (october.name, dict(october.sums)) == ("10/2025", dict(figures.total(whole(desk), OCTOBER)))
    assert november.sums.carried == 3
    assert figures.by_day(whole(desk), replace(both, now=MONDAY + timedelta(days=2)))[-1].day == date(2025, 10, 8)
