"""Signatures and proofs on what dossiers give out. Cryptography runs outside transactions, so none of this is a command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from thongsuot.dossiers.actions.signatures import open_signing
from thongsuot.dossiers.models import Result, ResultChange
from thongsuot.dossiers.queries.given import copies_given
from thongsuot.files.queries import file_row
from thongsuot.files.rules import FileType
from thongsuot.kernel import text
from thongsuot.kernel.actor import Actor
from thongsuot.signing import actions as signing
from thongsuot.signing import errors
from thongsuot.signing.queries import choosing


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """What came of it: the file to go on with, and whether it carries the signature."""

    file_id: int
    signed: bool


def by_person(file_id: int, *, pin: str, code: str, reason: str, unit_id: int, once: str, actor: Actor, at: datetime) -> Sealed:
    """The actor's digital signature, the QR of `code` put on before; without a PIN it is signed by hand and stays as it is.

    Raises the refusals of `signing`.
    """
    if not pin:
        return Sealed(file_id=file_id, signed=False)
    holder = choosing.of_person(actor.person_id, unit_id=unit_id, at=at)
    prepared = signing.prepare(file_id, code=code, is_test=holder.is_test, actor=actor, at=at)
    signed = signing.sign_as_person(prepared, pin=pin, reason=reason, unit_id=unit_id, once=once, actor=actor, at=at)
    return Sealed(file_id=signed.file_id, signed=True)


def check_agency_pin(*, unit_id: int, pin: str, actor: Actor, at: datetime) -> None:
    """Before a number is drawn: the agency can sign with this PIN. Raises the refusals of `signing`."""
    signing.check_pin(choosing.of_agency(unit_id, at=at), pin, actor=actor, at=at)


def by_agency(
    file_id: int,
    *,
    pin: str,
    reason: str,
    unit_id: int,
    filled: Mapping[str, str] | None = None,
    lines: Sequence[str] = (),
    once: str,
    actor: Actor,
    at: datetime,
) -> int:
    """The agency's signature over the person's with the number put on, or alone with text lines on a copy. The new file.

    filled   `number_fields` of a paper that has a number
    """
    signed = signing.sign_as_agency(
        file_id, unit_id=unit_id, pin=pin, reason=reason, lines=lines, filled=filled, once=once, actor=actor, at=at
    )
    return signed.file_id


def number_fields(number: str, day: date) -> dict[str, str]:
    """What the empty fields of a paper show once it is numbered: those of its template, or the one `signing.prepare` put on."""
    return {"so": f"Số: {number}, ngày {text.day(day)}", "so_ky_hieu": number, "ngay_ban_hanh": text.day(day)}


def can_be_signed(file_id: int) -> bool:
    """Only a PDF carries a digital signature here."""
    return file_row(file_id).content_type == FileType.PDF


def proof_of(paper: Result | ResultChange) -> str:
    """The code of its public proof; empty for one that has none."""
    if isinstance(paper, ResultChange):
        return paper.proof_code
    made = open_signing(paper)
    return made.code if made is not None else ""


def proofs_of(paper: Result | ResultChange) -> list[str]:
    """The codes of everything it gives out: a result of certified copies has one for each of them."""
    if isinstance(paper, Result) and (copies := copies_given(paper)):
        return [one.proof_code for one in copies]
    return [proof_of(paper)]


def correct_proof(code: str, *, reason: str, corrected_by: str, actor: Actor, at: datetime) -> None:
    """The public page of that code leads to the correction from now on. One that was never registered has no page."""
    if not code:
        return
    try:
        signing.correct_proof(code, reason=reason, corrected_by=corrected_by, actor=actor, at=at)
    except errors.ProofNotFound:
        return


def end_proof(code: str, *, reason: str, replaced_by: str, actor: Actor, at: datetime) -> None:
    """The public page of that code says from now on that the paper does not hold. One that was never registered has no page."""
    if not code:
        return
    try:
        signing.revoke_proof(code, reason=reason, replaced_by=replaced_by, actor=actor, at=at)
    except errors.ProofNotFound:
        return
