"""Hostile and broken content, by type. No database: a file goes in, a type or a refusal comes out."""

import random
import struct
import tempfile
import zipfile
import zlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.files.inspection import inspect
from thongsuot.files.inspection.refusals import FileBroken, FileProtected, FileTypeRefused, FileUnsafe
from thongsuot.files.rules import FileType, upload_rule
from thongsuot.files.tests import make
from thongsuot.kernel.errors import TellPerson

RULE = upload_rule(date(2026, 7, 1))


def look(content):
    """What large content is made by is called here: whoever runs another test does not wait for it."""
    with tempfile.TemporaryFile() as file:
        file.write(content() if callable(content) else content)
        file.flush()
        return inspect(file, RULE)


@pytest.mark.parametrize(
    ("content", "file_type"),
    [
        (make.pdf(), FileType.PDF),
        (make.png(), FileType.PNG),
        (make.jpeg(), FileType.JPEG),
        (make.jpeg() + b"ftypmp42 a clip some phones append", FileType.JPEG),
        (make.tiff(), FileType.TIFF),
        (make.tiff((2480, 3508), (2480, 3508), order=">"), FileType.TIFF),
        (make.docx(), FileType.DOCX),
        (make.xlsx(), FileType.XLSX),
        (make.odt(), FileType.ODT),
    ],
)
def test_honest_files_are_recognised_by_their_content(content, file_type):
    assert look(content) == file_type


@pytest.mark.parametrize(
    ("content", "looks_like"),
    [
        (b"MZ" + bytes(300), "exe"),
        (b"<html><script>alert(1)</script>", "html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "svg"),
        (b"GIF89a" + bytes(60), "gif"),
        (b"\0\0\0\x18ftypheic" + bytes(60), "heic"),
        (b"\0\0\0\x24ftypmif1\0\0\0\0heicmif1MiHB" + bytes(60), "heic"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(60), "avif"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(60), "mp4"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "doc"),
        (make.package({"a.txt": "x"}), "zip"),
        (make.package({"mimetype": "application/vnd.oasis.opendocument.graphics", "content.xml": "x"}), ""),
        (make.docx(main_type="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"), ""),
        ("chỉ là chữ".encode(), ""),
        (b"  %PDF-1.4 not at the start", ""),
    ],
)
def test_other_types_are_refused_with_a_guess(content, looks_like):
    with pytest.raises(FileTypeRefused) as refusal:
        look(content)

    assert refusal.value.looks_like == looks_like
    assert refusal.value.message()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        make.pdf()[:-40],
        make.png()[:-6],
        make.png().replace(b"IHDR", b"IHDX"),
        make.png(0, 4),
        make.jpeg()[:-2],
        make.jpeg()[:40],
        make.jpeg(0, 4),
        b"\xff\xd8\xff\xe0",
        make.tiff()[:20],
        b"II*\0" + struct.pack("<I", 0),
        b"II*\0" + struct.pack("<I", 8) + struct.pack("<HI", 0, 8),  # its only directory is empty and points to itself
        make.docx()[:-30],
        make.docx(more={"../../evil": "x"}),
        make.docx(more={"/etc/cron.d/x": "x"}),
        make.docx().replace(b"word/document.xml", b"word/document.xm\x00"),
        make.package({"mimetype": "application/vnd.oasis.opendocument.text"})[:-1],
    ],
)
def test_broken_files_are_refused(content):
    with pytest.raises(FileBroken):
        look(content)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (make.png(claimed=(60_000, 60_000)), "pixels"),
        (make.jpeg(65_000, 65_000), "pixels"),
        (make.tiff((8, 8), (40_000, 40_000)), "pixels"),
        (make.tiff(*[(8, 8)] * 301), "pages"),
    ],
)
def test_images_that_would_not_open_are_refused_from_their_headers(content, what):
    with pytest.raises(FileUnsafe) as refusal:
        look(content)

    assert refusal.value.what == what


MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
RELATION = '<Relationships><Relationship Type="http://x/%s" Target="http://x/t.dotm" TargetMode="External"/></Relationships>'
NOISE = random.Random(1).randbytes(50_000)  # noqa: S311 - bytes that do not pack


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (make.docx(more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "macro"),
        (make.docx(main_type=MACRO_TYPE), "macro"),
        (make.docx(more={"xl/macrosheets/sheet1.xml": "x"}), "macro"),
        (make.odt(more={"Basic/Standard/Module1.xml": "x"}), "macro"),
        (make.odt(more={"Scripts/python/x.py": "x"}), "macro"),
        (make.docx(more={"word/embeddings/oleObject1.bin": b"x"}), "embedded"),
        (make.docx(more={"word/media/image1.png": make.package({"a": "x"})}), "embedded"),
        (make.docx(more={"word/media/image1.png": b"MZ\x90\0"}), "embedded"),
        (make.docx(more={"word/_rels/settings.xml.rels": RELATION % "attachedTemplate"}), "external"),
        (lambda: make.docx(more={"word/media/image1.bmp": bytes(101 * 2**20)}), "unpacked_size"),
        (lambda: make.docx(more={"word/media/image1.bmp": bytes(40 * 2**20)}), "unpacked_size"),
        (lambda: make.docx(more={f"word/media/{n}": "" for n in range(2_100)}), "unpacked_size"),
        (make.docx(more={"word/_rels/x.xml.rels": "<a>" + " " * 2**20 + NOISE.hex()}), "unpacked_size"),
    ],
)
def test_documents_with_something_active_or_explosive_inside_are_refused(content, what):
    with pytest.raises(FileUnsafe) as refusal:
        look(content)

    assert refusal.value.what == what
    assert refusal.value.message()


def test_a_plain_link_in_a_document_is_fine():
    assert look(make.docx(more={"word/_rels/document.xml.rels": RELATION % "hyperlink"})) == FileType.DOCX


def test_xml_that_calls_for_entities_is_refused():
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]><Relationships>&b;</Relationships>'

    with pytest.raises(FileBroken):
        look(make.docx(more={"word/_rels/document.xml.rels": bomb}))


def test_a_zip_that_lies_about_its_sizes_is_caught_when_unpacked():
    honest = make.docx(more={"word/media/image1.bmp": NOISE})
    with tempfile.TemporaryFile() as file:
        file.write(honest)
        entry = zipfile.ZipFile(file).getinfo("word/media/image1.bmp")
    lying = honest.replace(struct.pack("<II", entry.compress_size, 50_000), struct.pack("<II", entry.compress_size, 10))
    assert lying != honest

    with pytest.raises(FileBroken):
        look(lying)


def test_a_locked_zip_is_told_to_be_unlocked():
    content = bytearray(make.docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 1)

    with pytest.raises(FileProtected):
        look(bytes(content))


def object_stream(body, *, dictionary=b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", packed=None):
    packed = zlib.compress(body) if packed is None else packed
    return b"9 0 obj\n<< " + dictionary + b" /Length %d >>\nstream\n" % len(packed) + packed + b"\nendstream\nendobj\n"


SCRIPT = b"8 0 << /S /JavaScript /JS (app.alert\\(1\\)) >>"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (make.pdf(catalog=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "script"),
        (make.pdf(catalog=b"/OpenAction << /S /J#61vaScr#69pt /JS (x) >>"), "script"),
        (make.pdf(catalog=b"/OpenAction << /S /Launch /F (cmd.exe) >>"), "script"),
        (make.pdf(extra=object_stream(SCRIPT)), "script"),
        (make.pdf(extra=object_stream(SCRIPT.replace(b"Java", b"J#61va"))), "script"),
        (make.pdf(extra=object_stream(SCRIPT, dictionary=b"/Type /ObjStm", packed=SCRIPT)), "script"),
        # A false "stream" in a text hides nothing from a search over the whole file.
        (make.pdf(extra=b"7 0 obj (stream\n) endobj 8 0 obj << /S /JavaScript >> endobj endstream"), "script"),
        (make.pdf(catalog=b"/Names << /EmbeddedFiles << /Names [(a.exe) 7 0 R] >> >>"), "embedded"),
        (make.pdf(extra=b"7 0 obj << /Subtype /FileAttachment >> endobj\n"), "embedded"),
        (lambda: make.pdf(extra=object_stream(bytes(65 * 2**20))), "unpacked_size"),
    ],
)
def test_a_pdf_that_acts_by_itself_is_refused(content, what):
    with pytest.raises(FileUnsafe) as refusal:
        look(content)

    assert refusal.value.what == what


@pytest.mark.parametrize(
    "content",
    [
        make.pdf(extra=object_stream(b"", packed=b"not deflated")),
        make.pdf(extra=object_stream(b"", dictionary=b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]")),
        make.pdf(extra=object_stream(b"", dictionary=b"/Type /ObjStm /Filter /LZWDecode")),
        make.pdf(extra=object_stream(b"", dictionary=b"/Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 >>")),
        make.pdf(extra=b"7 0 obj (stream\n) endobj " + object_stream(SCRIPT, dictionary=b"/Type /Obj#53tm /FlateDecode")),
        make.pdf(extra=b"7 0 obj << >> stream\n"),
    ],
)
def test_a_pdf_whose_objects_cannot_be_seen_is_refused(content):
    with pytest.raises(FileBroken):
        look(content)


def test_a_locked_pdf_is_told_to_be_unlocked():
    with pytest.raises(FileProtected):
        look(make.pdf(extra=b"trailer << /Encrypt 7 0 R >>\n"))


def test_a_pdf_with_honest_object_streams_form_fields_and_links_is_taken():
    links = b"8 0 << /S /URI /URI (https://thongsuot.example) >> 9 0 << /FT /Sig /Filter /Adobe.PPKLite >>"

    assert look(make.pdf(extra=object_stream(links), catalog=b"/OpenAction [3 0 R /Fit] /AcroForm << >>")) == FileType.PDF


@given(st.sampled_from([make.pdf(), make.png(), make.jpeg(), make.tiff(), make.docx(), make.odt()]), st.data())
def test_damage_anywhere_gives_a_type_or_a_refusal_never_a_fault(content, data):
    content = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    try:
        outcome = look(bytes(content[:cut]))
    except TellPerson as refusal:
        outcome = refusal.message()

    assert outcome
