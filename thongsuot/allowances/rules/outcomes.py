"""What a payer is sent, and what a row of its answer says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.allowances.rules.roll import dong_of
from thongsuot.files.tables import REJECTED, Column, TableRow
from thongsuot.kernel.text import one_line, search_key

TOTAL = "TỔNG CỘNG"
SENT_COLUMNS: tuple[Column, ...] = (
    Column(key="reference", heading=_("Mã chi trả"), example="202507.1.15", how=_("Giữ nguyên như tệp đã gửi."), required=True),
    Column(key="full_name", heading=_("Họ và tên"), example="", how=_("Không dùng khi nhập kết quả.")),
    Column(key="id_number", heading=_("Số định danh"), example="", how=_("Không dùng khi nhập kết quả.")),
    Column(key="payee", heading=_("Người nhận"), example="", how=_("Không dùng khi nhập kết quả.")),
    Column(key="bank", heading=_("Ngân hàng"), example="", how=_("Không dùng khi nhập kết quả.")),
    Column(key="account", heading=_("Số tài khoản"), example="", how=_("Không dùng khi nhập kết quả.")),
    Column(key="address", heading=_("Địa chỉ"), example="", how=_("Không dùng khi nhập kết quả.")),
    Column(key="cash_point", heading=_("Điểm chi trả"), example="", how=_("Không dùng khi nhập kết quả.")),
    Column(key="unit", heading=_("Đơn vị"), example="", how=_("Không dùng khi nhập kết quả.")),
    Column(key="amount", heading=_("Số tiền"), example="1080000", how=_("Khi có, phải đúng số đã gửi.")),
)
COLUMNS: tuple[Column, ...] = (
    *SENT_COLUMNS,
    Column(key="outcome", heading=_("Kết quả"), example="Đã trả", how=_("Đã trả hoặc Không trả được."), required=True),
    Column(key="reason", heading=_("Lý do"), example="", how=_("Vì sao không trả được, không ghi tên hoặc số giấy tờ.")),
)

WHY: dict[str, Promise] = {
    **REJECTED,
    "reference": _("Mã chi trả không đúng mẫu."),
    "unknown": _("Mã chi trả không có trong kỳ này."),
    "not_sent": _("Đợt của dòng này chưa ghi nhận là đã gửi."),
    "outcome": _("Kết quả không phải “Đã trả” hoặc “Không trả được”."),
    "withdrawn": _("Đợt của dòng này đã rút, không gửi; bên chi trả vẫn báo kết quả."),
    "amount": _("Số tiền khác số đã gửi."),
    "paid_before": _("Trước đó đã báo là đã trả."),
    "failed_before": _("Trước đó đã báo là không trả được."),
}
_REFERENCE = re.compile(r"(\d{6})\.(\d{1,4})\.(\d{1,18})", re.ASCII)
_OUTCOMES = {
    **dict.fromkeys(("da tra", "da chi", "da chi tra", "thanh cong", "da nhan", "paid"), "paid"),
    **dict.fromkeys(("khong tra duoc", "chua tra duoc", "khong thanh cong", "that bai", "loi", "failed"), "failed"),
}


def reference(month: date, number: int, payment_id: int) -> str:
    """What names a line towards a payer: month, batch, payment."""
    return f"{month:%Y%m}.{number}.{payment_id}"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a row says. `wrong`: a code of `WHY` when it cannot be used."""

    place: int
    reference: str
    number: int = 0
    payment_id: int = 0
    outcome: str = ""
    reason: str = ""
    amount_dong: int | None = None
    wrong: str = ""


def is_total(row: TableRow) -> bool:
    """The line of sums that our own file ends with: about nobody."""
    return search_key(row.cells.get("reference", "")) == search_key(TOTAL)


def said_by(row: TableRow, *, month: date) -> Said:
    words = one_line(row.cells.get("reference", ""))
    if row.rejected:
        return Said(place=row.place, reference=words[:40], wrong=row.rejected)
    found = _REFERENCE.fullmatch(words)
    if found is None:
        return Said(place=row.place, reference=words[:40], wrong="reference")
    if found[1] != f"{month:%Y%m}":
        return Said(place=row.place, reference=words, wrong="unknown")
    outcome = _OUTCOMES.get(search_key(row.cells.get("outcome", "")), "")
    amount = row.cells.get("amount", "")
    wrong = "" if outcome else "outcome"
    value = dong_of(amount) if amount else None
    if amount and value is None:
        wrong = wrong or "amount"
    return Said(
        place=row.place,
        reference=words,
        number=int(found[2]),
        payment_id=int(found[3]),
        outcome=outcome,
        reason=one_line(row.cells.get("reason", ""))[:200],
        amount_dong=value,
        wrong=wrong,
    )
