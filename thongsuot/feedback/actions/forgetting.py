"""Names and addresses end: of who sent a ticket, some time after it ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from thongsuot.feedback import events
from thongsuot.feedback.models import Reporter
from thongsuot.feedback.queries.settings import setting
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotYourDuty, must_exist

_MOST_AT_ONCE = 2000


def to_forget(*, at: datetime) -> list[int]:
    """Reporters of tickets that ended long enough ago, by the number of days of their city."""
    found: list[int] = []
    day = timezone.localdate(at)
    waiting = Reporter.objects.filter(forgotten_at=None, ticket__ended_at__isnull=False)
    for city_id in waiting.values_list("ticket__city_id", flat=True).annotate(first=Min("at")).order_by().distinct():
        before = at - timedelta(days=setting("forget_days", city_id=city_id, on=day))
        rows = waiting.filter(ticket__city_id=city_id, at__lt=before, ticket__ended_at__lt=before).order_by("at")
        found += rows.values_list("pk", flat=True)[:_MOST_AT_ONCE]
    return found


@command
def forget_sender(reporter_id: int, *, actor: Actor, at: datetime) -> Reporter:
    """By the house alone. Raises NotYourDuty, NotFound."""
    if not actor.trusted:
        raise NotYourDuty("take feedback")
    rows = Reporter.objects.select_for_update(of=("self",)).select_related("ticket")
    reporter = must_exist(rows.filter(pk=reporter_id, forgotten_at=None).first())
    reporter.person, reporter.name, reporter.phone, reporter.email, reporter.network = None, "", "", "", ""
    reporter.forgotten_at = at
    reporter.save()
    record(events.FORGOTTEN, reporter.ticket, actor=actor, at=at, unit_id=reporter.ticket.unit_id)
    return reporter
