"""Papers, scans and certificates in the made-up town."""

from __future__ import annotations

import io
from datetime import datetime
from functools import cache

from PIL import Image
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import NameObject

from thongsuot.dossiers.models import Component, Digitisation, Dossier
from thongsuot.dossiers.tests.make import HOUSE, MONDAY, Town, receive, resolve
from thongsuot.files.actions import store
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.events import REACTIONS
from thongsuot.kernel.jobs import react
from thongsuot.kernel.models import Event
from thongsuot.personal_store.models import StoredPaper
from thongsuot.signing import actions as signing
from thongsuot.signing import sealing
from thongsuot.signing.tests.make import bytes_of, paper

PIN, SEAL_PIN = "482913", "705162"
sealing.MEMORY_KIB, sealing.PASSES = 8, 1  # in tests one guess of a PIN may be cheap


def with_certificates(town: Town) -> Town:
    """Hạnh signs with her certificate, Lan with hers, Thu with the committee's."""
    at = datetime(2025, 7, 2, 8, tzinfo=MONDAY.tzinfo)
    signing.make_authority(actor=HOUSE, at=at)
    city = town.city
    for name, kind, post, pin in (
        ("hanh", "people_committee", "Phó Chủ tịch", PIN),
        ("lan", "service_centre", "Công chức tiếp nhận", PIN),
        ("", "people_committee", "", SEAL_PIN),
    ):
        signing.issue_test_certificate(
            person_id=town.people[name].pk if name else None,
            body_id=city.body(city.river, kind).pk,
            post=post,
            pin=pin,
            starts=None,
            ends=None,
            actor=HOUSE,
            at=at,
        )
    return town


def a_pdf(at: datetime = MONDAY, name: str = "giay.pdf", *, pages: int = 1, by: Actor = HOUSE) -> int:
    """Typeset pages: what the pages of a real scan would be."""
    return store(typeset_pages(pages), name=name, actor=by, at=at, purpose="dossiers.paper").pk


@cache
def typeset_pages(pages: int) -> bytes:
    """The first page with text, the others empty."""
    if pages == 1:
        return paper()
    writer = PdfWriter()
    writer.append(io.BytesIO(paper()))
    for _ in range(pages - 1):
        writer.add_blank_page(595, 842)
    writer.pdf_header = "%PDF-1.7"
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@cache
def scanned_pdf(*, dpi: int = 200, colour: bool = True, header: bytes = b"%PDF-1.4") -> bytes:
    """One picture on one page, as a scanner writes it; 3 by 4 inches, or the file would be large."""
    out = io.BytesIO()
    Image.new("RGB" if colour else "L", (3 * dpi, 4 * dpi), 200).save(out, "PDF", resolution=dpi)
    return out.getvalue().replace(b"%PDF-1.4", header, 1)


@cache
def picture(*, dpi: int = 300, colour: bool = True, pages: int = 1) -> bytes:
    """A scan as TIFF of so many pages."""
    frames = [Image.new("RGB" if colour else "L", (60, 80), 200) for _ in range(pages)]
    out = io.BytesIO()
    frames[0].save(out, "TIFF", dpi=(dpi, dpi), save_all=True, append_images=frames[1:])
    return out.getvalue()


def a_scan(at: datetime = MONDAY, *, by: Actor = HOUSE, **how: int | bool) -> int:
    return store(picture(**how), name="quet.tif", actor=by, at=at, purpose="dossiers.paper").pk


def scan_of(dossier: Dossier, code: str = "giay-chung-nhan") -> Digitisation:
    return Digitisation.objects.filter(component__dossier=dossier, component__paper_code=code).latest("pk")


def component_of(dossier: Dossier, code: str = "giay-chung-nhan") -> Component:
    return Component.objects.get(dossier=dossier, paper_code=code)


def resolved(town: Town, *, at: datetime = MONDAY, **changes: object) -> Dossier:
    """A dossier with a result in its owner's store."""
    dossier = resolve(town, receive(town, at=at, **changes), at=at)
    react_to(dossier)
    return dossier


def react_to(dossier: Dossier) -> None:
    """Run every reaction to every event of the dossier, twice: a worker may be killed in between."""
    for _ in range(2):
        for event in Event.objects.filter(subject="dossiers.dossier", subject_id=dossier.pk).order_by("id"):
            for name in REACTIONS.get(event.name, ()):
                react(event.pk, name)


def in_store(dossier: Dossier) -> StoredPaper:
    return StoredPaper.objects.filter(dossier_id=dossier.pk, kind="result").latest("pk")


def words_by_signatures(file_id: int) -> str:
    """What the appearances of the signatures say: text in forms of a page's annotations, which plain extraction leaves out."""
    reader = PdfReader(io.BytesIO(bytes_of(file_id)))
    said = []
    for page in reader.pages:
        for note in page.get("/Annots", ()):
            shown = note.get_object().get("/AP", {}).get("/N", {})
            sheet = shown.get("/Resources", {}).get("/XObject", {}).get("/Sheet")
            if sheet is not None:
                blank = PageObject.create_blank_page(reader, width=300, height=300)
                blank[NameObject("/Resources")] = sheet.get_object()["/Resources"]
                blank[NameObject("/Contents")] = sheet
                said.append(blank.extract_text())
    return " ".join(" ".join(said).split())
