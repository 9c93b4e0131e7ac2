"""The mailbox of feedback, read by IMAP over TLS. A letter is marked as read only after what it became is committed: whatever
breaks in between, it is fetched again and known again.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Protocol
from urllib.parse import unquote, urlsplit

from thongsuot.feedback.mail_in.reading import MOST_BYTES

_SECONDS, _MOST_AT_ONCE, _MOST_FAILING = 30.0, 200, 20
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
Read = Callable[[], tuple[bytes | None, bool]]  # the bytes of a letter, and whether they are all; None: it is gone


class Outcome(Enum):
    """Of one letter. FULL: nothing more is taken now."""

    TAKEN, GONE, WAITS, FAILED, FULL = range(5)


class Desk(Protocol):
    """Who takes the letters, and says in which order. `validity`: what their numbers count from."""

    def due(self, validity: str, uids: Sequence[int]) -> Sequence[int]: ...

    def take(self, uid: int, read: Read) -> Outcome: ...


class MailboxTrouble(Exception):
    """It cannot be read now. `why` is a word for the log: no address, nothing of any letter."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Address:
    host: str
    port: int
    user: str
    folder: str
    tls: bool


def address_of(url: str) -> Address | None:
    """`imaps://user@host:port/INBOX`; the @ of a user is written %40. Without TLS on this machine alone. None: no mailbox.

    Raises ValueError.
    """
    if not url:
        return None
    parts = urlsplit(url)
    host, user = parts.hostname or "", unquote(parts.username or "")
    if parts.scheme not in {"imaps", "imap"} or not host or not user or parts.password is not None:
        raise ValueError("imaps://user@host/INBOX, without a password")
    if parts.scheme == "imap" and host not in _LOOPBACK:
        raise ValueError("imap:// without TLS goes to this machine only")
    if not unquote(parts.path).isascii():
        raise ValueError("the folder as the server names it: modified UTF-7")
    tls = parts.scheme == "imaps"
    return Address(host=host, port=parts.port or (993 if tls else 143), user=user, folder=_folder(parts.path), tls=tls)


def _folder(path: str) -> str:
    return unquote(path.strip("/")) or "INBOX"


def fetch(address: Address, password: str, desk: Desk, *, time_is_up: Callable[[], bool], seconds: float = _SECONDS) -> int:
    """Give the unread letters to the desk; how many were taken. Raises MailboxTrouble, and what the desk does.

    desk       what it has taken is committed when it returns: only then the letter is marked as read
    """
    taken = failing = 0
    with _box(address, password, seconds) as box:
        for uid in desk.due(_validity(box), _unread(box))[:_MOST_AT_ONCE]:
            if time_is_up() or failing >= _MOST_FAILING:
                break
            outcome = desk.take(uid, partial(_letter, box, f"{uid}"))
            if outcome is Outcome.FULL:
                break
            failing += outcome is Outcome.FAILED
            if outcome is Outcome.TAKEN:
                taken += 1
                box.uid("STORE", f"{uid}", "+FLAGS.SILENT", r"(\Seen)")
    return taken


@contextmanager
def _box(address: Address, password: str, seconds: float) -> Iterator[imaplib.IMAP4]:
    box: imaplib.IMAP4 | None = None
    try:
        if address.tls:
            box = imaplib.IMAP4_SSL(address.host, address.port, ssl_context=ssl.create_default_context(), timeout=seconds)
        else:
            box = imaplib.IMAP4(address.host, address.port, timeout=seconds)
        box.login(address.user, password)
        folder = address.folder.replace("\\", "\\\\").replace('"', '\\"')
        if box.select(f'"{folder}"')[0] != "OK":
            raise MailboxTrouble("no such folder")
        yield box
    except (imaplib.IMAP4.error, OSError, UnicodeError) as trouble:
        # Its words may repeat the user's name or a line of a letter. UnicodeError: a password that IMAP cannot say.
        raise MailboxTrouble(type(trouble).__name__) from None
    finally:
        if box is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                box.logout()


def _validity(box: imaplib.IMAP4) -> str:
    _answer, told = box.response("UIDVALIDITY")
    return told[0].decode("ascii", "replace") if told and isinstance(told[0], bytes) else ""


def _unread(box: imaplib.IMAP4) -> list[int]:
    _answer, found = box.uid("SEARCH", "UNSEEN", "UNDELETED")
    return sorted({int(uid) for line in found if isinstance(line, bytes) for uid in line.split() if uid.isdigit()})


def _letter(box: imaplib.IMAP4, uid: str) -> tuple[bytes | None, bool]:
    """Its bytes, and whether they are all of it. PEEK: reading it marks nothing. Raises MailboxTrouble."""
    try:
        return _read(box, uid)
    except (imaplib.IMAP4.error, OSError) as trouble:
        raise MailboxTrouble(type(trouble).__name__) from None


def _read(box: imaplib.IMAP4, uid: str) -> tuple[bytes | None, bool]:
    _answer, said = box.uid("FETCH", uid, "(RFC822.SIZE)")
    sizes = [int(found[1]) for line in said if isinstance(line, bytes) and (found := _SIZE.search(line))]
    whole = not sizes or sizes[0] <= MOST_BYTES
    _answer, told = box.uid("FETCH", uid, "(BODY.PEEK[])" if whole else "(BODY.PEEK[HEADER])")
    literals = [line[1] for line in told if isinstance(line, tuple) and len(line) == 2 and isinstance(line[1], bytes)]
    return (literals[0] if literals else None), whole


def for_seconds(most: float) -> Callable[[], bool]:
    """Is so much time over, from now on?"""
    ends = time.monotonic() + most
    return lambda: time.monotonic() >= ends
