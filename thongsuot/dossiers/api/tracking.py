"""Where is a dossier? Asked more often than all else together: a good answer has a quick way of its own (config/quick.py)."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Router

from thongsuot.dossiers.api.bodies import TrackAnswer
from thongsuot.dossiers.api.wire import ENCODER, answer, published
from thongsuot.dossiers.models import Status
from thongsuot.dossiers.queries import tracking
from thongsuot.dossiers.queries.dates import pace_of
from thongsuot.kernel import clock
from thongsuot.units import queries as units

router = Router(tags=["dossiers"])


@router.get("/track/{code}", auth=None, summary="Where is a dossier?", openapi_extra=published(None, TrackAnswer))
def track(request: HttpRequest, code: str) -> HttpResponse:
    """For anyone who has the code; nothing personal."""
    return answer(_answer(code, clock.now()))


def tracked(code: str) -> bytes:
    """The same answer without the request. Raises NotFound."""
    return ENCODER.encode(_answer(code, clock.now()))


@cache
def _name(status: Status, language: str | None) -> str:
    return str(status.label)


def _answer(code: str, now: datetime) -> TrackAnswer:
    found = tracking.tracked(code)
    version, day = found.version, timezone.localdate(now)
    unit = units.unit_row(found.resolving_unit_id, as_of=day)
    resolving = receiving = responsible = unit.full_name
    if not unit.exists_on(day):  # ended there: its successor answers for it now
        responsible = units.unit_row(units.keeper_of(unit.id, on=day), as_of=day).full_name
    if found.receiving_unit_id != found.resolving_unit_id:
        receiving = units.unit_row(found.receiving_unit_id, as_of=day).full_name
    return TrackAnswer(
        code=found.code,
        procedure_code=version.code,
        procedure=version.name,
        status=found.status,
        status_name=_name(found.status, get_language()),
        resolving_unit=resolving,
        receiving_unit=receiving,
        responsible_unit=responsible,
        submitted_at=found.submitted_at,
        received_at=found.received_at,
        due_at=found.due_at,
        promised_at=found.promised_at,
        resolved_at=found.resolved_at,
        ended_at=found.ended_at,
        pace=pace_of(found, now=now),
    )
