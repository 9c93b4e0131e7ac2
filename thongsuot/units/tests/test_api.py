"""Units over HTTP: open to everyone, as of a day, refusals as problem details."""

from __future__ import annotations

import json

import pytest

from thongsuot.units.boundaries import import_boundaries
from thongsuot.units.tests.test_outlines import AT, HILL, RIVER

pytestmark = pytest.mark.django_db


def get(client, path, **query):
    answer = client.get(f"/api/v1{path}", query)
    return answer.status_code, json.loads(answer.content)


def test_units_are_listed_as_of_a_day(client, city):
    _, now = get(client, "/units", parent="98", as_of="2025-07-01")
    _, before = get(client, "/units", parent="98", as_of="2025-06-30", level="commune")
    _, some = get(client, "/units", parent="98", as_of="2025-07-01", q="DOI")
    _, provinces = get(client, "/units")

    assert [row["name"] for row in now["items"]] == ["Đồi", "Sông"]
    assert [row["full_name"] for row in before["items"]] == ["Phường Bến", "Phường Chợ"]
    assert [row["code"] for row in some["items"]] == ["98002"]
    assert [row["code"] for row in provinces["items"]] == ["98"]


def test_one_unit_tells_what_it_was_made_of_and_where_people_go(client, city):
    status, river = get(client, "/units/98001", as_of="2026-01-01")

    assert status == 200
    assert (river["full_name"], river["agency_identifier"]) == ("Phường Sông", "H98.104")
    assert river["agency_identifier_is_example"]
    assert {(change["code"], change["extent"]) for change in river["made_of"]} == {("98101", "whole"), ("98102", "part")}
    assert river["service_points"][0]["managed_by"] == "Trung tâm Phục vụ hành chính công"
    assert river["parent"]["code"] == "98"


def test_an_ended_unit_resolves_for_ever(client, city):
    _, market = get(client, "/units/98102", as_of="2030-01-01")

    assert market["valid_to"] == "2025-07-01"
    assert {change["code"]: change["likeliest"] for change in market["became"]} == {"98001": True, "98002": False}


def test_an_address_gives_its_units_and_how_sure_it_is(client, city):
    _, split = get(client, "/units/find", q="phuong cho, quan giua", as_of="2026-01-01")
    _, whole = get(client, "/units/find", q="phường Bến", as_of="2026-01-01")
    _, unknown = get(client, "/units/find", q="zzz", as_of="2026-01-01")

    assert (split["certainty"], [one["unit"]["name"] for one in split["candidates"]]) == ("one_of_several", ["Sông", "Đồi"])
    assert (whole["certainty"], whole["candidates"][0]["service_points"][0]["is_example"]) == ("certain", True)
    assert whole["read_as"][0]["text"] == "Phường Bến, Quận Giữa, Thành phố Ví Dụ"
    assert (unknown["certainty"], unknown["candidates"]) == ("unknown", [])
    assert unknown["remarks"]


def test_a_point_gives_its_unit(client, city, tmp_path):
    path = tmp_path / "ban-do.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [RIVER, HILL]}))
    assert get(client, "/units/at", lat=21.05, lon=105.05)[0] == 404
    import_boundaries(path, at=AT)

    status, found = get(client, "/units/at", lat=21.05, lon=105.05)

    assert (status, found["unit"]["code"]) == (200, "98001")


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/units/abc", {}, 422),
        ("/units/1", {}, 422),
        ("/units/11111", {}, 404),
        ("/units", {"parent": "11"}, 404),
        ("/units", {"parent": "x"}, 422),
        ("/units", {"level": "planet"}, 422),
        ("/units", {"as_of": "hôm nay"}, 422),
        ("/units/find", {}, 422),
        ("/units/find", {"q": ""}, 422),
        ("/units/find", {"q": " "}, 422),
        ("/units/find", {"q": "a" * 301}, 422),
        ("/units/at", {"lat": "nan", "lon": "1"}, 422),
        ("/units/at", {"lat": "100", "lon": "1"}, 422),
        ("/units/at", {}, 422),
    ],
)
def test_bad_questions_are_problems_with_a_sentence(client, city, path, query, status):
    answer = client.get(f"/api/v1{path}", query)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["detail"]
