"""What everybody may read: lists, the map, one ticket, the feed; and what must never stand in any of them."""

from __future__ import annotations

import io
import json
import logging
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from thongsuot.feedback import actions
from thongsuot.feedback.facts import PlaceFacts, SenderFacts
from thongsuot.feedback.models import Category
from thongsuot.feedback.queries import public as queries
from thongsuot.feedback.sealed import opened
from thongsuot.feedback.tests.make import DAY, MINUTE, MONDAY, a_photo
from thongsuot.feedback.views import public
from thongsuot.kernel.remember import forget_all
from thongsuot.units.models import PointDetails, Unit
from thongsuot.units.queries import clear_caches

pytestmark = pytest.mark.django_db
LIST, MAP, POINTS, FEED = "/phan-anh/", "/phan-anh/ban-do/", "/phan-anh/ban-do/diem/", "/phan-anh/tin.atom"
VIEW = {"bbox": "105.00,20.95,105.15,21.05", "zoom": "14"}
PRIVATE = SenderFacts(name="Vừ Thị Kín", phone="0912345999", email="kin@vidu.vn")
WORDS = "Ổ gà trước nhà tôi số 126, gọi 0912345999, chị Kín dặn ngã xe hai lần"
PLACE = PlaceFacts(latitude=21.0123456, longitude=105.0543219, address="126 ngõ 4 phố Bến, phường Sông")
# Columns of what was sent, who sent it and what handlers wrote: no statement behind a public page may read one.
NEVER = re.compile(
    r"feedback_(reporter|message|internalnote|routing|extension|escalation)|"
    r"\bt\.(words|address|latitude|longitude|answers|search_key|secret|key|refusal\w*|handler_id|happened_at)\b|"
    r'"feedback_(feedbackticket|answer|photo)"|original_id|shown_id|\bp\.(words|note)\b'
)


@pytest.fixture
def town(desk):
    """Two public ones of PRIVATE, the second masked; one that is not public."""
    ngan = desk.actor("ngan")
    for masked in (False, True):
        ticket = desk.accepted(sender=PRIVATE, words=WORDS, place=PLACE, masked=masked, photos=[a_photo()])
        actions.submit_answer(
            ticket.pk, "Gửi chị Kín: đã vá.", photos=[a_photo(colour=(9, 9, 99))], actor=desk.actor("toan"), at=MONDAY
        )
        reply = ticket.replies.get()
        actions.approve_answer(reply.pk, actor=desk.actor("hanh"), at=MONDAY)
        for photo in ticket.photos.all():
            actions.draw(photo.pk, actor=ngan, at=MONDAY)
        actions.publish(
            ticket.pk, question="Ổ gà sâu trên phố", answer="Đã vá xong mặt đường.", address="phố Bến", actor=ngan, at=MONDAY
        )
        desk.people[f"ticket-{masked}"] = ticket
    desk.report(words="Việc riêng chưa ai trả lời ở đây", category="den-duong")
    return desk


def texts(client, desk):
    """Every public answer there is, by its address."""
    plain, masked = desk.people["ticket-False"], desk.people["ticket-True"]
    addresses = [LIST, f"{LIST}?q=o+ga", f"{LIST}?phuong=98001", MAP, FEED, f"{FEED}?phuong=98001"]
    addresses += [reverse("feedback:one", args=[one.number]) for one in (plain, masked)]
    found = {address: client.get(address) for address in addresses}
    template, context = public.home_part(RequestFactory().get("/")) or ("", {})
    found["home"] = HttpResponse(render_to_string(template, context))
    found["points"] = client.get(POINTS, VIEW)
    found["rows"] = client.get(MAP, VIEW, headers={"hx-request": "true"})
    return found


def test_nothing_that_tells_who_or_where_exactly_is_in_any_public_answer(client, town):
    with CaptureQueriesContext(connection) as asked:
        found = texts(client, town)
    for address, answer in found.items():
        assert answer.status_code == 200, address
        text = answer.content.decode()
        assert not [one for one in ("Kín", "0912345999", "kin@vidu.vn", "126", "ngã xe", "chưa ai trả lời") if one in text], (
            address
        )
        assert not re.search(r"21\.0123456|105\.0543219|21\.01234|105\.05432", text), address
        for ticket in (town.people["ticket-False"], town.people["ticket-True"]):
            assert ticket.secret not in text, address
    assert [one["sql"] for one in asked if NEVER.search(one["sql"]) and "feedback_" in one["sql"]] == []


def test_a_masked_one_names_its_ward_alone(client, town):
    masked = town.people["ticket-True"]
    page = client.get(reverse("feedback:one", args=[masked.number])).content.decode()
    assert "Phường Sông" in page
    assert "phố Bến" not in page
    assert masked.number not in client.get(POINTS, VIEW).content.decode()


def test_one_shows_question_unit_answer_pictures_times_and_rating(client, town):
    plain = town.people["ticket-False"]
    actions.rate(plain.pk, 5, words="Cảm ơn anh Toàn", secret=plain.secret, actor=town.actor("ngan"), at=MONDAY)
    page = client.get(reverse("feedback:one", args=[plain.number])).content.decode()
    for words in ("Ổ gà sâu trên phố", "phố Bến, Phường Sông", "Phường Sông trả lời", "Đã vá xong mặt đường.", "Rất hài lòng"):
        assert words in page
    assert "Cảm ơn anh Toàn" not in page
    assert page.count("<img src=") == 2
    assert "Ảnh trước khi xử lý" in page
    assert "Ảnh sau khi xử lý" in page


def photo_address(ticket):
    return reverse("feedback:photo", args=[ticket.number, ticket.photos.order_by("pk").first().pk])


def test_a_public_picture_has_nothing_but_pixels_and_goes_with_its_ticket(client, town):
    plain = town.people["ticket-False"]
    answer = client.get(photo_address(plain))
    picture = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    assert dict(picture.getexif()) == {}
    assert answer["Cache-Control"] == "private, max-age=60"

    actions.unpublish(plain.pk, actor=town.actor("ngan"), at=MONDAY)
    assert client.get(photo_address(plain)).status_code == 404
    assert client.get(reverse("feedback:one", args=[plain.number])).status_code == 404
    assert plain.number not in client.get(LIST).content.decode()
    assert json.loads(client.get(POINTS, VIEW).content)["features"] == []


def test_a_picture_of_another_ticket_is_not_found_by_this_number(client, town):
    plain, masked = town.people["ticket-False"], town.people["ticket-True"]
    photo = plain.photos.order_by("pk").first().pk
    assert client.get(reverse("feedback:photo", args=[masked.number, photo])).status_code == 404


@pytest.mark.parametrize(
    "asked", ["q=o+ga", "q=%E1%BB%94+g%C3%A0", "phuong=98001", "linh_vuc=o-ga", "trang_thai=xong", "ngay=7", "ngay=365"]
)
def test_filters_find_it(client, town, clock, asked):
    clock.now = MONDAY + DAY
    plain = town.people["ticket-False"]
    assert plain.number in client.get(f"{LIST}?{asked}").content.decode()


@pytest.mark.parametrize("asked", ["q=khong+co", "phuong=98002", "linh_vuc=den-duong", "trang_thai=mo"])
def test_filters_leave_it_out(client, town, asked):
    page = client.get(f"{LIST}?{asked}").content.decode()
    assert town.people["ticket-False"].number not in page
    assert "Không có phản ánh nào khớp" in page


def near(client, address, latitude, longitude, **said) -> str:
    """The address to which the browser is led that said where it is."""
    led = client.post(address, {"lat": f"{latitude}", "lon": f"{longitude}", **said})
    assert (led.status_code, led.headers["Location"].startswith(f"{address}?")) == (302, True)
    return led.headers["Location"]


def test_where_the_reader_is_stands_in_no_address_and_is_forgotten_after_a_day(client, town, clock, caplog):
    with caplog.at_level(logging.INFO):
        here = near(client, LIST, 21.01312, 105.05412, linh_vuc="o-ga")
        page = client.get(here).content.decode()
    sealed = parse_qs(urlsplit(here).query)["gan"][0]
    assert opened(sealed, what="near", at=MONDAY) == "21.013 105.054", "about a hundred metres, to us alone"
    assert opened(sealed, what="words", at=MONDAY) == ""
    assert "cách đây" in page
    assert not re.search(r"21[.,]013|105[.,]054", f"{here} {page} {caplog.text}")
    clock.now = MONDAY + DAY + MINUTE
    assert "Xem cả thành phố" not in client.get(here).content.decode()
    for forged in (sealed[:-2], "x", "é", sealed[::-1]):
        assert client.get(LIST, {"gan": forged}).status_code == 200
    plain = client.get(f"{LIST}?lat=20.5&lon=105.05").content.decode()
    assert "Xem cả thành phố" not in plain, "nobody asks by a place in the address"
    assert 'method="post" data-here' in plain
    assert client.post(LIST, {"lat": "x", "lon": "1"}).headers["Location"] == f"{LIST}?"


def test_near_me_is_within_a_kilometre_and_says_how_far(client, town):
    page = client.get(near(client, LIST, 21.013, 105.054)).content.decode()
    assert town.people["ticket-False"].number not in client.get(near(client, LIST, 20.5, 105.05)).content.decode()
    assert town.people["ticket-False"].number in page
    assert town.people["ticket-True"].number not in page
    assert "cách đây" in page


def test_the_map_and_the_rows_beside_it_keep_to_what_is_near(client, town):
    """The view holds it, the kilometre does not."""
    number = town.people["ticket-False"].number
    for latitude, there in ((21.013, True), (21.03, False)):
        place = {"gan": parse_qs(urlsplit(near(client, MAP, latitude, 105.054)).query)["gan"][0]}
        rows = client.get(MAP, VIEW | place, headers={"hx-request": "true"}).content.decode()
        assert (number in rows, number in client.get(POINTS, VIEW | place).content.decode()) == (there, there)


@pytest.mark.parametrize("few", [0, 5000])
def test_near_is_a_circle_whether_read_by_place_or_by_time(client, desk, monkeypatch, few):
    monkeypatch.setattr(queries, "_SORTED", few)
    places = {"beside": (21.0188, 105.05), "corner": (21.0177, 105.0585)}  # 980 m; 800 m north and 880 m east of the middle
    numbers = {
        name: desk.published(place=PlaceFacts(latitude=at[0], longitude=at[1], address="phố Bến, phường Sông")).number
        for name, at in places.items()
    }
    page = client.get(near(client, LIST, 21.01, 105.05)).content.decode()
    assert (numbers["beside"] in page, numbers["corner"] in page) == (True, False)
    assert (
        numbers["beside"] in client.get(near(client, LIST, 21.01, 105.05, q="o ga", linh_vuc="o-ga", ngay="7")).content.decode()
    )


def test_words_are_found_in_the_part_of_the_map_that_is_shown(client, desk, monkeypatch):
    """Not among the newest of the whole city alone."""
    monkeypatch.setattr(queries, "_NEWEST", 1)
    here = desk.published(MONDAY, place=PlaceFacts(latitude=21.01, longitude=105.05, address="phố Bến, phường Sông"))
    desk.published(MONDAY + DAY, place=PlaceFacts(latitude=21.04, longitude=105.05, address="phố Bến, phường Sông"))
    found = client.get(f"{POINTS}?bbox=105.04,21.00,105.06,21.02&zoom=15&q=o+ga").content.decode()
    assert here.number in found


def test_the_day_it_was_published_is_the_day_here(client, desk, clock):
    clock.now = MONDAY.replace(hour=6) + DAY  # in London it is Monday still
    desk.published(MONDAY)
    ticket = desk.answered(MONDAY)
    actions.publish(ticket.pk, question="Ổ gà", answer="Đã vá.", address="phố Bến", actor=desk.actor("ngan"), at=clock.now)
    page = client.get(LIST).content.decode()
    assert "công khai 07/10/2025" in page
    assert "công khai 06/10/2025" in page


def test_the_commune_is_named_once(client, desk):
    ticket = desk.answered(MONDAY)
    actions.publish(
        ticket.pk, question="Ổ gà", answer="Đã vá.", address="phố Bến, phường Sông", actor=desk.actor("ngan"), at=MONDAY
    )
    for address in (LIST, reverse("feedback:one", args=[ticket.number])):
        page = client.get(address).content.decode()
        assert "phố Bến, phường Sông<" in page
        assert "phường Sông, Phường Sông" not in page


def test_where_no_outline_is_known_the_map_begins_with_what_is_on_it(client, town, monkeypatch):
    assert queries.extent(town.hill) is None
    monkeypatch.setattr(public.maps, "_laid", [])
    box = re.search(r'data-map-points[^>]* data-box="([^"]+)"', client.get(MAP).content.decode())
    west, south, east, north = map(float, box[1].split(","))
    assert (west < 105.0543 < east, south < 21.0123 < north) == (True, True)
    assert east - west < 1


def test_what_is_near_keeps_what_else_is_looked_for_and_the_other_way_round(client, town):
    page = client.get(here := near(client, LIST, 21.013, 105.054, linh_vuc="o-ga")).content.decode()
    assert 'href="/phan-anh/?linh_vuc=o-ga">Xem cả thành phố' in page
    assert '<input type="hidden" name="linh_vuc" value="o-ga">' in page
    assert f'<input type="hidden" name="gan" value="{here.partition("gan=")[2]}">' in page
    assert "Xem cả thành phố" in client.get(near(client, MAP, 21.013, 105.054)).content.decode()
    assert "Hãy bớt điều kiện lọc" in client.get(f"{MAP}?phuong=98002").content.decode()


def test_opened_again_it_is_found_as_such(client, town):
    plain = town.people["ticket-False"]
    actions.reopen(plain.pk, "Vẫn còn", secret=plain.secret, actor=town.actor("ngan"), at=MONDAY)
    assert plain.number in client.get(f"{LIST}?trang_thai=mo").content.decode()
    assert "Đang xử lý lại" in client.get(reverse("feedback:one", args=[plain.number])).content.decode()
    assert plain.number not in client.get(f"{LIST}?trang_thai=xong").content.decode()


def test_a_list_goes_on_without_counting_pages(client, desk, monkeypatch):
    numbers = [desk.published(MONDAY + n * DAY, words=f"Ổ gà số {n} trên phố Bến này").number for n in range(5)]
    monkeypatch.setattr(queries.page_of, "__kwdefaults__", queries.page_of.__kwdefaults__ | {"size": 2})
    seen, address = [], LIST
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r'href="/phan-anh/(PA[^/]+)/"', page)
        more = re.search(r'href="(\?[^"]*)" rel="next"', page)
        address = LIST + more[1].replace("&amp;", "&") if more else ""
    assert seen == numbers[::-1]
    assert client.get(f"{LIST}?sau=x").status_code == 422


def test_the_map_asks_again_only_when_something_changed(client, town):
    first = client.get(POINTS, VIEW)
    features = json.loads(first.content)["features"]
    assert [one["properties"]["url"] for one in features] == [
        reverse("feedback:one", args=[town.people["ticket-False"].number])
    ]
    assert features[0]["geometry"]["coordinates"] == [105.0543, 21.0123]
    again = client.get(POINTS, VIEW, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "view", [{}, {"bbox": "1,2,3", "zoom": "9"}, {"bbox": "9,9,1,1", "zoom": "9"}, {"bbox": "a,b,c,d", "zoom": "x"}]
)
def test_no_view_is_refused(client, town, view):
    assert client.get(POINTS, view).status_code == 422


@pytest.mark.parametrize("zoom", range(5, 20))
def test_many_are_clusters_at_every_zoom_and_all_are_counted(client, desk, monkeypatch, zoom):
    monkeypatch.setattr(queries, "MOST_POINTS", 2)
    for n in range(3):
        desk.published(
            MONDAY,
            place=PlaceFacts(latitude=21.011 + n / 5000, longitude=105.051, address="phố Bến, phường Sông"),
            words=f"Ổ gà số {n} trên phố",
        )
    for more in ("", "&ngay=7", "&phuong=98001", "&q=o+ga", "&linh_vuc=o-ga", "&trang_thai=xong"):
        answer = client.get(f"{POINTS}?bbox=105.04,21.00,105.06,21.02&zoom={zoom}{more}")
        assert sum(one["properties"]["count"] for one in answer.json()["features"]) == 3, more


def test_the_feed_is_of_a_ward_or_a_category(client, town):
    answer = client.get(f"{FEED}?phuong=98001")
    assert answer["Content-Type"].startswith("application/atom+xml")
    text = answer.content.decode()
    assert text.count("<entry>") == 2
    assert "Phường Sông" in text
    assert client.get(f"{FEED}?phuong=98002").content.decode().count("<entry>") == 0


def test_a_list_costs_few_queries(client, town, django_assert_max_num_queries):
    client.get(LIST)
    with django_assert_max_num_queries(6):
        client.get(LIST)


def test_where_nobody_knows_how_large_the_city_is_the_map_begins_with_what_is_on_it(client, town):
    Unit.objects.update(latitude=None, longitude=None)
    PointDetails.objects.update(latitude=None, longitude=None)
    clear_caches()
    west, south, east, north = map(float, re.search(r'data-box="([^"]+)"', client.get(MAP).text)[1].split(","))
    begins = re.search(r'data-map-pin[^>]* data-box="([^"]+)"', client.get("/phan-anh/gui/").text)[1]
    assert begins == f"{west},{south},{east},{north}", "whoever reports begins there too"
    assert (west < 105.0543 < east, south < 21.0123 < north) == (True, True)
    assert (east - west < 0.2, north - south < 0.2) == (True, True)


def test_what_ended_is_offered_while_something_of_it_is_public(client, town):
    day = MONDAY.date()
    Category.objects.filter(code__in=["o-ga", "den-duong"]).update(valid_to=day)
    Unit.objects.filter(pk=town.river).update(valid_to=day)
    clear_caches()
    forget_all()
    page = client.get(LIST).text
    assert "Ổ gà, mặt đường hỏng (trước đây)" in page
    assert "Phường Sông (trước đây)" in page
    assert '<option value="den-duong"' not in page
    for asked in ("linh_vuc=o-ga", "phuong=98001"):
        assert "Ổ gà sâu trên phố" in client.get(f"{LIST}?{asked}").text, asked
        assert client.get(f"{FEED}?{asked}").content.decode().count("<entry>") == 2, asked
    assert client.get(f"{FEED}?phuong=98001").content.decode().count("Phường Sông (trước đây)") == 1


@pytest.mark.parametrize("asked", ["linh_vuc=khong-co", "phuong=12345"])
def test_what_is_not_here_has_nothing_and_never_the_whole_city(client, town, asked):
    page = client.get(f"{LIST}?{asked}").text
    assert "đã chọn không còn. Hãy chọn lại" in page
    assert "Ổ gà sâu trên phố" not in page
    assert client.get(POINTS, VIEW | dict([asked.split("=")])).json()["features"] == []
    assert client.get(f"{FEED}?{asked}").status_code == 404
