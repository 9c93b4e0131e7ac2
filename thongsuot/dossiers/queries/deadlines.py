"""A dossier's dates as a deadline ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from thongsuot.dossiers import rules
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.queries.settings import setting
from thongsuot.kernel.working_time import Limit, LimitUnit
from thongsuot.procedures.queries import VersionView
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class Dates:
    resolving_unit_id: int
    submitted_at: datetime | None
    answer_due_at: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    paused_at: datetime | None
    extended_days: int
    resolved_at: datetime | None
    ended_at: datetime | None = None

    @classmethod
    def of(cls, dossier: Dossier) -> Dates:
        return cls(
            resolving_unit_id=dossier.resolving_unit_id,
            submitted_at=dossier.submitted_at,
            answer_due_at=dossier.answer_due_at,
            received_at=dossier.received_at,
            due_at=dossier.due_at,
            warn_at=dossier.warn_at,
            paused_at=dossier.paused_at,
            extended_days=dossier.extended_days,
            resolved_at=dossier.resolved_at,
            ended_at=dossier.ended_at,
        )


def pace_of(dates: Dates, *, now: datetime) -> rules.Pace | None:
    """How the same deadline stands, without counting its days."""
    if dates.received_at is not None and dates.due_at is not None:
        return rules.pace(
            due_at=dates.due_at,
            warn_at=dates.warn_at,
            paused_at=dates.paused_at,
            ended_at=dates.resolved_at or dates.ended_at,
            now=now,
        )
    if dates.submitted_at is not None and dates.answer_due_at is not None:
        return rules.pace(due_at=dates.answer_due_at, warn_at=None, paused_at=None, ended_at=None, now=now)
    return None


def due_of(dates: Dates, version: VersionView, *, now: datetime) -> rules.Due | None:
    """The deadline of the result; before reception that of the desk's answer; None when neither runs."""
    calendar = units.working_calendar(dates.resolving_unit_id, on=timezone.localdate(now))
    if dates.received_at is not None and dates.due_at is not None:
        return rules.due_view(
            due_at=dates.due_at,
            warn_at=dates.warn_at,
            paused_at=dates.paused_at,
            ended_at=dates.resolved_at or dates.ended_at,
            limit=version.limit,
            extended_days=dates.extended_days,
            calendar=calendar,
            now=now,
        )
    if dates.submitted_at is not None and dates.answer_due_at is not None:
        limit = Limit(setting("answer_online_hours", on=timezone.localdate(dates.submitted_at)), LimitUnit.WORKING_HOURS)
        return rules.due_view(
            due_at=dates.answer_due_at, warn_at=None, paused_at=None, ended_at=None, limit=limit, calendar=calendar, now=now
        )
    return None
