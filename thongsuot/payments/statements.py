"""Reading a bank's statement: MT940, or a table with the columns banks write. Nothing here touches the database."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import mt940
from django.utils.translation import gettext as _

from thongsuot.kernel.text import nfc, one_line, search_key
from thongsuot.payments.actions.errors import StatementUnreadable

MOST_BYTES = 5 * 2**20
MOST_LINES = 50_000
# As banks here head their columns, without marks and case.
_HEADINGS = {
    "day": ("ngay", "ngay giao dich", "ngay hach toan", "date", "transaction date", "booking date"),
    "reference": ("so tham chieu", "ma giao dich", "so ct", "so chung tu", "reference", "transaction id", "ref no"),
    "credit": ("ghi co", "so tien ghi co", "phat sinh co", "credit", "credit amount"),
    "debit": ("ghi no", "so tien ghi no", "phat sinh no", "debit", "debit amount"),
    "amount": ("so tien", "amount"),
    "purpose": ("noi dung", "dien giai", "noi dung giao dich", "description", "details", "remark"),
    "account": ("so tai khoan", "tai khoan", "account", "account number"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One movement; below zero: it left the account. `number` tells apart several of one day with one reference of the bank."""

    booked_on: date
    amount_dong: int
    bank_reference: str
    purpose: str
    number: int = 1


@dataclass(frozen=True, kw_only=True)
class Statement:
    """`account`: its number as the file has it, "" where the file does not say. Balances are None in tables."""

    account: str
    lines: list[Line]
    first_day: date
    last_day: date
    opening_dong: int | None = None
    closing_dong: int | None = None


def read(content: bytes) -> Statement:
    """Raises StatementUnreadable with a sentence that says where."""
    if len(content) > MOST_BYTES:
        raise StatementUnreadable(_("Tệp nặng hơn 5 MB. Hãy tải sổ phụ theo từng ngày."))
    text = _text(content)
    statement = _mt940(text) if re.search(r"^:20:", text, flags=re.M) else _table(text)
    if not statement.lines:
        raise StatementUnreadable(_("Tệp không có giao dịch nào."))
    if len(statement.lines) > MOST_LINES:
        raise StatementUnreadable(_("Tệp có hơn 50.000 dòng. Hãy tải sổ phụ theo từng ngày."))
    moved = sum(line.amount_dong for line in statement.lines)
    if (
        statement.opening_dong is not None
        and statement.closing_dong is not None
        and statement.opening_dong + moved != statement.closing_dong
    ):
        raise StatementUnreadable(_("Số dư đầu cộng phát sinh không bằng số dư cuối: tệp thiếu dòng."))
    return statement


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "cp1258"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return nfc(text)
    raise StatementUnreadable(_("Tệp không phải CSV hoặc MT940."))


def _mt940(text: str) -> Statement:
    try:
        found = mt940.parse(text)
        rows = [dict(one.data) for one in found]
        data = dict(found.data)
        lines = _numbered(
            Line(
                booked_on=_plain_day(row.get("entry_date") or row["date"]),
                amount_dong=_whole(row["amount"].amount),
                bank_reference=one_line(str(row.get("bank_reference") or row.get("customer_reference") or "-"))[:64],
                purpose=one_line(str(row.get("transaction_details") or ""))[:500],
            )
            for row in rows
        )
        opening, closing = (data.get(name) for name in ("final_opening_balance", "final_closing_balance"))
        if any(one is not None and one.amount.currency != "VND" for one in (opening, closing)):
            raise StatementUnreadable(_("Sổ phụ không phải bằng đồng Việt Nam."))
        days = [line.booked_on for line in lines] + [_plain_day(one.date) for one in (opening, closing) if one is not None]
        return Statement(
            account=str(data.get("account_identification") or ""),
            lines=lines,
            first_day=min(days),
            last_day=max(days),
            opening_dong=_whole(opening.amount.amount) if opening is not None else None,
            closing_dong=_whole(closing.amount.amount) if closing is not None else None,
        )
    except StatementUnreadable:
        raise
    except Exception:  # the library raises whatever it stumbles over
        raise StatementUnreadable(_("Tệp MT940 sai mẫu.")) from None


def _table(text: str) -> Statement:
    first = text.lstrip().partition("\n")[0]
    rows = list(csv.reader(io.StringIO(text.lstrip()), delimiter=max(";,\t", key=first.count)))
    head = next((place for place, row in enumerate(rows[:30]) if {"day", "purpose"} <= set(_columns(row))), None)
    if head is None:
        raise StatementUnreadable(_("Không thấy các cột Ngày, Số tham chiếu, Ghi có, Ghi nợ, Nội dung."))
    columns = _columns(rows[head])
    if not {"credit", "amount"} & set(columns) or "reference" not in columns:
        raise StatementUnreadable(_("Không thấy các cột Ngày, Số tham chiếu, Ghi có, Ghi nợ, Nội dung."))
    lines, accounts = [], set()
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        if not cells["day"]:
            continue  # sums and remarks under the table
        try:
            amount = _money(cells.get("credit", "")) - _money(cells.get("debit", "")) + _money(cells.get("amount", ""))
            day = _day(cells["day"])
        except ValueError:
            raise StatementUnreadable(_("Dòng %(number)s có ngày hoặc số tiền không đọc được.") % {"number": number}) from None
        if amount == 0:
            continue
        if not cells["reference"]:
            raise StatementUnreadable(_("Dòng %(number)s thiếu số tham chiếu.") % {"number": number})
        accounts.add(cells.get("account", ""))
        lines.append(
            Line(
                booked_on=day,
                amount_dong=amount,
                bank_reference=one_line(cells["reference"])[:64],
                purpose=one_line(cells["purpose"])[:500],
            )
        )
    if len(accounts - {""}) > 1:
        raise StatementUnreadable(_("Tệp có giao dịch của nhiều tài khoản. Hãy tải riêng từng tài khoản."))
    days = [line.booked_on for line in lines] or [date.min]
    return Statement(account=max(accounts, default=""), lines=_numbered(lines), first_day=min(days), last_day=max(days))


def _columns(row: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        key = search_key(re.sub(r"\(.*\)", "", one_line(cell))).strip()
        for name, headings in _HEADINGS.items():
            if key in headings and name not in found:
                found[name] = place
    return found


def _numbered(lines: Iterable[Line]) -> list[Line]:
    seen: Counter[tuple[date, str]] = Counter()
    found = []
    for line in lines:
        seen[line.booked_on, line.bank_reference] += 1
        number = seen[line.booked_on, line.bank_reference]
        found.append(
            Line(
                booked_on=line.booked_on,
                amount_dong=line.amount_dong,
                bank_reference=line.bank_reference,
                purpose=line.purpose,
                number=number,
            )
        )
    return found


def _money(cell: str) -> int:
    """Whole đồng, however the thousands are parted: 1.234.567, 1,234,567.00, 1234567. Raises ValueError."""
    plain = re.sub(r"\s|VND|đ|₫", "", cell, flags=re.I)
    if not plain or plain in "+-":
        return 0
    plain = re.sub(r"[.,]00\Z", "", plain)
    if not re.fullmatch(r"[+-]?(\d{1,3}([.,]\d{3})+|\d+)", plain):
        raise ValueError(cell)
    return int(re.sub(r"[.,]", "", plain))


def _whole(amount: Decimal) -> int:
    """Raises StatementUnreadable: there is nothing smaller than a đồng."""
    try:
        whole = int(amount)
    except (InvalidOperation, OverflowError):
        raise StatementUnreadable(_("Tệp MT940 sai mẫu.")) from None
    if whole != amount:
        raise StatementUnreadable(_("Có số tiền lẻ dưới một đồng."))
    return whole


def _plain_day(day: date) -> date:
    return date(day.year, day.month, day.day)


def _day(cell: str) -> date:
    """Raises ValueError."""
    found = cell.split()[0]
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%y"):
        try:
            return datetime.strptime(found, form).date()  # noqa: DTZ007 - a day, of no zone
        except ValueError:
            continue
    raise ValueError(cell)
