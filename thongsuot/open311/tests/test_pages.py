"""The page for people, whose examples are sent; keys and terms; all of it in a browser."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from thongsuot.feedback.tests.make import MONDAY
from thongsuot.open311.examples import EXAMPLES, KEY, NUMBER
from thongsuot.open311.models import AccessTerms, ApiKey
from thongsuot.open311.tests.make import FORM, Api, set_terms
from thongsuot.people.tests.make import browser_of
from thongsuot.people.tests.windows import look, opened, window
from thongsuot.web.tests.chromium import chromium


def test_each_example_of_the_page_does_what_is_said(api):
    number = api.report().number
    for example in EXAMPLES:
        path = example.path.replace(NUMBER, number)
        if example.form is None:
            answer = Client().get(path)
        else:
            said = {name: value.replace(KEY, api.key).replace(NUMBER, number) for name, value in example.form.items()}
            answer = Client().post(path, urlencode(said), content_type=FORM)
        assert answer.status_code == 200, (path, answer.content.decode())
        assert fromstring(answer.content).tag == example.root, path


def test_the_page_tells_the_terms_and_shows_the_examples(desk):
    page = Client().get("/open311/").content.decode()

    assert "Cần khóa (api_key)" in page
    assert "/open311/v2/servicerequestupdates.xml" in page
    assert "attribute[rong]=vua" in page
    set_terms(desk, keyless=True, read_hour=777)
    page = Client().get("/open311/").content.decode()
    assert "Nhận cả phần mềm không có khóa" in page
    assert "777" in page


def admin(desk) -> Client:
    return browser_of(desk.people["quan"])


def test_a_key_is_shown_once_counted_and_withdrawn(desk, clock):
    browser = admin(desk)
    said = {
        "organisation": "Hội Mẫu",
        "contact": "app@vidu.vn",
        "limit_hour": "100",
        "may_report": "on",
        "valid_from": "06/10/2025",
    }
    made = browser.post("/quan-tri/phan-anh/open311/", said).content.decode()
    secret = made.partition("<code>")[2].partition("</code>")[0]
    assert secret.startswith("o311_")
    api = Api(desk=desk, client=Client(), key=secret)
    assert api.post().status_code == 200
    assert api.get("services.xml", api_key=secret).status_code == 200

    page = browser.get("/quan-tri/phan-anh/open311/").content.decode()
    assert secret not in page
    assert "Hội Mẫu" in page
    key = ApiKey.objects.get()
    asked = browser.get(reverse("open311:withdraw", args=[key.pk]))
    assert "Thu hồi khóa của Hội Mẫu?" in asked.content.decode()
    browser.post(reverse("open311:withdraw", args=[key.pk]))
    assert "Đã thu hồi" in browser.get("/quan-tri/phan-anh/open311/").content.decode()
    assert api.post().status_code == 403
    assert "nối tiếp" in browser.post("/quan-tri/phan-anh/open311/", said | {"goes_on": str(key.pk)}).content.decode()
    assert ApiKey.objects.latest("pk").first == key


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"organisation": ""}, "Tổ chức dùng khóa"),
        ({"contact": "sai"}, "thư"),
        ({"limit_hour": "0"}, "1"),
        ({"valid_to": "01/10/2025"}, "Ngày hết hạn"),
        ({"may_report": ""}, "ít nhất một việc"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(desk, said, says):
    fine = {
        "organisation": "Hội Mẫu",
        "contact": "app@vidu.vn",
        "limit_hour": "100",
        "may_report": "on",
        "valid_from": "06/10/2025",
    }
    answer = admin(desk).post("/quan-tri/phan-anh/open311/", fine | said)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_terms_hold_from_a_day_on(desk, clock):
    browser = admin(desk)
    said = {
        "keyless": "on",
        "read_hour": "500",
        "keyless_hour": "5",
        "from_day": "08/10/2025",
        "basis": "Quyết định mẫu",
    }
    past = browser.post("/quan-tri/phan-anh/open311/dieu-kien/", said | {"from_day": "05/10/2025"})
    assert past.status_code == 422
    assert browser.post("/quan-tri/phan-anh/open311/dieu-kien/", said).status_code == 302
    api = Api(desk=desk, client=Client())
    assert api.post(api_key=None).status_code == 403
    clock.now = MONDAY + timedelta(days=2)
    assert api.post(api_key=None).status_code == 200
    assert AccessTerms.objects.get().basis == "Quyết định mẫu"


def test_nobody_else_comes_in(desk):
    for name in ("ngan", "hanh", "toan"):
        browser = browser_of(desk.people[name])
        for path in ("", "dieu-kien/"):
            assert browser.get(f"/quan-tri/phan-anh/open311/{path}").status_code == 403
    assert not ApiKey.objects.exists()


def test_faults_beside_the_interface_stay_pages(desk):
    assert "<!DOCTYPE html>" in Client().get("/open311/khong-co/").content.decode()
    assert json.loads(Client().get("/open311/v2/khong-co.json").content)[0]["code"] == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_key_in_a_browser_and_the_page_it_leads_to(desk, live_server):
    with chromium() as browser:
        keys, said = opened(window(browser, live_server.url, desk.people["quan"]), "/quan-tri/phan-anh/open311/")
        look(keys, said)
        keys.get_by_label("Tổ chức dùng khóa").fill("Hội Mẫu")
        keys.get_by_label("Thư điện tử của người phụ trách").fill("app@vidu.vn")
        keys.get_by_role("button", name="Cấp khóa").click()
        expect(keys.get_by_text("Chép ngay")).to_be_visible()
        look(keys, said)
        keys.get_by_role("link", name="Đổi điều kiện").click()
        look(keys, said)
        about, said = opened(window(browser, live_server.url), "/open311/")
        look(about, said)
