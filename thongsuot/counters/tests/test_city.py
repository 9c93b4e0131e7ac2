"""Many points at once: hours with a preview, rosters and training from one file whole or not at all, and who is ready."""

from __future__ import annotations

import csv
import io
from datetime import date, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from thongsuot.counters import actions
from thongsuot.counters.actions import errors
from thongsuot.counters.models import OpeningException, OpeningHours, RosterEntry, Training
from thongsuot.counters.queries.rosters import officers_at, points_on
from thongsuot.counters.sheets import COLUMNS, EVERY_DAY, Seating, blank_rows, read_line
from thongsuot.counters.tests.make import DAY, HOUSE, MONDAY, a_counter, a_queue
from thongsuot.counters.tests.test_opening import HOURS, MORNING, WEEK, open_as_usual
from thongsuot.files.table_rows import RowsRefused
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.kernel.working_time import Shift
from thongsuot.people.actions import delegate_work, open_account
from thongsuot.people.tests.make import browser_of, make_administrator
from thongsuot.units.models import ServicePoint
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
FRIDAY = TODAY + timedelta(days=4)
OTHER = ((MORNING,),) * 5 + ((), ())


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


@pytest.fixture
def admin(office):
    return make_administrator(office.city.city, at=MONDAY)


@pytest.fixture
def counter(office):
    open_as_usual(office)
    return a_counter(office, a_queue(office))


def set_many(office, **more):
    facts = {"week": WEEK, "valid_from": TODAY, "actor": HOUSE, "at": MONDAY, **more}
    return actions.set_hours_of_many(office.city.city.pk, **facts)


def a_row(office, **more):
    usual = {"point": str(office.point.pk), "email": "lan@vidu.vn", "counter": "1", "first": "06/10/2025"}
    return {**usual, "last": "10/10/2025", "weekdays": "2-6", **more}


TRAINED = {"trained_on": "01/09/2025", "evidence": "Giấy chứng nhận số 12"}
NO_ROSTER = dict.fromkeys(("counter", "first", "last", "weekdays", "shift"), "")


def a_file(*rows):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([str(column.heading) for column in COLUMNS])
    writer.writerows([[row.get(column.key, "") for column in COLUMNS] for row in rows])
    return text.getvalue().encode()


def sent(office, *rows, actor=HOUSE, at=MONDAY):
    return actions.send_rosters(a_file(*rows), name="lich.csv", city_id=office.city.city.pk, actor=actor, at=at)


def come_in(office, *rows, at=MONDAY):
    return actions.import_rosters(sent(office, *rows, at=at).pk, city_id=office.city.city.pk, actor=HOUSE, at=at)


def test_all_points_get_hours_and_days_that_differ_stay(office):
    open_as_usual(office)
    actions.put_exception(office.point.pk, day=FRIDAY, spans=(), reason="Sửa điện", actor=office.actor("hong"), at=MONDAY)
    points = ServicePoint.objects.count()
    assert set_many(office, only_missing=True) == points - 1
    with pytest.raises(errors.NothingToChange):
        set_many(office)
    assert set_many(office, week=OTHER, valid_from=FRIDAY) == points
    assert OpeningException.objects.filter(withdrawn_at=None).count() == 1
    weeks = OpeningHours.objects.filter(point=office.point.pk).order_by("valid_from")
    assert [(row.valid_from, row.valid_to) for row in weeks] == [(TODAY, FRIDAY), (FRIDAY, None)]
    assert Event.objects.filter(name="counters.hours_set").count() == 2 * points


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"valid_from": TODAY - timedelta(days=1)}, "valid_from"),
        ({"week": ((),) * 7}, "week"),
        ({"house_ids": [10**9]}, "points"),
    ],
)
def test_hours_of_many_that_cannot_be_change_nothing(office, change, field):
    with pytest.raises(BadInput) as refused:
        set_many(office, **change)
    assert list(refused.value.problems) == [field]
    with pytest.raises(NotYourDuty):
        set_many(office, actor=office.actor("hong"))
    assert not OpeningHours.objects.exists()


def test_hours_announced_for_a_later_day_count_as_hours_and_stay(office):
    open_as_usual(office, valid_from=FRIDAY)
    assert set_many(office, week=OTHER, only_missing=True) == ServicePoint.objects.count() - 1
    assert set_many(office, week=OTHER, house_ids=[office.point.pk]) == 1
    rows = OpeningHours.objects.filter(point=office.point.pk).order_by("valid_from")
    assert [(row.valid_from, row.valid_to) for row in rows] == [(TODAY, FRIDAY), (FRIDAY, None)]


def test_the_page_shows_what_changes_before_it_does(office, admin, clock):
    open_as_usual(office)
    actions.put_exception(office.point.pk, day=FRIDAY, spans=(), reason="Sửa điện", actor=office.actor("hong"), at=MONDAY)
    page, data = browser_of(admin), {**HOURS, "day_5": "", "valid_from": "06/10/2025", "scope": "tat-ca"}
    assert "Các điểm chưa có giờ mở cửa" in said(page.get(url("city_hours")))
    looked = said(page.post(url("city_hours"), {**data, "viec": "xem"}))
    assert "Thứ Hai đến Thứ Sáu: 07:30-11:30, 13:30-17:00" in looked
    assert "Ngày khác thường: 10/10/2025" in looked
    assert OpeningHours.objects.count() == 1
    page.post(url("city_hours"), {**data, "viec": "dat"})
    assert OpeningHours.objects.count() == ServicePoint.objects.count()
    assert page.post(url("city_hours"), {**data, "viec": "xem", "scope": "chon"}).status_code == 422
    assert page.post(url("city_hours"), {**data, "viec": "xem", "points": "x", "scope": "chon"}).status_code == 422
    assert page.post(url("city_hours"), {**data, "viec": "xem", "day_0": "9-8"}).status_code == 422
    assert page.post(url("city_hours"), data).status_code == 422


def test_a_file_plans_shifts_and_records_training_and_again_changes_nothing(office, counter):
    plan = come_in(office, a_row(office, **TRAINED), a_row(office, email="HOA@vidu.vn", **NO_ROSTER, **TRAINED))
    assert plan.figures == {"points": 1, "shifts": 10, "seats": 10, "replaced": 0, "trainings": 2}
    assert (RosterEntry.objects.count(), Training.objects.count()) == (10, 2)
    facts = history_of(ServicePoint.objects.get(pk=office.point.pk))[-1].facts
    assert (facts["first"], facts["last"], facts["shifts"]) == ("2025-10-06", "2025-10-10", 10)
    again = come_in(office, a_row(office, **TRAINED))
    assert (again.figures["replaced"], again.figures["trainings"]) == (10, 0)
    assert (RosterEntry.objects.count(), Training.objects.count()) == (10, 2)


def test_a_shift_of_the_file_replaces_what_was_planned_and_others_stay(office, counter):
    come_in(office, a_row(office))
    come_in(office, a_row(office, email="hoa@vidu.vn", last="06/10/2025", shift="sáng"))
    rows = RosterEntry.objects.filter(day=TODAY).order_by("starts").values_list("starts", "person_name")
    assert list(rows) == [(time(7, 30), "Trần Thị Hoa"), (time(13, 30), "Trần Thị Lan")]
    assert RosterEntry.objects.count() == 10


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"point": "x"}, "point"),
        ({"point": "999999"}, "point"),
        ({"email": "x"}, "email"),
        ({"email": "ai-do@vidu.vn"}, "email"),
        ({"email": "dao@vidu.vn"}, "email"),
        ({"email": "dao@vidu.vn", **NO_ROSTER, **TRAINED}, "email"),
        ({"counter": "7"}, "counter"),
        ({"counter": ""}, "counter"),
        ({"first": "32/10/2025"}, "first"),
        ({"first": "05/10/2025"}, "first"),
        ({"last": "05/10/2025"}, "last"),
        ({"last": "06/10/2026"}, "last"),
        ({"weekdays": "8"}, "weekdays"),
        ({"weekdays": "6-2"}, "weekdays"),
        ({"weekdays": "CN"}, "first"),
        ({"shift": "tối"}, "shift"),
        ({"shift": "9:00"}, "first"),
        ({"trained_on": "01/09/2025"}, "evidence"),
        ({**TRAINED, "trained_on": "07/10/2025"}, "trained_on"),
        ({**TRAINED, "fields": "Không có"}, "fields"),
        (NO_ROSTER, "counter"),
    ],
)
def test_one_bad_row_refuses_the_file_and_says_where(office, counter, change, key):
    headings = {column.key: str(column.heading) for column in COLUMNS}
    with pytest.raises(RowsRefused) as refused:
        sent(office, a_row(office, **NO_ROSTER, **TRAINED), a_row(office, **change))
    assert [(row.place, list(row.problems)) for row in refused.value.rows] == [(3, [headings[key]])]
    assert not RosterEntry.objects.exists()
    assert not Training.objects.exists()


def test_nobody_sits_twice_in_a_shift_whoever_planned_it(office, counter):
    a_counter(office, counter.queues.get(), number=2)
    for rows in ([a_row(office), a_row(office, email="hoa@vidu.vn")], [a_row(office), a_row(office, counter="2")]):
        with pytest.raises(RowsRefused):
            sent(office, *rows)
    looked_at = sent(office, a_row(office))
    other = office.city.point(office.city.hill)
    RosterEntry.objects.create(
        point=other, day=TODAY, starts=time(7, 30), counter=counter, person=office.people["lan"], person_name="Lan"
    )
    with pytest.raises(RowsRefused) as refused:  # planned elsewhere between the preview and the import
        actions.import_rosters(looked_at.pk, city_id=office.city.city.pk, actor=HOUSE, at=MONDAY)
    assert "07:30 ngày 06/10/2025" in str(refused.value.rows[0].problems)
    assert RosterEntry.objects.count() == 1


def test_who_manages_units_sends_a_file_looks_and_brings_it_in(office, counter, admin, clock):
    page = browser_of(admin)
    book = load_workbook(io.BytesIO(page.get(url("rosters_template")).content))
    assert [str(office.point.pk), "lan@vidu.vn"] in [[cell.value for cell in row[:2]] for row in book.worksheets[0].iter_rows()]
    wrong = page.post(url("import_rosters"), {"file": SimpleUploadedFile("a.csv", a_file(a_row(office, counter="9")))})
    assert (wrong.status_code, "Điểm không có quầy số này" in said(wrong)) == (422, True)
    upload = SimpleUploadedFile("a.csv", a_file(a_row(office, **TRAINED)))
    looked = page.post(url("import_rosters"), {"file": upload}, follow=True)
    assert "Nhập cả tệp" in said(looked)
    assert not RosterEntry.objects.exists()
    where = looked.redirect_chain[-1][0]
    assert page.post(where, {}).status_code == 422
    assert "Đã nhập 10 chỗ trực và 1 lượt tập huấn tại 1 điểm." in said(page.post(where, {"viec": "nhap"}, follow=True))
    assert page.get(url("roster_file", 10**9)).status_code == 404
    clock.now = MONDAY + 2 * DAY
    page = browser_of(admin)
    assert (page.get(where).status_code, "Ngày này đã qua" in said(page.get(where))) == (422, True)


def test_only_who_manages_the_units_of_the_city(office, counter):
    stored = sent(office, a_row(office))
    for actor in (office.actor("hong"), office.actor("an")):
        with pytest.raises(NotYourDuty):
            sent(office, a_row(office), actor=actor)
        with pytest.raises(NotYourDuty):
            actions.import_rosters(stored.pk, city_id=office.city.city.pk, actor=actor, at=MONDAY)
    with pytest.raises(NotFound):
        actions.import_rosters(10**9, city_id=office.city.city.pk, actor=HOUSE, at=MONDAY)


def test_the_week_of_every_point(office, counter, admin, clock, django_assert_max_num_queries):
    page = browser_of(admin)
    assert "Điểm chưa đặt giờ mở cửa" in said(page.get(url("readiness")))
    set_many(office, only_missing=True)
    come_in(office, a_row(office, last="12/10/2025", weekdays="2-5", **TRAINED))
    shown = said(page.get(url("readiness")))
    assert "8/11" in shown
    assert "Thứ Sáu 10/10 07:30" in shown
    come_in(office, a_row(office, last="12/10/2025", weekdays=""))
    ready = {row.house_id for row in points_on([office.city.river.pk, office.city.hill.pk], on=TODAY, days=7) if row.ready}
    assert ready == {office.point.pk}
    assert office.point.details.get(valid_to=None).name not in said(page.get(url("readiness") + "?thieu=1"))
    book = load_workbook(io.BytesIO(b"".join(page.get(url("readiness_file") + "?thieu=1").streaming_content)))
    rows = list(book.active.iter_rows(values_only=True))
    assert (len(rows), rows[1][4], rows[1][5]) == (ServicePoint.objects.count(), 11, 11)
    with django_assert_max_num_queries(52):  # five for each day on which somebody is planned
        page.get(url("readiness"))


def test_a_stand_in_is_offered_and_seated_while_they_stand_in(office, counter):
    body = office.city.body(office.city.river, "office")
    stands_in = open_account(
        email="thay@vidu.vn", full_name="Trần Văn Thay", body_id=body.pk, title="Chuyên viên", duties=[],
        valid_from=TODAY, actor=HOUSE, at=MONDAY,
    )  # fmt: skip
    assert stands_in.pk not in dict(officers_at(office.point.pk, on=TODAY))
    delegate_work(
        office.people["lan"].pk,
        to_person_id=stands_in.pk,
        unit_id=office.city.river.pk,
        valid_from=TODAY,
        valid_to=TODAY + timedelta(days=2),
        reason="nghỉ phép",
        actor=office.actor("lan"),
        at=MONDAY,
    )
    assert officers_at(office.point.pk, on=TODAY)[-1] == (stands_in.pk, "Trần Văn Thay")
    assert stands_in.pk not in dict(officers_at(office.point.pk, on=TODAY + timedelta(days=2)))
    made = actions.set_shift(
        office.point.pk, day=TODAY, starts=time(7, 30), seats={counter.pk: stands_in.pk}, actor=office.actor("hong"), at=MONDAY
    )
    assert [row.person_name for row in made] == ["Trần Văn Thay"]


def seating(**cells):
    usual = {"point": "1", "email": "a@b.vn", "counter": "1", "first": "06/10/2025", **cells}
    return read_line(usual, fields={}, today=TODAY, furthest=date(2025, 12, 1)).seating


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("", EVERY_DAY),
        ("2-6", {0, 1, 2, 3, 4}),
        ("2, 4; cn", {0, 2, 6}),
        ("T2-T7", set(range(6))),
        ("thứ 7 - Chủ nhật", {5, 6}),
    ],
)
def test_weekdays_as_people_write_them(text, days):
    assert seating(weekdays=text).weekdays == days


@given(st.times(), st.sampled_from(["sáng", "chiều", "", "cả ngày"]))
def test_each_shift_is_of_the_morning_or_of_the_afternoon(starts, words):
    span, read = Shift(starts, time.max), seating(shift=words)
    assert isinstance(read, Seating)
    both = [seating(shift=one).takes(span) for one in ("sáng", "chiều")]
    assert sum(both) == 1
    assert read.takes(span) == (both[0] if words == "sáng" else both[1] if words == "chiều" else True)


def test_a_point_without_officers_has_a_row_in_the_template():
    assert [row[:2] for row in blank_rows([(1, ["a@b.vn", "c@d.vn"]), (2, [])])] == [
        ["1", "a@b.vn"],
        ["1", "c@d.vn"],
        ["2", ""],
    ]
