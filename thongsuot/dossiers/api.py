"""JSON over HTTP, on the same commands and queries as the pages.

Bodies are read by msgspec: the desk's program sends thousands an hour and each millisecond counts. django-ninja routes,
authenticates and publishes; the schemas it publishes are generated from the same structs that read the bodies.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.queries import case as cases
from thongsuot.dossiers.queries import search, tracking, worklist
from thongsuot.files.actions import store
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty, TellPerson
from thongsuot.kernel.history import history_of
from thongsuot.kernel.idempotency import Key, answer_once
from thongsuot.kernel.text import masked_id, masked_phone
from thongsuot.people.api_auth import BearerActor
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

router = Router(tags=["dossiers"])
T = TypeVar("T")
UnitCode = Annotated[str, msgspec.Meta(pattern=r"^\d{5}$")]


class PaperBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    code: Annotated[str, msgspec.Meta(max_length=40)]
    how: Annotated[str, msgspec.Meta(max_length=10)] = "scanned"
    reason: Annotated[str, msgspec.Meta(max_length=300)] = ""
    file_id: Annotated[int, msgspec.Meta(ge=1, le=2**53)] | None = None
    originals: Annotated[int, msgspec.Meta(ge=0, le=999)] = 1
    copies: Annotated[int, msgspec.Meta(ge=0, le=999)] = 0


class DossierBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One reception. Units by their code; `resolving_unit` is left out when the receiving unit resolves."""

    procedure: Annotated[str, msgspec.Meta(max_length=20, examples=["2.000815"])]
    receiving_unit: UnitCode
    owner: actions.Owner
    resolving_unit: UnitCode | None = None
    channel: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    filer: actions.Filer | None = None
    papers: Annotated[list[PaperBody], msgspec.Meta(max_length=100)] = []
    form: dict[str, Any] = {}
    quantities: dict[str, Annotated[int, msgspec.Meta(ge=0, le=100_000)]] = {}
    exemptions: Annotated[list[str], msgspec.Meta(max_length=10)] = []
    return_by: Annotated[str, msgspec.Meta(max_length=10)] = "counter"
    assisted_by: Annotated[str, msgspec.Meta(max_length=200)] = ""

    def intake(self, day: date) -> actions.Intake:
        receiving = units.unit_by_code(self.receiving_unit, as_of=day).id
        resolving = units.unit_by_code(self.resolving_unit, as_of=day).id if self.resolving_unit else receiving
        return actions.Intake(
            procedure=self.procedure,
            receiving_unit_id=receiving,
            resolving_unit_id=resolving,
            owner=self.owner,
            channel=self.channel,
            filer=self.filer,
            form=self.form,
            quantities=self.quantities,
            exemptions=tuple(self.exemptions),
            return_by=self.return_by,
            assisted_by=self.assisted_by,
            papers=tuple(
                actions.PaperIn(
                    code=p.code, how=p.how, reason=p.reason, file_id=p.file_id, originals=p.originals, copies=p.copies
                )
                for p in self.papers
            ),
        )


class BatchBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Up to 100 receptions; each is received or refused on its own. An element that cannot be read is refused alone."""

    items: Annotated[list[msgspec.Raw], msgspec.Meta(min_length=1, max_length=actions.BATCH_LIMIT)]


class FeeLine(msgspec.Struct, kw_only=True):
    code: str
    name: str
    amount_dong: int


class ReceivedAnswer(msgspec.Struct, kw_only=True):
    id: int
    code: str
    received_at: datetime
    due_at: datetime
    status: int
    fees: list[FeeLine]


class TrackAnswer(msgspec.Struct, kw_only=True):
    """What anyone with the code may see: nothing of the person."""

    code: str
    procedure_code: str
    procedure: str
    status: int
    status_name: str
    resolving_unit: str
    receiving_unit: str
    submitted_at: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    promised_at: datetime | None
    resolved_at: datetime | None
    ended_at: datetime | None
    pace: str | None


class ForwardBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`step` is the step the caller saw: if another is open by now, nothing happens."""

    step: str
    to_person: int | None = None
    note: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    without_opinions: bool = False


class ReturnStepBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    step: str
    to_step: str
    reason: Annotated[str, msgspec.Meta(max_length=1000)]


class ReassignBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    to_person: int
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class ReasonBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class PaymentRequestBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    amount_dong: Annotated[int, msgspec.Meta(ge=0, le=10**12)] = 0


class ReasonsBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    reasons: Annotated[list[str], msgspec.Meta(min_length=1, max_length=50)]


class SupplementRequestBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    items: Annotated[list[str], msgspec.Meta(min_length=1, max_length=50)]
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class SupplementBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    papers: Annotated[list[PaperBody], msgspec.Meta(max_length=100)] = []
    answer: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class ReappointBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    new_at: Annotated[datetime, msgspec.Meta(tz=True)]
    reason: Annotated[str, msgspec.Meta(max_length=1000)]


class ResultBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    title: Annotated[str, msgspec.Meta(max_length=300)]
    file_id: Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class HandBackBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    handed_to: Annotated[str, msgspec.Meta(max_length=200)]


class NothingBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    pass


class DossierAnswer(msgspec.Struct, kw_only=True):
    """A dossier as staff of its units see it; ID number and telephone masked."""

    id: int
    code: str | None
    submission_code: str | None
    procedure_code: str
    status: int
    status_name: str
    owner_name: str
    owner_id_number: str
    owner_phone: str
    step: str | None
    assignee_id: int | None
    received_at: datetime | None
    due_at: datetime | None
    promised_at: datetime | None
    resolved_at: datetime | None
    ended_at: datetime | None


_dossier = msgspec.json.Decoder(DossierBody)
_batch = msgspec.json.Decoder(BatchBody)
_encoder = msgspec.json.Encoder()


def _schema(kind: Any) -> dict[str, Any]:
    schemas, parts = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    inlined: dict[str, Any] = _inlined(schemas[0], parts)
    return inlined


def _inlined(schema: Any, parts: dict[str, Any]) -> Any:
    """References resolved in place, so that the document needs no merging of components."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _inlined(parts[schema["$ref"].rsplit("/", 1)[1]], parts)
        return {key: _inlined(value, parts) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_inlined(value, parts) for value in schema]
    return schema


def _published(body: Any = None, answer: Any = None, status: str = "200") -> dict[str, Any]:
    extra: dict[str, Any] = {}
    if body is not None:
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": _schema(body)}}}
    if answer is not None:
        extra["responses"] = {status: {"description": "OK", "content": {"application/json": {"schema": _schema(answer)}}}}
    return extra


_BATCH_SCHEMA: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["items"],
                    "additionalProperties": False,
                    "properties": {
                        "items": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": actions.BATCH_LIMIT,
                            "items": _schema(DossierBody),
                        }
                    },
                }
            }
        },
    },
    "responses": {
        "200": {
            "description": "One answer per item, in the same order",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["items"],
                        "properties": {
                            "items": {
                                "type": "array",
                                "items": {
                                    "anyOf": [
                                        _schema(ReceivedAnswer),
                                        {
                                            "type": "object",
                                            "required": ["refused"],
                                            "properties": {"refused": {"type": "object"}},
                                        },
                                    ]
                                },
                            }
                        },
                    }
                }
            },
        }
    },
}
_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "The same key and body give the same answer; the same key with another body 409.",
}


def _read(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadInput({"body": _("Nội dung gửi chưa đúng mẫu: %(why)s") % {"why": str(error)[:300]}}) from None


def _answer(body: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(_encoder.encode(body), status=status, content_type="application/json")


def _key(request: HttpRequest, actor: Actor) -> Key | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= 200:
        raise BadInput({"Idempotency-Key": _("Khóa Idempotency-Key dài từ 1 đến 200 ký tự.")})
    return Key(
        caller=f"person:{actor.person_id}",
        key=key,
        body_hash=hashlib.sha256(request.path.encode() + b"\0" + request.body).digest(),
    )


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]  # set by ninja from BearerActor
    return actor


@router.post(
    "/dossiers",
    auth=BearerActor(),
    summary="Receive a dossier",
    openapi_extra={**_published(DossierBody, ReceivedAnswer, "201"), "parameters": [_KEY_PARAMETER]},
)
def receive(request: HttpRequest) -> HttpResponse:
    """Status 2 with code, due date and fees. Duty: receive dossiers, in the receiving unit."""
    body = _read(_dossier, request.body)
    at = timezone.now()
    actor = _actor(request)
    return _answer(
        actions.receive_dossier(body.intake(timezone.localdate(at)), actor=actor, at=at, key=_key(request, actor)), 201
    )


@router.post(
    "/dossiers/batch",
    auth=BearerActor(),
    summary="Receive up to 100 dossiers",
    openapi_extra={**_BATCH_SCHEMA, "parameters": [_KEY_PARAMETER]},
)
def receive_many(request: HttpRequest) -> HttpResponse:
    """Each item is received or refused on its own; the answers stand in the order of the items."""
    at = timezone.now()
    day = timezone.localdate(at)
    actor = _actor(request)
    intakes: list[actions.Intake | TellPerson] = []
    for raw in _read(_batch, request.body).items:
        try:
            intakes.append(_read(_dossier, bytes(raw)).intake(day))
        except TellPerson as refusal:
            intakes.append(refusal)
    outcome = actions.receive_batch(intakes, actor=actor, at=at, key=_key(request, actor))
    return _answer({"items": outcome.answers})


@router.get("/track/{code}", auth=None, summary="Where is a dossier?", openapi_extra=_published(None, TrackAnswer))
def track(request: HttpRequest, code: str) -> HttpResponse:
    """For anyone who has the code; nothing personal."""
    found = tracking.tracked(code, now=timezone.now())
    return _answer(
        {
            "code": found.code,
            "procedure_code": found.procedure_code,
            "procedure": found.procedure,
            "status": int(found.status),
            "status_name": str(found.status.label),
            "resolving_unit": found.resolving_unit,
            "receiving_unit": found.receiving_unit,
            "submitted_at": found.submitted_at,
            "received_at": found.received_at,
            "due_at": found.due_at,
            "promised_at": found.promised_at,
            "resolved_at": found.resolved_at,
            "ended_at": found.ended_at,
            "pace": found.due.pace if found.due else None,
        }
    )


@router.post(
    "/files",
    auth=BearerActor(),
    summary="Upload a paper or a result",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {"file": {"type": "string", "format": "binary"}},
                    }
                }
            },
        }
    },
)
def upload(request: HttpRequest) -> HttpResponse:
    """The id to name in `papers` or `result`. Checked like every upload: type by content, size, archives, scripts."""
    actor = _actor(request)
    if not worklist.units_of(actor):
        raise NotYourDuty("receive dossiers")
    file = request.FILES.get("file")
    if file is None:
        raise BadInput({"file": _("Chưa có tệp. Hãy gửi tệp trong trường “file”.")})
    stored = store(file, name=file.name or "", actor=actor, at=timezone.now(), purpose="dossiers.paper")
    return _answer({"id": stored.pk, "name": stored.name}, 201)


@router.get("/dossiers", auth=BearerActor(), summary="An officer's list")
def list_dossiers(
    request: HttpRequest, queue: worklist.Queue = worklist.Queue.TO_DO, unit: str = "", page: int = 1
) -> HttpResponse:
    """By deadline, 50 a page, with the counts of all queues."""
    at = timezone.now()
    unit_id = units.unit_by_code(unit, as_of=timezone.localdate(at)).id if unit else None
    found = worklist.worklist(_actor(request), queue=queue, now=at, unit_id=unit_id, page=min(max(page, 1), 100_000))
    rows = [
        {
            "id": row.id,
            "code": row.code,
            "procedure_code": row.procedure_code,
            "owner_name": row.owner_name,
            "status": int(row.status),
            "step": row.step_key,
            "assignee_id": row.assignee_id,
            "due_at": row.due.at if row.due else None,
            "pace": row.due.pace if row.due else None,
        }
        for row in found.rows
    ]
    return _answer(
        {
            "items": rows,
            "counts": {queue.value: count for queue, count in found.counts.items()},
            "page": found.page,
            "pages": found.pages,
        }
    )


@router.get("/dossiers/find", auth=BearerActor(), summary="Find dossiers by code, name, ID number or telephone")
def find(request: HttpRequest, q: str) -> HttpResponse:
    rows = search.found(q[:200], actor=_actor(request))
    return _answer(
        {
            "items": [
                {
                    "id": row.id,
                    "code": row.code,
                    "procedure": row.procedure,
                    "owner_name": row.owner_name,
                    "status": int(row.status),
                    "received_at": row.received_at,
                    "due_at": row.due_at,
                }
                for row in rows
            ]
        }
    )


@router.get("/dossiers/{dossier_id}", auth=BearerActor(), summary="One dossier", openapi_extra=_published(None, DossierAnswer))
def one(request: HttpRequest, dossier_id: int) -> HttpResponse:
    return _answer(_shown(_accessible(dossier_id, _actor(request))))


@router.get("/dossiers/{dossier_id}/history", auth=BearerActor(), summary="Everything that happened to a dossier")
def history(request: HttpRequest, dossier_id: int) -> HttpResponse:
    rows = history_of(_accessible(dossier_id, _actor(request)))
    return _answer(
        {
            "items": [
                {
                    "number": row.number,
                    "name": row.name,
                    "label": row.label,
                    "at": row.at,
                    "actor": row.actor_name,
                    "post": row.actor_post,
                    "facts": row.facts,
                }
                for row in rows
            ]
        }
    )


def _accessible(dossier_id: int, actor: Actor) -> Dossier:
    if not 0 < dossier_id < 2**62:
        raise NotFound
    return cases.access_dossier(dossier_id, actor=actor)


def _shown(dossier: Dossier) -> dict[str, Any]:
    version = procedures.version(dossier.version_id)
    return {
        "id": dossier.pk,
        "code": dossier.code,
        "submission_code": dossier.submission_code,
        "procedure_code": version.code,
        "status": dossier.status,
        "status_name": str(dossier.get_status_display()),
        "owner_name": dossier.owner_name,
        "owner_id_number": masked_id(dossier.owner_id_number) if dossier.owner_id_number else "",
        "owner_phone": masked_phone(dossier.owner_phone) if dossier.owner_phone else "",
        "step": None if dossier.step_no is None else version.steps[dossier.step_no].key,
        "assignee_id": dossier.assignee_id,
        "received_at": dossier.received_at,
        "due_at": dossier.due_at,
        "promised_at": dossier.promised_at,
        "resolved_at": dossier.resolved_at,
        "ended_at": dossier.ended_at,
    }


def _papers(body: SupplementBody) -> list[actions.PaperIn]:
    return [actions.PaperIn(**msgspec.structs.asdict(paper)) for paper in body.papers]


Run = Callable[[int, Any, Actor, datetime], object]
_MOVES: list[tuple[str, type[Any], str, Run]] = [
    (
        "accept",
        NothingBody,
        "Receive an online filing",
        lambda i, b, actor, at: actions.accept_submission(i, actor=actor, at=at),
    ),
    (
        "refuse",
        ReasonsBody,
        "Do not receive an online filing",
        lambda i, b, actor, at: actions.refuse_submission(i, reasons=b.reasons, actor=actor, at=at),
    ),
    (
        "forward",
        ForwardBody,
        "Finish the open step",
        lambda i, b, actor, at: actions.forward(
            i, step_key=b.step, to_person=b.to_person, note=b.note, without_opinions=b.without_opinions, actor=actor, at=at
        ),
    ),
    (
        "return-step",
        ReturnStepBody,
        "Give back to an earlier step",
        lambda i, b, actor, at: actions.return_step(i, step_key=b.step, to_step=b.to_step, reason=b.reason, actor=actor, at=at),
    ),
    (
        "reassign",
        ReassignBody,
        "Give the open step to another person",
        lambda i, b, actor, at: actions.reassign(i, to_person=b.to_person, reason=b.reason, actor=actor, at=at),
    ),
    (
        "request-supplement",
        SupplementRequestBody,
        "Say what is missing; the clock stops",
        lambda i, b, actor, at: actions.request_supplement(i, items=b.items, reason=b.reason, actor=actor, at=at),
    ),
    (
        "supplement",
        SupplementBody,
        "What was missing is here; the clock runs on",
        lambda i, b, actor, at: actions.complete_supplement(i, papers=_papers(b), answer=b.answer, actor=actor, at=at),
    ),
    (
        "request-payment",
        PaymentRequestBody,
        "A financial obligation comes first; the clock stops",
        lambda i, b, actor, at: actions.request_payment(i, reason=b.reason, amount_dong=b.amount_dong, actor=actor, at=at),
    ),
    (
        "confirm-payment",
        NothingBody,
        "The obligation is met; the clock runs on",
        lambda i, b, actor, at: actions.confirm_payment(i, actor=actor, at=at),
    ),
    (
        "reappoint",
        ReappointBody,
        "Apologise and name a new day, once",
        lambda i, b, actor, at: actions.reappoint(i, new_at=b.new_at, reason=b.reason, actor=actor, at=at),
    ),
    (
        "withdraw",
        ReasonBody,
        "The owner takes it back",
        lambda i, b, actor, at: actions.withdraw(i, reason=b.reason, actor=actor, at=at),
    ),
    ("stop", ReasonBody, "The agency stops", lambda i, b, actor, at: actions.stop(i, reason=b.reason, actor=actor, at=at)),
    (
        "result",
        ResultBody,
        "Put the result's file in place",
        lambda i, b, actor, at: actions.draft_result(i, title=b.title, file_id=b.file_id, actor=actor, at=at),
    ),
    (
        "hand-back",
        HandBackBody,
        "Give the result to the owner",
        lambda i, b, actor, at: actions.hand_back(i, handed_to=b.handed_to, actor=actor, at=at),
    ),
]


def _add_move(name: str, kind: type[Any], summary: str, run: Run) -> None:
    """One address per command: read the body, run the command once per key, answer with the dossier as it is now."""
    decoder = msgspec.json.Decoder(kind)

    def operation(request: HttpRequest, dossier_id: int) -> HttpResponse:
        body, actor, at = _read(decoder, request.body or b"{}"), _actor(request), timezone.now()
        _accessible(dossier_id, actor)

        def answer() -> dict[str, Any]:
            run(dossier_id, body, actor, at)
            shown: dict[str, Any] = json.loads(_encoder.encode(_shown(_accessible(dossier_id, actor))))
            return shown

        return _answer(answer_once(_key(request, actor), answer, at=at))

    operation.__name__ = name.replace("-", "_")
    router.post(
        f"/dossiers/{{dossier_id}}/{name}",
        auth=BearerActor(),
        summary=summary,
        operation_id=f"dossiers_{operation.__name__}",
        openapi_extra={**_published(kind, DossierAnswer), "parameters": [_KEY_PARAMETER]},
    )(operation)


for _name, _kind, _summary, _run in _MOVES:
    _add_move(_name, _kind, _summary, _run)
