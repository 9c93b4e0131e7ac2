"""E-processes: the draft that is being drawn, and which procedures have a process of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from thongsuot.kernel.periods import in_force
from thongsuot.procedures import content
from thongsuot.procedures.content import Step
from thongsuot.procedures.models import Competence, ProcedureVersion, ProcessDraft
from thongsuot.procedures.queries.competence import CompetenceView, rights_of_level, rights_of_unit


@dataclass(frozen=True, kw_only=True)
class DraftView:
    """A draft as stored. `token` goes back with what is changed, so that nobody overwrites what they did not see."""

    token: str
    steps: tuple[Step, ...]
    changed_at: datetime
    changed_by: str


def process_draft(code: str) -> DraftView | None:
    """The draft of a procedure's e-process, if somebody is drawing one. One query."""
    row = ProcessDraft.objects.filter(procedure__code=code).first()
    if row is None:
        return None
    return DraftView(
        token=row.token,
        steps=content.read(tuple[Step, ...], row.steps),
        changed_at=row.changed_at,
        changed_by=row.changed_by_name,
    )


@dataclass(frozen=True, kw_only=True)
class ProcessRow:
    """A procedure a commune resolves on a day: by what right, by which text, and by whose process.

    is_new       the commune did not have it on the day it is compared with
    is_drafted   somebody is drawing a process for it
    """

    code: str
    name: str
    field_code: str
    field: str
    has_own_process: bool
    is_drafted: bool
    is_new: bool
    kind: str
    body_kind: str
    basis: str
    basis_is_assumed: bool
    right_from: date
    right_to: date | None
    legal_texts: int
    basis_is_unverified: bool


def commune_processes(*, city_id: int, on: date, since: date, unit_id: int | None = None) -> list[ProcessRow]:
    """Everything a commune (or, with `unit_id` None, every commune of the city) resolves on a day, by field and name.

    since  compared with that day, `is_new` tells what came after it
    """
    rights = _rights(city_id, unit_id, on)
    before = set(_in_force_codes(_rights(city_id, unit_id, since), since))
    drafted = set(ProcessDraft.objects.values_list("procedure__code", flat=True))
    columns = (
        "procedure__code",
        "name",
        "procedure__field__code",
        "procedure__field__name",
        "has_own_process",
        "legal_basis",
        "unverified",
    )
    versions = ProcedureVersion.objects.filter(in_force(on), procedure__code__in=rights)
    found = []
    for code, name, field_code, field, own, texts, unverified in versions.order_by(
        "procedure__field__sort_name", "procedure__sort_name"
    ).values_list(*columns):
        right = rights[code]
        found.append(
            ProcessRow(
                code=code,
                name=name,
                field_code=field_code,
                field=field,
                has_own_process=own,
                is_drafted=code in drafted,
                is_new=code not in before,
                kind=right.kind,
                body_kind=right.body_kind,
                basis=right.basis,
                basis_is_assumed=right.basis_is_assumed,
                right_from=right.valid_from,
                right_to=right.valid_to,
                legal_texts=len(texts),
                basis_is_unverified="basis" in unverified,
            )
        )
    return found


def _rights(city_id: int, unit_id: int | None, on: date) -> dict[str, CompetenceView]:
    return rights_of_level(city_id, "commune", on) if unit_id is None else rights_of_unit(unit_id, on)


def _in_force_codes(rights: Mapping[str, CompetenceView], on: date) -> list[str]:
    versions = ProcedureVersion.objects.filter(in_force(on), procedure__code__in=rights)
    return list(versions.values_list("procedure__code", flat=True))


@dataclass(frozen=True, kw_only=True)
class ProcessCounts:
    """The figures over a list of procedures. `by_kind` has every kind of right, also those with none."""

    total: int
    own: int
    default: int
    new: int
    without_basis: int
    by_kind: dict[str, int]
    by_field: list[tuple[str, str, int, int]]  # code, name, all, with the generic process


def process_counts(rows: Sequence[ProcessRow]) -> ProcessCounts:
    fields: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    kinds = dict.fromkeys(Competence.Kind.values, 0)
    for row in rows:
        names[row.field_code] = row.field
        of_field = fields.setdefault(row.field_code, [0, 0])
        of_field[0] += 1
        of_field[1] += not row.has_own_process
        kinds[row.kind] += 1
    own = sum(row.has_own_process for row in rows)
    return ProcessCounts(
        total=len(rows),
        own=own,
        default=len(rows) - own,
        new=sum(row.is_new for row in rows),
        without_basis=sum(lacks_basis(row) for row in rows),
        by_kind=kinds,
        by_field=[(code, names[code], count[0], count[1]) for code, count in fields.items()],
    )


def lacks_basis(row: ProcessRow) -> bool:
    """No legal text of its own was read for it, or no text that gives the right to this commune."""
    return row.legal_texts == 0 or row.basis_is_unverified or row.basis_is_assumed
