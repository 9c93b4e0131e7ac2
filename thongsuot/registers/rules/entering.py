"""What a new entry must say, and what an officer should be warned of. Pure; figures of the law are dated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.registers.models import Kind, Role
from thongsuot.registers.rules import days
from thongsuot.registers.rules.drafts import EntryDraft


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure of the law for a time; `checked`: read in the text itself."""

    value: int
    basis: str
    valid_from: date
    valid_to: date | None = None
    checked: bool = True


def figure(rows: tuple[Figure, ...], *, on: date) -> Figure:
    return next(row for row in rows if row.valid_from <= on and (row.valid_to is None or on < row.valid_to))


BIRTH_WITHIN_DAYS = (Figure(value=60, basis="Luật Hộ tịch 60/2014/QH13, Điều 15", valid_from=date(2016, 1, 1)),)
WIFE_AGE = (
    Figure(value=18, basis="Luật Hôn nhân và gia đình 52/2014/QH13, Điều 8", valid_from=date(2015, 1, 1), checked=False),
)
HUSBAND_AGE = (
    Figure(value=20, basis="Luật Hôn nhân và gia đình 52/2014/QH13, Điều 8", valid_from=date(2015, 1, 1), checked=False),
)


def lacking(draft: EntryDraft, *, again: bool) -> dict[str, str]:
    """{column: sentence} of what an entry of today must have. An old event may be known by its year alone."""
    problems: dict[str, str] = {}
    if again:
        return problems
    needed = {
        Kind.BIRTH: [("child_born", _born(draft, Role.CHILD))],
        Kind.MARRIAGE: [("wife_born", _born(draft, Role.WIFE)), ("husband_born", _born(draft, Role.HUSBAND))],
        Kind.DEATH: [("died_on", draft.more.get("died_on", ""))],
    }[draft.kind]
    for key, day in needed:
        if len(day) < 10:
            problems[key] = _("Cần đủ ngày, tháng, năm. Hãy ghi như 12/03/2026.")
    child = draft.person(Role.CHILD)
    if draft.kind == Kind.BIRTH and child and not child.sex:
        problems["child_sex"] = _("Chưa ghi giới tính. Hãy ghi nam hoặc nữ.")
    return problems


def warnings(draft: EntryDraft, *, today: date) -> list[str]:
    """What does not forbid the entry but must be seen: lateness, age."""
    said: list[str] = []
    child_born = _born(draft, Role.CHILD)
    within = figure(BIRTH_WITHIN_DAYS, on=today)
    if len(child_born) == 10 and not draft.again and today - date.fromisoformat(child_born) > timedelta(days=within.value):
        said.append(
            _("Đăng ký quá %(days)s ngày kể từ ngày sinh (%(basis)s): đăng ký quá hạn.")
            % {"days": within.value, "basis": within.basis}
        )
    for role, rows, sentence in (
        (Role.WIFE, WIFE_AGE, _("Bên nữ chưa đủ %(age)s tuổi (%(basis)s).")),
        (Role.HUSBAND, HUSBAND_AGE, _("Bên nam chưa đủ %(age)s tuổi (%(basis)s).")),
    ):
        born = _born(draft, role)
        age = figure(rows, on=today)
        if len(born) == 10 and not draft.again and _birthday(date.fromisoformat(born), age.value) > today:
            said.append(sentence % {"age": age.value, "basis": age.basis})
    return said


def _birthday(born: date, age: int) -> date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:  # 29 February
        return date(born.year + age, 3, 1)


def _born(draft: EntryDraft, role: Role) -> str:
    person = draft.person(role)
    return person.born if person else ""


# Which answer of a dossier's e-form fills which column.
_SAME = ("name", "born_on", "sex", "id", "ethnicity", "nationality", "residence")
_COLUMN = {"born_on": "born"}
_PERSONS = {
    Kind.BIRTH: {"child": "child", "person": "child", "mother": "mother", "father": "father"},
    Kind.MARRIAGE: {"wife": "wife", "husband": "husband"},
    Kind.DEATH: {"dead": "dead"},
}
_PLAIN: dict[Kind, dict[str, tuple[str, ...]]] = {
    Kind.BIRTH: {
        "birthplace": ("child_birthplace", "person_birthplace"),
        "hometown": ("child_hometown", "person_hometown"),
        "requester": ("requester_name",),
        "requester_relation": ("requester_relation",),
    },
    Kind.MARRIAGE: {},
    Kind.DEATH: {
        "died_on": ("died_on",),
        "died_at": ("died_at",),
        "death_place": ("death_place",),
        "death_cause": ("death_cause",),
        "dead_residence": ("dead_last_residence",),
        "requester": ("requester_name",),
        "requester_relation": ("requester_relation",),
    },
}


def prefilled(kind: Kind, form: Mapping[str, Any]) -> dict[str, str]:
    """Texts by column from the answers of a dossier's e-form: shown to the officer, who checks them against the papers."""

    def said(key: str) -> str:
        value = form.get(key)
        return value.strip() if isinstance(value, str) else ""

    cells: dict[str, str] = {}
    for asked, column in _PERSONS[kind].items():
        for part in _SAME:
            if text := said(f"{asked}_{part}"):
                cells[f"{column}_{_COLUMN.get(part, part)}"] = _shown(part, text)
    for column, keys in _PLAIN[kind].items():
        for key in keys:
            if text := said(key):
                cells[column] = _shown(key, text)
    if kind == Kind.DEATH:
        cells["notice"] = ", ".join(text for key in ("notice_number", "notice_place") if (text := said(key)))
    before = [said("before_place"), _shown("on", said("before_on")), said("before_number")]
    cells["before"] = "; ".join(text for text in before if text)
    return {key: text for key, text in cells.items() if text}


def _shown(part: str, text: str) -> str:
    if part.endswith("on") and len(text) == 10:
        return days.as_typed(text)
    return {"male": "nam", "female": "nữ"}.get(text, text) if part == "sex" else text
