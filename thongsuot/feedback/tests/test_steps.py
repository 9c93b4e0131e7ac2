"""Steps have limits of their own: who must do one is warned, the city and the chair learn it, the lists show it until it is
done; and a unit that was late was late, wherever the ticket went then."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import pytest

from thongsuot.feedback import actions, tasks
from thongsuot.feedback.actions.common import step_of
from thongsuot.feedback.models import FeedbackTicket, TimeLimit
from thongsuot.feedback.queries import inbox as lists
from thongsuot.feedback.queries.inbox import Deadline, Filters, Queue
from thongsuot.feedback.queries.late import Late, LateBefore
from thongsuot.feedback.queries.late import late as late_of
from thongsuot.feedback.tests.make import ANYONE, DAY, HOUR, MINUTE, MONDAY, WORKER
from thongsuot.feedback.tests.test_clocks import at
from thongsuot.feedback.words import Channel
from thongsuot.kernel import clock as kernel_clock
from thongsuot.kernel.history import history_of

TUESDAY, WEDNESDAY = MONDAY + DAY, MONDAY + 2 * DAY


@pytest.fixture(autouse=True)
def city(settings):
    settings.CITY_CODE = "98"


def told(now: datetime) -> list[tuple[str, int]]:
    """What the worker's next minute tells."""
    actions.arm_steps(at=now)
    found = []
    for ticket_id in actions.to_climb(at=now):
        with suppress(actions.NothingToClimb):
            climbed = actions.climb(ticket_id, actor=WORKER, at=now)
            found.append((climbed.step, climbed.rung))
    return found


def late(desk, which: Late, now: datetime) -> list[int]:
    found = late_of(desk.whole, actor=desk.actor("truong", now), now=now, which=which)
    assert found.counts[which] == len(found.rows)
    return [row.id for row in found.rows]


def listed(desk, who: str, queue: Queue, now: datetime, deadline: Deadline = Deadline.ANY) -> list[int]:
    desk_of = lists.desk_of(desk.actor(who, now), now=now)
    found = lists.inbox(desk_of, queue=queue, deadline=deadline, filters=Filters())
    assert found.count == len(found.rows)
    return [row.id for row in found.rows]


def test_a_unit_that_does_not_receive_is_warned_then_the_city_then_the_chair(desk):
    ticket = desk.report()  # eight working hours to receive: until Tuesday at nine
    assert told(MONDAY) == []
    assert told(at("2025-10-06 13:59")) == []
    assert told(at("2025-10-06 14:00")) == [("receive", 50)]
    assert told(at("2025-10-06 14:01")) == []
    assert told(at("2025-10-06 16:24")) == [("receive", 80)]
    assert told(at("2025-10-06 20:00")) == []
    assert late(desk, Late.STEP, at("2025-10-07 08:59")) == []
    assert told(TUESDAY) == [("receive", 100)]
    now = TUESDAY + MINUTE
    assert late(desk, Late.STEP, now) == [ticket.pk]
    assert late(desk, Late.AGAIN, now) == late(desk, Late.ANSWER, now) == []
    assert listed(desk, "toan", Queue.ACCEPT, now, Deadline.STEP) == [ticket.pk]
    assert listed(desk, "ngan", Queue.AGAIN, now) == []
    assert told(at("2025-10-08 17:00")) == [("receive", 200)]
    now = at("2025-10-09 09:00")
    assert late(desk, Late.AGAIN, now) == listed(desk, "ngan", Queue.AGAIN, now) == [ticket.pk]
    assert told(now) == []
    actions.accept(ticket.pk, actor=desk.actor("toan"), at=now)
    assert late(desk, Late.AGAIN, now) == late(desk, Late.STEP, now) == listed(desk, "ngan", Queue.AGAIN, now) == []
    assert told(now) == []
    assert [(row.step, row.clock) for row in ticket.escalations.order_by("rung")] == [("receive", -1)] * 4


def test_an_operator_is_warned_and_what_waits_for_the_sender_stands_still(desk):
    ticket = desk.report(category="")  # four working hours: until two
    assert told(MONDAY + MINUTE) == []
    actions.ask(ticket.pk, "Ở đâu?", actor=desk.actor("ngan"), at=MONDAY + HOUR)
    assert told(at("2025-10-06 16:00")) == []
    assert late(desk, Late.STEP, at("2025-10-06 16:00")) == []
    actions.reply(ticket.pk, "Số 9", secret=ticket.secret, actor=ANYONE, at=TUESDAY)
    ticket.refresh_from_db()
    assert ticket.step_due_at == at("2025-10-07 12:00")
    assert told(TUESDAY) == []
    assert told(at("2025-10-07 10:00")) == [("classify", 50)]
    assert told(at("2025-10-07 12:00")) == [("classify", 100)]


def test_each_unit_has_its_own_time_to_receive(desk):
    ticket = desk.report()
    assert told(MONDAY) == []
    assert told(TUESDAY) == [("receive", 100)]
    actions.give_back(ticket.pk, "not_ours", words="Không", actor=desk.actor("toan"), at=TUESDAY)
    assert told(TUESDAY) == []
    assert told(at("2025-10-07 09:30")) == [("guide", 50)]
    actions.route(ticket.pk, desk.hill, actor=desk.actor("ngan"), at=at("2025-10-07 09:40"))
    assert told(at("2025-10-07 10:00")) == []
    assert told(at("2025-10-08 10:00")) == [("receive", 100)]


def test_a_stream_without_a_limit_for_what_came_back_has_that_of_classifying(desk):
    ticket = desk.report(category="lang-phi")
    actions.route(ticket.pk, desk.river, actor=desk.actor("ngan"), at=MONDAY)
    actions.give_back(ticket.pk, "not_ours", words="Không", actor=desk.actor("toan"), at=MONDAY)
    ticket.refresh_from_db()
    assert ticket.step_due_at == at("2025-10-06 14:00")


def test_an_answer_nobody_publishes_is_told_and_stands_in_the_list(desk):
    ticket = desk.answered()  # two working days
    assert told(MONDAY) == []
    assert told(at("2025-10-08 17:00")) == [("publish", 100)]
    now = at("2025-10-09 08:00")
    assert late(desk, Late.STEP, now) == listed(desk, "ngan", Queue.PUBLISH, now, Deadline.STEP) == [ticket.pk]
    actions.withhold(ticket.pk, "private", actor=desk.actor("ngan"), at=now)
    assert late(desk, Late.STEP, now) == []
    assert told(now + 5 * DAY) == []


def test_a_step_of_minutes_is_told_once_it_is_over_and_not_at_night(desk):
    TimeLimit.objects.filter(stream="scene", step="classify").update(value=5, measure="minutes")
    desk.report(at("2025-10-06 22:00"), category="trat-tu")
    assert told(at("2025-10-06 22:06")) == []
    assert told(at("2025-10-07 08:00")) == [("classify", 100)]


def test_of_another_kind_its_step_has_the_time_of_that_kind_and_nobody_is_told_twice(desk):
    ngan = desk.actor("ngan")
    ticket = desk.report(category="")  # four working hours: until two
    assert told(MONDAY) == []
    assert told(MONDAY + 2 * HOUR) == [("classify", 50)]
    ticket = actions.classify(ticket.pk, stream="regulation", actor=ngan, at=MONDAY + 2 * HOUR)
    assert (ticket.step_due_at, ticket.step_from) == (at("2025-10-13 17:00"), MONDAY)
    assert told(MONDAY + 3 * HOUR) == told(at("2025-10-09 17:00")) == []
    assert told(at("2025-10-13 17:00")) == [("classify", 100)]
    ticket = actions.classify(ticket.pk, stream="initiative", actor=ngan, at=at("2025-10-13 17:00"))
    assert ticket.step_due_at == at("2025-10-08 17:00")
    assert told(at("2025-10-14 09:00")) == []
    assert told(at("2025-10-14 17:00")) == [("classify", 200)]
    assert [row.clock for row in ticket.escalations.all()] == [-1] * 3


def test_what_a_pause_put_to_a_step_stays_put_to_it(desk):
    ticket, ngan = desk.report(category=""), desk.actor("ngan")
    actions.ask(ticket.pk, "Ở đâu?", actor=ngan, at=MONDAY + HOUR)
    actions.reply(ticket.pk, "Số 9", secret=ticket.secret, actor=ANYONE, at=TUESDAY)  # seven working hours later
    ticket = actions.classify(ticket.pk, stream="initiative", actor=ngan, at=TUESDAY)
    assert ticket.step_due_at == at("2025-10-09 16:00"), "two working days, and seven hours"


def test_what_becomes_urgent_is_received_by_the_limit_of_what_is_urgent(desk):
    row = TimeLimit.objects.get(city=desk.whole, stream="scene", step="receive")
    row.pk, row.urgency, row.value = None, "urgent", 1
    row.save(force_insert=True)
    claimed, other = desk.report(channel=Channel.APP, urgent=True), desk.report(channel=Channel.COUNTER)
    claimed = actions.decide_urgency(claimed.pk, urgent=True, actor=desk.actor("toan"), at=MONDAY + 2 * HOUR)
    other = actions.classify(other.pk, urgency="urgent", actor=desk.actor("ngan"), at=MONDAY + 2 * HOUR)
    assert claimed.step_due_at == other.step_due_at == MONDAY + HOUR


def test_a_pause_of_a_step_of_minutes_keeps_its_minutes(desk):
    TimeLimit.objects.filter(stream="scene", step="classify").update(value=5, measure="minutes")
    ticket = desk.report(at("2025-10-06 22:00"), category="trat-tu")
    actions.ask(ticket.pk, "Ở đâu?", actor=desk.actor("ngan"), at=at("2025-10-06 22:02"))
    actions.reply(ticket.pk, "Số 9", secret=ticket.secret, actor=ANYONE, at=at("2025-10-06 23:00"))
    ticket.refresh_from_db()
    assert ticket.step_due_at == at("2025-10-06 23:03")


def test_an_answer_due_before_the_step_tells_for_both_and_a_drill_tells_nothing(desk):
    desk.report(urgent=True)  # answered within four hours, received within eight
    actions.send_drill(desk.whole, actor=desk.actor("quan"), at=MONDAY)
    assert {step for step, _rung in told(MONDAY + 2 * HOUR) + told(at("2025-10-08 09:00"))} == {""}
    assert late(desk, Late.STEP, TUESDAY + DAY) == [FeedbackTicket.objects.get(drill=False).pk]


def test_who_was_late_stays_late_wherever_the_ticket_goes(desk):
    returned, routed, in_time = (desk.report(urgent=True, channel=Channel.COUNTER) for _n in range(3))
    actions.give_back(in_time.pk, "not_ours", words="Không", actor=desk.actor("toan"), at=MONDAY + HOUR)
    left = at("2025-10-06 15:00")  # due at two, and no worker ran in between
    actions.give_back(returned.pk, "not_ours", words="Không", actor=desk.actor("toan"), at=left)
    actions.classify(returned.pk, category="o-ga", actor=desk.actor("ngan"), at=left)
    assert history_of(returned)[-1].facts["due_at"] is None, "the operators answer for no day of the unit's"
    for ticket in (returned, routed, in_time):
        actions.route(ticket.pk, desk.hill, actor=desk.actor("ngan"), at=left)
        ticket.refresh_from_db()
    now = left + MINUTE

    assert late(desk, Late.ANSWER, now) == []
    assert late(desk, Late.BEFORE, now) == [returned.pk, routed.pk]
    truong = desk.actor("truong", now)
    before = late_of(desk.whole, actor=truong, now=now, which=Late.BEFORE).before
    leg = LateBefore(unit_id=desk.river, late_at=at("2025-10-06 14:00"), left_at=left)
    assert before == {returned.pk: [leg], routed.pk: [leg]}
    assert (returned.breaches, routed.breaches, in_time.breaches) == (1, 1, 0)


def test_what_was_late_or_due_first_stays_so_when_it_is_hung_on_a_fresh_one(desk):
    late_one, soon, other, toan = desk.report(urgent=True), desk.report(), desk.report(urgent=True), desk.actor("toan")
    actions.route(other.pk, desk.hill, actor=desk.actor("ngan"), at=MONDAY)
    left = TUESDAY + HOUR  # the urgent ones were due on Monday at two, and no worker ran in between
    asked = desk.accepted(at("2025-10-06 10:00"), channel=Channel.COUNTER)
    actions.ask(asked.pk, "Ở đâu?", actor=toan, at=at("2025-10-20 16:00"))  # due that day
    parent = desk.report(left, channel=Channel.COUNTER)

    actions.merge(parent.pk, [other.pk], actor=desk.actor("ngan"), at=left)
    parent.refresh_from_db()
    assert parent.due_at == at("2025-10-21 17:00"), "another unit's: it was late there"
    assert other.routings.get(unit=desk.hill).late_at == at("2025-10-06 14:00")

    parent = actions.merge(parent.pk, [soon.pk], actor=toan, at=left)
    assert (parent.due_at, soon.routings.get().late_at) == (at("2025-10-20 17:00"), None)
    assert parent.step_due_at == TUESDAY, "it was to be received by then"
    assert datetime.fromisoformat(str(history_of(parent)[-1].facts["since"])) == MONDAY
    assert actions.merge(parent.pk, [late_one.pk], actor=toan, at=left).due_at == at("2025-10-06 14:00")
    late_one.refresh_from_db()
    assert (late_one.routings.get().late_at, late_one.breaches) == (at("2025-10-06 14:00"), 1)
    assert late(desk, Late.ANSWER, left) == [parent.pk]

    fresh = desk.report(at("2025-10-22 08:00"), channel=Channel.COUNTER)
    assert actions.merge(fresh.pk, [asked.pk], actor=toan, at=at("2025-10-22 09:00")).due_at == at("2025-10-22 17:00")


def test_only_the_round_that_was_late_was_late(desk):
    ticket = desk.answered(urgent=True)
    actions.reopen(ticket.pk, "Vẫn còn hố", secret=ticket.secret, actor=ANYONE, at=MONDAY)
    actions.route(ticket.pk, desk.hill, actor=desk.actor("ngan"), at=at("2025-10-06 15:00"))  # due at two
    assert list(ticket.routings.order_by("pk").values_list("round", "late_at")) == [
        (1, None),
        (2, at("2025-10-06 14:00")),
        (2, None),
    ]


def test_late_is_late_though_no_worker_ran_before_it_ended(desk):
    """Due at two."""
    now, in_time = at("2025-10-06 14:05"), at("2025-10-06 14:00")
    answered, punctual, refused, told_of = (desk.accepted(urgent=True, channel=Channel.COUNTER) for _n in range(4))
    asked = desk.accepted(urgent=True, channel=Channel.COUNTER)
    for ticket, when in ((answered, now), (punctual, in_time)):
        actions.approve_answer(desk.answer(ticket).pk, actor=desk.actor("hanh"), at=when)
    actions.climb(told_of.pk, actor=WORKER, at=in_time)
    for ticket in (refused, told_of):
        actions.refuse(ticket.pk, "unclear", words="Chưa rõ", actor=desk.actor("ngan"), at=now)
    actions.ask(asked.pk, "Ở đâu?", actor=desk.actor("toan"), at=now)
    actions.close_unanswered(asked.pk, actor=WORKER, at=now + 20 * DAY)

    breaches = dict(FeedbackTicket.objects.values_list("pk", "breaches"))
    assert [breaches[one.pk] for one in (answered, punctual, refused, told_of, asked)] == [1, 0, 1, 1, 1]
    actions.withhold(answered.pk, "private", actor=desk.actor("ngan"), at=now)
    assert actions.close(answered.pk, actor=WORKER, at=now + 20 * DAY).breaches == 1


def test_late_at_one_unit_and_at_the_next_is_late_for_the_second_time(desk):
    ticket = desk.report(urgent=True)
    assert told(at("2025-10-06 14:00")) == [("", 100)]
    actions.route(ticket.pk, desk.hill, actor=desk.actor("ngan"), at=at("2025-10-06 15:00"))
    assert told(WEDNESDAY) == [("", 100)]
    assert late(desk, Late.AGAIN, WEDNESDAY) == [ticket.pk]
    actions.give_back(ticket.pk, "not_ours", words="Không", actor=desk.actor("do"), at=WEDNESDAY)
    assert late(desk, Late.AGAIN, WEDNESDAY) == [ticket.pk], "the operators have it: nobody has answered yet"
    assert listed(desk, "ngan", Queue.AGAIN, WEDNESDAY) == [ticket.pk]


def test_what_was_opened_again_closes_when_its_time_is_over(desk):
    ticket = desk.answered()
    actions.reopen(ticket.pk, "Vẫn còn hố", secret=ticket.secret, actor=ANYONE, at=MONDAY)
    actions.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY)
    actions.approve_answer(desk.answer(ticket).pk, actor=desk.actor("truong"), at=MONDAY)
    actions.withhold(ticket.pk, "private", actor=desk.actor("ngan"), at=MONDAY)
    assert actions.to_close(at=MONDAY + 20 * DAY) == [ticket.pk]
    assert actions.close(ticket.pk, actor=WORKER, at=MONDAY + 20 * DAY).state == FeedbackTicket.State.CLOSED


@pytest.mark.parametrize("way", ["suspect", "unmerge", "take_back"])
def test_what_came_back_once_has_the_time_of_what_came_back_whatever_way_it_comes(desk, way):
    ngan, ticket = desk.actor("ngan"), desk.report()
    actions.give_back(ticket.pk, "not_ours", words="Không", actor=desk.actor("toan"), at=MONDAY)
    if way == "suspect":
        actions.suspect(ticket.pk, "complaint", actor=ngan, at=TUESDAY)
    elif way == "unmerge":
        parent = desk.report()
        actions.merge(parent.pk, [ticket.pk], actor=ngan, at=MONDAY)
        actions.unmerge(ticket.pk, actor=ngan, at=TUESDAY)
    else:
        actions.hand_over(ticket.pk, "complaint", to_unit_id=desk.river, actor=ngan, at=MONDAY)
        actions.take_back(ticket.pk, why="", actor=WORKER, at=TUESDAY)
    ticket.refresh_from_db()
    assert (step_of(ticket), ticket.step_due_at) == (TimeLimit.Step.GUIDE, TUESDAY + HOUR)


def test_its_ladder_is_of_the_limit_it_is_due_by(desk):
    """A stream without a limit for what came back: half of the four hours of classifying is told too."""
    ticket = desk.report(category="lang-phi")
    actions.route(ticket.pk, desk.river, actor=desk.actor("ngan"), at=MONDAY)
    actions.give_back(ticket.pk, "not_ours", words="Không", actor=desk.actor("toan"), at=MONDAY)
    assert told(MONDAY) == []
    assert told(MONDAY + 2 * HOUR) == [("guide", 50)]


def test_one_that_ended_in_the_same_moment_holds_up_no_other(desk, monkeypatch):
    ended, over = desk.report(category="trat-tu"), desk.answered()
    actions.refuse(ended.pk, "unclear", words="Chưa rõ", actor=desk.actor("ngan"), at=MONDAY)
    actions.withhold(over.pk, "private", actor=desk.actor("ngan"), at=MONDAY)
    monkeypatch.setattr(kernel_clock, "now", lambda: MONDAY + 20 * DAY)
    monkeypatch.setattr(actions, "to_close", lambda *, at: [ended.pk, over.pk])
    tasks.close_over(0)
    over.refresh_from_db()
    assert over.state == FeedbackTicket.State.CLOSED


def test_reclassified_it_climbs_each_rung_once_by_the_ladder_of_what_it_is(desk):
    """Four hours to classify, until two; called an initiative, which has two days, and called so no more."""
    ticket = desk.report(category="trat-tu")
    ngan = desk.actor("ngan")
    assert told(MONDAY) == []
    actions.classify(ticket.pk, stream="initiative", actor=ngan, at=MONDAY + HOUR)
    assert told(at("2025-10-06 11:00")) == []
    actions.classify(ticket.pk, stream="scene", actor=ngan, at=at("2025-10-06 11:30"))  # half over: told when it is nearer
    assert told(at("2025-10-06 13:11")) == []
    assert told(at("2025-10-06 13:12")) == [("classify", 80)]
    actions.classify(ticket.pk, stream="regulation", actor=ngan, at=at("2025-10-06 13:30"))
    assert told(at("2025-10-06 14:00")) == []
    actions.classify(ticket.pk, stream="scene", actor=ngan, at=at("2025-10-06 14:30"))
    assert told(at("2025-10-06 14:30")) == [("classify", 100)]
    assert told(at("2025-10-06 14:31")) == []


def test_a_step_that_begins_has_a_ladder_of_its_own_though_it_is_due_when_the_one_before_was(desk):
    for step, hours in (("classify", 5), ("receive", 2)):
        TimeLimit.objects.filter(stream="scene", step=step).update(value=hours, measure="working_hours")
    ticket = desk.report(category="trat-tu")
    assert told(MONDAY) == []
    assert told(at("2025-10-06 11:30")) == [("classify", 50)]
    routed = actions.route(ticket.pk, desk.river, actor=desk.actor("ngan"), at=at("2025-10-06 12:00"))
    assert routed.step_due_at == ticket.step_due_at == at("2025-10-06 15:00")
    assert told(at("2025-10-06 13:00")) == []
    assert told(at("2025-10-06 14:00")) == [("receive", 50)]


def test_a_step_that_the_answer_told_for_is_told_by_itself_once_the_answer_has_longer(desk):
    ticket = desk.report(urgent=True)  # answered within four hours, received within eight: until Tuesday at nine
    assert told(MONDAY) == []
    assert told(at("2025-10-06 11:00")) == [("", 50)]
    actions.classify(ticket.pk, urgency="normal", actor=desk.actor("ngan"), at=at("2025-10-06 11:10"))
    assert told(at("2025-10-06 11:11")) == []
    assert told(at("2025-10-06 14:00")) == [("receive", 50)]
    assert told(at("2025-10-06 16:24")) == [("receive", 80)]
    assert told(TUESDAY) == [("receive", 100)]


def test_called_something_else_when_it_is_late_the_chair_learns_it_no_later(desk):
    assert TimeLimit.objects.filter(stream="waste", step="answer").update(value=5, measure="working_hours") == 1
    ticket = desk.accepted(urgent=True)
    assert told(at("2025-10-06 14:00")) == [("", 100)]
    again = actions.classify(ticket.pk, category="lang-phi", actor=desk.actor("ngan"), at=at("2025-10-07 16:00"))
    assert again.due_at == at("2025-10-06 15:00")
    assert told(at("2025-10-07 16:01")) == []
    assert told(at("2025-10-07 17:00")) == [("", 200)]
