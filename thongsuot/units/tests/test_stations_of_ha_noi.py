"""All 526 stations of Hà Nội by its real mapping, one of each old commune: 126 central ones and 400 points from a day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from thongsuot.kernel.actor import system
from thongsuot.units import actions, facility_sheets, loading, queries
from thongsuot.units.facts import ConversionFacts, CountryFacts
from thongsuot.units.files import country_facts
from thongsuot.units.models import FacilityStanding, Unit
from thongsuot.units.tests.make import VIET_NAM
from thongsuot.units.tests.stations import a_register

HOUSE = system("cli")
AUGUST = datetime(2026, 8, 3, 9, tzinfo=VIET_NAM)
D, EVE = date(2026, 10, 1), date(2026, 9, 30)


def ha_noi() -> CountryFacts:
    """Its part of the country's facts."""
    facts = country_facts()
    districts = {one.code for one in facts.units if one.level == "district" and one.parent_code == "01"}
    units = tuple(one for one in facts.units if one.code == "01" or one.parent_code in districts | {"01"})
    codes = {one.code for one in units if one.level != "province"}
    decisions = {name.decision for one in units for name in one.names}
    return replace(
        facts,
        units=units,
        decisions=tuple(one for one in facts.decisions if one.number in decisions),
        successions=tuple(one for one in facts.successions if one.old_code in codes and one.new_code in codes),
        days=(),
    )


@pytest.fixture
def city(db: None, settings: object) -> Unit:
    settings.CITY_CODE = "01"
    loading.load(ha_noi(), actor=HOUSE, at=AUGUST)
    queries.clear_caches()
    return Unit.objects.get(code="01")


def test_526_stations_become_126_and_400_points_and_what_was_can_still_be_asked(city, django_assert_max_num_queries):
    sheet = facility_sheets.read(a_register().encode(), city_id=city.pk)
    assert (sheet.lines, len(sheet.facts), sheet.bad) == (526, 526, [])
    actions.add_facilities(sheet.facts, city_id=city.pk, actor=HOUSE, at=AUGUST)
    assert len({one.unit_id for one in sheet.facts}) == 126

    draft = actions.draft_conversion(
        ConversionFacts(
            number="1/QĐ-UBND",
            title="Mỗi xã, phường một trạm y tế",
            signed_on=None,
            effective_on=D,
            expected={"health_station": 126, "health_point": 400},
        ),
        city_id=city.pk,
        actor=HOUSE,
        at=AUGUST,
    )
    with django_assert_max_num_queries(25):
        assert actions.propose_lines(draft.pk, actor=HOUSE, at=AUGUST) == 526
        assert actions.check_conversion(draft.pk, actor=HOUSE, at=AUGUST) == []
    actions.approve_conversion(draft.pk, actor=HOUSE, at=AUGUST)

    assert queries.facility_counts(city.pk, as_of=EVE) == {"health_station": 526}
    assert queries.facility_counts(city.pk, as_of=D) == {"health_station": 126, "health_point": 400}
    units = [row.id for row in queries.units_under(city.pk, as_of=D)]
    after = queries.facilities_of(units, as_of=D)
    assert len(after) == 126
    for those in after.values():
        central = [one for one in those if one.kind == "health_station"]
        assert len(central) == 1
        assert {one.parent_id for one in those if one.kind == "health_point"} <= {central[0].id}
    assert sum(map(len, queries.facilities_of(units, as_of=EVE).values())) == 526
    assert FacilityStanding.objects.filter(valid_to=D).count() == 526
    assert FacilityStanding.objects.filter(valid_from=D, valid_to=None).count() == 526
