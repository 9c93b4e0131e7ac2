"""Home, what the site says of itself, language, theme and other choices."""

from __future__ import annotations

import pytest
from django.urls import reverse

from thongsuot.kernel.actor import Actor
from thongsuot.web import home, navigation, site
from thongsuot.web.confirm import confirm
from thongsuot.web.tests.page_of import tree


def page(client, path, **extra):
    answer = client.get(path, **extra)
    assert answer.status_code == 200
    return tree(answer.content.decode())


@pytest.mark.usefixtures("empty_registries")
def test_the_home_page_stands_without_any_capability(client):
    assert page(client, "/").find("h1").words == "Bạn cần làm việc gì?"


@pytest.mark.usefixtures("empty_registries")
def test_capabilities_fill_the_home_page(client):
    navigation.citizen("web:source", "Nộp hồ sơ", icon="dossier", order=1, tile="Trực tuyến, mọi lúc")
    navigation.citizen("web:accessibility", "Không có ô lớn", icon="info", order=2)
    navigation.search("home", "web:source", param="q", label="Tìm thủ tục", hint="Ví dụ: khai sinh", button="Tìm")
    home.section("test.later", lambda request: ("web/components/_said.html", {"said": "Phần sau"}), place="main", order=20)
    home.section("test.first", lambda request: ("web/components/_said.html", {"said": "Phần đầu"}), place="main", order=10)
    home.section("test.away", lambda request: None, place="side", order=1)
    found = page(client, "/")
    assert [tile.words for tile in found.all("a", class_="tile")] == ["Nộp hồ sơ Trực tuyến, mọi lúc"]
    search = found.find("form", role="search")
    assert (search.attrs["action"], search.find("input").attrs["name"]) == ("/ma-nguon/", "q")
    assert found.words.index("Phần đầu") < found.words.index("Phần sau")


@pytest.fixture(autouse=True)
def _templates(settings, tmp_path):
    """A template of some capability, for the home page."""
    folder = tmp_path / "templates" / "web" / "components"
    folder.mkdir(parents=True)
    (folder / "_said.html").write_text("<p>{{ said }}</p>")
    ours, *others = settings.TEMPLATES
    settings.TEMPLATES = [{**ours, "DIRS": [*ours["DIRS"], tmp_path / "templates"]}, *others]


def test_the_name_of_the_city_comes_from_whoever_knows_it(client, monkeypatch):
    monkeypatch.setattr(site, "_city_name", [lambda: "Hà Nội"])
    assert page(client, "/").find("a", class_="mark").attrs["aria-label"] == "Thông Suốt Hà Nội, về trang chủ"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/du-lieu-ca-nhan/", "91/2025/QH15"),
        ("/kha-nang-tiep-can/", "WCAG 2.2"),
        ("/ma-nguon/", "Apache 2.0"),
    ],
)
def test_the_site_says_what_it_does_with_data_for_whom_it_works_and_what_it_is_made_of(client, path, words):
    found = page(client, path)
    assert words in found.words
    assert found.find("title").words == f"{found.find('h1').words} - Thông Suốt"


def test_a_package_and_its_licence_are_named_without_a_version(client):
    rows = {row.find("th").words: row.find("td").words for row in page(client, "/ma-nguon/").find("tbody").all("tr")}
    assert rows["django"] == "BSD-3-Clause"
    assert rows["htmx"] == "0BSD"
    assert rows["leaflet"] == "BSD-2-Clause"
    assert "xstatic-leaflet" not in rows


def test_vietnamese_whatever_the_browser_was_installed_with(client):
    answer = client.get("/", headers={"Accept-Language": "en-US,en"})
    assert tree(answer.content.decode()).find("html").attrs["lang"] == "vi"
    assert answer.headers["Content-Language"] == "vi"


def test_english_by_choice_and_back_to_the_same_page(client):
    answer = client.post("/ngon-ngu/", {"language": "en", "next": "/ma-nguon/?a=1"})
    assert answer.headers["Location"] == "/ma-nguon/?a=1"
    cookie = answer.cookies["django_language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("en", True, "Lax")
    found = page(client, "/ma-nguon/")
    assert found.find("html").attrs["lang"] == "en"
    assert found.find("button", name="language").attrs["value"] == "vi"


@pytest.mark.parametrize("wrong", ["fr", "../x", "", "EN"])
def test_an_unknown_language_changes_nothing(client, wrong):
    answer = client.post("/ngon-ngu/", {"language": wrong})
    assert answer.status_code == 302
    assert not answer.cookies


def test_a_theme_is_remembered_and_forgotten(client):
    client.post("/tuy-chon/", {"theme": "dark"})
    found = page(client, "/")
    assert found.find("html").attrs["data-theme"] == "dark"
    assert [one.words for one in found.all("button", aria_pressed="true")] == ["Tối"]
    client.post("/tuy-chon/", {"theme": "system"})
    assert "data-theme" not in page(client, "/").find("html").attrs


def test_letters_as_keys_can_be_switched_off(client):
    client.post("/tuy-chon/", {"keys": "off"})
    assert page(client, "/").find("html").attrs["data-keys"] == "off"
    client.post("/tuy-chon/", {"keys": "on"})
    assert "data-keys" not in page(client, "/").find("html").attrs


def test_an_unknown_choice_changes_nothing(client):
    assert not client.post("/tuy-chon/", {"theme": '"><script>', "keys": "?", "lines": "9"}).cookies


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", "\\\\example.org"])
def test_no_small_form_sends_people_to_another_site(client, elsewhere):
    assert client.post("/tuy-chon/", {"theme": "dark", "next": elsewhere}).headers["Location"] == "/"
    assert client.get("/vao/", {"next": elsewhere}).headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/ngon-ngu/", "/tuy-chon/"])
def test_choices_are_made_by_post_with_a_token(path):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.get(path).status_code == 405
    answer = strict.post(path, {"theme": "dark", "language": "en"})
    assert answer.status_code == 403
    assert "đã mở quá lâu" in answer.content.decode()
    assert not {"giao_dien", "django_language"} & set(answer.cookies)


@pytest.mark.usefixtures("empty_registries")
def test_after_login_an_officer_goes_to_work_and_a_citizen_home(rf):
    from thongsuot.web.views import after_login

    navigation.staff("web:source", "Việc của tôi", icon="dossier", duty="process dossiers", order=1)
    request = rf.get("/vao/")
    request.actor = Actor(person_id=1, name="Lan", duties={"process dossiers": frozenset({7})})
    assert after_login(request).headers["Location"] == "/ma-nguon/"
    request.actor = Actor(person_id=2, name="Minh")
    assert after_login(request).headers["Location"] == "/"
    asked = rf.get("/vao/", {"next": "/kha-nang-tiep-can/"})
    asked.actor = request.actor
    assert after_login(asked).headers["Location"] == "/kha-nang-tiep-can/"


def test_a_refused_form_says_so_in_the_title(rf):
    from thongsuot.web.tests.test_components import PaperForm

    context = {"question": "Rút hồ sơ này?", "consequence": "Vẫn nộp lại được.", "button": "Rút", "cancel_href": "/"}
    wrong = tree(confirm(rf.get("/"), **context, form=PaperForm({})).content.decode())
    assert wrong.find("title").words == "Lỗi: Rút hồ sơ này? - Thông Suốt"
    fresh = tree(confirm(rf.get("/"), **context, form=PaperForm()).content.decode())
    assert fresh.find("title").words == "Rút hồ sơ này? - Thông Suốt"


def test_a_confirmation_asks_says_what_follows_and_offers_the_way_back(rf):
    found = tree(
        confirm(
            rf.get("/"),
            question="Rút hồ sơ này?",
            consequence="Vẫn nộp lại được.",
            button="Rút hồ sơ",
            cancel_href="/ho-so/7/",
            danger=True,
            hidden={"version": 3},
            summary=[("Mã hồ sơ", "H26.107-261120-0011")],
        ).content.decode()
    )
    main = found.find("main")
    form = main.find("form")
    assert form.attrs["method"] == "post"
    assert form.find("input", name="csrfmiddlewaretoken")
    assert form.find("input", name="version").attrs["value"] == "3"
    assert form.find("button", class_="btn btn--danger").words == "Rút hồ sơ"
    assert form.find("a").attrs["href"] == "/ho-so/7/"


def test_what_the_last_step_did_is_read_out(client):
    found = page(client, "/thanh-phan/")
    assert "Đã chuyển 2 hồ sơ" in found.find("div", role="status").words


def test_the_gallery_shows_every_component_in_both_frames(client):
    assert page(client, "/thanh-phan/").find("header").attrs["class"] == "top"
    officers = page(client, "/thanh-phan/?khung=can-bo")
    assert officers.find("header").attrs["class"] == "top top--staff"
    ids = [one.attrs["id"] for one in officers.all() if "id" in one.attrs]
    assert len(ids) == len(set(ids))


def test_every_entry_of_the_bars_leads_somewhere():
    assert all(reverse(name).startswith("/") for name in navigation.all_url_names())


def test_the_frame_of_a_page_asks_the_database_nothing(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        page(client, "/kha-nang-tiep-can/")
