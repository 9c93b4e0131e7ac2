"""One thing reported many times is worked on once: children hang on one parent, and each sender still gets the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F

from thongsuot.feedback import events
from thongsuot.feedback.actions import cells, errors
from thongsuot.feedback.actions.answering import take_off
from thongsuot.feedback.actions.common import (
    HANDLE,
    TAKE,
    State,
    answer_limit,
    begin_step,
    calendar_of,
    climbed_on,
    clock_of,
    clock_runs,
    end_routing,
    end_waiting_answer,
    locked,
    locked_in_order,
    locked_with_parent,
    must_be_real,
    put_clock,
    step_of,
    stop_clock,
)
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.models.tickets import OPEN
from thongsuot.feedback.queries.reporting import is_near
from thongsuot.feedback.rules import clocks
from thongsuot.feedback.words import Urgency
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.text import one_line

MOST_AT_ONCE = 300  # of one press: some seconds


def open_parent(number: str, ticket: FeedbackTicket, *, at: datetime) -> FeedbackTicket | None:
    """The ticket a sender says theirs is about, when it was one to offer them; its parent when it was merged itself.

    What looks like a complaint joins nothing: an operator must see it.
    """
    if not number or ticket.suspected:
        return None
    named = FeedbackTicket.objects.filter(city=ticket.city_id, number=one_line(number)[:20]).first()
    if named is None or not is_near(named, ticket.category, ticket.latitude, ticket.longitude, at):
        return None
    parent = locked(named.parent_id or named.pk)  # so that it is not answered while somebody joins
    named.refresh_from_db(fields=["parent"])
    if (named.parent_id or named.pk) != parent.pk:  # hung elsewhere meanwhile
        return None
    return parent if parent.state in OPEN and not (parent.suspected or parent.drill or parent.masked) else None


def join(ticket: FeedbackTicket, parent: FeedbackTicket, *, actor: Actor, at: datetime) -> None:
    """Within the command that takes the report: the sender said that it is the same thing."""
    carried = _hang(ticket, parent, at)
    record(events.JOINED, parent, actor=actor, at=at, unit_id=parent.unit_id or parent.city_id, child=ticket.pk, **carried)


@command
def merge(parent_id: int, child_ids: Sequence[int], *, actor: Actor, at: datetime) -> FeedbackTicket:
    """An operator, or who works on all of them, saw that they are about one thing. Whole or not at all.

    Children of a child hang on the parent too. What was promised of one of them its unit keeps: the earliest of their clocks
    runs on. One that another unit had is late there or not; it goes by this one's clock, as whenever it is sent on.

    Raises NotYourDuty, CannotMerge, IsDrill, TooManyToMerge.
    """
    ids = sorted({parent_id, *child_ids})
    if len(ids) > MOST_AT_ONCE:
        raise errors.TooManyToMerge(MOST_AT_ONCE)
    rows = {row.pk: row for row in locked_in_order(FeedbackTicket.objects.filter(pk__in=ids))}
    parent = rows.get(parent_id)
    if parent is None or len(rows) != len(ids) or len(ids) < 2:
        raise errors.CannotMerge
    for row in rows.values():
        _must_be_open(row, actor)
        must_be_real(row)
        if row.city_id != parent.city_id or row.suspected:
            raise errors.CannotMerge
    first, step = _due_first(rows.values(), parent, at), _step_first(rows.values(), parent)
    hanging = [row.pk for row in locked_in_order(FeedbackTicket.objects.filter(parent__in=ids))]
    FeedbackTicket.objects.filter(pk__in=hanging).update(parent=parent)
    for row in rows.values():
        if row.pk == parent.pk:
            continue
        facts = _hang(row, parent, at)
        unit_id = parent.unit_id or parent.city_id
        record(events.MERGED, row, actor=actor, at=at, unit_id=unit_id, parent=parent.pk, **facts)
    parent.refresh_from_db()
    parent.step_due_at, parent.step_from = step
    if first is not None:
        row, clock = first
        put_clock(parent, clock, at, climbed=climbed_on(parent))
        if parent.state == State.ASKED:
            parent.next_rung = parent.next_rung_at = None
        more: dict[str, object] = {"due_at": clock.due_at, "since": row.routed_at, "child": row.pk}
        record(events.DUE_SOONER, parent, actor=actor, at=at, unit_id=parent.unit_id, **more)
    parent.save()
    return parent


def _due_first(
    rows: Iterable[FeedbackTicket], parent: FeedbackTicket, at: datetime
) -> tuple[FeedbackTicket, clocks.Clock] | None:
    """Of those the parent's unit had, the one that is due before all others. None: the parent itself, or no clock runs."""
    found = [(row, _clock_at(row, at)) for row in rows if clock_runs(row) and row.unit_id == parent.unit_id]
    if not clock_runs(parent) or parent.due_at is None:
        return None
    first = min(found, key=lambda one: one[1].due_at)
    return first if first[1].due_at < parent.due_at else None


def _clock_at(row: FeedbackTicket, at: datetime) -> clocks.Clock:
    """While its sender is asked it has the time that was left when it paused."""
    clock = clock_of(row)
    if row.paused_at is None:
        return clock
    return clocks.go_on(
        clock, paused_at=row.paused_at, resumed_at=at, limit=answer_limit(row), calendar=calendar_of(row.city_id, at)
    )


def _step_first(rows: Iterable[FeedbackTicket], parent: FeedbackTicket) -> tuple[datetime | None, datetime | None]:
    """The same of the step, of those who wait in the same hands for the same one: when it is due, and when it began."""
    if parent.step_due_at is None:
        return None, parent.step_from
    of_one = [row for row in rows if row.unit_id == parent.unit_id and step_of(row) == step_of(parent)]
    return min(((row.step_due_at, row.step_from) for row in of_one if row.step_due_at is not None), key=lambda one: one[0])


def _must_be_open(row: FeedbackTicket, actor: Actor) -> None:
    """Its unit or an operator brings reports together and parts them while it is open. Raises NotYourDuty, CannotMerge."""
    if row.unit_id is None or not actor.may(HANDLE, unit_id=row.unit_id):
        actor.must(TAKE, unit_id=row.city_id)
    if row.state not in OPEN:
        raise errors.CannotMerge


def _hang(row: FeedbackTicket, parent: FeedbackTicket, at: datetime) -> dict[str, bool]:
    """What its sender or an officer calls urgent is to be looked at where it is worked on. Returns the facts that say so."""
    of_parent = FeedbackTicket.objects.filter(pk=parent.pk)
    of_parent.update(senders=F("senders") + row.senders)
    carried = False
    if row.urgent_claimed or row.urgency == Urgency.URGENT:
        carried = bool(of_parent.exclude(urgency=Urgency.URGENT).filter(urgent_claimed=False).update(urgent_claimed=True))
    row.senders = 1  # those that hung on it hang on the parent now
    end_waiting_answer(row, at)
    if clock_runs(row):
        end_routing(row, at)
    row.parent, row.state, row.ended_at = parent, State.MERGED, at
    stop_clock(row)
    was_public = row.published_at is not None
    if was_public:  # opened again: what is done about it stands with the parent from now on
        take_off(row)
    row.save()
    if was_public:
        cells.keep(row)
    return {**({"was_public": True} if was_public else {}), **({"urgent": True} if carried else {})}


@command
def unmerge(child_id: int, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """It was another thing after all: back to the operators, with a fresh clock. Raises NotFound, NotYourDuty, NotInThisState,
    CannotMerge.
    """
    child, parent = locked_with_parent(child_id)
    if parent is None:
        raise errors.CannotMerge
    _must_be_open(parent, actor)
    FeedbackTicket.objects.filter(pk=parent.pk).update(senders=F("senders") - child.senders)
    _take_off(child, parent, actor=actor, at=at)
    return child


def part_children(parent: FeedbackTicket, *, actor: Actor, at: datetime) -> None:
    """Within a command that ends the parent without an answer: what others reported goes back to the operators, each alone."""
    for child in locked_in_order(FeedbackTicket.objects.filter(parent=parent)):
        _take_off(child, parent, actor=actor, at=at)
        parent.senders -= child.senders


def _take_off(child: FeedbackTicket, parent: FeedbackTicket, *, actor: Actor, at: datetime) -> None:
    child.parent, child.ended_at, child.state = None, None, State.VALIDATING
    child.unit, child.handler, child.due_at = None, None, None
    begin_step(child, at)
    child.save()
    record(events.UNMERGED, child, actor=actor, at=at, unit_id=child.city_id, parent=parent.pk)
