"""What a database is filled with, in order. Every step looks for what is missing and may run again at no cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from thongsuot.dossiers import demo as demo_dossiers
from thongsuot.dossiers.actions import load_settings
from thongsuot.indicators import counting
from thongsuot.indicators.actions import load_rules
from thongsuot.kernel.actor import system
from thongsuot.people import demo
from thongsuot.procedures import loading as procedures
from thongsuot.units import loading as units
from thongsuot.units import queries

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Loading:
    """One step. `run` gets the city's code, the time, and where to tell how far it is."""

    vietnamese: str
    english: str
    run: Callable[[str, datetime, Progress], object]
    demo: bool = False  # made-up content: never in production


def _country(city: str, at: datetime, progress: Progress) -> object:
    return units.load_country(at=at, progress=progress)


def _city(city: str, at: datetime, progress: Progress) -> object:
    return units.load_city(city, at=at, progress=progress)


def _catalogue(city: str, at: datetime, progress: Progress) -> object:
    return procedures.load_catalogue(_city_id(city, at), at=at, progress=progress)


def _settings(city: str, at: datetime, progress: Progress) -> object:
    return load_settings(actor=system("cli"), at=at)


def _index_rules(city: str, at: datetime, progress: Progress) -> object:
    return load_rules(actor=system("cli"), at=at)


def _people(city: str, at: datetime, progress: Progress) -> object:
    return demo.load_demo(_city_id(city, at), at=at, progress=lambda done, total: progress("", done, total))


def _dossiers(city: str, at: datetime, progress: Progress) -> object:
    return demo_dossiers.load_demo(_city_id(city, at), at=at, progress=lambda done, total: progress("", done, total))


def _figures(city: str, at: datetime, progress: Progress) -> object:
    return counting.bring_up_to_date()


def _city_id(city: str, at: datetime) -> int:
    return queries.unit_by_code(city, as_of=timezone.localtime(at).date()).id


STEPS = (
    Loading(vietnamese="Nạp đơn vị hành chính cả nước", english="all units of the country", run=_country),
    Loading(vietnamese="Nạp thành phố và các xã, phường", english="the city and its communes", run=_city),
    Loading(vietnamese="Nạp danh mục thủ tục", english="the catalogue of procedures", run=_catalogue),
    Loading(vietnamese="Đặt thông số xử lý hồ sơ", english="the settings of dossiers", run=_settings),
    Loading(vietnamese="Đặt bộ chỉ số chất lượng phục vụ", english="the items of the quality index", run=_index_rules),
    Loading(vietnamese="Lập tài khoản mẫu", english="demo accounts", run=_people, demo=True),
    Loading(vietnamese="Lập hồ sơ mẫu", english="demo dossiers", run=_dossiers, demo=True),
    Loading(vietnamese="Đếm số liệu", english="the figures", run=_figures),
)


def demo_accounts(at: datetime) -> list[str]:
    """A line per demo account for the greeting; empty in a city without them."""
    accounts = demo.demo_accounts(at=at)
    wide = max((len(account.email) for account in accounts), default=0)
    lines = [f"{account.email:<{wide}}  {account.name}, {account.post}" for account in accounts]
    return [*lines, f"Mật khẩu chung (password of all): {demo.PASSWORD}"] if lines else []
