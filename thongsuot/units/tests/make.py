"""A small made-up city, through the same code as the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from thongsuot.kernel.actor import system
from thongsuot.kernel.tests.databases import made_once
from thongsuot.units import loading, queries
from thongsuot.units.facts import CountryFacts, DayFact, DecisionFact, LoadReport, NameFact, SuccessionFact, UnitFact
from thongsuot.units.models import Body, CalendarDay, ServicePoint, Unit

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
THE_DAY = date(2025, 7, 1)
BEFORE = date(2025, 1, 1)
LOADED_AT = datetime(2025, 6, 1, 8, tzinfo=VIET_NAM)

LOADER = system("cli")

DECISION = DecisionFact(
    number="1/NQ-VD", title="Sắp xếp đơn vị hành chính của Thành phố Ví Dụ", signed_on=date(2025, 6, 16), effective_on=THE_DAY
)
DAYS = (
    DayFact(day=date(2025, 9, 2), effect="off", name="Quốc khánh", kind="holiday"),
    DayFact(day=date(2026, 1, 1), effect="off", name="Tết Dương lịch", kind="holiday"),
    DayFact(day=date(2026, 1, 2), effect="off", name="Ngày nghỉ (thay cho ngày 10/01/2026)", kind="swap_off"),
    DayFact(day=date(2026, 1, 10), effect="work", name="Ngày làm bù", kind="swap_work"),
)


@dataclass(frozen=True, kw_only=True)
class MadeCity:
    """Thành phố Ví Dụ (98): phường Sông (98001), once phường Bến and half of phường Chợ; phường Đồi (98002), the other half."""

    city: Unit
    river: Unit
    hill: Unit

    def body(self, unit: Unit, kind: str) -> Body:
        return Body.objects.get(unit=unit, kind=kind, valid_to=None)

    def point(self, unit: Unit) -> ServicePoint:
        return ServicePoint.objects.get(unit=unit)


def _unit(code: str, level: str, kind: str, name: str, parent: str, *, ended: bool = False, identifier: str = "") -> UnitFact:
    starts = BEFORE if ended or level == "province" else THE_DAY
    ends = THE_DAY if ended else None
    return UnitFact(
        code=code,
        level=level,
        parent_code=parent,
        valid_from=starts,
        valid_to=ends,
        identifier=identifier,
        names=(NameFact(kind=kind, name=name, valid_from=starts, valid_to=ends),),
        latitude=21.0 if level == "commune" else None,
        longitude=105.8 if level == "commune" else None,
    )


def make_city_facts() -> CountryFacts:
    return CountryFacts(
        source="made up for tests",
        decisions=(DECISION,),
        units=(
            _unit("98", "province", "thanh_pho_tw", "Ví Dụ", "", identifier="H98"),
            _unit("980", "district", "quan", "Giữa", "98", ended=True),
            _unit("98101", "commune", "phuong", "Bến", "980", ended=True),
            _unit("98102", "commune", "phuong", "Chợ", "980", ended=True),
            _unit("98001", "commune", "phuong", "Sông", "98"),
            _unit("98002", "commune", "phuong", "Đồi", "98"),
        ),
        successions=(
            SuccessionFact(old_code="98101", new_code="98001", on=THE_DAY, extent="whole", decision="1/NQ-VD"),
            SuccessionFact(old_code="98102", new_code="98001", on=THE_DAY, extent="part", likeliest=True, decision="1/NQ-VD"),
            SuccessionFact(old_code="98102", new_code="98002", on=THE_DAY, extent="part", decision="1/NQ-VD"),
        ),
        days=DAYS,
    )


def make_city() -> MadeCity:
    """The city, its two wards with bodies, service points and identifiers (H98.104, H98.105), hours and calendar."""
    queries.clear_caches()
    loading.load(make_city_facts(), actor=LOADER, at=LOADED_AT)
    loading.load_city("98", at=LOADED_AT, actor=LOADER)
    queries.clear_caches()
    units = {unit.code: unit for unit in Unit.objects.filter(valid_to=None, code__in=["98", "98001", "98002"])}
    assert CalendarDay.objects.exists()
    return MadeCity(city=units["98"], river=units["98001"], hill=units["98002"])


def make_country() -> LoadReport:
    """All of Việt Nam, and Hà Nội with its bodies and points: some seconds the first time in a run, half a one after that."""

    def load() -> LoadReport:
        report = loading.load_country(at=LOADED_AT)
        loading.load_city("01", at=LOADED_AT)
        return report

    return made_once("country", load)
