"""QR codes as pictures of a page."""

from __future__ import annotations

import base64
import io

import segno


def picture(text: str, *, error: str = "m") -> str:
    """As an address of data, for an <img>. error: how much of it may be spoiled, of "l", "m", "q", "h"."""
    drawing = io.BytesIO()
    segno.make_qr(text, error=error).save(drawing, kind="svg", border=4, xmldecl=False, scale=4, light="white")
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.getvalue()).decode()}"
