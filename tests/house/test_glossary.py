"""One term, one identifier: the glossary speaks of what the code says, and knows every table."""

from __future__ import annotations

import re
from functools import cache

import pytest
from django.apps import apps
from django.utils.text import camel_case_to_spaces

from tests.house import ROOT, source_files
from thongsuot.dossiers.models import Status

# Tables that serve a mechanism and name nothing a person in an office would say.
MECHANISM = {
    "answered",
    "blob",
    "cache_entry",
    "code_try",
    "collected",
    "draft_file",
    "feedback_noted",
    "noted",
    "tally",
    "tally_change",
    "track_try",
}


@cache
def rows() -> list[tuple[str, str, str, str]]:
    """(Vietnamese, English, identifier, source) of every line."""
    found = []
    for line in (ROOT / "docs" / "glossary.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 4 and cells[0] not in {"tiếng Việt", "---"}:
            found.append((cells[0], cells[1], cells[2], cells[3]))
    return found


@cache
def code() -> str:
    """Every word of it, once."""
    return " ".join({word for path in source_files() for word in re.findall(r"\w+", path.read_text())})


def snake(name: str) -> str:
    return camel_case_to_spaces(name).replace(" ", "_")


def test_every_line_is_complete_and_no_term_or_identifier_stands_twice():
    terms, identifiers = [row[0] for row in rows()], [row[2] for row in rows()]

    assert len(rows()) > 80
    assert all(all(row) for row in rows())
    assert len(terms) == len(set(terms))
    assert sorted(identifiers) == sorted(set(identifiers))


@pytest.mark.parametrize("identifier", [row[2] for row in rows()])
def test_the_code_says_what_the_glossary_says(identifier):
    """As a name, or as a part of one between underscores; or as a class."""
    written = rf"(?<![a-zA-Z]){identifier}(?![a-zA-Z])|\b{identifier.upper()}\b|\b{identifier.title().replace('_', '')}\b"

    assert re.search(written, code())


def test_every_table_is_a_term_or_a_mechanism():
    ours = {snake(model.__name__) for model in apps.get_models() if model.__module__.startswith("thongsuot.")}

    assert ours - {row[2] for row in rows()} - MECHANISM == set(), "explain it in docs/glossary.md"
    assert MECHANISM - ours == set(), "no such table any more"


def test_every_status_of_a_dossier_is_a_term():
    assert {status.name.lower() for status in Status} - {row[2] for row in rows()} == set()
