"""Classes of things that are listed and counted, with the fields each must have (`data/classes.csv`, `data/fields.csv`)."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from thongsuot.kernel.text import day as day_words
from thongsuot.kernel.text import one_line

DATA = Path(__file__).parent.parent / "data"
COMPUTERS = "computers"  # they go with the person who uses them, never by place
PERSONAL = frozenset({COMPUTERS, "staff_files"})
SEALS = "seals"
PREMISES = "premises"
_MONEY = re.compile(r"\d{1,3}([.\s]?\d{3})*", re.ASCII)
MOST_DONG = 10**15


@dataclass(frozen=True, kw_only=True)
class ClassField:
    """`kind`: text, year, number, day or choice; a choice is one of `choices`."""

    key: str
    label: str
    kind: str
    required: bool
    choices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Class:
    """A class of what is handed over.

    short     two letters in the codes of its items
    measure   piece (whole numbers) or metre (two decimals)
    money, remaining   what its sums are called; empty: it has none
    """

    key: str
    short: str
    label: str
    unit_of_count: str
    measure: str
    money: str
    remaining: str
    fields: tuple[ClassField, ...]


@cache
def classes() -> dict[str, Class]:
    """All of them, in the order of pages and minutes."""
    fields: dict[str, list[ClassField]] = {}
    for row in _rows("fields"):
        fields.setdefault(row["class"], []).append(
            ClassField(
                key=row["key"],
                label=row["label"],
                kind=row["kind"],
                required=row["required"] == "1",
                choices=tuple(filter(None, row["choices"].split("|"))),
            )
        )
    return {
        row["key"]: Class(
            key=row["key"],
            short=row["short"],
            label=row["label"],
            unit_of_count=row["unit_of_count"],
            measure=row["measure"],
            money=row["money"],
            remaining=row["remaining"],
            fields=tuple(fields.get(row["key"], ())),
        )
        for row in _rows("classes")
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One line as it is to be stored. Raw text in, checked values out: `read_line`."""

    name: str
    quantity: Decimal
    amount_dong: int | None = None
    remaining_dong: int | None = None
    details: Mapping[str, object] | None = None
    state_text: str = ""
    address: str = ""
    person_email: str = ""


def read_line(klass: Class, cells: Mapping[str, str]) -> tuple[Listed | None, dict[str, str]]:
    """A line of a form or a spreadsheet: (what is to be stored, {}) or (None, {column: what is wrong})."""
    said = {key: one_line(value)[:300] for key, value in cells.items()}
    wrong: dict[str, str] = {}
    name = said.get("name", "")
    if not name:
        wrong["name"] = _("Chưa ghi tên.")
    quantity, whole = read_quantity(said.get("quantity", "") or "1"), klass.measure != "metre"
    if quantity is None or (whole and quantity != quantity.to_integral_value()):
        wrong["quantity"] = (
            _("Số lượng là số nguyên từ 1.") if whole else _("Số mét giá là số dương, nhiều nhất hai chữ số lẻ.")
        )
    amount = _money("amount_dong", klass.money, said, wrong)
    remaining = _money("remaining_dong", klass.remaining, said, wrong)
    if amount is not None and remaining is not None and remaining > amount:
        wrong["remaining_dong"] = _("“%(what)s” lớn hơn “%(whole)s”.") % {"what": klass.remaining, "whole": klass.money}
    if remaining is not None and amount is None:
        wrong.setdefault("amount_dong", _("Chưa ghi “%(what)s”.") % {"what": klass.money})
    details = {field.key: value for field in klass.fields if (value := _detail(field, said.get(field.key, ""), wrong)) != ""}
    if isinstance(first := details.get("from_year"), int) and isinstance(last := details.get("to_year"), int) and first > last:
        wrong["to_year"] = _("Năm cuối trước năm đầu.")
    if wrong or quantity is None:
        return None, wrong
    return Listed(
        name=name,
        quantity=quantity,
        amount_dong=amount,
        remaining_dong=remaining,
        details=details,
        state_text=said.get("state_text", ""),
        address=said.get("address", ""),
        person_email=said.get("person", "").lower(),
    ), {}


def read_quantity(text: str) -> Decimal | None:
    """1, 12,5: a positive number of at most two decimals. None: it is none."""
    try:
        value = Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 < value < 10_000_000 and value == round(value, 2) else None


def read_money(text: str) -> int | None:
    """15.000.000 đ: whole đồng. None: it is none."""
    plain = text.removesuffix("đồng").removesuffix("đ").strip()
    value = int(re.sub(r"[.\s]", "", plain)) if _MONEY.fullmatch(plain) else -1
    return value if 0 <= value <= MOST_DONG else None


def _money(key: str, label: str, said: Mapping[str, str], wrong: dict[str, str]) -> int | None:
    text = said.get(key, "")
    if not text or not label:
        return None
    value = read_money(text)
    if value is None:
        wrong[key] = _("“%(what)s” là số đồng, chỉ gồm chữ số.") % {"what": label}
    return value


def details_words(klass: Class, details: Mapping[str, object]) -> dict[str, str]:
    """The other fields of a thing as people write them, by key."""
    days = {field.key for field in klass.fields if field.kind == "day"}
    return {key: day_words(date.fromisoformat(str(value))) if key in days else str(value) for key, value in details.items()}


def _detail(field: ClassField, text: str, wrong: dict[str, str]) -> object:
    """The value as it is kept, "" for none."""
    if not text:
        if field.required:
            wrong[field.key] = _("Chưa ghi “%(what)s”.") % {"what": field.label}
        return ""
    if field.kind == "choice":
        found = next((choice for choice in field.choices if choice.lower() == text.lower()), None)
        if found is None:
            choices = ", ".join(field.choices)
            wrong[field.key] = _("“%(what)s” phải là một trong: %(choices)s.") % {"what": field.label, "choices": choices}
        return found or ""
    if field.kind in ("number", "year"):
        plain = text.replace(".", "").replace(" ", "")
        good = plain.isascii() and plain.isdigit() and len(plain) <= 9
        if not good or (field.kind == "year" and not 1800 <= int(plain) <= 2200):
            wrong[field.key] = _("“%(what)s” chưa đúng: %(text)s.") % {"what": field.label, "text": text[:40]}
            return ""
        return int(plain)
    if field.kind == "day":
        try:
            return datetime.strptime(text, "%d/%m/%Y").date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            wrong[field.key] = _("“%(what)s” ghi như 30/06/2025.") % {"what": field.label}
            return ""
    return text
