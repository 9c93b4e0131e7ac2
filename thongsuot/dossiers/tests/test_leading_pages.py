"""What leaders see: figures, what is late and where; each only of the units they lead."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.dossiers.queries.leading import fold_tally, late_dossiers
from thongsuot.dossiers.tests.desk import browser, case_url
from thongsuot.dossiers.tests.make import MONDAY, make_officer, receive, resolve
from thongsuot.people.tests.make import logged_in
from thongsuot.web import charts
from thongsuot.web.tests.words import said

PAGE = "/dieu-hanh/"


@pytest.fixture
def mayor(town):
    return logged_in(make_officer(town.city, town.city.city, "people_committee", "mai", "Phó Chủ tịch", ["see figures"]))


def late_one(town, **changes):
    return receive(town, at=MONDAY - timedelta(days=14), **changes)


def test_a_wards_leader_sees_the_ward_alone(town, clock):
    mine = late_one(town)
    elsewhere = late_one(town, by="doi", receiving_unit_id=town.hill, resolving_unit_id=town.hill)
    hanh = browser(town, "hanh")

    words = said(hanh.get(f"{PAGE}?don_vi={town.hill}"))

    assert "Phường Sông" in words
    assert mine.code in words
    assert elsewhere.code not in words
    assert "Quá hạn: 1 hồ sơ" in words


def test_a_citys_leader_sees_all_units_and_goes_down_to_one(town, clock, mayor):
    mine, elsewhere = late_one(town), late_one(town, by="doi", receiving_unit_id=town.hill, resolving_unit_id=town.hill)

    city, ward = said(mayor.get(PAGE)), said(mayor.get(f"{PAGE}?don_vi={town.hill}"))

    assert "3 đơn vị" in city
    assert mine.code in city
    assert elsewhere.code in city
    assert "ở 2 đơn vị" in city
    assert mine.code not in ward
    assert elsewhere.code in ward


def test_the_longest_late_of_the_city_come_first_whichever_unit_has_them(town, clock):
    ages = {town.river: (14, 9, 7), town.hill: (11, 8, 15)}
    received = [
        receive(town, at=MONDAY - timedelta(days=days), by=by, receiving_unit_id=unit_id, resolving_unit_id=unit_id)
        for (unit_id, all_days), by in zip(ages.items(), ("lan", "doi"), strict=True)
        for days in all_days
    ]
    by_due = sorted(received, key=lambda one: (one.due_at, one.pk))
    units = frozenset(ages)

    assert [row.id for row in late_dossiers(units, now=MONDAY, limit=4)] == [one.pk for one in by_due[:4]]
    assert [row.id for row in late_dossiers(units, now=by_due[2].due_at)] == [one.pk for one in by_due[:2]]
    assert late_dossiers(frozenset(), now=MONDAY) == []


def test_what_is_late_says_where_it_stands_and_with_whom(town, clock):
    late_one(town)

    words = said(browser(town, "hanh").get(PAGE))

    assert "Tiếp nhận Nguyễn Thị Lan" in words  # the step, the person
    assert "Quá hạn đang chờ ai Tiếp nhận hồ sơ 1" in words


def test_figures_alone_do_not_open_a_dossier(town, clock, mayor):
    dossier = late_one(town)

    assert case_url(dossier) not in mayor.get(PAGE).content.decode()
    assert mayor.get(case_url(dossier)).status_code == 403
    assert case_url(dossier) in browser(town, "hanh").get(PAGE).content.decode()


def test_the_share_on_time_counts_what_is_resolved(town, clock):
    resolve(town, receive(town), at=MONDAY + timedelta(hours=1))
    resolve(town, late_one(town), at=MONDAY)
    receive(town)
    hanh = browser(town, "hanh")

    before = said(hanh.get(f"{PAGE}?ngay=90"))
    fold_tally()

    assert "50,0 %" in before
    assert "1 trên 2 hồ sơ đã xong" in before
    assert "50,0 %" in said(hanh.get(f"{PAGE}?ngay=90"))
    nothing = said(hanh.get(f"{PAGE}?tu=01/08/2025&den=02/08/2025"))
    assert "0 trên 0 hồ sơ đã xong" in nothing
    assert "0,0 %" not in nothing  # no data is not nought


def test_the_page_asks_the_database_a_fixed_number_of_times(town, clock, mayor, django_assert_max_num_queries):
    late_one(town)
    mayor.get(PAGE)
    with django_assert_max_num_queries(18) as few:
        mayor.get(PAGE)
    for _ in range(10):
        late_one(town)
    with django_assert_max_num_queries(len(few.captured_queries)):
        mayor.get(PAGE)


def test_a_month_is_drawn_by_days_and_more_by_weeks():
    october = charts.by_period(
        [(date(2025, 10, 6), 4, 1), (date(2025, 10, 11), 2, 2)], first=date(2025, 10, 1), last=date(2025, 10, 31)
    )
    assert [point.all for point in october if point.all] == [4, 2]
    assert "04/10/2025" not in [point.label for point in october]  # a Saturday without anything
    assert "11/10/2025" in [point.label for point in october]

    autumn = charts.by_period(
        [(date(2025, 10, 6), 4, 1), (date(2025, 10, 10), 2, 2)], first=date(2025, 9, 1), last=date(2025, 11, 30)
    )
    week = next(point for point in autumn if point.label == "06/10/2025")
    assert (week.all, week.part) == (6, 3)


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), max_size=60))
def test_columns_never_leave_the_drawing(counts):
    points = [charts.Point(label=str(i), short="", all=max(pair), part=min(pair)) for i, pair in enumerate(counts)]

    drawing = charts.columns(points)

    for column in drawing.columns:
        assert 0 <= column.y <= drawing.floor
        assert column.part_y >= column.y - 0.2
        assert column.x + column.width <= drawing.width + 0.1
