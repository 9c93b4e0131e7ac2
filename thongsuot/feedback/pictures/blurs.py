"""What a person marked to be made unrecognisable, and the form it comes in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from thongsuot.kernel.errors import TellPerson

MOST_BOXES, _MOST_LINES = 40, 80
SIDES = ("left", "top", "width", "height")
_SLACK = 0.0015  # what rounding to tenths of a per cent may put outside


@dataclass(frozen=True)
class Box:
    """A part of the upright picture, as fractions of its width and height."""

    left: float
    top: float
    width: float
    height: float

    def __post_init__(self) -> None:
        inside = self.left >= 0 and self.top >= 0 and self.left + self.width <= 1 and self.top + self.height <= 1
        if not (inside and self.width > 0 and self.height > 0):
            raise ValueError(f"not within the picture: {self}")


class BlurNotUsable(TellPerson):
    """What was typed marks no part of the picture. `number` is the row on the page, from 1."""

    code = "feedback.blur_not_usable"
    status = 422

    def __init__(self, what: str, number: int = 0) -> None:
        self.what = what  # many, number, incomplete, outside, empty
        self.number = number

    def message(self) -> str:
        match self.what:
            case "many":
                return _("Chỉ che được tối đa %(most)s vùng. Hãy gộp các vùng ở gần nhau thành một vùng lớn hơn.") % {
                    "most": MOST_BOXES
                }
            case "incomplete":
                text = _("Vùng %(number)s còn thiếu số. Hãy điền đủ bốn ô, hoặc để trống cả bốn ô.")
            case "outside":
                text = _("Vùng %(number)s nằm ngoài ảnh. Trái cộng rộng, trên cộng cao không được quá 100.")
            case "empty":
                text = _("Vùng %(number)s không có diện tích. Rộng và cao phải lớn hơn 0.")
            case _other:
                text = _("Vùng %(number)s có ô không phải là số. Hãy điền số từ 0 đến 100.")
        return text % {"number": self.number}

    def details(self) -> dict[str, object]:
        return {"what": self.what, "number": self.number}


class Posted(Protocol):
    """`request.POST`."""

    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True)
class Row:
    """One line of the form as it is shown: in per cent, as it was typed."""

    left: str = ""
    top: str = ""
    width: str = ""
    height: str = ""


def rows_of(shown: Sequence[Box] | Posted, *, prefix: str = "blur") -> list[Row]:
    """Lines for the form: what is marked already or was typed just now, and an empty one for what comes next."""
    if isinstance(shown, Sequence):
        rows = [Row(*(_percent(getattr(box, side)) for side in SIDES)) for box in shown]
    else:
        rows = [Row(*typed) for typed in _typed(shown, prefix) if any(typed)]
    return [*rows, Row()][: MOST_BOXES + 1]


def blurs_from(posted: Posted, *, prefix: str = "blur") -> list[Box]:
    """The marked parts, in their order on the page; lines that are empty are none. Raises BlurNotUsable."""
    boxes: list[Box] = []
    if any(len(posted.getlist(f"{prefix}-{side}")) > _MOST_LINES for side in SIDES):
        raise BlurNotUsable("many")  # never a box that is dropped unseen
    for number, typed in enumerate(_typed(posted, prefix), start=1):
        if not any(typed):
            continue
        if len(boxes) == MOST_BOXES:
            raise BlurNotUsable("many")
        if not all(typed):
            raise BlurNotUsable("incomplete", number)
        left, top, width, height = (_fraction(value, number) for value in typed)
        if not (0 <= left <= 1 and 0 <= top <= 1) or left + width > 1 + _SLACK or top + height > 1 + _SLACK:
            raise BlurNotUsable("outside", number)
        width, height = min(width, 1 - left), min(height, 1 - top)
        if width <= 0 or height <= 0:
            raise BlurNotUsable("empty", number)
        boxes.append(Box(left, top, width, height))
    return boxes


def _typed(posted: Posted, prefix: str) -> list[list[str]]:
    columns = [[value.strip()[:20] for value in posted.getlist(f"{prefix}-{side}")[:_MOST_LINES]] for side in SIDES]
    longest = max(len(column) for column in columns)
    return [[column[place] if place < len(column) else "" for column in columns] for place in range(longest)]


def _fraction(value: str, number: int) -> float:
    try:
        percent = float(value.removesuffix("%").replace(",", "."))
    except ValueError:
        raise BlurNotUsable("number", number) from None
    if not math.isfinite(percent):
        raise BlurNotUsable("number", number)
    return percent / 100


def _percent(fraction: float) -> str:
    return f"{fraction * 100:.1f}".removesuffix(".0")
