"""Drawn photographs, what phones and editors write into them, and what hostile people do to them."""

from __future__ import annotations

import io
import random
import struct
from functools import cache

from PIL import ExifTags, Image, ImageDraw, ImageFilter
from PIL.TiffImagePlugin import IFDRational

from thongsuot.feedback.pictures import Box

PLACE = ((10, 1), (46, 1), (3012, 100)), ((106, 1), (41, 1), (4242, 100))  # the 10.77503 N, 106.695117 E


@cache
def scene(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Noise in four octaves, a sky, a road, things on it. The same for the same number."""
    chance = random.Random(seed)  # noqa: S311 - a drawing
    ground = Image.new("RGB", size, (chance.randint(60, 200),) * 3)
    for side, part in ((3, 0.6), (7, 0.4), (14, 0.3), (50, 0.15)):
        noise = Image.frombytes("RGB", (side, side), chance.randbytes(side * side * 3)).resize(size, Image.Resampling.BICUBIC)
        ground = Image.blend(ground, noise, part)
    draw, (width, height) = ImageDraw.Draw(ground), size
    line = int(height * chance.uniform(0.3, 0.6))
    draw.rectangle((0, 0, width, line), fill=tuple(chance.randint(120, 230) for _one in range(3)))
    draw.polygon(
        [(width * chance.random(), line), (-width * 0.2, height), (width * chance.uniform(0.6, 1.2), height)], fill="#555"
    )
    for _each in range(chance.randint(4, 10)):
        x, y, side = chance.uniform(0, width), chance.uniform(0, height), chance.uniform(0.05, 0.25) * width
        colour = tuple(chance.randint(0, 255) for _one in range(3))
        (draw.ellipse if chance.random() < 0.5 else draw.rectangle)((x, y, x + side, y + side), fill=colour)
    return ground.filter(ImageFilter.GaussianBlur(1))


def jpeg(picture: Image.Image | None = None, *, quality: int = 90, **written) -> bytes:
    out = io.BytesIO()
    (picture or scene()).save(out, format="JPEG", quality=quality, **written)
    return out.getvalue()


def png(picture: Image.Image | None = None, **written) -> bytes:
    out = io.BytesIO()
    (picture or scene()).save(out, format="PNG", **written)
    return out.getvalue()


def exif(
    *,
    place=PLACE,
    sides: tuple[object, object] = ("N", "E"),
    gps: dict[int, object] | None = None,
    taken: object = "2026:07:01 08:30:00",
    offset: object = "+07:00",
    orientation: object = 1,
    make: str = "Điện thoại mẫu",
    **more: object,
) -> Image.Exif:
    """As a phone writes it; any part of it may be wrong."""
    written = Image.Exif()
    written[ExifTags.Base.Orientation] = orientation
    if make:
        written[ExifTags.Base.Make] = make
    if "software" in more:
        written[ExifTags.Base.Software] = more["software"]
    camera = written.get_ifd(ExifTags.IFD.Exif)
    camera[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        camera[ExifTags.Base.OffsetTimeOriginal] = offset
    if "comment" in more:
        camera[ExifTags.Base.UserComment] = more["comment"]
    where = written.get_ifd(ExifTags.IFD.GPSInfo)
    if gps is not None:
        where.update(gps)
    else:
        for ref, tag, side, parts in ((1, 2, sides[0], place[0]), (3, 4, sides[1], place[1])):
            where[ref] = side
            where[tag] = tuple(IFDRational(*part) if isinstance(part, tuple) else part for part in parts)
    return written


def with_app1(payload: bytes, content: bytes | None = None) -> bytes:
    """A JPEG with these very bytes as its EXIF."""
    content = content or jpeg()
    body = b"Exif\0\0" + payload
    return content[:2] + struct.pack(">BBH", 0xFF, 0xE1, len(body) + 2) + body + content[2:]


def looping_exif() -> bytes:
    """Its camera and its place are the directory itself, and so is the next one."""
    entries = [struct.pack("<HHII", tag, 4, 1, 8) for tag in (0x8769, 0x8825)]
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + b"".join(entries) + struct.pack("<I", 8)


def segments(content: bytes) -> list[int]:
    """The markers of a JPEG in their order, and nothing may follow its end."""
    place, found = 2, [content[1]]
    while True:
        assert content[place] == 0xFF
        marker = content[place + 1]
        found.append(marker)
        if marker == 0xDA:
            break
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    assert content.endswith(b"\xff\xd9")
    assert content.count(b"\xff\xd9", place) == 1
    return found


def placed_exif(*place: tuple[int, int, bytes]) -> bytes:
    """EXIF that holds a place alone, of entries (tag, type, bytes) as they are given."""
    sizes = {2: 1, 3: 2, 5: 8, 7: 1, 12: 8}
    begins = 26  # behind the header and a directory of one entry
    entries, behind = [], b""
    free = begins + 2 + 12 * len(place) + 4
    for tag, kind, content in place:
        value = content.ljust(4, b"\0") if len(content) <= 4 else struct.pack("<I", free + len(behind))
        behind += content if len(content) > 4 else b""
        entries.append(struct.pack("<HHI", tag, kind, len(content) // sizes[kind]) + value)
    main = struct.pack("<HHHIII", 1, 0x8825, 4, 1, begins, 0)
    return b"II*\0" + struct.pack("<I", 8) + main + struct.pack("<H", len(place)) + b"".join(entries) + bytes(4) + behind


def shown(content):
    return Image.open(io.BytesIO(content))


def near(a, b, *, within=6):
    return all(abs(one - other) <= within for one, other in zip(a, b, strict=True))


def plate(words, *, size=(640, 480)):
    picture = scene(size=size).copy()
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0.40 * size[0], 0.60 * size[1], 0.60 * size[0], 0.70 * size[1]), fill="white")
    draw.text((0.41 * size[0], 0.62 * size[1]), words, fill="black", font_size=0.04 * size[1])
    return picture


PLATE = Box(0.40, 0.60, 0.20, 0.10)
PLAIN = [0xD8, 0xE0, 0xDB, 0xDB, 0xC0, 0xC4, 0xC4, 0xC4, 0xC4, 0xDA]  # JFIF, tables, frame, scan
SMALL = jpeg(scene(size=(64, 48)))
