"""The exchange over HTTP: JSON, each call signed, a timeout on everything. Numbers and recordings never reach a log."""

from __future__ import annotations

import http.client
import re
import secrets
import ssl
import time
from functools import cache
from urllib.parse import quote, urljoin, urlsplit

import msgspec
from django.conf import settings

from thongsuot.hotline.exchange.protocol import Gone, Refused, Sound, Standing, Unreachable
from thongsuot.web.signed import signature

LONGEST_ANSWER = 64 * 1024
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


class HttpExchange:
    """See `protocol.Exchange`. Recordings are fetched from its own address alone, whatever a notice names."""

    def __init__(
        self, base_url: str, *, client_id: str, key: bytes, timeout: float = 10.0, tls: ssl.SSLContext | None = None
    ) -> None:
        self._url = base_url.rstrip("/") + "/"
        self._base = urlsplit(self._url)
        if self._base.scheme not in {"http", "https"} or not self._base.hostname:
            raise ValueError("THONGSUOT_EXCHANGE: an address that begins with https://")
        self._client_id, self._key, self._timeout, self._tls = client_id, key, timeout, tls

    def transfer(self, call_id: str, to: str) -> None:
        self._ask("POST", f"calls/{quote(call_id, safe='')}/transfer", msgspec.json.encode({"to": to}))

    def standing(self, call_id: str) -> Standing:
        status, text, _headers = self._ask("GET", f"calls/{quote(call_id, safe='')}", missing=True)
        if status in {404, 410}:
            return Standing(state="unknown")
        try:
            said = msgspec.json.decode(text, type=Standing)
        except msgspec.MsgspecError:
            raise Unreachable from None
        if any(at is not None and at.tzinfo is None for at in (said.answered_at, said.ended_at)):
            raise Unreachable
        return said

    def recording(self, reference: str, *, first: int, at_most: int, whole: int = 0) -> Sound:
        last = first + at_most - 1
        status, content, headers = self._ask(
            "GET", self._own(reference), most=at_most, whole=whole, headers={"Range": f"bytes={first}-{last}"}
        )
        if status == 200:  # it knows no ranges: what came is all of it, or more than is read
            if len(content) > whole:
                return Sound(content=b"", first=0, total=len(content))
            told_length = headers.get("content-length", "")
            if told_length.isdigit() and len(content) < int(told_length):  # broken off
                raise Unreachable
            if first >= len(content) > 0:
                raise Refused
            return Sound(content=content[first:], first=first, total=len(content))
        told = _RANGE.fullmatch(headers.get("content-range", ""))
        if told is None or int(told[1]) != first or len(content) != int(told[2]) - first + 1:
            raise Unreachable
        return Sound(content=content, first=first, total=int(told[3]))

    def forget_recording(self, reference: str) -> None:
        self._ask("DELETE", self._own(reference), missing=True)

    def _own(self, reference: str) -> str:
        """The path below its address. Raises Refused for what leads elsewhere."""
        found = urlsplit(urljoin(self._url, reference))
        if found[:2] != self._base[:2] or not found.path.startswith(self._base.path) or ".." in found.path:
            raise Refused
        return found.path.removeprefix(self._base.path) + (f"?{found.query}" if found.query else "")

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        missing: bool = False,
        most: int = LONGEST_ANSWER,
        whole: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes, dict[str, str]]:
        """Raises Unreachable for whatever may be otherwise next time, Refused for a plain no, Gone for 404 and 410; missing:
        these are answers. `whole`: how much of an answer to 200 is read where a part was asked for; one byte more says that
        there is more.
        """
        at, nonce = str(int(time.time())), secrets.token_urlsafe(16)
        signed = {
            "X-Client": self._client_id,
            "X-Timestamp": at,
            "X-Nonce": nonce,
            "X-Signature": signature(self._key, at=at, nonce=nonce, body=f"{method} {path}\n".encode() + body),
        }
        kind = {"Content-Type": "application/json"} if body else {}
        connection = self._connection()
        try:
            connection.request(
                method, f"{self._base.path}{path}", body=body or None, headers={**signed, **kind, **(headers or {})}
            )
            answer = connection.getresponse()
            text = answer.read((most if whole is None or answer.status != 200 else whole) + 1)
        except (OSError, http.client.HTTPException, ValueError):  # ValueError: a path no request can have
            raise Unreachable from None
        finally:
            connection.close()
        gone = answer.status in {404, 410}
        if gone and not missing:
            raise Gone
        if answer.status in {400, 403, 405, 409, 416, 422, 501}:
            raise Refused
        too_long = len(text) > most and (whole is None or answer.status != 200)
        if not (gone or answer.status in {200, 204, 206}) or too_long:
            raise Unreachable
        return answer.status, text, {name.lower(): value for name, value in answer.getheaders()}

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._base.hostname or "", self._base.port
        if self._base.scheme == "https":
            context = self._tls or ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=context)
        return http.client.HTTPConnection(host, port, timeout=self._timeout)


@cache
def over_http() -> HttpExchange:
    return HttpExchange(
        settings.EXCHANGE,
        client_id=settings.EXCHANGE_CLIENT_ID,
        key=str(settings.EXCHANGE_SECRET).encode(),
        timeout=settings.EXCHANGE_TIMEOUT,
    )
