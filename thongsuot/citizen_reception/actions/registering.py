"""Into the register: who came, with what; what was handed over from elsewhere; of which kind it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _

from thongsuot.citizen_reception import events
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.actions.common import (
    as_kept,
    came_here,
    checked_visitor,
    checked_words,
    locked_entry,
    must_be_received,
    must_see,
    put_due,
    too_long,
)
from thongsuot.citizen_reception.facts import FoundFacts, PaperFacts, Taken, VisitorFacts
from thongsuot.citizen_reception.models import CameAs, HandedPaper, ReceptionEntry, Visitor
from thongsuot.citizen_reception.queries.access import may_see_visitor, must_receive
from thongsuot.citizen_reception.rules import MATTER_AT_MOST, PAPERS_AT_MOST
from thongsuot.files.actions import store
from thongsuot.files.models import StoredFile
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.events import EventKind
from thongsuot.kernel.text import nfc, one_line
from thongsuot.kernel.working_time import local_day
from thongsuot.numbering.actions import draw
from thongsuot.people.actions import log_look_up

Kind, Competence = ReceptionEntry.Kind, ReceptionEntry.Competence
SERIES = "reception.entry"
PURPOSE = "reception.paper"
NOTHING_FOUND = FoundFacts()
SEEN = ("full_name", "address", "id_number", "phone", "email")


@command
def register_visit(
    unit_id: int,
    *,
    visitor: VisitorFacts,
    matter: str,
    kind: str = "",
    competence: str = "",
    competent_body: str = "",
    papers: Sequence[PaperFacts] = (),
    came_as: str = CameAs.IN_PERSON,
    heard_by: str = "",
    actor: Actor,
    at: datetime,
) -> ReceptionEntry:
    """A line of the register; of no kind yet where nobody can say. Raises NotYourDuty, BadInput, what `files` refuses."""
    must_receive(actor, unit_id, on=local_day(at))
    visitor = checked_visitor(visitor)
    matter = checked_words("matter", matter, most=MATTER_AT_MOST, empty=_("Hãy ghi nội dung người đến trình bày."))
    heard_by = one_line(heard_by)
    if len(heard_by) > 200:
        raise BadInput({"heard_by": too_long(200)})
    said = _classes(kind, competence, competent_body) if kind or competence else {}
    files = _stored(papers, had=0, actor=actor, at=at)
    entry = _written(
        unit_id, visitor, events.RECEIVED, matter=matter, came_as=came_as, heard_by=heard_by, actor=actor, at=at, **said
    )
    HandedPaper.objects.bulk_create(HandedPaper(entry=entry, title=title, file=file, handed_at=at) for title, file in files)
    if said:
        _tell_class(entry, actor, at)
    return entry


@command
def take_over(
    unit_id: int,
    *,
    kind: str,
    words: str,
    visitor: VisitorFacts,
    came_as: str,
    about: models.Model | None,
    found: FoundFacts = NOTHING_FOUND,
    actor: Actor,
    at: datetime,
) -> ReceptionEntry:
    """For other capabilities: a complaint or denunciation was found in something of theirs. Whether the actor may hand it
    over they have checked; the same thing is taken over once. They tell whoever sent it, in a letter of theirs that names the
    number and the day by which they hear: from here none goes out.

    kind     a `ReceptionEntry.Kind`; came_as  a `CameAs`: the channel it came by first
    about    in what it was found; its code is `str(about)`
    found    what they had with it: files, the place
    Raises NobodyReceives: a unit where nobody would read it does not get it (`queries.register.receiving_units`).
    """
    if about is not None:
        named = {"about_subject": about._meta.label_lower, "about_id": about.pk}
        if known := ReceptionEntry.objects.filter(**named).first():
            return _said_again(known, actor, at)
        named |= {"about_code": str(about)[:60]}
    else:
        named = {}
    must_be_received(unit_id, kind, at=at)
    entry = _written(
        unit_id,
        as_kept(visitor),
        events.TAKEN_OVER,
        matter=nfc(words)[:MATTER_AT_MOST] or "-",
        came_as=CameAs(came_as).value,
        kind=Kind(kind).value,
        competence=Competence.UNCLEAR.value,
        place=one_line(found.place)[:300],
        latitude=found.latitude,
        longitude=found.longitude,
        actor=actor,
        at=at,
        **named,
    )
    HandedPaper.objects.bulk_create(
        HandedPaper(entry=entry, title=title[:200], file_id=file_id, handed_at=at) for title, file_id in found.files
    )
    return entry


def _said_again(entry: ReceptionEntry, actor: Actor, at: datetime) -> ReceptionEntry:
    record(events.TAKEN_OVER, entry, actor=actor, at=at, unit_id=entry.unit_id, again=True)
    return entry


def _written(
    unit_id: int, visitor: VisitorFacts, event: EventKind, *, actor: Actor, at: datetime, **said: object
) -> ReceptionEntry:
    """The row, its number and its event. The number is drawn after all that takes time."""
    year = local_day(at).year
    number, _given_at = draw(SERIES, unit_id=unit_id, bucket=str(year), at=at)
    entry = ReceptionEntry(
        book_unit_id=unit_id,
        unit_id=unit_id,
        year=year,
        number=number,
        received_at=at,
        received_by_id=actor.person_id if event is events.RECEIVED else None,
        received_by_name=actor.name,
        **said,
    )
    put_due(entry, at)
    entry.save()
    entry.visitor = Visitor.objects.create(entry=entry, **asdict(visitor))
    told = {"number": number, "year": year, "came_as": entry.came_as, "as_kind": entry.kind}
    record(event, entry, actor=actor, at=at, unit_id=unit_id, **told)
    return entry


def _stored(papers: Sequence[PaperFacts], *, had: int, actor: Actor, at: datetime) -> list[tuple[str, StoredFile | None]]:
    """Raises BadInput, TooManyPapers and what `files` refuses."""
    if had + len(papers) > PAPERS_AT_MOST:
        raise errors.TooManyPapers(PAPERS_AT_MOST)
    found: list[tuple[str, StoredFile | None]] = []
    for paper in papers:
        title = one_line(paper.title)
        if not title:
            raise BadInput({"papers": _("Hãy ghi tên giấy tờ.")})
        if len(title) > 200:
            raise BadInput({"papers": too_long(200)})
        content = paper.content
        file = store(content, name=paper.file_name, actor=actor, at=at, purpose=PURPOSE) if content is not None else None
        found.append((title, file))
    return found


@command
def add_papers(entry_id: int, papers: Sequence[PaperFacts], *, actor: Actor, at: datetime) -> ReceptionEntry:
    """Handed in later, while it is open. Raises NotFound, NotYourDuty, AlreadyHandled, BadInput, what `files` refuses."""
    entry = locked_entry(entry_id, actor=actor, at=at)
    if not entry.is_open:
        raise errors.AlreadyHandled
    if not papers:
        raise BadInput({"papers": _("Hãy ghi tên giấy tờ.")})
    for title, file in _stored(papers, had=entry.papers.count(), actor=actor, at=at):
        HandedPaper.objects.create(entry=entry, title=title, file=file, handed_at=at)
    record(events.PAPERS_ADDED, entry, actor=actor, at=at, unit_id=entry.unit_id, papers=len(papers))
    return entry


@command
def classify(
    entry_id: int, *, kind: str, competence: str, competent_body: str = "", actor: Actor, at: datetime
) -> ReceptionEntry:
    """Say what it is and who is to decide it; put right until it is handled. Whoever makes something of a kind listens to
    the event. Raises NotFound, NotYourDuty, AlreadyHandled, VisitorKept, GiveItBack, NobodyReceives, BadInput.
    """
    entry = locked_entry(entry_id, actor=actor, at=at)
    if entry.way or not entry.is_open:
        raise errors.AlreadyHandled
    if not may_see_visitor(actor, entry, on=local_day(at)):
        raise errors.VisitorKept  # called another kind its visitor would be shown to all
    for name, value in _classes(kind, competence, competent_body).items():
        setattr(entry, name, value)
    if entry.about_id is not None and kind == Kind.FEEDBACK:
        raise errors.GiveItBack
    if not may_see_visitor(actor, entry, on=local_day(at)):
        must_be_received(entry.unit_id, kind, at=at)  # nobody at all would read it from now on
    put_due(entry, came_here(entry))
    entry.save(update_fields=["kind", "competence", "competent_body", "due_at"])
    _tell_class(entry, actor, at)
    return entry


def _classes(kind: str, competence: str, competent_body: str) -> dict[str, str]:
    """Raises BadInput."""
    body, problems = one_line(competent_body), {}
    if kind not in Kind.values:
        problems["kind"] = _("Hãy chọn: khiếu nại, tố cáo, kiến nghị hoặc phản ánh.")
    if competence not in Competence.values:
        problems["competence"] = _("Hãy chọn việc thuộc thẩm quyền của ai, hoặc chưa rõ.")
    if competence == Competence.OTHERS and not body:
        problems["competent_body"] = _("Hãy ghi tên cơ quan có thẩm quyền.")
    if len(body) > 200:
        problems["competent_body"] = too_long(200)
    if problems:
        raise BadInput(problems)
    return {"kind": kind, "competence": competence, "competent_body": body if competence == Competence.OTHERS else ""}


def _tell_class(entry: ReceptionEntry, actor: Actor, at: datetime) -> None:
    told = {"as_kind": entry.kind, "competence": entry.competence}
    record(events.CLASSIFIED, entry, actor=actor, at=at, unit_id=entry.unit_id, **told)


@command
def open_visitor(entry_id: int, *, reason: str, actor: Actor, at: datetime) -> Visitor:
    """Note why somebody sees who came; a denunciation's visitor is for who received and who leads.

    Raises NotFound, NotYourDuty, VisitorKept, BadInput.
    """
    entry = must_exist(ReceptionEntry.objects.select_related("visitor").filter(pk=entry_id).first())
    must_see(entry, actor, at)
    log_look_up(entry, fields=SEEN, reason=reason, actor=actor, at=at)
    return entry.visitor


@command
def open_file(entry_id: int, *, actor: Actor, at: datetime) -> ReceptionEntry:
    """A paper or a slip is read: both may name who came. Raises NotFound, NotYourDuty, VisitorKept."""
    entry = must_exist(ReceptionEntry.objects.filter(pk=entry_id).first())
    must_see(entry, actor, at)
    reason = _("Mở giấy tờ của lượt tiếp số %(code)s") % {"code": entry}
    log_look_up(entry, fields=["files"], reason=reason, actor=actor, at=at)
    return entry


def taken(entry_id: int) -> Taken:
    """For other capabilities, which react to `citizen_reception.classified`: what they need to make their own thing of it.
    Raises NotFound.
    """
    entry = must_exist(ReceptionEntry.objects.select_related("visitor").filter(pk=entry_id).first())
    who = entry.visitor
    return Taken(
        entry_id=entry.pk,
        unit_id=entry.unit_id,
        code=str(entry),
        kind=entry.kind,
        words=entry.matter,
        came_as=entry.came_as,
        visitor=VisitorFacts(**{name: getattr(who, name) for name in VisitorFacts.__dataclass_fields__}),
        file_ids=[pk for pk in entry.papers.values_list("file_id", flat=True) if pk is not None],
    )
