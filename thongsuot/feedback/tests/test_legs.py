"""How a ticket's history is judged, worked out by hand: item 5.2 by its 2, 5, 15 and 2 working days.

October 2025 begins on a Wednesday; no holiday, nothing swapped. A limit counts from the day after.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from thongsuot.feedback.rules.clocks import Limit
from thongsuot.feedback.rules.legs import TICKETS, About, Began, Fault, Happened, Leg, Rules, legs_of
from thongsuot.kernel.working_time import VIET_NAM, Shift, WorkingCalendar

CITY, RIVER, HILL = 1, 2, 3
CALENDAR = WorkingCalendar(
    off=frozenset(), on=frozenset(), shifts=(Shift(time(8), time(11, 30)), Shift(time(13), time(17))), cut_off=time(16)
)
INDEX = {step: Limit(days, "working_days") for step, days in (("refuse", 2), ("ask", 5), ("answer", 15), ("publish", 2))}
HOLE = About(category="o-ga", stream="scene", urgency="normal")


def promising(limit: Limit | None, **said: Any) -> Rules:
    """By a city that promises this of whatever it is."""
    return Rules(**{"about": HOLE, "answer": lambda about: limit, "index": INDEX, "calendar": lambda at: CALENDAR} | said)


NATIONAL = promising(Limit(15, "working_days"))


def on(day: int, clock: str = "09:00", month: int = 10) -> datetime:
    return datetime.combine(date(2025, month, day), time.fromisoformat(clock), VIET_NAM)


def legs(*events: tuple[object, ...], rules: Rules = NATIONAL) -> list[Leg]:
    """(name, at, unit, facts, who did it)"""
    usual: tuple[object, ...] = ("", None, None, {}, None)
    happened = [Happened(*e, *usual[len(e) :]) for e in events]  # type: ignore[arg-type]  # as the tests write them
    return legs_of(happened, city_id=CITY, rules=rules)


def sent(at: datetime, unit: int, due: datetime) -> tuple[object, ...]:
    return ("routed", at, unit, {"due_at": due.isoformat()})


REPORTED = ("reported", on(1))
TO_RIVER = sent(on(1), RIVER, on(22, "17:00"))  # fifteen working days after Wednesday the 1st
ANSWERED = {"in_time": True}


@pytest.mark.parametrize(
    ("said", "in_time", "fault", "late_at"),
    [
        # Refused on Friday the 3rd: the second working day. On Monday it was the third.
        ([("refused", on(3), CITY, {"reason": "unclear"})], True, "", None),
        ([("refused", on(6), CITY, {"reason": "unclear"})], False, "refuse", on(6)),
        # First question on Wednesday the 8th, the fifth day, or on the 9th.
        ([("asked", on(8)), ("replied", on(9)), ("answered", on(10), RIVER, ANSWERED), ("published", on(13))], True, "", None),
        (
            [("asked", on(9)), ("replied", on(9)), ("answered", on(10), RIVER, ANSWERED), ("published", on(13))],
            False,
            "ask",
            on(9),
        ),
        # A second question has no limit of its own.
        (
            [
                ("asked", on(2)),
                ("replied", on(3)),
                ("asked", on(16)),
                ("replied", on(17)),
                ("answered", on(20), RIVER, ANSWERED),
                ("published", on(21)),
            ],
            True,
            "",
            None,
        ),
        # Answered on the fifteenth day, or the day after; published two working days later.
        ([("answered", on(22), RIVER, ANSWERED), ("published", on(24))], True, "", None),
        ([("answered", on(23), RIVER, {}), ("published", on(24))], False, "answer", on(22, "17:00")),
        # Answered in time, published on the third working day.
        ([("answered", on(10), RIVER, ANSWERED), ("published", on(15))], False, "publish", on(14, "17:00")),
        # Withheld with a reason: nothing more to publish.
        ([("answered", on(10), RIVER, ANSWERED), ("withheld", on(13))], True, "", None),
        # The sender was waited for ten working days: the answer is due that much later.
        (
            [("asked", on(3)), ("replied", on(17)), ("answered", on(31), RIVER, ANSWERED), ("published", on(31))],
            True,
            "",
            None,
        ),
        # What was asked never came: no late refusal.
        ([("asked", on(3)), ("refused", on(20), RIVER, {"reason": "not_completed"})], True, "", None),
        # More time was granted by the city, and kept: the index knows fifteen days.
        (
            [
                ("extended", on(20), RIVER, {"due_at": on(29, "17:00").isoformat()}),
                ("answered", on(28), RIVER, ANSWERED),
                ("published", on(29)),
            ],
            False,
            "answer",
            on(22, "17:00"),
        ),
        # Granted when it was late already: late it was.
        (
            [
                ("extended", on(24), RIVER, {"due_at": on(29, "17:00").isoformat()}),
                ("answered", on(28), RIVER, ANSWERED),
                ("published", on(29)),
            ],
            False,
            "answer",
            on(22, "17:00"),
        ),
    ],
)
def test_item_5_2_of_one_ticket(said, in_time, fault, late_at):
    (leg,) = legs(REPORTED, TO_RIVER, *said)

    assert (leg.in_time, leg.fault, leg.late_at) == (in_time, Fault(fault), late_at)
    assert leg.unit_id == RIVER


def test_the_clock_begins_anew_with_each_transfer():
    to_hill = sent(on(20), HILL, on(10, "17:00", 11))
    first, waited, last = legs(
        REPORTED,
        TO_RIVER,
        ("returned", on(17), RIVER),
        to_hill,
        ("answered", on(4, month=11), HILL, ANSWERED),
        ("published", on(5, month=11)),
    )

    assert (first.unit_id, first.moved_at, first.returned, first.closed_at) == (RIVER, on(17), True, None)
    assert (waited.unit_id, waited.began, waited.moved_at) == (CITY, Began.RETURNED, on(20))
    assert (last.unit_id, last.in_time, last.answered_in_time) == (HILL, True, True)


def test_what_happened_later_does_not_change_how_a_day_looked():
    """Each beginning of a history is judged alike by itself and as part of the whole, up to its last instant."""
    whole = [
        REPORTED,
        TO_RIVER,
        ("asked", on(9)),
        ("replied", on(10)),
        ("returned", on(13), RIVER),
        sent(on(14), HILL, on(4, "17:00", 11)),
        ("answered", on(6, month=11), HILL, {}),
        ("published", on(12, month=11)),
        ("rated", on(13, month=11), HILL, {"level": 1}),
        ("reopened", on(14, month=11), HILL),
        sent(on(14, month=11), HILL, on(5, "17:00", 12)),
    ]
    for length in range(1, len(whole)):
        until = whole[length][1]
        for before, after in zip(legs(*whole[:length]), legs(*whole), strict=False):
            for name in ("moved_at", "answered_at", "refused_at", "closed_at", "late_at", "overdue_at"):
                then, now = getattr(before, name), getattr(after, name)
                assert (then if then and then < until else None) == (now if now and now < until else None), (length, name)


def test_opened_again_is_another_leg_and_says_so_of_the_first():
    first, again = legs(
        REPORTED,
        TO_RIVER,
        ("answered", on(10), RIVER, ANSWERED),
        ("reopened", on(13), RIVER),
        sent(on(13), RIVER, on(3, "17:00", 11)),
    )

    assert (first.repeated, first.closed_at, first.in_time) == (True, on(13), True)
    assert (again.began, again.unit_id, again.started_at, again.due_at) == (Began.REOPENED, RIVER, on(13), on(3, "17:00", 11))


def test_an_open_one_says_when_it_will_be_late_and_one_that_waits_for_its_sender_never():
    (leg,) = legs(REPORTED, TO_RIVER)
    assert (leg.overdue_at, leg.late_at, leg.in_time) == (on(22, "17:00"), on(22, "17:00"), None)
    (asked,) = legs(REPORTED, TO_RIVER, ("asked", on(2)))
    assert (asked.overdue_at, asked.late_at) == (None, None)


def test_one_that_goes_to_another_ticket_or_to_reception_counts_no_more():
    for name in ("merged", "handed_over"):
        (leg,) = legs(REPORTED, (name, on(2), CITY))
        assert (leg.moved_at, leg.waits, leg.overdue_at) == (on(2), False, None)


def test_what_reception_gives_back_begins_anew_with_the_operators():
    gone, back = legs(REPORTED, ("handed_over", on(2), RIVER), ("taken_back", on(8), CITY))
    assert (gone.moved_at, gone.overdue_at) == (on(2), None)
    assert (back.began, back.unit_id, back.started_at, back.waits) == (Began.RETURNED, CITY, on(8), True)


def test_a_stream_without_a_limit_of_publishing_is_handled_when_it_is_answered():
    short = promising(None, index={"answer": Limit(15, "working_days")})
    (leg,) = legs(REPORTED, TO_RIVER, ("answered", on(10), RIVER, ANSWERED), rules=short)
    assert (leg.closed_at, leg.in_time) == (on(10), True)


def test_a_successor_goes_on_with_the_same_clock():
    before, after = legs(
        REPORTED,
        TO_RIVER,
        ("accepted", on(1), RIVER, {"handler": 7}),
        ("asked", on(3)),
        ("moved", on(6), HILL, {"what": TICKETS}),
        ("replied", on(17)),
    )

    assert (before.unit_id, before.moved_at, before.handler_id) == (RIVER, on(6), 7)
    assert (after.unit_id, after.moved_at, after.started_at, after.handler_id) == (HILL, None, on(6), None)
    # Ten working days stood still, of both clocks: fifteen after the 1st and ten more.
    assert (after.due_at, after.index_due_at) == (on(5, "17:00", 11), on(5, "17:00", 11))


def test_a_successor_is_as_late_as_the_ticket_came_and_the_unit_that_ended_is_not_judged():
    before, after = legs(REPORTED, TO_RIVER, ("moved", on(24), HILL, {"what": TICKETS}))
    assert (before.closed_at, before.moved_at) == (None, on(24))
    assert (after.late_at, after.overdue_at) == (on(22, "17:00"), on(22, "17:00"))


def test_where_it_is_may_change_its_unit_without_that_anybody_else_has_it():
    (leg,) = legs(REPORTED, TO_RIVER, ("moved", on(6), HILL, {"what": "feedback.places"}))
    assert (leg.unit_id, leg.moved_at) == (RIVER, None)


def test_what_a_city_promises_is_judged_by_itself_and_moves_nothing_of_the_index():
    """Ten days promised, extended to the 29th: the answer on the 20th is in time by the index, one on the 28th by the city."""
    promised = sent(on(1), RIVER, on(15, "17:00"))
    rules = promising(Limit(10, "working_days"))
    (late,) = legs(REPORTED, promised, ("answered", on(20), RIVER, {}), ("published", on(21)), rules=rules)
    assert (late.overdue_at, late.in_time) == (on(15, "17:00"), True)
    more = ("extended", on(14), RIVER, {"due_at": on(29, "17:00").isoformat()})
    (kept,) = legs(REPORTED, promised, more, ("answered", on(28), RIVER, ANSWERED), ("published", on(28)), rules=rules)
    assert (kept.overdue_at, kept.late_at, kept.fault) == (None, on(22, "17:00"), Fault.ANSWER)


@pytest.mark.parametrize(
    ("away", "unit"),
    [
        (("returned", on(24), RIVER), CITY),
        (sent(on(24), HILL, on(14, "17:00", 11)), HILL),
        (("classified", on(24), CITY, {"suspected": "complaint"}), CITY),
        (("merged", on(24), CITY), None),
    ],
)
def test_what_was_late_when_it_went_away_was_late_where_it_was(away, unit):
    late, *after = legs(REPORTED, TO_RIVER, away)
    assert (late.moved_at, late.closed_at, late.in_time, late.fault) == (on(24), on(24), False, Fault.ANSWER)
    assert [(leg.unit_id, leg.late_at is None or leg.late_at > on(24)) for leg in after] == ([(unit, True)] if unit else [])

    in_time, *_after = legs(REPORTED, TO_RIVER, (away[0], on(20), *away[2:]))
    assert (in_time.moved_at, in_time.closed_at, in_time.in_time) == (on(20), None, None)


def test_what_may_be_a_complaint_is_with_the_operators_and_the_unit_has_it_no_more():
    unit, operators = legs(REPORTED, TO_RIVER, ("classified", on(6), CITY, {"suspected": "complaint"}))
    assert (unit.unit_id, unit.moved_at, unit.returned, unit.overdue_at) == (RIVER, on(6), False, None)
    assert (operators.unit_id, operators.started_at, operators.waits) == (CITY, on(6), True)
    (alone,) = legs(REPORTED, ("classified", on(6), CITY, {"suspected": "complaint"}))  # no unit had it
    assert (alone.unit_id, alone.moved_at) == (CITY, None)


def test_what_is_hung_on_another_one_its_unit_owes_as_soon_as_before():
    def hung(day: int, due: datetime) -> tuple[object, ...]:
        return ("due_sooner", on(day), RIVER, {"due_at": due.isoformat(), "since": on(1).isoformat()})

    first = (("reported", on(13)), sent(on(13), RIVER, on(3, "17:00", 11)))
    (sooner,) = legs(*first, hung(14, on(15, "17:00")))
    assert (sooner.overdue_at, sooner.late_at) == (on(15, "17:00"), on(22, "17:00"))
    (at_once,) = legs(*first, hung(24, on(15, "17:00")))  # late where it was: counted there, and waited for here
    assert (at_once.overdue_at, at_once.late_at) == (on(24), on(3, "17:00", 11))


def test_what_its_sender_hung_on_another_waits_from_when_it_was_parted():
    """For weeks it was another's: nothing of that is late."""
    hung, alone = legs(REPORTED, ("unmerged", on(3, month=11), CITY))
    assert (hung.moved_at, hung.overdue_at, hung.late_at, hung.fault, hung.closed_at) == (on(1), None, None, Fault.NONE, None)
    assert (alone.began, alone.started_at, alone.waits) == (Began.UNMERGED, on(3, month=11), True)
    merged, again = legs(REPORTED, ("merged", on(2), RIVER), ("unmerged", on(6), CITY))
    assert (merged.moved_at, again.started_at) == (on(2), on(6))


def test_the_rating_of_whoever_hung_on_another_is_of_the_unit_that_answered():
    own, rated = legs(REPORTED, ("merged", on(2), RIVER), ("rated", on(10), RIVER, {"level": 1}))
    assert (own.unit_id, own.rated_at, own.marked_at) == (CITY, None, None)
    assert (rated.began, rated.unit_id, rated.started_at, rated.moved_at) == (Began.RATED, RIVER, on(10), on(10))
    assert (rated.level, rated.rated_at, rated.closed_at, rated.overdue_at) == (1, on(10), None, None)
    hung, also = legs(REPORTED, ("rated", on(30), RIVER, {"level": 5}))  # its sender said at once to which it belongs
    assert (hung.moved_at, hung.late_at, hung.level, also.unit_id, also.level) == (on(1), None, None, RIVER, 5)


def test_a_dislike_and_opening_again_mark_a_leg_once_on_the_first_day():
    events = [REPORTED, TO_RIVER, ("answered", on(10), RIVER, ANSWERED), ("published", on(13))]
    (liked,) = legs(*events, ("rated", on(14), RIVER, {"level": 3}))
    (disliked,) = legs(*events, ("rated", on(14), RIVER, {"level": 2}))
    both, _again = legs(*events, ("rated", on(14), RIVER, {"level": 1}), ("reopened", on(15), RIVER))
    opened, _again = legs(*events, ("reopened", on(15), RIVER))
    assert [leg.marked_at for leg in (liked, disliked, both, opened)] == [None, on(14), on(14), on(15)]


def test_what_was_asked_in_vain_of_a_suspected_one_runs_on():
    asked = [REPORTED, ("asked", on(3))]
    (waits,) = legs(*asked)
    (runs,) = legs(*asked, ("classified", on(17), CITY, {"not_answered": True}))
    assert (waits.overdue_at, runs.overdue_at) == (None, on(5, "17:00", 11))


def test_who_worked_on_it_is_said_of_each_unit():
    first, _waited, last = legs(
        REPORTED,
        TO_RIVER,
        ("accepted", on(1), RIVER, {}, 5),  # told before it was written whose it is
        ("assigned", on(2), RIVER, {"handler": 6}, 4),
        ("returned", on(3), RIVER),
        sent(on(6), HILL, on(27, "17:00")),
        ("accepted", on(6), HILL, {"handler": None}, 9),  # by an operator
    )
    assert (first.handler_id, last.handler_id) == (6, None)
    (told,) = legs(REPORTED, TO_RIVER, ("accepted", on(1), RIVER, {}, 5))
    assert told.handler_id == 5


def test_each_thing_is_judged_by_the_hours_of_its_own_day():
    """From the 6th on the office closes at three: what began before is due at five all the same."""
    short = WorkingCalendar(off=frozenset(), on=frozenset(), shifts=(Shift(time(8), time(15)),), cut_off=time(14))
    rules = promising(Limit(15, "working_days"), calendar=lambda at: CALENDAR if at < on(6, "00:00") else short)
    (before,) = legs(REPORTED, TO_RIVER, rules=rules)
    _first, _waited, after = legs(REPORTED, TO_RIVER, ("returned", on(6)), sent(on(7), HILL, on(28, "15:00")), rules=rules)
    assert (before.index_due_at, after.index_due_at) == (on(22, "17:00"), on(28, "15:00"))


def test_a_transfer_to_nobody_is_no_history():
    with pytest.raises(ValueError, match="routed to no unit"):
        legs(REPORTED, ("routed", on(1), None, {}))


def test_what_each_event_says_of_the_promise_holds_until_the_next():
    """The due instant is the city's word, said with the transfer, the classification and the extension; late once is late."""
    (first,) = legs(REPORTED, sent(on(1), RIVER, on(8, "17:00")))
    assert (first.due_at, first.overdue_at) == (on(8, "17:00"), on(8, "17:00"))
    _waited, later = legs(REPORTED, sent(on(2), RIVER, on(9, "17:00")))
    assert later.due_at == on(9, "17:00")
    urgent = ("classified", on(3), RIVER, {"due_at": on(6, "11:00").isoformat()})
    (hurried,) = legs(REPORTED, TO_RIVER, urgent)
    assert (hurried.due_at, hurried.index_due_at) == (on(6, "11:00"), on(22, "17:00"))
    more = ("extended", on(9), RIVER, {"due_at": on(20, "17:00").isoformat()})
    (late,) = legs(REPORTED, sent(on(1), RIVER, on(8, "17:00")), more)
    assert (late.due_at, late.overdue_at) == (on(20, "17:00"), on(8, "17:00"))
    (asked,) = legs(REPORTED, TO_RIVER, ("asked", on(3)), more)
    assert asked.due_at == on(20, "17:00")


def test_the_last_minute_is_in_time_and_the_next_is_not():
    for at, in_time in ((on(22, "17:00"), True), (on(22, "17:01"), False)):
        (leg,) = legs(REPORTED, TO_RIVER, ("answered", at, RIVER, ANSWERED), ("published", on(23)))
        assert leg.in_time is in_time


def test_what_was_withheld_stays_so_and_what_is_closed_without_publishing_is_handled():
    _first, again = legs(
        REPORTED,
        TO_RIVER,
        ("answered", on(10), RIVER, ANSWERED),
        ("withheld", on(10), RIVER),
        ("reopened", on(13), RIVER),
        sent(on(13), RIVER, on(3, "17:00", 11)),
        ("answered", on(15), RIVER, ANSWERED),
    )
    assert (again.closed_at, again.publish_due_at) == (on(15), None)  # nothing is left to publish
    (closed,) = legs(REPORTED, TO_RIVER, ("answered", on(10), RIVER, ANSWERED), ("closed", on(14), RIVER))
    assert (closed.closed_at, closed.in_time) == (on(14), True)


def test_two_transfers_in_one_instant_are_two():
    _waited, river, hill = legs(REPORTED, sent(on(2), RIVER, on(22)), sent(on(2), HILL, on(22)))
    assert (river.unit_id, river.moved_at, hill.unit_id) == (RIVER, on(2), HILL)


def test_what_an_officer_says_is_urgent_is_judged_by_the_short_limit_from_then_on():
    decided = ("urgency_decided", on(2), RIVER, {"due_at": on(3).isoformat()})
    (leg,) = legs(REPORTED, TO_RIVER, decided, ("answered", on(6), RIVER, {}))
    assert (leg.due_at, leg.overdue_at, leg.answered_in_time) == (on(3), on(3), False)


LAMP = {"category": "den-duong", "stream": "scene", "urgency": "normal"}


def test_of_another_kind_on_another_day_another_leg_goes_on_with_the_same_clocks():
    told = [REPORTED, TO_RIVER, ("accepted", on(2), RIVER, {"handler": 7}), ("asked", on(3)), ("replied", on(6))]
    before, after = legs(*told, ("classified", on(14), RIVER, LAMP), ("asked", on(16)), ("replied", on(16)))

    assert (before.about, before.moved_at, before.closed_at, before.overdue_at) == (HOLE, on(14), None, None)
    assert (after.began, after.unit_id, after.handler_id, after.about) == (Began.CHANGED, RIVER, 7, About(**LAMP))
    # One day stood still; the second question is no first one that comes on the twelfth day.
    assert (after.started_at, after.due_at, after.index_due_at) == (on(14), on(23, "17:00"), on(23, "17:00"))
    assert after.late_at == on(23, "17:00")
    asked_late = legs(REPORTED, TO_RIVER, ("classified", on(7), RIVER, LAMP), ("asked", on(9)))[-1]
    assert (asked_late.fault, asked_late.late_at) == (Fault.ASK, on(9)), "by the clock that started on the 1st"


def test_of_another_kind_on_the_day_on_which_the_leg_began_it_is_so_from_the_first():
    (leg,) = legs(REPORTED, TO_RIVER, ("classified", on(1, "16:00"), RIVER, LAMP))
    assert (leg.about, leg.began, leg.started_at) == (About(**LAMP), Began.REPORTED, on(1))
    (urgent,) = legs(REPORTED, TO_RIVER, ("urgency_decided", on(6), RIVER, {"urgency": "urgent"}))
    assert (urgent.about.urgency, urgent.moved_at) == ("urgent", None)


def test_classified_and_sent_at_once_the_operators_were_late_where_they_were():
    operators, changed, unit = legs(REPORTED, ("classified", on(24), CITY, LAMP), sent(on(24), HILL, on(14, "17:00", 11)))
    assert (operators.moved_at, operators.about, operators.closed_at) == (on(24), HOLE, None)
    assert (changed.moved_at, changed.closed_at, changed.in_time) == (on(24), on(24), False)
    assert (unit.unit_id, unit.began, unit.about.category, unit.late_at) == (
        HILL,
        Began.ROUTED,
        "den-duong",
        on(14, "17:00", 11),
    )


def test_with_the_operators_another_promise_counts_from_where_the_leg_began_and_makes_no_day_before_late():
    promise = {"normal": Limit(10, "working_days"), "urgent": Limit(2, "working_days")}
    rules = promising(None, answer=lambda about: promise[about.urgency])
    urgent = {"urgency": "urgent", "due_at": None}
    (soon,) = legs(REPORTED, ("urgency_decided", on(2), CITY, urgent), rules=rules)
    assert (soon.due_at, soon.overdue_at) == (on(3, "17:00"), on(3, "17:00"))
    (late,) = legs(REPORTED, ("urgency_decided", on(8), CITY, urgent), rules=rules)
    assert (late.due_at, late.overdue_at) == (on(3, "17:00"), on(8))
    hurried = ("classified", on(8), RIVER, {"due_at": on(6, "11:00").isoformat()})
    assert legs(REPORTED, TO_RIVER, hurried)[0].overdue_at == on(8)
