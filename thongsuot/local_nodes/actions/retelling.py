"""What a node did while its line was cut becomes what happened, in the city as well.

Events come in the node's order and are taken once each. With them come the rows as they stand in the hall now: what happened
there counts, also over what the city did to the same number meanwhile, for the people stood in the hall.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model, Q
from django.utils.dateparse import parse_datetime

from thongsuot.counters.models import Booking, Counter, CounterBreak, Device, Queue, Service, Sitting, Ticket, TicketRating
from thongsuot.counters.rules import code_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import must_exist
from thongsuot.local_nodes import events
from thongsuot.local_nodes.actions import errors
from thongsuot.local_nodes.models import LocalNode, Spell
from thongsuot.local_nodes.rules import TOLD, made_by
from thongsuot.local_nodes.wire import Line, Rows
from thongsuot.people.models import Person
from thongsuot.units import queries as units

VIA = "local node"
_KINDS = {kind.name: kind for kind in TOLD}
_SUBJECTS: dict[str, type[Model]] = {model._meta.label_lower: model for model in (Ticket, Counter, Booking)}


@command
def retell(node_id: int, lines: list[Line], rows: Rows, *, began_at: datetime, ends: bool, actor: Actor, at: datetime) -> Spell:
    """Take the lines that were not taken before. Whole or not at all.

    began_at  since when the node ran the hall, which names the spell
    ends      it has nothing more to tell and follows the city again
    Raises NotFound, LinesNotOfHall, LinesMissing.
    """
    node = must_exist(LocalNode.objects.select_for_update().filter(pk=node_id, retired_at=None).first())
    spell, _made = Spell.objects.select_for_update().get_or_create(node=node, began_at=began_at)
    fresh = [line for line in lines if line.n > node.taken_up_to]
    if fresh and fresh[0].before > node.taken_up_to:
        raise errors.LinesMissing
    hall = _Hall(node, rows, at=at)
    hall.check(fresh)
    if fresh:
        spell.overruled = sorted({*spell.overruled, *hall.changed_here(since=began_at)})
        for ticket in hall.put_back():
            record(events.PUT_BACK, ticket, actor=actor, at=at, unit_id=hall.unit_id, code=ticket.code)
        hall.put()
        for line in fresh:
            teller = Actor(person_id=line.actor_id, name=line.actor_name, post=line.actor_post, via=VIA)
            subject = _SUBJECTS[line.subject](pk=line.subject_id)
            record(_KINDS[line.name], hall.known(subject), actor=teller, at=line.at, unit_id=hall.unit_id, **line.facts)
        node.taken_up_to = fresh[-1].n
        spell.lines += len(fresh)
    spell.ended_at = at if ends else None
    spell.save()
    node.trouble = ""
    node.save(update_fields=["taken_up_to", "trouble"])
    record(events.RETOLD, node, actor=actor, at=at, unit_id=hall.unit_id, lines=len(fresh), overruled=spell.overruled)
    return spell


class _Hall:
    """The rows that a node sends, held against its own hall."""

    def __init__(self, node: LocalNode, rows: Rows, *, at: datetime) -> None:
        self.node, self.rows, self.at = node, rows, at
        self.house_id = node.point_id
        self.unit_id = units.unit_of_point(node.point_id)
        self.tickets = {int(row["id"]): row for row in rows.tickets}
        self.there: dict[int, Ticket] = Ticket.objects.select_for_update().in_bulk(self.tickets)
        self.counters = Counter.objects.filter(point=self.house_id).in_bulk()

    def known(self, subject: Model) -> Model:
        """For what is told of it: with its point, where pages that follow the hall are told."""
        if isinstance(subject, Ticket):
            return Ticket.objects.get(pk=subject.pk)
        return self.counters[subject.pk] if isinstance(subject, Counter) else Booking.objects.get(pk=subject.pk)

    def check(self, lines: list[Line]) -> None:
        """Raises LinesNotOfHall: nothing that a node tells reaches beyond its own hall."""
        queues = set(Queue.objects.filter(point=self.house_id).values_list("pk", flat=True))
        devices = set(Device.objects.filter(point=self.house_id).values_list("pk", flat=True))
        bookings = {int(row["id"]) for row in self.rows.bookings}
        own_bookings = set(Booking.objects.filter(pk__in=bookings, queue__in=queues).values_list("pk", flat=True))
        subjects: dict[str, Container[int]] = {
            "counters.ticket": self.tickets,
            "counters.counter": self.counters,
            "counters.booking": own_bookings,
        }
        for line in lines:
            if line.name not in _KINDS or line.subject_id not in subjects.get(line.subject, ()):
                raise errors.LinesNotOfHall(f"{line.name} {line.subject} {line.subject_id}"[:80])
            if line.at > self.at:  # its clock was set by ours: what is left is a second or two
                line.at = self.at
        for pk, row in self.tickets.items():
            before = self.there.get(pk)
            of_house = before.point_id == self.house_id if before else made_by(self.node.pk, pk)
            numbered = before is not None or row["number"] >= self.node.first_number
            at_home = row["point_id"] == self.house_id and row["queue_id"] in queues
            places = {row["counter_id"], row["reserved_for_id"]} <= {None, *self.counters}
            if not (of_house and numbered and at_home and places and row["device_id"] in {None, *devices}):
                raise errors.LinesNotOfHall(code_of(str(row["letter"])[:1], int(row["number"])))
        for row in self.rows.sittings:
            if row["counter_id"] not in self.counters:
                raise errors.LinesNotOfHall(f"sitting {row['id']}")
        sittings = {int(row["id"]) for row in self.rows.sittings}
        if any(row["sitting_id"] not in sittings for row in self.rows.breaks):
            raise errors.LinesNotOfHall("break")
        if any(row["ticket_id"] not in self.tickets for row in self.rows.ratings):
            raise errors.LinesNotOfHall("rating")
        for row in self.rows.services:
            at_home = row["queue_id"] in queues and row["counter_id"] in self.counters
            if not (at_home and row["ticket_id"] in self.tickets):
                raise errors.LinesNotOfHall("service")
        people = {row["person_id"] for row in (*self.rows.sittings, *self.rows.services)}
        people |= {row["served_by_id"] for row in self.rows.tickets}
        people = (people | {line.actor_id for line in lines}) - {None}
        if Person.objects.filter(pk__in=people).count() != len(people):
            raise errors.LinesNotOfHall("person")

    def changed_here(self, *, since: datetime) -> Iterable[str]:
        """Codes of the numbers to which something happened in the city as well, after the line was cut."""
        changed = Q(called_at__gt=since) | Q(served_at__gt=since) | Q(ended_at__gt=since)
        told = {pk for pk in self.there if not made_by(self.node.pk, pk)}
        return [one.code for one in Ticket.objects.filter(changed, pk__in=told) if not _same(one, self.tickets[one.pk])]

    def put_back(self) -> list[Ticket]:
        """Numbers that the city still holds at a counter where the hall has another one wait again, in their old place."""
        taken = {(row["counter_id"], row["day"]) for row in self.tickets.values() if row["state"] in Ticket.AT_COUNTER}
        days = {day for _counter, day in taken}
        held = Ticket.objects.select_for_update().filter(
            point=self.house_id, day__in=days, state__in=Ticket.AT_COUNTER, counter__in={counter for counter, _day in taken}
        )
        found = []
        for ticket in held:
            if ticket.pk in self.tickets or (ticket.counter_id, ticket.day.isoformat()) not in taken:
                continue
            ticket.state, ticket.counter, ticket.served_at, ticket.served_by = Ticket.State.WAITING, None, None, None
            ticket.save()
            found.append(ticket)
        return found

    def put(self) -> None:
        """All rows as they stand in the hall. Sittings that the city had open there meanwhile end."""
        for row in self.rows.sittings:
            if row["until_at"] is None:
                here = Q(counter=row["counter_id"]) | Q(person=row["person_id"])
                for other in Sitting.objects.filter(here, day=row["day"], until_at=None).exclude(pk=row["id"]):
                    other.until_at = max(other.from_at, _instant(row["from_at"]) or other.from_at)
                    other.save(update_fields=["until_at"])
                    other.breaks.filter(until_at=None).update(until_at=other.until_at)
        # Whoever ends first, so that no two are at one counter or at one break on the way.
        _put_all(Sitting, sorted(self.rows.sittings, key=lambda row: row["until_at"] is None))
        _put_all(CounterBreak, sorted(self.rows.breaks, key=lambda row: row["until_at"] is None))
        rows = [{**row, "mark": None} for row in self.tickets.values()]
        _put_all(Ticket, sorted(rows, key=lambda row: row["state"] in Ticket.AT_COUNTER))
        # Known by ticket and instant: a node that was set up before there were any has no ids of its own for them.
        for row in self.rows.services:
            said = _said(Service, {**row, "id": None})
            Service.objects.get_or_create(ticket_id=said.pop("ticket_id"), from_at=said.pop("from_at"), defaults=said)
        rated = set(TicketRating.objects.filter(ticket__in=self.tickets).values_list("ticket_id", "pk"))
        others = dict(rated)
        _put_all(TicketRating, [row for row in self.rows.ratings if others.get(row["ticket_id"], row["id"]) == row["id"]])
        for row in self.rows.bookings:
            # Before the line was known to be cut, the city may have said that nobody came.
            open_here = Booking.objects.filter(pk=row["id"], state__in=[Booking.State.BOOKED, Booking.State.MISSED])
            open_here.update(state=row["state"])


def _same(ticket: Ticket, row: dict[str, Any]) -> bool:
    counter = ticket.counter_id if ticket.state in Ticket.AT_COUNTER else row["counter_id"]
    return (ticket.state, counter) == (row["state"], row["counter_id"])


def _put_all(model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    """Each in its place; one that is at a counter here and there is first taken from there."""
    rows = list(rows)
    names = [field.attname for field in model._meta.local_concrete_fields if not field.primary_key]
    if model is Ticket:
        at_counter = Ticket.objects.filter(pk__in=[row["id"] for row in rows], state__in=Ticket.AT_COUNTER)
        at_counter.update(state=Ticket.State.WAITING)
    for row in rows:
        made = model(**_said(model, row))
        if model._default_manager.filter(pk=made.pk).exists():
            made.save(force_update=True, update_fields=names)
        else:
            made.save(force_insert=True)


def _said(model: type[Model], row: dict[str, Any]) -> dict[str, Any]:
    return {field.attname: field.to_python(row[field.attname]) for field in model._meta.local_concrete_fields}


def _instant(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
