"""Pending dossiers out of the software of a unit that ends: the columns of the list, and rows read from it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers import rules
from thongsuot.files.tables import Column
from thongsuot.kernel.text import nfc, one_line
from thongsuot.kernel.working_time import VIET_NAM


class Stage(StrEnum):
    """How far the old unit had come, in the words of the list."""

    WORKING = "Đang giải quyết"
    WAITING = "Chờ bổ sung"
    RESULT = "Chưa trả kết quả"


COLUMNS = (
    Column(key="code", heading="Mã hồ sơ cũ", example="000.00.02.H26-250625-0007", required=True, how="Giữ nguyên mãi."),
    Column(key="unit", heading="Mã đơn vị đang giữ", example="002", required=True, how="Mã cũ của quận, huyện, phường, xã."),
    Column(key="procedure", heading="Mã thủ tục", example="1.001193", required=True),
    Column(key="owner_name", heading="Chủ hồ sơ", example="Nguyễn Văn Ví Dụ", required=True),
    Column(key="owner_id_number", heading="Số định danh", example=""),
    Column(key="owner_phone", heading="Điện thoại", example="0912000000", how="Để tra cứu và báo tin."),
    Column(key="owner_address", heading="Nơi ở, nơi có đất hoặc công trình", example="12 Hàng Bạc", required=True,
           how="Để biết hồ sơ về đơn vị nào khi đơn vị cũ được chia."),
    Column(key="received_at", heading="Ngày tiếp nhận", example="25/06/2025", required=True),
    Column(key="due_at", heading="Ngày hẹn trả", example="09/07/2025", required=True, how="Không đổi khi chuyển."),
    Column(key="stage", heading="Tình trạng", example=Stage.WORKING.value, required=True,
           how="Một trong: " + ", ".join(Stage) + "."),
    Column(key="waiting_since", heading="Chờ bổ sung từ ngày", example=""),
    Column(key="waiting_for", heading="Cần bổ sung gì", example=""),
    Column(key="result_number", heading="Số kết quả", example=""),
    Column(key="result_on", heading="Ngày kết quả", example=""),
    Column(key="result_place", heading="Nơi để kết quả", example=""),
    Column(key="signer_name", heading="Người ký kết quả", example=""),
    Column(key="papers", heading="Giấy tờ đã nộp", example="Tờ khai; Giấy chứng sinh", how="Ngăn bằng dấu chấm phẩy."),
    Column(key="paid_dong", heading="Phí, lệ phí đã nộp (đồng)", example="0"),
    Column(key="step", heading="Bước đang làm", example="Thẩm định", how="Ghi lại để người nhận biết."),
)  # fmt: skip
_HEADINGS = {column.key: str(column.heading) for column in COLUMNS}
_MOMENT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(\d{1,2}):(\d{2}))?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class OldDossier:
    """One row that can be taken in. `due_on`: the instant is the close of that day, when the list gives no hour."""

    code: str
    unit_code: str
    procedure: str
    owner_name: str
    owner_id_number: str
    owner_phone: str
    owner_address: str
    received_at: datetime
    due_at: datetime | None
    due_on: date
    stage: Stage
    waiting_since: datetime | None = None
    waiting_for: str = ""
    result_number: str = ""
    result_on: date | None = None
    result_place: str = ""
    signer_name: str = ""
    papers: tuple[str, ...] = ()
    paid_dong: int = 0
    step: str = ""


def read_row(cells: Mapping[str, str]) -> tuple[OldDossier | None, dict[str, str]]:
    """(what is to be taken in, {}) or (None, {heading: what is wrong})."""
    said = {key: one_line(value) for key, value in cells.items()}
    wrong: dict[str, str] = {}
    for column in COLUMNS:
        if column.required and not said.get(column.key):
            wrong[column.key] = _("Chưa ghi.")
    code = rules.typed_code(said.get("code", ""))
    if said.get("code") and not 4 <= len(code) <= 60:
        wrong["code"] = _("Mã dài từ 4 đến 60 ký tự.")
    received, _hour = _moment("received_at", said, wrong)
    due, has_hour = _moment("due_at", said, wrong)
    if received and due and due.date() < received.date():
        wrong["due_at"] = _("Hẹn trả trước ngày tiếp nhận.")
    stage = next((one for one in Stage if one.lower() == said.get("stage", "").lower()), None)
    if said.get("stage") and stage is None:
        wrong["stage"] = _("Phải là một trong: %(choices)s.") % {"choices": ", ".join(Stage)}
    since, _hour = _moment("waiting_since", said, wrong)
    result_at, _hour = _moment("result_on", said, wrong)
    if stage == Stage.WAITING:
        for key in ("waiting_since", "waiting_for"):
            if not said.get(key):
                wrong.setdefault(key, _("Hồ sơ chờ bổ sung phải có mục này."))
        if since and received and since < received:
            wrong["waiting_since"] = _("Trước ngày tiếp nhận.")
    if stage == Stage.RESULT:
        for key in ("result_number", "result_on"):
            if not said.get(key):
                wrong.setdefault(key, _("Hồ sơ chưa trả kết quả phải có mục này."))
    paid = re.sub(r"[.\s]|đồng|đ", "", said.get("paid_dong", "") or "0")
    if not (paid.isascii() and paid.isdigit() and len(paid) <= 12):
        wrong["paid_dong"] = _("Phải là số đồng, chỉ gồm chữ số.")
    if wrong or received is None or due is None or stage is None:
        return None, {_HEADINGS[key]: words for key, words in wrong.items()}
    return OldDossier(
        code=code,
        unit_code=said["unit"],
        procedure=said["procedure"],
        owner_name=said["owner_name"][:200],
        owner_id_number=re.sub(r"\W", "", said.get("owner_id_number", ""))[:20],
        owner_phone=re.sub(r"[^\d+]", "", said.get("owner_phone", ""))[:20],
        owner_address=said["owner_address"][:300],
        received_at=received,
        due_at=due if has_hour else None,
        due_on=due.date(),
        stage=stage,
        waiting_since=since,
        waiting_for=nfc(said.get("waiting_for", ""))[:500],
        result_number=said.get("result_number", "")[:40],
        result_on=timezone.localdate(result_at) if result_at else None,
        result_place=said.get("result_place", "")[:200],
        signer_name=said.get("signer_name", "")[:200],
        papers=tuple(one.strip()[:500] for one in said.get("papers", "").split(";") if one.strip())[:40],
        paid_dong=int(paid),
        step=said.get("step", "")[:200],
    ), {}


def _moment(key: str, said: Mapping[str, str], wrong: dict[str, str]) -> tuple[datetime | None, bool]:
    """The instant, and whether an hour was written."""
    text = said.get(key, "")
    if not text:
        return None, False
    found = _MOMENT.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        day, month, year, hour, minute = (int(part) if part else None for part in found.groups())
        assert day is not None
        assert month is not None
        assert year is not None
        when = datetime.combine(date(year, month, day), time(hour or 8, minute or 0), VIET_NAM)
    except ValueError:
        wrong[key] = _("Ghi như 25/06/2025, hoặc 25/06/2025 09:30.")
        return None, False
    if not 1990 <= year <= 2100:
        wrong[key] = _("Năm không hợp lý.")
        return None, False
    return when, hour is not None
