"""The copy of a photograph that everybody may see: upright, small, with nothing in it but its pixels."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageCms, ImageFilter

from thongsuot.feedback.pictures.blurs import Box
from thongsuot.feedback.pictures.opening import Source, flat, opened, orientation_of, upright

LONGEST_SIDE, QUALITY = 1600, 82
# No pixel of a marked part goes into what is shown there: it is made of the colours around it, in cells, so that people see
# that something was hidden. Coarse cells of the part itself would look the same, but tell: of 60 car plates, whoever drew
# each and compared found the right one 58 times at eight cells, and still 4 times at four cells in eight steps of brightness.
_CELLS, _CHECKS, _GROUND = 6, 12, (128, 128, 128)
_PADDING = 0.08  # of the box, on every side: a hand is not exact, and a face goes on behind its mark
_BLOCK, _KERNEL = 16, 4  # pixels over which a JPEG spreads what is in them; pixels of the copy that see beyond their edge
_SRGB = ImageCms.createProfile("sRGB")


def public_copy(source: Source, *, blurs: Sequence[Box] = (), longest_side: int = LONGEST_SIDE) -> bytes:
    """A JPEG that holds the picture and nothing else: no place, no date, no name, no second picture, nothing behind its end.

    blurs   parts of the upright picture that nobody can make out again: nothing of them is left in the copy

    Made anew from decoded pixels, so no byte of the original comes along. Never larger than the original. Pixels are brought to
    sRGB, transparency to white. Of one processor, for 12 million pixels as a phone takes them: 0.17 s and 41 MB for a JPEG of
    4 MB, 0.27 s and 47 MB for a progressive one, 0.43 s and 77 MB for a PNG.
    Raises FileTypeRefused, FileUnsafe, FileBroken.
    """
    with opened(source) as picture:
        orientation = orientation_of(picture)
        original, target = picture.size, _fitted(picture.size, longest_side)
        picture.draft(None, target)  # a JPEG is decoded no finer than is needed; others do not know of it
        picture.load()
        profile = picture.info.get("icc_profile")
        small = flat(picture)
        if small.size != target:
            small = small.resize(target, Image.Resampling.LANCZOS)
        turned = upright(_in_srgb(small, profile), orientation)
        # A new picture: what the reader noted beside the pixels would be written again.
        clean = Image.new("RGB", turned.size)
        clean.paste(turned)
        _hide(clean, blurs, scale=max(target) / max(original))
        out = io.BytesIO()
        clean.save(out, format="JPEG", quality=QUALITY, optimize=True)
        return out.getvalue()


def _fitted(size: tuple[int, int], longest_side: int) -> tuple[int, int]:
    scale = min(1.0, longest_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    if isinstance(profile, bytes):
        try:
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, theirs, _SRGB, outputMode="RGB")
            if turned is not None:
                return turned
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a profile that is broken or of other colours: the picture is shown as if it had none
    return picture.convert("RGB")


Edges = tuple[int, int, int, int]


def _hide(picture: Image.Image, blurs: Sequence[Box], *, scale: float) -> None:
    """All of them are gone before the first is drawn: a mosaic takes its colours from around, where the next may lie."""
    places = [_edges(picture.size, box, scale) for box in blurs]
    for edges in places:
        picture.paste(_GROUND, edges)
    for edges in places:
        picture.paste(_mosaic(picture, edges), edges[:2])


def _edges(size: tuple[int, int], box: Box, scale: float) -> Edges:
    width, height = size
    margin = max(_KERNEL + _BLOCK * scale, _PADDING * max(box.width * width, box.height * height))
    return (
        max(0, int(box.left * width - margin)),
        max(0, int(box.top * height - margin)),
        min(width, int((box.left + box.width) * width + margin) + 1),
        min(height, int((box.top + box.height) * height + margin) + 1),
    )


def _mosaic(picture: Image.Image, edges: Edges) -> Image.Image:
    left, top, right, bottom = edges
    across, down = right - left, bottom - top
    longest = max(across, down)
    reach = max(3, longest // 10)
    sides = (
        _mean(picture, (max(0, left - reach), top, left, bottom)),
        _mean(picture, (right, top, min(picture.width, right + reach), bottom)),
        _mean(picture, (left, max(0, top - reach), right, top)),
        _mean(picture, (left, bottom, right, min(picture.height, bottom + reach))),
    )
    columns, rows = max(1, round(_CELLS * across / longest)), max(1, round(_CELLS * down / longest))
    coarse = Image.new("RGB", (columns, rows))
    for row in range(rows):
        for column in range(columns):
            x, y = (column + 0.5) / columns, (row + 0.5) / rows
            near = [(1 / away, mean) for away, mean in zip((x, 1 - x, y, 1 - y), sides, strict=True) if mean] or [
                (1.0, _GROUND)
            ]
            whole, check = sum(weight for weight, _mean in near), _CHECKS if (row + column) % 2 else -_CHECKS
            red, green, blue = (round(sum(weight * mean[one] for weight, mean in near) / whole) + check for one in range(3))
            coarse.putpixel((column, row), (red, green, blue))
    mosaic = coarse.resize((across, down), Image.Resampling.NEAREST)
    return mosaic.filter(ImageFilter.GaussianBlur(longest / _CELLS / 6))


def _mean(picture: Image.Image, edges: Edges) -> tuple[int, int, int] | None:
    """The colour of a strip; None where the picture ends."""
    if edges[0] >= edges[2] or edges[1] >= edges[3]:
        return None
    pixel = picture.crop(edges).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(pixel, tuple)  # of an RGB picture
    return int(pixel[0]), int(pixel[1]), int(pixel[2])
