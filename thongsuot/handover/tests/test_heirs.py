"""Which successor a thing goes to by what it says: names of places to the letter, points where there are outlines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from thongsuot.handover.tests.make import JULY, MIDNIGHT, PAIRS, Eve, decide, make_eve, make_plan
from thongsuot.units.boundaries import import_boundaries
from thongsuot.units.facts import PlannedSuccessionFact
from thongsuot.units.heirs import Clue, Heirs, Rule, heirs_on
from thongsuot.units.tests.test_outlines import HILL, RIVER, collection

DAY = MIDNIGHT.date()
# Of Chợ one successor got what is named longer and with noughts, the other what is named shorter.
BY_NAMES = (
    *(pair for pair in PAIRS if pair.old_code != "98102"),
    PlannedSuccessionFact(
        old_code="98102", new_code="98001", extent="part", likeliest=True, places=("phố Hạ Long", "tổ 00", "thôn 10", "Cầu")
    ),
    PlannedSuccessionFact(old_code="98102", new_code="98002", extent="part", places=("phố Hạ", "tổ 12", "thôn Long")),
)


def make_decided() -> Eve:
    made = make_eve()
    decide(made, make_plan(BY_NAMES))
    return made


@pytest.fixture(scope="module")
def begins_with() -> Callable[[], Eve]:
    return make_decided


@pytest.mark.parametrize(
    ("address", "new"),
    [
        ("3 phố Hạ Long, phường Chợ", "98001"),  # the longest name decides
        ("3 phố Hạ, phường Chợ", "98002"),
        ("phố Hạ", "98002"),
        ("ngõ 3 phố Hạ", "98002"),
        ("tổ 0, phường Chợ", "98001"),
        ("tổ 12, phường Chợ", "98002"),
        ("thôn 10, phường Chợ", "98001"),
        ("thôn 1, phường Chợ", None),
        ("xóm Cầu, phường Chợ", "98001"),
        ("phố Hạ, quận Giữa", "98002"),  # the district alone says nothing against
        ("phố Hạ, phường Bến", None),  # elsewhere, whatever the street is called
        ("phố Hạ, tổ 00", None),  # two places of one length in two parts
    ],
)
def test_the_longest_name_of_a_place_decides_and_numbers_are_numbers(eve, address, new):
    found = Heirs(DAY).choose(eve.unit("98102"), Clue(addresses=(address,)))
    assert (found.to_unit_id, found.rule) == ((eve.unit(new), Rule.PLACE) if new else (None, Rule.NOBODY))


@pytest.mark.parametrize(
    ("old", "address", "new", "rule"),
    [
        ("98101", "", "98001", Rule.WHOLE),
        ("98101", "phố Hạ, phường Đồi", "98001", Rule.WHOLE),  # all of it went there, whatever is written
        ("98104", "", "98002", Rule.WHOLE),  # land alone takes no people along
        ("98102", "1 ngõ Gạch, phường Sông", "98001", Rule.ADDRESS),
        ("98102", "1 ngõ Gạch, phường Đồi", "98002", Rule.ADDRESS),
        ("98102", "1 ngõ Gạch, phường Chợ", None, Rule.NOBODY),
        ("980", "1 ngõ Gạch, phường Bến", "98001", Rule.ADDRESS),  # a district's, by the commune that lay in it
        ("980", "1 ngõ Gạch, phường Đình", "98002", Rule.ADDRESS),
        ("980", "thôn 10, phường Chợ", "98001", Rule.PLACE),
        ("980", "phố Hạ", None, Rule.NOBODY),  # a street of that name may run through any of its communes
    ],
)
def test_the_surest_that_is_told_decides(eve, old, address, new, rule):
    found = Heirs(DAY).choose(eve.unit(old), Clue(addresses=(address,)))
    assert (found.to_unit_id, found.rule) == (eve.unit(new) if new else None, rule)


def test_nobody_succeeds_who_is_no_unit_of_territory(eve):
    assert Heirs(DAY).of(0) == []


def test_what_stays_whole_goes_to_its_only_heir_or_to_who_is_named_for_it_or_to_what_lay_above(eve):
    for old, keeper, rule in (
        ("98101", eve.unit("98001"), Rule.WHOLE),
        ("98104", eve.unit("98002"), Rule.WHOLE),
        ("98102", eve.unit("98001"), Rule.KEEPER),
        ("980", eve.city.pk, Rule.KEEPER),
    ):
        found = Heirs(DAY).keeper(eve.unit(old))
        assert (found.to_unit_id, found.rule, found.candidates) == (keeper, rule, ())


def test_outlines_that_are_here_are_asked_as_of_the_day(eve, tmp_path):
    import_boundaries(collection(tmp_path, RIVER, HILL), at=JULY)
    for latitude, longitude, new in ((21.05, 105.05, "98001"), (21.05, 105.15, "98002")):
        found = heirs_on(DAY, city_id=eve.city.pk).choose(eve.unit("98102"), Clue(point=(latitude, longitude)))
        assert (found.to_unit_id, found.rule) == (eve.unit(new), Rule.POINT)
        assert heirs_on(DAY).choose(eve.unit("98102"), Clue(point=(latitude, longitude))).rule == Rule.NOBODY
    nowhere = heirs_on(DAY, city_id=eve.city.pk).choose(eve.unit("98102"), Clue(point=(25.0, 105.0)))
    assert (nowhere.to_unit_id, nowhere.rule) == (None, Rule.NOBODY)


def test_a_point_decides_where_an_outline_of_a_successor_holds_it_and_after_every_address(eve):
    old, upper, lower = eve.unit("98102"), eve.unit("98001"), eve.unit("98002")
    asked: list[tuple[float, float]] = []

    def unit_at(latitude: float, longitude: float) -> int | None:
        asked.append((latitude, longitude))
        return lower if latitude > 21 else eve.city.pk

    heirs = Heirs(DAY, unit_at=unit_at)
    assert heirs.choose(old, Clue(point=(21.5, 105.8))).to_unit_id == lower
    assert heirs.choose(old, Clue(point=(21.5, 105.8))).rule == Rule.POINT
    outside = heirs.choose(old, Clue(point=(20.5, 105.8)))
    assert (outside.to_unit_id, outside.rule, outside.candidates) == (None, Rule.NOBODY, (upper, lower))
    assert asked == [(21.5, 105.8), (21.5, 105.8), (20.5, 105.8)]
    assert heirs.choose(old, Clue(addresses=("phố Hạ Long",), point=(21.5, 105.8))).to_unit_id == upper
    assert Heirs(DAY).choose(old, Clue(point=(21.5, 105.8))).rule == Rule.NOBODY


def test_without_outlines_points_are_not_asked_for_and_a_unit_lies_in_the_city_of_the_day(eve):
    point = Clue(point=(21.5, 105.8))
    for heirs in (heirs_on(DAY), heirs_on(DAY, city_id=eve.city.pk)):
        assert heirs.day == DAY
        assert heirs.choose(eve.unit("98102"), point).rule == Rule.NOBODY
        assert heirs.city_of(eve.unit("98102")) == heirs.city_of(eve.unit("980")) == eve.city.pk
