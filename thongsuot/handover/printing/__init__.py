"""Papers of a handover: minutes with annexes, the report of the last day, labels. In Vietnamese; equal facts, equal bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from thongsuot.handover.queries.last_day import LastDay, Place
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


def last_day_pdf(found: LastDay, *, names: Mapping[int, str], decision: str, city_id: int, made_at: datetime) -> bytes:
    """What `queries.last_day` found, for the head of the unit to sign. `names`: of every unit in it, and of the city."""
    with translation.override("vi"):
        data = {
            "unit": names[found.unit_id],
            "city": names[city_id],
            "decision": decision,
            "last_day": text.day(found.last_day),
            "until": text.instant(found.until),
            "is_over": found.is_over,
            "sums": {key: text.number(getattr(found, key)) for key in ("pending", "late", "uncollected", "unanswered", "open")},
            "days": [{"day": text.day(one.day), "counts": [text.number(count) for count in one.counts]} for one in found.days],
            "procedures": [
                [one.code, one.name, text.number(one.pending), text.number(one.late), text.day(timezone.localdate(one.oldest))]
                for one in found.by_procedure
            ],
            "places": [
                [place_name(one, names), *(text.number(count) for count in (one.pending, one.uncollected, one.unanswered))]
                for one in found.places
            ],
        }
        return typeset.pdf(_FOLDER / "last_day.typ", _clean(data), made_at=made_at)


def place_name(place: Place, names: Mapping[int, str]) -> str:
    """Where what was open is, or why it is nowhere yet."""
    if place.unit_id is None:
        return _("Chưa chọn nơi nhận") if place.previewed else _("Chưa xem trước chuyển giao")
    said = _("Đã chuyển về %(unit)s") if place.moved else _("Sẽ chuyển về %(unit)s")
    return said % {"unit": names[place.unit_id]}


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
