"""Each time that somebody was served at a counter: the latest of a ticket stands in it, those before in `Service`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Count

from thongsuot.counters.models import Service, Ticket

# Beside each ticket `t`: what came before its latest time at a counter. n: how often; first_at: when somebody came up first;
# again_at: since when it waited the last time; away: at counters, or gone to fetch what was missing, which is no waiting.
EARLIER = """
  LEFT JOIN LATERAL (SELECT count(*) AS n, min(from_at) AS first_at, max(again_at) AS again_at,
                            coalesce(sum(again_at - from_at), interval '0') AS away,
                            coalesce(sum(until_at - from_at), interval '0') AS lasted
                       FROM counters_service WHERE ticket_id = t.id) e ON true
"""
# How long a ticket waited in all, until it was served the last time; null: never served.
WAITED = "(coalesce(t.served_at, e.again_at) - t.taken_at - e.away)"
# Whether the latest time at a counter has a known end.
TIMED = "(t.served_at IS NOT NULL AND t.ended_at IS NOT NULL AND NOT t.expired)"

_BY_OFFICER = """
SELECT p.full_name, count(*), avg(lasted)
  FROM (SELECT served_by_id AS person_id, CASE WHEN NOT expired THEN ended_at - served_at END AS lasted FROM counters_ticket
         WHERE point_id = %(house)s AND day BETWEEN %(first)s AND %(last)s AND served_by_id IS NOT NULL
         UNION ALL
        SELECT s.person_id, s.until_at - s.from_at FROM counters_service s JOIN counters_ticket t ON t.id = s.ticket_id
         WHERE t.point_id = %(house)s AND t.day BETWEEN %(first)s AND %(last)s) one
  JOIN people_person p ON p.id = one.person_id
 GROUP BY p.id, p.full_name
 ORDER BY 2 DESC, p.full_name, p.id
"""


class OfOfficer(NamedTuple):
    name: str
    served: int
    mean: timedelta | None


def by_officer(house_id: int, *, first: date, last: date) -> list[OfOfficer]:
    """How often each served somebody at a point in those days, and how long on average. Most first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_OFFICER, {"house": house_id, "first": first, "last": last})
        return [OfOfficer(*row) for row in cursor.fetchall()]


def count_on(house_ids: Iterable[int], *, on: date) -> dict[int, int]:
    """How often somebody was served in each house on that day. Two queries."""
    houses = list(house_ids)
    latest = Ticket.objects.filter(point__in=houses, day=on, served_at__isnull=False).values_list("point")
    found = dict(latest.annotate(n=Count("pk")).order_by())
    before = Service.objects.filter(ticket__point__in=houses, ticket__day=on).values_list("ticket__point")
    for house_id, count in before.annotate(n=Count("pk")).order_by():
        found[house_id] = found.get(house_id, 0) + count
    return found
