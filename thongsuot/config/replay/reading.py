"""What leaders see after a replay: how long their pages take, and the report of the first fifteen days."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import lxml.html
from django.db import connection
from django.urls import reverse
from lxml import etree
from pypdf import PdfReader

from thongsuot.config.bench.stored import Read, Reader, pages, shown
from thongsuot.config.replay.facts import City
from thongsuot.config.replay.proof import Check
from thongsuot.config.replay.staff import DOMAIN, HOUSE
from thongsuot.indicators.reports import Figure, said
from thongsuot.kernel import clock
from thongsuot.people.actions import open_account
from thongsuot.people.models import Person
from thongsuot.units import queries as units

REPORT = "bao-cao-15-ngay"
_EMAIL = f"lanh-dao@{DOMAIN}"
_DUTIES = ("see figures", "receive dossiers", "process dossiers")


@dataclass(frozen=True)
class Leader:
    """Who looks, and at what: of the whole city."""

    unit_ids: list[int]
    officer: Any


def looked_at(city: City, folder: Path, *, at: datetime, say: Callable[[str], None]) -> Iterator[Check]:
    """Every page of leaders against its budget at the instant `at`; leaves the report in `folder`."""
    leader = Leader([place.unit_id for place in city.places], _leader(city, at))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # a day of filling is over: what autovacuum would do within the hour
    found: list[Read] = []
    with clock.standing_at(at):
        for read in pages(leader, now=at):
            say(shown(read, None))
            found.append(read)
        yield _within([read for read in found if read.most is not None])
        yield _report(Reader(leader.officer), city, folder)


def _leader(city: City, at: datetime) -> Person:
    known = Person.objects.filter(email=_EMAIL).first()
    if known is not None:
        return known
    committee = units.body(city.id, "people_committee", as_of=city.first)
    assert committee is not None, city.id
    return open_account(
        email=_EMAIL,
        full_name="Lãnh đạo thành phố",
        body_id=committee.id,
        title="Phó Chủ tịch",
        duties=_DUTIES,
        valid_from=city.first,
        is_demo=True,
        actor=HOUSE,
        at=at - timedelta(hours=1),
    )


def _within(found: list[Read]) -> Check:
    slow = [f"{read.work} {read.ours:.0f} ms" for read in found if not read.good]
    worst = {limit: max(read.ours for read in found if read.most == limit) for limit in {read.most for read in found}}
    text = ", ".join(f"the slowest of those allowed {limit:.0f} ms takes {ours:.0f}" for limit, ours in sorted(worst.items()))
    return Check("pages", not slow, f"{text} {slow or ''}".strip())


def _report(reader: Reader, city: City, folder: Path) -> Check:
    """All three forms say the same: each figure of the JSON is looked up on the page and in the text of the PDF."""
    asked = {"tu": f"{city.first:%d/%m/%Y}"}
    page, pdf, plain = (
        reader.content(reverse(f"indicators:{name}"), **asked)() for name in ("fifteen", "fifteen_pdf", "fifteen_json")
    )
    (folder / f"{REPORT}.html").write_bytes(page)
    (folder / f"{REPORT}.pdf").write_bytes(pdf)
    (folder / f"{REPORT}.json").write_bytes(plain)
    figures = json.loads(plain)["figures"]
    wrong = differing(figures, page, pdf)
    text = f"{len(figures)} figures in {folder.name}/{REPORT}.html, .pdf and .json, {len(wrong)} differ"
    return Check("report", bool(figures) and not wrong, f"{text} {wrong[:3] if wrong else ''}".strip())


def differing(figures: list[dict[str, Any]], page: bytes, pdf: bytes) -> list[str]:
    """The figures that the page, or the PDF, does not say as the JSON has them."""
    rows = lxml.html.fromstring(page.decode()).iterfind(".//tr")
    on_page = {_text(row[0]): _text(row[1]) for row in rows if len(row) > 1}
    # Where a line is broken is the paper's affair.
    on_paper = "".join("".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages).split())
    wrong = []
    for figure in figures:
        label, value = figure["label"], said(Figure(**figure))
        if on_page.get(label) != value:
            wrong.append(f"page: {label}: {on_page.get(label)} is not {value}")
        if "".join(f"{label}{value}{figure['says']}".split()) not in on_paper:
            wrong.append(f"PDF: {label}: {value} is not there")
    return wrong


def _text(cell: etree._Element) -> str:
    return " ".join("".join(str(part) for part in cell.itertext(with_tail=False)).split())
