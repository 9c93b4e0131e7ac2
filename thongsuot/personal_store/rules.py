"""Which paper can stand for which: pure functions, no database, no clock."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from thongsuot.kernel import codes
from thongsuot.kernel.codes import LETTERS, in_fours
from thongsuot.kernel.text import search_key

_NATIONAL = re.compile(r"[A-Z]{2}\.[A-Z0-9]+(\.[A-Z0-9]+)*")  # KQ.G15.000021
CODE = re.compile(rf"GT-[{LETTERS}]{{4}}-[{LETTERS}]{{4}}-[{LETTERS}]{{3}}")


def new_code() -> str:
    """GT-7H4P-22KM-9XA: so long that knowing one paper's code tells nothing of another's."""
    return codes.new_code("GT", letters=11)


def typed_code(text: str) -> str:
    """A code as people type it: small letters, blanks or no dashes are forgiven."""
    plain = re.sub(r"[^A-Z0-9]", "", text[:60].upper())
    if plain.startswith("GT") and len(plain) == 13:
        return f"GT-{in_fours(plain[2:])}"
    return plain[:20]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A component that a procedure asks for."""

    procedure_code: str
    paper_code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Held:
    """What is known of a stored paper when it is compared with a component."""

    procedure_code: str
    paper_code: str
    type_code: str
    title_key: str


def fits(held: Held, wanted: Wanted) -> bool:
    """May this paper be offered for that component?

    Codes of papers are each procedure's own ("original", "copy"): they speak only within one procedure. National codes and
    names speak across them; a title of two words or more may stand inside the component's name ("Giấy khai sinh" in "Giấy khai
    sinh hoặc trích lục khai sinh"). It is only an offer: the owner ticks it, the officer checks it (TT 01/2023/TT-VPCP).
    """
    if held.type_code and held.type_code == wanted.paper_code and _NATIONAL.fullmatch(held.type_code):
        return True
    if held.paper_code and (held.procedure_code, held.paper_code) == (wanted.procedure_code, wanted.paper_code):
        return True
    name = search_key(wanted.name)
    if held.title_key == name:
        return bool(name)
    return len(held.title_key.split()) > 1 and f" {held.title_key} " in f" {name} "


def is_usable(*, state: str, is_offered: bool, valid_from: date | None, valid_to: date | None, on: date) -> bool:
    """Valid that day, neither corrected nor replaced nor revoked, and offered by its owner (NĐ 45/2020/NĐ-CP Điều 16)."""
    return state == "valid" and is_offered and (valid_from is None or valid_from <= on) and (valid_to is None or on < valid_to)


def signature_of(*, person: bool, agency: bool) -> str:
    """How a file is signed, as `StoredPaper.Signature`."""
    return "both" if person and agency else "agency" if agency else "person" if person else "none"


def belongs(*, owner_id_number: str, account_id: int | None, id_numbers: Collection[str], person_id: int | None) -> bool:
    """Is a paper of this owner one of a person with these proven ID numbers and this account?"""
    return bool(owner_id_number and owner_id_number in id_numbers) or (account_id is not None and account_id == person_id)
