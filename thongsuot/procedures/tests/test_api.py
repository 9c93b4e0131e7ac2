import json
from datetime import date

import pytest
from django.test import Client

from thongsuot.procedures.catalogue_files import DATA, examples_of, versions_of
from thongsuot.procedures.tests.make import make_competence, make_procedure
from thongsuot.procedures.tests.test_pages import publish_shipped
from thongsuot.units.tests.make import make_city

pytestmark = pytest.mark.django_db
DAY = "2026-03-10"


@pytest.fixture(scope="module")
def begins_with():
    return make_city_with_procedures


@pytest.fixture(autouse=True)
def our_city(settings):
    settings.CITY_CODE = "98"


def make_city_with_procedures():
    made = make_city()
    for code in ("1.001193", "2.000815"):
        publish_shipped(code, versions_of(DATA / "procedures" / f"{code}.json")[-1][1], made)
    return made


def get(path, **query):
    return Client().get(f"/api/v1{path}", query)


def post(path, body):
    content = body if isinstance(body, str) else json.dumps(body)
    return Client().post(f"/api/v1{path}", content, content_type="application/json")


def test_the_catalogue_is_searched(made):
    found = get("/procedures", q="khai sinh", on=DAY).json()
    assert (found["total"], found["page"], found["pages"]) == (1, 1, 1)
    assert found["items"][0]["code"] == "1.001193"
    assert found["items"][0]["limit"] == {"value": 1, "unit": "same_day"}
    assert get("/procedures", unit=made.river.code, on=DAY).json()["items"][0]["competence"] == "decentralised"
    assert get("/procedures", on="2020-01-01").json()["total"] == 0


def test_one_procedure_comes_whole_with_its_form(made):
    view = get("/procedures/1.001193", on=DAY).json()
    assert view["form_schema"]["properties"]["child_sex"]["x-labels"] == {"male": "Nam", "female": "Nữ"}
    assert list(view["form_schema"]["properties"])[:2] == ["requester_name", "requester_id"]
    assert {"counted": True, "parallel_opinions": False}.items() <= view["steps"][0].items()
    assert view["changes_on"] is None
    make_procedure("1.001193", valid_from=date(2027, 3, 1))
    assert get("/procedures/1.001193", on=DAY).json()["changes_on"] == "2027-03-01"


def test_whether_a_unit_may_resolve_it(made):
    right = get("/procedures/1.001193/competence", unit=made.river.code, on=DAY).json()
    assert (right["kind"], right["of_the_unit"], right["body_kind"]) == ("decentralised", False, "people_committee")
    make_procedure("9.000001")
    make_competence("9.000001", city_id=made.city.pk, kind="delegated", valid_to=date(2026, 1, 1))
    ended = get("/procedures/9.000001/competence", unit=made.river.code, on=DAY)
    assert ended.status_code == 409
    assert ended.json()["type"] == "urn:thongsuot:procedures.competence_ended"
    assert ended.json()["ended_on"] == "2026-01-01"
    assert get("/procedures/1.001193/competence", unit="98", on=DAY).json()["type"] == "urn:thongsuot:procedures.not_competent"


def test_fees_by_quantities_and_by_a_filled_in_form(made):
    by_count = post("/procedures/2.000815/fees", {"quantities": {"pages": 500, "copies": 2}, "on": DAY}).json()
    assert by_count["total_dong"] == 400_000
    by_form = post("/procedures/2.000815/fees", {"form": examples_of("2.000815")["good"], "on": DAY}).json()
    assert by_form["total_dong"] == 10_000
    assert "3 trang" not in by_form["lines"][0]["how"]
    assert "2 trang × 2.000 đồng + 1 trang × 1.000 đồng" in by_form["lines"][0]["how"]


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (404, lambda: get("/procedures/9.999999")),
        (404, lambda: get("/procedures/../../etc/passwd")),
        (404, lambda: get("/procedures", unit="99999")),
        (422, lambda: get("/procedures", unit="x")),
        (409, lambda: get("/procedures/1.001193", on="2020-01-01")),
        (422, lambda: get("/procedures", on="hôm qua")),
        (422, lambda: get("/procedures", page="0")),
        (422, lambda: get("/procedures", q="x" * 201)),
        (422, lambda: post("/procedures/2.000815/fees", {"quantities": {"pages": -1}})),
        (422, lambda: post("/procedures/2.000815/fees", {"quantities": {"pages": "2 trang"}})),
        (422, lambda: post("/procedures/2.000815/fees", {"channel": 9})),
        (422, lambda: post("/procedures/2.000815/fees", {"form": {"x": 1}})),
        (422, lambda: post("/procedures/1.001193/fees", {"form": {}, "on": DAY})),
        (400, lambda: post("/procedures/2.000815/fees", "{")),
        (404, lambda: post("/procedures/9.999999/fees", {})),
    ],
)
def test_a_bad_question_gets_problem_details(made, status, answer):
    response = answer()
    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("application/problem+json")
    assert response.json()["type"].startswith("urn:thongsuot:")
