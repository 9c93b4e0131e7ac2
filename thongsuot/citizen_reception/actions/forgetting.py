"""Names and addresses end: of who came and who took part, some time after the end. The book keeps its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from thongsuot.citizen_reception import events
from thongsuot.citizen_reception.models import OnlineSession, ReceptionEntry, SessionParty, Visitor
from thongsuot.citizen_reception.queries.settings import setting
from thongsuot.citizen_reception.rules import DUTY
from thongsuot.files.actions import let_go
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotYourDuty, must_exist
from thongsuot.kernel.history import history_of
from thongsuot.kernel.working_time import local_day
from thongsuot.notices import actions as notices
from thongsuot.notices.rules import Recipient

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
    """By the house alone: who took part, to whom letters went, minutes and recording. Raises NotYourDuty, NotFound."""
    _by_the_house(actor)
    session = must_exist(OnlineSession.objects.select_for_update(of=("self",)).filter(pk=session_id).first())
    parties = session.parties.filter(forgotten_at=None)
    _forget_letters(session, parties, actor=actor, at=at)
    # Drafts and recordings that others took the place of are known by the history alone.
    told = [event.facts for event in history_of(session) if event.name in _OF_FILES]
    files = {facts.get(name) for facts in told for name in ("file", "minutes")}
    files |= {session.minutes_file_id, session.minutes_paper_id, session.recording_file_id}
    session.minutes_file = session.minutes_paper = session.recording_file = None
    session.save(update_fields=["minutes_file", "minutes_paper", "recording_file"])
    _let_go(files, actor=actor, at=at)
    parties.update(**_NOTHING, told_how="", forgotten_at=at)
    record(events.FORGOTTEN, session, actor=actor, at=at, unit_id=session.unit_id)
    return session


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
