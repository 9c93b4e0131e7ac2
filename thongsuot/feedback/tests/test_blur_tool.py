"""The tool by which parts of a picture are hidden, in a real browser, on a page of this test's own."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path
from playwright.sync_api import expect

from thongsuot.feedback.pictures import Box, blurs_from, rows_of
from thongsuot.feedback.pictures.blurs import BlurNotUsable
from thongsuot.feedback.tests.photos import jpeg, scene
from thongsuot.people.tests.windows import look, opened, window
from thongsuot.web.tests.chromium import SCREEN, chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = """{% extends "web/staff.html" %}
{% import "web/components.html" as c with context %}
{% import "feedback/_blur.html" as blur with context %}
{% block title %}Che ảnh{% endblock %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static("feedback/feedback.css") }}">
<script src="{{ static("feedback/blur.js") }}" defer></script>{% endblock %}
{% block work %}<h1>Che ảnh</h1>{% if refused %}<p role="alert">{{ refused }}</p>{% endif %}
<form method="post" class="stack">{{ c.csrf() }}
{{ blur.tool("/anh-mau.jpg", rows, alt="Ảnh hiện trường mẫu") }}{{ c.button("Lưu") }}</form>{% endblock %}"""
kept: list[list[Box]] = []


def page(request):
    refused, rows = "", rows_of([Box(0.1, 0.2, 0.3, 0.1)])
    if request.method == "POST":
        rows = rows_of(request.POST)
        try:
            boxes = blurs_from(request.POST)
        except BlurNotUsable as refusal:
            refused = refusal.message()
        else:
            if "viec" not in request.POST:
                kept.append(boxes)
    return HttpResponse(engines["jinja2"].from_string(PAGE).render({"rows": rows, "refused": refused}, request))


def picture(request):
    return HttpResponse(jpeg(scene()), content_type="image/jpeg")


urlpatterns = [path("che-anh/", page), path("anh-mau.jpg", picture), path("", include("thongsuot.config.urls"))]


@pytest.fixture(autouse=True)
def page_of_this_test(settings):
    settings.ROOT_URLCONF = __name__
    kept.clear()


@pytest.fixture(scope="module")
def browser():
    with chromium() as one:
        yield one


def box(tool, number):
    return tool.get_by_role("button", name=f"Vùng {number}:")


def numbers(tool, row):
    return [one.input_value() for one in tool.locator("[data-blur-row]").nth(row).locator("input").all()]


def save(tool):
    tool.get_by_role("button", name="Lưu").click()
    tool.wait_for_load_state()
    return [(one.left, one.top, one.width, one.height) for one in kept[-1]]


def test_by_pointer_a_box_is_drawn_moved_and_resized(browser, live_server):
    with window(browser, live_server.url, viewport={"width": SCREEN, "height": 1200}) as context:
        tool, complaints = opened(context, "/che-anh/")
        frame = tool.locator("[data-blur-stage]").bounding_box()

        def drag(start, end):
            place = [(frame["x"] + x * frame["width"] / 100, frame["y"] + y * frame["height"] / 100) for x, y in (start, end)]
            tool.mouse.move(*place[0])
            tool.mouse.down()
            tool.mouse.move(*place[1], steps=4)
            tool.mouse.up()

        drag((80, 70), (60, 50))
        assert [round(float(one)) for one in numbers(tool, 1)] == [60, 50, 20, 20]
        expect(box(tool, 2)).to_be_focused()
        drag((70, 55), (50, 95))
        assert [round(float(one)) for one in numbers(tool, 1)] == [40, 80, 20, 20], "it stays within the picture"
        drag((59, 99), (54, 89))
        assert [round(float(one)) for one in numbers(tool, 1)] == [40, 80, 15, 10]
        drag((90, 10), (90.2, 10.2))
        expect(tool.locator(".blur__box")).to_have_count(2)
        tool.get_by_label("Rộng (%)").nth(0).fill("55,5")
        assert tool.locator(".blur__box").first.evaluate("one => one.style.width") == "55.5%"
        look(tool, complaints)
        assert save(tool)[0] == (0.1, 0.2, 0.555, 0.1)
        assert complaints == []


def test_by_keys_and_by_buttons_a_box_is_added_moved_resized_and_taken_away(browser, live_server):
    with window(browser, live_server.url, viewport={"width": 360, "height": 800}) as context:
        tool, complaints = opened(context, "/che-anh/")
        tool.get_by_role("button", name="Thêm một vùng").focus()
        tool.keyboard.press("Enter")
        expect(box(tool, 2)).to_be_focused()
        assert numbers(tool, 1) == ["40", "40", "20", "20"]
        for key in ("ArrowLeft", "ArrowDown", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowUp"):
            tool.keyboard.press(key)
        assert numbers(tool, 1) == ["39", "42", "21", "19"]
        expect(tool.locator("[data-blur-say]")).to_have_text("Vùng 2: trái 39 %, trên 42 %, rộng 21 %, cao 19 %.")
        for name in ("Sang phải", "Lên trên", "Cao thêm", "Hẹp lại"):
            tool.get_by_role("button", name=name).click()
        assert numbers(tool, 1) == ["40", "41", "20", "20"]

        tool.get_by_role("button", name="Thêm một vùng").click()
        expect(box(tool, 3)).to_be_focused()
        ids = tool.locator("[data-blur-row] input").evaluate_all("all => all.map((one) => one.id)")
        assert len(ids) == len(set(ids)) == 12
        look(tool, complaints)
        box(tool, 2).focus()
        tool.keyboard.press("Delete")
        expect(tool.locator("[data-blur-say]")).to_have_text("Đã bỏ vùng 2.")
        expect(box(tool, 2)).to_be_focused()
        tool.get_by_role("button", name="Bỏ vùng 1").click()
        expect(tool.locator(".blur__box")).to_have_count(1)
        assert save(tool) == [(0.4, 0.4, 0.2, 0.2)]
        assert complaints == []


def test_without_javascript_numbers_do_it(browser, live_server):
    with window(browser, live_server.url, java_script_enabled=False) as context:
        tool, _complaints = opened(context, "/che-anh/")
        expect(tool.get_by_text("Kéo trên ảnh")).to_be_hidden()
        expect(tool.get_by_role("button", name="Sang trái")).to_be_hidden()
        for side, value in zip(("Trái", "Trên", "Rộng", "Cao"), ("50", "12,5", "10", "90"), strict=True):
            tool.get_by_label(side).nth(1).fill(value)
        tool.get_by_role("button", name="Thêm một vùng").click()
        expect(tool.get_by_role("alert")).to_contain_text("Vùng 2 nằm ngoài ảnh")
        tool.get_by_label("Cao").nth(1).fill("10")
        tool.get_by_role("button", name="Thêm một vùng").click()
        expect(tool.locator("[data-blur-row]")).to_have_count(3)
        assert save(tool) == [(0.1, 0.2, 0.3, 0.1), (0.5, 0.125, 0.1, 0.1)]
