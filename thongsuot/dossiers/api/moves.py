"""One address per command on a dossier: POST /dossiers/{id}/forward and its like."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from thongsuot.dossiers import actions
from thongsuot.dossiers.api.bodies import (
    AskOpinionBody,
    DossierAnswer,
    ExtendBody,
    FeeBody,
    ForwardBody,
    HandBackBody,
    NothingBody,
    PaymentNoticeBody,
    PaymentRequestBody,
    ProofBody,
    ReappointBody,
    ReasonBody,
    ReasonsBody,
    ReassignBody,
    ResultBody,
    ReturnStepBody,
    SupplementBody,
    SupplementRequestBody,
)
from thongsuot.dossiers.api.wire import ENCODER, KEY_PARAMETER, accessible, answer, key_of, published, read, shown
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.queries import case as cases
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.idempotency import answer_once, answered
from thongsuot.people.api_auth import BearerActor
from thongsuot.web.request import actor_of

router = Router(tags=["dossiers"])


def _papers(body: SupplementBody) -> list[actions.PaperIn]:
    return [actions.PaperIn(**msgspec.structs.asdict(paper)) for paper in body.papers]


class Signed(ForwardBody, kw_only=True):
    """A forward whose signature is made: before the transaction that answers it, which must stay short."""

    way: Any = None

    @classmethod
    def of(cls, body: ForwardBody, dossier_id: int, actor: Actor, at: datetime) -> Signed:
        way = actions.signed_way(
            dossier_id, step_key=body.step, pin=body.pin, paper_reason=body.paper_reason, actor=actor, at=at
        )
        return cls(**msgspec.structs.asdict(body), way=way)


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
            i,
            step_key=b.step,
            to_person=b.to_person,
            note=b.note,
            without_opinions=b.without_opinions,
            way=getattr(b, "way", None),
            actor=actor,
            at=at,
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
        lambda i, b, actor, at: actions.reassign(
            i, to_person=b.to_person, step_key=b.step, reason=b.reason, actor=actor, at=at
        ),
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
        lambda i, b, actor, at: actions.complete_supplement(
            i,
            papers=_papers(b),
            answer=b.answer,
            consent=b.consent,
            consent_note=b.consent_note,
            actor=actor,
            at=at,
        ),
    ),
    (
        "request-payment",
        PaymentRequestBody,
        "A financial obligation comes first; the clock stops",
        lambda i, b, actor, at: actions.request_payment(i, reason=b.reason, amount_dong=b.amount_dong, actor=actor, at=at),
    ),
    (
        "confirm-payment",
        ProofBody,
        "The obligation is met; the clock runs on",
        lambda i, b, actor, at: actions.confirm_payment(
            i, proof_number=b.proof_number, proof_file_id=b.proof_file_id, actor=actor, at=at
        ),
    ),
    (
        "take-over",
        NothingBody,
        "A partner takes its leg over",
        lambda i, b, actor, at: actions.take_over_leg(i, actor=actor, at=at),
    ),
    (
        "return-leg",
        ReasonBody,
        "A partner gives the dossier back to the leg before",
        lambda i, b, actor, at: actions.return_leg(i, reason=b.reason, actor=actor, at=at),
    ),
    (
        "remind-leg",
        NothingBody,
        "Remind the partner that has the dossier",
        lambda i, b, actor, at: actions.remind_leg(i, actor=actor, at=at),
    ),
    (
        "payment-notice",
        PaymentNoticeBody,
        "The tax office says what is to be paid; its leg ends, the clock stops",
        lambda i, b, actor, at: actions.issue_payment_notice(
            i,
            step_key=b.step,
            number=b.number,
            amount_dong=b.amount_dong,
            pay_by=b.pay_by,
            file_id=b.file_id,
            actor=actor,
            at=at,
        ),
    ),
    (
        "ask-opinion",
        AskOpinionBody,
        "Ask another body; the clock goes on",
        lambda i, b, actor, at: actions.ask_opinion(
            i, body_id=b.body_id, question=b.question, answer_by=b.answer_by, actor=actor, at=at
        ),
    ),
    (
        "collect-fee",
        FeeBody,
        "Take the money of one fee at the counter",
        lambda i, b, actor, at: actions.collect_fee(cases.fee_of(i, b.code), actor=actor, at=at),
    ),
    (
        "reappoint",
        ReappointBody,
        "Apologise and name a new day, once",
        lambda i, b, actor, at: actions.reappoint(i, new_at=b.new_at, reason=b.reason, actor=actor, at=at),
    ),
    (
        "extend",
        ExtendBody,
        "Make the limit longer by working days, once",
        lambda i, b, actor, at: actions.extend(i, days=b.days, reason=b.reason, agreement=b.agreement, actor=actor, at=at),
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
        body, actor, at = read(decoder, request.body or b"{}"), actor_of(request), clock.now()
        accessible(dossier_id, actor)
        key = key_of(request, actor)
        if isinstance(body, ForwardBody):
            if body.pin:
                # The fingerprint of a request is kept: from one with a PIN in it, six digits could be guessed back.
                key = key_of(request, actor, instead=msgspec.json.encode(msgspec.structs.replace(body, pin="")))
            if not body.pin or not answered(key):
                body = Signed.of(body, dossier_id, actor, at)

        def run_and_show() -> dict[str, Any]:
            run(dossier_id, body, actor, at)
            # As it is now, also for a partner whose leg this very act has ended.
            dossier: dict[str, Any] = json.loads(ENCODER.encode(shown(Dossier.objects.get(pk=dossier_id))))
            return dossier

        return answer(answer_once(key, run_and_show, at=at))

    operation.__name__ = name.replace("-", "_")
    router.post(
        f"/dossiers/{{dossier_id}}/{name}",
        auth=BearerActor(),
        summary=summary,
        operation_id=f"dossiers_{operation.__name__}",
        openapi_extra={**published(kind, DossierAnswer), "parameters": [KEY_PARAMETER]},
    )(operation)


for _name, _kind, _summary, _run in _MOVES:
    _add_move(_name, _kind, _summary, _run)
