"""How satisfied people were with a point: which ticket may be rated now, and sums that betray nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from thongsuot.counters.models import Device, Ticket, TicketRating
from thongsuot.counters.rules import RATED_WITHIN
from thongsuot.counters.satisfaction import SATISFIED, SHOWN_FROM, Level, Reason
from thongsuot.kernel.errors import must_exist


def to_rate_at(device: Device, *, now: datetime) -> Ticket | None:
    """The ticket that was last served at the machine's counter, while it may be rated and nobody else is served. One query."""
    latest = Ticket.objects.filter(counter=device.counter_id, served_at__isnull=False, state__in=["serving", "done"])
    ticket = latest.select_related("rating").order_by("-served_at", "-pk").first()
    if ticket is None or ticket.ended_at is None or hasattr(ticket, "rating") or now - ticket.ended_at > RATED_WITHIN:
        return None
    return ticket


def given_at(device: Device, rating_id: int) -> TicketRating:
    """Raises NotFound."""
    return must_exist(TicketRating.objects.filter(pk=rating_id, device=device).first())


@dataclass(frozen=True, kw_only=True)
class Satisfaction:
    """`levels` and `reasons`: how many gave each; empty while too few rated (satisfaction.SHOWN_FROM)."""

    rated: int
    served: int
    levels: Mapping[int, int]
    reasons: Mapping[str, int]

    @property
    def shown(self) -> bool:
        return self.rated >= SHOWN_FROM

    @property
    def satisfied_percent(self) -> int | None:
        if not self.shown:
            return None
        return round(100 * sum(self.levels[level] for level in SATISFIED) / self.rated)


def satisfaction(house_id: int, *, first: date, last: date) -> Satisfaction:
    """Of all tickets of those days; both ends count. Three queries."""
    tickets = Ticket.objects.filter(point=house_id, day__gte=first, day__lte=last, state=Ticket.State.DONE)
    given = TicketRating.objects.filter(ticket__in=tickets)
    counts = dict(given.values_list("level").annotate(n=Count("pk")).order_by())
    rated = sum(counts.values())
    shown = rated >= SHOWN_FROM
    said = [reason for reasons in given.values_list("reasons", flat=True) for reason in reasons] if shown else []
    return Satisfaction(
        rated=rated,
        served=tickets.count(),
        levels={level: counts.get(level, 0) for level in Level.values} if shown else {},
        reasons={reason: said.count(reason) for reason in Reason.values} if shown else {},
    )
