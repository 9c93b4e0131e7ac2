"""A file that leaves: the one answer for all of them, whoever may have it."""

from __future__ import annotations

from typing import IO

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

# Should a browser show it, by our wish or against it, it may do nothing there: no script, no form, no frame, no origin of ours.
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


def file_answer(content: bytes | str | IO[bytes], name: str, content_type: str, *, shown: bool = False) -> HttpResponseBase:
    """A download that no cache keeps; an open file is closed once it was sent.

    content_type   also a member of an enum; a strict server takes nothing but plain text
    shown          in the browser itself: only ever for what we made
    """
    answer = (HttpResponse if isinstance(content, bytes | str) else FileResponse)(content, content_type=str(content_type))
    answer.headers["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
