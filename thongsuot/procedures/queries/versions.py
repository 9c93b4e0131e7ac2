"""Versions: by id, remembered for ever; which one is in force on a day, remembered for seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.remember import FOR_EVER, remembered
from thongsuot.kernel.text import day
from thongsuot.procedures import content, rules
from thongsuot.procedures.content import FeeRule, LegalBasis, Paper, ResultPaper, Step, Subject
from thongsuot.procedures.models import ProcedureVersion

# What an administrator publishes is seen by every process within this time; by the publishing process at once.
SOON = 5.0


class UnknownProcedure(TellPerson):
    code = "procedures.unknown"
    status = 404
    says = _("Không tìm thấy thủ tục này. Hãy kiểm tra lại mã, hoặc tìm theo tên thủ tục.")

    def __init__(self, procedure_code: str) -> None:
        self.procedure_code = procedure_code

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
                "code": self.procedure_code,
                "day": day(self.begins_on),
            }
        return _("Thủ tục %(code)s không còn áp dụng vào ngày %(day)s. Hãy hỏi quầy hướng dẫn để biết thủ tục thay thế.") % {
            "code": self.procedure_code,
            "day": day(self.on),
        }

    def details(self) -> dict[str, object]:
        return {
            "procedure": self.procedure_code,
            "on": self.on.isoformat(),
            "begins_on": self.begins_on.isoformat() if self.begins_on else None,
        }


@dataclass(frozen=True, kw_only=True)
class VersionView:
    """What a procedure says: the version a dossier is received, processed and judged under."""

    id: int
    procedure_id: int
    code: str
    name: str
    also_called: str
    field: str
    number: int
    limit: Limit
    extension_days: int
    papers: tuple[Paper, ...]
    fee_rules: tuple[FeeRule, ...]
    results: tuple[ResultPaper, ...]
    steps: tuple[Step, ...]
    form_schema: dict[str, Any]
    subjects: frozenset[Subject]
    channels: frozenset[int]
    non_boundary: bool
    fully_online: bool
    has_own_process: bool
    legal_basis: tuple[LegalBasis, ...]
    decision_number: str  # of the decision that made it public; empty when it is not known
    decision_on: date | None
    unverified: frozenset[str]  # rules.PARTS that no text was read for
    source: str
    source_url: str
    valid_from: date


_VERSION = (
    "id",
    "procedure_id",
    "name",
    "also_called",
    "number",
    "limit_value",
    "limit_unit",
    "extension_days",
    "papers",
    "fee_rules",
    "results",
    "steps",
    "form_schema",
    "subjects",
    "channels",
    "non_boundary",
    "fully_online",
    "has_own_process",
    "legal_basis",
    "decision_number",
    "decision_on",
    "unverified",
    "source",
    "source_url",
    "valid_from",
)


@remembered(seconds=FOR_EVER)
def version(version_id: int) -> VersionView:
    """A version by its id, also one no longer in force. It never changes, so it is remembered. Raises UnknownProcedure."""
    row = (
        ProcedureVersion.objects.filter(pk=version_id)
        .values(*_VERSION, code=F("procedure__code"), field=F("procedure__field__name"))
        .first()
    )
    if row is None:
        raise UnknownProcedure(str(version_id))
    return VersionView(
        **{
            key: row[key]
            for key in (
                "id",
                "procedure_id",
                "code",
                "name",
                "also_called",
                "field",
                "number",
                "extension_days",
                "non_boundary",
                "fully_online",
                "has_own_process",
                "decision_number",
                "decision_on",
                "source",
                "source_url",
                "valid_from",
            )
        },
        limit=Limit(row["limit_value"], LimitUnit(row["limit_unit"])),
        papers=content.read(tuple[Paper, ...], row["papers"]),
        fee_rules=content.read(tuple[FeeRule, ...], row["fee_rules"]),
        results=content.read(tuple[ResultPaper, ...], row["results"]),
        steps=content.read(tuple[Step, ...], row["steps"]),
        form_schema=rules.ordered(row["form_schema"]),
        subjects=frozenset(Subject(one) for one in row["subjects"]),
        channels=frozenset(row["channels"]),
        legal_basis=content.read(tuple[LegalBasis, ...], row["legal_basis"]),
        unverified=frozenset(row["unverified"]),
    )


def draft_of(view: VersionView) -> rules.Draft:
    """A version as the draft of the next one: the same content, to change a part of it."""
    return rules.Draft(
        name=view.name,
        field=view.field,
        limit=view.limit,
        also_called=view.also_called,
        extension_days=view.extension_days,
        papers=view.papers,
        fee_rules=view.fee_rules,
        results=view.results,
        steps=view.steps if view.has_own_process else (),
        form_schema=view.form_schema,
        subjects=view.subjects,
        channels=view.channels,
        fully_online=view.fully_online,
        non_boundary=view.non_boundary,
        legal_basis=view.legal_basis,
        decision_number=view.decision_number,
        decision_on=view.decision_on,
        unverified=view.unverified,
        source=view.source,
        source_url=view.source_url,
    )


@remembered(seconds=SOON)
def periods() -> dict[str, list[tuple[date, date | None, int]]]:
    """Every version's period by procedure code, oldest first: which one holds on a day is then no query."""
    return _periods()


def _periods(**narrowed: str) -> dict[str, list[tuple[date, date | None, int]]]:
    found: dict[str, list[tuple[date, date | None, int]]] = {}
    rows = ProcedureVersion.objects.filter(**narrowed).order_by("valid_from")
    for code, valid_from, valid_to, version_id in rows.values_list("procedure__code", "valid_from", "valid_to", "id"):
        found.setdefault(code, []).append((valid_from, valid_to, version_id))
    return found


def version_in_force(code: str, *, on: date, as_stored: bool = False) -> VersionView:
    """The version that holds on that day. Raises UnknownProcedure, NotInForce.

    as_stored  ask the rows, not the memory of some seconds: for who builds on the answer under a lock
    """
    known = (_periods(procedure__code=code) if as_stored else periods()).get(code)
    if known is None:
        raise UnknownProcedure(code)
    for valid_from, valid_to, version_id in known:
        if valid_from <= on and (valid_to is None or on < valid_to):
            return version(version_id)
    raise NotInForce(code, on, next((valid_from for valid_from, _to, _id in known if on < valid_from), None))


def next_change(code: str, *, on: date) -> date | None:
    """The first day after `on` from which another version is announced."""
    return next((valid_from for valid_from, _to, _id in periods().get(code, []) if valid_from > on), None)
