"""What signatures look like, by NĐ 30/2020/NĐ-CP, Phụ lục I, and where they stand when nobody says otherwise.

Person: the picture of the handwritten signature at the place of the post. Agency: the picture of the seal in its true
size, over about a third of the person's picture, to the left. Copies and appendices: no picture, text lines at the top
right of page 1, upright, 10 pt, black, the time in ISO 8601. Sizes are points, places count from the lower left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle

from thongsuot.kernel import typeset
from thongsuot.kernel.working_time import VIET_NAM

_SHEET = Path(__file__).parent / "sheets" / "appearance.typ"
TEST_NOTE = "Chữ ký số THỬ NGHIỆM (TEST), không có giá trị pháp lý"
# A seal of a commune's committee is 36 mm wide (TT 07/2010/TT-BCA and after) [to check]: a figure of the picture's rule.
SEAL_SIDE = 36 / 25.4 * 72
_PERSON = (150.0, 64.0)
_HEADING_LINE = 11.5
_LINES = (210.0, 12.5)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A rectangle on a page. `page` from 0; negative counts from the end."""

    page: int
    x: float
    y: float
    width: float
    height: float

    @property
    def box(self) -> tuple[int, int, int, int]:
        return round(self.x), round(self.y), round(self.x + self.width), round(self.y + self.height)


class Where(StrEnum):
    """Where on the last page a person signs; on a page of its own nothing can be hidden."""

    FOOT_RIGHT = "foot_right"
    MIDDLE_RIGHT = "middle_right"
    FOOT_LEFT = "foot_left"
    NEW_PAGE = "new_page"


def person_place(page: tuple[float, float], where: Where = Where.FOOT_RIGHT, *, heading: int = 0) -> Place:
    """On the last page, whose width and height are given; usually to the right near the foot.

    heading   lines above the picture, in what right it is signed: the place grows upwards by them
    """
    width, height = _PERSON
    if heading:
        width, height = width + 40, height + heading * _HEADING_LINE
    across = 0.25 if where == Where.FOOT_LEFT else 0.75
    y = {Where.MIDDLE_RIGHT: page[1] * 0.42, Where.NEW_PAGE: page[1] * 0.75}.get(where, 96)
    return Place(page=-1, x=page[0] * across - width / 2, y=y, width=width, height=height)


def heading_lines(heading: Sequence[str], basis: str) -> int:
    """How many lines high the words above a picture are; a written delegation takes two."""
    return len(heading) + (2 if basis else 0)


def seal_place(person: Place) -> Place:
    """Over a third of the person's picture, to the left, at the same height."""
    x = person.x + person.width / 3 - SEAL_SIDE
    picture = min(person.height, _PERSON[1])  # the rest, above it, are lines
    y = person.y + picture / 2 - SEAL_SIDE / 2
    return Place(page=person.page, x=max(0, x), y=max(0, y), width=SEAL_SIDE, height=SEAL_SIDE)


def lines_place(page_width: float, page_height: float, *, count: int) -> Place:
    """Top right of the first page, inside the margin so that no text is hidden."""
    width, line = _LINES
    height = line * count + 2
    return Place(page=0, x=page_width - width - 24, y=page_height - height - 10, width=width, height=height)


def iso_time(at: datetime) -> str:
    """'2026-11-20T15:04:05+07:00'."""
    return at.astimezone(VIET_NAM).isoformat(timespec="seconds")


def style(
    place: Place,
    *,
    title: str,
    made_at: datetime,
    picture: bytes | None = None,
    lines: Sequence[str] = (),
    heading: Sequence[str] = (),
    basis: str = "",
    qr: str = "",
    is_test: bool = False,
    size: float = 10,
) -> StaticStampStyle:
    """The appearance as pyHanko wants it: a small typeset page, put in as it is.

    heading, basis   above a person's picture: in what right it is signed, and by which written delegation
    """
    return StaticStampStyle(
        border_width=0,
        background=Typeset(
            _pdf(
                place,
                title=title,
                made_at=made_at,
                picture=picture,
                lines=lines,
                heading=heading,
                basis=basis,
                qr=qr,
                is_test=is_test,
                size=size,
            ),
            width=place.width,
            height=place.height,
        ),
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins.uniform(0),
            inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
        ),
    )


def _pdf(
    place: Place,
    *,
    title: str,
    made_at: datetime,
    picture: bytes | None,
    lines: Sequence[str],
    heading: Sequence[str],
    basis: str,
    qr: str,
    is_test: bool,
    size: float,
) -> bytes:
    facts = {
        "title": title,
        "width": place.width,
        "height": place.height,
        "size": size,
        "picture": list(picture) if picture is not None else None,
        "lines": list(lines),
        "heading": [line.upper() for line in heading],
        "basis": basis,
        "qr": qr,
        "note": TEST_NOTE if is_test else "",
    }
    return typeset.pdf(_SHEET, facts, made_at=made_at)


class Typeset(PdfContent):
    """The first page of a PDF in memory as content of another."""

    def __init__(self, pdf: bytes, *, width: float, height: float) -> None:
        super().__init__(box=BoxConstraints(width=width, height=height))
        self._pdf = pdf

    def render(self) -> bytes:
        writer = self._ensure_writer
        page = writer.import_page_as_xobject(PdfFileReader(BytesIO(self._pdf)))
        self.resources.xobject["/Sheet"] = page
        return b"/Sheet Do"
