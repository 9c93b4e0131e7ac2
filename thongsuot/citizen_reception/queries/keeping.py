"""What of an online session is kept once its parties are forgotten: signed minutes, records with a time of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from thongsuot.citizen_reception import events
from thongsuot.citizen_reception.models import OnlineSession
from thongsuot.citizen_reception.queries.settings import basis, setting
from thongsuot.kernel.history import HistoryRow
from thongsuot.kernel.working_time import local_day

DAYS, DECISION = "minutes_keep_days", "disposal_decision_needed"


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """As the page of a session says it.

    forgotten_at   since when the names of its parties are gone
    until, basis   to which day its signed minutes are kept, by what rule; no day: there are none
    is_over        that day has come
    by_decision    then who leads the unit notes the signed decision by which they are disposed of; else they go by themselves
    disposed_at, decision   when and by which they went
    """

    forgotten_at: datetime | None
    until: date | None
    basis: str
    is_over: bool
    by_decision: bool
    disposed_at: datetime | None
    decision: str


def forgotten_at(session: OnlineSession) -> datetime | None:
    rows = session.parties.exclude(forgotten_at=None).order_by("-forgotten_at")
    return rows.values_list("forgotten_at", flat=True).first()


def record_of(session: OnlineSession) -> int | None:
    """The file that is the record: minutes signed with a certificate, or the scan of what was signed by hand."""
    return (session.minutes_paper_id or session.minutes_file_id) if session.minutes_signed_at is not None else None


def kept_until(session: OnlineSession, *, on: date) -> date | None:
    """By the rule of that day."""
    if session.ended_at is None or record_of(session) is None:
        return None
    return local_day(session.ended_at) + timedelta(days=setting(DAYS, on=on))


def keeping(session: OnlineSession, history: Iterable[HistoryRow], *, on: date) -> Keeping:
    """`history`: of the session. One query."""
    until = kept_until(session, on=on)
    gone = next((row for row in history if row.name == events.MINUTES_DISPOSED.name), None)
    return Keeping(
        forgotten_at=forgotten_at(session),
        until=until,
        basis=basis(DAYS, on=on),
        is_over=until is not None and until <= on,
        by_decision=bool(setting(DECISION, on=on)),
        disposed_at=gone.at if gone else None,
        decision=str(gone.facts.get("decision", "")) if gone else "",
    )


def minutes_to_dispose(*, at: datetime) -> list[OnlineSession]:
    """Whose signed minutes are kept longer than their rule says. One query."""
    before = at - timedelta(days=setting(DAYS, on=local_day(at)))
    rows = OnlineSession.objects.filter(minutes_signed_at__isnull=False, ended_at__lt=before)
    rows = rows.exclude(minutes_file=None, minutes_paper=None)
    return list(rows.order_by("ended_at", "pk")[:2000])
