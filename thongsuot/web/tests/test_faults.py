"""Faults are told to people by a page, to htmx by a note, to programs by problem details; nothing personal is logged."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings as real_settings
from django.core.exceptions import PermissionDenied
from django.db import DataError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.web import faults, site
from thongsuot.web.tests.page_of import tree

REFUSALS = {
    "not-yours": NotYourDuty("sign results"),
    "bad": BadInput({"phone": "Số điện thoại có 10 chữ số."}),
    "gone": OperationalError("connection refused"),
    "closed": InterfaceError("connection already closed"),
    "bug": KeyError("Nguyễn Thu Hằng"),
    "forbidden": PermissionDenied(),
    "nul": ValueError("A string literal cannot contain NUL (0x00) characters."),
    "surrogate": UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    "plain-value": ValueError("something else"),
}


def raising(request: HttpRequest, which: str) -> HttpResponse:
    raise REFUSALS[which]


@csrf_exempt
def reading(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST)))


def asking(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text", [request.GET["q"]])
        cursor.execute("SELECT %s::int", [request.GET["n"]])
    return HttpResponse("ok")


def moving(request: HttpRequest) -> HttpResponse:
    from django.shortcuts import redirect

    return redirect("/ma-nguon/")


def odd(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("{}", content_type="application/json")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


urlpatterns = [
    path("thu/<slug:which>/", raising),
    path("api/v1/thu/<slug:which>/", raising),
    path("doc/", reading),
    path("api/v1/doc/", reading),
    path("hoi/", asking),
    path("di/", moving),
    path("la/", odd),
    path("", include("thongsuot.config.urls")),
]
handler400, handler403 = "thongsuot.web.views.bad_request", "thongsuot.web.views.forbidden"
handler404, handler500 = "thongsuot.web.views.not_found", "thongsuot.web.views.server_error"

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def said(answer, status):
    assert answer.status_code == status
    page = tree(answer.content.decode())
    assert page.find("title").words.endswith("- Thông Suốt")
    return page.find("main").words


def problem(answer, status, code):
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    facts = json.loads(answer.content)
    assert (facts["type"], facts["status"]) == (f"urn:thongsuot:{code}", status)
    assert facts["detail"].endswith(".")
    return facts


# --- Expected refusals ---


def test_a_refusal_is_a_page_with_a_way_back(client):
    answer = client.get("/thu/bad/", headers={"Referer": "http://testserver/thu-tuc/"})
    assert "Số điện thoại có 10 chữ số." in said(answer, 422)
    assert tree(answer.content.decode()).find("main").find("a").attrs["href"] == "http://testserver/thu-tuc/"


def test_the_way_back_never_leads_to_another_site(client):
    answer = client.get("/thu/bad/", headers={"Referer": "https://example.org/trap"})
    assert "example.org" not in answer.content.decode()


def test_a_refusal_of_a_fragment_is_a_note_in_the_status_region(client):
    answer = client.post("/thu/bad/", headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#thong-bao"
    assert tree(answer.content.decode()).find("div").attrs["class"] == "note note--bad"
    assert "<html" not in answer.content.decode()


def test_a_refusal_of_the_api_is_problem_details(client):
    facts = problem(client.get("/api/v1/thu/bad/"), 422, "kernel.bad_input")
    assert facts["problems"] == {"phone": "Số điện thoại có 10 chữ số."}


def test_a_stranger_who_meets_a_duty_is_asked_to_log_in_and_comes_back(client, monkeypatch):
    monkeypatch.setattr(site, "_href", lambda name: "/dang-nhap/")
    answer = client.get("/thu/not-yours/?a=1")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/dang-nhap/?next=%2Fthu%2Fnot-yours%2F%3Fa%3D1"


def test_a_redirect_of_a_fragment_becomes_a_whole_page(client):
    answer = client.get("/di/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/ma-nguon/")
    assert "Location" not in answer.headers
    assert client.get("/di/").status_code == 302


# --- Faults ---


def test_a_page_that_is_not_there_says_so(client):
    assert "Không có trang này" in said(client.get("/khong-co/"), 404)
    problem(client.get("/api/v1/khong-co/"), 404, "web.not_found")


def test_a_forbidden_page_says_what_to_do(client):
    assert "Hãy đăng nhập" in said(client.get("/thu/forbidden/"), 403)


@pytest.mark.parametrize("which", ["gone", "closed"])
def test_a_lost_database_is_told_as_a_short_pause(client, db, which):
    answer = client.get(f"/thu/{which}/")
    assert "tạm ngắt" in said(answer, 503)
    assert int(answer.headers["Retry-After"]) > 0
    assert int(client.get(f"/api/v1/thu/{which}/").headers["Retry-After"]) > 0
    problem(client.get(f"/api/v1/thu/{which}/"), 503, "web.unavailable")


def test_a_database_lost_before_the_view_is_told_the_same_way(client, db, monkeypatch):
    def lost(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_request", lost)
    assert "tạm ngắt" in said(client.get("/"), 503)


def test_a_lost_database_gives_its_connection_back(monkeypatch):
    given_back = []
    lost = type("Lost", (), {"close_if_unusable_or_obsolete": lambda self: given_back.append(1)})()
    monkeypatch.setattr(faults, "connection", lost)
    assert faults.known_fault(OperationalError("gone")).status == 503
    assert given_back == [1]


def test_a_bug_shows_a_code_that_is_in_the_log_and_nothing_personal(client, caplog):
    page = said(client.post("/thu/bug/"), 500)
    code = re.search(r"[A-Z]\d-\d{4}-[A-Z]{2}", page)[0]
    ours = [record.getMessage() for record in caplog.records if record.name == "thongsuot.web"]
    assert ours == [f"fault {code}: POST thu/<slug:which>/ KeyError"]
    assert "có thể chưa được ghi nhận" in page
    assert "Hằng" not in page


def test_a_bug_while_reading_reassures(client):
    assert "Không có gì bị mất" in said(client.get("/thu/bug/"), 500)


def test_a_bug_in_the_api_carries_the_same_code(client, caplog):
    facts = problem(client.get("/api/v1/thu/bug/"), 500, "web.fault")
    assert facts["incident"] in caplog.text
    assert facts["incident"] in facts["detail"]


def test_a_fault_page_that_fails_leaves_bare_words(client, monkeypatch):
    monkeypatch.setattr(faults, "_page", lambda request, fault: 1 / 0)
    answer = client.get("/thu/bug/")
    assert answer.status_code == 500
    assert "<h1>Lỗi ở phía chúng tôi" in answer.content.decode()


def test_a_code_has_no_letter_that_sounds_like_a_digit():
    for _ in range(200):
        assert re.fullmatch(r"[A-HJ-NP-Z][2-9]-[2-9]{4}-[A-HJ-NP-Z]{2}", faults.code_to_read_out())


# --- Input that no page can use ---


@pytest.mark.parametrize("address", ["/a%00b/", "/?q=%00", "/thu-tuc/?q=a%00", "/ca%CC%81/"])
def test_a_broken_address_is_refused_before_anything_reads_it(client, address):
    assert "ký tự hỏng" in said(client.get(address), 400)
    problem(client.get("/api/v1" + address), 400, "web.malformed")


def test_an_address_with_proper_marks_is_looked_for(client):
    assert client.get("/thủ-tục/").status_code == 404


@pytest.mark.parametrize("which", ["nul", "surrogate"])
def test_text_that_no_column_can_hold_is_the_senders_slip(client, which):
    assert "ký tự hỏng" in said(client.post(f"/thu/{which}/"), 400)
    problem(client.get(f"/api/v1/thu/{which}/"), 400, "web.malformed")


def test_any_other_value_error_stays_a_bug(client):
    assert client.get("/thu/plain-value/").status_code == 500


def test_a_number_beyond_every_column_is_the_senders_slip(client, db):
    assert client.get("/hoi/", {"q": "a", "n": "1"}).status_code == 200
    assert client.get("/hoi/", {"q": "a", "n": "99999999999999999999"}).status_code == 400


def test_other_errors_of_data_stay_bugs():
    assert faults.known_fault(DataError("division by zero")) is None


def test_a_body_beyond_all_measure_is_not_read(client):
    with override_settings(REQUEST_MAX_BYTES=100):
        answer = client.post("/doc/", b"x" * 101, content_type="text/plain")
        assert "quá lớn" in said(answer, 413)
        problem(client.post("/api/v1/doc/", b"x" * 101, content_type="text/plain"), 413, "web.too_large")


def test_a_length_that_is_no_number_is_refused(client):
    assert client.post("/doc/", b"x", content_type="text/plain", CONTENT_LENGTH="-1").status_code == 413


def test_a_form_larger_than_the_limit_is_told_as_too_large(client):
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=50):
        assert "quá lớn" in said(client.post("/doc/", {"a": "x" * 100}), 413)


def test_too_many_fields_are_told_so(client):
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=2):
        assert "quá nhiều ô" in said(client.post("/doc/", {"a": "1", "b": "2", "c": "3"}), 400)


def test_a_wrong_host_is_refused_without_a_bug(client):
    with override_settings(ALLOWED_HOSTS=["thongsuot.test"]):
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


# --- What every answer carries ---

STRICT = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "base-uri 'none'",
}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/khong-co/", 404),
        ("/thu/bug/", 500),
        ("/thu/gone/", 503),
        ("/thu/bad/", 422),
        ("/a%00/", 400),
        ("/di/", 302),
        ("/api/v1/thu/bad/", 422),
        ("/static/thongsuot/base.css", 200),
    ],
)
def test_every_answer_carries_the_security_headers(client, db, address, status):
    answer = client.get(address)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert set(policy) >= STRICT
    assert not any("unsafe" in part or "*" in part for part in policy)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_a_view_may_be_stricter(client):
    assert client.get("/la/").headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_pages_of_someone_logged_in_are_not_kept_by_the_browser(client):
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"
    client.cookies[real_settings.SESSION_COOKIE_NAME] = "x" * 32
    assert client.get("/khong-co/").headers["Cache-Control"] == "private, no-store"
