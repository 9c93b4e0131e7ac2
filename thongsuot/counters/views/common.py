"""What the pages share: who comes in, and to which point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from thongsuot.counters import away, topics
from thongsuot.counters.actions.common import must_work_in, works_in
from thongsuot.counters.models import Ticket
from thongsuot.counters.queries import hall as queries
from thongsuot.counters.rules import ARRANGE, SERVE
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.people.queries import body_of_unit
from thongsuot.units import queries as units
from thongsuot.units.queries import PointRow
from thongsuot.web import pulses
from thongsuot.web.request import actor_of


def lines(request: HttpRequest, house_id: int, *, device_id: int | None = None) -> dict[str, str]:
    """How a page of the hall follows it: the line that tells when, and where the page goes on while that is cut."""
    elsewhere = away.address_of(house_id, request.path, device_id=device_id)
    return {"follows": pulses.address(request, topics.hall(house_id)), "elsewhere": elsewhere}


def follow_address(ticket: Ticket) -> str:
    """What the code on a slip says: where its holder follows the number."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('counters:follow', args=[ticket.secret])}"


@dataclass(frozen=True, kw_only=True)
class Here:
    """An officer in a point's hall. `serves`, `arranges`: what they may do there; `run_by`: the body with its unit."""

    actor: Actor
    house_id: int
    point: PointRow
    unit: str
    run_by: str
    serves: bool
    arranges: bool


def here(request: HttpRequest, point_id: int, *, day: date, duty: str = "") -> Here:
    """Whoever may serve or arrange there, or has the one duty that is asked for. Raises NotFound, NotYourDuty."""
    actor = actor_of(request)
    house_id, point = queries.point_of(point_id, on=day)
    serves, arranges = (works_in(house_id, one, actor=actor, on=day) for one in (SERVE, ARRANGE))
    allowed = {SERVE: serves, ARRANGE: arranges, "": serves or arranges}[duty]
    if not allowed:
        must_work_in(house_id, duty or SERVE, actor=actor, at=clock.now())
    unit = units.unit_row(point.unit_id, as_of=day).full_name
    run_by = body_of_unit(point.managed_by_name, point.managed_by_unit_id, day)
    return Here(actor=actor, house_id=house_id, point=point, unit=unit, run_by=run_by, serves=serves, arranges=arranges)
