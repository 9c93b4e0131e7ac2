"""Where to file: the visitor's words are read as an old or new address; several answers are asked, never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from thongsuot.dossiers.forms.drafts import PlaceForm
from thongsuot.kernel.errors import BadInput
from thongsuot.procedures import queries as procedures
from thongsuot.units import finding
from thongsuot.units import queries as units

ASKED, NAMED = "noi", "don-vi"
COOKIE = "noi_nop"  # where this browser filed last; ends with the browser


@dataclass(frozen=True, kw_only=True)
class Places:
    """The units that resolve the procedure on the day, and what was found for the words of the visitor.

    asked   the words; empty when nothing was asked
    remark  why they could not be read, as a sentence
    """

    rows: list[units.UnitRow]
    asked: str
    found: finding.Found | None
    remark: str

    @property
    def only(self) -> units.UnitRow | None:
        """The one place there is: nothing to choose."""
        return self.rows[0] if len(self.rows) == 1 else None

    @property
    def candidates(self) -> list[finding.Candidate]:
        """What was found and takes the procedure."""
        mine = {row.id for row in self.rows}
        return [one for one in self.found.candidates if one.unit.id in mine] if self.found else []

    @property
    def elsewhere(self) -> list[finding.Candidate]:
        """What was found and does not take it: another city's, or a unit without the competence."""
        mine = {row.id for row in self.rows}
        return [one for one in self.found.candidates if one.unit.id not in mine] if self.found else []

    def form(self, data: object = None, *, chosen: int | None = None) -> PlaceForm:
        """Boxes for what was found, else the whole list with `chosen` set."""
        if self.candidates:
            places = [(one.unit.code, one.unit.full_name) for one in self.candidates]
            sure = places[0][0] if len(places) == 1 else None
            hints = {one.unit.code: _hint(one) for one in self.candidates}
            return PlaceForm(data, places=places, hints=hints, initial={"unit": sure})
        return PlaceForm(
            data,
            places=[(row.code, row.full_name) for row in self.rows],
            initial={"unit": next((row.code for row in self.rows if row.id == chosen), None)},
        )

    def remembered(self, request: HttpRequest) -> int | None:
        """The unit the address names (`?don-vi=`), else where this browser filed last; None when it does not take this."""
        code = request.GET.get(NAMED) or request.COOKIES.get(COOKIE, "")
        return next((row.id for row in self.rows if row.code == code), None)

    def id_of(self, code: str) -> int:
        return next(row.id for row in self.rows if row.code == code)


def places(request: HttpRequest, version: procedures.VersionView, *, on: date) -> Places:
    """Read the address the visitor asked for (`?noi=`) against the units that resolve the procedure."""
    ids = procedures.competent_unit_ids(version.code, city_id=units.default_city(as_of=on).id, on=on)
    rows = sorted(units.unit_rows(ids, as_of=on).values(), key=lambda row: (row.sort_name, row.kind))
    asked = request.GET.get(ASKED, "").strip()
    found, remark = None, ""
    if asked:
        try:
            found = finding.find(asked, as_of=on)
        except BadInput as refusal:
            remark = " ".join(refusal.problems.values())
    return Places(rows=rows, asked=asked, found=found, remark=remark)


def remember(response: HttpResponse, code: str) -> None:
    response.set_cookie(COOKIE, code, httponly=True, samesite="Lax", secure=settings.TLS)


def _hint(one: finding.Candidate) -> str:
    """Why this unit is an answer."""
    named = [read for read in one.read_as if read.unit.id != one.unit.id]
    if not named:
        return _("Đơn vị hiện nay bạn đã ghi")
    places = "; ".join(", ".join([read.unit.full_name, *read.within.split(", ")[:1]]).rstrip(", ") for read in named)
    words = _("Toàn bộ %(places)s cũ") if one.extent == "whole" else _("Một phần %(places)s cũ")
    return words % {"places": places}
