"""What citizens do, by a program that acts for them: file online through another portal, rate what they got."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from thongsuot.dossiers import actions
from thongsuot.dossiers.api.bodies import PaperBody, UnitCode
from thongsuot.dossiers.api.wire import KEY_PARAMETER, answer, key_of, published, read
from thongsuot.dossiers.queries import tracking
from thongsuot.kernel import clock
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.idempotency import answer_once
from thongsuot.people.api_auth import BearerActor
from thongsuot.units import queries as units
from thongsuot.web.request import actor_of

router = Router(tags=["dossiers"])


class FilingBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One online filing. A paper has a `file_id`, or its data is looked up at the desk."""

    procedure: Annotated[str, msgspec.Meta(max_length=20, examples=["2.000815"])]
    unit: UnitCode
    owner: actions.Owner
    filer: actions.Filer | None = None
    papers: Annotated[list[PaperBody], msgspec.Meta(max_length=40)] = []
    form: dict[str, Any] = {}
    return_by: Annotated[str, msgspec.Meta(max_length=10)] = "electronic"

    def filing(self, day: date) -> actions.Filing:
        return actions.Filing(
            procedure=self.procedure,
            unit_id=units.unit_by_code(self.unit, as_of=day).id,
            owner=self.owner,
            filer=self.filer,
            papers=tuple(actions.PaperIn(code=paper.code, how="uploaded", file_id=paper.file_id) for paper in self.papers),
            form=self.form,
            return_by=self.return_by,
        )


class SubmittedAnswer(msgspec.Struct, kw_only=True):
    id: int
    submission_code: str
    status: int
    submitted_at: datetime
    answer_due_at: datetime


class RatingBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`secret`: the last four digits of the ID number or the telephone of the owner or filer."""

    secret: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    level: Annotated[int, msgspec.Meta(ge=1, le=5)]
    reasons: Annotated[list[str], msgspec.Meta(max_length=10)] = []
    comment: Annotated[str, msgspec.Meta(max_length=1000)] = ""


FILING = msgspec.json.Decoder(FilingBody)
RATING = msgspec.json.Decoder(RatingBody)


@router.post(
    "/dossiers/submissions",
    auth=BearerActor(),
    summary="File online for a citizen",
    openapi_extra={**published(FilingBody, SubmittedAnswer, "201"), "parameters": [KEY_PARAMETER]},
)
def submit(request: HttpRequest) -> HttpResponse:
    """Status 1 with a submission code and until when the desk answers. Duty: submit dossiers, in that unit."""
    body, actor, at = read(FILING, request.body), actor_of(request), clock.now()

    def run() -> dict[str, Any]:
        dossier = actions.submit_filing(body.filing(clock.today()), actor=actor, at=at)
        submitted: dict[str, Any] = msgspec.to_builtins(
            {
                "id": dossier.pk,
                "submission_code": dossier.submission_code,
                "status": dossier.status,
                "submitted_at": dossier.submitted_at,
                "answer_due_at": dossier.answer_due_at,
            }
        )
        return submitted

    return answer(answer_once(key_of(request, actor), run, at=at), 201)


@router.post(
    "/track/{code}/rating",
    auth=None,
    summary="Say how satisfied the owner is",
    openapi_extra=published(RatingBody, None),
)
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """Once, after the result is there. Wrong digits are counted: after some in an hour the dossier stays closed for a while."""
    body, at = read(RATING, request.body), clock.now()
    dossier_id = tracking.tracked(code).id
    tracking.prove_owner(dossier_id, body.secret, now=at)
    owner = replace(ANYONE, via="api", owns=frozenset({("dossiers.dossier", dossier_id)}))
    rating = actions.rate(dossier_id, level=body.level, reasons=body.reasons, comment=body.comment, actor=owner, at=at)
    return answer({"rated_at": rating.rated_at}, 201)
