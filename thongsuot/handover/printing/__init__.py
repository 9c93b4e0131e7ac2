"""Papers of a handover: minutes with their annexes, labels of boxes and things. Always Vietnamese; equal facts, equal bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from django.utils import timezone, translation

from thongsuot.kernel import text, typeset

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Label:
    """What stands on a box or a thing. `code` is what a scanner reads, as QR and in letters."""

    code: str
    title: str
    lines: tuple[str, ...]


def minutes_pdf(content: dict[str, Any], *, place: str, note: str, city: str, made_at: datetime) -> bytes:
    """`content` of queries.minutes; the last page has three places for signatures, where actions.minutes.PLACES says."""
    day = timezone.localtime(made_at).date()
    month = f"{day.month:02}" if day.month < 3 else str(day.month)  # so that no digit can be written in front
    with translation.override("vi"):
        data = {
            "content": _clean(content),
            "place": text.nfc(place),
            "note": text.nfc(note),
            "city": text.nfc(city),
            "made": f"{text.nfc(place)}, ngày {day.day:02} tháng {month} năm {day.year}",
        }
        return typeset.pdf(_FOLDER / "minutes.typ", data, made_at=made_at)


def labels_pdf(labels: Sequence[Label], *, title: str, made_at: datetime) -> bytes:
    """Labels on A4, two across and seven down: 99.1 x 38.1 mm, the sheets offices buy."""
    rows = [
        {
            "code": one.code,
            "title": text.nfc(one.title),
            "lines": [text.nfc(line) for line in one.lines if line],
            "qr": _qr(one.code),
        }
        for one in labels
    ]
    with translation.override("vi"):
        return typeset.pdf(_FOLDER / "labels.typ", {"labels": rows, "title": text.nfc(title)}, made_at=made_at)


def _qr(code: str) -> str:
    drawing = io.BytesIO()
    segno.make_qr(code, error="q").save(drawing, kind="svg", border=0, xmldecl=False)
    return drawing.getvalue().decode()


def _clean(value: Any) -> Any:
    """As the template reads it: sums are words, texts carry no marks that turn letters round."""
    match value:
        case dict():
            return {
                key: (text.dong(part).replace(" ", "\N{NO-BREAK SPACE}") if part is not None else "")
                if key.endswith("_dong")
                else _clean(part)
                for key, part in value.items()
            }
        case list() | tuple():
            return [_clean(part) for part in value]
        case str():
            return text.nfc(value)
    return value
