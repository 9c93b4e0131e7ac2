"""Papers from the registers as PDF. What they say comes from `facts`; the templates know no law."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import segno

from thongsuot.kernel import typeset

_FOLDER = Path(__file__).parent


def paper(facts: dict[str, Any], *, made_at: datetime) -> bytes:
    """A certificate, an extract or a copy. Equal facts give equal bytes."""
    return typeset.pdf(_FOLDER / "paper.typ", {**facts, "qr": _qr(facts.get("proof_url", ""))}, made_at=made_at)


def book(facts: dict[str, Any], *, made_at: datetime) -> bytes:
    """Pages of a book, lying, one row an entry."""
    return typeset.pdf(_FOLDER / "book.typ", facts, made_at=made_at)


def _qr(url: str) -> dict[str, str] | None:
    if not url:
        return None
    drawing = io.BytesIO()
    segno.make_qr(url, error="m").save(drawing, kind="svg", border=0, xmldecl=False)
    return {"svg": drawing.getvalue().decode(), "url": url}
