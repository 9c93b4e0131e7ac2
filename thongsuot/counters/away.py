"""What stands in for a hall while its line to the city is cut; nothing, unless somebody above says so."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Away(Protocol):
    """address: where this page goes on then, "" for nowhere; device_id: of the machine that shows it.

    cut_off: the hall cannot be reached now. page: of what stands in for the point, for who arranges it: (words, address).
    """

    def address(self, house_id: int, path: str, device_id: int | None) -> str: ...

    def cut_off(self, house_id: int, at: datetime) -> bool: ...

    def page(self, point_id: int) -> tuple[str, str]: ...


_found: list[Away] = []


def found_by(away: Away) -> None:
    _found.append(away)


def address_of(house_id: int, path: str, *, device_id: int | None = None) -> str:
    return next((found for one in _found if (found := one.address(house_id, path, device_id))), "")


def pages(point_id: int) -> list[tuple[str, str]]:
    return [one.page(point_id) for one in _found]


def cut_off(house_id: int, *, at: datetime) -> bool:
    return any(one.cut_off(house_id, at) for one in _found)
