"""Reads of the catalogue. What intake asks on every dossier is remembered: versions for ever, what is in force for seconds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F
from django.utils.translation import gettext as _

from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import day, search_key
from thongsuot.kernel.working_time import Limit, LimitUnit
from thongsuot.procedures import content, rules
from thongsuot.procedures.content import FeeRule, LegalBasis, Paper, ResultPaper, Step
from thongsuot.procedures.models import Competence, ProcedureVersion
from thongsuot.units import queries as units
from thongsuot.units.remember import FOR_EVER, remembered

# What an administrator publishes is seen by every process within this time; by the publishing process at once.
SOON = 5.0
PAGE = 50


class UnknownProcedure(TellPerson):
    code = "procedures.unknown"
    status = 404

    def __init__(self, procedure_code: str) -> None:
        self.procedure_code = procedure_code

    def message(self) -> str:
        return _("Không tìm thấy thủ tục này. Hãy kiểm tra lại mã, hoặc tìm theo tên thủ tục.")

    def details(self) -> dict[str, object]:
        return {"procedure": self.procedure_code}


class NotInForce(TellPerson):
    """The procedure is known, but no version of it holds on that day."""

    code = "procedures.not_in_force"

    def __init__(self, procedure_code: str, on: date, begins_on: date | None) -> None:
        self.procedure_code, self.on, self.begins_on = procedure_code, on, begins_on

    def message(self) -> str:
        if self.begins_on is not None:
            return _("Thủ tục %(code)s áp dụng từ ngày %(day)s. Hãy quay lại từ ngày đó.") % {
                "code": self.procedure_code, "day": day(self.begins_on)}
        return _("Thủ tục %(code)s không còn áp dụng vào ngày %(day)s. Hãy hỏi quầy hướng dẫn để biết thủ tục thay thế.") % {
            "code": self.procedure_code, "day": day(self.on)}

    def details(self) -> dict[str, object]:
        return {"procedure": self.procedure_code, "on": self.on.isoformat(),
                "begins_on": self.begins_on.isoformat() if self.begins_on else None}


class NotCompetent(TellPerson):
    """The unit has, on that day, no power to resolve the procedure, and had none that ended."""

    code = "procedures.not_competent"

    def __init__(self, procedure_code: str, unit_id: int, on: date, begins_on: date | None = None) -> None:
        self.procedure_code, self.unit_id, self.on, self.begins_on = procedure_code, unit_id, on, begins_on

    def message(self) -> str:
        if self.begins_on is not None:
            return _("Đơn vị này giải quyết thủ tục %(code)s từ ngày %(day)s. "
                     "Trước ngày đó, hãy nộp tại nơi đang có thẩm quyền.") % {
                "code": self.procedure_code, "day": day(self.begins_on)}
        return _("Đơn vị này không có thẩm quyền giải quyết thủ tục %(code)s. "
                 "Hãy chọn đơn vị khác trong mục “Nơi giải quyết”.") % {"code": self.procedure_code}

    def details(self) -> dict[str, object]:
        return {"procedure": self.procedure_code, "unit": self.unit_id, "on": self.on.isoformat(),
                "begins_on": self.begins_on.isoformat() if self.begins_on else None}


class CompetenceEnded(TellPerson):
    """The unit was competent until a day that is past: a delegation ran out, or the power went elsewhere."""

    code = "procedures.competence_ended"

    def __init__(self, procedure_code: str, unit_id: int, ended_on: date, kind: str) -> None:
        self.procedure_code, self.unit_id, self.ended_on, self.kind = procedure_code, unit_id, ended_on, kind

    def message(self) -> str:
        facts = {"code": self.procedure_code, "day": day(self.ended_on)}
        if self.kind == Competence.Kind.DELEGATED:
            return _("Ủy quyền giải quyết thủ tục %(code)s cho đơn vị này đã hết từ ngày %(day)s. "
                     "Hãy chuyển người nộp đến cơ quan ủy quyền, hoặc đề nghị gia hạn ủy quyền.") % facts
        return _("Đơn vị này thôi giải quyết thủ tục %(code)s từ ngày %(day)s. "
                 "Hãy chọn đơn vị đang có thẩm quyền trong mục “Nơi giải quyết”.") % facts

    def details(self) -> dict[str, object]:
        return {"procedure": self.procedure_code, "unit": self.unit_id, "kind": self.kind,
                "ended_on": self.ended_on.isoformat()}


@dataclass(frozen=True, kw_only=True)
class VersionView:
    """What a procedure says: the version a dossier is received, processed and judged under."""

    id: int
    procedure_id: int
    code: str
    name: str
    field: str
    number: int
    limit: Limit
    extension_days: int
    papers: tuple[Paper, ...]
    fee_rules: tuple[FeeRule, ...]
    results: tuple[ResultPaper, ...]
    steps: tuple[Step, ...]
    form_schema: dict[str, Any]
    channels: frozenset[int]
    non_boundary: bool
    fully_online: bool
    has_own_process: bool
    legal_basis: tuple[LegalBasis, ...]
    unverified: frozenset[str]  # rules.PARTS that no text was read for
    source: str
    source_url: str
    valid_from: date


@dataclass(frozen=True, kw_only=True)
class CompetenceView:
    """By what right a unit resolves a procedure. `unit_id` None: as every unit of its level in the city."""

    id: int
    procedure_id: int
    code: str
    city_id: int
    unit_id: int | None
    level: str
    kind: str
    body_kind: str
    basis: str
    basis_is_assumed: bool
    valid_from: date
    valid_to: date | None


# -- versions ----------------------------------------------------------------------------------------------------------

_VERSION = ("id", "procedure_id", "name", "number", "limit_value", "limit_unit", "extension_days", "papers", "fee_rules",
            "results", "steps", "form_schema", "channels", "non_boundary", "fully_online", "has_own_process", "legal_basis",
            "unverified", "source", "source_url", "valid_from")


@remembered(seconds=FOR_EVER)
def version(version_id: int) -> VersionView:
    """A version by its id, also one no longer in force. It never changes, so it is remembered. Raises UnknownProcedure."""
    row = ProcedureVersion.objects.filter(pk=version_id).values(
        *_VERSION, code=F("procedure__code"), field=F("procedure__field__name")).first()
    if row is None:
        raise UnknownProcedure(str(version_id))
    return VersionView(
        **{key: row[key] for key in ("id", "procedure_id", "code", "name", "field", "number", "extension_days", "non_boundary",
                                     "fully_online", "has_own_process", "source", "source_url", "valid_from")},
        limit=Limit(row["limit_value"], LimitUnit(row["limit_unit"])),
        papers=content.read(tuple[Paper, ...], row["papers"]),
        fee_rules=content.read(tuple[FeeRule, ...], row["fee_rules"]),
        results=content.read(tuple[ResultPaper, ...], row["results"]),
        steps=content.read(tuple[Step, ...], row["steps"]),
        form_schema=rules.ordered(row["form_schema"]),
        channels=frozenset(row["channels"]),
        legal_basis=content.read(tuple[LegalBasis, ...], row["legal_basis"]),
        unverified=frozenset(row["unverified"]),
    )


@remembered(seconds=SOON)
def _periods() -> dict[str, list[tuple[date, date | None, int]]]:
    """Every version's period by procedure code, oldest first: which one holds on a day is then no query."""
    periods: dict[str, list[tuple[date, date | None, int]]] = {}
    rows = ProcedureVersion.objects.order_by("valid_from").values_list("procedure__code", "valid_from", "valid_to", "id")
    for code, valid_from, valid_to, version_id in rows:
        periods.setdefault(code, []).append((valid_from, valid_to, version_id))
    return periods


def version_in_force(code: str, *, on: date) -> VersionView:
    """The version that holds on that day. Raises UnknownProcedure, NotInForce."""
    periods = _periods().get(code)
    if periods is None:
        raise UnknownProcedure(code)
    for valid_from, valid_to, version_id in periods:
        if valid_from <= on and (valid_to is None or on < valid_to):
            return version(version_id)
    raise NotInForce(code, on, next((valid_from for valid_from, *_ in periods if on < valid_from), None))


# -- competence --------------------------------------------------------------------------------------------------------

_COMPETENCE = ("id", "procedure_id", "city_id", "unit_id", "level", "kind", "body_kind", "basis", "basis_is_assumed",
               "valid_from", "valid_to")


@remembered(seconds=SOON)
def _competences() -> dict[str, list[CompetenceView]]:
    """Every competence by procedure code, a unit's own before its level's, the latest first."""
    found: dict[str, list[CompetenceView]] = {}
    rows = Competence.objects.order_by(F("unit_id").asc(nulls_last=True), "-valid_from")
    for row in rows.values(*_COMPETENCE, code=F("procedure__code")):
        found.setdefault(row["code"], []).append(CompetenceView(**row))
    return found


def competence(code: str, *, unit_id: int, on: date) -> CompetenceView:
    """By what right the unit resolves the procedure on that day; its own right before that of its level.

    Raises UnknownProcedure, NotCompetent, CompetenceEnded, UnitNotFound.
    """
    if code not in _periods():
        raise UnknownProcedure(code)
    unit = units.unit_row(unit_id, as_of=on)
    city_id = units.city_of(unit_id)
    ever = [view for view in _competences().get(code, ())
            if view.unit_id == unit_id or (view.unit_id is None and view.city_id == city_id and view.level == unit.level)]
    for view in ever:
        if view.valid_from <= on and (view.valid_to is None or on < view.valid_to):
            return view
    ended = [view for view in ever if view.valid_to is not None and view.valid_to <= on]
    if ended:
        last = max(ended, key=lambda view: view.valid_to or date.max)
        raise CompetenceEnded(code, unit_id, last.valid_to or on, last.kind)
    raise NotCompetent(code, unit_id, on, min((view.valid_from for view in ever), default=None))


def competent_unit_ids(code: str, *, city_id: int, on: date) -> frozenset[int]:
    """The units of a city that resolve the procedure on that day; empty when none does."""
    ids: set[int] = set()
    for view in _competences().get(code, ()):
        if view.city_id != city_id or not (view.valid_from <= on and (view.valid_to is None or on < view.valid_to)):
            continue
        if view.unit_id is not None:
            ids.add(view.unit_id)
        elif view.level == "province":
            ids.add(city_id)
        else:
            below = units.unit_rows(units.unit_ids_under(city_id, as_of=on), as_of=on)
            ids |= {unit.id for unit in below.values() if unit.level == view.level}
    return frozenset(ids)


# -- catalogue ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CatalogueRow:
    """One procedure in a list, as of a day."""

    version_id: int
    code: str
    name: str
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
    words: str = "", *, on: date, unit_id: int | None = None, field_code: str = "", kind: str = "",
    has_own_process: bool | None = None, page: int = 1,
) -> Found:
    """Procedures in force on a day whose name, code or field has all the words, with or without marks; the best first.

    With `unit_id` only what that unit resolves on the day; `kind` then filters by its competence. One query.
    """
    wanted = search_key(words).split()
    found = ProcedureVersion.objects.filter(in_force(on))
    for word in wanted[:12]:
        found = found.filter(procedure__search_key__contains=word)
    if field_code:
        found = found.filter(procedure__field__code=field_code)
    if has_own_process is not None:
        found = found.filter(has_own_process=has_own_process)
    rights = _rights(unit_id, on) if unit_id is not None else None
    if rights is not None:
        codes = [code for code, right in rights.items() if not kind or right.kind == kind]
        found = found.filter(procedure__code__in=codes)
    rows = list(found.order_by("procedure__sort_name").values_list(
        "id", "procedure__code", "name", "procedure__field__code", "procedure__field__name", "limit_value", "limit_unit",
        "channels", "fully_online", "has_own_process", "unverified"))
    if wanted:
        rows.sort(key=lambda row: _rank(wanted, row[1], search_key(row[2])))
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(1, page), pages)
    return Found(
        rows=[
            CatalogueRow(version_id=row[0], code=row[1], name=row[2], field_code=row[3], field=row[4],
                         limit=Limit(row[5], LimitUnit(row[6])), channels=frozenset(row[7]), fully_online=row[8],
                         has_own_process=row[9], limit_is_unverified="limit" in row[10],
                         competence_kind=rights[row[1]].kind if rights is not None else "")
            for row in rows[(page - 1) * PAGE: page * PAGE]
        ],
        total=len(rows), page=page, pages=pages,
    )


def counts_by_kind(*, unit_id: int, on: date) -> dict[str, int]:
    """How many procedures in force the unit resolves on that day, by kind of competence; kinds without any are 0."""
    rights = _rights(unit_id, on)
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
    rows = (ProcedureVersion.objects.filter(in_force(on))
            .values("procedure__field__code", "procedure__field__name", "procedure__field__sort_name")
            .annotate(procedures=Count("id")).order_by("procedure__field__sort_name"))
    return [FieldRow(code=row["procedure__field__code"], name=row["procedure__field__name"], procedures=row["procedures"])
            for row in rows]


def _rights(unit_id: int, on: date) -> dict[str, CompetenceView]:
    """What the unit resolves on that day, by procedure code."""
    unit, city_id = units.unit_row(unit_id, as_of=on), units.city_of(unit_id)
    rights: dict[str, CompetenceView] = {}
    for code, views in _competences().items():
        for view in views:
            mine = view.unit_id == unit_id or (view.unit_id is None and view.city_id == city_id and view.level == unit.level)
            if mine and view.valid_from <= on and (view.valid_to is None or on < view.valid_to):
                rights[code] = view
                break
    return rights


def _rank(wanted: Iterable[str], code: str, name: str) -> tuple[int, int, int]:
    """Better first: the code itself, the name that begins so, the phrase in the name, whole words; then the shorter name."""
    phrase = " ".join(wanted)
    if code.replace(".", " ") == phrase:
        return (0, 0, 0)
    if name.startswith(phrase):
        return (1, 0, len(name))
    if f" {phrase} " in f" {name} ":
        return (2, name.find(phrase), len(name))
    words = set(name.split())
    return (3, sum(word not in words for word in phrase.split()), len(name))
