"""The board lists exactly what the unit resolves today: as the catalogue says, of that unit, without what was abolished."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from thongsuot.counters.queries.notice_board import A_SCREEN, fields_offered, screens
from thongsuot.counters.tests.make import DAY, HOUSE, MONDAY
from thongsuot.counters.tests.test_opening import open_as_usual
from thongsuot.procedures import actions, queries
from thongsuot.procedures.tests.make import make_competence, make_procedure
from thongsuot.units import queries as units
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


def codes(unit_id, on=TODAY):
    return [row.procedure.code for field in fields_offered(unit_id, on=on) for row in field.rows]


def of_catalogue(unit_id, on=TODAY):
    """All pages of what anybody finds for that unit."""
    found = queries.catalogue(on=on, unit_id=unit_id)
    rows = [row for page in range(1, found.pages + 1) for row in queries.catalogue(on=on, unit_id=unit_id, page=page).rows]
    return {row.code for row in rows}


@pytest.fixture
def three(office):
    """Two for every ward, in two fields; one for phường Đồi alone."""
    city = office.city.city.pk
    for number, field in ((1, "Hộ tịch"), (2, "Chứng thực")):
        make_procedure(f"9.00000{number}", name=f"Thủ tục {number}", field=field, city_id=city)
    make_procedure("9.000003", name="Thủ tục riêng", field="Chứng thực")
    make_competence("9.000003", city_id=city, unit_id=office.city.hill.pk)
    units.clear_caches()


def test_the_board_is_the_catalogue_of_that_unit_on_that_day(office, three):
    river, hill = office.city.river.pk, office.city.hill.pk
    assert codes(river) == ["9.000002", "9.000001"]
    assert set(codes(hill)) == {"9.000001", "9.000002", "9.000003"}
    for unit_id in (river, hill):
        assert set(codes(unit_id)) == of_catalogue(unit_id)
        assert len(codes(unit_id)) == len(set(codes(unit_id)))
    assert [field.name for field in fields_offered(hill, on=TODAY)] == ["Chứng thực", "Hộ tịch"]


def test_what_is_abolished_is_there_until_its_day_and_not_after(office, three):
    gone_on = TODAY + timedelta(days=1)
    actions.end_procedure("9.000001", ends_on=gone_on, basis="9/QĐ", city_id=office.city.city.pk, actor=HOUSE, at=MONDAY)
    units.clear_caches()
    for on in (TODAY, gone_on):
        assert set(codes(office.city.river.pk, on)) == of_catalogue(office.city.river.pk, on)
    assert "9.000001" in codes(office.city.river.pk)
    assert "9.000001" not in codes(office.city.river.pk, gone_on)


def test_the_page_to_print_and_the_screen_that_turns_by_itself(office, client, clock):
    for number in range(A_SCREEN + 1):
        make_procedure(f"9.00001{number}", name=f"Thủ tục {number}", field="Hộ tịch", city_id=office.city.city.pk)
    open_as_usual(office)
    point = office.point.pk
    page = said(client.get(url("notice_board", point)))
    assert f"{A_SCREEN + 1} thủ tục đang thực hiện, ngày 06/10/2025" in page
    assert "Thứ Hai đến Thứ Sáu: 07:30-11:30, 13:30-17:00" in page
    first = client.get(url("notice_screen", point))
    assert f"url={url('notice_screen', point)}?trang=2" in first.content.decode()
    last = client.get(url("notice_screen", point), {"trang": "2"})
    assert f"url={url('notice_screen', point)}?trang=1" in last.content.decode()
    assert f"Thủ tục {A_SCREEN}" in said(last)
    assert f"Thủ tục {A_SCREEN}" not in said(first)
    assert client.get(url("notice_screen", point), {"trang": "99"}).status_code == 200
    turned = client.get(url("notice_screen", point), {"sau": "1"}, headers={"HX-Request": "true"})
    assert f"Thủ tục {A_SCREEN}" in said(turned)
    assert "<main" not in turned.content.decode(), "a part, for the page that stands"
    for last in ("2", "99", "x", "-1", "9" * 40):
        again = client.get(url("notice_screen", point), {"sau": last}, headers={"HX-Request": "true"})
        assert again.status_code == 200
    pages = screens(fields_offered(office.city.river.pk, on=TODAY))
    assert [len(one) for one in pages] == [A_SCREEN, 1]
    clock.now = MONDAY + DAY
    assert client.get(url("notice_board", 10**9)).status_code == 404


def test_the_screen_marks_a_limit_that_nobody_verified_as_the_printed_board_does(office, client, clock):
    make_procedure("9.000001", name="Thủ tục 1", field="Hộ tịch", city_id=office.city.city.pk)
    for name in ("notice_board", "notice_screen"):
        assert "chưa kiểm chứng" not in said(client.get(url(name, office.point.pk)))
    city = office.city.city.pk
    make_procedure("9.000002", name="Thủ tục 2", field="Hộ tịch", city_id=city, unverified=frozenset({"limit"}))
    units.clear_caches()
    for name in ("notice_board", "notice_screen"):
        assert "chưa kiểm chứng" in said(client.get(url(name, office.point.pk)))


def test_a_unit_without_any_says_so(office, client, clock):
    assert "Chưa có thủ tục nào" in said(client.get(url("notice_board", office.point.pk)))
    assert "chưa được công bố" in said(client.get(url("notice_screen", office.point.pk)))


def test_one_search_gives_the_new_ward_where_to_go_when_and_whom_to_call(office, client, clock):
    open_as_usual(office)
    page = said(client.get(reverse("units:find"), {"q": "phường Bến, quận Giữa"}))
    point = units.point_row(office.point.pk, as_of=TODAY)
    for told in ("Phường Sông", point.address, point.phone, "Thứ Hai đến Thứ Sáu: 07:30-11:30", "Đang mở cửa, đến 11:30."):
        assert told in page
    assert "Mở trong ứng dụng bản đồ" in page
    assert "Thủ tục làm tại đây" in page
    assert url("take_ahead", office.point.pk) in client.get(reverse("units:unit", args=["98001"])).content.decode()
