"""Asking the reading process. Two per process of ours, started at first use; if one dies, the next question starts another."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from datetime import datetime
from typing import Any

from django.conf import settings

from thongsuot.signing import errors
from thongsuot.signing.appearance import Place
from thongsuot.signing.pades import Looked, Signed
from thongsuot.signing.reading.worker import read_block, write_block

LARGEST = 20 * 2**20
LONGEST_WAIT = 20  # seconds
MOST_FOREIGN = 2  # one is read, one waits; a web process has four threads and needs the others
_REFUSALS: dict[str, type[errors.CannotSign]] = {
    one.code: one for one in (errors.NotAPdf, errors.PdfEncrypted, errors.PdfLocked, errors.PdfTooComplex)
}


class Reader:
    """One reading process and the queue before it. A file that takes long makes others wait, but not for ever."""

    def __init__(self, *, most: int | None = None) -> None:
        """`most`: how many may be read or wait at once; the next one is sent away, so that waiting fills no web process."""
        self.process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(most) if most is not None else None

    def asked(self, head: dict[str, Any], pdf: bytes) -> dict[str, Any]:
        """Raises NotAPdf, PdfEncrypted, PdfLocked, PdfTooComplex, ReaderBusy."""
        if not pdf.startswith(b"%PDF-"):
            raise errors.NotAPdf
        if self._places is not None and not self._places.acquire(blocking=False):
            raise errors.ReaderBusy
        try:
            answer = self._in_turn(head, pdf)
        finally:
            if self._places is not None:
                self._places.release()
        if answer is None:
            raise errors.PdfTooComplex
        found: dict[str, Any] = json.loads(answer)
        if "refused" in found:
            raise _REFUSALS.get(found["refused"], errors.NotAPdf)
        return found

    def _in_turn(self, head: dict[str, Any], pdf: bytes) -> bytes | None:
        if not self._lock.acquire(timeout=LONGEST_WAIT):
            raise errors.ReaderBusy
        try:
            return self._sent(head, pdf) or self._sent(head, pdf, fresh=True)
        finally:
            self._lock.release()

    def _sent(self, head: dict[str, Any], pdf: bytes, *, fresh: bool = False) -> bytes | None:
        """None when the process is gone."""
        process = self._running(fresh=fresh)
        assert process.stdin is not None  # both are pipes, see below
        assert process.stdout is not None
        try:
            write_block(process.stdin.fileno(), json.dumps(head).encode())
            write_block(process.stdin.fileno(), pdf)
            return read_block(process.stdout.fileno())
        except OSError:
            return None

    def _running(self, *, fresh: bool) -> subprocess.Popen[bytes]:
        if self.process is None or fresh or self.process.poll() is not None:
            self.stop()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "thongsuot.signing.reading.worker"],
                cwd=settings.BASE_DIR,  # the same code as ours, wherever it was started from
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
            )
        return self.process

    def stop(self) -> None:
        """It ends by itself when our end of its pipe closes; killed outright, the system closes it for us."""
        if self.process is not None:
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None:
                    pipe.close()
            self.process.wait(timeout=20)
            self.process = None


# Two, so that whatever strangers upload keeps no officer from signing.
_OURS, FOREIGN = Reader(), Reader(most=MOST_FOREIGN)
atexit.register(_OURS.stop)
atexit.register(FOREIGN.stop)


def looked_at(pdf: bytes) -> Looked:
    """`pades.look` with limits on time and memory. Raises NotAPdf, PdfEncrypted, PdfLocked, PdfTooComplex."""
    found = _OURS.asked({"what": "look"}, pdf)["looked"]
    return Looked(
        pages=found["pages"],
        first=tuple(found["first"]),
        last=tuple(found["last"]),
        signatures=tuple(
            Signed(field=one["field"], place=Place(**one["place"]) if one["place"] else None) for one in found["signatures"]
        ),
        text_fields=tuple(found["text_fields"]),
    )


def examined(pdf: bytes, *, roots: list[str], crls: list[bytes], at: datetime) -> list[dict[str, Any]]:
    """`examine.examined` with limits on time and memory. Raises NotAPdf, PdfEncrypted, PdfTooComplex."""
    found: list[dict[str, Any]] = FOREIGN.asked(
        {"what": "examine", "roots": roots, "crls": [one.hex() for one in crls], "at": at.isoformat()}, pdf
    )["signatures"]
    return found
