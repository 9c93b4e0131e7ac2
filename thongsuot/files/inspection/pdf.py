"""PDF: whole, readable without a password, and without anything that acts by itself.

A PDF hides its objects in three ways: inside compressed object streams, behind escaped names (`/J#61vaScript`) and
behind text that only looks like syntax. So names are unescaped, object streams are unpacked, and an object stream that
cannot be found or unpacked refuses the file: an honest program never writes one like that.
"""

from __future__ import annotations

import mmap
import re
import zlib

from thongsuot.files.inspection.refusals import FileBroken, FileProtected, FileUnsafe
from thongsuot.files.rules import MEGABYTE

_TAIL = 2_048
_UNPACKED = 64 * MEGABYTE  # all object streams of one file together
_STREAM = re.compile(rb"stream(?:\r\n|\n)")
_STREAM_END = b"endstream"
# Fonts, images and page content come as streams too, but only this kind holds objects.
_OBJECT_STREAM = re.compile(rb"/ObjStm(?![A-Za-z])")
# Packed in a second way, or as differences between rows: names in it could not be seen.
_UNREADABLE = re.compile(rb"/(?!Flate)[A-Za-z0-9]+Decode(?![A-Za-z])|/Predictor")
_ENCRYPT = re.compile(rb"/Encrypt(?![A-Za-z])")
_SCRIPT = re.compile(rb"/(?:JavaScript|Launch|RichMedia)(?![A-Za-z])")
_EMBEDDED = re.compile(rb"/(?:EmbeddedFiles?|FileAttachment)(?![A-Za-z])")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME_WITH_ESCAPE = re.compile(rb"/[^\s()<>\[\]{}/%]*#[0-9A-Fa-f]{2}[^\s()<>\[\]{}/%]*")


def check(data: mmap.mmap) -> None:
    """Raises FileBroken, FileProtected, FileUnsafe."""
    tail = data[max(0, len(data) - _TAIL) :]
    if b"startxref" not in tail or b"%%EOF" not in tail:
        raise FileBroken
    # The long names are looked for in the whole file, content included: chance does not write them, and a trick with
    # a false "stream" may have moved syntax to where content seems to be.
    whole = _unescaped(data[:])
    if _ENCRYPT.search(whole):
        raise FileProtected
    for text in (whole, *_object_streams(data, expected=len(_OBJECT_STREAM.findall(whole)))):
        if _SCRIPT.search(text):
            raise FileUnsafe("script")
        if _EMBEDDED.search(text):
            raise FileUnsafe("embedded")


def _object_streams(data: mmap.mmap, *, expected: int) -> list[bytes]:
    """Their content, unpacked and with names unescaped. Raises FileBroken when not every one of them can be read."""
    contents: list[bytes] = []
    place, room, found = 0, _UNPACKED, 0
    while start := _STREAM.search(data, place):
        end = data.find(_STREAM_END, start.end())
        if end < 0:
            raise FileBroken
        syntax = _unescaped(data[place : start.start()])
        if mentions := len(_OBJECT_STREAM.findall(syntax)):
            found += mentions
            if _UNREADABLE.search(syntax):
                raise FileBroken
            packed = data[start.end() : end]
            content = _inflated(packed, room) if b"/FlateDecode" in syntax else packed
            room -= len(content)
            contents.append(_unescaped(content))
        place = end + len(_STREAM_END)
    if found < expected:
        raise FileBroken
    return contents


def _inflated(packed: bytes, room: int) -> bytes:
    worker = zlib.decompressobj()
    try:
        content = worker.decompress(packed, room)
    except zlib.error:
        raise FileBroken from None
    if worker.unconsumed_tail:
        raise FileUnsafe("unpacked_size")
    if not worker.eof:
        raise FileBroken
    return content


def _unescaped(syntax: bytes) -> bytes:
    return _NAME_WITH_ESCAPE.sub(lambda name: _ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), name[0]), syntax)
