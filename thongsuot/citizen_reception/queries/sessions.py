"""An online reception as a checklist: what must be done, until when, and whether it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from thongsuot.citizen_reception import rules
from thongsuot.citizen_reception.models import LineTest, OnlineSession, SessionParty, SessionSite
from thongsuot.citizen_reception.queries.access import lead_duties, readable
from thongsuot.citizen_reception.queries.settings import setting
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.working_time import MINUTE, WorkingCalendar, local_day
from thongsuot.people.models import LookUp
from thongsuot.people.queries import staff_with_duty
from thongsuot.units import queries as units

_TESTS = Prefetch("tests", LineTest.objects.order_by("at", "pk"))


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


def checklist(session: OnlineSession, *, now: datetime) -> Checklist:
    """Three queries, beside the calendar."""
    limits = limits_of(session.unit_id, session.starts_at)
    parties, sites = list(parties_of(session)), list(sites_of(session).prefetch_related(_TESTS))
    told = [party.told_at for party in parties]
    tested = [site.tested_at if site.test_passed else None for site in sites]
    connected = [site.connected_at for site in sites]
    days = {"notice": limits.notice_days, "test": limits.test_days}
    steps = [
        _step(
            _("Thông báo cho các bên, trước ít nhất %(notice)s ngày làm việc") % days,
            limits.notice_due(session.starts_at),
            told,
            _untold(parties),
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


def _untold(parties: list[SessionParty]) -> str:
    """How many: this goes into refusals and lists, where no name is said."""
    if not parties:
        return _("Chưa ghi bên tham gia nào")
    return _("%(count)s bên chưa được thông báo") % {"count": sum(party.told_at is None for party in parties)}


def _missing(names: list[str], none: str) -> str:
    return ", ".join(names) or none


def _step(title: str, due_at: datetime, done: list[datetime | None], missing: str, now: datetime) -> Step:
    instants = [at for at in done if at is not None]
    if done and len(instants) == len(done):
        last = max(instants)
        return Step(title=title, due_at=due_at, done_at=last, state="done" if last <= due_at else "late", missing="")
    state = "overdue" if now > due_at else "waiting"
    return Step(title=title, due_at=due_at, done_at=None, state=state, missing=missing)


def parties_of(session: OnlineSession) -> QuerySet[SessionParty]:
    """Who takes part, as noted so far."""
    return session.parties.filter(removed_at=None).order_by("pk")


def who_heard(session: OnlineSession) -> QuerySet[SessionParty]:
    """Of those who take part, whoever was told of it at some time: what changes is told to them."""
    return parties_of(session).exclude(told_at=None, heard_at=None)


def sites_of(session: OnlineSession) -> QuerySet[SessionSite]:
    return session.sites.filter(removed_at=None).order_by("pk")


def silent(session: OnlineSession) -> int:
    """How many of those who were told of it have neither telephone nor mail: somebody must tell them what changes."""
    return who_heard(session).filter(phone="", email="").count()


def chairs_of(unit_id: int, *, on: date) -> list[tuple[int, str]]:
    """(id, name and post) of who may lead a session of the unit and sign its minutes: its heads, and who receives there."""
    rows = [row for duty in (*lead_duties(unit_id, on=on), rules.DUTY) for row in staff_with_duty(duty, unit_id, on=on)]
    return list({row.id: f"{row.name}, {row.post}" for row in rows}.items())


def looks_at(session: OnlineSession) -> list[LookUp]:
    """Who saw its parties or files, the latest first. One query."""
    rows = LookUp.objects.filter(subject=session._meta.label_lower, subject_id=session.pk)
    return list(rows.order_by("-at", "-pk")[:50])


def title_for(session: OnlineSession, *, sees: bool) -> str:
    """A title is written by people: of a session that is kept close it is for whoever may see who takes part."""
    if sees or not session.is_kept_close:
        return session.title
    return _("Phiên giữ kín, lượt tiếp số %(code)s") % {"code": session.entry}


def sessions(actor: Actor, *, on: date) -> QuerySet[OnlineSession]:
    """Of own units, and those one leads; the latest first."""
    led = Q(chair=actor.person_id, chair__isnull=False)
    rows = OnlineSession.objects.filter(Q(unit__in=readable(actor, on=on)) | led).select_related("entry")
    return rows.order_by("-starts_at", "-pk")
