"""The mailbox of feedback, read by IMAP over TLS. A letter is marked as read only after what it became is committed: whatever
breaks in between, it is fetched again and known again.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.db import DatabaseError

from thongsuot.feedback.mail_in.reading import MOST_BYTES

log = logging.getLogger(__name__)
_SECONDS, _MOST_AT_ONCE, _MOST_FAILING = 30.0, 200, 20
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
Take = Callable[[bytes, bool], object]


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


def fetch(address: Address, password: str, take: Take, *, time_is_up: Callable[[], bool], seconds: float = _SECONDS) -> int:
    """Give each unread letter to `take`, the oldest first; how many were taken. Raises MailboxTrouble, DatabaseError.

    take       (bytes, whole) -> anything: committed when it returns. What it raises leaves the letter unread for the next time
    """
    taken = failing = 0
    with _box(address, password, seconds) as box:
        for uid in _unread(box)[:_MOST_AT_ONCE]:
            if time_is_up() or failing >= _MOST_FAILING:
                break
            raw, whole = _letter(box, uid)
            if raw is None:
                continue  # somebody else has moved it
            try:
                take(raw, whole)
            except DatabaseError:
                raise
            except Exception as fault:  # one letter must not keep all behind it
                failing += 1
                log.error("feedback mailbox: a letter could not be taken (%s)", type(fault).__name__)
                continue
            taken += 1
            box.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
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


def _unread(box: imaplib.IMAP4) -> list[str]:
    _answer, found = box.uid("SEARCH", "UNSEEN", "UNDELETED")
    listed = {int(uid) for line in found if isinstance(line, bytes) for uid in line.split() if uid.isdigit()}
    return [str(uid) for uid in sorted(listed)]


def _letter(box: imaplib.IMAP4, uid: str) -> tuple[bytes | None, bool]:
    """Its bytes, and whether they are all of it. PEEK: reading it marks nothing."""
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
