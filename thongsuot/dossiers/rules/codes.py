"""Codes of dossiers, of filings and of drafts: made, and read as people type them; the four digits that open the details."""

from __future__ import annotations

import re
import secrets

from thongsuot.kernel.codes import LETTERS, in_fours

CODE = re.compile(r"[A-Z]\d{2}(?:\.\d{1,3}){0,4}-\d{6}-\d{4,}")
SUBMISSION_CODE = re.compile(rf"TS-[{LETTERS}]{{4}}-[{LETTERS}]{{4}}")
DRAFT_CODE = re.compile(rf"KS-[{LETTERS}]{{4}}-[{LETTERS}]{{4}}-[{LETTERS}]{{3}}")
_OWN_CODE = re.compile(rf"(TS|KS|GN)([{LETTERS}]{{8,12}})")
_PARTED_CODE = re.compile(r"([A-Z]\d{2}(?:\.\d{1,3}){0,4})-?(\d{6})-?(\d{4,})")


def typed_code(text: str) -> str:
    """A code as people type it: small letters, long dashes, blanks for dashes or no dashes at all are forgiven."""
    code = re.sub(r"[\s\-–—]+", "-", text[:200].strip().upper())
    if found := _OWN_CODE.fullmatch(code.replace("-", "")):
        return f"{found[1]}-{in_fours(found[2])}"
    if found := _PARTED_CODE.fullmatch(code):
        return "-".join(found.groups())
    return re.sub(r"\s+", "", text).upper().replace("–", "-").replace("—", "-")[:60]


def secret_fits(secret: str, *, id_number: str, phone: str) -> bool:
    """Do four digits open the details: the last four of the ID number or of the telephone?"""
    digits = re.sub(r"[^0-9]", "", secret)
    known = [re.sub(r"[^0-9]", "", value)[-4:] for value in (id_number, phone)]
    return len(digits) == 4 and any(len(tail) == 4 and secrets.compare_digest(digits, tail) for tail in known)
