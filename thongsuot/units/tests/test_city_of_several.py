"""A city that began when provinces went whole into it, as Hồ Chí Minh City did: its register knows the days before, too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.units import actions, facility_sheets, loading, queries
from thongsuot.units.facts import CountryFacts, FacilityDetailsFact, FacilityFact, NameFact, SuccessionFact, UnitFact
from thongsuot.units.models import Facility, Unit
from thongsuot.units.queries import facilities as reading
from thongsuot.units.tests.acting import keeper
from thongsuot.units.tests.make import BEFORE, DECISION, LOADED_AT, LOADER, THE_DAY, VIET_NAM

pytestmark = pytest.mark.django_db

AUGUST = datetime(2026, 8, 3, 9, tzinfo=VIET_NAM)
EVE, MAY = THE_DAY - timedelta(days=1), date(2025, 5, 1)
HEADS = "code,name,unit_code,old_code,valid_from\n"


@dataclass(frozen=True, kw_only=True)
class Several:
    """Thành phố Lớn (97) of 2025-07-01, once thành phố Lớn (97) and tỉnh Bé (96); elsewhere tỉnh Khác (95)."""

    city: int
    old_city: int
    ward: int
    big: int
    small: int
    other: int


def a_unit(code: str, level: str, kind: str, name: str, parent: str = "", *, ended: bool = True) -> UnitFact:
    starts, ends = (BEFORE, THE_DAY) if ended else (THE_DAY, None)
    named = NameFact(kind=kind, name=name, valid_from=starts, valid_to=ends)
    return UnitFact(code=code, level=level, parent_code=parent, valid_from=starts, valid_to=ends, names=(named,))


@pytest.fixture
def several(settings) -> Several:
    went = {"97": "97", "96": "97", "95": "95", "97101": "97001", "96101": "97001", "95101": "95001"}
    facts = CountryFacts(
        source="made up for tests",
        decisions=(DECISION,),
        units=(
            a_unit("97", "province", "thanh_pho_tw", "Lớn"),
            a_unit("96", "province", "tinh", "Bé"),
            a_unit("95", "province", "tinh", "Khác"),
            a_unit("970", "district", "quan", "Giữa", "97"),
            a_unit("960", "district", "huyen", "Xa", "96"),
            a_unit("950", "district", "huyen", "Ngoài", "95"),
            a_unit("97101", "commune", "phuong", "Bến", "970"),
            a_unit("96101", "commune", "xa", "Chợ", "960"),
            a_unit("95101", "commune", "xa", "Đảo", "950"),
            a_unit("97", "province", "thanh_pho_tw", "Lớn", ended=False),
            a_unit("95", "province", "tinh", "Khác", ended=False),
            a_unit("97001", "commune", "phuong", "Sông", "97", ended=False),
            a_unit("95001", "commune", "xa", "Biển", "95", ended=False),
        ),
        successions=tuple(
            SuccessionFact(old_code=old, new_code=new, on=THE_DAY, extent="whole", decision=DECISION.number)
            for old, new in went.items()
        ),
    )
    loading.load(facts, actor=LOADER, at=LOADED_AT)
    queries.clear_caches()
    settings.CITY_CODE = "97"
    units = {(one.code, one.valid_to is None): one.pk for one in Unit.objects.all()}
    return Several(
        city=units["97", True],
        old_city=units["97", False],
        ward=units["97001", True],
        big=units["97101", False],
        small=units["96101", False],
        other=units["95101", False],
    )


def a_station(code: str, unit_id: int, day: date = BEFORE) -> FacilityFact:
    return FacilityFact(code=code, kind="health_station", name=f"Trạm y tế {code}", unit_id=unit_id, valid_from=day)


def add(several: Several, *facts: FacilityFact) -> dict[str, Facility]:
    actor = keeper(several.city)
    return {one.code: one for one in actions.add_facilities(facts, city_id=several.city, actor=actor, at=AUGUST)}


def test_stations_of_before_are_taken_in_and_found_on_every_day(several):
    made = add(several, a_station("T1", several.big), a_station("T2", several.small), a_station("T3", several.ward, THE_DAY))

    assert queries.facility_counts(several.city, as_of=MAY) == {"health_station": 2}
    assert queries.facility_counts(several.city, as_of=THE_DAY) == {"health_station": 3}
    before, after = (reading.facilities_by_unit(several.city, as_of=day) for day in (EVE, THE_DAY))
    assert [(row.unit.code, [one.code for one in row.facilities], row.waits) for row in before] == [
        ("97101", ["T1"], False),
        ("96101", ["T2"], False),
    ]
    assert [(row.unit.code, row.waits) for row in after] == [("97101", True), ("96101", True), ("97001", False)]
    assert reading.facility(made["T2"].pk, city_id=several.city) == made["T2"]
    assert set(reading.standings_on(several.city, MAY)) == {made["T1"].pk, made["T2"].pk}


def test_a_file_may_name_communes_of_the_provinces_of_before(several):
    lines = "A1,Trạm Bến,97101,,2025-05-01\nA2,Trạm Chợ,96101,,2025-05-01\nA3,Trạm Chợ mới,,96101,2025-07-01\n"
    wrong = "A4,Trạm Đảo,95101,,2025-05-01\nA5,Trạm Đảo,,95101,2025-07-01\n"

    sheet = facility_sheets.read((HEADS + lines + wrong).encode(), city_id=several.city)

    assert [(fact.code, fact.unit_id) for fact in sheet.facts] == [
        ("A1", several.big),
        ("A2", several.small),
        ("A3", several.ward),
    ]
    assert [one.line for one in sheet.bad] == [5, 6]
    assert len(add(several, *sheet.facts)) == 3


def test_what_lay_in_another_province_is_none_of_it(several):
    with pytest.raises(BadInput):
        add(several, a_station("T9", several.other))
    elsewhere = Unit.objects.get(code="95", valid_to=None).pk
    made = actions.add_facilities([a_station("T9", several.other)], city_id=elsewhere, actor=LOADER, at=AUGUST)

    assert queries.facility_counts(several.city, as_of=MAY) == {}
    with pytest.raises(NotFound):
        reading.facility(made[0].pk, city_id=several.city)
    with pytest.raises(NotYourDuty):
        actions.change_facility(
            made[0].pk, FacilityDetailsFact(address="x"), valid_from=MAY, actor=keeper(several.city), at=AUGUST
        )


def test_a_station_that_waits_under_a_province_of_before_is_put_right_by_the_city_of_today(
    client: Client, several, acting, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: AUGUST)
    made = add(several, a_station("T2", several.small))
    acting(keeper(*queries.unit_ids_under(several.city, as_of=AUGUST.date())))
    here = reverse("units:facility", args=[made["T2"].pk])

    assert client.post(here, {"address": "9 phố Mới", "phone": "024 999", "valid_from": "01/09/2026"}).status_code == 302
    assert "9 phố Mới" in client.get(here).content.decode()
    assert "Trạm y tế T2" in client.get("/quan-tri/co-so/", {"ngay": "2025-06-30"}).content.decode()
    assert client.post(here, {"valid_to": "01/10/2026", "reason": "Nhập vào trạm khác"}).status_code == 302
    assert Facility.objects.get(code="T2").valid_to == date(2026, 10, 1)
    with pytest.raises(NotYourDuty):
        actions.end_facility(made["T2"].pk, valid_to=THE_DAY, reason="x", actor=keeper(several.old_city), at=AUGUST)
