"""To which unit a ticket goes, and why. Pure: places and competences are arguments, the reason comes out with the unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from thongsuot.feedback.words import PlaceBy


@dataclass(frozen=True, kw_only=True)
class Placed:
    """In which commune something is, and how that is known; `doubt`: the sender named another one."""

    unit_id: int | None = None
    by: PlaceBy | None = None
    doubt: bool = False


@dataclass(frozen=True, kw_only=True)
class CompetenceFacts:
    """place_unit_id None: everywhere; handler_id None: the commune in which it is."""

    place_unit_id: int | None
    handler_id: int | None
    basis: str


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where a ticket goes. `because`: models.Routing.Because. `unit_id` None: an operator must decide."""

    unit_id: int | None
    because: str = ""
    place_by: str = ""
    basis: str = ""


UNDECIDED = Way(unit_id=None)


def placed(*, on_map: int | None, in_photo: int | None, by_address: int | None, named: int | None) -> Placed:
    """The commune of a ticket. A point somebody set is surer than one in a picture, both are surer than words.

    Each argument is the id of the commune that way leads to, None when it says nothing.
    """
    for by, unit_id in (
        (PlaceBy.MAP, on_map),
        (PlaceBy.PHOTO, in_photo),
        (PlaceBy.ADDRESS, by_address),
        (PlaceBy.UNIT, named),
    ):
        if unit_id is not None:
            others = {one for one in (on_map, by_address, named) if one is not None}
            return Placed(unit_id=unit_id, by=by, doubt=bool(others - {unit_id}))
    return Placed()


def way(
    place: Placed,
    competences: Iterable[CompetenceFacts],
    *,
    named_agency: int | None = None,
    of_dossier: int | None = None,
) -> Way:
    """Where a ticket goes. The agency of a dossier it speaks of answers for it; then who is competent for the category there;
    then an agency the sender named; then the commune of the place. Nothing of these: an operator decides.
    """
    if of_dossier is not None:
        return Way(unit_id=of_dossier, because="dossier")
    place_by = str(place.by or "")
    rows = list(competences)
    there = [row for row in rows if row.place_unit_id is not None and row.place_unit_id == place.unit_id]
    everywhere = [row for row in rows if row.place_unit_id is None]
    for row in (*there, *everywhere):
        if row.handler_id is not None:
            return Way(unit_id=row.handler_id, because="competence", place_by=place_by, basis=row.basis)
        if place.unit_id is not None:
            return Way(unit_id=place.unit_id, because="place", place_by=place_by, basis=row.basis)
    if named_agency is not None:
        return Way(unit_id=named_agency, because="named")
    if place.unit_id is not None:
        return Way(unit_id=place.unit_id, because="place", place_by=place_by)
    return UNDECIDED
