"""Reading a bank's statement: MT940, or a table with the columns banks write. Nothing here touches the database."""

from __future__ import annotations

import csv
import hashlib
import io
import logging
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

import mt940
from django.utils.translation import gettext as _

from thongsuot.kernel.text import nfc, one_line, search_key
from thongsuot.payments.actions.errors import StatementUnreadable
from thongsuot.payments.rules.references import plain

logging.getLogger("mt940").setLevel(logging.CRITICAL)  # it writes what it cannot read, with whose money it is, into the log
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
    "mark": ("n c", "c n", "d c", "c d", "dr cr", "cr dr", "no co", "debit credit", "dau"),
    "balance": ("so du", "so du sau giao dich", "so du cuoi", "balance", "running balance"),
    "account": ("so tai khoan", "tai khoan", "account", "account number"),
}
_IN, _OUT = {"c", "co", "cr", "credit", "ghi co", "+"}, {"n", "no", "d", "dr", "debit", "ghi no", "-"}
_ENDS = ("opening", "closing")
_NO_REFERENCE = {"", "NONREF", "NOREF", "NA", "KHONGCO"}  # as banks write that they have none
MOST_DONG = 10**15
NAMELESS = "KHONG-SO-"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One movement; below zero: it left the account. `number` tells apart several of one day with one reference of the bank.

    Where the bank gave none `bank_reference` is made of the amount and the purpose, so that the same movement in another file
    has the same again; `is_nameless` says so.
    """

    booked_on: date
    amount_dong: int
    bank_reference: str
    purpose: str
    number: int = 1
    is_nameless: bool = False


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
    if len(statement.lines) > MOST_LINES:
        raise StatementUnreadable(_("Tệp có hơn 50.000 dòng. Hãy tải sổ phụ theo từng ngày."))
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
    """One account's blocks, each checked by its own balances: a file may hold a block for each day, or for each page."""
    try:
        blocks = mt940.parse_statements(text, options=mt940.Options.all())
        lines: list[Line] = []
        days, accounts = [], set()
        ends: list[tuple[int | None, int | None]] = []
        for block in blocks:
            new = [_mt940_line(dict(row.data)) for row in block]
            opening, closing = (
                block.data.get(f"final_{end}_balance") or block.data.get(f"intermediate_{end}_balance") for end in _ENDS
            )
            if any(one is not None and one.amount.currency != "VND" for one in (opening, closing)):
                raise StatementUnreadable(_("Sổ phụ không phải bằng đồng Việt Nam."))
            first, last = (_whole(one.amount.amount) if one is not None else None for one in (opening, closing))
            if first is not None and last is not None and first + sum(line.amount_dong for line in new) != last:
                raise StatementUnreadable(_("Số dư đầu cộng phát sinh không bằng số dư cuối: tệp thiếu dòng."))
            # An opening balance bears the day it was the closing one of, of which the file says nothing else.
            days += [line.booked_on for line in new] + [_plain_day(one.date) for one in (closing,) if one is not None]
            accounts.add(str(block.data.get("account_identification") or ""))
            ends.append((first, last))
            lines += new
    except StatementUnreadable:
        raise
    except Exception:  # the library raises whatever it stumbles over
        raise StatementUnreadable(_("Tệp MT940 sai mẫu.")) from None
    if not days:
        raise StatementUnreadable(_("Tệp không có giao dịch nào, cũng không có số dư để biết ngày."))
    if len(accounts - {""}) > 1:
        raise StatementUnreadable(_several())
    return Statement(
        account=max(accounts),
        lines=_numbered(lines),
        first_day=min(days),
        last_day=max(days),
        opening_dong=ends[0][0],
        closing_dong=ends[-1][1],
    )


def _mt940_line(row: dict[str, Any]) -> Line:
    reference = one_line(str(row.get("bank_reference") or row.get("customer_reference") or ""))[:64]
    return Line(
        booked_on=_plain_day(row.get("entry_date") or row["date"]),
        amount_dong=_whole(row["amount"].amount),
        bank_reference=reference,
        purpose=one_line(str(row.get("transaction_details") or row.get("purpose") or ""))[:500],
    )


def _several() -> str:
    return _("Tệp có giao dịch của nhiều tài khoản. Hãy tải riêng từng tài khoản.")


def _table(text: str) -> Statement:
    first = text.lstrip().partition("\n")[0]
    try:
        rows = list(csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=max(";,\t", key=first.count)))
    except csv.Error:
        raise StatementUnreadable(_("Tệp CSV có dòng không đọc được, thường vì một dấu nháy chưa đóng.")) from None
    head = next((place for place, row in enumerate(rows[:30]) if {"day", "purpose"} <= set(_columns(row))), None)
    if head is None:
        raise StatementUnreadable(_("Không thấy các cột Ngày, Số tham chiếu, Ghi có, Ghi nợ, Nội dung."))
    columns = _columns(rows[head])
    if not {"credit", "amount"} & set(columns) or "reference" not in columns:
        raise StatementUnreadable(_("Không thấy các cột Ngày, Số tham chiếu, Ghi có, Ghi nợ, Nội dung."))
    if "amount" in columns and {"credit", "debit"} & set(columns):
        raise StatementUnreadable(_("Bảng vừa có cột Số tiền vừa có cột Ghi có, Ghi nợ. Hãy bỏ cột Số tiền."))
    lines, accounts, balances = [], set(), []
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        said = any(char.isdigit() for char in cells["day"].partition(" ")[0])
        if not cells["day"] or not (said or (cells["reference"] and cells["purpose"])):
            continue  # sums and remarks under the table
        try:
            amount, day = _amount(cells), _day(cells["day"])
            balances.append((amount, _money(cells["balance"]) if cells.get("balance") else None))
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
    if not lines:
        raise StatementUnreadable(_("Tệp không có giao dịch nào, cũng không có số dư để biết ngày."))
    if len(accounts - {""}) > 1:
        raise StatementUnreadable(_several())
    if not _adds_up(balances):
        raise StatementUnreadable(_("Cột Số dư không khớp với số tiền từng dòng: tệp thiếu dòng, hoặc sai dấu."))
    days = [line.booked_on for line in lines]
    return Statement(account=max(accounts), lines=_numbered(lines), first_day=min(days), last_day=max(days))


def _amount(cells: dict[str, str]) -> int:
    """What came in; below zero: what left. Banks write what left with a sign, without one, or with a letter beside it.

    Raises ValueError.
    """
    amount = _money(cells.get("amount", ""))
    if amount and "mark" in cells:
        mark = search_key(cells["mark"]) or cells["mark"]
        if mark not in (_OUT if amount < 0 else _IN | _OUT):
            raise ValueError(cells["mark"])
        return abs(amount) if mark in _IN else -abs(amount)
    return amount + _money(cells.get("credit", "")) - abs(_money(cells.get("debit", "")))


def _adds_up(balances: list[tuple[int, int | None]]) -> bool:
    """Does each balance follow from the one before, the oldest first or last? True where they are not all there."""
    known = [(amount, balance) for amount, balance in balances if balance is not None]
    if len(known) < len(balances):
        return True
    pairs = list(pairwise(known))
    down = all(before[1] + after[0] == after[1] for before, after in pairs)
    return down or all(after[1] + before[0] == before[1] for before, after in pairs)


def _columns(row: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        key = search_key(re.sub(r"\(.*\)", "", one_line(cell))).strip()
        for name, headings in _HEADINGS.items():
            if key in headings and name not in found:
                found[name] = place
    return found


def reference_of(reference: str, amount_dong: int, purpose: str) -> str:
    """The bank's, or one made of the amount and the purpose where it gave none."""
    if plain(reference) not in _NO_REFERENCE:
        return reference
    return f"{NAMELESS}{hashlib.sha256(f'{amount_dong} {plain(purpose)}'.encode()).hexdigest()[:12]}"


def _numbered(lines: Iterable[Line]) -> list[Line]:
    seen: Counter[tuple[date, str]] = Counter()
    found = []
    for line in lines:
        reference = reference_of(line.bank_reference, line.amount_dong, line.purpose)
        if reference != line.bank_reference:
            line = replace(line, bank_reference=reference, is_nameless=True)
        seen[line.booked_on, line.bank_reference] += 1
        found.append(replace(line, number=seen[line.booked_on, line.bank_reference]))
    return found


def _money(cell: str) -> int:
    """Whole đồng, however the thousands are parted: 1.234.567, 1,234,567.00, 1234567. Raises ValueError."""
    digits = re.sub(r"\s|VND|đ|₫", "", cell, flags=re.I)
    if not digits or digits in "+-":
        return 0
    digits = re.sub(r"[.,]00\Z", "", digits)
    if not re.fullmatch(r"[+-]?(\d{1,3}([.,]\d{3})+|\d+)", digits):
        raise ValueError(cell)
    amount = int(re.sub(r"[.,]", "", digits))
    if abs(amount) >= MOST_DONG:
        raise ValueError(cell)
    return amount


def _whole(amount: Decimal) -> int:
    """Raises StatementUnreadable: there is nothing smaller than a đồng."""
    try:
        whole = int(amount)
    except (InvalidOperation, OverflowError):
        raise StatementUnreadable(_("Tệp MT940 sai mẫu.")) from None
    if whole != amount:
        raise StatementUnreadable(_("Có số tiền lẻ dưới một đồng."))
    if abs(whole) >= MOST_DONG:
        raise StatementUnreadable(_("Có số tiền quá lớn, không đọc được."))
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
