"""Pictures of signatures and seals for a demo city, drawn here and marked MẪU: nobody's hand, no body's seal."""

from __future__ import annotations

import math
import random
from io import BytesIO

from PIL import Image, ImageDraw

from thongsuot.kernel.text import search_key

_BLUE, _RED = (22, 53, 168, 255), (200, 24, 24, 255)


def handwriting(name: str) -> bytes:
    """A blue scribble that is the same for the same name, as a transparent PNG."""
    chance = random.Random(search_key(name))  # noqa: S311 - a drawing, not a secret
    picture = Image.new("RGBA", (600, 256), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    x, y, points = 40.0, 150.0, []
    for stroke in range(7):
        height, width = chance.uniform(40, 95), chance.uniform(35, 80)
        for step in range(24):
            turn = step / 24 * 2 * math.pi
            points.append((x + width * step / 24 + 14 * math.sin(turn * 2), y - height * math.sin(turn) * (1 - stroke / 12)))
        x += width
    points += [(x + step * 3, y + 24 - step * 1.2 + 10 * math.sin(step / 5)) for step in range(30)]
    draw.line(points, fill=_BLUE, width=7, joint="curve")
    draw.text((250, 206), "MAU - TEST", fill=_BLUE, font_size=34)
    return _png(picture)


def seal() -> bytes:
    """Two red rings, a star and MẪU, as a transparent PNG: looks like a seal and is none."""
    side = 480
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((8, 8, side - 8, side - 8), outline=_RED, width=10)
    draw.ellipse((70, 70, side - 70, side - 70), outline=_RED, width=5)
    middle, points = side / 2, []
    for corner in range(10):
        reach = 70 if corner % 2 == 0 else 28
        turn = math.pi / 5 * corner - math.pi / 2
        points.append((middle + reach * math.cos(turn), middle - 40 + reach * math.sin(turn)))
    draw.polygon(points, fill=_RED)
    draw.text((middle, middle + 70), "MAU - TEST", fill=_RED, font_size=46, anchor="mm")
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, format="PNG", optimize=True)
    return out.getvalue()
