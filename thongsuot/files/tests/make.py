"""Small honest files of every type we take, and files handed in through the real command."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from datetime import datetime

from django.utils import timezone

from thongsuot.files import actions
from thongsuot.files.models import StoredFile
from thongsuot.kernel.actor import Actor, system


def pdf(text: str = "Giay khai sinh", *, extra: bytes = b"", catalog: bytes = b"") -> bytes:
    """One A4 page. `extra` is put in as it is after the objects, `catalog` into the catalogue."""
    content = f"BT /F1 12 Tf 72 770 Td ({text}) Tj ET".encode("ascii", "ignore")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    out += extra
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def png(width: int = 8, height: int = 8, *, claimed: tuple[int, int] | None = None) -> bytes:
    """A grey picture; `claimed` writes another size into the header."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", *(claimed or (width, height)), 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = 8, height: int = 8) -> bytes:
    """The frame of a JPEG: headers that hold together, a scan of nothing."""

    def segment(marker: int, body: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body

    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
        + segment(0xDB, b"\x00" + b"\x10" * 64)
        + segment(0xC0, frame)
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + b"\x00" * 16
        + b"\xff\xd9"
    )


def tiff(*sizes: tuple[int, int], order: str = "<") -> bytes:
    """One page for each (width, height); 8 x 8 without any."""
    sizes = sizes or ((8, 8),)
    out = bytearray((b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8))
    for number, (width, height) in enumerate(sizes, start=1):
        entries = struct.pack(f"{order}HHII", 256, 4, 1, width) + struct.pack(f"{order}HHII", 257, 4, 1, height)
        after = len(out) + 2 + len(entries) + 4
        out += struct.pack(f"{order}H", 2) + entries + struct.pack(f"{order}I", after if number < len(sizes) else 0)
    return bytes(out)


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def package(entries: dict[str, bytes | str], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(text: str = "Đơn đề nghị", *, more: dict[str, bytes | str] | None = None, main_type: str = _WORD) -> bytes:
    return package(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{main_type}"/></Types>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f"<document>{text}</document>",
            **(more or {}),
        }
    )


def xlsx() -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    book.active["A1"] = "Hồ sơ"
    book.save(out)
    return out.getvalue()


def odt(*, more: dict[str, bytes | str] | None = None) -> bytes:
    return package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<office/>", **(more or {})})


def make_file(
    content: bytes | None = None,
    *,
    name: str = "giấy khai sinh.pdf",
    actor: Actor | None = None,
    at: datetime | None = None,
    purpose: str = "paper",
) -> StoredFile:
    """A stored file, made as the system makes it; a small PDF unless told otherwise."""
    return actions.store(
        pdf() if content is None else content,
        name=name,
        actor=actor or system("test"),
        at=at or timezone.now(),
        purpose=purpose,
    )
