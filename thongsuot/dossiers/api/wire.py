"""Between HTTP and the commands: bodies read, answers written, schemas published, keys of requests."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.queries import case as cases
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, NotFound
from thongsuot.kernel.idempotency import Key
from thongsuot.kernel.text import masked_id, masked_phone
from thongsuot.procedures import queries as procedures
from thongsuot.web import stand_ins

T = TypeVar("T")
ENCODER = msgspec.json.Encoder()


def schema(kind: Any) -> dict[str, Any]:
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


def published(body: Any = None, answer: Any = None, status: str = "200") -> dict[str, Any]:
    extra: dict[str, Any] = {}
    if body is not None:
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema(body)}}}
    if answer is not None:
        extra["responses"] = {status: {"description": "OK", "content": {"application/json": {"schema": schema(answer)}}}}
    return extra


KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "The same key and body give the same answer; the same key with another body 409.",
}


def read(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadInput({"body": _("Nội dung gửi chưa đúng mẫu: %(why)s") % {"why": str(error)[:300]}}) from None


def answer(body: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(ENCODER.encode(body), status=status, content_type="application/json")


def key_of(request: HttpRequest, actor: Actor, *, instead: bytes | None = None) -> Key | None:
    """The request's key. `instead`: stands for a body that holds a secret."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= 200:
        raise BadInput({"Idempotency-Key": _("Khóa Idempotency-Key dài từ 1 đến 200 ký tự.")})
    return Key(
        caller=f"person:{actor.person_id}",
        key=key,
        body_hash=hashlib.sha256(request.path.encode() + b"\0" + (request.body if instead is None else instead)).digest(),
    )


def accessible(dossier_id: int, actor: Actor) -> Dossier:
    if not 0 < dossier_id < 2**62:
        raise NotFound
    return cases.access_dossier(dossier_id, actor=actor)


def shown(dossier: Dossier) -> dict[str, Any]:
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
        "stand_ins": stand_ins.announced(),
        "assignee_id": dossier.assignee_id,
        "received_at": dossier.received_at,
        "due_at": dossier.due_at,
        "promised_at": dossier.promised_at,
        "resolved_at": dossier.resolved_at,
        "ended_at": dossier.ended_at,
    }
