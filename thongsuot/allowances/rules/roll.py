"""What a row of an old list says, and what is wrong with it. Pure: which units and groups there are is told by the caller."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.allowances.rules import month_of
from thongsuot.files.tables import REJECTED, Column, TableRow
from thongsuot.kernel.text import one_line, search_key

COLUMNS: tuple[Column, ...] = (
    Column(
        key="unit",
        heading=_("Mã đơn vị"),
        example="00070",
        how=_("Mã phường, xã của danh sách trong tháng đó. Để trống khi tệp chỉ của một đơn vị."),
    ),
    Column(key="full_name", heading=_("Họ và tên"), example="Lò Thị Mẫu", how=_("Người được hưởng."), required=True),
    Column(
        key="id_number", heading=_("Số định danh"), example="001458000015", how=_("Đủ 12 chữ số, để dạng chữ."), required=True
    ),
    Column(key="born", heading=_("Ngày sinh"), example="12/03/1938", how=_("Ngày, tháng và năm, hoặc chỉ năm.")),
    Column(
        key="address",
        heading=_("Địa chỉ"),
        example="Số 5, tổ 3, phường Bến",
        how=_("Nơi ở: theo đó xác định đơn vị mới khi đơn vị cũ chia ra."),
    ),
    Column(
        key="group", heading=_("Mã nhóm"), example="CT-5B", how=_("Theo bảng nhóm đối tượng trên trang nhập."), required=True
    ),
    Column(key="coefficient", heading=_("Hệ số riêng"), example="", how=_("Để trống khi theo hệ số của nhóm.")),
    Column(key="amount", heading=_("Số tiền riêng"), example="", how=_("Đồng mỗi tháng; bắt buộc với người có công.")),
    Column(key="start", heading=_("Hưởng từ tháng"), example="01/2023", how=_("Tháng và năm."), required=True),
    Column(key="payer", heading=_("Cách trả"), example="Bưu điện", how=_("Ngân hàng hoặc Bưu điện."), required=True),
    Column(key="bank", heading=_("Ngân hàng"), example="", how=_("Tên ngân hàng khi trả qua tài khoản.")),
    Column(key="account", heading=_("Số tài khoản"), example="", how=_("Bắt buộc khi trả qua ngân hàng.")),
    Column(key="cash_point", heading=_("Điểm chi trả"), example="Bưu cục Bến", how=_("Bắt buộc khi trả qua bưu điện.")),
    Column(key="receiver_name", heading=_("Người nhận thay"), example="", how=_("Người được ủy quyền nhận, nếu có.")),
    Column(key="receiver_id_number", heading=_("Số định danh người nhận thay"), example="", how=_("Đủ 12 chữ số.")),
    Column(key="receiver_paper", heading=_("Giấy ủy quyền"), example="", how=_("Số, ngày của giấy.")),
)

TO_CORRECT: dict[str, Promise] = {
    "full_name": _("Thiếu họ tên."),
    "id_number": _("Số định danh không đủ 12 chữ số."),
    "born": _("Ngày sinh không đọc được."),
    "group": _("Mã nhóm không có trong bảng nhóm đối tượng."),
    "coefficient": _("Hệ số không đọc được hoặc quá lớn."),
    "amount": _("Số tiền không phải số đồng nguyên, hoặc quá lớn."),
    "no_amount": _("Không có căn cứ tính tiền: nhóm không có hệ số và dòng không ghi số tiền riêng."),
    "start": _("Tháng bắt đầu hưởng không đọc được."),
    "start_later": _("Tháng bắt đầu hưởng sau tháng của danh sách."),
    "payer": _("Cách trả phải là Ngân hàng hoặc Bưu điện."),
    "account": _("Trả qua ngân hàng mà thiếu số tài khoản, hoặc số không đọc được."),
    "cash_point": _("Trả qua bưu điện mà thiếu điểm chi trả."),
    "receiver": _("Người nhận thay thiếu họ tên hoặc số định danh không đủ 12 chữ số."),
    "unit": _("Không có đơn vị mang mã này trong tháng của danh sách."),
    "twice": _("Một người, một nhóm đứng hai dòng khác nhau trong tệp: cần xác định dòng đúng."),
    # What the roll says. Behind a colon: since when, or the unit on whose list the person stands.
    "stopped": _("Người này đã thôi hưởng từ %(more)s. Nếu được hưởng lại, ghi tháng bắt đầu mới."),
    "other_unit": _("Người này đang hưởng trong danh sách của %(more)s: cần xác định đơn vị đúng."),
    "other_amount": _("Số tiền hoặc hệ số riêng khác danh sách đang có của %(more)s: cần xác định số đúng."),
}
REJECTS: dict[str, Promise] = {
    **REJECTED,
    "same_row": _("Trùng hoàn toàn với một dòng ở trên."),
    "already": _("Người này đang hưởng theo nhóm này trong thành phố."),
    "not_yours": _("Đơn vị của dòng không thuộc phạm vi của người nhập."),
}
REASONS: dict[str, Promise] = {**TO_CORRECT, **REJECTS}

_ID = re.compile(r"[0-9]{12}", re.ASCII)
_DONG = re.compile(
    r"(?P<whole>[0-9]+|[0-9]{1,3}(?P<parted>[., \u00a0\u202f])[0-9]{3}(?:(?P=parted)[0-9]{3})*)(?:(?P<point>[.,])0{1,2})?"
)
_ACCOUNT = re.compile(r"[0-9A-Z]{4,30}", re.ASCII)
_BORN = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})", re.ASCII)
_ISO_BORN = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", re.ASCII)
PAYERS = {"ngan hang": "bank", "bank": "bank", "buu dien": "post", "post": "post"}
MOST_DONG = 100_000_000
LENGTHS = {"full_name": 200, "address": 300, "bank": 100, "cash_point": 200, "receiver_name": 200, "receiver_paper": 200}


def id_number_of(text: str) -> str:
    """Twelve digits, blanks and full stops left out; empty when it is no such number."""
    digits = re.sub(r"[\s.]", "", text)
    return digits if _ID.fullmatch(digits) else ""


def born_of(text: str) -> str | None:
    """1938-03-12, 1938-03, 1938; None when it is no day, month or year."""
    text = text.strip()
    if iso := _ISO_BORN.fullmatch(text):
        year, month, day = iso.groups()
    elif found := _BORN.fullmatch(text):
        day, month, year = found.groups()
    else:
        return None
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join([f"{int(year):04d}", *(f"{int(part):02d}" for part in (month, day) if part)])


def dong_of(text: str) -> int | None:
    """Whole đồng: '1.624.000', '1 624 000,00' and '1624000.0' are 1624000. None when it is none, or more than a month brings.

    Only what can be read in one way: digits, alone or in threes parted by one sign, and at most a decimal part of zeros.
    """
    found = _DONG.fullmatch(text.strip().lower().removesuffix("đ").removesuffix("đồng").strip())
    if found is None or found["parted"] == found["point"] is not None:
        return None
    digits = re.sub(r"\D", "", found["whole"])
    return int(digits) if len(digits) < 12 and 0 < int(digits) <= MOST_DONG else None


def coefficient_of(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent
    fits = value.is_finite() and 0 < value <= 20 and isinstance(exponent, int) and exponent >= -2
    return value if fits else None


def account_of(text: str) -> str:
    account = re.sub(r"[\s.-]", "", text).upper()
    return account if _ACCOUNT.fullmatch(account) else ""


@dataclass(frozen=True, kw_only=True)
class GroupFact:
    """What a row needs to know of a group."""

    id: int
    has_rate: bool


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Communes by code in the month of the list, those the import may fill, groups by code, and that month."""

    unit_ids: Mapping[str, int]
    allowed: frozenset[int]
    own_unit_id: int | None
    groups: Mapping[str, GroupFact]
    month: date


@dataclass(frozen=True, kw_only=True)
class Judged:
    place: int
    state: str
    reasons: tuple[str, ...]
    cells: Mapping[str, str]
    values: Mapping[str, object] = field(default_factory=dict)
    person_key: str = ""
    fingerprint: str = ""


def judge(row: TableRow, around: Surroundings) -> Judged:
    """Good, to be corrected, or rejected; what other rows and the roll say is not known here."""
    if row.rejected:
        return Judged(place=row.place, state="rejected", reasons=(row.rejected,), cells=row.cells)
    said = {column.key: one_line(row.cells.get(column.key, "")) for column in COLUMNS}
    if any(len(said[key]) > most for key, most in LENGTHS.items()):
        return Judged(place=row.place, state="rejected", reasons=("too_long",), cells=row.cells)
    wrong, values = read(said, around.groups)
    if values["start_month"] is not None and str(values["start_month"]) > around.month.isoformat():
        wrong.append("start_later")
    unit_id = around.unit_ids.get(said["unit"]) if said["unit"] else around.own_unit_id
    if unit_id is None:
        wrong.append("unit")
    elif unit_id not in around.allowed:
        return Judged(place=row.place, state="rejected", reasons=("not_yours",), cells=row.cells)
    values["unit_id"] = unit_id
    number, group = values["id_number"], values["group_id"]
    return Judged(
        place=row.place,
        state="to_correct" if wrong else "good",
        reasons=tuple(wrong),
        cells=row.cells,
        values={} if wrong else values,
        person_key=_hash(f"{number}/{group}") if number and group else "",
        fingerprint=_hash("\x1f".join(said.values())),
    )


def read(said: Mapping[str, str], groups: Mapping[str, GroupFact]) -> tuple[list[str], dict[str, object]]:
    """(codes of what is wrong, values ready for the roll but for the unit). Of a row and of the officers' form."""
    wrong: list[str] = []

    def must(code: str, value: object) -> None:
        if not value:
            wrong.append(code)

    name, number = said["full_name"], id_number_of(said["id_number"])
    must("full_name", name)
    must("id_number", number)
    born = born_of(said["born"]) if said["born"] else ""
    if born is None:
        wrong.append("born")
    group = groups.get(said["group"].upper())
    must("group", group)
    own = dong_of(said["amount"]) if said["amount"] else None
    must("amount", own or not said["amount"])
    coefficient = coefficient_of(said["coefficient"]) if said["coefficient"] else None
    must("coefficient", coefficient or not said["coefficient"])
    if group and not (group.has_rate or own or said["amount"]):
        wrong.append("no_amount")
    start = month_of(said["start"])
    must("start", start)
    payer = PAYERS.get(search_key(said["payer"]), "")
    must("payer", payer)
    account = account_of(said["account"])
    must("account", account or (payer != "bank" and not said["account"]))
    must("cash_point", payer != "post" or said["cash_point"])
    receiver = id_number_of(said["receiver_id_number"])
    if said["receiver_name"] or said["receiver_id_number"] or said["receiver_paper"]:
        must("receiver", said["receiver_name"] and receiver)
    return wrong, {
        "full_name": name,
        "name_key": search_key(name),
        "id_number": number,
        "born": born or "",
        "address": said["address"],
        "group_id": group.id if group else None,
        "coefficient": str(coefficient) if coefficient else None,
        "amount_dong": own,
        "start_month": start.isoformat() if start else None,
        "payer": payer,
        "bank": said["bank"],
        "account": account,
        "cash_point": said["cash_point"],
        "receiver_name": said["receiver_name"],
        "receiver_id_number": receiver,
        "receiver_paper": said["receiver_paper"],
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def in_words(codes: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """`names`: of the units that stand behind a code, by id as text."""
    said = ((code.partition(":")[0], code.partition(":")[2]) for code in codes)
    return [str(REASONS[code]) % {"more": names.get(more, more)} if more else str(REASONS[code]) for code, more in said]
