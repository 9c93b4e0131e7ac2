"""Pages of units, for everyone and for administrators."""

from __future__ import annotations

import json
import logging
import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.models import Event
from thongsuot.units import finding, queries
from thongsuot.units.boundaries import import_boundaries
from thongsuot.units.models import CalendarDay, PointDetails, PointManagement, ServicePoint
from thongsuot.units.tests.acting import keeper
from thongsuot.units.tests.test_outlines import AT, HILL, RIVER
from thongsuot.web import maintenance

pytestmark = pytest.mark.django_db


def page(response):
    return response.content.decode()


# --- For everyone ---


def test_an_address_that_is_certain_shows_where_to_go(client, city):
    answer = client.get("/xa-phuong/", {"q": "phuong ben, quan giua"})

    assert answer.status_code == 200
    assert "Phường Sông" in page(answer)
    assert "Số 1 đường Ví Dụ" in page(answer)
    assert "Mẫu" in page(answer)
    assert "Phường Bến, Quận Giữa, Thành phố Ví Dụ" in page(answer)


def test_a_split_old_ward_asks_and_never_guesses(client, city):
    answer = page(client.get("/xa-phuong/", {"q": "phường Chợ, quận Giữa"}))

    assert "Phường Chợ nay thuộc 2 nơi. Nhà bạn ở đâu?" in answer
    assert answer.count('type="radio"') == 3  # two wards, and "I do not know"
    assert "checked" not in answer.split("Nhà bạn ở đâu?")[1]
    assert "Gồm toàn bộ phường Bến và một phần phường Chợ cũ" in answer
    assert "đường Ví Dụ" not in answer


def test_a_choice_leads_to_the_ward_and_not_knowing_to_all_of_them(client, city):
    chosen = client.get("/xa-phuong/", {"q": "phường Chợ", "chon": "98002"})
    lost = page(client.get("/xa-phuong/", {"q": "phường Chợ", "chon": "khong-biet"}))

    assert (chosen.status_code, chosen.headers["Location"]) == (302, "/xa-phuong/98002/")
    assert "Số 1 đường Ví Dụ" in lost
    assert "Số 2 đường Ví Dụ" in lost
    assert client.get("/xa-phuong/", {"q": "phường Chợ", "chon": "99999"}).status_code == 404


def test_htmx_gets_the_answer_alone(client, city):
    answer = page(client.get("/xa-phuong/", {"q": "phường Bến"}, headers={"HX-Request": "true"}))

    assert "Phường Sông" in answer
    assert "<html" not in answer


def test_what_is_not_found_says_what_to_write(client, city):
    answer = client.get("/xa-phuong/", {"q": "zzz"})

    assert answer.status_code == 200
    assert "Chưa biết chắc nơi bạn muốn tìm" in page(answer)


@pytest.mark.parametrize("q", ["", " ", "a" * 301])
def test_nothing_and_too_much_are_answered_beside_the_field(client, city, q):
    answer = client.get("/xa-phuong/", {"q": q})

    fragment = client.get("/xa-phuong/", {"q": q}, headers={"HX-Request": "true"})

    assert (answer.status_code, fragment.status_code) == (422, 422)
    assert 'id="id_q-e"' in page(answer)
    assert 'class="errors"' in page(fragment)


def test_markup_in_an_address_is_shown_as_text(client, city):
    answer = page(client.get("/xa-phuong/", {"q": '"><script>alert(1)</script> phường Chợ'}))

    assert "<script>alert" not in answer


def test_without_outlines_the_page_says_so_and_with_them_it_takes_a_point(client, city, tmp_path):
    assert "Chưa có bản đồ ranh giới" in page(client.get("/xa-phuong/"))
    path = tmp_path / "ban-do.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [RIVER, HILL]}))
    import_boundaries(path, at=AT)
    queries.clear_caches()

    inside = client.post("/xa-phuong/", {"lat": "21,05", "lon": "105.15"})
    outside = client.post("/xa-phuong/", {"lat": "10", "lon": "105"})

    assert "Phường Đồi" in page(inside)
    assert "nằm ngoài các ranh giới" in page(outside)
    assert "unit-map" in page(client.get("/xa-phuong/98001/"))
    assert "unit-map" in page(client.get("/xa-phuong/danh-sach/"))


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("x", "105"),
        ("", "105"),
        ("nan", "105"),
        ("91", "105"),
        ("21", "inf"),
        ("1" * 30, "1"),
    ],
)
def test_a_point_that_is_none_is_answered_beside_the_field(client, city, lat, lon):
    assert client.post("/xa-phuong/", {"lat": lat, "lon": lon}).status_code == 422


def test_where_somebody_lives_or_stands_is_in_no_address_no_redirect_and_no_log(client, city, tmp_path, caplog):
    path = tmp_path / "ban-do.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [RIVER, HILL]}))
    import_boundaries(path, at=AT)
    queries.clear_caches()
    home = "77 phố Rất Riêng, phường Chợ"
    with caplog.at_level(logging.INFO):
        answers = [
            client.post("/xa-phuong/", {"lat": "21,05123", "lon": "105.15123"}),
            client.post("/xa-phuong/", {"lat": "21,05123x", "lon": "105.15123"}),
            client.post("/xa-phuong/", {"q": home}),
            client.post("/xa-phuong/", {"q": home, "chon": "khong-biet"}),
            client.post("/xa-phuong/", {"q": home, "chon": "98002"}),
            client.post("/xa-phuong/thay-doi/", {"q": home}),
        ]
    assert [one.status_code for one in answers] == [200, 422, 200, 200, 302, 200]
    assert answers[4].headers["Location"] == "/xa-phuong/98002/"
    led = [one for answer in answers for one in re.findall(r'(?:href|action|src|hx-[a-z-]+)="([^"]*)"', page(answer))]
    led += [f"{name}: {value}" for answer in answers for name, value in answer.headers.items()]
    assert not [one for one in led if re.search(r"05123|15123|Riêng|Ri%C3%AA|rieng", one)]
    assert not re.search(r"05123|15123|Riêng", caplog.text)
    for shown in ("/xa-phuong/", "/xa-phuong/thay-doi/", "/"):
        asks = re.findall(r'<form[^>]*action="/xa-phuong/[^>]*>', page(client.get(shown)))
        assert asks, shown
        assert not [one for one in asks if 'method="post"' not in one or "hx-get" in one or "push-url" in one], shown
    asked = client.get("/xa-phuong/", {"lat": "21.05", "lon": "105.15"})
    assert "Vị trí này thuộc" not in page(asked), "a point is not asked for by an address"


def test_a_look_up_goes_on_while_sending_waits(client, city, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    maintenance.begin(starts_at=AT, ends_at=AT)
    assert "Phường Sông" in page(client.post("/xa-phuong/", {"q": "phường Bến"}))
    assert client.post("/xa-phuong/thay-doi/", {"q": "phường Bến"}).status_code == 200
    assert client.post("/xa-phuong/o-dau.json", {"lat": "21.05", "lon": "105.15"}).status_code == 200
    assert client.post("/phan-anh/gui/", {}).status_code == 503


def test_a_unit_tells_its_names_origins_bodies_and_where_to_go(client, city):
    answer = page(client.get("/xa-phuong/98001/"))

    for words in (
        "Phường Sông",
        "Số 1 đường Ví Dụ",
        "Phường Bến",
        "một phần",
        "Phòng Kinh tế, Hạ tầng và Đô thị",
        "H98.104",
        "1/NQ-VD",
        "Do Trung tâm Phục vụ hành chính công quản lý",
    ):
        assert words in answer


def test_a_commune_without_a_point_says_whom_to_call_or_where_it_went(client, city, settings):
    settings.HOTLINE = "1900 0000"
    ServicePoint.objects.update(valid_from=date(2030, 1, 1))
    queries.clear_caches()
    assert "Hãy gọi <b>1900 0000</b> để hỏi nơi cần đến" in page(client.get("/xa-phuong/98001/"))
    ended = page(client.get("/xa-phuong/98102/"))
    assert "Hãy mở đơn vị kế tục ở trên" in ended
    assert "để hỏi nơi cần đến" not in ended
    assert "Nơi bạn cần đến" not in page(client.get("/xa-phuong/98/"))


def test_an_ended_unit_leads_to_what_became_of_it(client, city):
    answer = page(client.get("/xa-phuong/98102/"))

    assert "Phường Chợ kết thúc hoạt động từ 01/07/2025" in answer
    assert "/xa-phuong/98001/" in answer
    assert "/xa-phuong/98002/" in answer
    assert "đến hết 30/06/2025" in answer


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/xa-phuong/98/", 200),
        ("/xa-phuong/980/", 200),
        ("/xa-phuong/98001/?ngay=hom-nay", 200),
        ("/xa-phuong/98001/?ngay=2025-06-30", 200),
        ("/xa-phuong/11111/", 404),
        ("/xa-phuong/1/", 404),
        ("/xa-phuong/abc/", 404),
    ],
)
def test_every_code_has_its_page_and_others_have_none(client, city, path, status):
    assert client.get(path).status_code == status


def test_all_units_of_the_city_are_listed_and_filtered(client, city):
    everything = page(client.get("/xa-phuong/danh-sach/"))
    some = page(client.get("/xa-phuong/danh-sach/", {"q": "doi"}))
    none = page(client.get("/xa-phuong/danh-sach/", {"loai": "xa"}))

    assert "Phường Sông" in everything
    assert "Phường Đồi" in everything
    assert "Phường Sông" not in some
    assert "Không có phường, xã nào khớp" in none


def test_the_home_page_has_the_box_and_the_name_of_the_city(client, city):
    answer = page(client.get("/"))

    assert 'action="/xa-phuong/"' in answer
    assert "Ví Dụ" in answer


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from("phường xãquận Bến Chợ Sông Giữa Ví Dụ ,-/. 0123456789QP'\"<>\u0301\u200b🙂"), max_size=80))
def test_whatever_is_written_gets_an_answer_that_is_certain_only_about_one(city, text):
    try:
        found = finding.find(text, as_of=date(2026, 11, 22))
    except finding.BadInput:
        assert not text.strip().strip("\u200b")
        return
    assert (found.certainty == "certain") == (len(found.candidates) == 1)
    assert (found.certainty == "unknown") == (not found.candidates)
    assert all(candidate.unit.exists_on(found.as_of) for candidate in found.candidates)


# --- For administrators ---

POINT = {
    "name": "Điểm phục vụ phường Sông",
    "address": "Số 9 phố Bờ Sông",
    "opening_hours": "08:00-17:00",
    "phone": "024 3333 4444",
    "valid_from": "01/01/2026",
}


def stored():
    return (Event.objects.count(), PointDetails.objects.count(), PointManagement.objects.count(), CalendarDay.objects.count())


def test_administrators_see_and_change_the_points_of_their_units(client, city, acting):
    acting(keeper(city.river.pk))
    point = city.point(city.river)

    shown = page(client.get("/quan-tri/don-vi/"))
    answer = client.post(f"/quan-tri/diem-phuc-vu/{point.pk}/", POINT)

    assert "Phường Sông" in shown
    assert "Phường Đồi" not in shown
    assert answer.status_code == 302
    assert queries.point_row(point.pk, as_of=date(2026, 1, 1)).address == "Số 9 phố Bờ Sông"
    assert "Việc chuyển do quản trị viên của thành phố làm" in page(client.get(f"/quan-tri/diem-phuc-vu/{point.pk}/"))


def test_a_form_that_is_not_right_comes_back_with_what_was_written(client, city, acting):
    acting(keeper(city.river.pk))
    point = city.point(city.river)
    before = stored()

    answer = client.post(f"/quan-tri/diem-phuc-vu/{point.pk}/", {**POINT, "phone": "gọi tôi", "valid_from": "31/02/2026"})
    refused = client.post(f"/quan-tri/diem-phuc-vu/{point.pk}/", {**POINT, "phone": "gọi tôi"})

    assert (answer.status_code, refused.status_code) == (422, 422)
    assert "Số 9 phố Bờ Sông" in page(answer)
    assert "Số điện thoại chỉ gồm chữ số" in page(refused)
    assert stored() == before


def test_the_city_moves_a_point_from_a_day_on(client, city, acting):
    acting(keeper(city.city.pk, city.river.pk, city.hill.pk))
    point, centre = city.point(city.river), city.body(city.city, "service_centre")

    form = page(client.get(f"/quan-tri/diem-phuc-vu/{point.pk}/chuyen/"))
    answer = client.post(
        f"/quan-tri/diem-phuc-vu/{point.pk}/chuyen/",
        {"to_body_id": centre.pk, "valid_from": "01/01/2026", "basis": "12/QĐ-UBND"},
    )

    assert "Trung tâm Phục vụ hành chính công Thành phố Ví Dụ" in form
    assert answer.status_code == 302
    assert queries.point_row(point.pk, as_of=date(2026, 1, 1)).managed_by_id == centre.pk


def plan_of(answer) -> str:
    """The sealed change of a preview page."""
    return re.search(r'name="thay_doi" value="([^"]+)"', page(answer))[1]


def test_a_day_is_added_and_removed_after_its_effects_were_seen(client, city, acting):
    acting(keeper(city.city.pk, duty="manage calendar"))
    asked = {"day": "8/2/2027", "effect": "off", "name": "Mùng ba Tết", "basis": ""}

    seen = client.post("/quan-tri/lich/", asked)
    assert not CalendarDay.objects.filter(date=date(2027, 2, 8)).exists()
    added = client.post("/quan-tri/lich/thay-doi/", {"thay_doi": plan_of(seen)})
    year = page(client.get("/quan-tri/lich/?nam=2027"))
    twice = client.post("/quan-tri/lich/", asked)
    again = client.post("/quan-tri/lich/thay-doi/", {"thay_doi": plan_of(seen)})
    leaving = client.get("/quan-tri/lich/2027-02-08/bo/")
    removed = client.post("/quan-tri/lich/thay-doi/", {"thay_doi": plan_of(leaving)})

    assert "08/02/2027" in page(seen)
    assert added.headers["Location"] == "/quan-tri/lich/?nam=2027"
    assert "Mùng ba Tết" in year
    assert "Tháng 2: 19 ngày làm việc" in year
    assert (twice.status_code, "đã có trong lịch" in page(twice)) == (422, True)
    assert again.status_code == 409
    assert "bỏ: Mùng ba Tết" in page(leaving)
    assert removed.status_code == 302
    assert not CalendarDay.objects.filter(date=date(2027, 2, 8)).exists()
    assert client.get("/quan-tri/lich/2027-02-08/bo/").status_code == 409
    assert client.get("/quan-tri/lich/tet/bo/").status_code == 409
    assert client.post("/quan-tri/lich/thay-doi/", {"thay_doi": "x"}).status_code == 422


def test_a_swap_comes_with_its_weekend_day(client, city, acting):
    acting(keeper(city.city.pk, duty="manage calendar"))
    swap = {"day": "8/1/2027", "effect": "off", "name": "Nghỉ hoán đổi", "basis": "1/TB", "swapped_with": "16/1/2027"}

    seen = client.post("/quan-tri/lich/", swap)
    client.post("/quan-tri/lich/thay-doi/", {"thay_doi": plan_of(seen)})
    wrong = client.post("/quan-tri/lich/", {**swap, "day": "23/1/2027", "effect": "work", "name": "Bù"})

    assert set(CalendarDay.objects.filter(date__year=2027, basis="1/TB").values_list("date", "effect")) == {
        (date(2027, 1, 8), "off"),
        (date(2027, 1, 16), "work"),
    }
    assert (wrong.status_code, "để trống ô này" in page(wrong)) == (422, True)


def test_days_of_the_library_are_added_when_ticked_and_only_then(client, city, acting):
    acting(keeper(city.city.pk, duty="manage calendar"))
    before = stored()

    shown = page(client.get("/quan-tri/lich/doi-chieu/?nam=2027"))
    client.post("/quan-tri/lich/doi-chieu/?nam=2027", {"ngay": ["2027-09-09", "x"]})
    assert stored() == before

    seen = client.post("/quan-tri/lich/doi-chieu/?nam=2027", {"ngay": ["2027-09-02"]})
    client.post("/quan-tri/lich/thay-doi/", {"thay_doi": plan_of(seen)})

    assert "Quốc khánh" in shown
    assert list(CalendarDay.objects.filter(date__year=2027).values_list("date", flat=True)) == [date(2027, 9, 2)]


def test_hours_are_set_from_a_day_on(client, city, acting):
    acting(keeper(city.city.pk, duty="manage calendar"))
    hours = {
        "morning_starts": "7h30",
        "morning_ends": "11:30",
        "afternoon_starts": "13:00",
        "afternoon_ends": "17:00",
        "cut_off": "15:30",
        "basis": "9/QĐ",
        "valid_from": "01/01/2026",
    }

    wrong = client.post("/quan-tri/lich/gio-lam-viec/", {**hours, "morning_ends": "25:00"})
    backwards = client.post("/quan-tri/lich/gio-lam-viec/", {**hours, "morning_ends": "7:00"})
    right = client.post("/quan-tri/lich/gio-lam-viec/", hours)
    queries.clear_caches()

    assert (wrong.status_code, backwards.status_code, right.status_code) == (422, 422, 302)
    assert queries.working_calendar(city.city.pk, on=date(2026, 1, 1)).minutes_per_day() == 480
    assert client.get("/quan-tri/lich/").status_code == 200


PAGES = [
    "/quan-tri/don-vi/",
    "/quan-tri/diem-phuc-vu/{point}/",
    "/quan-tri/diem-phuc-vu/{point}/chuyen/",
    "/quan-tri/co-quan/",
    "/quan-tri/co-quan/lap/",
    "/quan-tri/co-quan/phoi-hop/",
    "/quan-tri/lich/",
    "/quan-tri/lich/doi-chieu/",
    "/quan-tri/lich/gio-lam-viec/",
    "/quan-tri/lich/2025-09-02/bo/",
]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_administrators_opens_for_others(client, city, acting, path):
    address = path.format(point=city.point(city.river).pk)
    before = stored()

    for actor, status in ((ANYONE, 302), (keeper(city.hill.pk, duty="see figures"), 302)):
        acting(actor)
        assert client.get(address).status_code == status
        assert client.post(address, POINT).status_code in {302, 403, 405}

    assert stored() == before


def test_an_administrator_of_one_ward_is_refused_at_the_point_of_another_and_at_the_calendar(client, city, acting):
    acting(keeper(city.hill.pk, name="Người Khác"))
    point = city.point(city.river)
    before = stored()

    for path in (f"/quan-tri/diem-phuc-vu/{point.pk}/", f"/quan-tri/diem-phuc-vu/{point.pk}/chuyen/", "/quan-tri/lich/"):
        assert client.get(path).status_code in {302, 403}
        assert client.post(path, POINT).status_code in {302, 403}

    assert stored() == before
