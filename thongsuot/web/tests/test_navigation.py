"""The bars: what is shown to whom, and where the reader is."""

from __future__ import annotations

import pytest
from django.shortcuts import render
from django.test import RequestFactory

from thongsuot.kernel.actor import ANYONE, Actor
from thongsuot.web import navigation, stand_ins
from thongsuot.web.tests.page_of import tree

pytestmark = pytest.mark.usefixtures("empty_registries")

LAN = Actor(person_id=1, name="Lan", post="Công chức tiếp nhận", duties={"receive dossiers": frozenset({107})})
HANH = Actor(person_id=2, name="Hạnh", post="Chủ tịch", duties=dict.fromkeys(["sign results", "see figures"], frozenset({107})))
MINH = Actor(person_id=3, name="Minh")


def request_of(actor, path="/"):
    request = RequestFactory().get(path)
    request.actor = actor
    return request


@pytest.fixture
def bars():
    navigation.staff("web:source", "Số liệu", icon="up", duty="see figures", order=30)
    navigation.staff("web:home", "Việc của tôi", icon="dossier", order=10)
    navigation.staff("web:accessibility", "Tiếp nhận", icon="ticket", duty=("receive dossiers", "hand back results"), order=20)
    navigation.citizen("web:source", "Thủ tục", icon="dossier", order=10, tile="Mọi lúc")
    navigation.person("web:personal_data", "Tài khoản", icon="user", order=10)


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (LAN, ["Việc của tôi", "Tiếp nhận"]),
        (HANH, ["Việc của tôi", "Số liệu"]),
        (Actor(person_id=4, name="Tạm nghỉ", duties={"see figures": frozenset()}), ["Việc của tôi"]),
    ],
)
def test_an_officer_sees_only_what_some_duty_opens_in_order(bars, actor, seen):
    assert [link.label for link in navigation.staff_links(request_of(actor))] == seen


def test_entries_of_one_section_open_from_one_word(monkeypatch):
    monkeypatch.setattr(navigation, "SECTIONS", (navigation.Section(begins=("/d",), label="Của tôi", icon="user"),))
    navigation.staff("web:source", "Nguồn", icon="up", order=1)
    navigation.staff("web:personal_data", "Dữ liệu", icon="user", order=2)
    alone = navigation.staff_links(request_of(LAN))
    navigation.staff("web:accessibility", "Tiếp cận", icon="info", order=3)
    monkeypatch.setattr(navigation, "SECTIONS", (navigation.Section(begins=("/",), label="Tất cả", icon="user"),))
    gathered = navigation.staff_links(request_of(LAN, "/kha-nang-tiep-can/"))

    assert [(link.label, len(link.parts)) for link in alone] == [("Nguồn", 0), ("Dữ liệu", 0)]
    assert [(link.label, link.current) for link in gathered] == [("Tất cả", True)]
    assert [part.label for part in gathered[0].parts] == ["Nguồn", "Dữ liệu", "Tiếp cận"]


def test_the_longest_fitting_address_is_the_current_one():
    navigation.citizen("web:home", "Trang chủ", icon="unit", order=1)
    navigation.citizen("web:gallery", "Thành phần", icon="info", order=2)
    current = [link.label for link in navigation.citizen_links(request_of(ANYONE, "/thanh-phan/loi/404/")) if link.current]
    assert current == ["Thành phần"]


def test_an_entry_may_answer_for_other_addresses():
    navigation.citizen("web:source", "Thủ tục", icon="dossier", order=1, match="/thu-tuc/")
    assert [link.current for link in navigation.citizen_links(request_of(ANYONE, "/thu-tuc/1.001193/"))] == [True]
    assert [link.current for link in navigation.citizen_links(request_of(ANYONE, "/ma-nguon/"))] == [False]


def seen_by(actor, path="/"):
    request = request_of(actor, path)
    return tree(render(request, "web/refused.html", {"refusal": _Refusal(), "back": ""}).content.decode())


class _Refusal:
    status = 409

    def message(self):
        return "Hồ sơ này đã được xử lý."


def test_the_bar_of_an_officer_carries_name_post_choices_and_the_way_out(bars):
    page = seen_by(LAN)
    bar = page.find("header", class_="top top--staff")
    assert "Lan" in bar.words
    assert "Công chức tiếp nhận" in bar.words
    assert "Số liệu" not in bar.words
    assert [box.attrs["aria-label"] for box in bar.all("form") if "aria-label" in box.attrs] == [
        "Nền sáng hay tối",
        "Phím tắt",
        "Danh sách",
        "Ngôn ngữ",
    ]
    forms = [form for form in bar.all("form") if form.attrs["method"] == "post"]
    assert all(form.all("input", name="csrfmiddlewaretoken") for form in forms)


def test_the_work_menu_is_there_twice_for_wide_and_narrow_screens_and_opens_without_script(bars):
    bar = seen_by(LAN).find("header")
    wide = bar.find("nav", class_="nav nav--wide")
    narrow = bar.find("details", class_="menu menu--narrow")
    assert [a.words for a in wide.all("a")] == [a.words for a in narrow.all("a")] == ["Việc của tôi", "Tiếp nhận"]
    assert narrow.find("summary").words == "Việc"


def test_a_citizen_has_the_light_bar_and_no_keys_to_switch(bars):
    bar = seen_by(MINH).find("header", class_="top")
    assert [a.words for a in bar.find("nav", aria_label="Chính").all("a")] == ["Thủ tục"]
    assert "Minh" in bar.words
    assert "Phím tắt" not in bar.words
    assert "Tài khoản" in bar.words


def test_a_stand_in_says_so_on_every_page_until_it_is_replaced():
    stand_ins.announce("login", "Đăng nhập VNeID đang được giả lập.")
    banner = seen_by(MINH).find("aside", class_="stub")
    assert "Đăng nhập VNeID đang được giả lập." in banner.words
    stand_ins.withdraw("login")
    assert "VNeID" not in seen_by(MINH).words


def test_a_demo_city_says_that_nothing_is_real(settings):
    assert "đều là giả" in seen_by(MINH).find("aside", class_="stub").words
    settings.PRODUCTION = True
    assert not seen_by(MINH).all("aside", class_="stub")
