"""Opinions asked of a unit's bodies: what waits for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from thongsuot.dossiers.models import Opinion
from thongsuot.dossiers.queries.urgent import Urgent, most_urgent
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.procedures import queries as procedures


@dataclass(frozen=True, kw_only=True)
class OpinionRow:
    """A question with as much of its dossier as an answer needs."""

    id: int
    dossier_id: int
    resolving_unit_id: int
    code: str
    procedure: str
    body: str
    question: str
    asked_by: str
    asked_at: datetime
    answer_until: datetime
    late: bool


def open_opinions(actor: Actor, *, now: datetime) -> Urgent[OpinionRow]:
    """Those without an answer, the most urgent first. One query, two when there are more than are shown."""
    found = Opinion.objects.filter(answered_at=None, body__unit_id__in=actor.units_for("process dossiers"))
    ordered = found.select_related("dossier", "body").order_by("answer_until", "id")
    return most_urgent(ordered, lambda shown: [_row(opinion, now) for opinion in shown])


def opinion_for(opinion_id: int, *, actor: Actor, now: datetime) -> OpinionRow:
    """One that waits for an answer of the actor's units. Raises NotFound. One query."""
    found = Opinion.objects.filter(pk=opinion_id, answered_at=None, body__unit_id__in=actor.units_for("process dossiers"))
    opinion = must_exist(found.select_related("dossier", "body").first())
    return _row(opinion, now)


def _row(opinion: Opinion, now: datetime) -> OpinionRow:
    dossier = opinion.dossier
    return OpinionRow(
        id=opinion.pk,
        dossier_id=dossier.pk,
        resolving_unit_id=dossier.resolving_unit_id,
        code=str(dossier),
        procedure=procedures.version(dossier.version_id).name,
        body=opinion.body.name,
        question=opinion.question,
        asked_by=opinion.asked_by_name,
        asked_at=opinion.asked_at,
        answer_until=opinion.answer_until,
        late=opinion.answer_until < now,
    )
