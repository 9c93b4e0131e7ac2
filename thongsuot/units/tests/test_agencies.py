"""Bodies with a standing of their own, and who serves whom as a partner."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.units import actions, finding, loading, queries
from thongsuot.units.models import Body, Serving, Unit
from thongsuot.units.tests.make import LOADER, VIET_NAM, MadeCity, make_city

AT = datetime(2025, 10, 6, 9, tzinfo=VIET_NAM)
DAY = AT.date()


@pytest.fixture
def city(db) -> MadeCity:
    made = make_city()
    loading.load_agencies("98", at=AT)
    return made


def set_up(city: MadeCity, **changes) -> Body:
    facts = {"code": "98B01", "kind": "branch", "name": "Chi nhánh số 1", "identifier": "H98.61", "valid_from": DAY, **changes}
    return actions.set_up_agency(city.city.pk, **{"actor": LOADER, "at": AT, **facts})


def test_departments_and_partners_come_with_example_identifiers_and_a_second_load_adds_none(city):
    departments = queries.agencies_of(city.city.pk, kind="department", on=DAY)
    assert len(departments) == 13
    building = next(row for row in departments if row.full_name == "Sở Xây dựng")
    assert (building.level, building.agency_identifier, building.identifier_is_example) == ("agency", "H98.7", True)
    assert queries.city_of(building.id) == city.city.pk
    assert loading.load_agencies("98", at=AT) == 0


def test_a_department_stays_in_the_tree_of_the_city_and_is_no_commune(city):
    names = [row.name for row in queries.bodies_of(city.city.pk, as_of=DAY)]
    assert "Sở Xây dựng" in names
    assert len(names) == len(set(names))
    assert {row.level for row in queries.units_under(city.city.pk, as_of=DAY)} == {"commune"}
    found = finding.find("Sở Xây dựng, Thành phố Ví Dụ", as_of=DAY)
    assert all(one.unit.level != "agency" for one in found.candidates)


def test_hanoi_has_four_divisions_two_units_and_twelve_branches_under_its_centre():
    from thongsuot.units.files import agency_facts, city_bodies

    kinds = [fact.kind for fact in city_bodies("01") if fact.part_of == "service_centre"]
    assert (kinds.count("division"), kinds.count("public_service_unit"), kinds.count("branch")) == (4, 2, 12)
    assert sum(fact.kind == "branch" for fact in agency_facts("01")) == 12
    assert len({fact.place for fact in agency_facts("01")}) == len(agency_facts("01"))


def test_a_unit_is_served_by_its_own_partner_before_the_citys_and_from_the_day_on(city):
    tax = queries.serving("tax", unit_id=city.river.pk, on=DAY)
    assert tax.kind == "tax"
    another = set_up(city, code="98T02", kind="tax", name="Thuế cơ sở 2 (ví dụ)", identifier="H98.91")
    actions.put_serving(
        "tax",
        body_id=another.pk,
        city_id=city.city.pk,
        unit_id=city.river.pk,
        valid_from=date(2025, 11, 1),
        actor=LOADER,
        at=AT,
    )
    queries.clear_caches()
    assert queries.serving("tax", unit_id=city.river.pk, on=date(2025, 10, 31)).body_id == tax.body_id
    assert queries.serving("tax", unit_id=city.river.pk, on=date(2025, 11, 1)).body_id == another.pk
    assert queries.serving("tax", unit_id=city.hill.pk, on=date(2025, 11, 1)).body_id == tax.body_id


def test_who_served_before_ends_when_another_begins(city):
    another = set_up(city, code="98T02", kind="tax", name="Thuế cơ sở 2 (ví dụ)", identifier="H98.91")
    actions.put_serving("tax", body_id=another.pk, city_id=city.city.pk, valid_from=date(2026, 1, 1), actor=LOADER, at=AT)
    periods = Serving.objects.filter(role="tax").order_by("valid_from").values_list("valid_from", "valid_to")
    assert list(periods) == [(date(2025, 7, 1), date(2026, 1, 1)), (date(2026, 1, 1), None)]


@pytest.mark.parametrize(
    "wrong", [{"code": "98001"}, {"code": "x"}, {"name": " "}, {"kind": "x"}, {"identifier": "chi-nhanh"}, {"identifier": ""}]
)
def test_an_agency_with_something_wrong_is_refused_and_nothing_is_made(city, wrong):
    before = Unit.objects.count(), Body.objects.count()
    with pytest.raises(BadInput):
        set_up(city, **wrong)
    assert (Unit.objects.count(), Body.objects.count()) == before


def test_only_who_manages_the_city_sets_up_agencies_and_once(city):
    ward = Actor(person_id=1, name="Phường", duties={"manage units": frozenset({city.river.pk})})
    with pytest.raises(NotYourDuty):
        set_up(city, actor=ward)
    set_up(city)
    with pytest.raises(actions.AgencyAlreadySetUp):
        set_up(city)


def test_a_role_nobody_plays_is_told_in_words(city):
    Serving.objects.filter(role="police").delete()
    queries.clear_caches()
    with pytest.raises(queries.NobodyServes) as refusal:
        queries.serving("police", unit_id=city.river.pk, on=DAY)
    assert "Công an" in refusal.value.message()
