"""From the history to messages: every event the portal is to be told of becomes one, in batches, inside the database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from thongsuot.national_portal import rules
from thongsuot.national_portal.models import Collected

# Ids looked at in one go: a city that switches the sync on late catches up piece by piece.
PIECE = 500_000
_SQL = Path(__file__).parent / "sql"
_COLLECT, _OPEN, _WAKE = ((_SQL / name).read_text() for name in ("collect.sql", "open_lanes.sql", "wake_lanes.sql"))


def collect(*, at: datetime) -> int:
    """Take up what has happened since the last time; how many messages are new. May run as often as one likes.

    Nothing is missed, also of transactions that end late (models.Collected), and nothing is taken twice. Events of one dossier
    are recorded under its row lock, so whoever sees one of them sees all before it. To be called outside any transaction.
    """
    Collected.objects.get_or_create(pk=1)  # before the transaction: it must not have a number of its own yet
    with transaction.atomic(), connection.cursor() as cursor:
        # First the id, then a number for ourselves: whoever drew an id up to that one, under its dossier's lock, had its number
        # before us. (The end of a snapshot says less: it is the last number that has ended, and others may run beyond it.)
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM kernel_event_id_seq")
        (newest,) = cursor.fetchone()
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (horizon,) = cursor.fetchone()
        row = Collected.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        if row is None:
            return 0  # another worker is at it
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (oldest_running,) = cursor.fetchone()
        end = max(row.upto, min(newest, row.upto + PIECE))  # another worker may have read on since we asked
        known = {"upto": row.upto, "end": end, **rules.COLLECTED, "at": at}
        cursor.execute(_COLLECT, known)
        new: int = cursor.rowcount
        if row.next_horizon > horizon:
            # A transaction id of another server: this is a restored backup. Waiting for that number would last for years.
            row.next_upto, row.next_horizon = end, horizon
            row.save()
        elif oldest_running >= row.next_horizon:
            row.upto, row.next_upto, row.next_horizon = row.next_upto, end, horizon
            row.save()
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"at": at})
        cursor.execute(_WAKE, {"at": at})
    return new


def forget_told(*, before: datetime) -> int:
    """Take away messages accepted before that time, of dossiers of which nothing is left to tell. How many went."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM national_portal_message m USING national_portal_lane l "
            "WHERE l.dossier_id = m.dossier_id AND l.state = 'idle' AND m.state <> 'waiting' AND m.accepted_at < %s",
            [before],
        )
        gone: int = cursor.rowcount
        return gone
