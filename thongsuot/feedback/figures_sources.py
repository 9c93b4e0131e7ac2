"""Series of days that stand beside tickets: new accounts, calls. What is above feedback brings its own (`source`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.people.queries import registered_per_day

PerDay = Callable[[int, date, date], Sequence[tuple[date, int]]]


@dataclass(frozen=True, kw_only=True)
class Source:
    """`per_day(city_id, first, last)`: each of those days with its count, days without any among them."""

    name: str
    label: Promise | str
    per_day: PerDay


_sources: dict[str, Source] = {}


def source(name: str, label: Promise | str, per_day: PerDay) -> None:
    """To be called when the application is ready."""
    _sources[name] = Source(name=name, label=label, per_day=per_day)


def sources() -> list[Source]:
    return list(_sources.values())


source("accounts", _("Tài khoản người dân mới"), lambda _city_id, first, last: registered_per_day(first, last))
