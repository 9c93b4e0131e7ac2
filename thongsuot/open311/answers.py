"""What is answered, on the wire: XML by the names of the standard, JSON made of it by the Spark convention; errors among it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from thongsuot.kernel import clock

XML, JSON = "xml", "json"
CONTENT_TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# In the standard's words: 404 for what is not there, 403 for the key, 400 for any other refusal. These say more and stay.
_STAY = frozenset({400, 403, 404, 405, 413, 415, 429, 500, 503})


@dataclass(frozen=True)
class Many:
    """Elements of one name beneath a parent; in JSON the list alone."""

    item: str
    rows: Sequence[Node]


Node = Mapping[str, "Node"] | Many | str | bool | int | float | None


def as_xml(root: str, node: Node) -> bytes:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _write(parts, root, node)
    return "".join(parts).encode()


def _write(parts: list[str], name: str, node: Node) -> None:
    parts.append(f"<{name}>")
    if isinstance(node, Many):
        for row in node.rows:
            _write(parts, node.item, row)
    elif isinstance(node, Mapping):
        for key, value in node.items():
            _write(parts, key, value)
    elif isinstance(node, bool):
        parts.append("true" if node else "false")
    elif node is not None:
        parts.append(escape(_NOT_XML.sub("", str(node))))
    parts.append(f"</{name}>")


def as_json(node: Node) -> bytes:
    return json.dumps(_plain(node), ensure_ascii=False, separators=(",", ":")).encode()


def _plain(node: Node) -> object:
    if isinstance(node, Many):
        return [_plain(row) for row in node.rows]
    if isinstance(node, Mapping):
        return {key: _plain(value) for key, value in node.items()}
    return node


def answer(request: HttpRequest, form: str, root: str, node: Node, *, status: int = 200) -> HttpResponse:
    """What was read carries a mark: who has it already is told so without a body."""
    body = as_xml(root, node) if form == XML else as_json(node)
    response = HttpResponse(body, status=status, content_type=CONTENT_TYPES[form])
    response.headers["Cache-Control"] = "no-cache" if request.method in {"GET", "HEAD"} else "no-store"
    open_to_pages(request, response)
    if status == 200 and request.method in {"GET", "HEAD"}:
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        response.headers["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response
    return response


def open_to_pages(request: HttpRequest, response: HttpResponse) -> None:
    """Pages of others may read what anybody may read; nothing is sent from them with somebody's login."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"


def form_of(request: HttpRequest) -> str:
    """By the ending of the address; XML is what every client of the standard reads."""
    return JSON if request.path.endswith(".json") else XML


def told(request: HttpRequest, status: int, says: str, facts: Mapping[str, object]) -> HttpResponse:
    """A refusal or a fault as the standard tells it: each problem an error of its own."""
    status = status if status in _STAY else 400
    problems = facts.get("problems")
    sentences = [str(one) for one in problems.values()] if isinstance(problems, Mapping) and problems else [says]
    errors = Many("error", [{"code": status, "description": sentence} for sentence in sentences])
    response = answer(request, form_of(request), "errors", errors, status=status)
    again_at = facts.get("again_at")
    if isinstance(again_at, str):
        waits = datetime.fromisoformat(again_at) - clock.now()
        response.headers["Retry-After"] = str(max(1, round(waits.total_seconds() + 0.5)))
    return response
