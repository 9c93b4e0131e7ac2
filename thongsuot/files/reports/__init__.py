"""Reports as PDF: `report(...)`. Always in Vietnamese: they go to people outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from thongsuot.kernel import typeset

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of a report. The first column is words, the others are numbers; `total`: the last row is the sum."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: bool = False


def report(
    *,
    above: str,
    agency: str,
    place: str,
    title: str,
    subtitle: str,
    tables: Sequence[Table],
    notes: Sequence[str],
    made_at: datetime,
    signer: str = "",
    flipped: bool = False,
) -> bytes:
    """One report in the house layout: title block, tables, notes, places of signature. Equal arguments give equal bytes."""
    day = timezone.localtime(made_at).date()
    data = {
        "above": above,
        "agency": agency,
        "place_and_date": _place_and_date(place, day),
        "title": title,
        "subtitle": subtitle,
        "tables": [
            {"title": one.title, "heads": list(one.heads), "rows": [list(row) for row in one.rows], "total": one.total}
            for one in tables
        ],
        "notes": list(notes),
        "signer": signer,
        "flipped": flipped,
    }
    return typeset.pdf(_FOLDER / "report.typ", data, made_at=made_at)


def _place_and_date(place: str, day: date) -> str:
    # Days under 10 and the months 1 and 2 carry a nought (NĐ 30/2020, appendix I).
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"{place}, ngày {day.day:02} tháng {month} năm {day.year}"
