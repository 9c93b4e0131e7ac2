"""Recordings whose time is over, those that could not be deleted, those that somebody may demand."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from thongsuot.hotline.actions.common import settings_on
from thongsuot.hotline.actions.forgetting import held
from thongsuot.hotline.models import Call, RecordingHold


def past_their_time(city_id: int, *, now: datetime) -> QuerySet[Call]:
    """Not held; those that nobody tried to delete yet first, so that what fails each night keeps nothing else."""
    before = now - timedelta(days=settings_on(city_id, timezone.localdate(now)).recording_days)
    rows = Call.objects.filter(city=city_id, ended_at__lt=before).exclude(recording="").exclude(holds__in=held())
    return rows.order_by(F("deletion_tried_at").asc(nulls_first=True), "ended_at")


def undeleted(city_id: int) -> QuerySet[Call]:
    """Asked for in vain, the oldest first."""
    return Call.objects.filter(city=city_id).exclude(recording="").exclude(deletion_trouble="").order_by("ended_at", "pk")


def holds(city_id: int) -> QuerySet[RecordingHold]:
    return held().filter(call__city=city_id).select_related("call").order_by("held_at")


def hold_of(call: Call) -> RecordingHold | None:
    return held().filter(call=call).first()
