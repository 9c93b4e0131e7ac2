"""The pages of figures: whose they are, what they say, how much they ask of the database."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.db.models import F
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from thongsuot.dossiers.tests.desk import browser, case_url
from thongsuot.dossiers.tests.make import HOUSE, make_officer
from thongsuot.indicators import counting, exporting, reports
from thongsuot.indicators.models import Export, Fact
from thongsuot.indicators.queries import compare as comparing
from thongsuot.indicators.queries.sums import Scope
from thongsuot.indicators.tests.forty import at
from thongsuot.kernel import remember
from thongsuot.kernel.models import Event
from thongsuot.kernel.periods import Period
from thongsuot.kernel.tests.clocks import Clock
from thongsuot.national_portal.models import Lane, UnitAccess
from thongsuot.numbering.models import Series
from thongsuot.people.models import Person
from thongsuot.people.tests.make import logged_in, make_token
from thongsuot.units import queries as units
from thongsuot.units.models import Unit
from thongsuot.web.tests.words import said

OCTOBER = "?tu=01/10/2025&den=31/10/2025"
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(settings, monkeypatch) -> Clock:
    """Time stands still in the middle of December."""
    settings.CITY_CODE = "98"
    clock = Clock(at("12-15"))
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def mayor(forty, db, clock):
    made = forty.town.city
    return logged_in(make_officer(made, made.city, "people_committee", "mai", "Phó Chủ tịch", ["see figures"]))


@pytest.fixture
def hanh(forty, db, clock):
    return browser(forty.town, "hanh")


def test_the_index_says_of_how_many_points_it_speaks(mayor):
    words = said(mayor.get(f"/dieu-hanh/chi-so/{OCTOBER}"))

    assert "23,70" in words
    assert "trên 70 điểm có dữ liệu, của 100 điểm" in words
    assert "2.1 Giải quyết sớm và đúng hạn" in words
    assert "55,6 %" in words
    assert "chưa xếp: còn chỉ số chưa có dữ liệu" in words
    assert "5.2 Xử lý phản ánh, kiến nghị đúng hạn" in words


def test_a_wards_leader_sees_the_ward_alone(forty, hanh):
    words = said(hanh.get(f"/dieu-hanh/chi-so/{OCTOBER}&don_vi={forty.town.hill}"))

    assert "Phường Sông" in words
    assert "33" in words
    rows = said(hanh.get(f"/dieu-hanh/chi-so/muc/2.1/con-lai/{OCTOBER}&don_vi={forty.town.hill}"))
    assert forty.dossiers[36].code not in rows
    assert forty.dossiers[3].code in rows


def test_the_figure_opens_its_dossiers_with_names_masked(forty, mayor, hanh):
    page = mayor.get(f"/dieu-hanh/chi-so/muc/2.1/con-lai/{OCTOBER}")
    words = said(page)

    assert "16 hồ sơ" in words
    assert forty.dossiers[3].code in words
    assert forty.dossiers[2].code not in words
    assert "Hoàng Văn Minh" not in words
    assert "Hoàng Văn Mi•••" in words
    assert "Yêu cầu bổ sung hơn một lần và chưa có kết quả: tính là quá hạn." in words
    assert "Có kết quả sau hạn." in words
    # Figures alone do not open a dossier; who handles it may.
    assert case_url(forty.dossiers[3]) not in page.content.decode()
    assert case_url(forty.dossiers[3]) in hanh.get(f"/dieu-hanh/chi-so/muc/2.1/con-lai/{OCTOBER}").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/dieu-hanh/chi-so/muc/9.9/tu-so/",
        "/dieu-hanh/chi-so/muc/2.1/tat-ca/",
        "/dieu-hanh/chi-so/muc/1.3/tu-so/",  # procedures, not dossiers
        f"/dieu-hanh/chi-so/muc/2.2/tu-so/{OCTOBER}",  # minutes, not dossiers
        f"/dieu-hanh/chi-so/muc/2.2/con-lai/{OCTOBER}",
        "/dieu-hanh/chi-so/muc/3a/tu-so/?tu=01/10/2025&den=31/10/2025",  # not in force then
        "/dieu-hanh/bao-cao/tep/999/",
    ],
)
def test_what_is_not_there_is_not_there(mayor, address):
    assert mayor.get(address).status_code == 404


@pytest.mark.parametrize(
    "question", ["?tu=31/10/2025&den=01/10/2025", "?tu=xx&den=01/10/2025", "?tu=01/01/1900&den=01/10/2025", "?tu="]
)
def test_wrong_days_are_told_on_the_page(mayor, question):
    for page in ("chi-so/", "bao-cao/", "chi-so/theo-ngay/", "chi-so/cac-buoc/", "chi-so/so-sanh/", "ban-do/"):
        assert mayor.get(f"/dieu-hanh/{page}{question}").status_code == 422, page
    assert mayor.get(f"/dieu-hanh/bao-cao/excel/{question}").status_code == 302


@pytest.mark.parametrize(
    "question", ["?don_vi=abc", "?don_vi=99999999999999999999", "?linh_vuc=khong-co", "?ky=x", "?trang=-1", "?sap=x&chieu=y"]
)
def test_nonsense_in_an_address_is_left_out(mayor, question):
    for page in ("chi-so/", "bao-cao/", "chi-so/so-sanh/", "chi-so/muc/2.1/mau-so/"):
        assert mayor.get(f"/dieu-hanh/{page}{question}").status_code == 200


def test_an_officer_reads_their_own_of_a_month_that_is_not_over(forty, clock, db):
    answer = browser(forty.town, "tam").get("/can-bo/chi-so-cua-toi/")

    assert answer.status_code == 200


def test_an_officer_sees_their_own_and_no_one_elses(forty, clock, db):
    own = said(browser(forty.town, "tam").get(f"/can-bo/chi-so-cua-toi/{OCTOBER}"))

    assert "33,3 %" in own
    assert "1 trên 3 hồ sơ" in own
    for number in (6, 8, 12):
        assert forty.dossiers[number].code in own
    assert forty.dossiers[7].code not in own
    assert "Hoàng" not in own.replace("Hoàng Văn M", "")


def test_the_list_as_a_spreadsheet(forty, mayor):
    answer = mayor.get(f"/dieu-hanh/chi-so/muc/2.1/con-lai/excel/{OCTOBER}")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))

    assert len(rows) == 17
    assert {row[0] for row in rows[1:]} == {
        forty.dossiers[n].code for n in (3, 5, 8, 12, 14, 16, 18, 20, 21, 23, 25, 27, 34, 36, 39, 40)
    }
    assert all("•" in row[3] for row in rows[1:])


def test_a_long_list_is_made_by_the_worker_and_fetched_by_who_asked(forty, mayor, hanh, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 5)
    address = f"/dieu-hanh/chi-so/muc/2.1/con-lai/excel/{OCTOBER}"
    assert mayor.get(address).status_code == 302  # to the page: a GET makes nothing
    assert not Export.objects.exists()

    page = mayor.post(address)["Location"]
    assert "Đang lập tệp: 0 trên 16 hồ sơ." in said(mayor.get(page))
    assert mayor.get(f"{page}tai/").status_code == 404
    assert Event.objects.filter(name="indicators.export_asked").count() == 1

    export = Export.objects.get()
    exporting.make(export.pk, at=at("12-15"))
    exporting.make(export.pk, at=at("12-15"))  # twice without harm

    assert "Tệp đã lập xong: 16 hồ sơ." in said(mayor.get(page))
    rows = list(load_workbook(BytesIO(mayor.get(f"{page}tai/").content)).active.iter_rows(values_only=True))
    assert len(rows) == 17
    assert hanh.get(page).status_code == 404
    assert exporting.sweep(at=at("12-30")) == 1


def test_the_report_adds_up_on_every_line_and_says_the_same_everywhere(forty, mayor):
    made = forty.town.city
    scope = Scope(unit_ids=frozenset({made.city.pk, made.river.pk, made.hill.pk}), whole_city=True)
    for days in (("10-01", "10-31"), ("11-01", "11-30"), ("10-08", "10-14"), ("09-01", "12-31"), ("10-06", "10-06")):
        found = reports.report(scope, Period(first=at(days[0]).date(), last=at(days[1]).date(), now=at("12-15")))
        assert found.adds_up, days
        assert sum(line.sums["received"] for line in found.units) == found.sums["received"]
        assert sum(line.sums.open for line in found.procedures) == found.sums.open

    words = said(mayor.get(f"/dieu-hanh/bao-cao/{OCTOBER}"))
    # Item 2.2 of procedure B: 37 took 8 working hours, 38 and 39 took 23 each.
    assert "Đăng ký thử 0 3 1 2 0 1 1 1 0 0 0 0 0 66,7 % 18,0" in words
    assert "Kỳ trước chuyển sang 4 Tiếp nhận mới 32" in words
    assert "trước hạn 4, đúng hạn 6, quá hạn 6" in words
    assert "Hộ tịch" in words

    book = load_workbook(BytesIO(b"".join(mayor.get(f"/dieu-hanh/bao-cao/excel/{OCTOBER}").streaming_content)))
    summary = dict(book["Tổng hợp"].iter_rows(min_row=2, values_only=True))
    assert summary["Tiếp nhận mới"] == 32
    assert summary["Đang giải quyết, quá hạn"] == 5
    by_unit = list(book["Theo đơn vị"].iter_rows(min_row=2, values_only=True))
    assert by_unit[-1][0] == "Cộng"
    assert sum(row[2] for row in by_unit[:-1]) == by_unit[-1][2] == 32

    answer = mayor.get(f"/dieu-hanh/bao-cao/pdf/{OCTOBER}")
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())
    assert "Tháng 10 năm 2025" in text
    assert "Tiếp nhận mới" in text
    assert "Hộ tịch" in text
    assert "THÀNH PHỐ VÍ DỤ" in text


def test_a_unit_that_is_no_more_stays_in_the_figures_of_its_time(forty, mayor, client):
    pages = [f"/dieu-hanh/{page}{OCTOBER}" for page in ("chi-so/", "bao-cao/", "chi-so/muc/2.1/con-lai/", "chi-so/theo-ngay/")]
    before = [said(mayor.get(page)) for page in pages]
    Unit.objects.filter(pk=forty.town.hill).update(valid_to=at("12-01").date())
    remember.forget_all()
    units.clear_caches()

    assert [said(mayor.get(page)) for page in pages] == before
    assert "Phường Đồi" in said(mayor.get(f"/dieu-hanh/chi-so/so-sanh/{OCTOBER}"))
    assert "3 hồ sơ" in said(mayor.get(f"/dieu-hanh/chi-so/muc/2.1/mau-so/{OCTOBER}&don_vi={forty.town.hill}"))
    mai = Person.objects.get(email="mai@vidu.vn")
    key = {"authorization": f"Bearer {make_token(mai, ['see figures'], at=at('12-15'))}"}
    told = client.get("/api/v1/indicators/report?first=2025-10-01&last=2025-10-31", headers=key).json()
    assert told["total"]["received"] == 32
    assert sum(line["received"] for line in told["units"]) == 32


def test_a_report_whose_tables_differ_does_not_add_up(forty, mayor):
    scope = Scope(unit_ids=frozenset({forty.town.river, forty.town.hill}), whole_city=True)
    period = Period(first=at("10-01").date(), last=at("10-31").date(), now=at("12-15"))
    found = reports.report(scope, period)
    assert found.adds_up

    assert not replace(found, units=found.units[:1]).adds_up
    assert not replace(found, procedures=found.procedures[:1]).adds_up


def test_units_side_by_side_sorted_by_links(forty, mayor):
    words = said(mayor.get(f"/dieu-hanh/chi-so/so-sanh/{OCTOBER}"))
    assert words.index("Phường Đồi") < words.index("Phường Sông") < words.index("1 đơn vị không có hồ sơ nào trong kỳ")
    assert "ít hồ sơ" in words  # three cases in phường Đồi
    assert "66,7 % trên 3 hồ sơ" in words
    assert "54,5 % trên 33 hồ sơ" in words
    sorted_by = mayor.get(f"/dieu-hanh/chi-so/so-sanh/{OCTOBER}&sap=dung-han&chieu=tang")
    assert said(sorted_by).rindex("Phường Sông") < said(sorted_by).rindex("Phường Đồi")
    assert 'aria-sort="ascending"' in sorted_by.content.decode()


def test_steps_show_where_time_goes(forty, mayor):
    for by in ("viec", "buoc", "don-vi"):
        words = said(mayor.get(f"/dieu-hanh/chi-so/cac-buoc/{OCTOBER}&theo={by}"))
        assert "Xử lý hồ sơ" in words or "Thẩm định" in words
        assert "Đang chờ" in words


def test_days_in_a_row_with_a_table_beside_the_drawing(forty, mayor):
    words = said(mayor.get(f"/dieu-hanh/chi-so/theo-ngay/{OCTOBER}"))
    # 14 October: 8, 23, 34 and 36 ended, all late; 14 open, 7 of them late (worked out in test_forty.py).
    assert "14/10/2025 0 0 4 0,0 % 14 7" in words


def test_the_map_has_a_point_and_a_row_for_each_ward(forty, mayor):
    page = mayor.get(f"/dieu-hanh/ban-do/{OCTOBER}")
    words = said(page)
    assert "Phường Đồi" in words
    assert "Phường Sông" in words
    assert "66,7 %" in words
    assert page.content.decode().count('<circle class="tone-') == 2
    for measure in ("thoi-gian", "hai-long", "qua-han", "nhan", "truc-tuyen", "ket-qua-dien-tu"):
        assert mayor.get(f"/dieu-hanh/ban-do/{OCTOBER}&chi_so={measure}").status_code == 200


def test_the_map_is_coloured_by_items_of_the_index(forty, mayor, settings):
    made = forty.town.city
    scope = Scope(unit_ids=frozenset({made.city.pk, made.river.pk, made.hill.pk}), whole_city=True)
    october = Period(first=at("10-01").date(), last=at("10-31").date(), now=at("12-15"))
    lines = {line.unit_id: line for line in comparing.unit_lines(scope, october)}
    river = lines[forty.town.river]
    # Of phường Sông 29 came in October: 6, 7 and 13 digitised with a signed result, 13 with a paper of the store.
    assert {key: comparing.MEASURES[key].value(river) for key in ("so-hoa", "dung-lai", "lien-ket-kho")} == {
        "so-hoa": pytest.approx(300 / 29),
        "dung-lai": pytest.approx(100 / 29),
        "lien-ket-kho": pytest.approx(100 / 29),
    }
    assert comparing.MEASURES["so-hoa"].cases(river) == 29
    for measure in ("so-hoa", "dung-lai", "lien-ket-kho"):
        words = said(mayor.get(f"/dieu-hanh/ban-do/{OCTOBER}&chi_so={measure}"))
        assert ("10,3 %" if measure == "so-hoa" else "3,4 %") in words

    assert "dong-bo" not in comparing.measures()
    settings.PORTAL = "stand-in"
    assert "Đồng bộ hồ sơ lên Cổng" in said(mayor.get(f"/dieu-hanh/ban-do/{OCTOBER}&chi_so=dong-bo"))
    assert comparing.measures()["dong-bo"].value(river) == 0


def test_the_fifteen_day_report_says_how_the_portal_is_reached(forty, mayor, settings):
    city_id, first = forty.town.city.city.pk, at("10-01").date()
    without = reports.fifteen_days(city_id, first)
    assert "synced_share" not in {figure.key for figure in without.figures}
    assert any("Cổng Dịch vụ công quốc gia" in name for name in without.missing)

    settings.PORTAL = "stand-in"
    received = Fact.objects.filter(received_on__range=("2025-10-01", "2025-10-15"))
    for fact in received[:7]:
        Lane.objects.create(
            dossier_id=fact.pk, unit_id=fact.unit_id, state="idle", next_try_at=at("10-01"), known_since=at("10-01")
        )
    UnitAccess.objects.create(unit_id=forty.town.river, failing_since=at("10-14"), faults=9, fault="network")
    UnitAccess.objects.create(unit_id=forty.town.hill, last_ok_at=at("10-14"))

    found = reports.fifteen_days(city_id, first)
    assert found.value("units_not_reaching_portal") == 1
    assert found.value("synced_share") == round(700 / received.count(), 2)
    assert not any("Cổng Dịch vụ công quốc gia" in name for name in found.missing)
    words = said(mayor.get("/dieu-hanh/bao-cao/15-ngay/?tu=01/10/2025"))
    assert "Đơn vị không kết nối được Cổng Dịch vụ công quốc gia 1" in words


def test_the_fifteen_day_report_as_page_pdf_and_json(forty, mayor, hanh):
    address = "/dieu-hanh/bao-cao/15-ngay/"
    words = said(mayor.get(f"{address}?tu=01/10/2025"))
    assert "Hồ sơ tiếp nhận trong 13 ngày" in words
    assert "Cần sửa" not in words
    assert "Cần sửa 1 chỗ" in said(mayor.get(f"{address}?tu=32/10/2025"))
    assert "Chưa có trong hệ thống" in words
    body = json.loads(mayor.get(f"{address}json/?tu=01/10/2025").content)
    figures = {figure["key"]: figure["value"] for figure in body["figures"]}
    # Received from the 1st to the 13th: all of the 6th, 7th and 13th.
    by_hand = sum(1 for d in forty.dossiers.values() if d.received_at and at("10-01") <= d.received_at < at("10-14 00:00"))
    assert figures["received_13_days"] == by_hand
    assert figures["codes_lost"] == 0
    assert figures["units"] == 2
    assert figures["units_at_work"] == 2
    assert figures["procedures_before"] == figures["procedures_after"] == 2
    assert body["first_day"] == "2025-10-01"
    assert body["last_day"] == "2025-10-15"
    assert body["city"]["code"] == "98"
    pdf = mayor.get(f"{address}pdf/?tu=01/10/2025")
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages).split())
    assert "BÁO CÁO SAU 15 NGÀY" in text.upper()
    assert mayor.get(f"{address}?tu=32/10/2025").status_code == 422
    assert hanh.get(address).status_code == 403  # a ward does not report for the city
    assert reports.fifteen_days(forty.town.city.city.pk, at("10-01").date()).value("received_13_days") == by_hand
    # The last number of a day is missed as well as one between others.
    Series.objects.filter(kind="dossier", bucket="251006", unit_id=forty.town.river).update(last=F("last") + 1)
    assert reports.fifteen_days(forty.town.city.city.pk, at("10-01").date()).value("codes_lost") == 1


def test_programs_read_the_same_figures(forty, clock, db, client):
    person = forty.town.people["hanh"]
    key = {"authorization": f"Bearer {make_token(person, ['see figures'], at=at('12-15'))}"}
    days = "?first=2025-10-01&last=2025-10-31"

    index = client.get(f"/api/v1/indicators/index{days}", headers=key).json()
    item = next(one for one in index["items"] if one["code"] == "2.1")
    assert (item["numerator"], item["denominator"]) == (18, 33)
    report = client.get(f"/api/v1/indicators/report{days}", headers=key).json()
    whole = report["total"]
    assert (
        whole["carried_over"] + whole["received"]
        == whole["resolved"] + whole["withdrawn"] + whole["stopped"] + whole["pending"]
    )
    series = client.get(f"/api/v1/indicators/series{days}&unit=98001", headers=key).json()["items"]
    assert len(series) == 31
    assert client.get(f"/api/v1/indicators/index{days}&unit=98002", headers=key).status_code == 403
    assert client.get("/api/v1/indicators/index?first=2025-10-31&last=2025-10-01", headers=key).status_code == 422
    assert client.get(f"/api/v1/indicators/index{days}&field=x", headers=key).status_code == 422
    for nonsense in ("&field=%00x", "&unit=99999", "&unit=1%002"):
        assert 400 <= client.get(f"/api/v1/indicators/report{days}{nonsense}", headers=key).status_code < 500
    other = {"authorization": f"Bearer {make_token(forty.town.people['lan'], ['receive dossiers'], at=at('12-15'))}"}
    assert client.get(f"/api/v1/indicators/index{days}", headers=other).status_code == 403


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("chi-so/", 14),
        ("chi-so/muc/2.1/con-lai/", 14),
        ("chi-so/so-sanh/", 12),
        ("chi-so/cac-buoc/", 14),
        ("chi-so/theo-ngay/", 12),
        ("ban-do/", 14),
        ("bao-cao/", 14),
    ],
)
def test_pages_ask_the_database_a_fixed_number_of_times(forty, mayor, django_assert_max_num_queries, monkeypatch, page, most):
    monkeypatch.setattr(remember, "time", SimpleNamespace(monotonic=lambda: 0.0))  # nothing remembered runs out meanwhile
    nothing, everything = f"/dieu-hanh/{page}?tu=01/01/2025&den=31/01/2025", f"/dieu-hanh/{page}{OCTOBER}"
    mayor.get(nothing), mayor.get(everything)
    with django_assert_max_num_queries(most) as few:
        mayor.get(nothing)
    with django_assert_max_num_queries(len(few.captured_queries) + 1):  # names of procedures are asked for where there are any
        mayor.get(everything)


def test_english(mayor):
    mayor.cookies["django_language"] = "en"
    words = said(mayor.get(f"/dieu-hanh/chi-so/{OCTOBER}"))
    assert "of 70 points with data, out of 100" in words
    assert "2.1 Resolved early or on time" in words


def test_what_changes_comes_into_the_figures_with_the_next_fold(forty, mayor):
    from thongsuot.dossiers import actions

    actions.hand_back(forty.dossiers[8].pk, handed_to="Hoàng Văn Minh", actor=HOUSE, at=at("12-14"))
    assert counting.waiting() == 1
    assert "1 thay đổi vừa ghi" in said(mayor.get("/dieu-hanh/chi-so/"))
    assert counting.fold() == 1
    assert counting.waiting() == 0
    assert counting.recount().good
