"""Who looked into a dossier: for the officers of its units; and whether someone's looking was noted within the hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from thongsuot.dossiers.models import Dossier
from thongsuot.people.models import LookUp
from thongsuot.people.rules import field_label

ONE_LOOK = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class LookRow:
    at: datetime
    by: str
    post: str
    what: tuple[str, ...]
    reason: str


def looks_at(dossier: Dossier, *, limit: int = 50) -> list[LookRow]:
    """The latest first. One query."""
    found = _of(dossier).order_by("-at", "-pk")[:limit]
    return [
        LookRow(
            at=row.at, by=row.by_name, post=row.by_post, what=tuple(field_label(name) for name in row.fields), reason=row.reason
        )
        for row in found
    ]


def looked_lately(dossier: Dossier, person_id: int | None, *, now: datetime) -> bool:
    """Has this person's looking been noted within the hour? One query."""
    return _of(dossier).filter(by_id=person_id, at__gt=now - ONE_LOOK).exists()


def _of(dossier: Dossier) -> QuerySet[LookUp]:
    return LookUp.objects.filter(subject=dossier._meta.label_lower, subject_id=dossier.pk)
