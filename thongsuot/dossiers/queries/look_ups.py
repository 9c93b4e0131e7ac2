"""Who looked into a dossier: for the officers of its units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from thongsuot.dossiers.models import Dossier
from thongsuot.people.models import LookUp
from thongsuot.people.rules import field_label


@dataclass(frozen=True, kw_only=True)
class LookRow:
    at: datetime
    by: str
    post: str
    what: tuple[str, ...]
    reason: str


def looks_at(dossier: Dossier, *, limit: int = 50) -> list[LookRow]:
    """The latest first. One query."""
    looks = LookUp.objects.filter(subject=dossier._meta.label_lower, subject_id=dossier.pk)
    return [
        LookRow(
            at=row.at, by=row.by_name, post=row.by_post, what=tuple(field_label(name) for name in row.fields), reason=row.reason
        )
        for row in looks.order_by("-at", "-pk")[:limit]
    ]
