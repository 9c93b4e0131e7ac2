"""What a page says."""

from __future__ import annotations

import html
import re

from django.http import HttpResponse


def said(response: HttpResponse) -> str:
    """The words of a page, without its markup."""
    text = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))
