"""A picture that is opened within bounds. Whatever the decoder trips over is a broken picture, never a fault of ours."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from PIL import Image, JpegImagePlugin, PngImagePlugin

from thongsuot.files.inspection.refusals import FileBroken, FileTypeRefused, FileUnsafe
from thongsuot.files.rules import PHOTO_RULE

# Each tag that is broken would be one more line in the log, in words of the sender.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.TiffImagePlugin")

Source = bytes | IO[bytes]

# A JPEG is decoded at an eighth, a quarter or half of its size, so its pixels cost little memory. A PNG is decoded whole, at
# four bytes a pixel, and what makes PNG is a screen, which has fewer.
MAX_PNG_PIXELS = 25_000_000
ORIENTATION = 0x0112
# What turns a picture upright, by the orientation that is written in it.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@contextmanager
def opened(source: Source) -> Iterator[Image.Image]:
    """The first picture in it: further ones, a clip or an archive behind it, are never looked at.

    Raises FileTypeRefused, FileUnsafe, FileBroken; FileBroken also for what rises while it is decoded within.
    """
    content = io.BytesIO(source) if isinstance(source, bytes) else source
    content.seek(0)
    head = content.read(8)
    content.seek(0)
    try:
        # By its own reader, not `Image.open`: that one would follow the list of further pictures in a JPEG.
        if head.startswith(b"\xff\xd8\xff"):
            picture: Image.Image = JpegImagePlugin.JpegImageFile(content)
            most = PHOTO_RULE.max_pixels
        elif head == b"\x89PNG\r\n\x1a\n":
            picture, most = PngImagePlugin.PngImageFile(content), MAX_PNG_PIXELS
        else:
            raise FileTypeRefused(photo=True) if head else FileBroken("empty")
        if picture.width * picture.height > most:
            raise FileUnsafe("pixels")
        yield picture
    except (FileTypeRefused, FileUnsafe, FileBroken):
        raise
    # OSError: cut off; SyntaxError: Pillow's word for what is not the format; the others: values that make no sense to it.
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, EOFError) as trouble:
        raise FileBroken("image") from trouble
    except Exception as trouble:
        if type(trouble).__module__ in ("struct", "zlib"):  # their `error` has no other parent
            raise FileBroken("image") from trouble
        raise


def exif_of(picture: Image.Image) -> Image.Exif:
    """What stands before the pixels. A PNG's own `getexif` would decode all of it to look behind them too."""
    return Image.Image.getexif(picture)


def orientation_of(picture: Image.Image) -> int:
    """1 to 8; 1, upright, where nothing sensible is written."""
    try:
        found = exif_of(picture).get(ORIENTATION)
    except Exception:  # whatever a reader of hostile bytes may raise: it is only a hint
        return 1
    return found if isinstance(found, int) and found in TURNS else 1


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    return picture.transpose(TURNS[orientation]) if orientation in TURNS else picture


def flat(picture: Image.Image) -> Image.Image:
    """Eight bits a colour, nothing to look through, white behind it: L, RGB, or CMYK, which is left to its profile."""
    if picture.mode.startswith("I"):  # 16 bits of grey: cut off instead of scaled by `convert`
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if "transparency" in picture.info or picture.mode in ("LA", "PA", "RGBA", "La", "RGBa"):
        picture = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
    return picture if picture.mode in ("RGB", "CMYK", "L") else picture.convert("RGB")
