"""JSON asked of a gateway by POST: standard library, a timeout on everything, nothing of it in any log."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

LONGEST_ANSWER = 2**20


class NoAnswer(Exception):
    """None that can be relied on: what was sent may have arrived or not."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """(status, the answer's object; empty when it is none). Redirects are not followed: the key would go elsewhere."""
    found = urlsplit(url)
    host, port, seconds = found.hostname or "", found.port, settings.GATEWAY_TIMEOUT
    connection = (
        http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
        if found.scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=seconds)
    )
    path = found.path + (f"?{found.query}" if found.query else "")
    try:
        connection.request("POST", path or "/", body=body, headers=dict(headers))
        answer = connection.getresponse()
        text = answer.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException, ValueError):
        raise NoAnswer from None
    finally:
        connection.close()
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    if answer.status < 300 and not isinstance(said, dict):
        raise NoAnswer
    return answer.status, said if isinstance(said, dict) else {}


def as_json(found: Mapping[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


JSON = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
