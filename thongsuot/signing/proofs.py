"""Codes that prove a paper: make one before typesetting, print its address as a QR, register it when the paper exists."""

from __future__ import annotations

import hashlib
import hmac
import io

import segno
from django.conf import settings
from django.urls import reverse

from thongsuot.signing.rules import code_as_shown, code_from, new_code

__all__ = ["code_as_shown", "code_of", "new_code", "qr_svg", "url"]


def code_of(paper: str) -> str:
    """A paper that is typeset anew at each printing carries the same code each time; `paper` names it: "receipt/12".

    Nobody finds it without this installation's secret. Once registered it stays, whatever becomes of the secret.
    """
    return code_from(hmac.new(settings.SECRET_KEY.encode(), b"signing.proof\0" + paper.encode(), hashlib.sha256).digest())


def url(code: str) -> str:
    """The public page that proves it: goes into a QR."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("signing:proof", args=[code])


def qr_svg(code: str) -> str:
    """The QR of `url(code)` as an SVG drawing."""
    out = io.BytesIO()
    segno.make(url(code), error="m").save(out, kind="svg", border=1, xmldecl=False, svgns=True, omitsize=True)
    return out.getvalue().decode()
