"""Who may resolve a procedure on a day, and by what right. Intake asks on every dossier: rows are remembered for seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _

from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.remember import remembered
from thongsuot.kernel.text import day
from thongsuot.procedures.models import Competence
from thongsuot.procedures.queries.versions import SOON, UnknownProcedure, periods
from thongsuot.units import queries as units


class NotCompetent(TellPerson):
    """The unit has, on that day, no power to resolve the procedure, and had none that ended."""

    code = "procedures.not_competent"

    def __init__(self, procedure_code: str, unit_id: int, on: date, begins_on: date | None = None) -> None:
        self.procedure_code, self.unit_id, self.on, self.begins_on = procedure_code, unit_id, on, begins_on

    def message(self) -> str:
        if self.begins_on is not None:
            return _(
                "Đơn vị này giải quyết thủ tục %(code)s từ ngày %(day)s. Trước ngày đó, hãy nộp tại nơi đang có thẩm quyền."
            ) % {"code": self.procedure_code, "day": day(self.begins_on)}
        return _(
            "Đơn vị này không có thẩm quyền giải quyết thủ tục %(code)s. Hãy chọn đơn vị khác trong mục “Nơi giải quyết”."
        ) % {"code": self.procedure_code}

    def details(self) -> dict[str, object]:
        return {
            "procedure": self.procedure_code,
            "unit": self.unit_id,
            "on": self.on.isoformat(),
            "begins_on": self.begins_on.isoformat() if self.begins_on else None,
        }


class CompetenceEnded(TellPerson):
    """The unit was competent until a day that is past: a delegation ran out, or the power went elsewhere."""

    code = "procedures.competence_ended"

    def __init__(self, procedure_code: str, unit_id: int, ended_on: date, kind: str) -> None:
        self.procedure_code, self.unit_id, self.ended_on, self.kind = procedure_code, unit_id, ended_on, kind

    def message(self) -> str:
        facts = {"code": self.procedure_code, "day": day(self.ended_on)}
        if self.kind == Competence.Kind.DELEGATED:
            return (
                _(
                    "Ủy quyền giải quyết thủ tục %(code)s cho đơn vị này đã hết từ ngày %(day)s. "
                    "Hãy chuyển người nộp đến cơ quan ủy quyền, hoặc đề nghị gia hạn ủy quyền."
                )
                % facts
            )
        return (
            _(
                "Đơn vị này thôi giải quyết thủ tục %(code)s từ ngày %(day)s. "
                "Hãy chọn đơn vị đang có thẩm quyền trong mục “Nơi giải quyết”."
            )
            % facts
        )

    def details(self) -> dict[str, object]:
        return {
            "procedure": self.procedure_code,
            "unit": self.unit_id,
            "kind": self.kind,
            "ended_on": self.ended_on.isoformat(),
        }


@dataclass(frozen=True, kw_only=True)
class CompetenceView:
    """By what right a unit resolves a procedure. `unit_id` None: as every unit of its level in the city."""

    id: int
    procedure_id: int
    code: str
    city_id: int
    unit_id: int | None
    level: str
    kind: str
    body_kind: str
    basis: str
    basis_is_assumed: bool
    valid_from: date
    valid_to: date | None


_COMPETENCE = (
    "id",
    "procedure_id",
    "city_id",
    "unit_id",
    "level",
    "kind",
    "body_kind",
    "basis",
    "basis_is_assumed",
    "valid_from",
    "valid_to",
)


@remembered(seconds=SOON)
def _competences() -> dict[str, list[CompetenceView]]:
    """Every competence by procedure code, a unit's own before its level's, the latest first."""
    found: dict[str, list[CompetenceView]] = {}
    rows = Competence.objects.order_by(F("unit_id").asc(nulls_last=True), "-valid_from")
    for row in rows.values(*_COMPETENCE, code=F("procedure__code")):
        found.setdefault(row["code"], []).append(CompetenceView(**row))
    return found


def competence(code: str, *, unit_id: int, on: date) -> CompetenceView:
    """By what right the unit resolves the procedure on that day; its own right before that of its level.

    Raises UnknownProcedure, NotCompetent, CompetenceEnded, UnitNotFound.
    """
    if code not in periods():
        raise UnknownProcedure(code)
    unit = units.unit_row(unit_id, as_of=on)
    city_id = units.city_of(unit_id)
    ever = [
        view
        for view in _competences().get(code, ())
        if view.unit_id == unit_id or (view.unit_id is None and view.city_id == city_id and view.level == unit.level)
    ]
    for view in ever:
        if view.valid_from <= on and (view.valid_to is None or on < view.valid_to):
            return view
    ended = [view for view in ever if view.valid_to is not None and view.valid_to <= on]
    if ended:
        last = max(ended, key=lambda view: view.valid_to or date.max)
        raise CompetenceEnded(code, unit_id, last.valid_to or on, last.kind)
    raise NotCompetent(code, unit_id, on, min((view.valid_from for view in ever), default=None))


def competent_unit_ids(code: str, *, city_id: int, on: date) -> frozenset[int]:
    """The units of a city that resolve the procedure on that day; empty when none does."""
    ids: set[int] = set()
    for view in _competences().get(code, ()):
        if view.city_id != city_id or not (view.valid_from <= on and (view.valid_to is None or on < view.valid_to)):
            continue
        if view.unit_id is not None:
            ids.add(view.unit_id)
        elif view.level == "province":
            ids.add(city_id)
        else:
            below = units.unit_rows(units.unit_ids_under(city_id, as_of=on), as_of=on)
            ids |= {unit.id for unit in below.values() if unit.level == view.level}
    return frozenset(ids)


def rights_of_unit(unit_id: int, on: date) -> dict[str, CompetenceView]:
    """What the unit resolves on that day, by procedure code."""
    unit, city_id = units.unit_row(unit_id, as_of=on), units.city_of(unit_id)
    rights: dict[str, CompetenceView] = {}
    for code, views in _competences().items():
        for view in views:
            mine = view.unit_id == unit_id or (view.unit_id is None and view.city_id == city_id and view.level == unit.level)
            if mine and view.valid_from <= on and (view.valid_to is None or on < view.valid_to):
                rights[code] = view
                break
    return rights


def rights_of_level(city_id: int, level: str, on: date) -> dict[str, CompetenceView]:
    """What every unit of a level resolves in the city on that day, by procedure code; rights of single units are left out."""
    rights: dict[str, CompetenceView] = {}
    for code, views in _competences().items():
        for view in views:
            of_all = view.unit_id is None and view.city_id == city_id and view.level == level
            if of_all and view.valid_from <= on and (view.valid_to is None or on < view.valid_to):
                rights[code] = view
                break
    return rights


def rights_in_city(code: str, *, city_id: int, on: date) -> list[CompetenceView]:
    """Everyone's right to resolve a procedure on that day, those of single units first."""
    return [
        view
        for view in _competences().get(code, ())
        if view.city_id == city_id and view.valid_from <= on and (view.valid_to is None or on < view.valid_to)
    ]
