"""What people do on the pages, in the words of the pages: an officer's piece of work, a file chosen, a form typed by keys."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Page
from pypdf import PdfReader

from tests.journeys.browsing import Visitor
from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Dossier
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.units import queries as units

CODE = re.compile(r"H26(?:\.\d+)+-\d{6}-\d{4,}")
SUBMISSION_CODE = re.compile(r"TS-\w{4}-\w{4}")
DRAFT_CODE = re.compile(r"KS-\w{4}-\w{4}-\w{3}")


def code_on(visitor: Visitor, shape: re.Pattern[str] = CODE) -> str:
    found = shape.search(visitor.page.locator("main").inner_text())
    assert found, f"no code on {visitor.page.url}"
    return found[0]


def do(
    officer: Visitor, case: str, work: str, *, button: str = "", file: tuple[str, bytes] | None = None, **fields: str
) -> None:
    """One piece of work on a dossier: its page, the link of the work, a short form, its button."""
    officer.visit(case)
    officer.follow(work)
    officer.fill(**fields)
    if file:
        choose_file(officer, "file", *file)
    officer.press(button or work)


def find_case(officer: Visitor, words: str) -> str:
    """The address of the only dossier that the search finds for these words."""
    officer.visit("/can-bo/tim/")
    officer.page.get_by_role("main").get_by_role("searchbox").fill(words)
    officer.press("Tìm")
    if "/can-bo/ho-so/" in officer.page.url:  # a whole code leads on at once
        return officer.page.url
    found = officer.page.locator("main tbody a")
    assert found.count() == 1, f"{found.count()} for {words}"
    return str(found.get_attribute("href"))


def history_on(visitor: Visitor, lines: str) -> list[tuple[str, str]]:
    """(what happened, when) of the lines of a history that are over."""
    told = []
    for line in visitor.page.locator(lines).all():
        if not {"is-now", "is-next"} & set((line.get_attribute("class") or "").split()):
            told.append((line.locator("h3").inner_text(), line.locator("p").first.inner_text()[:16]))
    return told


def choose_file(visitor: Visitor, field: str, name: str, content: bytes) -> None:
    visitor.page.locator(f"[name={field}]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def download(visitor: Visitor, link: str) -> bytes:
    with visitor.page.expect_download() as coming:
        visitor.page.get_by_role("main").get_by_role("link", name=link).first.click()
    return Path(coming.value.path()).read_bytes()


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def type_by_keys(page: Page, **fields: str) -> None:
    """Fill a form as at a counter: Tab from field to field, never a mouse."""
    for name, text in fields.items():
        for _ in range(12):
            if page.evaluate("document.activeElement.name") == name:
                break
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == name, f"Tab does not lead to {name}"
        page.keyboard.type(text)


def received(
    procedure: str,
    *,
    name: str,
    phone: str,
    at: object,
    papers: tuple[str, ...] = (),
    scanned: tuple[str, int] | None = None,
    **more: object,
) -> Dossier:
    """A dossier that Lan received at the counter without a page: where a story begins in the middle.

    papers   codes of those that were shown
    scanned  the code of a paper and its file, scanned at the desk
    """
    lan = Person.objects.get(email="lan@demo.thongsuot.vn")
    unit = units.unit_by_code("00070", as_of=at.date()).id
    answer = actions.receive_dossier(
        actions.Intake(
            procedure=procedure,
            receiving_unit_id=unit,
            resolving_unit_id=unit,
            owner=actions.Owner(name=name, phone=phone),
            papers=(
                *(actions.PaperIn(code=code, how="shown") for code in papers),
                *([actions.PaperIn(code=scanned[0], file_id=scanned[1])] if scanned is not None else []),
            ),
            **more,
        ),
        actor=actor_for(lan, at=at),
        at=at,
    )
    return Dossier.objects.get(pk=answer["id"])
