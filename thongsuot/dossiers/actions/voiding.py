"""What a paper was made from does not hold any more: the paper, its public proof and its place in the store follow."""

from __future__ import annotations

from datetime import datetime

from thongsuot.dossiers import events
from thongsuot.dossiers.actions import sealing, signatures
from thongsuot.dossiers.actions.moving import locked
from thongsuot.dossiers.actions.stores import source_of
from thongsuot.dossiers.models import Dossier, Result, ResultChange
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.text import one_line
from thongsuot.personal_store import actions as store
from thongsuot.personal_store import queries as stored
from thongsuot.personal_store.models import StoredPaper
from thongsuot.signing.models import Proof


@command
def void_result(dossier_id: int, *, reason: str, public_reason: str, actor: Actor, at: datetime) -> Dossier:
    """Called inside the command of a capability above that took away what the result rests on; it has checked the duty.

    A draft, signed or not, is taken out of the dossier: its step asks for another one. What was issued is revoked with every
    paper that changed it since; the file stays readable.
    public_reason   for the page of the proof: never a name or a number of a person
    Raises NotFound.
    """
    case = locked(dossier_id, at=at)
    result = Result.objects.select_for_update().filter(dossier=case.dossier).first()
    issued = result is not None and bool(result.number)
    if result is not None and issued:
        result.void_reason = one_line(reason)[:500]
        result.save(update_fields=["void_reason"])
        papers: list[Result | ResultChange] = [result]
        papers += ResultChange.objects.filter(result=result).exclude(number="").order_by("pk")
        for paper in papers:
            _revoke(paper, reason=one_line(reason)[:500], public_reason=public_reason, actor=actor, at=at)
    elif result is not None and case.dossier.ended_at is None:
        signatures.fall_away(result, at=at)
        result.file, result.signed_at, result.signer_name, result.signer_post = None, None, "", ""
        result.save(update_fields=["file", "signed_at", "signer_name", "signer_post"])
    record(
        events.RESULT_VOIDED if issued else events.DRAFT_TAKEN_AWAY,
        case.dossier,
        actor=actor,
        at=at,
        unit_id=case.dossier.resolving_unit_id,
        result=result.pk if result is not None else None,
        reason=one_line(reason)[:500],
    )
    return case.dossier


def _revoke(paper: Result | ResultChange, *, reason: str, public_reason: str, actor: Actor, at: datetime) -> None:
    holding = Proof.objects.filter(code__in=sealing.proofs_of(paper), state__in=[Proof.State.VALID, Proof.State.CORRECTED])
    for code in holding.values_list("code", flat=True):
        sealing.end_proof(code, reason=public_reason, replaced_by="", actor=actor, at=at)
    kept = stored.by_source(source_of(paper))
    if kept is not None and kept.state != StoredPaper.State.REVOKED:
        store.change_worth(kept.pk, state=StoredPaper.State.REVOKED, reason=reason, replaced_by=None, actor=actor, at=at)
