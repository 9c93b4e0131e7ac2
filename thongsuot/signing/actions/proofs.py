"""Registering what proves a paper, and ending it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.events import EventKind
from thongsuot.kernel.text import one_line
from thongsuot.signing import errors, events, rules
from thongsuot.signing.models import Proof


@command
def register_proof(
    code: str,
    *,
    file_id: int | None,
    kind: str,
    title: str,
    number: str,
    unit_id: int,
    issued_on: date,
    actor: Actor,
    at: datetime,
) -> Proof:
    """Make the public page of a code say what paper carries it. Called inside the command that issues the paper.

    code     from `proofs.new_code()`, printed on the paper already
    title    the kind of paper, "Giấy xác nhận tình trạng hôn nhân": never a name or a number of a person
    Registered again with the same code, the file, number and day are those of the last call: a number is known later.
    """
    kept = rules.code_as_kept(code)
    title = one_line(title)[:300]
    if kept is None or not title:
        raise BadInput({"code": _("Mã xác thực hoặc tên giấy tờ không dùng được.")})
    proof, _created = Proof.objects.update_or_create(
        code=kept,
        defaults={"file_id": file_id, "number": one_line(number)[:60], "issued_on": issued_on, "title": title},
        create_defaults={
            "file_id": file_id,
            "number": one_line(number)[:60],
            "issued_on": issued_on,
            "title": title,
            "kind": kind,
            "unit_id": unit_id,
            "registered_at": at,
            "state_since": at,
        },
    )
    record(events.PROOF_REGISTERED, proof, actor=actor, at=at, unit_id=unit_id, code=kept, paper=kind, file=file_id)
    return proof


@command
def revoke_proof(code: str, *, reason: str, replaced_by: str = "", actor: Actor, at: datetime) -> Proof:
    """The paper does not count any more; `replaced_by` is the code of the one that counts instead.

    Raises ProofNotFound, BadInput.
    """
    state = Proof.State.REPLACED if replaced_by else Proof.State.REVOKED
    return _changed(code, events.PROOF_ENDED, state=state, reason=reason, by=replaced_by, actor=actor, at=at)


@command
def correct_proof(code: str, *, reason: str, corrected_by: str, actor: Actor, at: datetime) -> Proof:
    """The paper still counts, read with its correction, whose code is `corrected_by`. Raises ProofNotFound, BadInput."""
    state = Proof.State.CORRECTED
    return _changed(code, events.PROOF_CORRECTED, state=state, reason=reason, by=corrected_by, actor=actor, at=at)


def _changed(code: str, kind: EventKind, *, state: Proof.State, reason: str, by: str, actor: Actor, at: datetime) -> Proof:
    proof = Proof.objects.select_for_update().filter(code=rules.code_as_kept(code) or "").first()
    if proof is None:
        raise errors.ProofNotFound
    reason = one_line(reason)[:300]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi vì sao giấy tờ không còn giá trị.")})
    proof.state, proof.state_since, proof.reason = state, at, reason
    proof.replaced_by = rules.code_as_kept(by) or ""
    proof.save()
    record(
        kind,
        proof,
        actor=actor,
        at=at,
        unit_id=proof.unit_id,
        code=proof.code,
        state=proof.state,
        replaced_by=proof.replaced_by,
    )
    return proof
