"""Zip-based documents (DOCX, XLSX, ODT): told apart by their content list, unpacked once within limits, nothing active."""

from __future__ import annotations

import zipfile
from typing import IO, TYPE_CHECKING

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from thongsuot.files.inspection.refusals import FileBroken, FileProtected, FileTypeRefused, FileUnsafe
from thongsuot.files.rules import MEGABYTE, FileType, UploadRule
from thongsuot.files.zips import BROKEN_ZIP

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .doc and .xls of before 2007; also what a locked .docx is wrapped in
_CHUNK = 2**16
_LIST_BYTES = MEGABYTE  # the content list and each list of relations are small in any honest document
_CONTENT_TYPES = "[Content_Types].xml"
_OOXML = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": FileType.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": FileType.XLSX,
}
_ODF = {b"application/vnd.oasis.opendocument.text": FileType.ODT}
_NESTED = (b"PK\x03\x04", OLD_OFFICE, b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MZ", b"\x7fELF", b"%PDF-")
_ENCRYPTED = 0x1
# A relation of these kinds is followed as soon as the document opens; a plain link only when somebody clicks it.
_HARMLESS_OUTSIDE = ("/hyperlink", "/image")


def type_of(file: IO[bytes], rule: UploadRule) -> FileType | None:
    """Which document this zip is; None for a zip that is no document. Raises what `check` raises, and FileTypeRefused."""
    file.seek(0)
    with _opened(file, rule) as package:
        names = set(package.namelist())
        if "mimetype" in names:
            if (found := _ODF.get(_small(package, "mimetype").strip())) and "content.xml" in names:
                return found
            raise FileTypeRefused
        if _CONTENT_TYPES not in names:
            return None
        types = {node.get("PartName", "").lstrip("/"): node.get("ContentType", "") for node in _xml(package, _CONTENT_TYPES)}
        if any("macroenabled" in kind.lower() or kind.lower().endswith("vbaproject") for kind in types.values()):
            raise FileUnsafe("macro")
        for part, kind in types.items():
            if kind in _OOXML:
                if part not in names:
                    raise FileBroken
                return _OOXML[kind]
        raise FileTypeRefused


def check(file: IO[bytes], rule: UploadRule) -> None:
    """Raises FileBroken, FileProtected, FileUnsafe."""
    file.seek(0)
    with _opened(file, rule) as package:
        for entry in package.infolist():
            _check_name(entry.filename)
        _unpack(package, rule)
        for entry in package.infolist():
            if entry.filename.lower().endswith(".rels"):
                _check_relations(package, entry.filename)


class _opened:  # noqa: N801 - reads as a verb where it is used
    """The zip with its directory within limits; whatever the zip library trips over is a broken file."""

    def __init__(self, file: IO[bytes], rule: UploadRule) -> None:
        self.file, self.rule = file, rule

    def __enter__(self) -> zipfile.ZipFile:
        try:
            package = zipfile.ZipFile(self.file)
        except BROKEN_ZIP:
            raise FileBroken from None
        entries = package.infolist()
        if len(entries) > self.rule.max_entries or sum(entry.file_size for entry in entries) > self.rule.max_unpacked_bytes:
            raise FileUnsafe("unpacked_size")
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise FileProtected
        if len({entry.filename for entry in entries}) != len(entries):
            raise FileBroken  # two entries of one name: each program would open another
        return package

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BROKEN_ZIP):
            raise FileBroken from None


def _check_name(name: str) -> None:
    parts = name.lower().replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        raise FileBroken
    # OOXML keeps macros in vbaProject.bin or macrosheets, ODF in Basic/ and Scripts/.
    if parts[-1] in {"vbaproject.bin", "vbadata.xml"} or parts[0] in {"basic", "scripts"} or "macrosheets" in parts:
        raise FileUnsafe("macro")
    if "embeddings" in parts or "activex" in parts or parts[0].startswith(("object ", "objectreplacements")):
        raise FileUnsafe("embedded")
    if "externallinks" in parts:
        raise FileUnsafe("external")


def _unpack(package: zipfile.ZipFile, rule: UploadRule) -> None:
    """Read every entry once, to nowhere: the sizes a directory states may be lies, the check sums are verified here."""
    total = 0
    for entry in package.infolist():
        with package.open(entry) as stream:
            first = True
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > rule.max_unpacked_bytes:
                    raise FileUnsafe("unpacked_size")
                if first and chunk.startswith(_NESTED):
                    raise FileUnsafe("embedded")
                first = False
    packed = sum(entry.compress_size for entry in package.infolist())
    if total > MEGABYTE and total > rule.max_ratio * packed:
        raise FileUnsafe("unpacked_size")


def _check_relations(package: zipfile.ZipFile, name: str) -> None:
    """A template, frame or object fetched from elsewhere when the document opens is a known way in."""
    for node in _xml(package, name):
        if node.get("TargetMode", "").lower() == "external" and not node.get("Type", "").endswith(_HARMLESS_OUTSIDE):
            raise FileUnsafe("external")


def _small(package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > _LIST_BYTES:
        raise FileUnsafe("unpacked_size")
    return package.read(name)


def _xml(package: zipfile.ZipFile, name: str) -> Element:
    try:
        return fromstring(_small(package, name))
    except (ParseError, DefusedXmlException, LookupError):
        raise FileBroken from None
