"""Which files are taken and what they may be called. Pure: no database, no disk, no clock."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MEGABYTE = 2**20


class FileType(StrEnum):
    """What content can be recognised; the value is the content type it is served with."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    TIFF = "image/tiff"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ODT = "application/vnd.oasis.opendocument.text"
    CSV = "text/csv"


# The first ending is the one given to a file that came without any.
ENDINGS: dict[FileType, tuple[str, ...]] = {
    FileType.PDF: ("pdf",),
    FileType.JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    FileType.PNG: ("png",),
    FileType.TIFF: ("tif", "tiff"),
    FileType.DOCX: ("docx",),
    FileType.XLSX: ("xlsx",),
    FileType.ODT: ("odt",),
    FileType.CSV: ("csv", "txt"),
}


@dataclass(frozen=True, kw_only=True)
class UploadRule:
    """What a file may be, for a time. Half-open like every dated rule; `valid_to` None means still in force.

    max_pixels            of one image, as its header states it
    max_unpacked_bytes    of a zip-based document, all entries together
    max_ratio             unpacked to packed, once more than a megabyte comes out
    """

    valid_from: date
    valid_to: date | None
    basis: str
    types: frozenset[FileType]
    max_bytes: int
    max_pixels: int
    max_image_pages: int
    max_entries: int
    max_unpacked_bytes: int
    max_ratio: int


# No text found sets one size for all: the 20 MB are this house's own choice, so they are dated and may change.
UPLOAD_RULES = (
    UploadRule(
        valid_from=date(1970, 1, 1),
        valid_to=None,
        basis="quy định của hệ thống",
        types=frozenset(FileType) - {FileType.CSV},  # any text could be called one
        max_bytes=20 * MEGABYTE,
        max_pixels=120_000_000,  # an A3 sheet at 600 dpi has 70 million
        max_image_pages=300,
        max_entries=2_000,
        max_unpacked_bytes=100 * MEGABYTE,
        max_ratio=200,
    ),
)


# Old registers come as tables, larger than any citizen's paper and with nothing but rows in them.
TABLE_RULE = UploadRule(
    valid_from=date(1970, 1, 1),
    valid_to=None,
    basis="quy định của hệ thống",
    types=frozenset({FileType.XLSX, FileType.CSV}),
    max_bytes=60 * MEGABYTE,
    max_pixels=0,
    max_image_pages=0,
    max_entries=200,
    max_unpacked_bytes=400 * MEGABYTE,
    max_ratio=150,
)


PHOTOGRAPHS = frozenset({FileType.JPEG, FileType.PNG})

# What shows a place: taken by a phone, and small enough that a copy for everybody is made at once.
PHOTO_RULE = UploadRule(
    valid_from=date(1970, 1, 1),
    valid_to=None,
    basis="quy định của hệ thống",
    types=PHOTOGRAPHS,
    max_bytes=20 * MEGABYTE,
    max_pixels=64_000_000,  # phones take up to 50 million, and few people ask them to
    max_image_pages=1,
    max_entries=0,
    max_unpacked_bytes=0,
    max_ratio=0,
)


def upload_rule(on: date) -> UploadRule:
    """The rule in force that day."""
    return next(rule for rule in UPLOAD_RULES if rule.valid_from <= on and (rule.valid_to is None or on < rule.valid_to))


MAX_NAME = 120  # characters; also the column's width
MAX_NAME_BYTES = 200  # most file systems hold 255 bytes, and browsers add " (1)"
_SEPARATORS = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_BLANKS = re.compile(r"\s+")
# Names that open a device instead of a file on the computer of whoever downloads it.
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
_NAMELESS = "tep"


def clean_name(name: str) -> str:
    """A name that is safe on every computer and looks like what it is: one line, no folders, no invisible characters.

    Never empty. Applied twice it changes nothing more. The ending stays when the name must be cut.
    """
    name = unicodedata.normalize("NFC", _SEPARATORS.split(name)[-1])
    name = "".join(" " if ch in "\t\n\r" or unicodedata.category(ch) in {"Zl", "Zp"} else ch for ch in name)
    # Control, format (bidi marks turn "exe.pdf" round), private, unassigned and half characters.
    name = "".join(ch for ch in name if unicodedata.category(ch)[0] != "C")
    name = unicodedata.normalize("NFC", _FORBIDDEN.sub("-", name))
    name = _BLANKS.sub(" ", name).strip(" .")
    if _RESERVED.match(name):
        name = f"_{name}"
    stem, ending = _parted(name)
    tail = f".{ending}" if ending else ""
    room = MAX_NAME - len(tail)
    stem = stem[:room]
    while len(stem.encode()) > MAX_NAME_BYTES - len(tail):
        stem = stem[:-1]
    stem = stem.rstrip(" .")
    return f"{stem or _NAMELESS}{tail}"


def ending_of(name: str) -> str:
    """'pdf' of 'Đơn.PDF'; empty when there is none."""
    return _parted(name)[1].lower()


def ending_fits(ending: str, file_type: FileType) -> bool:
    return ending == "" or ending in ENDINGS[file_type]


def with_ending(name: str, file_type: FileType) -> str:
    """The name, with the type's usual ending when it came without one."""
    return name if ending_of(name) else clean_name(f"{name}.{ENDINGS[file_type][0]}")


def _parted(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    # "Quyết định 12.2026 của phường" has a full stop, not an ending.
    if dot and stem and re.fullmatch(r"[A-Za-z0-9]{1,8}", ending) and not ending.isdigit():
        return stem, ending
    return name, ""
