"""The list that comes in, and the log that leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.assistance.facts import AgentFacts
from thongsuot.assistance.models import Helper
from thongsuot.files.tables import Column, TableRow
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import search_key
from thongsuot.web.forms import DayField

_YES = gettext_lazy("“có” hoặc để trống")
_DAY = gettext_lazy("ngày/tháng/năm")
_OF_AGENT = gettext_lazy("chỉ với nhân viên đại lý; nhiều người cùng đại lý ghi giống nhau")
COLUMNS = (
    Column(
        key="kind",
        heading=gettext_lazy("Loại"),
        example="đại lý",
        how=gettext_lazy("đại lý, tình nguyện viên hoặc luật sư"),
        required=True,
    ),
    Column(key="full_name", heading=gettext_lazy("Họ và tên"), example="Lò Thị Mẫu", required=True),
    Column(
        key="email",
        heading=gettext_lazy("Thư điện tử"),
        example="mau@vidu.vn",
        how=gettext_lazy("để mở tài khoản; tự đặt mật khẩu bằng “Quên mật khẩu”"),
        required=True,
    ),
    Column(key="phone", heading=gettext_lazy("Điện thoại"), example="0900000001"),
    Column(
        key="unit",
        heading=gettext_lazy("Mã phường, xã"),
        example="00070",
        how=gettext_lazy("luật sư để trống: làm trong cả thành phố"),
    ),
    Column(key="organisation", heading=gettext_lazy("Tổ chức"), example="Đoàn thanh niên phường Mẫu"),
    Column(key="bar_number", heading=gettext_lazy("Số thẻ luật sư"), example="00001/LS", how=gettext_lazy("chỉ với luật sư")),
    Column(key="training", heading=gettext_lazy("Số chứng nhận tập huấn"), example="12/CN-TTPVHCC"),
    Column(key="trained_on", heading=gettext_lazy("Ngày tập huấn"), example="10/07/2025", how=_DAY),
    Column(key="may_scan", heading=gettext_lazy("Được quét giấy tờ"), example="có", how=_YES),
    Column(key="may_submit", heading=gettext_lazy("Được nộp hồ sơ"), example="có", how=_YES),
    Column(key="is_head", heading=gettext_lazy("Phụ trách đại lý"), example="", how=_YES),
    Column(key="agent", heading=gettext_lazy("Tên đại lý"), example="Cửa hàng Mẫu", how=_OF_AGENT),
    Column(key="address", heading=gettext_lazy("Địa chỉ đại lý"), example="1 phố Mẫu", how=_OF_AGENT),
    Column(key="hours", heading=gettext_lazy("Giờ mở cửa"), example="8:00-17:00, thứ hai đến thứ bảy", how=_OF_AGENT),
    Column(key="agent_phone", heading=gettext_lazy("Điện thoại đại lý"), example="0900000002", how=_OF_AGENT),
    Column(key="decision_number", heading=gettext_lazy("Số quyết định"), example="12/QĐ-TTPVHCC", how=_OF_AGENT),
    Column(key="decided_on", heading=gettext_lazy("Ngày quyết định"), example="01/07/2025", how=_DAY),
)
KINDS = {"dai ly": Helper.Kind.AGENT, "tinh nguyen vien": Helper.Kind.VOLUNTEER, "luat su": Helper.Kind.LAWYER}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row that can be read. `agent`: of an agent's person, else empty words."""

    kind: str
    unit: str
    agent: AgentFacts
    helper: dict[str, Any]


def read_line(row: TableRow) -> Line:
    """Raises BadInput by keys of the columns."""
    cells, problems = {column.key: row.cells.get(column.key, "") for column in COLUMNS}, dict[str, str]()
    kind = KINDS.get(search_key(cells["kind"]))
    if kind is None:
        problems["kind"] = _("Ghi một trong ba: đại lý, tình nguyện viên, luật sư.")
    trained_on = _day(cells["trained_on"], "trained_on", problems)
    decided_on = _day(cells["decided_on"], "decided_on", problems)
    if kind == Helper.Kind.AGENT and decided_on is None and "decided_on" not in problems:
        problems["decided_on"] = _("Chưa có ngày quyết định. Hãy ghi ngày/tháng/năm.")
    ticks = {key: _tick(cells[key], key, problems) for key in ("may_scan", "may_submit", "is_head")}
    if problems:
        raise BadInput(problems)
    words = ("full_name", "email", "phone", "organisation", "bar_number", "training")
    return Line(
        kind=str(kind),
        unit=cells["unit"],
        agent=AgentFacts(
            name=cells["agent"],
            address=cells["address"],
            hours=cells["hours"],
            phone=cells["agent_phone"],
            decision_number=cells["decision_number"],
            decided_on=decided_on or date.min,
        ),
        helper={**{key: cells[key] for key in words}, "trained_on": trained_on, **ticks},
    )


def _tick(text: str, key: str, problems: dict[str, str]) -> bool:
    said = search_key(text)
    if said not in {"", "co", "x", "khong"}:
        problems[key] = _("Ghi “có” hoặc để trống.")
    return said in {"co", "x"}


def _day(text: str, key: str, problems: dict[str, str]) -> date | None:
    try:
        return DayField().to_python(text)
    except ValidationError as refusal:
        problems[key] = refusal.messages[0]
        return None


def log_heads() -> list[str]:
    """Headings of the log."""
    heads = [_("Số đồng ý"), _("Người giúp"), _("Đại lý hoặc tổ chức"), _("Thủ tục"), _("Đồng ý bằng"), _("Cho phép lúc")]
    return [*heads, _("Bắt đầu lúc"), _("Kết thúc lúc"), _("Tình trạng")]
