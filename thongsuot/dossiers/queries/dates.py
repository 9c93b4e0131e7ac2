"""A dossier's dates as a deadline ready to be drawn, and how open ones stand against theirs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from thongsuot.dossiers import rules
from thongsuot.dossiers.models import Dossier, Pause
from thongsuot.dossiers.queries.settings import setting
from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.working_time import local_day
from thongsuot.procedures.queries import VersionView
from thongsuot.units import queries as units

# Conditions of an open dossier `d` at the instant %(now)s.
RUNNING = "d.status IN (2, 4)"
LATE = f"{RUNNING} AND d.due_at < %(now)s"
NEAR = f"{RUNNING} AND d.warn_at <= %(now)s AND d.due_at >= %(now)s"
UNANSWERED = "d.status = 1 AND d.answer_due_at < %(now)s"


class Dates(Protocol):
    """What of a dossier says how it stands; rows of lists have it as the dossier itself does."""

    @property
    def resolving_unit_id(self) -> int: ...
    @property
    def submitted_at(self) -> datetime | None: ...
    @property
    def answer_due_at(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def warn_at(self) -> datetime | None: ...
    @property
    def paused_at(self) -> datetime | None: ...
    @property
    def extended_days(self) -> int: ...
    @property
    def resolved_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...


def _term(dates: Dates) -> rules.Term | None:
    """Of the result; before reception that of the desk's answer; None when neither runs."""
    if dates.due_at is not None:
        return rules.Term(dates.due_at, dates.warn_at, dates.paused_at, dates.resolved_at or dates.ended_at)
    return None if dates.answer_due_at is None else rules.Term(dates.answer_due_at)


def pace_of(dates: Dates, *, now: datetime) -> rules.Pace | None:
    """How the same deadline stands, without counting its days."""
    term = _term(dates)
    return None if term is None else rules.pace(term, now=now)


def due_of(dates: Dates, version: VersionView, *, now: datetime) -> rules.Due | None:
    """The deadline counted; None when none runs."""
    term = _term(dates)
    if term is None:
        return None
    limit = version.limit
    if dates.due_at is None:
        assert dates.submitted_at is not None  # an answer is owed only for what was submitted
        limit = answer_limit(on=local_day(dates.submitted_at))
    calendar = units.working_calendar(dates.resolving_unit_id, on=local_day(now))
    return rules.due_view(term, limit=limit, extended_days=dates.extended_days, calendar=calendar, now=now)


def answer_limit(*, on: date) -> Limit:
    """Within which the desk answers what is filed online on that day."""
    return Limit(setting("answer_online_hours", on=on), LimitUnit.WORKING_HOURS)


def halts_of(dossier: Dossier, *, until: datetime | None = None) -> list[tuple[datetime, datetime]]:
    """The times its clock stood, in order; the one that still lasts is left out, or ends at `until`. One query."""
    pauses = Pause.objects.filter(dossier=dossier).order_by("id").values_list("starts_at", "ends_at")
    return [(stood, ran) for stood, ends in pauses if (ran := ends or until) is not None]
