"""Whose register somebody works in, and whose visitors they may see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from thongsuot.citizen_reception.models import OnlineSession, ReceptionEntry, ReceptionTransfer
from thongsuot.citizen_reception.queries.keeping import forgotten_at
from thongsuot.citizen_reception.rules import DECIDE, DUTY, LEAD
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotYourDuty, must_exist
from thongsuot.people.queries import posts_of, staff_with_duty
from thongsuot.units import queries as units
from thongsuot.units.queries import UnitRow


def own_units(actor: Actor, *, on: date) -> frozenset[int]:
    """The units in which they receive: by a post there. A post of the city reaches every unit below, but for its figures
    alone: what is said at a commune's reception is that commune's."""
    reached = actor.units_for(DUTY)
    city = units.default_city(as_of=on).id
    if city not in reached:
        return reached
    posts = posts_of([actor.person_id], on=on)[actor.person_id] if actor.person_id is not None else []
    return frozenset({city, *(post.unit_id for post in posts if post.state == "now" and DUTY in post.duties)} & reached)


def receivers_of(city_id: int, *, on: date) -> list[UnitRow]:
    """Where citizens may be received: at the city, its agencies and its communes, as they exist on that day."""
    return [units.unit_row(city_id, as_of=on), *units.agencies_of(city_id, on=on), *units.units_under(city_id, as_of=on)]


def readable(actor: Actor, *, on: date) -> frozenset[int]:
    """Own units, and the ended ones whose books they keep."""
    own = own_units(actor, on=on)
    return own | (units.kept_by(own, on=on) if own else own)


def must_receive(actor: Actor, unit_id: int, *, on: date) -> None:
    """Raises NotYourDuty."""
    actor.must(DUTY, unit_id=unit_id)
    if not actor.trusted and unit_id not in own_units(actor, on=on):
        raise NotYourDuty(DUTY)


def lead_duties(unit_id: int, *, on: date) -> tuple[str, ...]:
    """Each makes who receives in the unit one who decides there: who signs its results; at the city a duty of its own too."""
    return (LEAD, DECIDE) if unit_id == units.default_city(as_of=on).id else (LEAD,)


def leads(actor: Actor, unit_id: int, *, on: date) -> bool:
    """Who receives in a unit and decides there."""
    decides = any(actor.may(duty, unit_id=unit_id) for duty in lead_duties(unit_id, on=on))
    return actor.trusted or (decides and unit_id in own_units(actor, on=on))


def must_lead(actor: Actor, unit_id: int, *, on: date) -> None:
    """Raises NotYourDuty."""
    if not leads(actor, unit_id, on=on):
        raise NotYourDuty(lead_duties(unit_id, on=on)[-1])


def leaders_of(unit_id: int, *, on: date) -> frozenset[int]:
    """Ids of who may decide there, or stands in for one who is away."""
    receive = {row.doing.id for row in staff_with_duty(DUTY, unit_id, on=on)}
    lead = (row.doing.id for duty in lead_duties(unit_id, on=on) for row in staff_with_duty(duty, unit_id, on=on))
    return frozenset(lead) & receive


def sees_close(actor: Actor, unit_id: int, *, on: date) -> bool:
    """What a unit keeps close is for who leads it; at the city for whoever receives for it."""
    at_city = unit_id == units.default_city(as_of=on).id and unit_id in own_units(actor, on=on)
    return at_city or leads(actor, unit_id, on=on)


def is_chair(actor: Actor, session: OnlineSession) -> bool:
    return actor.person_id is not None and actor.person_id == session.chair_id


def of_units(unit_ids: Collection[int]) -> Q:
    """Entries that these units handle, have in their book, or gave to another unit."""
    given = ReceptionTransfer.objects.filter(from_unit__in=unit_ids).values("entry")
    return Q(unit__in=unit_ids) | Q(book_unit__in=unit_ids) | Q(pk__in=given)


def may_read(actor: Actor, entry: ReceptionEntry, *, on: date) -> bool:
    """Who receives in the unit that handles it, that has it in its book, or that gave it away."""
    if actor.trusted:
        return True
    own = readable(actor, on=on)
    return bool({entry.unit_id, entry.book_unit_id} & own) or entry.transfers.filter(from_unit__in=own).exists()


def may_see_visitor(actor: Actor, entry: ReceptionEntry, *, on: date) -> bool:
    """Of a denunciation: who received it, and who leads. Of all else: who receives there."""
    if not entry.is_kept_close or actor.trusted:
        return True
    received = actor.person_id is not None and entry.received_by_id == actor.person_id
    return received or sees_close(actor, units.keeper_of(entry.unit_id, on=on), on=on)


def may_open_files(actor: Actor, session: OnlineSession, *, on: date) -> bool:
    """Its minutes and recording. Once its parties are forgotten, only the record is left, for who leads whoever keeps it."""
    if forgotten_at(session) is None:
        return may_see_parties(actor, session, on=on)
    return leads(actor, units.keeper_of(session.unit_id, on=on), on=on)


def close_entries() -> QuerySet[ReceptionEntry, Any]:
    """Ids of entries whose visitor is kept close."""
    return ReceptionEntry.objects.filter(kind=ReceptionEntry.Kind.DENUNCIATION).values("pk")


def close_sessions() -> QuerySet[OnlineSession, Any]:
    """Ids of sessions about them."""
    return OnlineSession.objects.filter(entry__kind=ReceptionEntry.Kind.DENUNCIATION).values("pk")


def entry_for(entry_id: int, *, actor: Actor, on: date) -> ReceptionEntry:
    """To read. Raises NotFound, NotYourDuty."""
    actor.must_somewhere(DUTY)
    entry = must_exist(ReceptionEntry.objects.select_related("visitor").filter(pk=entry_id).first())
    if not may_read(actor, entry, on=on):
        raise NotYourDuty(DUTY)
    return entry


def session_for(session_id: int, *, actor: Actor, on: date) -> OnlineSession:
    """To read: its chair too, who need not receive. Raises NotFound, NotYourDuty."""
    session = OnlineSession.objects.select_related("entry").filter(pk=session_id).first()
    if session is not None and is_chair(actor, session):
        return session
    actor.must_somewhere(DUTY)
    session = must_exist(session)
    if not actor.trusted and session.unit_id not in readable(actor, on=on):
        raise NotYourDuty(DUTY)
    return session


def may_see_parties(actor: Actor, session: OnlineSession, *, on: date) -> bool:
    """Of a session about a denunciation: who sees who denounced, and who leads the session. Of all else: who receives there."""
    if not session.is_kept_close or actor.trusted or session.entry is None:
        return True
    return may_see_visitor(actor, session.entry, on=on) or is_chair(actor, session)
