"""Decisions on units as a CSV file, a line for each pair of old and new: read into plans, and written out again.

One file may hold many decisions (all provinces at once): lines go together by their number. What a line does not say is worked
out from the others: units that end and begin, districts that end with the last of their communes.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import one_line, search_key
from thongsuot.units.facts import PlanFacts, PlannedSuccessionFact, PlannedUnitFact
from thongsuot.units.models import PlannedUnit, Succession, Unit, UnitName
from thongsuot.units.rules.reorganising import Existing, Surroundings, level_of

Extent, What, Level = Succession.Extent, PlannedUnit.What, Unit.Level

COLUMNS = (
    "new_code",
    "new_name",
    "new_type",
    "new_parent_code",
    "old_code",
    "old_district_code",
    "old_province_code",
    "extent",
    "transfer",
    "likeliest",
    "part",
    "places",
    "resolution",
    "title",
    "resolution_date",
    "effective",
    "evidence",
)
_NEEDED = ("new_code", "new_name", "new_type", "old_code", "extent", "resolution", "effective")
MOST_BYTES, MOST_LINES = 20 * 2**20, 60_000
_CHANGES = "changes"  # the extent of a unit that goes on under another name or kind
_KINDS = {search_key(str(label)): kind for kind, label in UnitName.Kind.choices}
_EXTENTS = {
    ("whole", ""): Extent.WHOLE,
    ("part", ""): Extent.PART,
    ("part", "land_only"): Extent.LAND_ONLY,
    ("part", "part_land_all_population"): Extent.PART_LAND_ALL_POPULATION,
}


@dataclass(frozen=True, kw_only=True)
class BadLine:
    """A line that was left out. `line` counts from 1, the heading is line 1."""

    line: int
    why: str


@dataclass(kw_only=True)
class Sheet:
    """What a file says: a plan for each decision, and the lines nobody could use."""

    plans: list[PlanFacts] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    lines: int = 0


@dataclass(kw_only=True)
class _Draft:
    number: str
    title: str
    signed_on: date | None
    effective_on: date
    left_out: int = 0
    begins: dict[str, PlannedUnitFact] = field(default_factory=dict)
    changes: dict[str, PlannedUnitFact] = field(default_factory=dict)
    ends: dict[str, PlannedUnitFact] = field(default_factory=dict)
    pairs: dict[tuple[str, str], PlannedSuccessionFact] = field(default_factory=dict)


def read(content: bytes, around: Callable[[date], Surroundings]) -> Sheet:
    """Read a file. Raises BadInput when it is no such file at all; a bad line is named and left out.

    around   what an effective day meets (`queries.surroundings`): which districts end with their communes, where provinces went
    """
    if len(content) > MOST_BYTES:
        raise BadInput({"file": _("Tệp lớn quá %(most)s MB. Hãy tách thành nhiều tệp.") % {"most": MOST_BYTES // 2**20}})
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        missing = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
    except (UnicodeDecodeError, csv.Error):
        raise BadInput({"file": _("Tệp không phải CSV bằng UTF-8. Hãy lưu lại từ bảng tính dưới dạng CSV UTF-8.")}) from None
    if missing:
        raise BadInput({"file": _("Tệp thiếu cột: %(columns)s. Hãy dùng tệp mẫu.") % {"columns": ", ".join(missing)}})
    sheet = Sheet()
    drafts: dict[str, _Draft] = {}
    left_out: Counter[str] = Counter()
    try:
        for row in rows:
            sheet.lines += 1
            if sheet.lines > MOST_LINES:
                raise BadInput({"file": _("Tệp có quá %(most)s dòng. Hãy tách thành nhiều tệp.") % {"most": MOST_LINES}})
            if why := _take({key: one_line(value or "") for key, value in row.items() if isinstance(key, str)}, drafts):
                sheet.bad.append(BadLine(line=sheet.lines + 1, why=why))
                left_out[one_line(row.get("resolution") or "")] += 1
    except csv.Error:
        raise BadInput({"file": _("Tệp CSV bị hỏng ở dòng %(line)s.") % {"line": sheet.lines + 2}}) from None
    for draft in drafts.values():
        draft.left_out = left_out[draft.number] + left_out[""]  # a line without a number may be of any of them
        sheet.plans.append(_plan(draft, around(draft.effective_on)))
    return sheet


def _take(row: dict[str, str], drafts: dict[str, _Draft]) -> str:
    """Put one line into its decision; the reason why not, as a sentence."""
    effective, number = _day(row["effective"]), row["resolution"]
    if not number or len(number) > 60:
        return _("Chưa có số nghị quyết, hoặc số dài quá 60 ký tự.")
    if effective is None:
        return _("Ngày hiệu lực “%(day)s” không đọc được. Hãy ghi như 2025-07-01.") % {"day": row["effective"][:20]}
    old = row["old_code"] or row.get("old_district_code", "")
    new = row["new_code"]
    if not (old.isdigit() and len(old) in (2, 3, 5) and new.isdigit() and len(new) in (2, 3, 5)):
        return _("Mã đơn vị gồm 2, 3 hoặc 5 chữ số.")
    changes = row["extent"] == _CHANGES
    stays = not row["new_type"] and not changes  # the new unit is there already
    kind = _KINDS.get(search_key(row["new_type"]))
    if kind is None and not stays:
        return _("Không có loại đơn vị “%(kind)s”.") % {"kind": row["new_type"][:40]}
    name = _bare_name(row["new_name"], kind) if kind else ""
    if not stays and not 0 < len(name) <= 120:
        return _("Chưa có tên đơn vị mới, hoặc tên quá dài.")
    extent = _EXTENTS.get((row["extent"], row.get("transfer", "")))
    if extent is None and not changes:
        return _("Phần chuyển sang “%(extent)s” không có trong mẫu.") % {
            "extent": f"{row['extent']} {row.get('transfer', '')}"[:60]
        }
    draft = drafts.setdefault(
        number,
        _Draft(
            number=number,
            title=row.get("title", "")[:300],
            signed_on=_day(row.get("resolution_date", "")),
            effective_on=effective,
        ),
    )
    if draft.effective_on != effective:
        return _("Cùng một nghị quyết mà hai ngày hiệu lực.")
    if kind:
        unit = PlannedUnitFact(
            what=What.CHANGES if changes else What.BEGINS,
            code=new,
            level=level_of(new),
            kind=kind,
            name=name,
            parent_code=row.get("new_parent_code", ""),
        )
        if (draft.changes if changes else draft.begins).setdefault(new, unit) != unit:
            return _("Mã %(code)s đã có ở dòng trên với tên hoặc loại khác.") % {"code": new}
    if changes:
        return ""
    assert extent is not None  # looked at above
    if (old, new) in draft.pairs:
        return _("Cặp %(old)s, %(new)s đã có ở dòng trên.") % {"old": old, "new": new}
    draft.pairs[old, new] = PlannedSuccessionFact(
        old_code=old,
        new_code=new,
        extent=extent,
        likeliest=row.get("likeliest", "") == "1",
        part=row.get("part", "")[:2000],
        places=tuple(place for one in row.get("places", "").split(";") if (place := one_line(one)[:120])),
        evidence=row.get("evidence", "")[:200],
    )
    draft.ends.setdefault(old, PlannedUnitFact(what=What.ENDS, code=old, level=level_of(old)))
    return ""


def _plan(draft: _Draft, around: Surroundings) -> PlanFacts:
    ends, begins = dict(draft.ends), dict(draft.begins)
    for code in _emptied(draft, around):
        ends.setdefault(code, PlannedUnitFact(what=What.ENDS, code=code, level=Level.DISTRICT))
    for old, new in draft.pairs:
        unit = begins.get(new)
        if unit is not None and unit.level == Level.COMMUNE and not unit.parent_code:
            begins[new] = replace(unit, parent_code=around.province_of(old))
    parents = {unit.parent_code for unit in begins.values() if unit.parent_code and unit.level == Level.COMMUNE}
    # One that only renames, or merges into a unit that is there, is of the province they lie in.
    parents |= {
        around.province_of(code) for code in (*draft.changes, *(new for _old, new in draft.pairs)) if code not in begins
    }
    parents.discard("")
    return PlanFacts(
        number=draft.number,
        title=draft.title,
        signed_on=draft.signed_on,
        effective_on=draft.effective_on,
        province_code=next(iter(parents)) if len(parents) == 1 else "",
        units=(*ends.values(), *begins.values(), *draft.changes.values()),
        successions=tuple(draft.pairs.values()),
        left_out=draft.left_out,
    )


def _emptied(draft: _Draft, around: Surroundings) -> set[str]:
    """Districts of which every commune ends."""
    above = {around.before[code].parent_code for code in draft.ends if code in around.before}
    left = {
        unit.parent_code
        for unit in around.before.values()
        if unit.level == Level.COMMUNE and unit.code not in draft.ends and unit.valid_to is None
    }
    return {code for code in above - left if code in around.before and around.before[code].level == Level.DISTRICT}


def written(plans: Iterable[PlanFacts], before: Mapping[str, Existing]) -> str:
    """The same plans as a file that `read` understands. `before`: units of the day before, by code."""
    out = io.StringIO()
    sheet = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    sheet.writeheader()
    for plan in plans:
        sheet.writerows(_lines(plan, before))
    return out.getvalue()


def example() -> str:
    """The columns, and a made-up decision that shows how they are filled."""
    plan = PlanFacts(
        number="00/NQ-UBTVQH",
        title="Ví dụ, hãy thay bằng quyết định thật",
        signed_on=date(2030, 6, 1),
        effective_on=date(2030, 7, 1),
        units=(
            PlannedUnitFact(what=What.BEGINS, code="99001", level=Level.COMMUNE, kind=UnitName.Kind.WARD, name="Sông"),
            PlannedUnitFact(what=What.BEGINS, code="99002", level=Level.COMMUNE, kind=UnitName.Kind.WARD, name="Đồi"),
        ),
        successions=(
            PlannedSuccessionFact(old_code="99101", new_code="99001", extent=Extent.WHOLE),
            PlannedSuccessionFact(
                old_code="99102", new_code="99001", extent=Extent.PART, likeliest=True, places=("tổ dân phố số 1", "phố Bến")
            ),
            PlannedSuccessionFact(
                old_code="99102", new_code="99002", extent=Extent.PART, part="Phần phía tây", places=("tổ dân phố số 2",)
            ),
        ),
    )
    return written([plan], {})


def _lines(plan: PlanFacts, before: Mapping[str, Existing]) -> Iterator[dict[str, str]]:
    units = {unit.code: unit for unit in plan.units if unit.what != What.ENDS}
    act = {
        "resolution": plan.number,
        "title": plan.title,
        "resolution_date": plan.signed_on.isoformat() if plan.signed_on else "",
        "effective": plan.effective_on.isoformat(),
    }
    words = {extent: pair for pair, extent in _EXTENTS.items()}
    for one in plan.successions:
        unit, old = units.get(one.new_code), before.get(one.old_code)
        above = before.get(old.parent_code) if old else None
        extent, transfer = words[Extent(one.extent)]
        of_district = level_of(one.old_code) == Level.DISTRICT
        district = one.old_code if of_district else above.code if above and above.level == Level.DISTRICT else ""
        yield {
            **act,
            **_named(unit, one.new_code),
            "old_code": "" if of_district else one.old_code,
            "old_district_code": district,
            "extent": extent,
            "transfer": transfer,
            "likeliest": "1" if one.likeliest else "",
            "part": one.part,
            "places": "; ".join(one.places),
            "evidence": one.evidence,
        }
    for unit in plan.units:
        if unit.what == What.CHANGES:
            yield {**act, **_named(unit, unit.code), "old_code": unit.code, "extent": _CHANGES}


def _named(unit: PlannedUnitFact | None, code: str) -> dict[str, str]:
    if unit is None:
        return {"new_code": code}
    return {
        "new_code": code,
        "new_name": unit.name,
        "new_type": str(UnitName.Kind(unit.kind).label),
        "new_parent_code": unit.parent_code,
    }


def _bare_name(name: str, kind: str) -> str:
    """Without the kind before it: "Phường Ba Đình" is Ba Đình, and so is "Ba Đình"."""
    label = str(UnitName.Kind(kind).label)
    for prefix in (label, "thành phố" if kind == UnitName.Kind.CITY else label):
        if name.lower().startswith(f"{prefix} "):
            return name[len(prefix) + 1 :].strip()
    return name


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
