"""Papers from the registers as PDF. What they say comes from `facts`; the templates know no law."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from thongsuot.kernel import typeset

_FOLDER = Path(__file__).parent


def paper(facts: dict[str, Any], *, made_at: datetime) -> bytes:
    """A certificate, an extract or a copy. Equal facts give equal bytes."""
    return typeset.pdf(_FOLDER / "paper.typ", facts, made_at=made_at)


def book(facts: dict[str, Any], *, made_at: datetime) -> bytes:
    """Pages of a book, lying, one row an entry."""
    return typeset.pdf(_FOLDER / "book.typ", facts, made_at=made_at)
