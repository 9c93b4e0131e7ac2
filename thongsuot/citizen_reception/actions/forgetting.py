"""Names and addresses end: of who came and who took part, some time after the end. The book keeps its numbers; signed minutes
are kept for a time of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.citizen_reception import events
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.actions.common import too_long
from thongsuot.citizen_reception.actions.minutes import signing_of
from thongsuot.citizen_reception.models import OnlineSession, ReceptionEntry, SessionParty, Visitor
from thongsuot.citizen_reception.queries.access import must_lead
from thongsuot.citizen_reception.queries.keeping import DECISION, kept_until, record_of
from thongsuot.citizen_reception.queries.settings import setting
from thongsuot.citizen_reception.rules import DUTY
from thongsuot.files.actions import let_go
from thongsuot.files.models import StoredFile
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, must_exist
from thongsuot.kernel.history import history_of
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import local_day
from thongsuot.notices import actions as notices
from thongsuot.notices.rules import Recipient
from thongsuot.signing import actions as signing
from thongsuot.units import queries as units

_MOST_AT_ONCE = 2000
_OF_FILES = {kind.name for kind in (events.MINUTES_DRAFTED, events.RECORDING_KEPT, events.CHAIR_NAMED, events.MINUTES_SIGNED)}
_NOTHING = {"name": "", "phone": "", "email": ""}


def _before(at: datetime) -> datetime:
    return at - timedelta(days=setting("forget_days", on=local_day(at)))


def visitors_to_forget(*, at: datetime) -> list[int]:
    """Entries that were closed long enough ago."""
    rows = Visitor.objects.filter(forgotten_at=None, entry__closed_at__lt=_before(at)).order_by("entry__closed_at")
    return list(rows.values_list("entry_id", flat=True)[:_MOST_AT_ONCE])


def sessions_to_forget(*, at: datetime) -> list[int]:
    """Sessions that were over long enough ago."""
    rows = SessionParty.objects.filter(forgotten_at=None, session__ended_at__lt=_before(at)).order_by("session_id")
    return list(rows.values_list("session_id", flat=True).distinct()[:_MOST_AT_ONCE])


@command
def forget_visitor(entry_id: int, *, actor: Actor, at: datetime) -> Visitor:
    """By the house alone: who it was, to whom letters went, the papers that name them. Raises NotYourDuty, NotFound."""
    _by_the_house(actor)
    rows = Visitor.objects.select_for_update(of=("self",)).select_related("entry")
    who = must_exist(rows.filter(entry_id=entry_id, forgotten_at=None).first())
    _forget_letters(who.entry, [who], actor=actor, at=at)
    held: list[Any] = [who.entry.slips, who.entry.papers]
    files = {file_id for papers in held for file_id in papers.values_list("file_id", flat=True)}
    for papers in held:
        papers.update(file=None)
    _let_go(files, actor=actor, at=at)
    for name, value in (_NOTHING | {"address": "", "id_number": "", "representatives": ""}).items():
        setattr(who, name, value)
    who.forgotten_at = at
    who.save()
    record(events.FORGOTTEN, who.entry, actor=actor, at=at, unit_id=who.entry.unit_id)
    return who


@command
def forget_parties(session_id: int, *, actor: Actor, at: datetime) -> OnlineSession:
    """By the house alone: who took part, to whom letters went, recording, drafts. Signed minutes are a record: they stay for
    its own time (`dispose_minutes`), for who leads the unit alone, as no officer's own file. Raises NotYourDuty, NotFound.
    """
    _by_the_house(actor)
    session = must_exist(OnlineSession.objects.select_for_update(of=("self",)).filter(pk=session_id).first())
    parties = session.parties.filter(forgotten_at=None)
    _forget_letters(session, parties, actor=actor, at=at)
    # Drafts and recordings that others took the place of are known by the history alone.
    told = [event.facts for event in history_of(session) if event.name in _OF_FILES]
    files = {facts.get(name) for facts in told for name in ("file", "minutes")}
    files |= {session.minutes_file_id, session.minutes_paper_id, session.recording_file_id}
    kept = record_of(session)
    session.recording_file, session.minutes_words = None, ""
    if session.minutes_file_id != kept:
        session.minutes_file = None
    if session.minutes_paper_id != kept:
        session.minutes_paper = None
    session.save(update_fields=["minutes_file", "minutes_paper", "recording_file", "minutes_words"])
    _let_go_papers(session, files, kept, actor=actor, at=at)
    parties.update(**_NOTHING, told_how="", forgotten_at=at)
    record(events.FORGOTTEN, session, actor=actor, at=at, unit_id=session.unit_id)
    return session


@command
def dispose_minutes(session_id: int, *, decision: str = "", actor: Actor, at: datetime) -> OnlineSession:
    """Signed minutes, once their time is over: by who leads the unit, with the number of the signed decision; where the city's
    rule asks for none, by the house too.

    Raises NotFound, NotYourDuty, NothingToDispose, MinutesStillKept, BadInput.
    """
    session, day = (
        must_exist(OnlineSession.objects.select_for_update(of=("self",)).filter(pk=session_id).first()),
        local_day(at),
    )
    must_lead(actor, units.keeper_of(session.unit_id, on=day), on=day)
    until = kept_until(session, on=day)
    if until is None:
        raise errors.NothingToDispose
    if day < until:
        raise errors.MinutesStillKept(until)
    decision = one_line(decision)
    if setting(DECISION, on=day) and not any(letter.isdigit() for letter in decision):
        raise BadInput({"decision": _("Hãy ghi số, ngày của quyết định hủy, ví dụ: 12/QĐ-UBND ngày 05/01/2042.")})
    if len(decision) > 60:
        raise BadInput({"decision": too_long(60)})
    files: set[Any] = {session.minutes_file_id, session.minutes_paper_id}
    session.minutes_file, session.minutes_paper, session.minutes_words = None, None, ""
    session.save(update_fields=["minutes_file", "minutes_paper", "minutes_words"])
    _let_go_papers(session, files, None, actor=actor, at=at)
    record(events.MINUTES_DISPOSED, session, actor=actor, at=at, unit_id=session.unit_id, decision=decision, kept_until=until)
    return session


def _let_go_papers(session: OnlineSession, files: set[Any], kept: int | None, *, actor: Actor, at: datetime) -> None:
    """And what their signing holds of them. What is kept is nobody's own any more: no officer takes it elsewhere."""
    keep: set[int] = set() if kept is None else {kept}
    signing.let_go_papers(signing_of(session), keep=keep, actor=actor, at=at)
    _let_go(files - keep, actor=actor, at=at)
    StoredFile.objects.filter(pk__in=keep).update(uploaded_by=None)


def _forget_letters(
    about: ReceptionEntry | OnlineSession, people: Iterable[Visitor | SessionParty], *, actor: Actor, at: datetime
) -> None:
    for one in people:
        for notice_id in notices.told_about(about, to=Recipient(name=one.name, email=one.email, phone=one.phone)):
            notices.forget_recipient(notice_id, actor=actor, at=at)


def _let_go(file_ids: set[Any], *, actor: Actor, at: datetime) -> None:
    """What something else has too stays there: a picture of a ticket, the proof of a signature."""
    for file_id in sorted(file_ids - {None}):
        let_go(file_id, actor=actor, at=at)


def _by_the_house(actor: Actor) -> None:
    if not actor.trusted:
        raise NotYourDuty(DUTY)
