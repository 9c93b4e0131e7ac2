"""How a ticket's history is judged, worked out by hand: item 5.2 by its 2, 5, 15 and 2 working days.

October 2025 begins on a Wednesday; no holiday, nothing swapped. A limit counts from the day after.
"""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from thongsuot.feedback.rules.clocks import Limit
from thongsuot.feedback.rules.legs import Began, Fault, Happened, Leg, Rules, legs_of
from thongsuot.kernel.working_time import VIET_NAM, Shift, WorkingCalendar

CITY, RIVER, HILL = 1, 2, 3
CALENDAR = WorkingCalendar(
    off=frozenset(), on=frozenset(), shifts=(Shift(time(8), time(11, 30)), Shift(time(13), time(17))), cut_off=time(16)
)
DAYS = {"refuse": 2, "ask": 5, "answer": 15, "publish": 2}
NATIONAL = Rules(limit=lambda step: Limit(DAYS[step], "working_days") if step in DAYS else None, calendar=CALENDAR)


def on(day: int, clock: str = "09:00", month: int = 10) -> datetime:
    return datetime.combine(date(2025, month, day), time.fromisoformat(clock), VIET_NAM)


def legs(*events: tuple[object, ...], rules: Rules = NATIONAL) -> list[Leg]:
    """(name, at, unit, facts)"""
    happened = [Happened(str(e[0]), e[1], e[2] if len(e) > 2 else None, e[3] if len(e) > 3 else {}) for e in events]
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
        # More time was granted, and kept.
        (
            [
                ("extended", on(20), RIVER, {"due_at": on(29, "17:00").isoformat()}),
                ("answered", on(28), RIVER, ANSWERED),
                ("published", on(29)),
            ],
            True,
            "",
            None,
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

    assert (first.unit_id, first.moved_at, first.returned, first.in_time) == (RIVER, on(17), True, None)
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


def test_a_stream_without_a_limit_of_publishing_is_handled_when_it_is_answered():
    short = Rules(limit=lambda step: Limit(3, "working_days") if step == "answer" else None, calendar=CALENDAR)
    (leg,) = legs(REPORTED, TO_RIVER, ("answered", on(10), RIVER, ANSWERED), rules=short)
    assert (leg.closed_at, leg.in_time) == (on(10), True)


def test_a_successor_goes_on_with_the_same_clock():
    before, after = legs(REPORTED, TO_RIVER, ("asked", on(3)), ("moved", on(6), HILL), ("replied", on(17)))

    assert (before.unit_id, before.moved_at) == (RIVER, on(6))
    assert (after.unit_id, after.moved_at, after.started_at) == (HILL, None, on(6))
    assert after.due_at is not None
    assert after.due_at > on(31)  # ten working days stood still


def test_what_an_officer_says_is_urgent_is_judged_by_the_short_limit_from_then_on():
    decided = ("urgency_decided", on(2), RIVER, {"due_at": on(3).isoformat()})
    (leg,) = legs(REPORTED, TO_RIVER, decided, ("answered", on(6), RIVER, {}))
    assert (leg.due_at, leg.overdue_at, leg.answered_in_time) == (on(3), on(3), False)
