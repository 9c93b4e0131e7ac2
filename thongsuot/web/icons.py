"""Icons as inline SVG, read once from static/thongsuot/icons: the only source of their shapes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).resolve().parent / "static" / "thongsuot" / "icons"
_OPENING = re.compile(r"<svg[^>]*viewBox=\"([^\"]+)\"[^>]*>")
# Colour and line come from the page's style, where forced colours and dark can reach them.
_PAINT = re.compile(r' (?:fill|stroke)="(?:currentColor|none)"')


@cache
def icon(name: str) -> SafeString:
    """Raises FileNotFoundError for a name that is not in the folder: a typing mistake should be seen at once."""
    source = (FOLDER / f"{name}.svg").read_text().strip()
    found = _OPENING.match(source)
    if found is None:
        raise ValueError(f"icons/{name}.svg does not begin with an <svg viewBox=...>")
    body = source[found.end() :]
    if name == "mark":
        return mark_safe(f'<svg viewBox="{found[1]}" aria-hidden="true" focusable="false">{body}')  # noqa: S308 - our own file
    body = _PAINT.sub("", body)
    return mark_safe(f'<svg class="ico" viewBox="{found[1]}" aria-hidden="true" focusable="false">{body}')  # noqa: S308


def names() -> list[str]:
    """All but the mark, which is no icon: it stands for the product, in the bars alone."""
    return sorted(path.stem for path in FOLDER.glob("*.svg") if path.stem != "mark")
