"""Recordings whose time is over, or whose callers are forgotten; those that could not be deleted; those that are held."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from thongsuot.hotline.actions.common import settings_on
from thongsuot.hotline.actions.forgetting import held
from thongsuot.hotline.models import Call, CallBack, CallNotice, CallRecording, CallTicket, RecordingHold

_KEPT = ~Q(recording="") | Q(pk__in=CallRecording.objects.values("call"))  # of any leg
_GONE = Q(ticket__reporter__forgotten_at__isnull=False)


def of_forgotten() -> QuerySet[Call]:
    """Calls that brought a ticket, the first or a further one, whose sender is forgotten; not those that are held."""
    further = CallTicket.objects.filter(_GONE).values("call")
    return Call.objects.filter(_GONE | Q(pk__in=further)).exclude(holds__in=held())


def traceable(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Those of which still something here says who rang."""
    noted = CallBack.objects.exclude(note="").values("call")
    told = CallNotice.objects.filter(call=OuterRef("pk"))
    return calls.filter(Q(caller__isnull=False) | Exists(told) | Q(pk__in=noted)).order_by("pk")


def past_their_time(city_id: int, *, now: datetime) -> QuerySet[Call]:
    """Or of a caller who is forgotten. Not held; those that nobody tried to delete yet first, so that what fails each night
    keeps nothing else.
    """
    before = now - timedelta(days=settings_on(city_id, timezone.localdate(now)).recording_days)
    over = Q(ended_at__lt=before) | Q(pk__in=of_forgotten().values("pk"))
    rows = Call.objects.filter(over, _KEPT, city=city_id).exclude(holds__in=held())
    return rows.order_by(F("deletion_tried_at").asc(nulls_first=True), "ended_at")


def undeleted(city_id: int) -> QuerySet[Call]:
    """Asked for in vain, the oldest first."""
    rows = Call.objects.filter(_KEPT, city=city_id).exclude(deletion_trouble="").prefetch_related("further_recordings")
    return rows.order_by("ended_at", "pk")


def holds(city_id: int) -> QuerySet[RecordingHold]:
    return held().filter(call__city=city_id).select_related("call").order_by("held_at")


def hold_of(call: Call) -> RecordingHold | None:
    return held().filter(call=call).first()
