"""Results into their owners' stores, and what becomes of them there."""

from __future__ import annotations

from datetime import datetime

from thongsuot.dossiers.actions import sealing
from thongsuot.dossiers.actions.digitising import owner_account
from thongsuot.dossiers.actions.signatures import open_signing
from thongsuot.dossiers.models import Dossier, Result, ResultChange, ResultSigning
from thongsuot.dossiers.queries.given import copies_given
from thongsuot.kernel.actor import Actor
from thongsuot.personal_store import actions as store
from thongsuot.personal_store import queries as stored
from thongsuot.personal_store.models import StoredPaper
from thongsuot.personal_store.rules import signature_of as signature_words
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

WORTH = {
    ResultChange.Kind.CORRECTION: StoredPaper.State.CORRECTED,
    ResultChange.Kind.REPLACEMENT: StoredPaper.State.REPLACED,
    ResultChange.Kind.REVOCATION: StoredPaper.State.REVOKED,
}


def source_of(paper: Result | ResultChange) -> str:
    """What an issued paper is called in the store, for life."""
    return f"{paper._meta.label_lower}/{paper.pk}"


def keep_result(dossier_id: int, *, actor: Actor, at: datetime) -> StoredPaper | None:
    """Put an issued result into its owner's store; again: the one that is there. None without an owner to give it to."""
    result = Result.objects.select_related("dossier").get(dossier_id=dossier_id)
    if result.issued_on is None or result.file_id is None:
        return None
    if copies := copies_given(result):
        return stored.by_source(f"dossiers.certifiedcopy/{copies[0].pk}")  # each of them lies there since it was certified
    paper = _keep(result, result.dossier, kind=StoredPaper.Kind.RESULT, actor=actor, at=at)
    if paper is not None and result.void_reason and paper.state == StoredPaper.State.VALID:
        # It lost its ground before it came into the store.
        store.change_worth(paper.pk, state=StoredPaper.State.REVOKED, reason=result.void_reason, actor=actor, at=at)
    return paper


def keep_change(change_id: int, *, actor: Actor, at: datetime) -> StoredPaper | None:
    """The new paper into the store, the one it changes marked there. Twice: nothing new."""
    change = ResultChange.objects.select_related("result__dossier", "follows").get(pk=change_id)
    dossier = change.result.dossier
    first = keep_result(dossier.pk, actor=actor, at=at)  # if its own turn has not come yet
    if change.follows is not None:
        changed = [stored.by_source(source_of(change.follows))]
    elif copies := copies_given(change.result):
        changed = [stored.by_source(f"dossiers.certifiedcopy/{one.pk}") for one in copies]
    else:
        changed = [first]
    paper = _keep(change, dossier, kind=StoredPaper.Kind.RESULT, actor=actor, at=at)
    state = WORTH[ResultChange.Kind(change.kind)]
    for before in changed:
        if before is not None and before.state == StoredPaper.State.VALID:
            store.change_worth(
                before.pk, state=state, reason=change.reason, replaced_by=paper.pk if paper else None, actor=actor, at=at
            )
    return paper


def _keep(paper: Result | ResultChange, dossier: Dossier, *, kind: str, actor: Actor, at: datetime) -> StoredPaper | None:
    version = procedures.version(dossier.version_id)
    assert paper.file_id is not None  # it was issued
    assert paper.issued_on is not None
    named = version.results[0] if version.results else None
    is_revocation = isinstance(paper, ResultChange) and paper.kind == ResultChange.Kind.REVOCATION
    return store.keep(
        store.NewPaper(
            kind=kind,
            source=source_of(paper),
            owner_id_number=dossier.owner_id_number,
            account_id=owner_account(dossier),
            procedure_code=version.code,
            type_code="" if is_revocation or named is None else named.code,
            title=paper.title,
            number=paper.number,
            issuing_unit_id=dossier.resolving_unit_id,
            issuing_body=units.unit_row(dossier.resolving_unit_id, as_of=paper.issued_on).full_name,
            issued_on=paper.issued_on,
            file_id=paper.file_id,
            signature=signature_of(paper),
            proof_code=sealing.proof_of(paper),
            dossier_id=dossier.pk,
            dossier_code=str(dossier),
        ),
        actor=actor,
        at=at,
    )


def signature_of(paper: Result | ResultChange) -> str:
    """As `StoredPaper.Signature`."""
    if isinstance(paper, ResultChange):
        return signature_words(person=paper.by_person, agency=paper.by_agency)
    made = open_signing(paper)
    if made is None:
        return StoredPaper.Signature.NONE
    digital = ResultSigning.How.DIGITAL
    return signature_words(person=made.signed_how == digital, agency=made.issued_how == digital)
