"""What a stored file says of itself: pages, resolution, colour, version. What cannot be read is unknown, never wrong."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from PIL import Image, ImageSequence
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from thongsuot.files.rules import FileType

MOST_PAGES = 2000
_POINTS_PER_INCH = 72
# Cameras and editors write these for "not known": a scanner never works at them.
_NO_RESOLUTION = frozenset({0, 1, 72, 96})

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Attributes:
    """None: the file does not say.

    pages        of a PDF, frames of a TIFF, 1 of a photograph
    dpi          the lowest of its pictures; of a PDF page with one picture, the picture's width over the page's
    in_colour    any picture in colour
    pdf_version  "1.7"; empty for what is no PDF
    """

    pages: int | None = None
    dpi: int | None = None
    in_colour: bool | None = None
    pdf_version: str = ""


def attributes_of(content: IO[bytes], content_type: str) -> Attributes:
    """Never raises for a file that `store` took: a picture it cannot follow leaves its attribute unknown."""
    try:
        if content_type == FileType.PDF:
            return _of_pdf(content)
        if content_type in (FileType.JPEG, FileType.PNG, FileType.TIFF):
            return _of_picture(content)
    except (
        PdfError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        RecursionError,
        Image.DecompressionBombError,
    ):
        log.info("attributes of a %s cannot be read", content_type)
    return Attributes()


def _of_picture(content: IO[bytes]) -> Attributes:
    with Image.open(content) as picture:
        frames = getattr(picture, "n_frames", 1)
        told: list[int] = []
        colours: list[bool] = []
        for place, frame in enumerate(ImageSequence.Iterator(picture)):
            if place >= MOST_PAGES:
                break
            colours.append(frame.mode not in ("1", "L", "LA", "I", "I;16", "F"))
            dpi = frame.info.get("dpi")
            if dpi and (lowest := round(min(float(part) for part in dpi))) not in _NO_RESOLUTION:
                told.append(lowest)
        return Attributes(pages=frames, dpi=min(told) if told else None, in_colour=any(colours))


def _of_pdf(content: IO[bytes]) -> Attributes:
    content.seek(0)
    reader = PdfFileReader(io.BytesIO(content.read()), strict=False)
    major, minor = reader.input_version
    pages, dpis, colours = 0, [], []
    for page, box in _pages(reader.root["/Pages"], None, depth=0):
        pages += 1
        if pages > MOST_PAGES:
            break
        pictures = list(_pictures(page))
        colours += [_is_coloured(picture) for picture in pictures]
        # Only a page that is one picture tells its resolution: a small one may be a stamp of any scale.
        if len(pictures) == 1 and box is not None and (width := abs(float(box[2]) - float(box[0]))) > 0:
            dpis.append(round(int(pictures[0]["/Width"]) * _POINTS_PER_INCH / width))
    return Attributes(
        pages=pages,
        dpi=min(dpis) if dpis else None,
        in_colour=any(colours) if colours else None,
        pdf_version=f"{major}.{minor}",
    )


def _pages(node: Any, box: Any, *, depth: int) -> Iterator[tuple[Any, Any]]:
    if depth > 50:
        raise ValueError("pages nest too deep")
    box = _at(node, "/MediaBox", box)
    if "/Kids" not in node:
        yield node, box
        return
    kids = node["/Kids"]
    for place in range(len(kids)):  # by its place: walking the list itself would give references
        yield from _pages(kids[place], box, depth=depth + 1)


def _pictures(page: Any) -> Iterator[Any]:
    objects = _at(_at(page, "/Resources", {}), "/XObject", {})
    for name in list(objects)[:50]:
        one = objects[name]
        if _at(one, "/Subtype", "") == "/Image":
            yield one


def _at(node: Any, key: str, default: Any) -> Any:
    """The value itself; `get` would give a reference to it."""
    return node[key] if key in node else default  # noqa: SIM401 - see above


def _is_coloured(picture: Any) -> bool:
    space = _at(picture, "/ColorSpace", None)
    if isinstance(space, list):
        kind = str(space[0])
        if kind == "/ICCBased":
            return int(_at(space[1], "/N", 3)) >= 3
        return kind in ("/Indexed", "/Lab", "/CalRGB", "/Separation", "/DeviceN")
    return str(space) in ("/DeviceRGB", "/DeviceCMYK")
