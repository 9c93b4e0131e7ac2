"""The catalogue as lists: search by words without marks, fields, counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import search_key
from thongsuot.procedures import content
from thongsuot.procedures.content import FeeRule
from thongsuot.procedures.models import Competence, ProcedureVersion
from thongsuot.procedures.queries.competence import rights_of_unit

PAGE = 50
# What people come for most at a commune's desk; real figures may put others here one day.
COMMON = ("2.000815", "1.001193", "2.000635", "1.000894", "1.004873", "1.001612")


@dataclass(frozen=True, kw_only=True)
class CatalogueRow:
    """One procedure in a list, as of a day."""

    version_id: int
    code: str
    name: str
    also_called: str
    field_code: str
    field: str
    limit: Limit
    channels: frozenset[int]
    fully_online: bool
    has_own_process: bool
    limit_is_unverified: bool
    competence_kind: str  # "" when no unit was asked for


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of a search. `total` counts all that match."""

    rows: list[CatalogueRow]
    total: int
    page: int
    pages: int


def catalogue(
    words: str = "",
    *,
    on: date,
    unit_id: int | None = None,
    field_code: str = "",
    kind: str = "",
    has_own_process: bool | None = None,
    page: int = 1,
) -> Found:
    """Procedures in force on a day whose name, code or field has all the words, with or without marks; the best first.

    With `unit_id` only what that unit resolves on the day; `kind` then filters by its competence. One query.
    """
    wanted = search_key(words).split()
    found = ProcedureVersion.objects.filter(in_force(on))
    for word in wanted[:12]:
        found = found.filter(procedure__search_key__contains=f" {word}")
    if field_code:
        found = found.filter(procedure__field__code=field_code)
    if has_own_process is not None:
        found = found.filter(has_own_process=has_own_process)
    rights = rights_of_unit(unit_id, on) if unit_id is not None else None
    if rights is not None:
        codes = [code for code, right in rights.items() if not kind or right.kind == kind]
        found = found.filter(procedure__code__in=codes)
    rows = _rows(found)
    if wanted:
        rows.sort(key=lambda row: _rank(wanted, row[1], search_key(row[2]), search_key(row[11])))
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(1, page), pages)
    return Found(
        rows=[_shown(row, rights[row[1]].kind if rights is not None else "") for row in rows[(page - 1) * PAGE : page * PAGE]],
        total=len(rows),
        page=page,
        pages=pages,
    )


def offered(*, unit_id: int, on: date) -> list[CatalogueRow]:
    """All that the unit resolves on a day, in Vietnamese order: what `catalogue` finds of it, in one piece. One query."""
    rights = rights_of_unit(unit_id, on)
    rows = _rows(ProcedureVersion.objects.filter(in_force(on), procedure__code__in=rights))
    return [_shown(row, rights[row[1]].kind) for row in rows]


def fee_rules(version_ids: Collection[int]) -> dict[int, tuple[FeeRule, ...]]:
    """By version. One query."""
    rows = ProcedureVersion.objects.filter(pk__in=version_ids).values_list("pk", "fee_rules")
    return {pk: content.read(tuple[FeeRule, ...], rules) for pk, rules in rows}


def counts_by_kind(*, unit_id: int, on: date) -> dict[str, int]:
    """How many procedures in force the unit resolves on that day, by kind of competence; kinds without any are 0."""
    rights = rights_of_unit(unit_id, on)
    versions = ProcedureVersion.objects.filter(in_force(on), procedure__code__in=rights)
    in_use = set(versions.values_list("procedure__code", flat=True))
    counts = dict.fromkeys(Competence.Kind.values, 0)
    for code, right in rights.items():
        if code in in_use:
            counts[right.kind] += 1
    return counts


@dataclass(frozen=True, kw_only=True)
class FieldRow:
    code: str
    name: str
    procedures: int


def fields(*, on: date) -> list[FieldRow]:
    """The fields with at least one procedure in force on that day, in Vietnamese order. One query."""
    rows = (
        ProcedureVersion.objects.filter(in_force(on))
        .values("procedure__field__code", "procedure__field__name", "procedure__field__sort_name")
        .annotate(procedures=Count("id"))
        .order_by("procedure__field__sort_name")
    )
    return [
        FieldRow(code=row["procedure__field__code"], name=row["procedure__field__name"], procedures=row["procedures"])
        for row in rows
    ]


def _rank(wanted: Iterable[str], code: str, name: str, also_called: str) -> tuple[int, int, int]:
    """Better first: the code itself, a name that begins so, the phrase in the name or in what people call it, whole words."""
    phrase = " ".join(wanted)
    if code.replace(".", " ") == phrase:
        return (0, 0, 0)
    if name.startswith(phrase):
        return (1, 0, len(name))
    if f" {phrase} " in f" {also_called} ":
        return (2, 0, len(name))
    if f" {phrase} " in f" {name} ":
        return (2, 1 + name.find(phrase), len(name))
    words = set(f"{name} {also_called}".split())
    return (3, sum(word not in words for word in phrase.split()), len(name))


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How many procedures in force have an e-process of their own, and how many work by the default one."""

    own: int
    default: int


def process_coverage(*, on: date) -> Coverage:
    counts = dict(ProcedureVersion.objects.filter(in_force(on)).values_list("has_own_process").annotate(Count("id")))
    return Coverage(own=counts.get(True, 0), default=counts.get(False, 0))


def these(codes: Iterable[str], *, on: date) -> list[CatalogueRow]:
    """The procedures of these codes that are in force on a day, in the order asked. One query."""
    order = {code: place for place, code in enumerate(codes)}
    rows = _rows(ProcedureVersion.objects.filter(in_force(on), procedure__code__in=order))
    return [_shown(row, "") for row in sorted(rows, key=lambda row: order[row[1]])]


def suggestions(words: str, *, on: date, most: int = 5) -> list[CatalogueRow]:
    """For a search that found nothing: the procedures that have most of its words, or words that begin alike. One query."""
    wanted = [word for word in search_key(words).split() if len(word) > 1][:12]
    if not wanted:
        return []
    scored = []
    for row in _rows(ProcedureVersion.objects.filter(in_force(on))):
        name = search_key(f"{row[2]} {row[11]}").split()
        score = sum(2 if word in name else any(part[:3] == word[:3] for part in name) for word in wanted)
        if score > 1:
            scored.append((-score, len(name), row))
    return [_shown(row, "") for *_, row in sorted(scored, key=lambda one: one[:2])[:most]]


_COLUMNS = (
    "id",
    "procedure__code",
    "name",
    "procedure__field__code",
    "procedure__field__name",
    "limit_value",
    "limit_unit",
    "channels",
    "fully_online",
    "has_own_process",
    "unverified",
    "also_called",
)


def _rows(versions: QuerySet[ProcedureVersion]) -> list[tuple[Any, ...]]:
    return list(versions.order_by("procedure__sort_name").values_list(*_COLUMNS))


def _shown(row: tuple[Any, ...], competence_kind: str) -> CatalogueRow:
    return CatalogueRow(
        version_id=row[0],
        code=row[1],
        name=row[2],
        also_called=row[11],
        field_code=row[3],
        field=row[4],
        limit=Limit(row[5], LimitUnit(row[6])),
        channels=frozenset(row[7]),
        fully_online=row[8],
        has_own_process=row[9],
        limit_is_unverified="limit" in row[10],
        competence_kind=competence_kind,
    )
