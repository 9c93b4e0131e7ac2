"""One thing reported many times is worked on once: children hang on one parent, and each sender still gets the answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from thongsuot.feedback import events
from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.common import (
    TAKE,
    State,
    Step,
    end_waiting_answer,
    end_waiting_extension,
    locked,
    step_due,
    stop_clock,
)
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.models.tickets import OPEN
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.text import one_line


def open_parent(number: str, *, city_id: int) -> FeedbackTicket | None:
    """The ticket a sender says theirs is about: still worked on, of this city; its parent when it was merged itself."""
    if not number:
        return None
    named = FeedbackTicket.objects.filter(city_id=city_id, number=one_line(number)[:20]).values_list("pk", "parent").first()
    if named is None:
        return None
    parent = locked(named[1] or named[0])  # so that it is not answered while somebody joins
    return parent if parent.state in OPEN and not (parent.suspected or parent.drill or parent.masked) else None


def join(ticket: FeedbackTicket, parent: FeedbackTicket, *, actor: Actor, at: datetime) -> None:
    """Within the command that takes the report: the sender said that it is the same thing."""
    _hang(ticket, parent, at)
    record(events.JOINED, parent, actor=actor, at=at, unit_id=parent.unit_id or parent.city_id, child=ticket.pk)


@command
def merge(parent_id: int, child_ids: Sequence[int], *, actor: Actor, at: datetime) -> FeedbackTicket:
    """An operator, or who works on all of them, saw that they are about one thing. Whole or not at all.

    Children of a child hang on the parent too. Raises NotYourDuty, CannotMerge.
    """
    ids = sorted({parent_id, *child_ids})
    rows = {row.pk: row for row in FeedbackTicket.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")}
    parent = rows.get(parent_id)
    if parent is None or len(rows) != len(ids) or len(ids) < 2:
        raise errors.CannotMerge
    for row in rows.values():
        _must_merge(row, parent, actor)
    for row in rows.values():
        if row.pk == parent.pk:
            continue
        for grandchild in FeedbackTicket.objects.select_for_update(of=("self",)).filter(parent=row).order_by("pk"):
            grandchild.parent = parent
            grandchild.save(update_fields=["parent"])
        _hang(row, parent, at)
        record(events.MERGED, row, actor=actor, at=at, unit_id=parent.unit_id or parent.city_id, parent=parent.pk)
    parent.refresh_from_db()
    return parent


def _must_merge(row: FeedbackTicket, parent: FeedbackTicket, actor: Actor) -> None:
    if row.unit_id is None or not actor.may("handle feedback", unit_id=row.unit_id):
        actor.must(TAKE, unit_id=row.city_id)
    if row.city_id != parent.city_id or row.state not in OPEN or row.suspected or row.drill:
        raise errors.CannotMerge


def _hang(row: FeedbackTicket, parent: FeedbackTicket, at: datetime) -> None:
    FeedbackTicket.objects.filter(pk=parent.pk).update(senders=F("senders") + row.senders)
    row.senders = 1  # those that hung on it hang on the parent now
    end_waiting_answer(row, at)
    end_waiting_extension(row, at)
    row.parent, row.state, row.ended_at = parent, State.MERGED, at
    stop_clock(row)
    row.save()


@command
def unmerge(child_id: int, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """It was another thing after all: back to the operators, with a fresh clock. Raises NotYourDuty, CannotMerge."""
    child = locked(child_id)
    parent = child.parent
    if parent is None:
        raise errors.CannotMerge
    parent = locked(parent.pk)
    _must_unmerge(parent, actor)
    FeedbackTicket.objects.filter(pk=parent.pk).update(senders=F("senders") - child.senders)
    _take_off(child, at)
    record(events.UNMERGED, child, actor=actor, at=at, unit_id=child.city_id, parent=parent.pk)
    return child


def part_children(parent: FeedbackTicket, *, actor: Actor, at: datetime) -> None:
    """Within a command that ends the parent without an answer: what others reported goes back to the operators, each alone."""
    for child in FeedbackTicket.objects.select_for_update(of=("self",)).filter(parent=parent).order_by("pk"):
        _take_off(child, at)
        record(events.UNMERGED, child, actor=actor, at=at, unit_id=child.city_id, parent=parent.pk)
        parent.senders -= child.senders


def _take_off(child: FeedbackTicket, at: datetime) -> None:
    child.parent, child.ended_at, child.state = None, None, State.VALIDATING
    child.unit, child.handler, child.due_at = None, None, None
    child.step_due_at = step_due(Step.CLASSIFY, child, at)
    child.save()


def _must_unmerge(parent: FeedbackTicket, actor: Actor) -> None:
    if parent.unit_id is None or not actor.may("handle feedback", unit_id=parent.unit_id):
        actor.must(TAKE, unit_id=parent.city_id)
    if parent.state not in OPEN:
        raise errors.CannotMerge
