"""A whole online filing at once, handed in by a program that acts for a portal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.utils import timezone

from thongsuot.dossiers.actions import errors, parties
from thongsuot.dossiers.actions.filing import filed_papers, register
from thongsuot.dossiers.actions.intake import PaperIn, check_files
from thongsuot.dossiers.actions.parties import Filer, Owner
from thongsuot.dossiers.models import Dossier
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command
from thongsuot.personal_store import queries as stored
from thongsuot.procedures import queries as procedures


class Filing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a citizen filled in elsewhere. Papers are uploaded (with a file) or looked up in data."""

    procedure: str
    unit_id: int
    owner: Owner
    filer: Filer | None = None
    papers: tuple[PaperIn, ...] = ()
    form: dict[str, Any] = msgspec.field(default_factory=dict)
    return_by: str


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
    return register(
        version,
        unit_id=filing.unit_id,
        receiving_unit_id=filing.unit_id,
        answers=filing.form,
        owner=parties.clean_online_owner(filing.owner),
        filer=parties.clean_filer(filing.filer) if filing.filer is not None else None,
        return_by=parties.clean_online_return(filing.return_by, address=filing.owner.address),
        papers=filed_papers(
            version,
            files=[(paper.code, paper.file_id) for paper in filing.papers if paper.file_id is not None],
            looked_up={paper.code for paper in filing.papers if paper.file_id is None},
        ),
        keeper=stored.Owner(),
        account_id=None,
        actor=actor,
        at=at,
    )
