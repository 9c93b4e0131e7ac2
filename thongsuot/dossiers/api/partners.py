"""Paper between desks and opinions of others: what waits, and the acts on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from thongsuot.dossiers import actions
from thongsuot.dossiers.api.bodies import (
    AnswerBody,
    CarriageAnswer,
    NothingBody,
    OpinionAnswer,
    PaperDebtAnswer,
    ReceiveBody,
    SendBody,
)
from thongsuot.dossiers.api.wire import ENCODER, KEY_PARAMETER, answer, key_of, published, read
from thongsuot.dossiers.queries import opinions, partners
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, NotFound
from thongsuot.kernel.idempotency import answer_once
from thongsuot.people.api_auth import BearerActor
from thongsuot.units import queries as units
from thongsuot.web.request import actor_of

router = Router(tags=["dossiers"])
_MOST = 2**62


def _once(request: HttpRequest, actor: Actor, run: Callable[[], msgspec.Struct]) -> HttpResponse:
    """Run a command once per key and answer with what it gave."""

    def run_and_show() -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(ENCODER.encode(run()))
        return shown

    return answer(answer_once(key_of(request, actor), run_and_show, at=clock.now()))


def _carriage(row: partners.CarriageRow) -> CarriageAnswer:
    names = CarriageAnswer.__struct_fields__
    return CarriageAnswer(**{name: getattr(row, name) for name in names})


@router.get(
    "/papers",
    auth=BearerActor(),
    summary="Paper owed by one's desks, the 200 most urgent",
    openapi_extra=published(answer=list[PaperDebtAnswer]),
)
def papers_owed(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    names = PaperDebtAnswer.__struct_fields__
    owed = partners.papers_owed(partners.desks_of(actor), now=clock.now())
    return answer([PaperDebtAnswer(**{name: getattr(row, name) for name in names}) for row in owed.rows])


@router.get(
    "/carriages",
    auth=BearerActor(),
    summary="Papers under way, from and to one's desks, the 200 oldest",
    openapi_extra=published(answer=list[CarriageAnswer]),
)
def carriages_under_way(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    return answer([_carriage(row) for row in partners.carriages_under_way(partners.desks_of(actor), now=clock.now()).rows])


@router.post(
    "/carriages",
    auth=BearerActor(),
    summary="Send papers to a desk with one slip",
    openapi_extra={**published(SendBody, CarriageAnswer), "parameters": [KEY_PARAMETER]},
)
def send_papers(request: HttpRequest) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    body = read(_SEND, request.body)
    day = timezone.localdate(at)
    from_unit, to_unit = (units.unit_by_code(code, as_of=day).id for code in (body.from_unit, body.to_unit))

    def run() -> CarriageAnswer:
        sent = actions.send_papers(
            body.debts, from_unit_id=from_unit, to_unit_id=to_unit, carrier=body.carrier, actor=actor, at=at
        )
        return _carriage(partners.carriage_for(actor, now=at, carriage_id=sent.pk))

    return _once(request, actor, run)


@router.post(
    "/carriages/{carriage_id}/receive",
    auth=BearerActor(),
    summary="Take over what came with a slip",
    openapi_extra={**published(ReceiveBody, CarriageAnswer), "parameters": [KEY_PARAMETER]},
)
def receive_papers(request: HttpRequest, carriage_id: int) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    body = read(_RECEIVE, request.body or b"{}")
    partners.carriage_for(actor, now=at, carriage_id=_known(carriage_id))
    if not all(debt.isascii() and debt.isdigit() and len(debt) < 19 for debt in body.missing):
        raise BadInput({"missing": _("Mỗi hồ sơ thiếu ghi theo số của nó trong phiếu.")})
    missing = {int(debt): words for debt, words in body.missing.items()}

    def run() -> CarriageAnswer:
        actions.receive_papers(carriage_id, missing=missing, discrepancies=body.discrepancies, actor=actor, at=at)
        return _carriage(partners.carriage_for(actor, now=at, carriage_id=carriage_id))

    return _once(request, actor, run)


@router.get(
    "/opinions",
    auth=BearerActor(),
    summary="Questions that wait for one's answer, the 200 most urgent",
    openapi_extra=published(answer=list[OpinionAnswer]),
)
def opinions_open(request: HttpRequest) -> HttpResponse:
    return answer([_opinion(row) for row in opinions.open_opinions(actor_of(request), now=clock.now()).rows])


@router.post(
    "/opinions/{opinion_id}/answer",
    auth=BearerActor(),
    summary="Answer for the body that was asked",
    openapi_extra={**published(AnswerBody, OpinionAnswer), "parameters": [KEY_PARAMETER]},
)
def give_opinion(request: HttpRequest, opinion_id: int) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    body = read(_ANSWER, request.body)

    def run() -> OpinionAnswer:
        row = opinions.opinion_for(_known(opinion_id), actor=actor, now=at)
        actions.give_opinion(opinion_id, answer=body.answer, actor=actor, at=at)
        return _opinion(row)

    return _once(request, actor, run)


@router.post(
    "/opinions/{opinion_id}/remind",
    auth=BearerActor(),
    summary="Remind the body that was asked",
    openapi_extra={**published(NothingBody, OpinionAnswer), "parameters": [KEY_PARAMETER]},
)
def remind_opinion(request: HttpRequest, opinion_id: int) -> HttpResponse:
    actor, at = actor_of(request), clock.now()

    def run() -> OpinionAnswer:
        opinion = actions.remind_opinion(_known(opinion_id), actor=actor, at=at)
        return OpinionAnswer(
            id=opinion.pk,
            code=str(opinion.dossier),
            body=opinion.body.name,
            question=opinion.question,
            answer_until=opinion.answer_until,
            late=at > opinion.answer_until,
        )

    return _once(request, actor, run)


def _opinion(row: opinions.OpinionRow) -> OpinionAnswer:
    return OpinionAnswer(
        id=row.id, code=row.code, body=row.body, question=row.question, answer_until=row.answer_until, late=row.late
    )


def _known(row_id: int) -> int:
    """Beyond what the database can hold nothing is. Raises NotFound."""
    if not 0 < row_id < _MOST:
        raise NotFound
    return row_id


_SEND = msgspec.json.Decoder(SendBody)
_RECEIVE = msgspec.json.Decoder(ReceiveBody)
_ANSWER = msgspec.json.Decoder(AnswerBody)
