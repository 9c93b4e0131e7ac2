"""How the API says no, and how it describes itself."""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from ninja import Router
from ninja.security import HttpBearer

from thongsuot.config import wsgi
from thongsuot.config.api import Api, _made, operations


class NoKeyFits(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> None:
        return None


router = Router(tags=["trial"])


@router.get("/twice/{number}")
def twice(request: HttpRequest, number: int, times: int = 2):
    return {"answer": number * times}


@router.post("/closed", auth=NoKeyFits())
def closed(request: HttpRequest):
    return {}


@pytest.fixture(scope="module")
def trial() -> Api:
    """The real thing with one more router; its own namespace, as ninja wants."""
    api = _made(namespace="trial")
    api.add_router("/trial", router)
    return api


@pytest.fixture
def ask(trial):
    views = {str(pattern.pattern): pattern.callback for pattern in trial.urls[0]}

    def run(method: str, path: str, **kwargs):
        return views[path](RequestFactory().generic(method, f"/api/v1/{path}"), **kwargs)

    return run


def said(response) -> dict:
    import json

    assert response["Content-Type"] == "application/problem+json"
    return json.loads(response.content)


def test_a_parameter_that_does_not_fit_is_named_beside_its_reason(ask):
    answer = ask("GET", "trial/twice/<number>", number="bảy")

    assert answer.status_code == 422
    assert said(answer)["type"] == "urn:thongsuot:kernel.bad_input"
    assert list(said(answer)["problems"]) == ["number"]


def test_a_call_without_a_good_key_is_401_and_says_how_to_send_one(ask):
    answer = ask("POST", "trial/closed")

    assert answer.status_code == 401
    assert said(answer)["type"] == "urn:thongsuot:api.no_key"
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_method_that_is_not_taken_is_405_and_names_those_that_are(ask):
    answer = ask("DELETE", "trial/closed")

    assert answer.status_code == 405
    assert said(answer)["type"] == "urn:thongsuot:api.method"
    assert answer["Allow"] == "POST"


def test_an_address_that_is_not_there_is_404_as_problem_details(client):
    answer = client.get("/api/v1/nowhere")

    assert answer.status_code == 404
    assert said(answer)["status"] == 404


def test_the_description_is_openapi_3_1_and_every_operation_says_how_it_refuses(client):
    schema = client.get("/api/v1/openapi.json").json()

    assert schema["openapi"].startswith("3.1")
    found = list(operations(schema))
    assert found
    for method, path, operation in found:
        assert operation["summary"], (method, path)
        assert "application/problem+json" in operation["responses"]["default"]["content"], (method, path)
    ids = [operation["operationId"] for _, _, operation in found]
    assert len(ids) == len(set(ids))


def test_what_the_description_says_of_keys_is_what_the_api_asks_for(client):
    schema = client.get("/api/v1/openapi.json").json()

    for method, path, operation in operations(schema):
        if operation.get("security"):
            address = re.sub(r"{[^}]*}", "1", path)
            assert client.generic(method, address).status_code == 401, (method, path)


def test_people_can_read_the_description_too(client, db):
    page = client.get("/api/v1/docs")

    assert page.status_code == 200
    assert page["Content-Type"].startswith("text/html")
    text = page.content.decode()
    for _method, path, _operation in operations(client.get("/api/v1/openapi.json").json()):
        assert path in text
    assert "<script>" not in text
    assert "cdn." not in text


def test_programs_pass_the_short_way_and_pages_the_long_one(monkeypatch):
    passed = []
    monkeypatch.setattr(wsgi, "programs", lambda environ, start: passed.append("short") or [])
    monkeypatch.setattr(wsgi, "pages", lambda environ, start: passed.append("long") or [])

    for path in ("/api/v1/dossiers", "/healthz", "/api/v1/docs", "/"):
        wsgi.application({"PATH_INFO": path}, lambda *_: None)

    assert passed == ["short", "short", "long", "long"]
