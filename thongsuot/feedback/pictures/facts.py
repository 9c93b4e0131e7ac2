"""What a photograph says of itself: size, place, instant, and whether somebody should look twice. Hints, never proofs."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image

from thongsuot.feedback.pictures.opening import Source, exif_of, opened, orientation_of
from thongsuot.kernel.working_time import VIET_NAM


class Sign(StrEnum):
    """Why a person should look twice at a picture. None of them refuses it: honest photographs show them too."""

    EDITED = "edited"
    MADE_BY_MACHINE = "made_by_machine"
    SCREENSHOT = "screenshot"
    FROM_THE_NET = "from_the_net"
    NO_CAMERA = "no_camera"


SIGN_WORDS = {
    Sign.EDITED: _("Ảnh có thể đã được sửa bằng phần mềm. Hãy xem kỹ trước khi dùng."),
    Sign.MADE_BY_MACHINE: _("Ảnh có dấu hiệu do máy tạo ra. Hãy hỏi lại người gửi."),
    Sign.SCREENSHOT: _("Ảnh có thể là ảnh chụp màn hình. Hãy hỏi ảnh gốc nếu cần."),
    Sign.FROM_THE_NET: _("Ảnh có thể lấy từ mạng xã hội. Hãy đối chiếu với nơi được phản ánh."),
    Sign.NO_CAMERA: _("Ảnh không ghi thông tin của máy ảnh. Nhiều ứng dụng nhắn tin cũng xóa thông tin này."),
}


@dataclass(frozen=True)
class Position:
    """Degrees, WGS 84, as the camera wrote them."""

    latitude: float
    longitude: float


@dataclass(frozen=True, kw_only=True)
class PhotoFacts:
    """What is not written, or cannot be true, is None. The camera's make, model and numbers are never taken out.

    width, height   of the upright picture
    orientation     1 to 8, as EXIF counts
    taken           when the shutter opened; without an offset in the picture, Vietnamese time is meant
    taken_offset    whether the picture itself says which time is meant
    software        an editor that is known by name; never the phone's own
    """

    width: int
    height: int
    orientation: int = 1
    position: Position | None = None
    taken: datetime | None = None
    taken_offset: bool = False
    software: str = ""
    signs: tuple[Sign, ...] = ()


# Phones write their own program's version as software: only what edits is a sign.
_EDITORS = (
    *("Photoshop", "Lightroom", "Snapseed", "PicsArt", "Canva", "GIMP", "Facetune", "Meitu", "BeautyPlus", "BeautyCam", "B612"),
    *(
        "CapCut",
        "Pixlr",
        "Polarr",
        "VSCO",
        "Remini",
        "PhotoScape",
        "Paint.NET",
        "Affinity",
        "Pixelmator",
        "Photopea",
        "Inkscape",
    ),
    *(
        "Krita",
        "FotoJet",
        "InShot",
        "YouCam",
        "Ulike",
        "Foodie",
        "SODA",
        "Fotor",
        "Picsart",
        "Luminar",
        "darktable",
        "ImageMagick",
    ),
)
_EDITOR = re.compile(r"(?<![A-Za-z])(" + "|".join(re.escape(name) for name in _EDITORS) + r")(?![a-z])", re.IGNORECASE)
_MACHINES = re.compile(
    rb"trainedAlgorithmicMedia|compositeWithTrainedAlgorithmicMedia|midjourney|dall-?e\b|stable.diffusion|firefly",
    re.IGNORECASE,
)
_EDIT_MARKS = re.compile(rb"photoshop:History|xmpMM:History|stEvt:softwareAgent|crs:HasSettings", re.IGNORECASE)
_NET_MARKS = re.compile(rb"FBMD[0-9a-f]{8}")  # written into every picture that one network hands out
_SCREEN = re.compile(r"screen ?shot|ảnh chụp màn hình", re.IGNORECASE)
_CAMERA = (
    ExifTags.Base.ExposureTime,
    ExifTags.Base.FNumber,
    ExifTags.Base.ISOSpeedRatings,
    ExifTags.Base.FocalLength,
)
_MOMENT = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")
_FIRST_YEAR = 1995  # of digital cameras that wrote it; a clock that was never set begins before or at 0000
_LOOKED_AT = 2**18  # bytes of XMP and the like


def read_photo(source: Source) -> PhotoFacts:
    """What is written about the picture; its pixels are not decoded.

    Facts that are broken, cut off, of a wrong type or circular are facts that are not there. Some 0.3 ms for a photograph.
    Raises FileTypeRefused, FileBroken, FileUnsafe.
    """
    with opened(source) as picture:
        main, exif, gps = _directories(picture)
        orientation = orientation_of(picture)
        width, height = picture.size if orientation < 5 else picture.size[::-1]
        taken, offset = _taken(exif)
        software, signs = _signs(picture, main, exif)
        return PhotoFacts(
            width=width,
            height=height,
            orientation=orientation,
            position=_position(gps),
            taken=taken,
            taken_offset=offset,
            software=software,
            signs=signs,
        )


Directory = dict[int, Any]


def _directories(picture: Image.Image) -> tuple[Directory, Directory, Directory]:
    """The picture's own, the camera's and the place's. Each is read alone: a broken one takes none of the others along."""
    found: list[Directory] = [{}, {}, {}]
    with suppress(Exception):  # whatever a reader of hostile bytes may raise
        exif = exif_of(picture)
        found[0] = {tag: exif.get(tag) for tag in (ExifTags.Base.Software, ExifTags.Base.Make)}
        for place, which in ((1, ExifTags.IFD.Exif), (2, ExifTags.IFD.GPSInfo)):
            with suppress(Exception):
                found[place] = dict(exif.get_ifd(which))
    return found[0], found[1], found[2]


def _position(gps: Directory) -> Position | None:
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "NS", 90)
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "EW", 180)
    # Void: the receiver says that it knows nothing. Nought and nought, in the sea: what is written without a fix.
    if (
        latitude is None
        or longitude is None
        or (latitude, longitude) == (0, 0)
        or _text(gps.get(ExifTags.GPS.GPSStatus)) == "V"
    ):
        return None
    return Position(latitude, longitude)


def _degrees(parts: Any, towards: Any, sides: str, most: int) -> float | None:
    side = _text(towards)[:1].upper()
    if side not in tuple(sides) or not isinstance(parts, tuple | list) or not 1 <= len(parts) <= 3:
        return None
    try:
        degrees, minutes, seconds = (*(float(part) for part in parts), 0.0, 0.0)[:3]
    except (TypeError, ValueError, ArithmeticError):
        return None
    # Not "< 0 or > 60": a rational over nought is no number, and compares as neither.
    if not (0 <= degrees <= most and 0 <= minutes < 60 and 0 <= seconds <= 60):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or value > most:
        return None
    return round(value if side == sides[0] else -value, 6)


def _taken(exif: Directory) -> tuple[datetime | None, bool]:
    """Only the instant of the shutter: the other dates in a picture are those of copying and editing it."""
    if not (moment := _MOMENT.fullmatch(_text(exif.get(ExifTags.Base.DateTimeOriginal)))):
        return None, False
    zone: tzinfo = VIET_NAM
    given = False
    if offset := _OFFSET.fullmatch(_text(exif.get(ExifTags.Base.OffsetTimeOriginal))):
        away = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        if away <= timedelta(hours=14) and int(offset[3]) < 60:
            zone, given = timezone(away if offset[1] == "+" else -away), True
    try:
        taken = datetime(*(int(part) for part in moment.groups()), tzinfo=zone)  # type: ignore[arg-type,misc]  # six numbers
    except ValueError:
        return None, False
    return (taken, given) if taken.year >= _FIRST_YEAR else (None, False)


def _signs(picture: Image.Image, main: Directory, exif: Directory) -> tuple[str, tuple[Sign, ...]]:
    software = _text(main.get(ExifTags.Base.Software))
    words = {str(name): value for name, value in picture.info.items() if isinstance(value, str)}
    packets = b"".join(_bytes(picture.info.get(name))[:_LOOKED_AT] for name in ("xmp", "parameters", "Software", "Description"))
    editor = _EDITOR.search(software) or _EDITOR.search(words.get("Software", ""))
    editor = editor or _EDITOR.search(packets.decode("utf-8", "replace"))
    segments = b"".join(_bytes(content)[:_LOOKED_AT] for _name, content in getattr(picture, "applist", []))
    camera = bool(_text(main.get(ExifTags.Base.Make))) or any(tag in exif for tag in _CAMERA)
    comment = _text(exif.get(ExifTags.Base.UserComment))
    found = {
        Sign.EDITED: bool(editor or _EDIT_MARKS.search(packets)),
        Sign.MADE_BY_MACHINE: bool(_MACHINES.search(packets + segments) or "parameters" in words),
        Sign.SCREENSHOT: bool(_SCREEN.search(comment) or _SCREEN.search(software)) or (picture.format == "PNG" and not camera),
        Sign.FROM_THE_NET: bool(_NET_MARKS.search(segments)),
        Sign.NO_CAMERA: not camera,
    }
    name = next((one for one in _EDITORS if editor and one.lower() == editor[1].lower()), "")
    return name, tuple(sign for sign, there in found.items() if there)


def _text(value: Any) -> str:
    """A value that should be words: whatever else it is, is none."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return value.strip("\0 \t\r\n")[:200] if isinstance(value, str) else ""


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "replace") if isinstance(value, str) else b""
