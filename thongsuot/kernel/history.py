"""Reading history back, proving it whole, and sealing it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, models, transaction

from thongsuot.kernel.events import KINDS, EventKind
from thongsuot.kernel.models import Event, HistorySeal

_VERIFY = (Path(__file__).parent / "sql" / "verify_history.sql").read_text()


@dataclass(frozen=True, kw_only=True)
class HistoryRow:
    """One line of a history page: the same event for the citizen, the officer and the auditor."""

    number: int
    name: str
    label: str
    at: datetime
    actor_name: str
    actor_post: str
    unit_id: int | None
    facts: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Fault:
    where: str
    what: str  # missing, changed, seal


def history_of(
    subject: models.Model, *, public_only: bool = False, leaving_out: Collection[EventKind] = ()
) -> list[HistoryRow]:
    """Everything recorded about one subject, oldest first. One query."""
    rows = Event.objects.filter(subject=subject._meta.label_lower, subject_id=subject.pk).order_by("number")
    if leaving_out:
        rows = rows.exclude(name__in=[kind.name for kind in leaving_out])
    return [
        HistoryRow(
            number=e.number,
            name=e.name,
            label=str(KINDS[e.name].label),
            at=e.at,
            actor_name=e.actor_name,
            actor_post=e.actor_post,
            unit_id=e.unit_id,
            facts=e.facts,
        )
        for e in rows
        if not public_only or KINDS[e.name].public
    ]


def faults() -> Iterator[Fault]:
    """Every event that was changed or taken away since it was written. Reads the whole table."""
    with connection.cursor() as cursor:
        cursor.execute(_VERIFY)
        for _id, subject, subject_id, number, what in cursor.fetchall():
            yield Fault(where=f"{subject} {subject_id} #{number}", what=what)
    before, first = b"", 0
    for seal in HistorySeal.objects.order_by("last_event_id"):
        events, digest = _digest(before, first, seal.last_event_id)
        if digest != bytes(seal.hash) or events != seal.events:
            yield Fault(where=f"{seal.sealed_at:%Y-%m-%d %H:%M}", what="seal")
        before, first = bytes(seal.hash), seal.last_event_id


def seal_history(*, at: datetime) -> HistorySeal | None:
    """Seal all events so far; None when nothing is new.

    The table lock waits for writers in flight, so that no smaller id can appear after the seal.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            cursor.execute("LOCK TABLE kernel_event IN SHARE MODE")
        last = HistorySeal.objects.order_by("last_event_id").last()
        before, first = (bytes(last.hash), last.last_event_id) if last else (b"", 0)
        newest = Event.objects.order_by("id").values_list("id", flat=True).last()
        if newest is None or newest == first:
            return None
        events, digest = _digest(before, first, newest)
        return HistorySeal.objects.create(last_event_id=newest, events=events, sealed_at=at, hash=digest)


def _digest(before: bytes, after_id: int, up_to_id: int) -> tuple[int, bytes]:
    digest, events = hashlib.sha256(before), 0
    hashes = Event.objects.filter(id__gt=after_id, id__lte=up_to_id).order_by("id").values_list("hash", flat=True)
    for value in hashes.iterator(chunk_size=10_000):
        digest.update(bytes(value))
        events += 1
    return events, digest.digest()
