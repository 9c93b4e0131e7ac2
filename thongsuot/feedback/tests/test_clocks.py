"""When a ticket is due and who is told: nights, week-ends, swapped days, Tết, pauses, returns, and each rung once."""

from __future__ import annotations

import csv
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.feedback import actions
from thongsuot.feedback.actions import errors
from thongsuot.feedback.models import Escalation, FeedbackTicket, TimeLimit
from thongsuot.feedback.rules import clocks
from thongsuot.feedback.rules.clocks import Limit
from thongsuot.feedback.tests.make import DAY, HOUR, MONDAY, WORKER
from thongsuot.kernel.history import history_of
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.working_time import VIET_NAM, WorkingCalendar
from thongsuot.units import loading

URGENT = Limit(4, "working_hours")
TEN_DAYS = Limit(10, "working_days")
PLAIN = WorkingCalendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIET_NAM)


def shipped_calendar() -> WorkingCalendar:
    """Holidays and swapped days as the product ships them."""
    with (Path(loading.__file__).parent / "data" / "calendar.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    off, on = ({date.fromisoformat(row["date"]) for row in rows if row["effect"] == effect} for effect in ("off", "work"))
    return WorkingCalendar(off=frozenset(off), on=frozenset(on))


SHIPPED = shipped_calendar()


@pytest.mark.parametrize(
    ("sent", "limit", "due"),
    [
        ("2025-10-06 09:00", URGENT, "2025-10-06 14:00"),  # noon does not count
        ("2025-10-06 15:00", URGENT, "2025-10-07 10:00"),  # over night
        ("2025-10-06 22:40", URGENT, "2025-10-07 12:00"),  # at night: as if at eight
        ("2025-10-10 16:00", URGENT, "2025-10-13 11:00"),  # over the week-end
        ("2025-10-11 10:00", URGENT, "2025-10-13 12:00"),  # on a Saturday
        ("2025-10-06 09:00", TEN_DAYS, "2025-10-20 17:00"),
        ("2026-02-13 16:00", URGENT, "2026-02-23 11:00"),  # Friday before Tết: 14 to 22 February are off
        ("2026-08-21 16:00", URGENT, "2026-08-22 11:00"),  # Saturday 22 August 2026 is worked for Monday the 31st
        ("2026-08-28 16:00", URGENT, "2026-09-03 11:00"),  # 31 August to 2 September are off
        ("2025-10-06 22:40", Limit(5, "minutes"), "2025-10-06 22:45"),  # the hotline is never closed
        ("2025-10-06 09:00", Limit(10, "calendar_days"), "2025-10-16 17:00"),
    ],
)
def test_due_in_working_time(sent, limit, due):
    assert clocks.due(at(sent), limit, SHIPPED) == at(due)


def test_swapped_days_and_tet_stand_in_the_calendar():
    """What the cases above rest on: if the shipped calendar changes, they must be looked at."""
    assert date(2026, 2, 16) in SHIPPED.off
    assert date(2026, 8, 22) in SHIPPED.on


@pytest.mark.parametrize(("rung", "reached"), [(50, "2025-10-06 11:00"), (80, "2025-10-06 13:12"), (100, "2025-10-06 14:00")])
def test_rungs_are_shares_of_working_time(rung, reached):
    clock = clocks.start(MONDAY, URGENT, PLAIN)
    assert clocks.rung_at(rung, clock, PLAIN) == at(reached)


def test_a_pause_moves_the_rungs_with_the_end():
    clock = clocks.start(MONDAY, URGENT, PLAIN)
    after = clocks.go_on(clock, paused_at=MONDAY + HOUR, resumed_at=MONDAY + 2 * DAY, limit=URGENT, calendar=PLAIN)
    assert after.due_at == at("2025-10-08 14:00") - HOUR - HOUR  # three hours left at nine: twelve, and noon is free
    assert clocks.rung_at(50, after, PLAIN) == at("2025-10-08 10:00")


def test_an_extension_moves_only_what_is_to_come():
    clock = clocks.start(MONDAY, URGENT, PLAIN)
    longer = clocks.extended(clock, at("2025-10-07 10:00"), at=MONDAY + HOUR, calendar=PLAIN)
    assert longer.minutes == 9 * 60
    assert clocks.rung_at(50, longer, PLAIN) == at("2025-10-06 14:30")


@given(
    start=st.datetimes(datetime(2025, 1, 2), datetime(2027, 12, 1)),
    hours=st.integers(1, 80),
    pauses=st.lists(st.tuples(st.integers(1, 5000), st.integers(1, 20000)), max_size=4),
)
def test_rungs_come_in_order_and_never_at_night_whatever_pauses(start, hours, pauses):
    limit = Limit(hours, "working_hours")
    now = start.replace(tzinfo=VIET_NAM)
    clock = clocks.start(now, limit, PLAIN)
    for before, length in pauses:
        paused = now + timedelta(minutes=before)
        if paused >= clock.due_at:
            break
        now = paused + timedelta(minutes=length)
        clock = clocks.go_on(clock, paused_at=paused, resumed_at=now, limit=limit, calendar=PLAIN)
    rungs = [clocks.rung_at(rung, clock, PLAIN) for rung in (50, 80, 100)]
    assert rungs == sorted(rungs)
    assert all(one == clock.since or clocks.may_tell(one, PLAIN) for one in rungs)
    assert clocks.may_tell(clocks.told_from(now, PLAIN), PLAIN)


def climb(now: datetime) -> list[int]:
    climbed = []
    for ticket_id in actions.to_climb(at=now):
        with suppress(actions.NothingToClimb):
            climbed.append(actions.climb(ticket_id, actor=WORKER, at=now).rung)
    return climbed


def urgent(desk, sent: datetime) -> FeedbackTicket:
    return desk.accepted(sent, urgent=True)


def test_each_rung_is_climbed_once_and_the_second_breach_reaches_the_chair(desk):
    ticket = urgent(desk, MONDAY)
    assert ticket.due_at == at("2025-10-06 14:00")
    assert climb(at("2025-10-06 10:59")) == []
    assert climb(at("2025-10-06 11:00")) == [50]
    assert climb(at("2025-10-06 11:01")) == []
    assert climb(at("2025-10-06 13:15")) == [80]
    assert climb(at("2025-10-06 14:05")) == [100]
    assert climb(at("2025-10-07 16:00")) == []
    assert climb(at("2025-10-07 17:00")) == [200]
    assert climb(at("2025-10-20 09:00")) == []
    ticket.refresh_from_db()
    assert ticket.breaches == 2
    assert [row.rung for row in ticket.escalations.order_by("rung")] == [50, 80, 100, 200]


def test_nobody_is_told_at_night_and_what_was_missed_is_told_once(desk):
    urgent(desk, at("2025-10-06 15:00"))  # due on Tuesday at ten
    assert climb(at("2025-10-06 20:00")) == []
    assert climb(at("2025-10-07 12:30")) == []  # at noon neither
    assert climb(at("2025-10-07 13:30")) == [100]
    assert Escalation.objects.count() == 1


def test_answered_in_time_nobody_is_told_any_more(desk):
    ticket = urgent(desk, MONDAY)
    desk.answered(MONDAY + HOUR, ticket=ticket)
    assert climb(MONDAY + DAY) == []


def test_what_waits_for_the_sender_stands_still(desk):
    ticket = urgent(desk, MONDAY)
    actions.ask(ticket.pk, "Nhà số mấy?", actor=desk.actor("toan"), at=MONDAY + HOUR)
    assert climb(MONDAY + DAY) == []
    actions.reply(ticket.pk, "Số 9", secret=ticket.secret, actor=desk.actor("ngan"), at=MONDAY + DAY)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.due_at) == (FeedbackTicket.State.ACCEPTED, at("2025-10-07 12:00"))
    assert climb(at("2025-10-07 10:00")) == [50]


def test_what_never_came_closes_and_says_why(desk):
    ticket = desk.accepted()
    actions.ask(ticket.pk, "Nhà số mấy?", actor=desk.actor("toan"), at=MONDAY)
    with pytest.raises(errors.NotInThisState):
        actions.close_unanswered(ticket.pk, actor=WORKER, at=MONDAY + 7 * DAY)
    done = actions.close_unanswered(ticket.pk, actor=WORKER, at=MONDAY + 8 * DAY)
    assert (done.state, done.refusal) == (FeedbackTicket.State.REFUSED, "unclear")


def test_another_unit_gets_its_own_time(desk):
    ticket = desk.report(urgent=True)
    actions.give_back(ticket.pk, "not_ours", words="Thuộc phường Đồi", actor=desk.actor("toan"), at=MONDAY + 3 * HOUR)
    assert climb(MONDAY + DAY) == []
    ticket = actions.route(ticket.pk, desk.hill, actor=desk.actor("ngan"), at=MONDAY + DAY)
    assert (ticket.due_at, ticket.first_due_at) == (at("2025-10-07 14:00"), at("2025-10-06 14:00"))
    assert climb(at("2025-10-07 11:00")) == [50]


def test_more_time_is_granted_by_another_person_and_moves_the_ladder(desk):
    ticket = urgent(desk, MONDAY)
    with pytest.raises(errors.NotLater):
        actions.ask_extension(ticket.pk, MONDAY + HOUR, reason="Chờ vật tư", actor=desk.actor("toan"), at=MONDAY)
    asked = actions.ask_extension(ticket.pk, MONDAY + DAY, reason="Chờ vật tư", actor=desk.actor("tam"), at=MONDAY)
    with pytest.raises(errors.ExtensionWaits):
        actions.ask_extension(ticket.pk, MONDAY + DAY, reason="Chờ", actor=desk.actor("toan"), at=MONDAY)
    with pytest.raises(errors.OwnAnswer):
        actions.decide_extension(asked.pk, granted=True, actor=desk.actor("tam"), at=MONDAY)
    actions.decide_extension(asked.pk, granted=True, actor=desk.actor("hanh"), at=MONDAY)
    ticket.refresh_from_db()
    assert ticket.due_at == MONDAY + DAY
    assert climb(at("2025-10-06 11:00")) == []
    assert climb(at("2025-10-06 14:00")) == [50]
    with pytest.raises(errors.NoMoreTime):
        actions.ask_extension(ticket.pk, MONDAY + 2 * DAY, reason="Nữa", actor=desk.actor("toan"), at=MONDAY)


def test_a_changed_limit_judges_what_is_reported_from_then_on(desk):
    old = desk.report(urgent=True)
    TimeLimit.objects.filter(stream="scene", step="answer", urgency="urgent").update(valid_to=(MONDAY + DAY).date())
    TimeLimit.objects.create(
        city_id=desk.whole,
        stream="scene",
        urgency="urgent",
        step="answer",
        value=2,
        measure="working_hours",
        valid_from=(MONDAY + DAY).date(),
        basis="Ví dụ",
    )
    forget_all()
    actions.give_back(old.pk, "not_ours", words="Không", actor=desk.actor("toan"), at=MONDAY + DAY)
    old = actions.route(old.pk, desk.hill, actor=desk.actor("ngan"), at=MONDAY + DAY)
    new = desk.report(MONDAY + DAY, urgent=True)
    assert (old.due_at, new.due_at) == (at("2025-10-07 14:00"), at("2025-10-07 11:00"))


def test_minutes_until_the_operator_has_it_run_through_the_night(desk):
    TimeLimit.objects.filter(stream="scene", step="classify").update(value=5, measure="minutes")
    ticket = desk.report(at("2025-10-06 22:00"), category="trat-tu")
    assert ticket.step_due_at == at("2025-10-06 22:05")


def test_a_changed_urgency_and_more_time_after_the_due_instant_climb_no_rung_twice(desk):
    ticket = urgent(desk, MONDAY)
    assert climb(at("2025-10-06 14:05")) == [100]
    actions.classify(ticket.pk, urgency="normal", actor=desk.actor("ngan"), at=at("2025-10-06 15:00"))
    ticket.refresh_from_db()
    assert (ticket.next_rung, ticket.next_rung_at) == (200, at("2025-10-20 17:00"))
    asked = actions.ask_extension(
        ticket.pk, at("2025-10-22 17:00"), reason="Chờ", actor=desk.actor("toan"), at=at("2025-10-20 16:00")
    )
    actions.decide_extension(asked.pk, granted=True, actor=desk.actor("hanh"), at=at("2025-10-20 16:00"))
    assert climb(at("2025-10-21 16:00")) == []
    assert climb(at("2025-10-22 17:00")) == [200]


def test_another_category_leaves_the_clock_and_another_limit_keeps_what_was_put_to_it(desk):
    ticket, ngan = desk.accepted(), desk.actor("ngan")  # ten working days: until Monday the 20th
    actions.ask(ticket.pk, "Nhà số mấy?", actor=desk.actor("toan"), at=MONDAY + HOUR)
    actions.reply(ticket.pk, "Số 9", secret=ticket.secret, actor=ngan, at=MONDAY + 2 * DAY)
    asked = actions.ask_extension(
        ticket.pk, at("2025-10-24 17:00"), reason="Chờ vật tư", actor=desk.actor("toan"), at=MONDAY + 2 * DAY
    )
    actions.decide_extension(asked.pk, granted=True, actor=desk.actor("hanh"), at=MONDAY + 2 * DAY)
    ticket.refresh_from_db()
    before = (ticket.due_at, ticket.clock_from, ticket.clock_minutes, ticket.next_rung_at)
    assert before[0] == at("2025-10-24 17:00")

    ticket = actions.classify(ticket.pk, category="rac-thai", actor=ngan, at=MONDAY + 3 * DAY)
    assert (ticket.due_at, ticket.clock_from, ticket.clock_minutes, ticket.next_rung_at) == before
    ticket = actions.classify(ticket.pk, urgency="complex", actor=ngan, at=MONDAY + 3 * DAY)
    assert ticket.due_at == at("2025-10-31 17:00"), "fifteen days, and the four that were put to ten"
    ticket = actions.classify(ticket.pk, urgency="normal", actor=ngan, at=MONDAY + 4 * DAY)
    assert (ticket.due_at, ticket.clock_minutes) == (before[0], before[2])


def test_more_time_is_asked_for_before_it_is_late_and_granted_soon_after_at_most(desk):
    ticket, hanh = urgent(desk, MONDAY), desk.actor("hanh")  # due at two
    until = MONDAY + 2 * DAY
    asked = actions.ask_extension(ticket.pk, until, reason="Chờ vật tư", actor=desk.actor("tam"), at=at("2025-10-06 13:00"))
    with pytest.raises(errors.LateAlready):
        actions.ask_extension(ticket.pk, until, reason="Chờ", actor=desk.actor("toan"), at=at("2025-10-06 14:01"))
    with pytest.raises(errors.DecidedTooLate) as refused:
        actions.decide_extension(asked.pk, granted=True, actor=hanh, at=at("2025-10-07 14:01"))
    assert "8 giờ làm việc" in refused.value.message()
    done = actions.decide_extension(asked.pk, granted=True, actor=hanh, at=at("2025-10-07 14:00"))
    ticket.refresh_from_db()
    assert (ticket.due_at, done.late, ticket.breaches) == (until, True, 1)
    actions.approve_answer(desk.answer(ticket, at("2025-10-07 15:00")).pk, actor=hanh, at=at("2025-10-07 15:00"))
    (told,) = [row.facts for row in history_of(ticket) if row.name == "feedback.answered"]
    assert told["in_time"] is False, "what was late stays late"


def test_more_time_granted_in_time_is_in_time(desk):
    ticket, hanh = urgent(desk, MONDAY), desk.actor("hanh")
    asked = actions.ask_extension(ticket.pk, MONDAY + DAY, reason="Chờ", actor=desk.actor("toan"), at=MONDAY)
    actions.ask(ticket.pk, "Nhà số mấy?", actor=desk.actor("toan"), at=MONDAY + HOUR)
    # The sender is asked: nothing gets late meanwhile.
    done = actions.decide_extension(asked.pk, granted=True, actor=hanh, at=at("2025-10-06 16:00"))
    assert not done.late
    actions.reply(ticket.pk, "Số 9", secret=ticket.secret, actor=desk.actor("ngan"), at=at("2025-10-06 16:30"))
    actions.approve_answer(desk.answer(ticket, MONDAY + DAY).pk, actor=hanh, at=MONDAY + DAY)
    (told,) = [row.facts for row in history_of(ticket) if row.name == "feedback.answered"]
    assert told["in_time"] is True


GOES_ON = {
    "returned": lambda desk, pk: actions.give_back(pk, "not_ours", words="Không", actor=desk.actor("toan"), at=MONDAY),
    "routed": lambda desk, pk: actions.route(pk, desk.hill, actor=desk.actor("ngan"), at=MONDAY),
    "suspected": lambda desk, pk: actions.suspect(pk, "complaint", actor=desk.actor("toan"), at=MONDAY),
    "answered": lambda desk, pk: actions.submit_answer(pk, "Đã vá.", actor=desk.actor("toan"), at=MONDAY),
    "refused": lambda desk, pk: actions.refuse(pk, "unclear", words="Chưa rõ", actor=desk.actor("ngan"), at=MONDAY),
    "merged": lambda desk, pk: actions.merge(desk.report().pk, [pk], actor=desk.actor("ngan"), at=MONDAY),
}


@pytest.mark.parametrize("way", GOES_ON)
def test_more_time_nobody_decided_about_ends_when_the_ticket_goes_on(desk, way):
    ticket = desk.accepted()
    asked = actions.ask_extension(ticket.pk, ticket.due_at + DAY, reason="Chờ", actor=desk.actor("toan"), at=MONDAY)
    GOES_ON[way](desk, ticket.pk)
    asked.refresh_from_db()
    assert (asked.granted, asked.decided_at, asked.decided_by_id) == (False, MONDAY, None)


def test_how_far_more_time_reaches_and_how_often_a_sender_writes_are_numbers_of_the_city(desk):
    ticket = desk.accepted()
    assert ticket.due_at is not None
    for key, value in (("extension_days", 2), ("messages_day", 1)):
        actions.set_setting(desk.whole, key, value, basis="QĐ", valid_from=MONDAY.date(), actor=desk.actor("quan"), at=MONDAY)
    forget_all()
    with pytest.raises(errors.NotLater) as refused:
        actions.ask_extension(ticket.pk, ticket.due_at + 3 * DAY, reason="Chờ", actor=desk.actor("toan"), at=MONDAY)
    assert "không quá 2 ngày" in refused.value.message()
    actions.reply(ticket.pk, "Vẫn thế", secret=ticket.secret, actor=desk.actor("ngan"), at=MONDAY)
    with pytest.raises(errors.TooMany) as often:
        actions.reply(ticket.pk, "Vẫn thế", secret=ticket.secret, actor=desk.actor("ngan"), at=MONDAY + HOUR)
    assert (often.value.what, often.value.again_at) == ("message", MONDAY + DAY)


def test_questions_are_counted_in_the_round_they_are_asked_in(desk):
    ticket = desk.answered()  # nothing was asked in the first round
    actions.reopen(ticket.pk, "Vẫn còn hố", secret=ticket.secret, actor=desk.actor("ngan"), at=MONDAY + HOUR)
    actions.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY + HOUR)
    for n in range(2):
        now = MONDAY + (2 + n) * HOUR
        actions.ask(ticket.pk, "Nhà số mấy?", actor=desk.actor("toan"), at=now)
        actions.reply(ticket.pk, "Số 9", secret=ticket.secret, actor=desk.actor("ngan"), at=now)
    with pytest.raises(errors.AskedOften):
        actions.ask(ticket.pk, "Nhà số mấy?", actor=desk.actor("toan"), at=MONDAY + DAY)
