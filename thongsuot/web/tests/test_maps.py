"""Maps of pages: what they may be drawn on, what they ask and are answered, and that nothing else comes from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, StaticFilesStorage
from django.test import RequestFactory

from thongsuot.kernel.errors import BadInput
from thongsuot.web import maps
from thongsuot.web.forms import Form
from thongsuot.web.tests.page_of import drawn

TILES = "https://ban-do.example.vn/anh/{z}/{x}/{y}.png"


@pytest.mark.parametrize(
    "template", [TILES, "https://ban-do.example.vn:8443/{z}/{x}/{y}{r}.png?khoa=a1", "https://b.example.vn/t?z={z}&x={x}&y={y}"]
)
def test_a_template_names_one_host_and_the_place_of_a_tile(template):
    assert maps.is_template(template)


@pytest.mark.parametrize(
    "template",
    [
        "",
        "http://ban-do.example.vn/{z}/{x}/{y}.png",
        "//ban-do.example.vn/{z}/{x}/{y}.png",
        "https://{s}.example.vn/{z}/{x}/{y}.png",
        "https://ban-do.example.vn/{s}/{z}/{x}/{y}.png",
        "https://ban-do.example.vn/{z}/{x}.png",
        "https://ban-do.example.vn/{z}/{x}/{y}/{y}.png",
        "https://ai:mat-khau@ban-do.example.vn/{z}/{x}/{y}.png",
        "https://*/{z}/{x}/{y}.png",
        "https://ban-do.example.vn; script-src */{z}/{x}/{y}.png",
        "https://ban-do.example.vn /{z}/{x}/{y}.png",
        "https://ban-do.example.vn/{z}/{x}/{y}.png\n",
        'https://ban-do.example.vn/{z}/{x}/{y}.png" onerror="x',
    ],
)
def test_what_is_no_template_is_told_apart(template):
    assert not maps.is_template(template)


def pictures_from(client):
    policy = client.get("/ma-nguon/").headers["Content-Security-Policy"].split("; ")
    assert [part for part in policy if "example.vn" in part] == [
        part for part in policy if part.startswith("img-src") and "https" in part
    ]
    (pictures,) = [part for part in policy if part.startswith("img-src")]
    return pictures


def test_pictures_come_from_here_and_from_the_tile_server_alone(client, settings):
    settings.MAP_TILES = ""
    assert pictures_from(client) == "img-src 'self' data:"

    settings.MAP_TILES = TILES
    assert pictures_from(client) == "img-src 'self' data: https://ban-do.example.vn"

    settings.MAP_TILES = "https://ban-do.example.vn; script-src */{z}/{x}/{y}.png"  # never started with, never believed
    assert pictures_from(client) == "img-src 'self' data:"


def test_people_are_told_who_else_learns_of_them(client, settings):
    said = "Trang có bản đồ lấy ảnh từ ban-do.example.vn"
    settings.MAP_TILES = TILES
    assert said in client.get("/du-lieu-ca-nhan/").content.decode()

    settings.MAP_TILES = ""
    assert "lấy ảnh từ" not in client.get("/du-lieu-ca-nhan/").content.decode()


class PlaceForm(Form):
    latitude = forms.CharField(label="Vĩ độ", required=False)
    longitude = forms.CharField(label="Kinh độ", required=False)
    address = forms.CharField(label="Địa chỉ", required=False)
    unit = forms.ChoiceField(label="Phường, xã", choices=[("", "Chọn"), ("7", "Phường Láng")])


PICKER = """{% import "web/map.html" as m with context %}{{ m.head() }}
{{ m.pin_picker(form["latitude"], form["longitude"], address=form["address"], unit=form["unit"]) }}"""


def test_without_script_a_place_is_written_down(settings):
    page = drawn(PICKER, form=PlaceForm({"latitude": "21.0285", "longitude": "105.8542", "address": "Ngõ 5"}))
    root = page.find("div", data_map_pin="")
    map_itself = next(one for one in root.all("div") if "data-needs-script" in one.attrs)

    assert "hidden" in map_itself.attrs
    names = ["latitude", "longitude", "address"]
    assert [page.find("input", name=name).attrs["value"] for name in names] == ["21.0285", "105.8542", "Ngõ 5"]
    assert not any(map_itself.all("input", name=name) for name in names)
    assert page.find("select", name="unit").attrs["id"] == root.attrs["data-unit"]
    assert (root.attrs["data-latitude"], root.attrs["data-longitude"]) == ("id_latitude", "id_longitude")
    assert root.attrs["data-box"] == "102.0,8.0,110.0,23.5"
    assert all(button.attrs["type"] == "button" for button in map_itself.all("button"))


def test_wrong_degrees_are_not_folded_away():
    form = PlaceForm({"unit": "7"})
    assert "open" not in drawn(PICKER, form=form).find("details").attrs
    form.add_error("latitude", "Tọa độ là một số.")
    assert "open" in drawn(PICKER, form=form).find("details").attrs


def test_the_credit_of_the_tiles_is_said_as_text(settings):
    settings.MAP_TILES, settings.MAP_CREDIT = TILES, "© Sở <b>Xây dựng</b>"
    page = drawn(PICKER, form=PlaceForm())
    assert "Ảnh bản đồ: © Sở <b>Xây dựng</b>" in page.words
    assert page.find("div", data_map_pin="").attrs["data-tiles"] == TILES

    settings.MAP_TILES = ""
    assert "Ảnh bản đồ" not in drawn(PICKER, form=PlaceForm()).words


def asked(**query):
    return maps.view_asked(RequestFactory().get("/", query))


def test_a_map_says_what_it_shows():
    view = asked(bbox="105.8,21.0,105.9,21.1", zoom="14")
    assert view == maps.View(west=105.8, south=21.0, east=105.9, north=21.1, zoom=14)
    assert view.holds(21.05, 105.85)
    assert not view.holds(21.05, 105.95)
    assert asked(bbox="-250.5,-95,400,95", zoom="0") == maps.View(west=-180, south=-90, east=180, north=90, zoom=0)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"bbox": "105.8,21.0,105.9,21.1"},
        {"zoom": "14"},
        {"bbox": "105.8,21.0,105.9", "zoom": "14"},
        {"bbox": "105.9,21.0,105.8,21.1", "zoom": "14"},
        {"bbox": "105.8,21.1,105.9,21.0", "zoom": "14"},
        {"bbox": "nan,nan,nan,nan", "zoom": "14"},
        {"bbox": "1e5,21.0,105.9,21.1", "zoom": "14"},
        {"bbox": "105.8,21.0,105.9,21.1", "zoom": "1_4"},
        {"bbox": "105.8,21.0,105.9,21.1", "zoom": "٣"},
    ],
)
def test_a_map_that_does_not_say_it_is_refused(query):
    with pytest.raises(BadInput) as refusal:
        asked(**query)
    assert "tải lại trang" in refusal.value.message()


def test_what_a_map_is_answered_is_geojson_that_nobody_keeps():
    answer = maps.features_answer(
        [
            maps.single(21.0285123, 105.8542987, title="Hố ga", state="Mới nhận", kind="new", url="/x/"),
            maps.cluster(21.0, 105.8, 12),
            maps.cell((105.8, 21.0, 105.81, 21.01), 3, "12 phản ánh"),
        ]
    )
    one, many, square = json.loads(answer.content)["features"]
    assert one["geometry"] == {"type": "Point", "coordinates": [105.8543, 21.02851]}
    assert one["properties"] == {"title": "Hố ga", "state": "Mới nhận", "kind": "new", "url": "/x/"}
    assert many["properties"] == {"count": 12}
    assert square["geometry"]["coordinates"][0][0] == square["geometry"]["coordinates"][0][-1]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_files_of_the_library_find_each_other_under_the_names_of_production(settings, tmp_path):
    """Each file is called by what is in it there: the pictures its styles name must be found under their new names."""
    source = StaticFilesStorage(location=str(Path(finders.find("leaflet/leaflet.css")).parent), base_url="/static/")
    target = ManifestStaticFilesStorage(location=str(tmp_path), base_url="/static/")
    names = ["leaflet.css", "leaflet.js", "leaflet.js.map", *(f"images/{name}" for name in source.listdir("images")[1])]
    for name in names:
        with source.open(name) as file:
            target.save(name, file)
    made = {before: after for before, after, _ in target.post_process({name: (target, name) for name in names})}

    styles = (tmp_path / made["leaflet.css"]).read_text()
    assert made["images/layers.png"] in styles
    assert "url(images/layers.png)" not in styles
    assert "//# sourceMappingURL=" + made["leaflet.js.map"] in (tmp_path / made["leaflet.js"]).read_text()
