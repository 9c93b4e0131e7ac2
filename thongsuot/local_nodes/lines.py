"""What happened in a node's hall, as its own history tells it: what goes to the city when the line is back."""

from __future__ import annotations

from typing import Any

from django.db import models

from thongsuot.counters.models import Booking, CounterBreak, Service, Sitting, Ticket, TicketRating
from thongsuot.kernel.models import Event
from thongsuot.local_nodes.rules import TOLD
from thongsuot.local_nodes.wire import Line, Rows

_NAMES = sorted(kind.name for kind in TOLD)


def after(last: int, *, most: int) -> list[Line]:
    """In order. Of use only while nobody is in the middle of something (actions.node.hall_to_itself)."""
    found, before = [], last
    for event in Event.objects.filter(pk__gt=last, name__in=_NAMES).order_by("pk")[:most]:
        found.append(
            Line(
                n=event.pk,
                before=before,
                name=event.name,
                subject=event.subject,
                subject_id=event.subject_id,
                at=event.at,
                actor_id=event.actor_id,
                actor_name=event.actor_name,
                actor_post=event.actor_post,
                facts=event.facts,
            )
        )
        before = event.pk
    return found


def rows_of(told: list[Line]) -> Rows:
    """The rows that these lines speak of, as they stand now. Six queries."""
    tickets = {line.subject_id for line in told if line.subject == Ticket._meta.label_lower}
    bookings = {line.subject_id for line in told if line.subject == Booking._meta.label_lower}
    sittings = {line.facts["sitting"] for line in told if "sitting" in line.facts}
    return Rows(
        tickets=_plain(Ticket.objects.filter(pk__in=tickets)),
        sittings=_plain(Sitting.objects.filter(pk__in=sittings)),
        breaks=_plain(CounterBreak.objects.filter(sitting__in=sittings)),
        services=_plain(Service.objects.filter(ticket__in=tickets)),
        ratings=_plain(TicketRating.objects.filter(ticket__in=tickets)),
        bookings=[
            {"id": pk, "state": state} for pk, state in Booking.objects.filter(pk__in=bookings).values_list("pk", "state")
        ],
    )


def _plain(rows: models.QuerySet[Any]) -> list[dict[str, Any]]:
    """Columns by name, as text where JSON has nothing better."""
    fields = [field for field in rows.model._meta.local_concrete_fields if field.attname != "mark"]
    plain = (int, bool, type(None), list)
    return [
        {
            **({"mark": None} if rows.model is Ticket else {}),
            **{
                field.attname: value if isinstance(value, plain) else field.value_to_string(row)
                for field in fields
                for value in [getattr(row, field.attname)]
            },
        }
        for row in rows
    ]
