"""Whose register somebody works in, and whose visitors they may see."""

from __future__ import annotations

from datetime import date

from thongsuot.citizen_reception.models import OnlineSession, ReceptionEntry
from thongsuot.citizen_reception.rules import DUTY, LEAD
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotYourDuty, must_exist
from thongsuot.people.queries import posts_of
from thongsuot.units import queries as units


def own_units(actor: Actor, *, on: date) -> frozenset[int]:
    """The units in which they receive: by a post there. A post of the city reaches every unit below, but for its figures
    alone: what is said at a commune's reception is that commune's."""
    reached = actor.units_for(DUTY)
    city = units.default_city(as_of=on).id
    if city not in reached:
        return reached
    posts = posts_of([actor.person_id], on=on)[actor.person_id] if actor.person_id is not None else []
    return frozenset({city, *(post.unit_id for post in posts if post.state == "now" and DUTY in post.duties)} & reached)


def readable(actor: Actor, *, on: date) -> frozenset[int]:
    """Own units, and the ended ones whose books they keep."""
    own = own_units(actor, on=on)
    return own | (units.kept_by(own, on=on) if own else own)


def must_receive(actor: Actor, unit_id: int, *, on: date) -> None:
    """Raises NotYourDuty."""
    actor.must(DUTY, unit_id=unit_id)
    if not actor.trusted and unit_id not in own_units(actor, on=on):
        raise NotYourDuty(DUTY)


def leads(actor: Actor, unit_id: int, *, on: date) -> bool:
    """The head of a unit signs its results; at the city whoever receives for it leads."""
    if actor.trusted:
        return True
    if unit_id not in own_units(actor, on=on):
        return False
    return unit_id == units.default_city(as_of=on).id or actor.may(LEAD, unit_id=unit_id)


def may_see_visitor(actor: Actor, entry: ReceptionEntry, *, on: date) -> bool:
    """Of a denunciation: who received it, and who leads. Of all else: who receives there."""
    if not entry.is_kept_close or actor.trusted:
        return True
    received = actor.person_id is not None and entry.received_by_id == actor.person_id
    return received or leads(actor, units.keeper_of(entry.unit_id, on=on), on=on)


def entry_for(entry_id: int, *, actor: Actor, on: date) -> ReceptionEntry:
    """To read. Raises NotFound, NotYourDuty."""
    actor.must_somewhere(DUTY)
    entry = must_exist(ReceptionEntry.objects.select_related("visitor").filter(pk=entry_id).first())
    if not actor.trusted and not {entry.unit_id, entry.book_unit_id} & readable(actor, on=on):
        raise NotYourDuty(DUTY)
    return entry


def session_for(session_id: int, *, actor: Actor, on: date) -> OnlineSession:
    """Raises NotFound, NotYourDuty."""
    actor.must_somewhere(DUTY)
    session = must_exist(OnlineSession.objects.select_related("entry").filter(pk=session_id).first())
    if not actor.trusted and session.unit_id not in readable(actor, on=on):
        raise NotYourDuty(DUTY)
    return session
