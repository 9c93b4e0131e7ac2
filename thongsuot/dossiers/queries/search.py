"""Finding dossiers by code, name, ID number or telephone; the logbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from thongsuot.dossiers import rules
from thongsuot.dossiers.models import Dossier, Status
from thongsuot.dossiers.queries.worklist import units_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.text import search_key
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.procedures import queries as procedures

MOST = 50


@dataclass(frozen=True, kw_only=True)
class FoundRow:
    id: int
    code: str
    procedure: str
    owner_name: str
    status: Status
    tag: str
    received_at: datetime | None
    due_at: datetime | None


def found(words: str, *, actor: Actor) -> list[FoundRow]:
    """Dossiers of the actor's units, open or not, newest first: at most 50. One query.

    A code or its beginning; digits for an ID number or a telephone; else words of the owner's name, without marks, in any order.
    """
    words = words.strip()
    if not words:
        return []
    mine = units_of(actor)
    dossiers = Dossier.objects.filter(Q(resolving_unit_id__in=mine) | Q(receiving_unit_id__in=mine))
    digits = re.sub(r"[\s.\-]", "", words)
    code = rules.typed_code(words)
    if re.match(r"^([A-Z]\d{2}[.\-]|TS-)", code):
        dossiers = dossiers.filter(Q(code__startswith=code) | Q(submission_code=code))
    elif digits.isdigit() and len(digits) >= 9:
        dossiers = dossiers.filter(Q(owner_id_number=digits) | Q(owner_phone=digits))
    else:
        names = [word for word in search_key(words).split() if word][:8]
        if not names:
            return []
        query = SearchQuery(" & ".join(f"{name}:*" for name in names), search_type="raw", config="simple")
        dossiers = dossiers.annotate(owner_words=SearchVector("owner_search", config="simple")).filter(owner_words=query)
    return [_row(dossier) for dossier in dossiers.order_by("-id")[:MOST]]


def _row(dossier: Dossier) -> FoundRow:
    return FoundRow(
        id=dossier.pk, code=str(dossier), procedure=procedures.version(dossier.version_id).name, owner_name=dossier.owner_name,
        status=Status(dossier.status), tag=rules.TAGS[dossier.status], received_at=dossier.received_at, due_at=dossier.due_at,
    )


@dataclass(frozen=True, kw_only=True)
class LogbookRow:
    """One line of the logbook (Form 06): sổ theo dõi hồ sơ."""

    code: str
    procedure_code: str
    procedure: str
    quantity: int
    owner_name: str
    address: str
    phone: str
    channel: str
    received_at: datetime
    due_at: datetime
    resolved_at: datetime | None
    returned_at: datetime | None
    on_time: bool | None
    return_by: str
    status: str


def logbook(*, unit_ids: frozenset[int], first: date, last: date) -> Iterator[LogbookRow]:
    """Dossiers received from `first` to `last`, in order of reception."""
    starts = datetime.combine(first, datetime.min.time(), VIET_NAM)
    ends = datetime.combine(last + timedelta(days=1), datetime.min.time(), VIET_NAM)
    dossiers: QuerySet[Dossier] = Dossier.objects.filter(
        resolving_unit_id__in=unit_ids, received_at__gte=starts, received_at__lt=ends
    ).order_by("received_at", "id")
    for dossier in dossiers.iterator(chunk_size=2000):
        version = procedures.version(dossier.version_id)
        assert dossier.code and dossier.received_at and dossier.due_at  # constraint dossier_code_once_received
        yield LogbookRow(
            code=dossier.code, procedure_code=version.code, procedure=version.name, quantity=1, owner_name=dossier.owner_name,
            address=dossier.owner_address, phone=dossier.owner_phone, channel=str(dossier.get_channel_display()),
            received_at=dossier.received_at, due_at=dossier.due_at, resolved_at=dossier.resolved_at,
            returned_at=dossier.ended_at if dossier.status == Status.RETURNED else None,
            on_time=None if dossier.resolved_at is None else rules.resolved_on_time(dossier.resolved_at, dossier.due_at),
            return_by=str(dossier.get_return_by_display()), status=str(Status(dossier.status).label),
        )
