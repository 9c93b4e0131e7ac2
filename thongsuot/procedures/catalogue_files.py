"""Our own data files as drafts: `data/catalogue.csv`, and one file per procedure with complete content in `data/procedures`.

What each column means, and what is assumed where nothing was read, is told in `data/README.md`.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.procedures import content
from thongsuot.procedures.content import FeeRule, LegalBasis, Paper, ResultPaper, Step, Subject
from thongsuot.procedures.rules import Draft

DATA = Path(__file__).parent / "data"
PORTAL_FEE = "Mức thu ghi trên Cổng Dịch vụ công quốc gia, chưa rõ điều kiện áp dụng"

_KINDS_OF_TEXT = (
    (re.compile(r"NĐ-CP$"), "Nghị định"),
    (re.compile(r"/TTLT-"), "Thông tư liên tịch"),
    (re.compile(r"/TT-"), "Thông tư"),
    (re.compile(r"/QĐ-|^QĐ "), "Quyết định"),
    (re.compile(r"/NQ-"), "Nghị quyết"),
    (re.compile(r"/QH\d+$"), "Luật"),
    (re.compile(r"/UBTVQH\d+$"), "Pháp lệnh"),
)


@dataclass(frozen=True, kw_only=True)
class Right:
    """Why every commune of the city resolves it, and from when."""

    valid_from: date
    kind: str
    body_kind: str
    basis: str
    basis_is_assumed: bool


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A procedure as shipped: its versions from old to new, and the communes' right to resolve it."""

    code: str
    versions: tuple[tuple[date, Draft], ...]
    right: Right


def entries() -> Iterator[Entry]:
    """The whole shipped catalogue, by code."""
    complete = {path.stem: path for path in sorted((DATA / "procedures").glob("*.json"))}
    with (DATA / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            versions = versions_of(complete[row["code"]]) if row["code"] in complete else (_plain_version(row),)
            yield Entry(
                code=row["code"],
                versions=versions,
                right=Right(
                    valid_from=date.fromisoformat(row["since"]),
                    kind=row["competence_kind"],
                    body_kind=row["body"],
                    basis=row["competence_basis"],
                    basis_is_assumed=row["competence_is"] != "read",
                ),
            )


def complete_codes() -> list[str]:
    """The procedures shipped with complete content."""
    return sorted(path.stem for path in (DATA / "procedures").glob("*.json"))


def versions_of(path: Path) -> tuple[tuple[date, Draft], ...]:
    """The versions of one complete procedure. A broken file raises: it is ours, and a test reads them all."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    return tuple((date.fromisoformat(one["valid_from"]), _complete(whole, one)) for one in whole["versions"])


def examples_of(code: str) -> dict[str, dict[str, Any]]:
    """A filled-in form that is accepted ("good") and one that is not ("bad")."""
    whole = json.loads((DATA / "procedures" / f"{code}.json").read_text(encoding="utf-8"))
    examples: dict[str, dict[str, Any]] = whole["examples"]
    return examples


def text_title(number: str) -> str:
    """The number of a legal text with its kind: 120/2025/NĐ-CP becomes Nghị định 120/2025/NĐ-CP."""
    kind = next((kind for pattern, kind in _KINDS_OF_TEXT if pattern.search(number)), "")
    return number if not kind or number.startswith(kind) else f"{kind} {number}"


def _complete(whole: Mapping[str, Any], one: Mapping[str, Any]) -> Draft:
    return Draft(
        name=whole["name"],
        field=whole["field"],
        also_called=whole.get("also_called", ""),
        limit=Limit(one["limit"]["value"], LimitUnit(one["limit"]["unit"])),
        extension_days=one["extension_days"],
        papers=content.read(tuple[Paper, ...], one["papers"]),
        fee_rules=content.read(tuple[FeeRule, ...], one["fee_rules"]),
        results=content.read(tuple[ResultPaper, ...], one["results"]),
        steps=content.read(tuple[Step, ...], one["steps"]),
        form_schema=one["form"],
        subjects=frozenset(Subject(subject) for subject in whole["subjects"]),
        channels=frozenset(one["channels"]),
        fully_online=one["fully_online"],
        non_boundary=one["non_boundary"],
        legal_basis=content.read(tuple[LegalBasis, ...], one["legal_basis"]),
        unverified=frozenset(one["unverified"]),
        source=whole["source"],
    )


def _source(row: Mapping[str, str]) -> str:
    """Where it was read, for people; the file itself keeps every place."""
    year, month = row["as_of"].split("-")[:2]
    read = f"Cổng Dịch vụ công quốc gia, đọc tháng {month}/{year}"
    elsewhere = re.search(r"limit: ([^(;]+)", row["source"])
    return f"{read}; thời hạn theo {elsewhere[1].strip()}" if elsewhere and row["limit_is"] == "other_city" else read


def _plain_version(row: Mapping[str, str]) -> tuple[date, Draft]:
    since = date.fromisoformat(row["since"])
    fee_rules: tuple[FeeRule, ...] = ()
    if row["fee_is"] == "stated":
        fee_rules = (
            FeeRule(
                code="stated",
                name="Mức thu",
                kind="fee",
                basis=PORTAL_FEE,
                valid_from=since,
                amount_dong=int(row["fee_dong"]),
                to_check=True,
            ),
        )
    read = {
        "fees": row["fee_is"] == "free",
        "limit": row["limit_is"] == "certain",
        "channels": bool(row["channels"]),
        "basis": bool(row["legal_basis"]),
    }
    unverified = {"papers", "steps", *(part for part, was_read in read.items() if not was_read)}
    texts = row["legal_basis"].split("|") if row["legal_basis"] else [row["competence_basis"]]
    results = [one.split(" ", 1) for one in row["results"].split("|") if one]
    return since, Draft(
        name=row["name"],
        field=row["field"],
        limit=Limit(int(row["limit_value"]), LimitUnit(row["limit_unit"])),
        fee_rules=fee_rules,
        results=tuple(ResultPaper(code=code, name=name) for code, name in results),
        subjects=frozenset(Subject(one) for one in row["subjects"].split("|") if one),
        channels=frozenset(int(channel) for channel in row["channels"]) or frozenset({1, 2, 3}),
        legal_basis=tuple(LegalBasis(title=text_title(text)) for text in texts),
        unverified=frozenset(unverified),
        source=_source(row),
        source_url=row["url"],
    )


@dataclass(frozen=True, kw_only=True)
class DepartmentEntry:
    """A procedure that a department of the city resolves; its version is published only where the catalogue has none."""

    code: str
    department: str
    since: date
    draft: Draft
    kind: str
    basis: str
    basis_is_assumed: bool


def department_entries() -> Iterator[DepartmentEntry]:
    """The departments' procedures we ship for reference: `data/departments.csv`."""
    with (DATA / "departments.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            since, draft = _plain_version(row)
            yield DepartmentEntry(
                code=row["code"],
                department=row["department"],
                since=since,
                draft=draft,
                kind=row["competence_kind"],
                basis=row["competence_basis"],
                basis_is_assumed=row["competence_is"] != "read",
            )
