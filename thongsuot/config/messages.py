"""The English catalogue: collected from the sources, compiled at start. Source strings are Vietnamese."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

METHODS = [
    ("**/tests/**", "ignore"),
    ("**/migrations/**", "ignore"),
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.txt", "jinja2"),
]
OPTIONS: dict[str, dict[str, Any]] = {
    "**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "extensions": "jinja2.ext.do", "silent": "false"},
    "**.txt": {"trim_blocks": "true", "lstrip_blocks": "true", "extensions": "jinja2.ext.do", "silent": "false"},
}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def catalogue_file(locale: Path) -> Path:
    return locale / "en" / "LC_MESSAGES" / "django.po"


def compile_messages(locale: Path) -> int:
    """Write each catalogue's .mo beside it when the .po is newer. Returns how many were written."""
    written = 0
    for po in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalog = read_po(source)
        half = mo.with_suffix(".mo.new")
        with half.open("wb") as target:
            write_mo(target, catalog)
        half.replace(mo)  # a web process that starts now reads the old one or the new one, never half of one
        written += 1
    return written


def collect(package: Path) -> Catalog:
    """Every message of the sources, with where it stands."""
    catalog = Catalog(project="thongsuot", charset="utf-8")
    found = extract_from_dir(package, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS, comment_tags=("note:",))
    for file, line, message, comments, context in sorted(found, key=lambda item: (item[0], item[1])):
        catalog.add(message, None, [(f"{package.name}/{file}", line)], auto_comments=comments, context=context)
    return catalog


def update_catalogue(package: Path, locale: Path) -> list[str]:
    """Merge the sources' messages into the English catalogue, keeping its lines; returns messages without an English line."""
    po = catalogue_file(locale)
    catalog = Catalog(locale="en", project="thongsuot", charset="utf-8", fuzzy=False)
    if po.exists():
        with po.open("rb") as source:
            catalog = read_po(source, locale="en")
    catalog.update(collect(package), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in catalog:
        # A file says where to look; a line number would change with every edit above it.
        message.locations = sorted({(file, 0) for file, _line in message.locations})
    po.parent.mkdir(parents=True, exist_ok=True)
    with po.open("wb") as target:
        write_po(target, catalog, width=120, include_lineno=False, sort_output=True, omit_header=False)
    return list(missing(catalog))


def missing(catalog: Catalog) -> Iterator[str]:
    for message in catalog:
        if not message.id:
            continue
        lines = message.string if isinstance(message.string, (tuple, list)) else [message.string]
        if message.fuzzy or not all(lines):
            yield message.id if isinstance(message.id, str) else message.id[0]
