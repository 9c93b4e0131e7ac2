"""The gateway over HTTP: JSON, each call signed, a timeout on everything. Bodies and answers never reach a log."""

from __future__ import annotations

import http.client
import secrets
import ssl
import time
from datetime import date
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import msgspec
from django.conf import settings

from thongsuot.payments.gateway import Listed, Order, Refused, Standing, Unreachable, secret, signature

LONGEST_ANSWER = 16 * 2**20
Told = TypeVar("Told")


class _Begun(msgspec.Struct):
    pay_url: str


class _No(msgspec.Struct):
    why: str = ""


class HttpGateway:
    """See `gateway.Gateway`. One connection for each call: calls are few, and none is kept waiting by another."""

    def __init__(
        self, base_url: str, *, client_id: str, key: bytes, timeout: float = 10.0, tls: ssl.SSLContext | None = None
    ) -> None:
        self._base = urlsplit(base_url)
        if self._base.scheme not in {"http", "https"} or not self._base.hostname:
            raise ValueError("THONGSUOT_PAYMENTS: an address that begins with https://")
        self._client_id, self._key, self._timeout, self._tls = client_id, key, timeout, tls

    def begin(self, order: Order) -> str:
        address = self._ask("POST", f"orders/{order.reference}", order, _Begun).pay_url
        if urlsplit(address).scheme not in {"http", "https"}:
            raise Unreachable
        return address

    def standing(self, reference: str) -> Standing:
        return self._ask("GET", f"orders/{quote(reference, safe='')}", None, Standing)

    def cancel(self, reference: str) -> Standing:
        return self._ask("POST", f"orders/{quote(reference, safe='')}/cancel", {}, Standing)

    def refund(self, reference: str, *, transaction_id: str, amount_dong: int) -> Standing:
        body = {"transaction_id": transaction_id, "amount_dong": amount_dong}
        return self._ask("POST", f"refunds/{reference}", body, Standing)

    def day(self, day: date) -> list[Listed]:
        return self._ask("GET", f"days/{day.isoformat()}", None, list[Listed])

    def _ask(self, method: str, path: str, said: object, told: type[Told]) -> Told:
        """Raises Unreachable for whatever may be otherwise next time, Refused for a plain no (4xx with a reason)."""
        body = msgspec.json.encode(said) if said is not None else b""
        at, nonce = str(int(time.time())), secrets.token_urlsafe(16)
        headers = {
            "Content-Type": "application/json",
            "X-Client": self._client_id,
            "X-Timestamp": at,
            "X-Nonce": nonce,
            "X-Signature": signature(self._key, at=at, nonce=nonce, body=f"{method} {path}\n".encode() + body),
        }
        connection = self._connection()
        try:
            connection.request(method, f"{self._base.path.rstrip('/')}/{path}", body=body or None, headers=headers)
            answer = connection.getresponse()
            text = answer.read(LONGEST_ANSWER + 1)
        except (OSError, http.client.HTTPException):
            raise Unreachable from None
        finally:
            connection.close()
        if answer.status in {400, 404, 409, 422}:
            raise Refused(_read(text, _No).why[:300] or str(answer.status))
        if answer.status != 200 or len(text) > LONGEST_ANSWER:
            raise Unreachable
        found: Told = _read(text, told)
        return found

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._base.hostname or "", self._base.port
        if self._base.scheme == "https":
            context = self._tls or ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=context)
        return http.client.HTTPConnection(host, port, timeout=self._timeout)


def _read(text: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.MsgspecError:
        raise Unreachable from None


@cache
def over_http() -> HttpGateway:
    return HttpGateway(
        settings.PAYMENTS, client_id=settings.PAYMENTS_CLIENT_ID, key=secret(), timeout=settings.PAYMENTS_TIMEOUT
    )
