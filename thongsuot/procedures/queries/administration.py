"""What administrators see of the catalogue: versions, rights and imports with their pasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F

from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.history import HistoryRow, history_of
from thongsuot.procedures.models import CatalogueImport, Competence, Procedure, ProcedureVersion
from thongsuot.procedures.queries.versions import UnknownProcedure
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    id: int
    number: int
    name: str
    valid_from: date
    valid_to: date | None
    published_at: datetime
    published_by: str
    has_own_process: bool
    source: str


def version_rows(code: str) -> list[VersionRow]:
    """Every version of a procedure, the newest first. One query. Raises UnknownProcedure."""
    columns = ("id", "number", "name", "valid_from", "valid_to", "published_at", "has_own_process", "source")
    rows = ProcedureVersion.objects.filter(procedure__code=code).order_by("-valid_from")
    found = [VersionRow(**row) for row in rows.values(*columns, published_by=F("published_by_name"))]
    if not found:
        raise UnknownProcedure(code)
    return found


@dataclass(frozen=True, kw_only=True)
class CompetenceRow:
    """A right, also an ended one. `holder` is the unit's name today, empty when it is every unit of a level."""

    id: int
    code: str
    holder: str
    level: str
    kind: str
    body_kind: str
    basis: str
    basis_is_assumed: bool
    valid_from: date
    valid_to: date | None
    is_over: bool


def competence_rows(code: str, *, city_id: int, on: date) -> list[CompetenceRow]:
    """Every right to resolve a procedure in a city, those in force first."""
    found = Competence.objects.filter(procedure__code=code, city_id=city_id)
    rows = list(found.select_related("procedure").order_by("-valid_from"))
    names = units.unit_rows([row.unit_id for row in rows if row.unit_id is not None], as_of=on)
    shown = [_competence(row, names, on) for row in rows]
    return sorted(shown, key=lambda row: row.is_over)


def competence_row(competence_id: int, *, city_id: int, on: date) -> CompetenceRow:
    """One right of a city. Raises NotFound."""
    row = must_exist(Competence.objects.filter(pk=competence_id, city_id=city_id).select_related("procedure").first())
    return _competence(row, units.unit_rows([row.unit_id] if row.unit_id is not None else [], as_of=on), on)


def _competence(row: Competence, names: dict[int, units.UnitRow], on: date) -> CompetenceRow:
    return CompetenceRow(
        id=row.pk,
        code=row.procedure.code,
        holder=names[row.unit_id].full_name if row.unit_id in names else "",
        level=row.level,
        kind=row.kind,
        body_kind=row.body_kind,
        basis=row.basis,
        basis_is_assumed=row.basis_is_assumed,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        is_over=row.valid_to is not None and row.valid_to <= on,
    )


DELEGATION_WARNING_DAYS = 60
"""How long before its end a delegation is warned of; a help of this system, no legal figure."""


@dataclass(frozen=True, kw_only=True)
class DelegationRow:
    """A delegation with its end, as administrators watch it. Vietnamese: ủy quyền."""

    id: int
    code: str
    procedure: str
    holder: str
    basis: str
    valid_from: date
    ends_on: date
    days_left: int
    state: str  # over, soon, later


def delegations(*, city_id: int, on: date) -> list[DelegationRow]:
    """Every delegation of a city: those that end soon first, then the later ones, at last those that are over. Two queries."""
    found = Competence.objects.filter(city_id=city_id, kind=Competence.Kind.DELEGATED, valid_to__isnull=False)
    rows = list(found.select_related("procedure").order_by("valid_to", "id"))
    names = units.unit_rows([row.unit_id for row in rows if row.unit_id is not None], as_of=on)
    shown = []
    for row in rows:
        assert row.valid_to is not None  # constraint delegation_has_an_end
        left = (row.valid_to - on).days
        shown.append(
            DelegationRow(
                id=row.pk,
                code=row.procedure.code,
                procedure=row.procedure.name,
                holder=names[row.unit_id].full_name if row.unit_id in names else "",
                basis=row.basis,
                valid_from=row.valid_from,
                ends_on=row.valid_to,
                days_left=left,
                state="over" if left <= 0 else "soon" if left <= DELEGATION_WARNING_DAYS else "later",
            )
        )
    return sorted(shown, key=lambda row: row.state == "over")


def known(code: str) -> bool:
    """Is there a procedure of this code, in force or not?"""
    return Procedure.objects.filter(code=code).exists()


def kind_of(code: str) -> str:
    """Whose code it is: `Procedure.Kind`. Raises UnknownProcedure."""
    kind = Procedure.objects.filter(code=code).values_list("kind", flat=True).first()
    if kind is None:
        raise UnknownProcedure(code)
    return kind


def history(code: str) -> list[HistoryRow]:
    """What happened to a procedure, oldest first. Raises UnknownProcedure."""
    procedure = Procedure.objects.filter(code=code).first()
    if procedure is None:
        raise UnknownProcedure(code)
    return history_of(procedure)


@dataclass(frozen=True, kw_only=True)
class ImportRow:
    """A file read in. `rejected` holds {"row", "code", "reason"} of each line that was not loaded."""

    id: int
    file_name: str
    imported_at: datetime
    imported_by: str
    loaded: int
    unchanged: int
    kept: int
    rejected: list[dict[str, Any]]


def imports(*, city_id: int, most: int = 20) -> list[ImportRow]:
    """The latest imports of a city, the newest first."""
    rows = CatalogueImport.objects.filter(city_id=city_id).order_by("-imported_at", "-id")[:most]
    return [_import(row) for row in rows]


def import_report(import_id: int, *, city_id: int) -> ImportRow:
    """What became of one file. Raises NotFound."""
    row = must_exist(CatalogueImport.objects.filter(pk=import_id, city_id=city_id).first())
    return _import(row)


def _import(row: CatalogueImport) -> ImportRow:
    return ImportRow(
        id=row.pk,
        file_name=row.file_name,
        imported_at=row.imported_at,
        imported_by=row.imported_by_name,
        loaded=row.loaded,
        unchanged=row.unchanged,
        kept=row.kept,
        rejected=row.rejected,
    )
