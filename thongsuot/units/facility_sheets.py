"""Facilities as a CSV file, a line each: read into facts, with a sentence for each line nobody could use."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.utils.translation import gettext as _

from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import one_line, search_key
from thongsuot.units import queries
from thongsuot.units.actions.facilities import checked
from thongsuot.units.facts import FacilityDetailsFact, FacilityFact
from thongsuot.units.heirs import Clue, Heirs
from thongsuot.units.models import Facility, Unit
from thongsuot.units.queries.facilities import communes_on
from thongsuot.units.sheets import BadLine

COLUMNS = (
    "code",
    "name",
    "kind",
    "unit_code",
    "old_code",
    "parent_code",
    "address",
    "opening_hours",
    "phone",
    "latitude",
    "longitude",
    "valid_from",
)
_NEEDED = ("code", "name", "valid_from")
MOST_BYTES, MOST_LINES = 5 * 2**20, 20_000
_KINDS = {
    **{search_key(str(label)): kind for kind, label in Facility.Kind.choices},
    **{search_key(kind): kind for kind in Facility.Kind.values},
    "": Facility.Kind.HEALTH_STATION.value,
}


@dataclass(kw_only=True)
class FacilitySheet:
    """What a file says: facilities not in the register yet, those that are there, and the lines nobody could use."""

    facts: list[FacilityFact] = field(default_factory=list)
    known: int = 0
    bad: list[BadLine] = field(default_factory=list)
    lines: int = 0


def read(content: bytes, *, city_id: int) -> FacilitySheet:
    """`unit_code` is of the unit on `valid_from`; `old_code` of a unit that ended by then: its successor is meant.

    Raises BadInput when it is no such file.
    """
    if len(content) > MOST_BYTES:
        raise BadInput({"file": _("Tệp lớn quá %(most)s MB. Hãy tách thành nhiều tệp.") % {"most": MOST_BYTES // 2**20}})
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        missing = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
        if missing:
            raise BadInput({"file": _("Tệp thiếu cột: %(columns)s. Hãy dùng tệp mẫu.") % {"columns": ", ".join(missing)}})
        return _Reader(city_id).read(
            [{key: one_line(value or "") for key, value in row.items() if isinstance(key, str)} for row in rows]
        )
    except (UnicodeDecodeError, csv.Error):
        raise BadInput({"file": _("Tệp không phải CSV bằng UTF-8. Hãy lưu lại từ bảng tính dưới dạng CSV UTF-8.")}) from None


class _Reader:
    def __init__(self, city_id: int) -> None:
        self.city_id = city_id
        self.units = cache(self._units)
        self.ended = cache(self._ended)
        self.heirs = cache(Heirs)

    def _units(self, day: date) -> dict[str, int]:
        return communes_on(self.city_id, day)

    def _ended(self, day: date) -> dict[str, int]:
        """{code: unit} of those that had ended by that day, the latest bearer of each code."""
        found = Unit.objects.filter(level=Unit.Level.COMMUNE, valid_to__lte=day).order_by("valid_to")
        return dict(found.values_list("code", "pk"))

    def read(self, rows: list[dict[str, str]]) -> FacilitySheet:
        if len(rows) > MOST_LINES:
            raise BadInput({"file": _("Tệp có quá %(most)s dòng. Hãy tách thành nhiều tệp.") % {"most": MOST_LINES}})
        sheet = FacilitySheet(lines=len(rows))
        stored = set(Facility.objects.values_list("code", flat=True))
        times = Counter(row["code"] for row in rows)
        kinds = {row["code"]: _KINDS.get(search_key(row.get("kind", ""))) for row in rows}
        for number, row in enumerate(rows, start=2):
            if row["code"] in stored:
                sheet.known += 1
                continue
            why, fact = self._take(row, stored, kinds)
            if not why and times[row["code"]] > 1:
                why = _("Mã %(code)s có ở nhiều dòng.") % {"code": row["code"]}
            if why or fact is None:
                sheet.bad.append(BadLine(line=number, why=why))
            else:
                sheet.facts.append(fact)
        return _with_parents(sheet, stored)

    def _take(self, row: dict[str, str], stored: set[str], kinds: Mapping[str, str | None]) -> tuple[str, FacilityFact | None]:
        """The reason why not, or the fact."""
        code, name, parent = row["code"], row["name"], row.get("parent_code", "")
        if not code or len(code) > 20 or not name or len(name) > 200:
            return _("Chưa có mã hoặc tên cơ sở, hoặc mã dài quá 20, tên dài quá 200 ký tự."), None
        kind = kinds[code]
        if kind is None:
            return _("Không có loại cơ sở “%(kind)s”. Hãy ghi trạm y tế hoặc điểm y tế.") % {"kind": row["kind"][:40]}, None
        try:
            day = date.fromisoformat(row["valid_from"])
            latitude, longitude = (_degrees(row.get(name, "")) for name in ("latitude", "longitude"))
        except ValueError:
            return _("Ngày “%(day)s” hoặc tọa độ không đọc được. Hãy ghi như 2025-07-01 và 21.0285.") % {
                "day": row["valid_from"][:20]
            }, None
        if (kind == Facility.Kind.HEALTH_POINT) != bool(parent):
            return _("Điểm y tế ghi mã trạm quản lý ở parent_code; trạm y tế để trống cột ấy."), None
        if parent and parent not in stored and kinds.get(parent) != Facility.Kind.HEALTH_STATION:
            return _("Không có trạm mã %(code)s trong danh mục hay trong tệp.") % {"code": parent[:20]}, None
        why, unit_id = self._unit(row, day)
        if unit_id is None:
            return why, None
        details = FacilityDetailsFact(
            address=row.get("address", "")[:300],
            opening_hours=row.get("opening_hours", "")[:200],
            phone=row.get("phone", ""),
            latitude=latitude,
            longitude=longitude,
        )
        try:
            checked(details)
        except BadInput as wrong:
            return next(iter(wrong.problems.values())), None
        return "", FacilityFact(
            code=code, kind=kind, name=name, unit_id=unit_id, valid_from=day, parent_code=parent, details=details
        )

    def _unit(self, row: dict[str, str], day: date) -> tuple[str, int | None]:
        code, old_code = row.get("unit_code", ""), row.get("old_code", "")
        if code:
            found = self.units(day).get(code)
            if found is None:
                return _("Mã %(code)s không phải xã, phường đang hoạt động ngày %(day)s của thành phố.") % {
                    "code": code[:20],
                    "day": f"{day:%d/%m/%Y}",
                }, None
            return "", found
        old = self.ended(day).get(old_code)
        if old is None:
            return _("Chưa có mã đơn vị, hoặc mã cũ %(code)s không phải đơn vị đã kết thúc.") % {"code": old_code[:20]}, None
        choice = self.heirs(day).choose(old, Clue(addresses=(row.get("address", ""),)))
        if choice.to_unit_id is None:
            names = queries.unit_rows(choice.candidates, as_of=day)
            return _("Đơn vị cũ %(code)s nay thuộc nhiều nơi: %(names)s. Hãy ghi unit_code.") % {
                "code": old_code,
                "names": ", ".join(f"{one.full_name} {one.code}" for one in names.values()),
            }, None
        if choice.to_unit_id not in self.units(day).values():
            return _("Đơn vị cũ %(code)s không thuộc thành phố này.") % {"code": old_code}, None
        return "", choice.to_unit_id


def _with_parents(sheet: FacilitySheet, stored: set[str]) -> FacilitySheet:
    """A point whose station was left out is left out with it."""
    there = stored | {fact.code for fact in sheet.facts}
    orphans = [fact for fact in sheet.facts if fact.parent_code and fact.parent_code not in there]
    sheet.facts = [fact for fact in sheet.facts if fact not in orphans]
    sheet.bad += [
        BadLine(line=0, why=_("%(code)s: trạm %(parent)s của nó bị bỏ lại.") % {"code": one.code, "parent": one.parent_code})
        for one in orphans
    ]
    return sheet


def told(sheet: FacilitySheet) -> list[str]:
    """A sentence for each line left out."""
    lines = sorted(sheet.bad, key=lambda one: one.line)
    return [_("Dòng %(line)s: %(why)s") % {"line": one.line, "why": one.why} if one.line else one.why for one in lines]


def _degrees(text: str) -> float | None:
    return float(text.replace(",", ".")) if text else None


def example() -> str:
    """The columns, and three made-up facilities that show how they are filled."""
    out = io.StringIO()
    sheet = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    sheet.writeheader()
    shared = {"opening_hours": "7:30-17:00", "phone": "024 0000 0000", "valid_from": "2025-07-01"}
    sheet.writerow(
        {**shared, "code": "99001", "name": "Trạm y tế Sông", "kind": "trạm y tế", "unit_code": "99001", "address": "1 phố Bến"}
    )
    sheet.writerow(
        {
            **shared,
            "code": "99002",
            "name": "Trạm y tế Chợ",
            "kind": "trạm y tế",
            "old_code": "99102",
            "address": "thôn Hạ, Chợ",
        }
    )
    sheet.writerow(
        {
            **shared,
            "code": "99003",
            "name": "Điểm y tế Bãi",
            "kind": "điểm y tế",
            "unit_code": "99001",
            "parent_code": "99001",
            "latitude": "21.0285",
            "longitude": "105.8542",
        }
    )
    return out.getvalue()
