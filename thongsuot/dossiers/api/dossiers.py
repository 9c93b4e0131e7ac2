"""Receiving, files, lists and single dossiers."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from thongsuot.dossiers import actions
from thongsuot.dossiers.api.bodies import BatchBody, DossierAnswer, DossierBody, ReceivedAnswer
from thongsuot.dossiers.api.wire import KEY_PARAMETER, accessible, answer, key_of, published, read, schema, shown
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.queries import search, worklist
from thongsuot.dossiers.queries.component_flags import flags_of
from thongsuot.dossiers.views.looking import note_look
from thongsuot.files.actions import store
from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput, NotYourDuty, TellPerson
from thongsuot.kernel.history import history_of
from thongsuot.people.api_auth import BearerActor
from thongsuot.units import queries as units
from thongsuot.web.request import actor_of

router = Router(tags=["dossiers"])
DOSSIER = msgspec.json.Decoder(DossierBody)
BATCH = msgspec.json.Decoder(BatchBody)
BATCH_SCHEMA: dict[str, Any] = {
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
                            "items": schema(DossierBody),
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
                                        schema(ReceivedAnswer),
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


@router.post(
    "/dossiers",
    auth=BearerActor(),
    summary="Receive a dossier",
    openapi_extra={**published(DossierBody, ReceivedAnswer, "201"), "parameters": [KEY_PARAMETER]},
)
def receive(request: HttpRequest) -> HttpResponse:
    """Status 2 with code, due date and fees. Duty: receive dossiers, in the receiving unit."""
    body = read(DOSSIER, request.body)
    at = clock.now()
    actor = actor_of(request)
    return answer(
        actions.receive_dossier(body.intake(timezone.localdate(at)), actor=actor, at=at, key=key_of(request, actor)), 201
    )


@router.post(
    "/dossiers/batch",
    auth=BearerActor(),
    summary="Receive up to 100 dossiers",
    openapi_extra={**BATCH_SCHEMA, "parameters": [KEY_PARAMETER]},
)
def receive_many(request: HttpRequest) -> HttpResponse:
    """Each item is received or refused on its own; the answers stand in the order of the items."""
    at = clock.now()
    day = timezone.localdate(at)
    actor = actor_of(request)
    intakes: list[actions.Intake | TellPerson] = []
    for raw in read(BATCH, request.body).items:
        try:
            intakes.append(read(DOSSIER, bytes(raw)).intake(day))
        except TellPerson as refusal:
            intakes.append(refusal)
    outcome = actions.receive_batch(intakes, actor=actor, at=at, key=key_of(request, actor))
    return answer({"items": outcome.answers})


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
    actor = actor_of(request)
    if not worklist.units_of(actor) and not actor.units_for("submit dossiers"):
        raise NotYourDuty("receive dossiers")
    file = request.FILES.get("file")
    if file is None:
        raise BadInput({"file": _("Chưa có tệp. Hãy gửi tệp trong trường “file”.")})
    stored = store(file, name=file.name or "", actor=actor, at=clock.now(), purpose="dossiers.paper")
    return answer({"id": stored.pk, "name": stored.name}, 201)


@router.get("/dossiers", auth=BearerActor(), summary="An officer's list")
def list_dossiers(
    request: HttpRequest, queue: worklist.Queue = worklist.Queue.TO_DO, unit: str = "", page: int = 1
) -> HttpResponse:
    """By deadline, 50 a page, with the counts of all queues."""
    at = clock.now()
    unit_id = units.unit_by_code(unit, as_of=timezone.localdate(at)).id if unit else None
    found = worklist.worklist(actor_of(request), queue=queue, now=at, unit_id=unit_id, page=min(max(page, 1), 100_000))
    rows = [
        {
            "id": row.id,
            "code": row.code,
            "procedure_code": row.version.code,
            "owner_name": row.owner_name,
            "status": row.status,
            "step": row.step_key,
            "assignee_id": row.assignee_id,
            "due_at": row.due.at if row.due else None,
            "pace": row.due.pace if row.due else None,
        }
        for row in found.rows
    ]
    return answer(
        {
            "items": rows,
            "counts": {queue.value: count for queue, count in found.counts.items()},
            "page": found.page,
            "pages": found.pages,
        }
    )


@router.get("/dossiers/find", auth=BearerActor(), summary="Find dossiers by code, name, ID number or telephone")
def find(request: HttpRequest, q: str) -> HttpResponse:
    rows = search.found(q[:200], actor=actor_of(request))
    return answer(
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


@router.get("/dossiers/{dossier_id}", auth=BearerActor(), summary="One dossier", openapi_extra=published(None, DossierAnswer))
def one(request: HttpRequest, dossier_id: int) -> HttpResponse:
    return answer(shown(_looked_into(request, dossier_id)))


@router.get("/dossiers/{dossier_id}/history", auth=BearerActor(), summary="Everything that happened to a dossier")
def history(request: HttpRequest, dossier_id: int) -> HttpResponse:
    rows = history_of(_looked_into(request, dossier_id))
    return answer(
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


@router.get("/dossiers/{dossier_id}/components", auth=BearerActor(), summary="Papers of a dossier with their national flags")
def components(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """DuocSoHoa, DuocTaiSuDung, DuocLayTuKhoDMQG, MaKetQuaThayThe and GiayToId of each; and what holds of the whole dossier."""
    dossier = _looked_into(request, dossier_id)
    flags = flags_of([dossier.pk])[dossier.pk]
    return answer(
        {
            "items": [
                {
                    "code": one.paper_code,
                    "name": one.name,
                    "is_attached": one.is_attached,
                    "DuocSoHoa": one.DuocSoHoa,
                    "DuocTaiSuDung": one.DuocTaiSuDung,
                    "DuocLayTuKhoDMQG": one.DuocLayTuKhoDMQG,
                    "MaKetQuaThayThe": one.MaKetQuaThayThe,
                    "GiayToId": one.GiayToId,
                }
                for one in flags.components
            ],
            "all_digitised": flags.all_digitised,
            "any_digitised": flags.any_digitised,
            "any_reused": flags.any_reused,
            "in_store": flags.in_store,
        }
    )


def _looked_into(request: HttpRequest, dossier_id: int) -> Dossier:
    """Raises NotFound. Its owner can see who looked by a program, too."""
    actor = actor_of(request)
    dossier = accessible(dossier_id, actor)
    note_look(dossier, actor=actor, at=clock.now())
    return dossier
