"""How a node speaks with the city: two questions over HTTPS, answered in JSON."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import TypeVar

import msgspec

from thongsuot.local_nodes.wire import Answer, Joined, Joining, Question

T = TypeVar("T")
MOST_BYTES = 32 * 2**20


class NoAnswer(Exception):
    """The line is cut, or the city is in trouble: to a hall that is the same."""


class RefusedByCity(Exception):
    """It answered, and does not want what we said. The message is for people."""


class City:
    """The city at an address, as a node sees it. timeout: seconds."""

    def __init__(self, address: str, key: str = "", *, timeout: float = 4.0) -> None:
        self.address, self._key, self._timeout = address.rstrip("/"), key, timeout

    def join(self, code: str) -> Joined:
        return self._ask("/nut-tai-cho/ghep/", Joining(code=code), Joined)

    def ask(self, question: Question) -> Answer:
        return self._ask("/nut-tai-cho/hoi/", question, Answer)

    def _ask(self, path: str, said: msgspec.Struct, answer: type[T]) -> T:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
        request = urllib.request.Request(self.address + path, msgspec.json.encode(said), headers)  # noqa: S310 - http(s) by cli
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as response:  # noqa: S310
                return msgspec.json.decode(response.read(MOST_BYTES), type=answer)
        except urllib.error.HTTPError as error:
            if error.code >= 500 or error.code == 429:
                raise NoAnswer(str(error.code)) from None
            raise RefusedByCity(_sentence(error)) from None
        except (OSError, msgspec.MsgspecError) as error:
            raise NoAnswer(type(error).__name__) from None


def _sentence(error: urllib.error.HTTPError) -> str:
    try:
        said = msgspec.json.decode(error.read(100_000))
        return str(said.get("detail") or said.get("title") or error.code)[:300]
    except (OSError, msgspec.MsgspecError, AttributeError):
        return str(error.code)
