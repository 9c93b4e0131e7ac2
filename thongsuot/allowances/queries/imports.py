"""Old lists: who may open one, what became of its rows, what all lists of a month came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from thongsuot.allowances.models import AllowanceImport, AllowanceRow
from thongsuot.allowances.queries.keeping import keeps
from thongsuot.allowances.rules.roll import REASONS, in_words
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound
from thongsuot.units import queries as units

KEPT = timedelta(days=90)  # what rows say that did not come in
OUT = (AllowanceRow.State.TO_CORRECT, AllowanceRow.State.REJECTED)
WAITING = (AllowanceImport.Status.READING, AllowanceImport.Status.PREVIEWED, AllowanceImport.Status.STORING)


def import_for(import_id: int, *, actor: Actor) -> AllowanceImport:
    """The one guarded way to an import. Raises NotFound."""
    found = AllowanceImport.objects.filter(pk=import_id).select_related("file__blob").first()
    if found is None or not keeps(actor, found.unit_id):
        raise NotFound
    return found


def _of(unit_ids: Collection[int]) -> QuerySet[AllowanceImport]:
    return AllowanceImport.objects.filter(unit_id__in=list(unit_ids))


def import_count(*, unit_ids: Collection[int]) -> int:
    return _of(unit_ids).count()


def imports(*, unit_ids: Collection[int], limit: int, offset: int = 0) -> list[AllowanceImport]:
    """The latest first."""
    return list(_of(unit_ids).order_by("-sent_at", "-id")[offset : offset + limit])


@dataclass(frozen=True, kw_only=True)
class MonthOfImports:
    """All lists of one month together: rows = stored + to correct + rejected + those of files that wait."""

    month: date
    files: int
    waiting: int
    rows_in: int
    stored: int
    to_correct: int
    rejected: int
    good: int


def months_of_imports(*, unit_ids: Collection[int], limit: int = 12) -> list[MonthOfImports]:
    """The latest months first; refused and discarded files brought nothing. One query."""
    ended = [AllowanceImport.Status.REFUSED, AllowanceImport.Status.DISCARDED]
    sums = (
        _of(unit_ids)
        .exclude(status__in=ended)
        .values("month")
        .annotate(
            files=Count("pk"),
            waiting=Count("pk", filter=Q(status__in=WAITING)),
            **{name: Sum(name) for name in ("rows_in", "stored", "to_correct", "rejected", "good")},
        )
    )
    found: Any = sums.order_by("-month")[:limit]
    return [MonthOfImports(**row) for row in found]


_BY_REASON = """
SELECT reason, count(*) FROM allowances_allowancerow, unnest(reasons) AS reason WHERE source_id = %s GROUP BY 1 ORDER BY 2 DESC
"""


def by_reason(sent: AllowanceImport) -> list[tuple[str, int]]:
    """In words, the commonest first; what stands behind a code (a unit, a month) is left out."""
    counts: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_BY_REASON, [sent.pk])
        for code, count in cursor.fetchall():
            counts[code.partition(":")[0]] += count
    return [(str(REASONS[code]) % {"more": "…"}, count) for code, count in counts.most_common() if code in REASONS]


def rows_out(sent: AllowanceImport) -> QuerySet[AllowanceRow]:
    """Those that did not come in, in the order of the file."""
    return sent.rows.filter(state__in=OUT).order_by("place")


def out_with_reasons(sent: AllowanceImport) -> Iterator[tuple[AllowanceRow, str]]:
    """Every row that did not come in, read in pieces."""
    rows = rows_out(sent).iterator(chunk_size=2_000)
    while piece := list(islice(rows, 2_000)):
        for row, why in zip(piece, why_out(piece, on=sent.month), strict=True):
            yield row, " ".join(why)


def why_out(rows: Iterable[AllowanceRow], *, on: date) -> list[list[str]]:
    """Why each row did not come in. One query for the names of units."""
    codes = [row.reasons for row in rows]
    named = {code.partition(":")[2] for reasons in codes for code in reasons}
    found = units.unit_rows({int(one) for one in named if one.isdecimal()}, as_of=on)
    names = {str(unit_id): row.full_name for unit_id, row in found.items()}
    return [in_words(reasons, names) for reasons in codes]


def forgotten(sent: AllowanceImport, *, at: datetime) -> bool:
    """Nothing of what its rows said is kept any more."""
    return sent.sent_at < at - KEPT


def to_discard(*, at: datetime) -> list[int]:
    """Files that nobody brought in or refused to within that time."""
    waiting = AllowanceImport.objects.filter(status=AllowanceImport.Status.PREVIEWED, sent_at__lt=at - KEPT)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def to_forget(*, at: datetime) -> list[int]:
    """Imports with rows that did not come in and whose time is over."""
    full = AllowanceRow.objects.filter(source__sent_at__lt=at - KEPT, state__in=OUT).exclude(cells={})
    return list(full.order_by("source_id").values_list("source_id", flat=True).distinct())
