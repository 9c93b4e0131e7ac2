"""Which unit a place of registration was, by the gazetteer; its old name is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import nfc, one_line, search_key
from thongsuot.units import finding
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class Placed:
    """`unit_id`: the unit as it then was; None when unclear. `doubt`: a code of `reasons.DOUBTS`, or empty."""

    unit_id: int | None
    name: str
    doubt: str = ""

    @property
    def key(self) -> str:
        return search_key(self.name)[:300]


def placed(text: str, *, keeper_id: int, today: date) -> Placed:
    """The one unit a text means, if its books belong to `keeper_id` today. Anything less sure is a doubt."""
    text = one_line(text)
    if not text:
        return Placed(unit_id=None, name="", doubt="place_unknown")
    try:
        found = finding.find(text, as_of=today)
    except BadInput:
        return Placed(unit_id=None, name=text[:300], doubt="place_unknown")
    if not found.read_as:
        return Placed(unit_id=None, name=text[:300], doubt="place_unknown")
    here = [
        one
        for one in found.read_as
        if one.unit.id == keeper_id
        or any(keeper_id == candidate.unit.id and one in candidate.read_as for candidate in found.candidates)
    ]
    if len(here) == 1 and len(found.read_as) == 1:
        # "tỉnh Hà Tây" that nobody knows may part this commune from another of the same name: a person looks.
        doubt = "place_partly" if _names_a_unit(found.unread) else ""
        return Placed(unit_id=here[0].unit.id, name=here[0].full[:300], doubt=doubt)
    if not here:
        return Placed(unit_id=None, name=text[:300], doubt="place_elsewhere")
    return Placed(unit_id=None, name=text[:300], doubt="place_several")


_KINDS_ABOVE = re.compile(r"\b(tỉnh|tinh|huyện|huyen|quận|quan|tx|tp|thị xã|thi xa|thành phố|thanh pho)\b")


def _names_a_unit(unread: str) -> bool:
    """With marks where there are any: "Quán" is no "quận", "Tĩnh" no "tỉnh"."""
    return bool(_KINDS_ABOVE.search(nfc(unread).lower()))


def chosen(unit_id: int, *, today: date) -> Placed:
    """A unit an officer named: with the name it last bore, and what it lay in."""
    return Placed(unit_id=unit_id, name=full_name(unit_id, on=today)[:300])


def full_name(unit_id: int, *, on: date) -> str:
    """Phường Hàng Bạc, Quận Hoàn Kiếm, Thành phố Hà Nội: as of that day, or of its last or first one."""
    row = units.unit_row(unit_id, as_of=on)
    names = [row.full_name]
    while row.parent_id is not None:
        row = units.unit_row(row.parent_id, as_of=on)
        names.append(row.full_name)
    return ", ".join(names)


def old_places(unit_id: int, *, today: date) -> list[tuple[int, str]]:
    """(id, name) of the unit and of those it was made of: where its old registers were written."""
    origins = units.origins_of([unit_id]).get(unit_id, [])
    return [(one, full_name(one, on=today)) for one in (*(change.unit.id for change in origins), unit_id)]


def keepers(unit_ids: Iterable[int], *, today: date) -> list[tuple[int, str]]:
    """(id, name) in Vietnamese order: for lists to choose from."""
    rows = units.unit_rows(unit_ids, as_of=today).values()
    communes = [row for row in rows if row.level == "commune"]
    return [(row.id, row.full_name) for row in sorted(communes, key=lambda row: row.sort_name)]
