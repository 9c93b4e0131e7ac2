"""Names and addresses end: of who came and who took part, some time after the end. The book keeps its numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

from thongsuot.citizen_reception import events
from thongsuot.citizen_reception.models import OnlineSession, SessionParty, Visitor
from thongsuot.citizen_reception.queries.settings import setting
from thongsuot.citizen_reception.rules import DUTY
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotYourDuty, must_exist
from thongsuot.kernel.working_time import local_day

_MOST_AT_ONCE = 2000
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
    """By the house alone. Raises NotYourDuty, NotFound."""
    _by_the_house(actor)
    rows = Visitor.objects.select_for_update(of=("self",)).select_related("entry")
    who = must_exist(rows.filter(entry_id=entry_id, forgotten_at=None).first())
    for name, value in (_NOTHING | {"address": "", "id_number": "", "representatives": ""}).items():
        setattr(who, name, value)
    who.forgotten_at = at
    who.save()
    record(events.FORGOTTEN, who.entry, actor=actor, at=at, unit_id=who.entry.unit_id)
    return who


@command
def forget_parties(session_id: int, *, actor: Actor, at: datetime) -> OnlineSession:
    """By the house alone. Raises NotYourDuty, NotFound."""
    _by_the_house(actor)
    session = must_exist(OnlineSession.objects.select_for_update(of=("self",)).filter(pk=session_id).first())
    session.parties.filter(forgotten_at=None).update(**_NOTHING, told_how="", forgotten_at=at)
    record(events.FORGOTTEN, session, actor=actor, at=at, unit_id=session.unit_id)
    return session


def _by_the_house(actor: Actor) -> None:
    if not actor.trusted:
        raise NotYourDuty(DUTY)
