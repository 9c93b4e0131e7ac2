"""An online reception as a checklist: what must be done, until when, and whether it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from thongsuot.citizen_reception import rules
from thongsuot.citizen_reception.models import OnlineSession, SessionParty, SessionSite
from thongsuot.citizen_reception.queries.access import readable
from thongsuot.citizen_reception.queries.settings import setting
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.working_time import MINUTE, WorkingCalendar, local_day
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The dated numbers that hold for one session, and the calendar they are counted by."""

    notice_days: int
    test_days: int
    connect: timedelta
    calendar: WorkingCalendar

    def notice_due(self, starts_at: datetime) -> datetime:
        return rules.due_before(starts_at, self.notice_days, self.calendar)

    def test_due(self, starts_at: datetime) -> datetime:
        return rules.due_before(starts_at, self.test_days, self.calendar)

    def first_day_to_notify(self, at: datetime) -> date:
        return rules.earliest_day(at, self.notice_days, self.calendar)


def limits_of(unit_id: int, starts_at: datetime) -> Limits:
    """By the law of the day on which the session is held."""
    day = local_day(starts_at)
    return Limits(
        notice_days=setting("online_notice_days", on=day),
        test_days=setting("online_test_days", on=day),
        connect=setting("online_connect_minutes", on=day) * MINUTE,
        calendar=units.working_calendar(unit_id, on=day),
    )


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the checklist. state: done, late (done after its time), waiting, overdue."""

    title: str
    due_at: datetime
    done_at: datetime | None
    state: str
    missing: str


@dataclass(frozen=True, kw_only=True)
class Checklist:
    session: OnlineSession
    parties: list[SessionParty]
    sites: list[SessionSite]
    steps: list[Step]
    limits: Limits

    @property
    def is_ready(self) -> bool:
        return all(step.state == "done" for step in self.steps)


def checklist(session: OnlineSession, *, now: datetime) -> Checklist:
    """Two queries, beside the calendar."""
    limits = limits_of(session.unit_id, session.starts_at)
    parties, sites = list(session.parties.order_by("pk")), list(session.sites.order_by("pk"))
    told = [party.told_at for party in parties]
    tested = [site.tested_at if site.test_passed else None for site in sites]
    connected = [site.connected_at for site in sites]
    days = {"notice": limits.notice_days, "test": limits.test_days}
    steps = [
        _step(
            _("Thông báo cho các bên, trước ít nhất %(notice)s ngày làm việc") % days,
            limits.notice_due(session.starts_at),
            told,
            _missing([party.name for party in parties if party.told_at is None], _("Chưa ghi bên tham gia nào")),
            now,
        ),
        _step(
            _("Thử đạt ở tất cả các điểm, trước ít nhất %(test)s ngày làm việc") % days,
            limits.test_due(session.starts_at),
            tested,
            _missing([site.name for site in sites if not site.test_passed], _("Chưa ghi điểm tiếp nào")),
            now,
        ),
        _step(
            _("Tất cả các điểm kết nối xong, trước ít nhất %(minutes)s phút") % {"minutes": round(limits.connect / MINUTE)},
            session.starts_at - limits.connect,
            connected,
            _missing([site.name for site in sites if site.connected_at is None], _("Chưa ghi điểm tiếp nào")),
            now,
        ),
    ]
    return Checklist(session=session, parties=parties, sites=sites, steps=steps, limits=limits)


def _missing(names: list[str], none: str) -> str:
    return ", ".join(names) or none


def _step(title: str, due_at: datetime, done: list[datetime | None], missing: str, now: datetime) -> Step:
    instants = [at for at in done if at is not None]
    if done and len(instants) == len(done):
        last = max(instants)
        return Step(title=title, due_at=due_at, done_at=last, state="done" if last <= due_at else "late", missing="")
    state = "overdue" if now > due_at else "waiting"
    return Step(title=title, due_at=due_at, done_at=None, state=state, missing=missing)


def sessions(actor: Actor, *, on: date) -> QuerySet[OnlineSession]:
    """Of own units, the latest first."""
    return OnlineSession.objects.filter(unit__in=readable(actor, on=on)).order_by("-starts_at", "-pk")
