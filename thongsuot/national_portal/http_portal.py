"""The portal over HTTP: standard library, one kept connection for each thread, a timeout on everything.

Bodies and answers never reach a log: they hold names and numbers of people.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import ssl
import threading
import time
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.conf import settings

from thongsuot.national_portal.portal import OK, Answer, Held, Refused, Unreachable, Uploaded, services

LONGEST_ANSWER = 16 * 2**20
_USUAL_SESSION = 300.0  # seconds
_RENEW_BEFORE = 30.0  # seconds before a token ends


class HttpPortal:
    """See `portal.Portal`. `monotonic` is for the age of the token only."""

    def __init__(
        self,
        base_url: str,
        *,
        client_id: str,
        secret: str,
        timeout: float = 10.0,
        tls: ssl.SSLContext | None = None,
        parallel: int = 8,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.parallel = parallel
        self._base = urlsplit(base_url)
        if self._base.scheme not in {"http", "https"} or not self._base.hostname:
            raise ValueError("THONGSUOT_PORTAL: an address that begins with https://")
        self._client_id, self._secret, self._timeout, self._tls = client_id, secret, timeout, tls
        self._monotonic = monotonic
        self._local = threading.local()
        self._token_lock = threading.Lock()
        self._token: tuple[str, float] = ("", 0.0)

    def token(self) -> str:
        """A session of the portal; asked for once by all threads, renewed before it ends."""
        with self._token_lock:
            value, ends = self._token
            if value and self._monotonic() < ends - _RENEW_BEFORE:
                return value
            status, answer = self._ask("token", {"client_id": self._client_id, "client_secret": self._secret}, headers={})
            value = answer.get("access_token", "")
            if status != 200 or not isinstance(value, str) or not value:
                raise Unreachable("login")
            self._token = (value, self._monotonic() + _seconds(answer.get("expires_in")))
            return value

    def next_value(self, *, unit: str, day: date) -> int:
        answer = self._say("next_value", {"DonVi": unit, "Ngay": day.isoformat()}, reference="")
        try:
            return int(answer["value"])
        except (KeyError, TypeError, ValueError):
            raise Unreachable("unreadable") from None

    def upload(self, *, name: str, content: bytes, reference: str) -> Uploaded:
        sha256 = hashlib.sha256(content).hexdigest()
        body = {"TenTep": name, "NoiDung": base64.b64encode(content).decode(), "MaBam": sha256}
        found: Uploaded = _read(self._say("upload", body, reference=reference), Uploaded)
        if found.hash != sha256:
            raise Unreachable("unreadable")
        return found

    def create(self, record: dict[str, Any], *, reference: str) -> Answer:
        return self._told("create", record, reference)

    def status(self, record: dict[str, Any], *, reference: str) -> Answer:
        return self._told("status", record, reference)

    def result(self, record: dict[str, Any], *, reference: str) -> Answer:
        return self._told("result", record, reference)

    def progress(self, record: dict[str, Any], *, reference: str) -> Answer:
        return self._told("progress", record, reference)

    def count(self, *, day: date, unit: str) -> list[Held]:
        answer = self._say("count", {"Ngay": day.isoformat(), "DonVi": unit}, reference="")
        try:
            return msgspec.convert([_texts(one) for one in answer["data"]], list[Held])
        except (KeyError, TypeError, AttributeError, msgspec.ValidationError):
            raise Unreachable("unreadable") from None

    def _told(self, service: str, record: dict[str, Any], reference: str) -> Answer:
        found: Answer = _read(self._say(service, {"data": record}, reference=reference), Answer)
        return found

    def _say(self, service: str, body: dict[str, Any], *, reference: str) -> dict[str, Any]:
        """One call with a session; a session that is over is renewed once. Raises Unreachable, Refused."""
        for again in (False, True):
            headers = {"Authorization": f"Bearer {self.token()}"}
            if reference:
                headers["Idempotency-Key"] = reference
            status, answer = self._ask(service, body, headers=headers)
            if status == 401 and not again:
                with self._token_lock:
                    self._token = ("", 0.0)
                continue
            break
        if status == 401:
            raise Unreachable("login")
        if status == 429 or status >= 500:
            raise Unreachable("server")
        answer = _texts(answer)
        said = Answer(error_code=str(answer.get("error_code", "")), message=str(answer.get("message", "")))
        if said.error_code == "":
            raise Unreachable("unreadable")
        if said.error_code != OK:
            raise Refused(said)
        return answer

    def _ask(self, service: str, body: dict[str, Any], *, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        path = f"{self._base.path.rstrip('/')}/{services()[service]}"
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json", **headers}
        kept = getattr(self._local, "connection", None) is not None
        try:
            answer, text = self._exchange(path, content, headers)
        except Unreachable as trouble:
            # A kept connection may have been closed while it was idle: that alone is no fault of the portal.
            if not (kept and trouble.fault == "dropped"):
                raise
            answer, text = self._exchange(path, content, headers)
        if answer.status >= 500:
            return answer.status, {}
        try:
            found = json.loads(text[:LONGEST_ANSWER])
        except ValueError:
            raise Unreachable("unreadable") from None
        if not isinstance(found, dict):
            raise Unreachable("unreadable")
        return answer.status, found

    def _exchange(self, path: str, content: bytes, headers: dict[str, str]) -> tuple[http.client.HTTPResponse, bytes]:
        try:
            connection = self._connection()
            connection.request("POST", path, body=content, headers=headers)
            answer = connection.getresponse()
            text = answer.read(LONGEST_ANSWER + 1)
        except TimeoutError:
            self._forget()
            raise Unreachable("timeout") from None
        except (ConnectionResetError, BrokenPipeError, http.client.RemoteDisconnected, http.client.IncompleteRead):
            self._forget()
            raise Unreachable("dropped") from None
        except (OSError, http.client.HTTPException):
            self._forget()
            raise Unreachable("connection") from None
        if answer.will_close or len(text) > LONGEST_ANSWER:
            self._forget()
        return answer, text

    def _connection(self) -> http.client.HTTPConnection:
        kept: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if kept is None:
            host, port = self._base.hostname or "", self._base.port
            if self._base.scheme == "https":
                kept = http.client.HTTPSConnection(
                    host, port, timeout=self._timeout, context=self._tls or ssl.create_default_context()
                )
            else:
                kept = http.client.HTTPConnection(host, port, timeout=self._timeout)
            self._local.connection = kept
        return kept

    def _forget(self) -> None:
        kept = getattr(self._local, "connection", None)
        if kept is not None:
            kept.close()
            self._local.connection = None


def _texts(answer: dict[str, Any]) -> dict[str, Any]:
    """Numbers as texts, and without what is null: some say 0 where others say "0"."""
    return {
        name: str(value) if isinstance(value, int | float) else value for name, value in answer.items() if value is not None
    }


def _seconds(value: Any) -> float:
    """How long a session lasts, when it is said so that it can be read."""
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        return _USUAL_SESSION
    return seconds if 0 < seconds < float("inf") else _USUAL_SESSION


def _read(answer: dict[str, Any], kind: Any) -> Any:
    try:
        return msgspec.convert(answer, kind)
    except msgspec.ValidationError:
        raise Unreachable("unreadable") from None


def tls_context() -> ssl.SSLContext:
    """The usual trust, or the authority of THONGSUOT_PORTAL_CA; with our certificate where the portal asks for one."""
    context = ssl.create_default_context(cafile=settings.PORTAL_CA or None)
    if settings.PORTAL_CERTIFICATE:
        context.load_cert_chain(settings.PORTAL_CERTIFICATE, settings.PORTAL_CERTIFICATE_KEY or None)
    return context


@cache
def over_http() -> HttpPortal:
    """The portal of the settings, once for each process: its threads share the session."""
    return HttpPortal(
        settings.PORTAL,
        client_id=settings.PORTAL_CLIENT_ID,
        secret=settings.PORTAL_SECRET,
        timeout=settings.PORTAL_TIMEOUT,
        tls=tls_context() if settings.PORTAL.startswith("https://") else None,
        parallel=settings.PORTAL_PARALLEL,
    )
