"""The correction list: one officer proposes what an unclear row becomes, another decides. Nothing is mended silently."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.registers import events
from thongsuot.registers.actions import errors
from thongsuot.registers.actions.importing import recount
from thongsuot.registers.actions.writing import entry_of, hold_keeper, note_written, old_book, people_of
from thongsuot.registers.models import EntryPerson, ImportRow, Kind, Proposal, RegisterImport
from thongsuot.registers.queries.checking import Checked, Checker
from thongsuot.registers.queries.places import chosen
from thongsuot.registers.rules import DUTY, reasons
from thongsuot.registers.rules.columns import columns_by_key


@command
def propose_correction(
    row_id: int,
    *,
    way: Proposal.Way,
    cells: Mapping[str, str],
    place_unit_id: int | None = None,
    settled: Collection[str] = (),
    why: str,
    actor: Actor,
    at: datetime,
) -> Proposal:
    """What an unclear row should become, and why. It must be storable as proposed.

    cells          the row's texts as corrected (way "store")
    place_unit_id  the unit that the place of registration was, when the text does not say it clearly
    settled        doubts that were looked into and stand: the paper book really says so
    Raises NotYourDuty, AlreadyProposed, BadInput, StillDoubtful, NotFound.
    """
    row = _locked(row_id, actor)
    if row.proposals.filter(outcome="").exists():
        raise errors.AlreadyProposed
    why = one_line(why)
    if not why:
        raise BadInput({"why": _("Chưa ghi căn cứ. Hãy ghi đã đối chiếu với gì, ví dụ: trang 12 sổ giấy.")})
    known = columns_by_key(row.source.kind)
    kept = {key: text for key in known if (text := one_line(str(cells.get(key, "")))[:1000])}
    if way == Proposal.Way.STORE:
        _check(row, kept, place_unit_id, settled, at)
    proposal = Proposal.objects.create(
        row=row,
        way=way,
        cells=kept,
        place_unit_id=place_unit_id if way == Proposal.Way.STORE else None,
        settled=sorted(set(settled) & reasons.DOUBTS.keys()),
        why=why[:500],
        proposed_by_id=actor.person_id,
        proposed_by_name=actor.name,
        proposed_at=at,
    )
    record(
        events.CORRECTION_PROPOSED,
        row,
        actor=actor,
        at=at,
        unit_id=row.source.unit_id,
        way=way,
        settled=proposal.settled,
        changed=sorted(key for key in known if kept.get(key, "") != one_line(row.cells.get(key, ""))),
    )
    return proposal


@command
def decide_correction(proposal_id: int, *, accept: bool, note: str = "", actor: Actor, at: datetime) -> Proposal:
    """The second person's word: another keeper of the registers, or the head who reviews.

    Accepted, the row is stored or dropped as proposed; else it waits for another proposal.
    Raises NotYourDuty, SecondPersonNeeded, AlreadyProposed, BadInput, StillDoubtful, NotFound.
    """
    proposal = must_exist(Proposal.objects.filter(pk=proposal_id).first())
    row = _locked(proposal.row_id, actor, deciding=True)
    proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.outcome:
        raise errors.AlreadyProposed
    if proposal.proposed_by_id == actor.person_id:
        raise errors.SecondPersonNeeded
    note = one_line(note)
    if not accept and not note:
        raise BadInput({"note": _("Chưa ghi lý do trả lại. Hãy ghi điều người đề xuất cần xem lại.")})
    proposal.outcome = Proposal.Outcome.ACCEPTED if accept else Proposal.Outcome.RETURNED
    proposal.decided_by_name, proposal.decided_at, proposal.decision_note = actor.name, at, note[:500]
    if accept:
        _carry_out(row, proposal, at)
    proposal.save()
    record(
        events.CORRECTION_DECIDED,
        row,
        actor=actor,
        at=at,
        unit_id=row.source.unit_id,
        way=proposal.way,
        outcome=proposal.outcome,
        entry=row.entry_id,
    )
    return proposal


def _carry_out(row: ImportRow, proposal: Proposal, at: datetime) -> None:
    if proposal.way == Proposal.Way.REJECT:
        row.state, row.reasons = ImportRow.State.REJECTED, [*row.reasons, "dropped"]
    else:
        keeper_id = row.source.unit_id
        hold_keeper(keeper_id)
        one = _check(row, proposal.cells, proposal.place_unit_id, proposal.settled, at)
        assert one.draft is not None and one.where is not None  # noqa: PT018 - `_check` refused all others
        book = old_book(one.draft, one.where, keeper_id=keeper_id, at=at)
        note_written(book, one.draft.place)
        entry = entry_of(one.draft, book, at=at, by=proposal.proposed_by_name, checked=one)
        # Sent again, the uncorrected row must be known: the entry bears the fingerprint of what the file said.
        entry.fingerprint = row.fingerprint
        entry.save()
        EntryPerson.objects.bulk_create(people_of(one.draft, entry))
        row.state, row.entry = ImportRow.State.STORED, entry
    row.save()
    recount(row.source_id)


def _check(
    row: ImportRow, cells: Mapping[str, str], place_unit_id: int | None, settled: Collection[str], at: datetime
) -> Checked:
    """Raises StillDoubtful."""
    today = timezone.localtime(at).date()
    source = row.source
    checker = Checker(
        kind=Kind(source.kind), keeper_id=source.unit_id, today=today, default_place=source.default_place, row_id=row.pk
    )
    where = chosen(place_unit_id, today=today) if place_unit_id is not None else None
    one = checker.check_one(cells, where=where, settled=settled)
    if one.state != ImportRow.State.GOOD:
        raise errors.StillDoubtful(reasons.in_words(one.reasons))
    return one


def _locked(row_id: int, actor: Actor, *, deciding: bool = False) -> ImportRow:
    row = must_exist(ImportRow.objects.select_related("source").select_for_update(of=("self",)).filter(pk=row_id).first())
    if not (deciding and actor.may("review dossiers", unit_id=row.source.unit_id)):
        actor.must(DUTY, unit_id=row.source.unit_id)
    if row.source.status != RegisterImport.Status.DONE or row.state != ImportRow.State.DOUBTFUL:
        raise errors.AlreadyProposed
    return row
