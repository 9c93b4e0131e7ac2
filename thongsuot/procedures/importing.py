"""Files of procedures read in: the portal's pages as JSON, or a spreadsheet. A broken row is reported, the rest is loaded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.files.tables import REJECTED, NotATable
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.deadlines import Limit
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.text import nfc, number, one_line
from thongsuot.procedures import actions, notation, portal, spreadsheet
from thongsuot.procedures.actions import Progress
from thongsuot.procedures.catalogue_files import PORTAL_FEE, text_title
from thongsuot.procedures.content import FeeRule, LegalBasis, Paper, ResultPaper, Subject
from thongsuot.procedures.models import CatalogueImport
from thongsuot.procedures.rules import Draft
from thongsuot.units import queries as units

MOST_BYTES = 30 * 2**20
MOST_ROWS = 20_000


class FileNotRead(TellPerson):
    """The file as a whole cannot be used; nothing was loaded."""

    code = "procedures.file_not_read"
    status = 422
    says = gettext_lazy("Chưa đọc được tệp, chưa nhập gì. %(reason)s")

    def __init__(self, reason: str) -> None:
        self.reason = reason


class RowNotRead(Exception):
    """One row cannot be used; its text is the reason shown beside the row."""


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What became of a file. `rejected` rows carry the row's place in the file, its code and the reason."""

    id: int
    loaded: int
    unchanged: int
    kept: int
    rejected: list[dict[str, Any]]


def silent(what: str, done: int, of: int) -> None:
    """The progress nobody asked for."""


def import_procedures(
    path: Path,
    *,
    actor: Actor,
    at: datetime,
    city_id: int | None = None,
    valid_from: date | None = None,
    name: str = "",
    progress: Progress = silent,
) -> ImportReport:
    """Publish what a file says: .json (rows as the portal shows them) or .xlsx (columns of `spreadsheet`).

    A procedure whose version says the same stays; one with an own e-process is kept as it is, for a file knows less of it.
    city_id     whose catalogue it is; the installation's city when None
    valid_from  from when the new versions hold; the day of `at` when None
    name        the file's name as people know it, when `path` is a temporary one
    Raises NotYourDuty, FileNotRead.
    """
    today = timezone.localtime(at).date()
    city_id = units.default_city(as_of=today).id if city_id is None else city_id
    actor.must(actions.DUTY, unit_id=city_id)
    valid_from = valid_from or today
    shown_name = one_line(name or path.name)[-200:]
    kind = Path(shown_name).suffix.lower()
    if path.stat().st_size > MOST_BYTES:
        raise FileNotRead(_("Tệp nặng hơn %(most)s MB. Hãy chia nhỏ.") % {"most": MOST_BYTES // 2**20})
    if kind == ".json":
        rows = list(_json_rows(path, shown_name))
    elif kind == ".xlsx":
        try:
            rows = list(_sheet_rows(path, shown_name, valid_from))
        except NotATable as refusal:
            raise FileNotRead(refusal.reason) from refusal
        except TellPerson as refusal:
            raise FileNotRead(refusal.message()) from refusal
    else:
        raise FileNotRead(_("Chỉ nhận tệp .json hoặc .xlsx. Tải tệp mẫu ở trang này."))
    done: CatalogueImport = actions.import_rows(
        rows, file_name=shown_name, city_id=city_id, valid_from=valid_from, actor=actor, at=at, progress=progress
    )
    return ImportReport(id=done.pk, loaded=done.loaded, unchanged=done.unchanged, kept=done.kept, rejected=done.rejected)


# -- JSON: the portal's pages ------------------------------------------------------------------------------------------


def _json_rows(path: Path, name: str) -> Iterator[actions.ImportedRow]:
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise FileNotRead(_("Tệp không phải JSON hợp lệ.")) from error
    if not isinstance(whole, list) or not whole:
        raise FileNotRead(_("Tệp JSON phải là một danh sách các thủ tục."))
    if len(whole) > MOST_ROWS:
        raise FileNotRead(_("Tệp có hơn %(most)s dòng. Hãy chia nhỏ.") % {"most": number(MOST_ROWS)})
    for place, row in enumerate(whole, start=1):
        code = one_line(str(row.get("code", "")))[:20] if isinstance(row, Mapping) else ""
        try:
            yield actions.ImportedRow(place=place, code=code, draft=_from_portal(row, name))
        except RowNotRead as refusal:
            yield actions.ImportedRow(place=place, code=code, reason=str(refusal))


def _from_portal(row: object, file_name: str) -> Draft:
    if not isinstance(row, Mapping):
        raise RowNotRead(_("Dòng này không phải một thủ tục."))
    ways = _list(row, "channels")
    field = _text(row, "field", longest=100)
    limit, limit_how = portal.limit_of((_text(way, "limit", required=False) for way in ways), field=field)
    fee, fee_how = portal.fee_of(_text(way, "fee", required=False) for way in ways)
    channels = portal.channels_of(_text(way, "channel", required=False) for way in ways)
    lines = [
        portal.PaperLine(
            group=_text(line, "group", required=False),
            name=_text(line, "name"),
            originals=_count(line, "originals"),
            copies=_count(line, "copies"),
            has_form=line.get("has_form") is True,
        )
        for line in _list(row, "documents")
    ]
    papers = portal.papers_among(lines)
    texts = [text_title(one_line(text)) for text in _words(row, "legal_basis")]
    if decision := _text(row, "decision", required=False):
        texts.append(text_title(decision))
    read = {
        "limit": limit_how == "certain",
        "fees": fee_how == "free",
        "channels": bool(channels),
        "papers": bool(papers),
        "basis": bool(texts),
    }
    url = _text(row, "url", required=False)
    return Draft(
        name=_text(row, "name", longest=1000),
        field=field,
        limit=limit,
        papers=[
            Paper(
                code=f"p{place}",
                name=paper.name,
                originals=min(paper.originals, 99),
                copies=min(paper.copies, 99),
                required=not portal.is_conditional(paper),
                only_if=paper.group if portal.is_conditional(paper) else "",
                kind=portal.paper_kind(paper),
                has_form=paper.has_form,
            )
            for place, paper in enumerate(papers, start=1)
        ],
        fee_rules=[
            FeeRule(
                code="stated",
                name="Mức thu",
                kind="fee",
                basis=PORTAL_FEE,
                valid_from=date(2025, 1, 1),
                amount_dong=fee,
                to_check=True,
            )
        ]
        if fee_how == "stated"
        else [],
        results=_results(row),
        subjects=portal.subjects_of(_words(row, "applicants")),
        channels=channels or frozenset({1, 2, 3}),
        legal_basis=[LegalBasis(title=text) for text in texts],
        unverified=frozenset({"steps", *(part for part, was_read in read.items() if not was_read)}),
        source=f"Nhập từ tệp {file_name}",
        source_url=url if url.startswith("https://dichvucong.gov.vn/") else "",
    )


def _results(row: Mapping[str, Any]) -> list[ResultPaper]:
    found = {(_text(one, "code", required=False), _text(one, "name", required=False)) for one in _list(row, "results")}
    return [ResultPaper(code=code, name=name) for code, name in sorted(found) if code and name]


def _text(row: Mapping[str, Any], key: str, *, required: bool = True, longest: int = 2000) -> str:
    value = row.get(key)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise RowNotRead(_("Mục “%(key)s” phải là chữ.") % {"key": key})
    value = nfc(value) if key == "name" else one_line(value)
    if (required and not value) or len(value) > longest:
        raise RowNotRead(_("Mục “%(key)s” phải có từ 1 đến %(most)s chữ.") % {"key": key, "most": longest})
    return one_line(value)


def _count(row: Mapping[str, Any], key: str) -> int:
    value = row.get(key, 0)
    if type(value) is not int or value < 0:
        raise RowNotRead(_("Mục “%(key)s” phải là số nguyên không âm.") % {"key": key})
    return value


def _list(row: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise RowNotRead(_("Mục “%(key)s” phải là một danh sách.") % {"key": key})
    return value


def _words(row: Mapping[str, Any], key: str) -> list[str]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RowNotRead(_("Mục “%(key)s” phải là một danh sách.") % {"key": key})
    return value


# -- spreadsheet -------------------------------------------------------------------------------------------------------


def _sheet_rows(path: Path, name: str, valid_from: date) -> Iterator[actions.ImportedRow]:
    for row in spreadsheet.read(path):
        code = row.cells.get("code", "")[:20]
        try:
            if row.rejected:
                raise RowNotRead(str(REJECTED[row.rejected]))
            yield actions.ImportedRow(place=row.place, code=code, draft=_from_sheet(row.cells, name, valid_from))
        except RowNotRead as refusal:
            yield actions.ImportedRow(place=row.place, code=code, reason=str(refusal))


def _from_sheet(cells: Mapping[str, str], file_name: str, valid_from: date) -> Draft:
    try:
        papers = notation.papers(cells.get("papers", ""))
        results = notation.results(cells.get("results", ""))
        legal_basis = notation.legal_texts(cells.get("legal_basis", ""))
        decision_on = notation.day_in(cells.get("decision_on", "").strip())
        fee = notation.amount(cells["fee"]) if cells.get("fee") else None
    except notation.NotRead as refusal:
        raise RowNotRead(str(refusal)) from refusal
    fee_rules = (
        [
            FeeRule(
                code="stated",
                name="Mức thu",
                kind="fee",
                basis=_required(cells, "fee_basis", _("Căn cứ mức thu")),
                valid_from=valid_from,
                amount_dong=fee,
            )
        ]
        if fee
        else []
    )
    return Draft(
        name=_required(cells, "name", _("Tên thủ tục")),
        field=_required(cells, "field", _("Lĩnh vực")),
        limit=_sheet_limit(cells),
        papers=papers,
        fee_rules=fee_rules,
        results=results,
        legal_basis=legal_basis,
        decision_number=one_line(cells.get("decision_number", "")),
        decision_on=decision_on,
        extension_days=_whole(cells.get("extension_days") or "0", _("Số ngày được kéo dài")),
        subjects=_sheet_subjects(cells.get("subjects", "")),
        channels=_sheet_channels(cells.get("channels", "")),
        fully_online=_yes(cells.get("fully_online", "")),
        non_boundary=_yes(cells.get("non_boundary", "")),
        source=f"Nhập từ tệp {file_name}",
        unverified=frozenset({"steps", *(["fees"] if fee is None else []), *(["papers"] if not papers else [])}),
    )


def _sheet_limit(cells: Mapping[str, str]) -> Limit:
    text = _required(cells, "limit_unit", _("Đơn vị thời hạn")).lower()
    unit = spreadsheet.LIMIT_UNITS.get(text)
    if unit is None:
        raise RowNotRead(
            _("Đơn vị thời hạn “%(text)s” không có trong danh mục: %(known)s.")
            % {"text": text[:40], "known": ", ".join(spreadsheet.LIMIT_UNITS)}
        )
    if unit.value == "same_day":
        return Limit(1, unit)
    return Limit(_whole(_required(cells, "limit_value", _("Thời hạn")), _("Thời hạn")), unit)


def _sheet_subjects(text: str) -> frozenset[Subject]:
    words = {one_line(word) for word in re.split(r"[;\n]", text) if word.strip()}
    if unknown := sorted(word for word in words if not portal.subjects_of([word])):
        raise RowNotRead(
            _("Đối tượng “%(text)s” không có trong danh mục: %(known)s.")
            % {"text": unknown[0][:60], "known": "; ".join(portal.SUBJECTS)}
        )
    return portal.subjects_of(words)


def _sheet_channels(text: str) -> frozenset[int]:
    words = [word.strip().lower() for word in re.split(r"[;,\n]", text) if word.strip()]
    unknown = [word for word in words if word not in spreadsheet.CHANNELS]
    if unknown or not words:
        raise RowNotRead(_("Cách nộp ghi: tại quầy, trực tuyến, bưu chính; cách nhau bằng dấu chấm phẩy."))
    return frozenset(spreadsheet.CHANNELS[word] for word in words)


def _required(cells: Mapping[str, str], key: str, title: str) -> str:
    value = one_line(cells.get(key, ""))
    if not value:
        raise RowNotRead(_("Thiếu cột “%(title)s”.") % {"title": title})
    return value


def _whole(text: str, title: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text.strip()):
        raise RowNotRead(_("Cột “%(title)s” phải là số nguyên: “%(text)s”.") % {"title": title, "text": text[:40]})
    return int(text)


def _yes(text: str) -> bool:
    word = text.strip().lower()
    if word not in ("", "có", "không"):
        raise RowNotRead(_("Cột có, không ghi “%(text)s”: hãy ghi “có” hoặc “không”.") % {"text": word[:40]})
    return word == "có"
