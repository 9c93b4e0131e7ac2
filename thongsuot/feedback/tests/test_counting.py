"""Legs and totals of days: kept up with what happens, equal to a count from the history. Pages read nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from thongsuot.feedback import actions, counting
from thongsuot.feedback.models import Category, Escalation, FeedbackDay, FeedbackNoted, FeedbackTicket, TicketLeg
from thongsuot.feedback.queries import figures, heat
from thongsuot.feedback.queries.behind import BEHIND, COUNTS, behind
from thongsuot.feedback.queries.figures import Scope
from thongsuot.feedback.queries.settings import index_limits
from thongsuot.feedback.rules.legs import About, Happened
from thongsuot.feedback.tests.make import ANYONE, DAY, HOUR, MONDAY, SENDER, WORDS, WORKER
from thongsuot.feedback.words import Channel, Stream
from thongsuot.kernel.models import Event
from thongsuot.kernel.periods import Period
from thongsuot.kernel.remember import forget_all
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
        told = {figure: count(sums) for figure, count in COUNTS.items()}
        assert told.keys() == BEHIND.keys()
        for figure, count in told.items():
            assert len(behind(scope, period, figure, limit=50)) == count, figure


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


def test_what_happens_while_it_is_proved_is_no_difference(desk, month, monkeypatch):
    fold = counting.fold

    def then_somebody_accepts() -> int:
        done = fold()
        actions.accept(month["again"].pk, actor=desk.actor("toan"), at=MONDAY + DAY)
        return done

    monkeypatch.setattr(counting, "fold", then_somebody_accepts)
    assert counting.recount().good
    assert (counting.waiting(), fold()) == (1, 1)
    assert counting._put_right([month["again"].pk]) == 0
    assert TicketLeg.objects.filter(ticket_id=month["again"].pk).latest("number").handler_id == desk.people["toan"].pk


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
    cells = heat.cells(whole(desk), OCTOBER, view, least=3)

    assert sum(cell.count for cell in cells) == 7
    west, south, east, north = heat.extent(whole(desk), OCTOBER, least=3) or (0, 0, 0, 0)
    assert (west < 105.05 < east, south < 21.01 < north) == (True, True)
    assert round(west / heat.COARSE, 6) == round(west / heat.COARSE)  # a large square's edge, nobody's door
    assert all(cell.box[2] - cell.box[0] >= heat.FINEST for cell in cells)
    assert heat.size(replace(view, west=105.0, east=105.0001)) == heat.FINEST
    assert heat.cells(whole(desk), OCTOBER, replace(view, south=10, north=11), least=1) == []


def test_a_square_with_few_tickets_and_where_a_masked_one_is_are_not_shown(desk, month):
    view = View(west=104.9, south=20.9, east=105.2, north=21.2, zoom=12)
    assert heat.cells(whole(desk), OCTOBER, view, least=8) == []
    assert heat.extent(whole(desk), OCTOBER, least=8) is None
    masked = desk.report(channel=PAPER, masked=True)
    counting.fold()

    leg = TicketLeg.objects.get(ticket_id=masked.pk)
    assert (leg.latitude, leg.longitude, leg.place_unit_id) == (None, None, desk.river)
    assert sum(cell.count for cell in heat.cells(whole(desk), OCTOBER, view, least=3)) == 7
    assert sum(row.count for row in heat.by_place(whole(desk), OCTOBER)) == 8


def test_a_rating_that_comes_later_counts_in_the_month_in_which_it_came(desk, month):
    told = desk.published(channel=PAPER)
    counting.fold()
    before, november = figures.total(whole(desk), OCTOBER), figures.total(whole(desk), NOVEMBER)
    at = MONDAY + 35 * DAY
    actions.rate(told.pk, 1, secret=told.secret, actor=ANYONE, at=at)
    counting.fold()

    after, then = figures.total(whole(desk), OCTOBER), figures.total(whole(desk), NOVEMBER)
    assert (after.handled, after.handled_in_time, after.handled_well) == (
        before.handled,
        before.handled_in_time,
        before.handled_well,
    )
    assert (then["rated"], then.handled, then.not_well - november.not_well) == (1, november.handled, 1)
    assert told.pk in {row.ticket_id for row in behind(whole(desk), NOVEMBER, "xu-ly-chua-tot", limit=50)}
    assert len(behind(whole(desk), NOVEMBER, "xu-ly-chua-tot", limit=50)) == then.not_well
    assert told.pk not in {row.ticket_id for row in behind(whole(desk), OCTOBER, "xu-ly-chua-tot", limit=50)}
    assert counting.recount().good


def test_within_one_month_a_dislike_counts_in_it_once_with_opening_again(desk, month):
    before = figures.total(whole(desk), replace(OCTOBER, now=MONDAY + 3 * DAY))
    told = desk.published(channel=PAPER)
    actions.rate(told.pk, 2, secret=told.secret, actor=ANYONE, at=MONDAY + DAY)
    actions.reopen(told.pk, "Vẫn còn.", secret=told.secret, actor=ANYONE, at=MONDAY + 2 * DAY)
    counting.fold()

    now = figures.total(whole(desk), replace(OCTOBER, now=MONDAY + 3 * DAY))
    assert (now.not_well - before.not_well, now["marked"] - before["marked"]) == (1, 1)
    assert now.handled - before.handled == 2  # as answered first, and as opened again


def test_a_unit_that_was_late_when_it_gave_a_ticket_back_was_late(desk, month):
    at = MONDAY + 22 * DAY  # fifteen working days after Monday the 6th are over on Monday the 27th
    before = figures.total(of(desk, desk.river), OCTOBER)
    actions.give_back(month["same"].pk, "not_ours", words="Của phường Đồi.", actor=desk.actor("toan", at), at=at)
    counting.fold()

    river = figures.total(of(desk, desk.river), OCTOBER)
    assert (river.handled, river.handled_in_time) == (before.handled, before.handled_in_time)
    assert river["moved_late"] == 1
    assert month["same"].pk in {row.ticket_id for row in behind(of(desk, desk.river), OCTOBER, "xu-ly-tre", limit=50)}
    assert river.waiting == before.waiting - 1
    assert figures.total(of(desk, desk.river), NOVEMBER).handled == before.handled - before["closed"] - 1


def test_whoever_hung_on_another_rates_its_unit_and_what_was_counted_of_their_own_stays(desk, month):
    parent, child = month["same"], desk.report(channel=PAPER)
    actions.route(child.pk, desk.hill, actor=desk.actor("ngan"), at=MONDAY + HOUR)
    actions.merge(parent.pk, [child.pk], actor=desk.actor("ngan"), at=MONDAY + 2 * HOUR)
    actions.accept(parent.pk, actor=desk.actor("toan"), at=MONDAY + 3 * HOUR)
    desk.answered(MONDAY + 3 * HOUR, ticket=FeedbackTicket.objects.get(pk=parent.pk))
    counting.fold()
    hill, river = (figures.total(of(desk, unit), OCTOBER) for unit in (desk.hill, desk.river))
    actions.rate(child.pk, 5, secret=child.secret, actor=ANYONE, at=MONDAY + DAY)
    counting.fold()

    assert dict(figures.total(of(desk, desk.hill), OCTOBER)) == dict(hill)
    after = figures.total(of(desk, desk.river), OCTOBER)
    assert (after["rated"] - river["rated"], after["received"], after.waiting, after.handled) == (
        1,
        river["received"],
        river.waiting,
        river.handled,
    )
    assert counting.recount().good


def test_one_history_that_cannot_be_counted_stops_no_other(desk, month, monkeypatch, caplog):
    bad, good = month["good"], desk.report(channel=PAPER)
    as_it_is, before = counting._legs, TicketLeg.objects.filter(ticket_id=bad.pk).count()
    actions.note(bad.pk, "Xem lại.", actor=desk.actor("toan"), at=MONDAY + DAY)

    def broken(ticket, happened, categories):
        if ticket.pk == bad.pk:
            raise ValueError("routed to no unit")
        return as_it_is(ticket, happened, categories)

    monkeypatch.setattr(counting, "_legs", broken)
    counting.fold()
    assert TicketLeg.objects.filter(ticket_id=good.pk).count() == 1
    assert TicketLeg.objects.filter(ticket_id=bad.pk).count() == before  # as it was last
    assert (counting.waiting(), counting.set_aside()) == (0, [bad.number])
    assert f"history of feedback ticket {bad.pk} cannot be counted" in caplog.text
    found = counting.recount()
    assert (found.broken, found.good, found.wrong_tickets) == ([bad.number], False, 0)

    monkeypatch.undo()
    actions.note(bad.pk, "Đã xem.", actor=desk.actor("toan"), at=MONDAY + DAY)
    counting.fold()
    assert counting.set_aside() == []
    assert counting.recount().good


def test_what_is_taken_for_a_complaint_and_what_was_hung_on_another_wait_once(desk, month):
    before = figures.total(whole(desk), OCTOBER)
    actions.suspect(month["same"].pk, "complaint", actor=desk.actor("toan"), at=MONDAY + 2 * HOUR)
    counting.fold()
    river, city = (figures.total(of(desk, unit), OCTOBER) for unit in (desk.river, desk.whole))
    assert (river.waiting, city.waiting, figures.total(whole(desk), OCTOBER).waiting) == (1, 1, before.waiting)

    actions.clear_suspicion(month["same"].pk, why="Chỉ là ổ gà.", actor=desk.actor("ngan"), at=MONDAY + 3 * HOUR)
    actions.unmerge(month["joined"].pk, actor=desk.actor("ngan"), at=MONDAY + 4 * HOUR)
    counting.fold()
    assert figures.total(of(desk, desk.whole), OCTOBER).waiting == 2
    assert counting.recount().good


def test_the_days_of_item_5_2_are_numbers_of_the_city_with_a_day(desk, month):
    assert index_limits(desk.whole, on=MONDAY.date())["answer"].value == 15
    actions.set_setting(
        desk.whole, "index_answer", 5, basis="Thông tư mới", valid_from=MONDAY.date(), actor=desk.actor("quan"), at=MONDAY
    )
    forget_all()
    assert [index_limits(desk.whole, on=day)["answer"].value for day in (MONDAY.date() - DAY, MONDAY.date())] == [15, 5]


def test_months_say_the_same_as_the_month_alone(desk, month):
    both = Period(first=date(2025, 10, 1), last=date(2025, 11, 30), now=LATER + 30 * DAY)
    october, november = figures.by_month(whole(desk), both)
    assert (october.name, dict(october.sums)) == ("10/2025", dict(figures.total(whole(desk), OCTOBER)))
    assert november.sums.carried == 3
    assert figures.by_day(whole(desk), replace(both, now=MONDAY + timedelta(days=2)))[-1].day == date(2025, 10, 8)


def test_what_becomes_of_another_kind_later_stays_what_it_was_in_a_month_that_is_over(desk, month):
    """Neither by category nor by stream: what is open from October on, what was opened again in it, what a unit has."""

    def october():
        cuts = {by: figures.grouped(whole(desk), OCTOBER, by=by) for by in ("unit", "category", "channel", "stream")}
        return {
            (by, key): (dict(one), one.waiting, one.overdue, one.handled, one.handled_in_time)
            for by, sums in cuts.items()
            for key, one in sums.items()
            if any(one.values()) or one.waiting
        }

    before, handled = october(), figures.total(whole(desk), NOVEMBER).handled
    at = MONDAY + 35 * DAY
    actions.classify(month["same"].pk, category="thu-tuc", actor=desk.actor("ngan", at), at=at)
    actions.classify(month["again"].pk, category="via-he", actor=desk.actor("ngan", at), at=at)
    counting.fold()

    assert october() == before
    by_stream = figures.grouped(whole(desk), NOVEMBER, by="stream")
    regulation = by_stream[Stream.REGULATION]
    assert (regulation["received"], regulation.carried, regulation.waiting, by_stream[Stream.SCENE].waiting) == (0, 0, 1, 2)
    november = figures.total(whole(desk), NOVEMBER)
    assert (november.carried, november.waiting, november["received"], november.handled) == (3, 3, 0, handled)
    for figure, count in COUNTS.items():
        assert len(behind(whole(desk), NOVEMBER, figure, limit=50)) == count(november), figure
    assert counting.recount().good


def test_a_report_recorded_before_it_said_so_has_the_stream_of_the_category_it_came_with(desk):
    ticket = desk.report(channel=PAPER)
    ticket = actions.classify(ticket.pk, category="thu-tuc", actor=desk.actor("ngan"), at=MONDAY + DAY)
    came = Happened("reported", MONDAY, desk.whole, {"category": "o-ga"})
    categories = {(row.city_id, row.code): row for row in Category.objects.all()}
    (leg,) = counting._legs(ticket, [came], categories)
    assert leg.about == About("o-ga", Stream.SCENE, "normal")
    said = Event.objects.get(name="feedback.reported", subject_id=ticket.pk).facts
    assert (said["category"], said["stream"], said["urgency"]) == ("o-ga", "scene", "normal")


def test_urgent_or_not_what_came_back_is_due_as_with_the_operators_not_as_its_old_unit_had_to(desk):
    ticket = desk.report(channel=Channel.APP, urgent=True)
    at = MONDAY + 8 * DAY
    actions.give_back(ticket.pk, "not_ours", words="Của phường Đồi.", actor=desk.actor("toan", at), at=at)
    ticket = actions.decide_urgency(ticket.pk, urgent=False, actor=desk.actor("ngan", at), at=at + HOUR)
    counting.fold()

    assert Event.objects.get(name="feedback.urgency_decided").facts["due_at"] is None
    leg = TicketLeg.objects.order_by("number").last()
    assert (leg.unit_id, leg.started_at) == (desk.whole, at)
    assert leg.due_at > ticket.due_at, "the clock of the unit it came back from"


def test_rungs_of_what_no_unit_has_are_the_citys_and_add_up(desk, month):
    rows = [
        ("good", desk.whole, 1),
        ("again", desk.whole, 1),
        ("same", None, 1),
        ("sent_on", None, 1),
        ("other", desk.river, 1),
    ]
    for name, unit_id, clock in rows:
        at = MONDAY + DAY
        month[name].escalations.create(clock=clock, rung=Escalation.Rung.DUE, unit_id=unit_id, due_at=at, climbed_at=at)
    everything = {name: counts[100] for name, counts in figures.rungs(whole(desk), OCTOBER)}
    assert everything == {"Thành phố Ví Dụ": 4, "Phường Sông": 1}
    assert [counts[100] for _name, counts in figures.rungs(of(desk, desk.whole), OCTOBER)] == [4]
    assert [counts[100] for _name, counts in figures.rungs(of(desk, desk.river), OCTOBER)] == [1]


def test_a_rung_is_of_the_stream_its_ticket_was_of_when_it_was_climbed(desk):
    """What becomes of another stream later is counted anew in no month that is over."""
    ticket = desk.accepted(urgent=True)
    due = MONDAY + 5 * HOUR
    actions.climb(ticket.pk, actor=WORKER, at=due)
    scene, waste = (replace(whole(desk), streams=frozenset({one})) for one in (Stream.SCENE, Stream.WASTE))
    counting.fold()
    before = figures.rungs(scene, OCTOBER)
    assert [counts for _name, counts in before] == [{100: 1}]
    actions.classify(ticket.pk, category="lang-phi", actor=desk.actor("ngan"), at=LATER)
    counting.fold()
    assert figures.rungs(scene, OCTOBER) == before
    assert figures.rungs(waste, OCTOBER) == []
    with CaptureQueriesContext(connection) as asked:
        figures.rungs(scene, OCTOBER)
    assert len(asked) <= 2
