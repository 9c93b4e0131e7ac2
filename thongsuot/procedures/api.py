"""JSON over HTTP: the catalogue, one procedure with its form, what a dossier would cost. Open to everyone, as the pages are."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from thongsuot.kernel import clock
from thongsuot.kernel.deadlines import Limit
from thongsuot.kernel.errors import BadInput
from thongsuot.procedures import queries, rules
from thongsuot.procedures.content import Subject
from thongsuot.procedures.forms import clean_form_data
from thongsuot.units import queries as units

router = Router(tags=["procedures"])

Code = Annotated[str, Field(max_length=20, examples=["2.000815"])]
Quantity = Annotated[int, Field(ge=0, le=10_000)]
PAGES = 1_000


class LimitOut(Schema):
    """`value` says nothing when the unit is same_day: received up to the cut-off, due the same day."""

    value: int
    unit: str


class ProcedureRow(Schema):
    code: str
    name: str
    also_called: str
    field: str
    limit: LimitOut
    channels: list[int]
    fully_online: bool
    has_own_process: bool
    limit_is_unverified: bool
    competence: str


class ProcedureList(Schema):
    items: list[ProcedureRow]
    total: int
    page: int
    pages: int


class ProcedureOut(Schema):
    """What a procedure says on a day. `unverified` names the parts for which no text was read."""

    code: str
    name: str
    field: str
    version: int
    valid_from: date
    limit: LimitOut
    extension_days: int
    subjects: list[Subject]
    channels: list[int]
    fully_online: bool
    non_boundary: bool
    has_own_process: bool
    papers: list[dict[str, Any]]
    fee_rules: list[dict[str, Any]]
    results: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    legal_basis: list[dict[str, Any]]
    decision_number: str
    decision_on: date | None
    form_schema: dict[str, Any]
    unverified: list[str]
    source: str
    source_url: str
    changes_on: date | None


class CompetenceOut(Schema):
    """By what right a unit resolves a procedure. `of_the_unit` false: as every unit of its level in the city."""

    procedure: str
    unit: str
    of_the_unit: bool
    kind: str
    body_kind: str
    basis: str
    basis_is_assumed: bool
    valid_from: date
    valid_to: date | None


class FeesIn(Schema):
    """Either a filled-in form, which is checked and counted, or the quantities themselves."""

    channel: Annotated[int, Field(ge=1, le=3)] = 1
    quantities: Annotated[dict[str, Quantity], Field(max_length=20)] = {}
    exemptions: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] = []
    form: dict[str, Any] | None = None
    on: date | None = None


class FeeLineOut(Schema):
    code: str
    name: str
    kind: str
    amount_dong: int
    how: str
    basis: str
    to_check: bool


class FeesOut(Schema):
    lines: list[FeeLineOut]
    total_dong: int


@router.get("/procedures", response=ProcedureList, summary="Search the catalogue")
def list_procedures(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200, description="Words of name, code or field, with or without marks")] = "",
    unit: Annotated[str, Query(pattern=r"^(\d{2}([0-9A-Z]{3})?)?$", description="Code of a unit: only what it resolves")] = "",
    field: Annotated[str, Query(max_length=120, description="Slug of a field")] = "",
    on: date | None = None,
    page: Annotated[int, Query(ge=1, le=PAGES)] = 1,
) -> dict[str, Any]:
    """Procedures in force on a day (today when left out), the best match first."""
    day = on or clock.today()
    unit_id = units.unit_by_code(unit, as_of=day).id if unit else None
    found = queries.catalogue(q, on=day, unit_id=unit_id, field_code=field, page=page)
    return {
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "items": [
            {
                "code": row.code,
                "name": row.name,
                "also_called": row.also_called,
                "field": row.field,
                "limit": _limit(row.limit),
                "channels": sorted(row.channels),
                "fully_online": row.fully_online,
                "has_own_process": row.has_own_process,
                "limit_is_unverified": row.limit_is_unverified,
                "competence": row.competence_kind,
            }
            for row in found.rows
        ],
    }


@router.get("/procedures/{code}", response=ProcedureOut, summary="One procedure, with its form as JSON Schema")
def get_procedure(request: HttpRequest, code: Code, on: date | None = None) -> dict[str, Any]:
    """Problems: procedures.unknown (404), procedures.not_in_force (409)."""
    day = on or clock.today()
    view = queries.version_in_force(code, on=day)
    return {
        "code": view.code,
        "name": view.name,
        "field": view.field,
        "version": view.number,
        "valid_from": view.valid_from,
        "limit": _limit(view.limit),
        "extension_days": view.extension_days,
        "subjects": sorted(view.subjects),
        "channels": sorted(view.channels),
        "fully_online": view.fully_online,
        "non_boundary": view.non_boundary,
        "has_own_process": view.has_own_process,
        "papers": _whole(view.papers),
        "fee_rules": _whole(view.fee_rules),
        "results": _whole(view.results),
        "steps": _whole(view.steps),
        "legal_basis": _whole(view.legal_basis),
        "decision_number": view.decision_number,
        "decision_on": view.decision_on,
        "form_schema": view.form_schema,
        "unverified": sorted(view.unverified),
        "source": view.source,
        "source_url": view.source_url,
        "changes_on": queries.next_change(code, on=day),
    }


@router.get("/procedures/{code}/competence", response=CompetenceOut, summary="May a unit resolve it, and by what right")
def get_competence(
    request: HttpRequest, code: Code, unit: Annotated[str, Query(pattern=r"^\d{2}([0-9A-Z]{3})?$")], on: date | None = None
) -> dict[str, Any]:
    """Problems: procedures.not_competent, procedures.competence_ended with the day it ended (409)."""
    day = on or clock.today()
    found = queries.competence(code, unit_id=units.unit_by_code(unit, as_of=day).id, on=day)
    return {
        "procedure": found.code,
        "unit": unit,
        "of_the_unit": found.unit_id is not None,
        "kind": found.kind,
        "body_kind": found.body_kind,
        "basis": found.basis,
        "basis_is_assumed": found.basis_is_assumed,
        "valid_from": found.valid_from,
        "valid_to": found.valid_to,
    }


@router.post("/procedures/{code}/fees", response=FeesOut, summary="What a dossier would cost")
def compute_fees(request: HttpRequest, code: Code, body: FeesIn) -> dict[str, Any]:
    """Stores nothing. Problems: kernel.bad_input (422) names each field; unknown exemptions change nothing."""
    day = body.on or clock.today()
    view = queries.version_in_force(code, on=day)
    if body.form is not None:
        try:
            data = clean_form_data(view.form_schema, body.form, on=day)
        except BadInput as refusal:
            raise BadInput({f"form.{field}": sentence for field, sentence in refusal.problems.items()}) from refusal
        lines = rules.fees_for_form(
            view.fee_rules, schema=view.form_schema, data=data, channel=body.channel, exemptions=body.exemptions, on=day
        )
    else:
        lines = rules.fees_due(
            view.fee_rules, channel=body.channel, quantities=body.quantities, exemptions=body.exemptions, on=day
        )
    return {
        "lines": [
            {
                "code": line.code,
                "name": line.name,
                "kind": line.kind,
                "amount_dong": line.amount_dong,
                "how": line.how,
                "basis": line.basis,
                "to_check": line.to_check,
            }
            for line in lines
        ],
        "total_dong": sum(line.amount_dong for line in lines),
    }


def _limit(limit: Limit) -> dict[str, Any]:
    return {"value": limit.value, "unit": limit.unit.value}


def _whole(pieces: tuple[msgspec.Struct, ...]) -> list[dict[str, Any]]:
    """Every field of each piece, also the usual ones that storage leaves out."""
    return [{name: msgspec.to_builtins(getattr(piece, name)) for name in piece.__struct_fields__} for piece in pieces]
