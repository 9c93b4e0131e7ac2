"""The lists of the digitising desk: to check, to scan, to sign."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from thongsuot.dossiers.models import Component, Digitisation

QUEUES = ("kiem-tra", "quet", "ky")
_GOOD = (Digitisation.State.ACCEPTED, Digitisation.State.NOT_PICKED)


def counts(unit_ids: Collection[int]) -> dict[str, int]:
    """How many wait in each list of these units. Three queries."""
    return {which: _found(which, unit_ids).count() for which in QUEUES}


def rows(which: str, unit_ids: Collection[int], *, limit: int, offset: int) -> list[Any]:
    """Scans (`Digitisation`), or for "quet" the components to be scanned; the oldest first. One query."""
    return list(_found(which, unit_ids)[offset : offset + limit])


def _found(which: str, unit_ids: Collection[int]) -> QuerySet[Any]:
    if which == "quet":
        good = Digitisation.objects.filter(component=OuterRef("pk")).exclude(state=Digitisation.State.REJECTED)
        open_ones = Q(dossier__ended_at=None, dossier__received_at__isnull=False, dossier__receiving_unit_id__in=list(unit_ids))
        return (
            Component.objects.filter(open_ones, ~Exists(good), how=Component.How.SCANNED)
            .select_related("dossier")
            .order_by("dossier__due_at", "pk")
        )
    scans = (
        Digitisation.objects.filter(unit_id__in=list(unit_ids))
        .select_related("component__dossier")
        .order_by("scanned_at", "pk")
    )
    if which == "ky":
        return scans.filter(state__in=_GOOD, signed_at=None, file__blob__content_type="application/pdf")
    return scans.filter(state=Digitisation.State.WAITING)


def next_to_check(unit_ids: Collection[int], *, not_by: int | None) -> int | None:
    """The oldest scan that this person may look over; None when there is none."""
    waiting = Digitisation.objects.filter(unit_id__in=list(unit_ids), state=Digitisation.State.WAITING)
    if not_by is not None:
        waiting = waiting.exclude(scanned_by_id=not_by)
    return waiting.order_by("scanned_at", "pk").values_list("pk", flat=True).first()
