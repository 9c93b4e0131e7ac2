"""Two worlds of one hall in one database: what happens in `hall_alone` is told as a node tells it, then never happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from django.db import connection, transaction
from django.db.models import Max

from thongsuot.counters.models import Ticket
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.models import Event
from thongsuot.local_nodes import actions, lines
from thongsuot.local_nodes.actions import node as own
from thongsuot.local_nodes.models import LocalNode, Standing
from thongsuot.local_nodes.rules import ID_BLOCK
from thongsuot.local_nodes.wire import Line, Rows
from thongsuot.numbering.models import Series

MACHINE = Actor(person_id=None, name="Máy tại chỗ", via="local node")


@dataclass
class Told:
    """What the node had to tell when its world ended, and how the hall stood there."""

    lines: list[Line] = field(default_factory=list)
    rows: Rows = field(default_factory=Rows)
    tickets: dict[str, tuple[str, int | None]] = field(default_factory=dict)


class _NeverHappened(Exception):
    pass


@contextmanager
def hall_alone(node: LocalNode, *, at: datetime) -> Iterator[Told]:
    """Commands in the block are the node's."""
    told = Told()
    try:
        with transaction.atomic():
            Series.objects.all().delete()  # a node is not given the city's
            actions.become_node(
                "http://localhost",
                node_id=node.pk,
                house_id=node.point_id,
                database=node.database,
                first_number=node.first_number,
                actor=MACHINE,
                at=at,
            )
            since = Event.objects.aggregate(Max("pk"))["pk__max"]  # what was before happened in the city
            Standing.objects.update(sent_up_to=since)
            own.begin_to_act(actor=MACHINE, at=at)
            yield told
            found = lines.after(since, most=10_000)
            if found:
                found[0].before = node.taken_up_to  # events of this database and of a node's are numbered apart
            told.lines, told.rows = found, lines.rows_of(found)
            over_the_wire(told)
            known = Ticket.objects.filter(pk__in=[row["id"] for row in told.rows.tickets])
            told.tickets = {one.code: (one.state, one.counter_id) for one in known}
            raise _NeverHappened
    except _NeverHappened:
        pass
    with connection.cursor() as cursor:  # sequences know of no taking back
        for model in own._OWN_IDS:
            last = model._default_manager.filter(pk__lt=ID_BLOCK).aggregate(Max("pk"))["pk__max"] or 1
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, last])


def over_the_wire(told: Told) -> None:
    told.lines = msgspec.json.decode(msgspec.json.encode(told.lines), type=list[Line])
    told.rows = msgspec.json.decode(msgspec.json.encode(told.rows), type=Rows)
