"""JSON over HTTP for programs with a key: search, an entry, an extract, an import. Every look is logged with its reason."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput, NotFound
from thongsuot.people.api_auth import BearerActor
from thongsuot.registers import actions
from thongsuot.registers.models import Annotation, EntryPerson, RegisterSearch
from thongsuot.registers.papers import note_in_words
from thongsuot.registers.queries import books as reading
from thongsuot.registers.queries import search as searching
from thongsuot.registers.rules.drafts import WORDS
from thongsuot.web.request import actor_of

router = Router(tags=["registers"], auth=BearerActor())

Text = Annotated[str, Field(max_length=300)]
Reason = Annotated[str, Field(min_length=1, max_length=300, description="why, in words or the code of the dossier; it is kept")]
MOST_ID = 2**62


class SearchIn(Schema):
    """In the body, so that no name stands in an address or a log of addresses. Days: 12/03/1958, 3/1958 or 1958."""

    reason: Reason
    name: Text = ""
    born: Text = ""
    id_number: Text = ""
    number: Text = ""
    book: Text = ""
    year: Text = ""
    place: Text = ""
    kind: Text = ""


class FoundOut(Schema):
    """Masked: names end in •••, of a birth the year alone."""

    id: int
    kind: str
    state: str
    number: str
    book: str
    year: int
    place: str
    names: list[str]
    born: str
    exact: bool


class SearchOut(Schema):
    items: list[FoundOut]
    more: bool


class ReasonIn(Schema):
    reason: Reason


class PersonOut(Schema):
    """`since_annotation`: how the person is named since a change; the row as written has it false."""

    role: str
    full_name: str
    born: str
    sex: str
    id_number: str
    ethnicity: str
    nationality: str
    residence: str
    since_annotation: bool


class EntryOut(Schema):
    """An entry as written. Days are partial: 1958-03-12, 1958-03, 1958 or empty."""

    id: int
    kind: str
    state: str
    number: str
    book: str
    year: int
    place: str
    registered_on: str
    again: bool
    before: str
    people: list[PersonOut]
    more: dict[str, str]
    annotations: list[str]


class ExtractIn(Schema):
    dossier_id: Annotated[int, Field(ge=1, lt=MOST_ID)]


class ExtractOut(Schema):
    """`file_id` is the draft of the dossier's result now."""

    id: int
    form: str
    copies: int
    file_id: int


class ImportOut(Schema):
    """`rows` = `good` + `stored` + `to_correct` + `rejected`, whatever the status past reading."""

    id: int
    status: str
    kind: str
    file_name: str
    refusal: str
    rows: int
    good: int
    stored: int
    to_correct: int
    rejected: int


def _there(number: int) -> int:
    if not 0 < number < MOST_ID:
        raise NotFound
    return number


@router.post("/registers/entries/search", response=SearchOut, summary="Find civil status entries")
def search(request: HttpRequest, body: SearchIn) -> dict[str, Any]:
    """Of the units in which the key keeps civil status. At most 50; `more` says that there are others."""
    actor = actor_of(request)
    wanted = searching.wanted_of(body.dict())
    if not wanted.enough:
        raise BadInput({"name": "name, born, id_number, number or place"})
    found = searching.search(wanted, actor=actor)
    actions.note_search(
        purpose=RegisterSearch.Purpose.SEARCH,
        reason=body.reason,
        asked_by=wanted.asked_by,
        found=len(found.rows),
        actor=actor,
        at=clock.now(),
    )
    return {"items": [{**row.__dict__, "names": list(row.names)} for row in found.rows], "more": found.more}


@router.post("/registers/entries/{entry_id}", response=EntryOut, summary="Open one entry")
def entry(request: HttpRequest, entry_id: int, body: ReasonIn) -> dict[str, Any]:
    """A POST, for opening leaves a trace: who, when, why."""
    found = actions.open_entry(_there(entry_id), reason=body.reason, actor=actor_of(request), at=clock.now())
    book = found.book
    people = EntryPerson.objects.filter(entry=found).order_by("id")
    return {
        "id": found.pk,
        "kind": found.kind,
        "state": found.state,
        "number": str(found),
        "book": book.name,
        "year": book.year,
        "place": found.place,
        "registered_on": found.registered_on,
        "again": found.again,
        "before": found.before,
        "people": [
            {
                "role": one.role,
                "full_name": one.full_name,
                "born": one.born,
                "sex": one.sex,
                "id_number": one.id_number,
                "ethnicity": one.ethnicity,
                "nationality": one.nationality,
                "residence": one.residence,
                "since_annotation": one.annotation_id is not None,
            }
            for one in people
        ],
        "more": {key: value for key in WORDS if (value := getattr(found, key))},
        "annotations": [note_in_words(note) for note in Annotation.objects.filter(entry=found).order_by("id")],
    }


@router.post("/registers/entries/{entry_id}/extract", response=ExtractOut, summary="Make the paper of a dossier from an entry")
def extract(request: HttpRequest, entry_id: int, body: ExtractIn) -> dict[str, Any]:
    """In as many copies as the dossier was received for. It becomes the draft of the dossier's result."""
    paper = actions.draft_paper(_there(entry_id), dossier_id=body.dossier_id, actor=actor_of(request), at=clock.now())
    return {"id": paper.pk, "form": paper.form, "copies": paper.copies, "file_id": paper.file_id}


@router.get("/registers/imports/{register_import_id}", response=ImportOut, summary="How an import of an old register stands")
def one_import(request: HttpRequest, register_import_id: int) -> dict[str, Any]:
    found = reading.import_for(_there(register_import_id), actor=actor_of(request))
    return {
        "id": found.pk,
        "status": found.status,
        "kind": found.kind,
        "file_name": found.file_name,
        "refusal": found.refusal,
        "rows": found.rows_in,
        "good": found.good,
        "stored": found.stored,
        "to_correct": found.to_correct,
        "rejected": found.rejected,
    }
