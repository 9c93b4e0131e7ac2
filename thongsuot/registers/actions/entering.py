"""New entries from dossiers, and what happens to entries later: annotations and cancellation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers.actions import void_result
from thongsuot.dossiers.models import Dossier, Status
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.numbering.actions import draw
from thongsuot.procedures import queries as procedures
from thongsuot.registers import events
from thongsuot.registers.actions import errors
from thongsuot.registers.actions.writing import entry_of, hold_people, note_written, own_book, people_of
from thongsuot.registers.models import Annotation, Entry, EntryPerson, IssuedPaper, Kind
from thongsuot.registers.queries.places import Placed, full_name
from thongsuot.registers.queries.same import same_event
from thongsuot.registers.rules import DUTY, ENTERS, days, drafts, entering, reasons

OPEN = (Status.RECEIVED, Status.PROCESSING)
# What of a person or an entry an annotation may change, by the columns' names.
PERSON_FIELDS = ("full_name", "born", "sex", "id_number", "ethnicity", "nationality", "residence")
ENTRY_FIELDS = ("birthplace", "hometown", "died_on", "death_place", "death_cause")


def dossier_at_hand(dossier_id: int, actor: Actor) -> tuple[Dossier, procedures.VersionView]:
    """The dossier under its lock, at the step in which its result is drafted, and in the actor's hands.

    Raises NotFound, NotYourDuty, NotAtThatStep.
    """
    dossier = must_exist(Dossier.objects.select_for_update().filter(pk=dossier_id).first())
    actor.must(DUTY, unit_id=dossier.resolving_unit_id)
    version = procedures.version(dossier.version_id)
    step = version.steps[dossier.step_no] if dossier.step_no is not None else None
    if dossier.status not in OPEN or step is None or step.duty != "process dossiers":
        raise errors.NotAtThatStep
    actor.must("process dossiers", unit_id=dossier.resolving_unit_id)
    return dossier, version


@command
def register_event(dossier_id: int, *, cells: Mapping[str, str], despite: str = "", actor: Actor, at: datetime) -> Entry:
    """Write the event of a dossier into the register of the resolving unit; its number is drawn last.

    cells    texts by the columns of the kind (`rules.columns`), without number, book, place and day of registration
    despite  why it is written although the registers seem to hold it already
    Raises NotYourDuty, NotFound, NotForTheRegister, NotAtThatStep, AlreadyEntered, BadInput, PersonKnown.
    """
    dossier, version = dossier_at_hand(dossier_id, actor)
    if version.code not in ENTERS:
        raise errors.NotForTheRegister
    kind, again = ENTERS[version.code]
    before = Entry.objects.filter(dossier=dossier).exclude(state=Entry.State.CANCELLED).first()
    if before is not None:
        raise errors.AlreadyEntered(before.pk, str(before))
    today = timezone.localtime(at).date()
    draft = _new_draft(kind, {**cells}, again=again, today=today)
    draft = replace(draft, before=one_line(cells.get("before", ""))[:300] if again else "")
    hold_people(draft)
    known = same_event(draft)
    despite = one_line(despite)
    if known and not despite:
        raise errors.PersonKnown([entry.id for entry in known])
    keeper_id = dossier.resolving_unit_id
    place = Placed(unit_id=keeper_id, name=full_name(keeper_id, on=today)[:300])
    book = own_book(kind, keeper_id=keeper_id, year=today.year, place=place, at=at)
    note_written(book, place.name)
    number, _given_at = draw(f"civil-{kind.value}", unit_id=keeper_id, bucket=str(today.year), at=at)
    entry = entry_of(replace(draft, number=number, place=place.name), book, at=at, by=actor.name)
    entry.dossier = dossier
    entry.save()
    EntryPerson.objects.bulk_create(people_of(draft, entry))
    record(
        events.ENTERED,
        entry,
        actor=actor,
        at=at,
        unit_id=keeper_id,
        register=kind,
        book=book.pk,
        number=number,
        dossier=dossier.pk,
        despite=[one.id for one in known],
    )
    if known:
        Annotation.objects.create(
            entry=entry,
            sort=Annotation.Sort.INTERNAL,
            words=_("Đã đối chiếu với mục có vẻ trùng trước khi ghi: %(why)s") % {"why": despite[:800]},
            basis=str(dossier),
            decided_on=today,
            made_at=at,
            made_by_name=actor.name,
        )
    return entry


def _new_draft(kind: Kind, cells: dict[str, str], *, again: bool, today: date) -> drafts.EntryDraft:
    """Today's entry from a form's texts: nothing may be unclear. Raises BadInput."""
    cells |= {"number": "1", "registered_on": f"{today:%d/%m/%Y}", "place": "", "book": ""}
    read = drafts.read_cells(kind, cells, today=today)
    problems = {key: str(reasons.REASONS[code]) for key, code in read.wrong.items()}
    told = set(read.wrong.values())
    for code in (*read.rejected, *read.doubts):
        if code not in told:
            problems[code] = str(reasons.REASONS[code])
    problems |= entering.lacking(read.draft, again=again)
    if problems:
        raise BadInput(problems)
    return replace(read.draft, number=0, again=again, year=today.year)


@command
def annotate_entry(
    entry_id: int,
    *,
    sort: Annotation.Sort,
    basis: str,
    decided_on: date,
    role: str = "",
    field: str = "",
    new_value: str = "",
    words: str = "",
    actor: Actor,
    at: datetime,
) -> Annotation:
    """Note a change, a divorce or a remark, with its basis. What was written stays; searching finds the new too.

    role, field, new_value   which column of whom reads otherwise since (sort "change"); role empty: of the entry itself
    Raises NotYourDuty, NotFound, EntryCancelled, BadInput.
    """
    entry = _locked(entry_id, actor)
    basis, words, new_value = one_line(basis), one_line(words), one_line(new_value)
    problems = _common_problems(basis, decided_on, at)
    if sort == Annotation.Sort.CANCELLATION:
        problems["sort"] = _("Hủy một mục là việc riêng. Hãy dùng nút Hủy mục.")
    old_value = ""
    if sort == Annotation.Sort.CHANGE:
        old_value, new_value, found = _change(entry, role, field, new_value)
        problems |= found
    elif sort == Annotation.Sort.OTHER and not words:
        problems["words"] = _("Chưa ghi nội dung. Hãy ghi điều cần chú vào sổ.")
    if sort == Annotation.Sort.DIVORCE and entry.kind != "marriage":
        problems["sort"] = _("Ly hôn chỉ ghi chú vào sổ kết hôn.")
    if problems:
        raise BadInput(problems)
    made = Annotation.objects.create(
        entry=entry,
        sort=sort,
        role=role if sort == Annotation.Sort.CHANGE else "",
        field=field if sort == Annotation.Sort.CHANGE else "",
        old_value=old_value[:300],
        new_value=new_value[:300] if sort == Annotation.Sort.CHANGE else "",
        words=words[:1000],
        basis=basis[:300],
        decided_on=decided_on,
        made_at=at,
        made_by_name=actor.name,
    )
    if made.role and made.field:
        _named_since(entry, made)
    if entry.state == Entry.State.VALID:
        entry.state = Entry.State.AMENDED
        entry.save(update_fields=["state"])
    record(
        events.ANNOTATED, entry, actor=actor, at=at, unit_id=entry.keeper_id, annotation=made.pk, sort=sort, field=made.field
    )
    return made


def _change(entry: Entry, role: str, field: str, new_value: str) -> tuple[str, str, dict[str, str]]:
    """(old value, new value as kept, problems)."""
    problems: dict[str, str] = {}
    if role:
        person = EntryPerson.objects.filter(entry=entry, role=role).order_by("-id").first()
        if person is None or field not in PERSON_FIELDS:
            return "", "", {"field": _("Mục này không có phần đó. Hãy chọn người và phần cần ghi chú.")}
        old_value = str(getattr(person, field))
    elif field in ENTRY_FIELDS:
        before = Annotation.objects.filter(entry=entry, role="", field=field).order_by("-id").first()
        old_value = before.new_value if before else str(getattr(entry, field))
    else:
        return "", "", {"field": _("Mục này không có phần đó. Hãy chọn người và phần cần ghi chú.")}
    if field in ("born", "died_on"):
        day = days.read_day(new_value)
        if day.doubt:
            problems["new_value"] = str(reasons.DOUBTS["date"])
        new_value = day.value
    elif field == "sex":
        new_value = drafts.SEXES.get(one_line(new_value).lower().replace("ữ", "u"), "")
        if not new_value:
            problems["new_value"] = str(reasons.DOUBTS["sex"])
    elif not new_value:
        problems["new_value"] = _("Chưa ghi nội dung mới. Hãy ghi đúng như văn bản làm căn cứ.")
    if field == "full_name":
        new_value = new_value[:200]
    elif field in ("ethnicity", "nationality"):
        new_value = new_value[:60]
    elif field == "id_number":
        new_value = new_value.replace(" ", "")[:20]
    return old_value, new_value, problems


def _named_since(entry: Entry, made: Annotation) -> None:
    """The person as they are since: a row of its own, so that both are found."""
    person = EntryPerson.objects.filter(entry=entry, role=made.role).order_by("-id").first()
    assert person is not None  # `_change` looked
    person.pk, person._state.adding, person.annotation = None, True, made
    setattr(person, made.field, made.new_value)
    person.save(force_insert=True)


@command
def cancel_entry(entry_id: int, *, basis: str, decided_on: date, words: str = "", actor: Actor, at: datetime) -> Entry:
    """By a decision the entry no longer counts. It stays readable; its number is never given again.

    Papers made from it do not count either: the public proof of what was issued says so from now on, the person's store too;
    a draft is taken out of its dossier.
    Raises NotYourDuty, NotFound, EntryCancelled, BadInput.
    """
    # Dossiers before entries, as everywhere: who makes a paper holds the dossier and waits for the entry.
    for_dossiers = IssuedPaper.objects.filter(entry_id=entry_id, replaced=False).values("dossier_id")
    list(Dossier.objects.select_for_update().filter(pk__in=for_dossiers).order_by("pk"))
    entry = _locked(entry_id, actor)
    basis = one_line(basis)
    if problems := _common_problems(basis, decided_on, at):
        raise BadInput(problems)
    Annotation.objects.create(
        entry=entry,
        sort=Annotation.Sort.CANCELLATION,
        words=one_line(words)[:1000],
        basis=basis[:300],
        decided_on=decided_on,
        made_at=at,
        made_by_name=actor.name,
    )
    entry.state = Entry.State.CANCELLED
    entry.save(update_fields=["state"])
    papers = list(IssuedPaper.objects.filter(entry=entry, replaced=False).order_by("dossier_id"))
    for paper in papers:
        void_result(
            paper.dossier_id,
            reason=_("Mục hộ tịch số %(number)s đã bị hủy theo %(basis)s.") % {"number": entry, "basis": basis[:300]},
            public_reason=_("Việc hộ tịch làm căn cứ cấp giấy đã bị thu hồi, hủy bỏ."),
            actor=actor,
            at=at,
        )
    record(
        events.CANCELLED,
        entry,
        actor=actor,
        at=at,
        unit_id=entry.keeper_id,
        number=entry.number,
        papers=[paper.pk for paper in papers],
    )
    return entry


def _locked(entry_id: int, actor: Actor) -> Entry:
    entry = must_exist(Entry.objects.select_for_update().filter(pk=entry_id).first())
    actor.must(DUTY, unit_id=entry.keeper_id)
    if entry.state == Entry.State.CANCELLED:
        raise errors.EntryCancelled
    return entry


def _common_problems(basis: str, decided_on: date, at: datetime) -> dict[str, str]:
    problems = {}
    if not basis:
        problems["basis"] = _("Chưa ghi căn cứ. Hãy ghi số, ngày và cơ quan ra quyết định, bản án.")
    if decided_on > timezone.localtime(at).date():
        problems["decided_on"] = _("Ngày này ở tương lai. Hãy ghi ngày của văn bản làm căn cứ.")
    return problems
