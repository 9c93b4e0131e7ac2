"""What nodes ask the city. A node is known by its key; it is answered in JSON."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import TellPerson
from thongsuot.local_nodes import actions, parcel, queries
from thongsuot.local_nodes.actions import errors
from thongsuot.local_nodes.actions.nodes import tell_trouble
from thongsuot.local_nodes.models import LocalNode
from thongsuot.local_nodes.wire import Answer, Joined, Joining, Question, Rows

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    try:
        said = msgspec.json.decode(request.body, type=Joining)
        node, key = actions.join_node(said.code, actor=Actor(person_id=None, name="", via="local node"), at=at)
    except msgspec.MsgspecError:
        return _refused(400, "unreadable")
    except TellPerson as refusal:
        return _refused(refusal.status, refusal.message())
    return _answer(
        Joined(
            key=key,
            node_id=node.pk,
            house_id=node.point_id,
            database=node.database,
            first_number=node.first_number,
            address=node.address,
        )
    )


@csrf_exempt
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """What it did is taken first, so that what it is given knows of it."""
    at = clock.now()
    try:
        question = msgspec.json.decode(request.body, type=Question)
    except msgspec.MsgspecError:
        return _refused(400, "unreadable")
    node = queries.by_key(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if node is None:
        return _refused(errors.UnknownNode.status, errors.UnknownNode().message())
    try:
        taken_up_to = _take(node, question)
    except (KeyError, TypeError, ValueError):
        return _trouble(node, errors.LinesNotOfHall("?"))
    except TellPerson as refusal:
        return _trouble(node, refusal)
    actions.hear(node.pk, asleep=question.asleep, at=at)
    answer = Answer(taken_up_to=taken_up_to)
    day = timezone.localdate(at)
    answer.setup, answer.setup_digest = _given(question.setup, parcel.setup_of, node.point_id, day)
    answer.state, answer.state_digest = _given(question.state, parcel.state_of, node.point_id, day)
    return _answer(answer)


def _take(node: LocalNode, question: Question) -> int:
    if question.acting_since is None:
        return node.taken_up_to
    actor = Actor(person_id=None, name=node.name, via="local node")
    began_at, rows = question.acting_since, question.rows or Rows()
    spell = actions.retell(node.pk, question.lines, rows, began_at=began_at, ends=question.ends, actor=actor, at=clock.now())
    return LocalNode.objects.values_list("taken_up_to", flat=True).get(pk=spell.node_id)


def _given(known: str | None, rows_of: Any, house_id: int, day: Any) -> tuple[list[dict[str, Any]] | None, str]:
    if known is None:
        return None, ""
    rows = rows_of(house_id, on=day)
    digest = parcel.digest_of(rows)
    return (None if digest == known else rows), digest


def _trouble(node: LocalNode, refusal: TellPerson) -> HttpResponse:
    log.warning("node %s: its lines were refused (%s)", node.pk, refusal.code)
    tell_trouble(node.pk, refusal.message())
    return _refused(refusal.status, refusal.message())


def _answer(said: msgspec.Struct) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(said), content_type="application/json")


def _refused(status: int, why: str) -> HttpResponse:
    return HttpResponse(msgspec.json.encode({"detail": why}), content_type="application/json", status=status)
