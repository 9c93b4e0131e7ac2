"""How satisfied people were with a point: which ticket may be rated now, and sums that betray nobody.

Sums are of whole weeks that are over, and of those alone: two of them never overlap, and none changes while somebody looks (but
for a hall cut off over a Sunday, which tells late). Of free days, or of today, the difference between two sums would be what
one person said, to the officer who just served them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from thongsuot.counters.models import Device, Ticket, TicketRating
from thongsuot.counters.rules import RATED_WITHIN
from thongsuot.counters.satisfaction import SATISFIED, SHOWN_FROM, Level, Reason
from thongsuot.kernel.errors import must_exist

WEEKS_SHOWN = 12


def to_rate_at(device: Device, *, now: datetime) -> Ticket | None:
    """The ticket last served at the machine's counter today, while it may be rated and nobody else is served. One query."""
    today = Ticket.objects.filter(point=device.point_id, day=timezone.localdate(now), counter=device.counter_id)
    latest = today.filter(served_at__isnull=False, state__in=["serving", "done"])
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


def weeks_over(today: date) -> list[date]:
    """Mondays of the weeks of which sums are shown, the latest first."""
    this = today - timedelta(days=today.weekday())
    return [this - timedelta(weeks=back) for back in range(1, WEEKS_SHOWN + 1)]


def satisfaction(house_id: int, *, week: date) -> Satisfaction:
    """Of the week that begins on that Monday (weeks_over). Three queries."""
    last = week + timedelta(days=6)
    tickets = Ticket.objects.filter(point=house_id, day__gte=week, day__lte=last, state=Ticket.State.DONE)
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
