"""What a file really is, read from its content, and whether it is safe to keep. Nothing is decoded or run."""

from __future__ import annotations

import mmap
from typing import IO

import puremagic

from thongsuot.files.inspection import documents, images, pdf
from thongsuot.files.inspection.refusals import FileBroken, FileTypeRefused
from thongsuot.files.rules import PHOTOGRAPHS, FileType, UploadRule

_HEAD = 4_096
# AVIF first: it names the general brands of HEIF beside its own.
_BRANDS = {
    "avif": frozenset({b"avif", b"avis"}),
    "heic": frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2"}),
}


def inspect(file: IO[bytes], rule: UploadRule) -> FileType:
    """The type of this open, real file.

    Raises FileTypeRefused, FileBroken, FileProtected, FileUnsafe.
    """
    file.seek(0)
    head = file.read(_HEAD)
    if not head:
        raise FileBroken("empty")
    file_type = _by_signature(head) or _package_type(file, head, rule)
    if file_type is None and FileType.CSV in rule.types and _is_plain_text(head):
        return FileType.CSV
    if file_type is None or file_type not in rule.types:
        raise FileTypeRefused(_guess(head), table=FileType.CSV in rule.types, photo=rule.types <= PHOTOGRAPHS)
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        match file_type:
            case FileType.PDF:
                pdf.check(data)
            case FileType.JPEG:
                images.check_jpeg(data, rule)
            case FileType.PNG:
                images.check_png(data, rule)
            case FileType.TIFF:
                images.check_tiff(data, rule)
            case FileType.DOCX | FileType.XLSX | FileType.ODT:
                documents.check(file, rule)
    return file_type


def _by_signature(head: bytes) -> FileType | None:
    if head.startswith(b"%PDF-"):
        return FileType.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if head.startswith(images.PNG_SIGNATURE):
        return FileType.PNG
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return FileType.TIFF
    return None


def _package_type(file: IO[bytes], head: bytes, rule: UploadRule) -> FileType | None:
    return documents.type_of(file, rule) if rule.max_entries and head.startswith(b"PK\x03\x04") else None


def _is_plain_text(head: bytes) -> bool:
    """Lines of letters in any usual encoding: whether it is a good table only its reader can say."""
    return b"\0" not in head and not head.startswith((b"<", b"PK", b"\xd0\xcf")) and (b"\n" in head or b"\r" in head)


def _guess(head: bytes) -> str:
    """The likeliest ending of content we do not take, for the sentence that refuses it."""
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(documents.OLD_OFFICE):
        return "doc"
    if head[4:8] == b"ftyp":  # pictures and films share this box: only its brands tell them apart
        size = min(int.from_bytes(head[:4], "big"), 256)
        brands = {head[8:12], *(head[place : place + 4] for place in range(16, size - 3, 4))}
        return next((name for name, marks in _BRANDS.items() if brands & marks), "mp4")
    try:
        return str(puremagic.magic_string(head)[0].extension).lstrip(".").lower()
    except (puremagic.PureError, IndexError, ValueError):
        return ""
