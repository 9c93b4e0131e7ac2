"""Outlines: what is imported, what is left out and told, which unit a point lies in, how a map is drawn."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.units import actions, queries
from thongsuot.units.boundaries import import_boundaries
from thongsuot.units.models import Boundary, Unit
from thongsuot.units.rules.outlines import BadOutline, outline_of
from thongsuot.units.tests.acting import keeper
from thongsuot.units.tests.make import LOADED_AT

pytestmark = pytest.mark.django_db

AT = LOADED_AT.replace(year=2026)
TODAY = date(2026, 6, 1)


def box(west, south, east, north):
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


def feature(code, geometry):
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


RIVER, HILL = feature("98001", box(105.0, 21.0, 105.1, 21.1)), feature("98002", box(105.1, 21.0, 105.2, 21.1))


def collection(tmp_path, *features, name="ban-do.geojson"):
    path = tmp_path / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def test_a_point_finds_its_unit_once_outlines_are_here(city, tmp_path):
    assert not queries.has_boundaries(city.city.pk, as_of=TODAY)
    assert queries.unit_at(21.05, 105.05, as_of=TODAY) is None

    report = import_boundaries(collection(tmp_path, RIVER, HILL), at=AT)
    queries.clear_caches()

    assert (report.stored, report.problems, report.overlaps) == (2, [], [])
    assert queries.has_boundaries(city.city.pk, as_of=TODAY)
    assert queries.unit_at(21.05, 105.05, as_of=TODAY).name == "Sông"
    assert queries.unit_at(21.05, 105.15, as_of=TODAY).name == "Đồi"
    assert queries.unit_at(21.05, 105.1, as_of=TODAY).code == "98001"  # on the border
    assert queries.unit_at(21.5, 105.15, as_of=TODAY) is None
    assert queries.unit_at(21.05, 105.05, as_of=date(2025, 6, 30)) is None  # not of that day


def test_a_point_costs_one_query_once_its_outline_was_read(city, tmp_path, django_assert_num_queries):
    import_boundaries(collection(tmp_path, RIVER, HILL), at=AT)
    queries.clear_caches()
    with django_assert_num_queries(3):
        queries.unit_at(21.05, 105.05, as_of=TODAY)
    with django_assert_num_queries(1):
        queries.unit_at(21.05, 105.06, as_of=TODAY)


def test_an_outline_stored_by_another_process_is_seen_at_once(city, tmp_path):
    """Whatever this process remembers: the other one cannot tell it to forget."""
    import_boundaries(collection(tmp_path, RIVER, HILL), at=AT)
    assert queries.unit_at(21.05, 105.05, as_of=TODAY).name == "Sông"
    smaller = box(105.0, 21.0, 105.1, 21.02)
    Boundary.objects.filter(unit=city.river).update(geometry=smaller)  # its box is still the old one

    assert queries.unit_at(21.05, 105.05, as_of=TODAY) is None


def test_the_same_file_again_changes_nothing(city, tmp_path):
    path = collection(tmp_path, RIVER, HILL)
    import_boundaries(path, at=AT)
    events = Event.objects.count()

    again = import_boundaries(path, at=AT)

    assert (again.stored, again.unchanged) == (0, 2)
    assert Event.objects.count() == events


def test_a_better_outline_takes_the_place_of_the_old_one(city, tmp_path):
    import_boundaries(collection(tmp_path, RIVER, HILL), at=AT)

    report = import_boundaries(collection(tmp_path, feature("98001", box(105.0, 21.0, 105.1, 21.2))), at=AT)

    assert (report.stored, Boundary.objects.count()) == (1, 2)
    assert queries.unit_at(21.15, 105.05, as_of=TODAY).name == "Sông"


def test_an_outline_gives_its_unit_a_point_inside_and_an_area(city, tmp_path):
    import_boundaries(collection(tmp_path, RIVER), at=AT)

    river = Unit.objects.get(pk=city.river.pk)
    assert (21.0 < river.latitude < 21.1, 105.0 < river.longitude < 105.1) == (True, True)
    assert river.area_km2 == pytest.approx(11.12 * 10.38, rel=0.01)


def test_what_is_broken_is_told_and_the_rest_is_stored(city, tmp_path):
    bow_tie = {"type": "Polygon", "coordinates": [[[105, 21], [105.1, 21.1], [105.1, 21], [105, 21.1], [105, 21]]]}
    report = import_boundaries(
        collection(
            tmp_path,
            RIVER,
            feature("98002", bow_tie),
            feature("98002", {"type": "Point", "coordinates": [105, 21]}),
            feature("98002", {"type": "Polygon", "coordinates": "x"}),
            feature("98002", box(21.0, 105.0, 21.1, 105.1)),  # latitude and longitude exchanged
            feature("98002", {"type": "Polygon", "coordinates": [[[float("nan"), 21], [105.1, 21], [105.1, 21.1], [105, 21]]]}),
            feature("12345", box(105.3, 21.0, 105.4, 21.1)),
            feature("98001", box(105.3, 21.0, 105.4, 21.1)),
            {"type": "Feature", "geometry": box(105.3, 21.0, 105.4, 21.1)},
            "nonsense",
        ),
        at=AT,
    )

    assert report.stored == 1
    assert [re.match(r"Hình (\d+)", problem)[1] for problem in report.problems] == [str(n) for n in range(2, 11)]
    assert list(Boundary.objects.values_list("unit__code", flat=True)) == ["98001"]


def test_outlines_that_lie_over_each_other_are_named(city, tmp_path):
    report = import_boundaries(collection(tmp_path, RIVER, feature("98002", box(105.05, 21.0, 105.2, 21.1))), at=AT)

    assert report.overlaps == [("98001", "98002")]


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"features": {}}', '{"type": "Feature"}', "[" * 100_000])
def test_a_file_that_is_no_collection_is_refused(city, tmp_path, content):
    path = tmp_path / "hong.geojson"
    path.write_text(content)

    with pytest.raises(BadInput):
        import_boundaries(path, at=AT)

    assert not Boundary.objects.exists()


def test_a_missing_file_is_told_by_its_name_alone(city, tmp_path):
    with pytest.raises(BadInput) as refusal:
        import_boundaries(tmp_path / "khong-co.geojson", at=AT)

    assert "khong-co.geojson" in refusal.value.message()
    assert str(tmp_path) not in refusal.value.message()


def test_only_who_manages_the_city_replaces_its_map(city):
    outline = outline_of(RIVER)

    with pytest.raises(NotYourDuty):
        actions.put_boundaries([(city.river.pk, outline)], source="x", actor=keeper(city.river.pk), at=AT)

    assert not Boundary.objects.exists()
    assert actions.put_boundaries([(city.river.pk, outline)], source="x", actor=keeper(city.city.pk), at=AT) == 1


def test_a_map_shows_the_unit_whole_and_its_neighbours_cut(city, tmp_path):
    import_boundaries(collection(tmp_path, RIVER, HILL), at=AT)

    drawing = queries.map_of(city.river.pk, as_of=TODAY)

    assert set(drawing.paths) == {city.river.pk, city.hill.pk}
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", drawing.paths[city.river.pk])]
    assert all(0 <= x <= drawing.width for x in numbers[::2])
    assert all(0 <= y <= drawing.height for y in numbers[1::2])
    assert city.river.pk in drawing.labels
    assert queries.map_of(city.city.pk, as_of=TODAY).paths.keys() == drawing.paths.keys()


def test_a_point_stands_on_the_map_where_it_is_and_nowhere_outside(city, tmp_path):
    import_boundaries(collection(tmp_path, RIVER, HILL), at=AT)
    drawing = queries.map_of(city.river.pk, as_of=TODAY)
    inside = Boundary.objects.get(unit=city.river)
    west, east = (drawing.place(inside.south, longitude) for longitude in (inside.west, inside.east))
    north = drawing.place(inside.north, inside.west)

    assert west[0] < east[0]
    assert north[1] < west[1]
    assert drawing.place(10.0, 106.0) is None
    assert drawing.place(None, None) is None


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({}, "no_code"),
        ({"id": "1"}, "not_an_area"),
        ({"id": "1", "geometry": {"type": "Polygon", "coordinates": []}}, "broken"),
        ({"id": "1", "geometry": {"type": "MultiPolygon", "coordinates": [[[[1, 2], [3, 4]]]]}}, "broken"),
        ({"id": "1", "geometry": box(2.0, 48.0, 2.5, 49.0)}, "elsewhere"),
    ],
)
def test_a_feature_that_is_no_outline_says_why(wrong, reason):
    with pytest.raises(BadOutline) as refusal:
        outline_of(wrong)

    assert refusal.value.reason == reason
