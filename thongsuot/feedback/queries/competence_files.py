"""What a table of competences would change. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback.models import Category, Competence
from thongsuot.feedback.queries.arranging import answering_units, communes
from thongsuot.feedback.sheets import COMPETENCES
from thongsuot.files.models import StoredFile
from thongsuot.files.table_rows import judged, rows_in
from thongsuot.files.tables import TableRow
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.periods import not_over
from thongsuot.people.drafted import LONGEST_AHEAD
from thongsuot.units.queries import UnitRow
from thongsuot.web.forms import DayField

MOST_ROWS = 10_000


@dataclass(frozen=True, kw_only=True)
class CompetenceLine:
    """`now`: who answers there on that day without this table; `same`: it changes nothing."""

    category_id: int
    category: str
    place_id: int | None
    place: str
    handler_id: int | None
    handler: str
    basis: str
    valid_from: date
    now: str
    same: bool


@dataclass(frozen=True, kw_only=True)
class CompetencePlan:
    lines: list[CompetenceLine]

    @property
    def new(self) -> list[CompetenceLine]:
        return [line for line in self.lines if not line.same]

    @property
    def figures(self) -> dict[str, int]:
        new = self.new
        return {
            "rows": len(self.lines),
            "changed": len(new),
            "same": len(self.lines) - len(new),
            "categories": len({line.category_id for line in new}),
        }


def competence_plan(stored: StoredFile, *, city_id: int, valid_from: date, at: datetime) -> CompetencePlan:
    """Five queries and one for each day that rows name. Raises RowsRefused, NotATable."""
    today = timezone.localdate(at)
    categories = {row.code: row for row in Category.objects.filter(city_id=city_id)}
    known: dict[tuple[int, int | None], list[Competence]] = {}
    for row in Competence.objects.filter(not_over(today), city_id=city_id).order_by("valid_from"):
        known.setdefault((row.category_id, row.place_unit_id), []).append(row)
    seen: dict[tuple[int, int | None, date], int] = {}
    here = _Here(city_id)

    def line_of(row: TableRow) -> CompetenceLine:
        cells, problems = row.cells, dict[str, str]()
        day = _day(cells.get("from", ""), valid_from, today, problems)
        category = categories.get(cells.get("category", ""))
        if category is None:
            problems["category"] = _("Không có lĩnh vực mang mã này. Hãy xem lại ở trang Lĩnh vực phản ánh.")
        place = here.commune(cells.get("place", ""), day, problems)
        handler = here.answering(cells.get("handler", ""), day, problems)
        basis = cells.get("basis", "")
        if not basis or len(basis) > 200:
            problems["basis"] = _("Hãy ghi căn cứ, nhiều nhất 200 ký tự: văn bản nào giao việc này.")
        if problems or category is None:
            raise BadInput(problems)
        place_id, handler_id = place.id if place else None, handler.id if handler else None
        if (first := seen.setdefault((category.pk, place_id, day), row.place)) != row.place:
            raise BadInput({"category": _("Trùng với dòng %(line)s. Hãy giữ một dòng.") % {"line": first}})
        now = next((one for one in reversed(known.get((category.pk, place_id), [])) if _holds(one, day)), None)
        names = here.names(day)
        return CompetenceLine(
            category_id=category.pk,
            category=category.name,
            place_id=place_id,
            place=place.full_name if place else "",
            handler_id=handler_id,
            handler=handler.full_name if handler else "",
            basis=basis,
            valid_from=day,
            now=_now_words(now, names),
            same=now is not None and now.handler_id == handler_id and now.basis == basis,
        )

    return CompetencePlan(lines=judged(rows_in(stored, COMPETENCES, most_rows=MOST_ROWS), COMPETENCES, line_of))


class _Here:
    """Units of the city by their codes, on the days that rows name."""

    def __init__(self, city_id: int) -> None:
        self.city_id = city_id
        self._communes: dict[date, dict[str, UnitRow]] = {}
        self._answering: dict[date, dict[str, UnitRow]] = {}

    def commune(self, code: str, day: date, problems: dict[str, str]) -> UnitRow | None:
        if day not in self._communes:
            self._communes[day] = {row.code: row for row in communes(self.city_id, on=day).values()}
        return _named(code, self._communes[day], "place", problems)

    def answering(self, code: str, day: date, problems: dict[str, str]) -> UnitRow | None:
        if day not in self._answering:
            self._answering[day] = {row.code: row for row in answering_units(self.city_id, on=day)}
        return _named(code, self._answering[day], "handler", problems)

    def names(self, day: date) -> dict[int, str]:
        return {row.id: row.full_name for row in self._answering[day].values()}


def _named(code: str, rows: Mapping[str, UnitRow], field: str, problems: dict[str, str]) -> UnitRow | None:
    found = rows.get(code)
    if code and found is None:
        problems[field] = _("Không có đơn vị mang mã này trong thành phố vào ngày ấy. Hãy xem lại mã.")
    return found


def _day(text: str, usual: date, today: date, problems: dict[str, str]) -> date:
    if not text:
        return usual
    try:
        day = DayField().to_python(text)
    except ValidationError as wrong:
        problems["from"] = " ".join(wrong.messages)
        return usual
    if day is None or not today <= day <= today + LONGEST_AHEAD:
        problems["from"] = _("Ngày phải từ hôm nay và trong một năm tới. Hãy xem lại.")
        return usual
    return day


def _holds(row: Competence, day: date) -> bool:
    return row.valid_from <= day and not row.is_past(day)


def _now_words(row: Competence | None, names: Mapping[int, str]) -> str:
    if row is None:
        return _("Theo mức chung") if names else ""
    if row.handler_id is None:
        return _("Đơn vị nơi xảy ra")
    return names.get(row.handler_id, _("Đơn vị đã kết thúc"))
