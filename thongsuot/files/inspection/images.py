"""Images: whole, and not larger than a viewer can open. Only headers are read, never pixels."""

from __future__ import annotations

import mmap
import re
import struct
import zlib

from thongsuot.files.inspection.refusals import FileBroken, FileUnsafe
from thongsuot.files.rules import UploadRule

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_JPEG_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # frame headers; the three others are tables
_JPEG_SCAN, _JPEG_END = 0xDA, b"\xff\xd9"
# Each goes over the whole picture again: a small file with thousands of them keeps a processor busy for minutes. Cameras and
# editors write one, or a dozen for a picture that comes into focus.
_SCANS, _MOST_SCANS = re.compile(rb"\xff\xda"), 100
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257
_TIFF_SHORT, _TIFF_LONG = 3, 4


def check_jpeg(data: mmap.mmap, rule: UploadRule) -> None:
    """Frame header within the limit, few scans, an end mark. Bytes after the end are left: some phones put a clip there."""
    place, framed = 2, False
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            raise FileBroken("image")
        marker = data[place + 1]
        if marker == 0xFF:  # padding
            place += 1
            continue
        if marker in _JPEG_ALONE:
            place += 2
            continue
        (length,) = struct.unpack_from(">H", data, place + 2)
        if length < 2:
            raise FileBroken("image")
        if marker in _JPEG_FRAMES:
            if place + 9 > len(data):
                raise FileBroken("image")
            height, width = struct.unpack_from(">HH", data, place + 5)
            # Height 0 means "told after the scan": nothing that takes pictures writes it.
            _check_size(width, height, rule)
            framed = True
        if marker == _JPEG_SCAN:
            end = data.find(_JPEG_END, place) if framed else -1
            if end < 0:
                break
            if sum(1 for _scan in _SCANS.finditer(data, place, end)) > _MOST_SCANS:
                raise FileUnsafe("pixels")
            return
        place += 2 + length
    raise FileBroken("image")


def check_png(data: mmap.mmap, rule: UploadRule) -> None:
    """Header first, every chunk whole up to the end chunk."""
    place, first = len(PNG_SIGNATURE), True
    while place + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        ends = place + 12 + length
        if ends > len(data):
            break
        if first:
            (check,) = struct.unpack_from(">I", data, ends - 4)
            if kind != b"IHDR" or length != 13 or check != zlib.crc32(data[place + 4 : ends - 4]):
                break
            width, height = struct.unpack_from(">II", data, place + 8)
            _check_size(width, height, rule)
            first = False
        if kind == b"IEND":
            return
        place = ends
    raise FileBroken("image")


def check_tiff(data: mmap.mmap, rule: UploadRule) -> None:
    """Every page of the directory chain: a scanner puts a whole paper into one file."""
    order = "<" if data[:2] == b"II" else ">"
    seen: set[int] = set()
    try:
        (place,) = struct.unpack_from(f"{order}I", data, 4)
        while place:
            if place in seen:  # a chain that bites its tail
                raise FileBroken("image")
            seen.add(place)
            if len(seen) > rule.max_image_pages:
                raise FileUnsafe("pages")
            (entries,) = struct.unpack_from(f"{order}H", data, place)
            size = {_TIFF_WIDTH: 0, _TIFF_HEIGHT: 0}
            for number in range(entries):
                entry = place + 2 + 12 * number
                tag, kind, count = struct.unpack_from(f"{order}HHI", data, entry)
                if tag in size and count == 1 and kind in (_TIFF_SHORT, _TIFF_LONG):
                    (size[tag],) = struct.unpack_from(f"{order}{'H' if kind == _TIFF_SHORT else 'I'}", data, entry + 8)
            _check_size(size[_TIFF_WIDTH], size[_TIFF_HEIGHT], rule)
            (place,) = struct.unpack_from(f"{order}I", data, place + 2 + 12 * entries)
    except struct.error:
        raise FileBroken("image") from None
    if not seen:
        raise FileBroken("image")


def _check_size(width: int, height: int, rule: UploadRule) -> None:
    if width == 0 or height == 0:
        raise FileBroken("image")
    if width * height > rule.max_pixels:
        raise FileUnsafe("pixels")
