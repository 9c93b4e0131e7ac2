"""A drill: one test ticket for every unit, through the door that real ones come by, in a number series of its own."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.utils import timezone

from thongsuot.feedback import events
from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.common import MANAGE, State, locked_city
from thongsuot.feedback.actions.routing import ended, sent_to
from thongsuot.feedback.models import FeedbackTicket, Reporter, Routing
from thongsuot.feedback.queries.readiness import units_that_answer
from thongsuot.feedback.rules.routing import Way
from thongsuot.feedback.words import Channel, PlaceBy, Stream, WithheldReason
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.text import search_key
from thongsuot.numbering.actions import draw
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

SERIES = "feedback.drill"
WORDS = (
    "PHẢN ÁNH THỬ, KHÔNG CÓ VIỆC THẬT. Thành phố kiểm tra đường chuyển phản ánh đến từng đơn vị. "
    "Đơn vị hãy bấm nhận, ghi trả lời “Đã nhận được phản ánh thử” và trình duyệt."
)
SENDER = "Quản trị phản ánh của thành phố"


@command
def send_drill(city_id: int, *, actor: Actor, at: datetime) -> list[FeedbackTicket]:
    """To every unit that answers. Never published, reminded of, or numbered among real ones.

    Raises NotYourDuty, DrillRuns, NobodyToDrill.
    """
    actor.must(MANAGE, unit_id=city_id)
    day, city = timezone.localdate(at), locked_city(city_id)
    if FeedbackTicket.objects.filter(city=city, drill=True, ended_at=None).exists():
        raise errors.DrillRuns
    told = units_that_answer(city_id, on=day)
    if not told:
        raise errors.NobodyToDrill
    code, tickets = units.unit_row(city_id, as_of=day).code, []
    for unit in told:
        ward = unit.level == Unit.Level.COMMUNE
        number, _given = draw(SERIES, unit_id=city_id, bucket=str(day.year), at=at)
        ticket = FeedbackTicket.objects.create(
            city=city,
            drill=True,
            number=f"THU{code}-{day:%y}-{number:06d}",
            secret=secrets.token_urlsafe(24),
            stream=Stream.SCENE,
            channel=Channel.APP,
            words=WORDS,
            search_key=search_key(WORDS),
            place_unit_id=unit.id if ward else None,
            place_by=PlaceBy.UNIT if ward else "",
            masked=True,
            withheld=WithheldReason.ASKED,
            reported_at=at,
        )
        Reporter.objects.create(ticket=ticket, name=SENDER, at=at)
        sent_to(ticket, Way(unit_id=unit.id, because=Routing.Because.OPERATOR, place_by=ticket.place_by), actor=actor, at=at)
        tickets.append(ticket)
    record(events.DRILL_SENT, city, actor=actor, at=at, unit_id=city_id, tickets=len(tickets))
    return tickets


@command
def close_drill(city_id: int, *, actor: Actor, at: datetime) -> int:
    """Nobody works on it any more, answered or not; how many units answered. Raises NotYourDuty, NoDrill."""
    actor.must(MANAGE, unit_id=city_id)
    city = locked_city(city_id)
    rows = FeedbackTicket.objects.select_for_update(of=("self",)).filter(city=city, drill=True, ended_at=None)
    tickets = list(rows.order_by("pk"))
    if not tickets:
        raise errors.NoDrill
    # Of the whole drill, also where one ended by itself.
    whole = FeedbackTicket.objects.filter(city=city, drill=True, reported_at=tickets[-1].reported_at)
    answered = whole.filter(answered_at__isnull=False).count()
    for ticket in tickets:
        ended(ticket, State.CLOSED, at)
        record(events.CLOSED, ticket, actor=actor, at=at, unit_id=ticket.unit_id, drill=True)
    record(events.DRILL_CLOSED, city, actor=actor, at=at, unit_id=city_id, tickets=len(tickets), answered=answered)
    return answered
