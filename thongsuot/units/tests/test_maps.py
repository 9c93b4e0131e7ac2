"""What maps are drawn on: outlines as GeoJSON, points where there are none, where the city lies, what lies at a point."""

from __future__ import annotations

import gzip
import json
from datetime import date

import pytest
from shapely.geometry import Point, mapping, shape

from thongsuot.units import queries
from thongsuot.units.boundaries import import_boundaries
from thongsuot.units.models import Boundary, PointDetails, Unit
from thongsuot.units.queries import outlines
from thongsuot.units.tests.acting import keeper
from thongsuot.units.tests.test_outlines import AT, HILL, RIVER, TODAY, box, collection, feature
from thongsuot.web import maps

pytestmark = pytest.mark.django_db
ADDRESS = "/xa-phuong/ranh-gioi.json"


@pytest.fixture
def drawn_city(city, tmp_path):
    """Both wards have outlines, and so has phường Bến, which ended."""
    import_boundaries(collection(tmp_path, RIVER, HILL), at=AT)
    ended = Unit.objects.get(code="98101")
    Boundary.objects.create(
        unit=ended, geometry=box(105.0, 21.0, 105.05, 21.1), west=105.0, south=21.0, east=105.05, north=21.1, source="x"
    )
    queries.clear_caches()
    return city


def features(client):
    return {one["properties"]["code"]: one for one in client.get(ADDRESS).json()["features"]}


def test_the_communes_in_force_are_there_with_code_and_name(client, drawn_city):
    answer = client.get(ADDRESS)
    found = features(client)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/geo+json")
    assert {code: one["properties"]["name"] for code, one in found.items()} == {"98001": "Phường Sông", "98002": "Phường Đồi"}
    assert found["98001"]["properties"]["id"] == drawn_city.river.pk
    assert shape(found["98001"]["geometry"]).equals(shape(RIVER["geometry"]))
    latitude, longitude = found["98001"]["properties"]["at"]
    assert shape(RIVER["geometry"]).contains(Point(longitude, latitude))


def test_without_outlines_each_commune_is_a_point_and_without_points_there_is_nothing(client, city):
    PointDetails.objects.update(latitude=None, longitude=None)
    assert features(client)["98002"]["geometry"] == {"type": "Point", "coordinates": [105.8, 21.0]}

    Unit.objects.update(latitude=None, longitude=None)
    queries.clear_caches()
    assert features(client) == {}


def test_a_commune_without_an_outline_stands_as_a_point_among_the_others(client, city, tmp_path):
    import_boundaries(collection(tmp_path, RIVER), at=AT)

    assert {code: one["geometry"]["type"] for code, one in features(client).items()} == {
        "98001": "MultiPolygon",
        "98002": "Point",
    }


def test_a_browser_that_has_it_is_not_sent_it_again_until_it_changed(client, drawn_city, tmp_path):
    first = client.get(ADDRESS)
    again = client.get(ADDRESS, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == again["Cache-Control"] == "public, max-age=600"

    import_boundaries(collection(tmp_path, feature("98001", box(105.0, 21.0, 105.1, 21.2))), at=AT)
    queries.clear_caches()  # other processes see it after ten minutes
    changed = client.get(ADDRESS, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_it_is_sent_packed_to_whoever_can_unpack_it(client, city, tmp_path):
    round_one = mapping(Point(105.05, 21.05).buffer(0.04, quad_segs=200))
    import_boundaries(collection(tmp_path, feature("98001", round_one)), at=AT)
    plain = client.get(ADDRESS)
    packed = client.get(ADDRESS, headers={"Accept-Encoding": "gzip"})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    again = client.get(ADDRESS, headers={"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]})
    assert again.status_code == 304


def test_lines_too_fine_to_be_sent_are_made_coarser_and_neighbours_still_meet(client, city, tmp_path, monkeypatch):
    disc = Point(105.1, 21.05).buffer(0.04, quad_segs=5000)
    west, east = shape(RIVER["geometry"]).difference(disc), shape(HILL["geometry"]).union(disc)
    import_boundaries(collection(tmp_path, feature("98001", mapping(west)), feature("98002", mapping(east))), at=AT)
    monkeypatch.setattr(outlines, "_LARGEST_COLLECTION", 2_000)
    content = client.get(ADDRESS).content
    found = features(client)
    left, right = (shape(found[code]["geometry"]) for code in ("98001", "98002"))

    assert len(content) <= 2_000
    assert left.intersection(right).area < 1e-6
    assert left.union(right).area == pytest.approx(0.02, rel=0.01)
    assert all(len(str(degrees)) <= 9 for degrees in json.loads(json.dumps(found["98001"]["geometry"]["coordinates"]))[0][0][1])


def test_it_costs_few_queries_once_and_then_none(client, drawn_city, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        queries.collection(drawn_city.city.pk, as_of=TODAY)
    with django_assert_max_num_queries(0):
        queries.collection(drawn_city.city.pk, as_of=TODAY)


def test_where_the_city_lies_is_known_by_its_outlines_else_by_points_else_not(city, tmp_path):
    assert queries.box_of(city.city.pk, as_of=TODAY) == (105.8, 21.0, 105.8, 21.0)

    import_boundaries(collection(tmp_path, RIVER, HILL), at=AT)
    queries.clear_caches()
    assert queries.box_of(city.city.pk, as_of=TODAY) == (105.0, 21.0, 105.2, 21.1)
    assert queries.box_of(city.city.pk, as_of=date(2024, 1, 1)) is None

    assert maps.ground().box == (105.0, 21.0, 105.2, 21.1)
    assert (maps.ground().outlines, maps.ground().where) == (ADDRESS, "/xa-phuong/o-dau.json")


def test_an_installation_without_units_shows_the_country(db, settings):
    settings.CITY_CODE = "97"
    queries.clear_caches()
    assert maps.ground().box == maps.VIET_NAM


def at(client, latitude, longitude):
    return client.post("/xa-phuong/o-dau.json", {"lat": latitude, "lon": longitude})


def test_what_lies_at_a_point_is_said_in_words(client, drawn_city):
    answer = at(client, "21.05", "105.15")
    assert answer.json() == {"id": drawn_city.hill.pk, "code": "98002", "words": "Phường Đồi"}
    assert answer["Cache-Control"] == "private, no-store"
    assert at(client, "21.5", "105.15").json() == {"words": "Nơi này nằm ngoài Thành phố Ví Dụ"}


def test_where_somebody_stood_is_in_no_address_and_no_log(client, drawn_city, caplog):
    caplog.set_level("DEBUG")
    answer = at(client, "21.05123", "105.15456")
    assert answer.json()["words"] == "Phường Đồi"
    assert "21.05123" not in answer.wsgi_request.get_full_path()
    assert [one for one in caplog.records if "21.05123" in f"{one.getMessage()} {one.__dict__}"] == []
    assert client.get("/xa-phuong/o-dau.json", {"lat": "21.05", "lon": "105.15"}).status_code == 405


def test_without_outlines_nobody_guesses_the_commune(client, city):
    assert at(client, "21.0", "105.8").json() == {"words": "Chưa rõ phường, xã: hãy tự chọn"}


@pytest.mark.parametrize(("latitude", "longitude"), [("", ""), ("x", "105"), ("91", "105"), ("nan", "105"), ("21", "1e999")])
def test_what_is_no_point_is_refused_with_a_sentence(client, city, latitude, longitude):
    answer = at(client, latitude, longitude)
    assert (answer.status_code, list(answer.json())) == (422, ["words"])


def test_whoever_may_import_outlines_is_told_on_a_map_that_there_are_none(client, city, tmp_path, acting):
    hint, page = "Chưa nạp ranh giới phường, xã", "/phan-anh/ban-do/"
    assert hint not in client.get(page).text
    acting(keeper(city.city.pk))
    shown = client.get(page).text
    assert hint in shown
    assert 'href="/quan-tri/don-vi/' in shown
    import_boundaries(collection(tmp_path, RIVER), at=AT)
    queries.clear_caches()
    assert hint not in client.get(page).text
