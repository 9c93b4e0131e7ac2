"""Papers from entries, put into the dossier as the draft of its result; and the note of what was issued."""

from __future__ import annotations

from datetime import datetime

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import Dossier, Result
from thongsuot.files.actions import store
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.text import slug
from thongsuot.registers import events, papers
from thongsuot.registers.actions import errors
from thongsuot.registers.actions.entering import dossier_at_hand
from thongsuot.registers.actions.looking import note_look
from thongsuot.registers.models import Entry, IssuedPaper
from thongsuot.registers.rules import CERTIFICATES, COPIES, DUTY, ENTERS


@command
def draft_paper(entry_id: int, *, dossier_id: int, actor: Actor, at: datetime) -> IssuedPaper:
    """Typeset the paper that the dossier asks for and make it the draft of its result, in the place of an earlier draft.

    Signatures, the number of a copy and the QR that proves the paper come when the result is signed.
    A certificate is made from the dossier's own entry; a copy from any entry that the resolving unit keeps, in as many
    copies as the dossier was received for: its fee was computed from that number.
    Raises NotYourDuty, NotFound, NotAtThatStep, NotForTheRegister, EntryCancelled.
    """
    dossier, version = dossier_at_hand(dossier_id, actor)
    entry = must_exist(Entry.objects.select_for_update().filter(pk=entry_id).first())
    actor.must(DUTY, unit_id=entry.keeper_id)
    if entry.state == Entry.State.CANCELLED:
        raise errors.EntryCancelled
    if version.code in COPIES and entry.keeper_id == dossier.resolving_unit_id:
        form = IssuedPaper.Form.COPY
    elif version.code in ENTERS and entry.dossier_id == dossier.pk:
        form = CERTIFICATES[entry.kind]
    else:
        raise errors.NotForTheRegister
    copies = copies_of(dossier)
    title = papers.title_of(form, entry)
    pdf = papers.typeset(
        form,
        entry,
        issuing_unit_id=dossier.resolving_unit_id,
        copies=copies,
        dossier_code=str(dossier),
        at=at,
    )
    stored = store(pdf, name=f"{slug(title)}-{dossier}.pdf", actor=actor, at=at, purpose="registers.paper")
    IssuedPaper.objects.filter(dossier=dossier, replaced=False).update(replaced=True)
    paper = IssuedPaper.objects.create(
        entry=entry,
        dossier=dossier,
        form=form,
        copies=copies,
        file=stored,
        drafted_at=at,
        drafted_by_name=actor.name,
    )
    note_look(entry, paper=paper, reason=str(dossier), actor=actor, at=at)  # it says all of the entry
    dossiers.draft_result(dossier.pk, title=title, file_id=stored.pk, actor=actor, at=at)
    record(
        events.PAPER_DRAFTED,
        entry,
        actor=actor,
        at=at,
        unit_id=entry.keeper_id,
        paper=paper.pk,
        form=form,
        copies=copies,
        dossier=dossier.pk,
    )
    return paper


def copies_of(dossier: Dossier) -> int:
    """How many the owner asked and paid for: what fees were counted by, else what the e-form says, else one."""
    for value in (dossier.quantities.get("copies"), dossier.form.get("copies")):
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 99:
            return value
    return 1


@command
def note_issued(paper_id: int, *, actor: Actor, at: datetime) -> IssuedPaper:
    """The dossier's result was numbered: the register notes its number and day. Called twice it changes nothing more."""
    paper = IssuedPaper.objects.select_for_update().select_related("entry").get(pk=paper_id)
    result = must_exist(Result.objects.filter(dossier_id=paper.dossier_id).first())
    paper.number, paper.issued_on = result.number, result.issued_on
    paper.save(update_fields=["number", "issued_on"])
    record(
        events.PAPER_ISSUED,
        paper.entry,
        actor=actor,
        at=at,
        unit_id=paper.entry.keeper_id,
        paper=paper.pk,
        number=paper.number,
        dossier=paper.dossier_id,
    )
    return paper
