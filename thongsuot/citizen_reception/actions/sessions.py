"""Online receptions: planned, told in time, tested, connected, held; the law's times are refusals here."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.citizen_reception import events, rules
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.actions.common import checked_texts, locked_session, must_see, must_see_parties, tell
from thongsuot.citizen_reception.facts import PartyFacts
from thongsuot.citizen_reception.models import LineTest, OnlineSession, SessionParty, SessionSite
from thongsuot.citizen_reception.queries.access import entry_for, must_receive
from thongsuot.citizen_reception.queries.sessions import chairs_of, checklist, limits_of, parties_of, sites_of, who_heard
from thongsuot.kernel import text
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.contact import is_email, phone_as_kept
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.events import EventKind
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import local_day
from thongsuot.notices.rules import Recipient
from thongsuot.units import queries as units

State = OnlineSession.State


@command
def plan_session(
    unit_id: int,
    *,
    title: str,
    starts_at: datetime,
    heard_by: str,
    chair_id: int | None = None,
    link: str = "",
    entry_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> OnlineSession:
    """Far enough ahead that the parties can be told in time.

    heard_by, chair_id   the post that leads it, as people read it; who signs its minutes (None: who leads the unit)
    Raises NotYourDuty, NotFound, VisitorKept, BadInput, OnlineNotYet, TooLateToNotify.
    """
    must_receive(actor, unit_id, on=local_day(at))
    texts = checked_texts(
        OnlineSession,
        {"title": title, "heard_by": heard_by, "link": link},
        needed={"title": _("Hãy ghi tên phiên tiếp."), "heard_by": _("Hãy ghi ai chủ trì, ví dụ: Chủ tịch Ủy ban nhân dân.")},
    )
    must_be_safe("link", texts["link"])
    _must_be_in_time(unit_id, starts_at, at)
    if entry_id is not None:
        must_see(entry_for(entry_id, actor=actor, on=local_day(at)), actor, at)
    if chair_id is not None:
        must_be_able_to_lead(chair_id, unit_id, at)
    made = OnlineSession.objects.create(
        unit_id=unit_id, entry_id=entry_id, chair_id=chair_id, starts_at=starts_at, made_at=at, **texts
    )
    record(events.SESSION_PLANNED, made, actor=actor, at=at, unit_id=unit_id, starts_at=starts_at, entry=entry_id)
    return made


def must_be_able_to_lead(person_id: int, unit_id: int, at: datetime) -> None:
    """Raises BadInput."""
    if person_id not in dict(chairs_of(unit_id, on=local_day(at))):
        raise BadInput({"chair": _("Người này không đứng đầu, không tiếp công dân ở đơn vị. Hãy chọn người trong danh sách.")})


def must_be_safe(name: str, link: str) -> None:
    if link and not re.fullmatch(r"https://[^\s\"'<>]+", link):
        raise BadInput({name: _("Đường dẫn phải bắt đầu bằng https:// và không có dấu cách.")})


def _must_be_in_time(unit_id: int, starts_at: datetime, at: datetime) -> None:
    """Raises BadInput, OnlineNotYet, TooLateToNotify."""
    if not at < starts_at <= at + rules.LONGEST_AHEAD:
        raise BadInput({"day": _("Phiên tiếp phải ở phía trước, không quá một năm. Hãy xem lại ngày, giờ.")})
    if local_day(starts_at) < rules.ONLINE_FROM:
        raise errors.OnlineNotYet
    limits = limits_of(unit_id, starts_at)
    if at > limits.notice_due(starts_at):
        raise errors.TooLateToNotify(days=limits.notice_days, earliest=limits.first_day_to_notify(at))


def _planned(session_id: int, actor: Actor, at: datetime) -> OnlineSession:
    """Raises NotFound, NotYourDuty, SessionNotPlanned."""
    session = locked_session(session_id, actor=actor, at=at)
    if session.state != State.PLANNED:
        raise errors.SessionNotPlanned
    return session


@command
def change_session(session_id: int, *, starts_at: datetime, reason: str, actor: Actor, at: datetime) -> OnlineSession:
    """Another day or hour: who was told of the old one learns it now, and is invited anew in time. Sites connect anew, tests
    stay. Raises as `plan_session`, and NotFound, SessionNotPlanned."""
    session = _planned(session_id, actor, at)
    reason, before = _reason(reason), session.starts_at
    _must_be_in_time(session.unit_id, starts_at, at)
    session.starts_at, session.reason = starts_at, reason
    session.save(update_fields=["starts_at", "reason"])
    what = (
        f"Phiên tiếp công dân trực tuyến lúc {text.instant(before)} dời sang {text.instant(starts_at)}. Lý do: {reason}. "
        "Giấy mời mới sẽ gửi sau."
    )
    told = _tell_all(session, what, events.SESSION_CHANGED, actor, at)
    session.parties.exclude(told_at=None).update(told_at=None, told_how="", heard_at=at)
    session.sites.update(connected_at=None)
    record(events.SESSION_CHANGED, session, actor=actor, at=at, unit_id=session.unit_id, starts_at=starts_at, told=told)
    return session


def _reason(words: str) -> str:
    words = one_line(words)
    if not words:
        raise BadInput({"reason": _("Hãy ghi lý do.")})
    if len(words) > 300:
        raise BadInput({"reason": _("Lý do dài quá 300 chữ. Hãy viết ngắn lại.")})
    return words


@command
def cancel_session(session_id: int, *, reason: str, actor: Actor, at: datetime) -> OnlineSession:
    """Whoever was told of it is told that too. Raises NotFound, NotYourDuty, SessionNotPlanned, BadInput."""
    session = _planned(session_id, actor, at)
    session.state, session.ended_at, session.reason = State.CANCELLED, at, _reason(reason)
    session.save(update_fields=["state", "ended_at", "reason"])
    what = f"Phiên tiếp công dân trực tuyến lúc {text.instant(session.starts_at)} đã hủy. Lý do: {session.reason}"
    told = _tell_all(session, what, events.SESSION_CANCELLED, actor, at)
    record(events.SESSION_CANCELLED, session, actor=actor, at=at, unit_id=session.unit_id, told=told)
    return session


def _tell_all(session: OnlineSession, what: str, kind: EventKind, actor: Actor, at: datetime) -> int:
    """A letter to each party that was told of the session, and to who came with the matter unless they are one. How many."""
    parties = list(who_heard(session))
    told = sum(_tell(session, party, what, kind, actor, at) for party in parties)
    who = session.entry.visitor if session.entry is not None else None
    known = {address for party in parties for address in (party.email, party.phone) if address}
    if who is not None and parties and not {who.email, who.phone} & known:
        to = Recipient(name=who.name, email=who.email, phone=who.phone)
        key = f"{kind.name}/{session.pk}/visitor/{at.isoformat()}"
        told += tell(session, to, code=f"TT-{session.pk}", what=what, key=key, actor=actor, at=at)
    return told


@command
def add_party(session_id: int, facts: PartyFacts, *, actor: Actor, at: datetime) -> SessionParty:
    """Who takes part; of a group one who speaks for so many.

    Raises NotFound, NotYourDuty, SessionNotPlanned, VisitorKept, BadInput.
    """
    session = _planned(session_id, actor, at)
    must_see_parties(session, actor, at)
    texts = checked_texts(
        SessionParty,
        {"name": facts.name, "role": facts.role, "phone": facts.phone, "email": facts.email.lower()},
        needed={"name": _("Hãy ghi họ tên, hoặc tên cơ quan."), "role": _("Hãy ghi tư cách, ví dụ: người khiếu nại.")},
    )
    problems = {}
    if texts["phone"] and phone_as_kept(texts["phone"]) is None:
        problems["phone"] = _("Chưa đọc được số điện thoại này. Hãy ghi 10 chữ số, hoặc để trống.")
    if texts["email"] and not is_email(texts["email"]):
        problems["email"] = _("Thư điện tử này không dùng được. Hãy xem lại, hoặc để trống.")
    if not 1 <= facts.people <= 9999:
        problems["people"] = _("Số người phải từ 1 đến 9999.")
    if problems:
        raise BadInput(problems)
    texts["phone"] = phone_as_kept(texts["phone"]) or ""
    party = SessionParty.objects.create(session=session, people=facts.people, **texts)
    record(events.PARTY_ADDED, session, actor=actor, at=at, unit_id=session.unit_id, party=party.pk)
    return party


@command
def remove_party(party_id: int, *, actor: Actor, at: datetime) -> SessionParty:
    """Does not take part after all; who was told learns it. Raises NotFound, NotYourDuty, SessionNotPlanned, VisitorKept."""
    found = SessionParty.objects.filter(pk=party_id, removed_at=None).values_list("session_id", flat=True).first()
    session = _planned(must_exist(found), actor, at)
    must_see_parties(session, actor, at)
    party = must_exist(parties_of(session).select_for_update().filter(pk=party_id).first())
    party.removed_at = at
    party.save(update_fields=["removed_at"])
    told = False
    if party.told_at is not None or party.heard_at is not None:
        what = f"Bạn không phải dự phiên tiếp công dân trực tuyến lúc {text.instant(session.starts_at)} nữa."
        told = _tell(session, party, what, events.PARTY_REMOVED, actor, at)
    record(events.PARTY_REMOVED, session, actor=actor, at=at, unit_id=session.unit_id, party=party.pk, told=told)
    return party


@command
def remove_site(site_id: int, *, actor: Actor, at: datetime) -> SessionSite:
    """Not used after all; its tests stay in the history. The invitations named it: while there is time for others, who had
    one is invited anew; later on they get a letter.

    Raises NotFound, NotYourDuty, SessionNotPlanned.
    """
    site = _site(site_id, actor, at)
    site.removed_at, site.connected_at = at, None
    site.save(update_fields=["removed_at", "connected_at"])
    session, told, untold = site.session, 0, 0
    if at > limits_of(session.unit_id, session.starts_at).notice_due(session.starts_at):
        what = f"Phiên tiếp công dân trực tuyến lúc {text.instant(session.starts_at)} không dùng điểm tiếp {site.name} nữa."
        told = _tell_all(session, what, events.SITE_REMOVED, actor, at)
    else:
        untold = session.parties.exclude(told_at=None).update(told_at=None, told_how="", heard_at=at)
    about = {"site": site.pk, "told": told, "untold": untold}
    record(events.SITE_REMOVED, session, actor=actor, at=at, unit_id=session.unit_id, **about)
    return site


@command
def add_site(
    session_id: int,
    *,
    name: str = "",
    unit_id: int | None = None,
    point_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> SessionSite:
    """Where parties sit: a unit's room, a service point, or elsewhere by its name. Raises NotFound, NotYourDuty,
    SessionNotPlanned, BadInput.
    """
    session, today = _planned(session_id, actor, at), local_day(at)
    if not one_line(name) and point_id is not None:
        name = units.point_row(point_id, as_of=today).name
    if not one_line(name) and unit_id is not None:
        name = units.unit_row(unit_id, as_of=today).full_name
    kept = checked_texts(
        SessionSite, {"name": name}, needed={"name": _("Hãy chọn đơn vị, điểm phục vụ, hoặc ghi tên điểm tiếp.")}
    )
    if sites_of(session).filter(name=kept["name"]).exists():
        raise BadInput({"name": _("Điểm này đã có trong phiên. Hãy ghi tên khác.")})
    # One that was taken off and comes back begins anew, and keeps the tests it had.
    anew = {
        "unit_id": unit_id,
        "point_id": point_id,
        "removed_at": None,
        "tested_at": None,
        "test_passed": None,
        "test_note": "",
    }
    site, _new = SessionSite.objects.update_or_create(session=session, name=kept["name"], defaults=anew)
    record(events.SITE_ADDED, session, actor=actor, at=at, unit_id=session.unit_id, site=site.pk)
    return site


@command
def notify_parties(session_id: int, *, how: str, actor: Actor, at: datetime) -> int:
    """All parties not told yet are told: by letter where an address is known, else as `how` says it was done. How many.

    Refused when the law's days are not left. Raises NotFound, NotYourDuty, SessionNotPlanned, NothingToTell,
    TooLateToNotify, BadInput.
    """
    session = _planned(session_id, actor, at)
    how = one_line(how)
    if not how:
        raise BadInput({"how": _("Hãy ghi đã thông báo bằng cách nào, ví dụ: giấy mời số 12/GM-UBND.")})
    if len(how) > 200:
        raise BadInput({"how": _("Dài quá 200 chữ. Hãy viết ngắn lại.")})
    limits, untold = limits_of(session.unit_id, session.starts_at), list(parties_of(session).filter(told_at=None))
    if not untold:
        raise errors.NothingToTell
    if at > limits.notice_due(session.starts_at):
        raise errors.TooLateToNotify(days=limits.notice_days, earliest=limits.first_day_to_notify(at))
    sites = ", ".join(sites_of(session).values_list("name", flat=True)) or "sẽ báo sau"
    what = f"Mời dự phiên tiếp công dân trực tuyến lúc {text.instant(session.starts_at)}. Điểm tiếp: {sites}."
    for party in untold:
        _tell(session, party, what, events.PARTIES_TOLD, actor, at)
        party.told_at, party.told_how, party.heard_at = at, how, at
    SessionParty.objects.bulk_update(untold, ["told_at", "told_how", "heard_at"])
    told = {"parties": [party.pk for party in untold], "starts_at": session.starts_at}
    record(events.PARTIES_TOLD, session, actor=actor, at=at, unit_id=session.unit_id, **told)
    return len(untold)


def _tell(session: OnlineSession, party: SessionParty, what: str, kind: EventKind, actor: Actor, at: datetime) -> bool:
    """False where no address is known: somebody has to go or call."""
    to = Recipient(name=party.name, email=party.email, phone=party.phone)
    key = f"{kind.name}/{party.pk}/{at.isoformat()}"  # moved there and back, it is told each time
    return tell(session, to, code=f"TT-{session.pk}", what=what, key=key, actor=actor, at=at)


def _site(site_id: int, actor: Actor, at: datetime) -> SessionSite:
    session_id = SessionSite.objects.filter(pk=site_id, removed_at=None).values_list("session_id", flat=True).first()
    session = _planned(must_exist(session_id), actor, at)
    site = SessionSite.objects.select_for_update().get(pk=site_id)
    site.session = session
    return site


@command
def note_test(site_id: int, *, passed: bool, note: str = "", actor: Actor, at: datetime) -> SessionSite:
    """A test call with a site; each is kept. A good one stands until one fails: a second good one makes it no later.

    Noted whenever it was made: whether in time, the checklist says. Raises NotFound, NotYourDuty, SessionNotPlanned, BadInput.
    """
    site = _site(site_id, actor, at)
    kept = checked_texts(LineTest, {"note": note}, needed={})
    LineTest.objects.create(site=site, at=at, passed=passed, by_name=actor.name, **kept)
    if not (passed and site.test_passed):
        site.tested_at, site.test_passed, site.test_note = at, passed, kept["note"]
    site.save(update_fields=["tested_at", "test_passed", "test_note"])
    told = {"site": site.pk, "passed": passed}
    record(events.SITE_TESTED, site.session, actor=actor, at=at, unit_id=site.session.unit_id, **told)
    return site


@command
def note_connected(site_id: int, *, actor: Actor, at: datetime) -> SessionSite:
    """The site's line stands for the session; said again, the first time counts.

    Raises NotFound, NotYourDuty, SessionNotPlanned.
    """
    site = _site(site_id, actor, at)
    again = site.connected_at is not None
    if not again:
        site.connected_at = at
        site.save(update_fields=["connected_at"])
    record(events.SITE_CONNECTED, site.session, actor=actor, at=at, unit_id=site.session.unit_id, site=site.pk, again=again)
    return site


@command
def start_session(session_id: int, *, actor: Actor, at: datetime) -> OnlineSession:
    """All told, tested and connected in time; else it says what is missing. When lines came late it begins as much later.

    Raises NotFound, NotYourDuty, SessionNotPlanned, NotReadyToStart, TooEarlyToStart.
    """
    session = _planned(session_id, actor, at)
    seen = checklist(session, now=at)
    *before, connecting = seen.steps
    for step in before:
        if step.state != "done":
            raise errors.NotReadyToStart(step.title, step.missing)
    if connecting.done_at is None:
        raise errors.NotReadyToStart(connecting.title, connecting.missing)
    if at < (earliest := max(session.starts_at, connecting.done_at + seen.limits.connect)):
        raise errors.TooEarlyToStart(earliest)
    session.state, session.started_at = State.RUNNING, at
    session.save(update_fields=["state", "started_at"])
    record(events.SESSION_STARTED, session, actor=actor, at=at, unit_id=session.unit_id)
    return session


@command
def end_session(session_id: int, *, actor: Actor, at: datetime) -> OnlineSession:
    """Raises NotFound, NotYourDuty, SessionNotRunning."""
    session = locked_session(session_id, actor=actor, at=at)
    if session.state != State.RUNNING:
        raise errors.SessionNotRunning
    session.state, session.ended_at = State.ENDED, at
    session.save(update_fields=["state", "ended_at"])
    record(events.SESSION_ENDED, session, actor=actor, at=at, unit_id=session.unit_id)
    return session
