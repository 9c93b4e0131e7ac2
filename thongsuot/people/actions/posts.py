"""Posts at a service point are held in the body that runs it: given to another body, the point takes its people along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from django.db.models import F, Q
from django.utils import timezone

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.people import events
from thongsuot.people.models import Appointment, Person
from thongsuot.units import queries as units
from thongsuot.units.models import ServicePoint
from thongsuot.units.queries import Run


@command
def follow_point(point_id: int, *, valid_from: date, actor: Actor, at: datetime) -> int:
    """From a day on, never for days gone by, posts at the point are held in whichever body runs it. Returns how many changed.

    Asked twice, or after the point went back, the posts are as who runs it says. Title, duties and days stay.
    """
    actor.must("manage people", unit_id=units.unit_of_point(point_id))
    day = max(valid_from, timezone.localdate(at))
    changed = follow(point_id, day=day, actor=actor, at=at)
    record(
        events.POSTS_ALIGNED,
        ServicePoint(pk=point_id),
        actor=actor,
        at=at,
        unit_id=units.unit_of_point(point_id),
        posts=changed,
        since=day,
    )
    return changed


def follow(point_id: int, *, day: date, actor: Actor, at: datetime) -> int:
    """As `follow_point`, inside another command. Under the lock of the point, which whoever moves it takes too."""
    ServicePoint.objects.select_for_update().get(pk=point_id)
    runs = units.runs_of(point_id, since=day)
    held = Appointment.objects.select_for_update().filter(Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), point=point_id)
    rows = list(held.select_related("body").order_by("person_id", "title", "valid_from", "pk"))
    changed = 0
    for (_person, _title), group in groupby(rows, key=lambda row: (row.person_id, row.title)):
        for post in _uninterrupted(list(group)):
            changed += _follow(post, runs, day, actor, at)
    return changed


def _uninterrupted(rows: Sequence[Appointment]) -> list[list[Appointment]]:
    """One person's rows of one title, those that follow each other without a day between together."""
    found: list[list[Appointment]] = []
    for row in rows:
        if found and found[-1][-1].valid_to == row.valid_from:
            found[-1].append(row)
        else:
            found.append([row])
    return found


@dataclass(frozen=True, kw_only=True)
class _Stay:
    """In one body, from a day to before another."""

    body_id: int
    basis: str
    first: date
    until: date | None


def _follow(post: list[Appointment], runs: Sequence[Run], day: date, actor: Actor, at: datetime) -> int:
    end = post[-1].valid_to
    if end is not None and end <= day:
        return 0
    begin = max(day, post[0].valid_from)
    wanted = [
        _Stay(body_id=run.body_id, basis=run.basis, first=max(begin, run.valid_from), until=_earlier(end, run.valid_to))
        for run in runs
        if (run.valid_to is None or run.valid_to > begin) and (end is None or run.valid_from < end)
    ]
    if not wanted:
        return 0
    # A point that ends does not end the posts there: the body goes on, or ends them itself.
    wanted[-1] = replace(wanted[-1], until=end)
    # What came before the day stays; a row that reaches into it is cut there, or goes on where it is.
    before = [row for row in post if row.valid_from < begin]
    after = [row for row in post if row.valid_from >= begin]
    is_so = [(row.body_id, row.valid_from, row.valid_to) for row in post if row.valid_to is None or row.valid_to > begin]
    reaches = before[-1] if before else None
    if reaches is not None and reaches.body_id == wanted[0].body_id:
        first = wanted.pop(0)
        should = [(reaches.body_id, reaches.valid_from, first.until)]
        _end(reaches, first.until)
    else:
        should = []
        if reaches is not None and (reaches.valid_to is None or reaches.valid_to > begin):
            _end(reaches, begin)
    should += [(one.body_id, one.first, one.until) for one in wanted]
    if is_so == should:
        return 0
    for row in after:
        if (row.body_id, row.valid_from) not in {(one.body_id, one.first) for one in wanted}:
            _end(row, row.valid_from)
    there = {(row.body_id, row.valid_from): row for row in after}
    for one in wanted:
        if known := there.get((one.body_id, one.first)):
            _end(known, one.until)
        else:
            Appointment.objects.create(
                person_id=post[-1].person_id,
                body_id=one.body_id,
                title=post[-1].title,
                point_id=post[-1].point_id,
                duties=post[-1].duties,
                valid_from=one.first,
                valid_to=one.until,
                decision_number=one.basis[:60],
            )
    record(
        events.POST_FOLLOWED_POINT,
        Person(pk=post[-1].person_id),
        actor=actor,
        at=at,
        unit_id=post[-1].body.unit_id,
        title=post[-1].title,
        point=post[-1].point_id,
        bodies=[one[0] for one in should],
        since=begin,
    )
    return 1


def _end(row: Appointment, until: date | None) -> None:
    if row.valid_to != until:
        row.valid_to = until
        row.save(update_fields=["valid_to"])


def _earlier(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day is not None]
    return min(days, default=None)
