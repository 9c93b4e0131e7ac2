"""Asking the reading process. One per process of ours, started at first use; if it dies, the next question starts another."""

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
_REFUSALS: dict[str, type[errors.CannotSign]] = {
    one.code: one for one in (errors.NotAPdf, errors.PdfEncrypted, errors.PdfLocked, errors.PdfTooComplex)
}
_lock = threading.Lock()
_process: subprocess.Popen[bytes] | None = None


def looked_at(pdf: bytes) -> Looked:
    """`pades.look` with limits on time and memory. Raises NotAPdf, PdfEncrypted, PdfLocked, PdfTooComplex."""
    found = _asked({"what": "look"}, pdf)["looked"]
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
    found: list[dict[str, Any]] = _asked(
        {"what": "examine", "roots": roots, "crls": [one.hex() for one in crls], "at": at.isoformat()}, pdf
    )["signatures"]
    return found


def _asked(head: dict[str, Any], pdf: bytes) -> dict[str, Any]:
    if not pdf.startswith(b"%PDF-"):
        raise errors.NotAPdf
    with _lock:
        answer = _sent(head, pdf) or _sent(head, pdf, fresh=True)
    if answer is None:
        raise errors.PdfTooComplex
    found: dict[str, Any] = json.loads(answer)
    if "refused" in found:
        raise _REFUSALS.get(found["refused"], errors.NotAPdf)
    return found


def _sent(head: dict[str, Any], pdf: bytes, *, fresh: bool = False) -> bytes | None:
    """None when the process is gone."""
    process = _running(fresh=fresh)
    assert process.stdin is not None  # both are pipes, see below
    assert process.stdout is not None
    try:
        write_block(process.stdin.fileno(), json.dumps(head).encode())
        write_block(process.stdin.fileno(), pdf)
        return read_block(process.stdout.fileno())
    except OSError:
        return None


def _running(*, fresh: bool) -> subprocess.Popen[bytes]:
    global _process
    if _process is None or fresh or _process.poll() is not None:
        _stop()
        _process = subprocess.Popen(
            [sys.executable, "-m", "thongsuot.signing.reading.worker"],
            cwd=settings.BASE_DIR,  # the same code as ours, wherever it was started from
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
    return _process


@atexit.register
def _stop() -> None:
    """It ends by itself when our end of its pipe closes; killed outright, the system closes it for us."""
    global _process
    if _process is not None:
        for pipe in (_process.stdin, _process.stdout):
            if pipe is not None:
                pipe.close()
        _process.wait(timeout=20)
        _process = None
