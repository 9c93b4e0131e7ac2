"""How satisfied people were: at the machine on the counter, or on their own telephone. Once for each ticket."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters import events
from thongsuot.counters.actions import errors
from thongsuot.counters.models import Device, Ticket, TicketRating
from thongsuot.counters.rules import RATED_WITHIN, REASONS_WITHIN
from thongsuot.counters.satisfaction import Level, Reason
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.units import queries as units


@command
def rate_at(device_id: int, ticket_id: int, *, level: int, actor: Actor, at: datetime) -> TicketRating:
    """At the machine of the counter that served the ticket, soon afterwards.

    Raises NotFound, NotJoined, CannotRate, AlreadyRated, BadInput.
    """
    device = Device.objects.filter(pk=device_id, kind=Device.Kind.RATING, retired_at=None).first()
    if device is None:
        raise errors.NotJoined
    ticket = must_exist(Ticket.objects.select_for_update().filter(pk=ticket_id, counter=device.counter_id).first())
    # Sums of a day that is over do not change any more (queries.ratings).
    if ticket.ended_at is None or at - ticket.ended_at > RATED_WITHIN or ticket.day != timezone.localdate(at):
        raise errors.CannotRate
    return _rate(ticket, level, device=device, actor=actor, at=at)


@command
def rate_ticket(secret: str, *, level: int, actor: Actor, at: datetime) -> TicketRating:
    """By whoever holds the ticket, on its day. Raises NotFound, CannotRate, AlreadyRated, BadInput."""
    ticket = must_exist(Ticket.objects.select_for_update().filter(secret=secret).first())
    if ticket.day != timezone.localdate(at):
        raise errors.CannotRate
    return _rate(ticket, level, device=None, actor=actor, at=at)


@command
def give_reasons(rating_id: int, *, reasons: Collection[str], actor: Actor, at: datetime) -> TicketRating:
    """Why, right after rating; what was said before is replaced. Raises NotFound, CannotRate, BadInput."""
    rating = must_exist(
        TicketRating.objects.select_for_update(of=("self",)).select_related("ticket").filter(pk=rating_id).first()
    )
    if at - rating.rated_at > REASONS_WITHIN:
        raise errors.CannotRate
    if not set(reasons) <= set(Reason.values):
        raise BadInput({"reasons": _("Hãy chọn lý do trong danh sách.")})
    rating.reasons = sorted(set(reasons))
    rating.save(update_fields=["reasons"])
    unit_id = units.unit_of_point(rating.ticket.point_id)
    record(events.REASONS_GIVEN, rating.ticket, actor=actor, at=at, unit_id=unit_id)
    return rating


def _rate(ticket: Ticket, level: int, *, device: Device | None, actor: Actor, at: datetime) -> TicketRating:
    if ticket.state != Ticket.State.DONE:
        raise errors.CannotRate
    if TicketRating.objects.filter(ticket=ticket).exists():
        raise errors.AlreadyRated
    if level not in Level.values:
        raise BadInput({"level": _("Hãy chọn một trong năm mức.")})
    rating = TicketRating.objects.create(ticket=ticket, level=level, device=device, rated_at=at)
    # Without the level: officers read a ticket's history, and must not learn who gave which.
    record(events.RATED, ticket, actor=actor, at=at, unit_id=units.unit_of_point(ticket.point_id))
    return rating
