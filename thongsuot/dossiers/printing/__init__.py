"""Printed forms of a dossier: `render(meaning, facts, form)` gives a PDF.

Templates (`*.typ`) are keyed by meaning and know no law; number, title and regulation come from `form_for(meaning, on=...)`.
A dossier keeps the forms of its reception date.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import segno
from django.utils import timezone, translation

from thongsuot.dossiers.printing.facts import FACTS_OF, Case, Facts, Meaning
from thongsuot.kernel import text, typeset

__all__ = ["FormTitle", "Meaning", "form_for", "forms", "render"]

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class FormTitle:
    """What a form is called by a regulation. `number` None: the regulation has no such form.

    checked   False where the number was not seen in the text itself: then it is not printed
    """

    meaning: Meaning
    number: int | None
    title: str
    regulation: str
    valid_from: date
    valid_to: date | None
    checked: bool

    @property
    def reference(self) -> str:
        """'Mẫu số 01, Thông tư 03/2025/TT-VPCP'; only the regulation where the number is not certain; else empty."""
        if not self.regulation or self.number is None or not self.checked:
            return self.regulation
        return f"Mẫu số {self.number:02}, {self.regulation}"


@cache
def forms() -> tuple[FormTitle, ...]:
    """All rows of `forms.csv`."""
    with (_FOLDER / "forms.csv").open(newline="", encoding="utf-8") as file:
        return tuple(
            FormTitle(
                meaning=Meaning(row["meaning"]),
                number=int(row["number"]) if row["number"] else None,
                title=row["title"],
                regulation=row["regulation"],
                valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min,
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                checked=row["checked"] == "1",
            )
            for row in csv.DictReader(file)
        )


def form_for(meaning: Meaning, *, on: date) -> FormTitle:
    """The form in force that day; for a dossier, the day of its reception."""
    return next(
        form
        for form in forms()
        if form.meaning == meaning and form.valid_from <= on and (form.valid_to is None or on < form.valid_to)
    )


def render(meaning: Meaning, facts: Facts, form: FormTitle) -> bytes:
    """The form as PDF. Equal facts give equal bytes, so a form printed again is the same document."""
    if not isinstance(facts, FACTS_OF[meaning]):
        raise TypeError(f"{meaning} is printed from {FACTS_OF[meaning].__name__}, not from {type(facts).__name__}")
    made_on = timezone.localtime(facts.made_at).date()
    case: Case | None = getattr(facts, "case", None)
    url = case.look_up_url if case is not None else getattr(facts, "scan_url", "")
    with translation.override("vi"):  # an officer who reads English still hands out Vietnamese paper
        data = {
            "facts": _printable(facts),
            "form": {"title": form.title, "reference": form.reference},
            "place_and_date": _place_and_date(facts.agency.place, made_on),
            "qr": _qr(url),
        }
    return typeset.pdf(_FOLDER / f"{meaning}.typ", data, made_at=facts.made_at)


def _printable(value: object) -> object:
    """Facts as the templates read them: instants and sums are words already, so every form writes them alike."""
    match value:
        case datetime():
            return f"{timezone.localtime(value):%H:%M\N{NO-BREAK SPACE}%d/%m/%Y}"
        case date():
            return text.day(value)
        case Enum():
            return value.value
        case str():
            return text.nfc(value)  # no mark that turns letters round survives on paper
        case tuple():
            return [_printable(part) for part in value]
        case _ if dataclasses.is_dataclass(value):
            parts = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
            return {name: _dong(part) if name.endswith("_dong") else _printable(part) for name, part in parts.items()}
    return value


def _dong(amount: int) -> str:
    return text.dong(amount).replace(" ", "\N{NO-BREAK SPACE}")


def _place_and_date(place: str, day: date) -> str:
    # Days under 10 and the months 1 and 2 carry a nought, so that no digit can be written in front (NĐ 30/2020, appendix I).
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    words = f"ngày {day.day:02} tháng {month} năm {day.year}"
    return f"{place}, {words}" if place else words


def _qr(url: str) -> Mapping[str, str] | None:
    if not url:
        return None
    address = urlsplit(url)
    drawing = io.BytesIO()
    segno.make_qr(url, error="m").save(drawing, kind="svg", border=0, xmldecl=False)
    return {"svg": drawing.getvalue().decode(), "url": url, "shown": f"{address.netloc}{address.path}".rstrip("/")}
