"""A whole online filing at once, handed in by a program that acts for a portal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.utils import timezone

from thongsuot.dossiers import rules
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.actions.filing import submit_draft
from thongsuot.dossiers.actions.intake import PaperIn, check_files
from thongsuot.dossiers.actions.parties import Filer, Owner
from thongsuot.dossiers.models import Dossier, Draft, DraftFile
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command
from thongsuot.kernel.text import nfc
from thongsuot.procedures import queries as procedures

_KEPT = timedelta(days=1)  # the draft is emptied and submitted in the same transaction: it only carries the answers


class Filing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a citizen filled in elsewhere. Papers are uploaded (with a file) or looked up in data."""

    procedure: str
    unit_id: int
    owner: Owner
    filer: Filer | None = None
    papers: tuple[PaperIn, ...] = ()
    form: dict[str, Any] = msgspec.field(default_factory=dict)
    return_by: str = "counter"


@command
def submit_filing(filing: Filing, *, actor: Actor, at: datetime) -> Dossier:
    """The same checks as on our own pages: a dossier of status 1 with a submission code, owned by nobody's account.

    raises  NotYourDuty, BadInput (problems keyed page.field), UnknownPaper, DossierIncomplete, NotFiledHere, ChannelNotOffered
            and the refusals of the catalogue
    """
    actor.must("submit dossiers", unit_id=filing.unit_id)
    version = procedures.version_in_force(filing.procedure, on=timezone.localdate(at))
    known = {paper.code for paper in version.papers}
    if unknown := next((paper.code for paper in filing.papers if paper.code not in known), None):
        raise errors.UnknownPaper(unknown[:40])
    check_files(filing.papers, actor=actor)
    contact: dict[str, Any] = {"owner": msgspec.to_builtins(filing.owner), "return_by": filing.return_by}
    if filing.filer is not None:
        contact |= {"filing_for": "another", "filer": msgspec.to_builtins(filing.filer)}
    looked_up = [paper.code for paper in filing.papers if paper.file_id is None]
    draft = Draft.objects.create(
        code=rules.new_code("KS", letters=11),
        procedure_code=version.code,
        unit_id=filing.unit_id,
        data=_as_typed({"to-khai": filing.form, "lien-he": contact, "giay-to": {"look_up": looked_up}}),
        started_at=at,
        saved_at=at,
        expires_at=at + _KEPT,
    )
    DraftFile.objects.bulk_create(
        DraftFile(draft=draft, paper_code=paper.code, file_id=paper.file_id) for paper in filing.papers if paper.file_id
    )
    return submit_draft(draft.code, actor=actor, at=at)


def _as_typed(value: Any) -> Any:
    """Texts as a page would have sent them: without control characters, which the database does not take."""
    if isinstance(value, dict):
        return {nfc(key): _as_typed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_typed(part) for part in value]
    return nfc(value) if isinstance(value, str) else value
