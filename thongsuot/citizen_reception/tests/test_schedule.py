"""The schedule: announced, changed for a day, ended; of all units against the law."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from thongsuot.citizen_reception import actions
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.models import DayChange, ReceptionDay, ReceptionSetting
from thongsuot.citizen_reception.numbers import KEYS
from thongsuot.citizen_reception.queries import schedule, settings
from thongsuot.citizen_reception.tests.make import HOUSE, MONDAY, a_day, a_session, an_agency
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.remember import forget_all
from thongsuot.people.queries import actor_for
from thongsuot.people.tests.make import browser_of, make_administrator
from thongsuot.units import queries as units
from thongsuot.units.models import CalendarDay, Unit
from thongsuot.units.queries import clear_caches
from thongsuot.web.tests.words import said as said_of

pytestmark = pytest.mark.django_db
TODAY, THURSDAY = MONDAY.date(), date(2026, 8, 6)


def coming(office):
    return [(row.day, row.state, row.other) for row in schedule.coming(office.river, today=TODAY)]


def test_settings_are_loaded_once_and_say_what_they_stand_on(office):
    assert ReceptionSetting.objects.count() == len(KEYS)
    assert actions.load_settings(actor=HOUSE, at=MONDAY) == 0
    assert settings.frequency("commune", on=TODAY) == (1, True)
    assert settings.frequency("agency", on=TODAY) == (1, False)
    assert "42/2013/QH13" in settings.basis("commune_days_per_week", on=TODAY)
    assert "[cần đối chiếu" in settings.basis("commune_days_per_week", on=TODAY)


def test_a_day_is_announced_by_who_receives_there_and_by_nobody_else(office):
    day = a_day(office)

    assert [row[0] for row in coming(office)] == [THURSDAY + timedelta(days=7 * week) for week in range(5)]
    assert [event.name for event in history_of(day)] == ["citizen_reception.day_put"]
    for other in ("dao", "phung", "khach"):
        with pytest.raises(NotYourDuty):
            a_day(office, by=other, weekday=2)
    assert ReceptionDay.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"ends": time(8)}, "ends"),
        ({"place": ""}, "place"),
        ({"valid_from": date(2026, 8, 2)}, "valid_from"),
        ({"valid_from": date(2199, 1, 1)}, "valid_from"),
        ({"weekday": 7}, "weekday"),
        ({"week": 9}, "weekday"),
        ({"receiver": " "}, "receiver"),
        ({"receiver": "x" * 201}, "receiver"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(office, changes, where):
    with pytest.raises(BadInput) as refusal:
        a_day(office, **changes)

    assert where in refusal.value.problems
    assert not ReceptionDay.objects.exists()


def test_a_point_must_be_the_units_own_and_the_same_day_is_not_announced_twice(office):
    with pytest.raises(BadInput) as refusal:
        a_day(office, point_id=office.city.point(office.city.hill).pk)
    assert "point" in refusal.value.problems
    a_day(office, point_id=office.city.point(office.city.river).pk, place="")
    with pytest.raises(BadInput):
        a_day(office)


def test_one_day_is_moved_put_right_and_taken_back(office):
    day, hanh = a_day(office), office.actor("hanh")

    actions.change_day(day.pk, day=THURSDAY, moved_to=date(2026, 8, 7), reason="Họp thành phố", actor=hanh, at=MONDAY)
    assert coming(office)[:2] == [(THURSDAY, "moved", date(2026, 8, 7)), (date(2026, 8, 7), "held", THURSDAY)]
    actions.change_day(day.pk, day=THURSDAY, moved_to=None, reason="Họp", actor=hanh, at=MONDAY)
    assert coming(office)[0] == (THURSDAY, "called_off", None)
    actions.restore_day(day.pk, day=THURSDAY, actor=hanh, at=MONDAY)

    assert coming(office)[0] == (THURSDAY, "held", None)
    assert [event.name.rpartition(".")[2] for event in history_of(day)] == [
        "day_put",
        "day_changed",
        "day_changed",
        "day_restored",
    ]


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"day": date(2026, 8, 5)}, errors.NotThatDay),
        ({"day": date(2026, 7, 30)}, errors.DayIsPast),
        ({"reason": ""}, BadInput),
        ({"reason": "x" * 301}, BadInput),
        ({"moved_to": THURSDAY}, BadInput),
        ({"moved_to": date(2026, 8, 8)}, BadInput),  # a Saturday
        ({"moved_to": date(2026, 9, 2)}, BadInput),  # a holiday, or too far
        ({"moved_to": date(2026, 8, 13)}, BadInput),  # has a reception already
        ({"moved_to": date(9999, 12, 31)}, BadInput),
    ],
)
def test_a_change_that_cannot_be_changes_nothing(office, said, refusal):
    day = a_day(office)
    facts = {"day": THURSDAY, "moved_to": date(2026, 8, 7), "reason": "Họp"} | said
    if facts["moved_to"] == date(2026, 9, 2):
        facts["moved_to"] = date(2027, 9, 2)

    with pytest.raises(refusal):
        actions.change_day(day.pk, **facts, actor=office.actor("hanh"), at=MONDAY)

    assert not DayChange.objects.exists()


def test_an_ended_day_is_announced_no_more_and_takes_no_change(office):
    day, hanh = a_day(office), office.actor("hanh")
    actions.end_day(day.pk, on=date(2026, 8, 14), actor=hanh, at=MONDAY)

    assert [row[0] for row in coming(office)] == [THURSDAY, date(2026, 8, 13)]
    later = MONDAY + timedelta(days=20)
    with pytest.raises(errors.DayHasEnded):
        actions.end_day(day.pk, on=later.date(), actor=hanh, at=later)


def test_an_ended_day_takes_its_later_days_along_wherever_they_were_moved(office, clock):
    day, hanh = a_day(office), office.actor("hanh")
    actions.change_day(day.pk, day=date(2026, 8, 20), moved_to=date(2026, 8, 21), reason="Họp", actor=hanh, at=MONDAY)
    actions.end_day(day.pk, on=date(2026, 8, 14), actor=hanh, at=MONDAY)

    assert [row[0] for row in coming(office)] == [THURSDAY, date(2026, 8, 13)]
    assert "20/08/2026" not in said_of(browser_of(office.people["hanh"]).get(f"/can-bo/tiep-dan/lich/{day.pk}/"))
    with pytest.raises(errors.NotThatDay):
        actions.change_day(day.pk, day=date(2026, 8, 20), moved_to=None, reason="Bão", actor=hanh, at=MONDAY)


def test_an_earlier_day_that_was_moved_stays_announced_when_its_schedule_is_over_and_can_be_put_right(office):
    day, hanh = a_day(office), office.actor("hanh")
    actions.change_day(day.pk, day=THURSDAY, moved_to=date(2026, 8, 21), reason="Họp", actor=hanh, at=MONDAY)
    actions.end_day(day.pk, on=date(2026, 8, 10), actor=hanh, at=MONDAY)
    later = MONDAY + timedelta(days=14)

    def announced(today):
        city = office.city.city.pk
        rows = [(row.day, row.other) for row in schedule.coming(office.river, today=today)]
        return rows, [unit.name for unit in schedule.receiving_units(city, today=today)]

    assert announced(later.date()) == ([(date(2026, 8, 21), THURSDAY)], ["Sông"])
    assert announced(date(2026, 8, 22)) == ([], [])
    changed = {"moved_to": date(2026, 8, 24), "reason": "Bão", "actor": office.actor("hanh", later), "at": later}
    with pytest.raises(errors.DayHasEnded):
        actions.change_day(day.pk, day=date(2026, 8, 20), **changed)
    actions.change_day(day.pk, day=THURSDAY, **changed)
    assert announced(later.date())[0] == [(date(2026, 8, 24), THURSDAY)]
    actions.change_day(day.pk, day=THURSDAY, **(changed | {"moved_to": None}))
    assert announced(later.date()) == ([], [])
    with pytest.raises(errors.DayHasEnded):
        actions.end_day(day.pk, on=later.date(), actor=office.actor("hanh", later), at=later)


def test_an_agencys_day_is_announced_shown_to_all_and_held_against_the_law(office, clock, client):
    agency, son = an_agency(office), browser_of(office.people["son"])
    phung, city = browser_of(office.people["phung"]), reverse("citizen_reception:city")
    assert "Sở Ví Dụ" in said_of(phung.get(city + "?muc=none"))
    facts = {
        "unit": agency,
        "weekday": 4,
        "week": 1,
        "starts": "08:00",
        "ends": "11:30",
        "place": "Phòng 5",
        "receiver": "Giám đốc",
    }
    facts |= {"by_head": "on", "valid_from": "03/08/2026"}
    assert "Đã ghi lịch" in said_of(son.post(reverse("citizen_reception:add_day"), facts, follow=True))

    public = client.get(reverse("citizen_reception:public") + "?q=so vi du")
    page = client.get(reverse("citizen_reception:unit", args=["98D01"]))

    assert reverse("citizen_reception:unit", args=["98D01"]) in public.content.decode()
    for words in ("Sở Ví Dụ", "Thứ năm, 06/08/2026", "Giám đốc", "ít nhất 1 ngày mỗi tháng"):
        assert words in said_of(page)
    assert "Sở Ví Dụ" in said_of(phung.get(city + "?muc=enough"))
    ReceptionSetting.objects.filter(key="agency_days_per_month").update(value=3)
    forget_all()
    assert "3 ngày mỗi tháng" in said_of(phung.get(city + "?muc=few"))
    assert "Sở Ví Dụ" in said_of(browser_of(office.people["viet"]).get(f"/can-bo/tiep-dan/truc-tuyen/{a_session(office).pk}/"))


def test_no_day_is_shown_after_the_units_own_last(office):
    a_day(office)
    Unit.objects.filter(pk=office.river).update(valid_to=date(2026, 8, 10))
    clear_caches()

    assert [row[0] for row in coming(office)] == [THURSDAY]


def test_the_city_sees_who_has_no_schedule_and_who_receives_too_rarely(office, django_assert_max_num_queries):
    a_day(office)
    a_day(office, unit_id=office.hill, by="dao", week=1)

    with django_assert_max_num_queries(12):
        rows = {row.unit.name: row.state for row in schedule.all_units(office.city.city.pk, today=TODAY)}

    assert (rows["Sông"], rows["Đồi"], rows["Ví Dụ"]) == ("enough", "few", "none")


def test_a_day_by_another_than_the_head_does_not_count(office):
    a_day(office, by_head=False)

    (row,) = [row for row in schedule.all_units(office.city.city.pk, today=TODAY) if row.unit.id == office.river]
    assert (row.state, row.next_day) == ("few", None)


def test_a_day_that_falls_on_a_holiday_is_held_on_the_next_working_day_and_said_so(office):
    holiday = date(2026, 9, 2)
    CalendarDay.objects.update_or_create(date=holiday, defaults={"effect": "off", "name": "Quốc khánh"})
    clear_caches()
    calendar = units.working_calendar(office.river, on=holiday)
    makes_up_on = calendar.next_working_day(holiday)
    a_day(office, weekday=holiday.isoweekday(), valid_from=MONDAY.date())
    today = holiday - timedelta(days=1)

    rows = {row.day: row for row in schedule.coming(office.river, today=today)}

    assert (rows[holiday].state, rows[holiday].other) == ("day_off", makes_up_on)
    assert (rows[makes_up_on].state, rows[makes_up_on].other, rows[makes_up_on].reason) == ("held", holiday, "Trùng ngày nghỉ")
    # Seen on the day after the holiday it can still be moved: by its own day, which is past.
    day, at = ReceptionDay.objects.get(), MONDAY.replace(month=makes_up_on.month, day=makes_up_on.day)
    later = calendar.next_working_day(makes_up_on)
    said = {"day": holiday, "moved_to": later, "reason": "Bão", "actor": office.actor("hanh", at), "at": at}
    assert actions.change_day(day.pk, **said).moved_to == later

    ReceptionSetting.objects.filter(key="holiday_make_up").update(value=0)
    DayChange.objects.all().delete()
    forget_all()
    assert makes_up_on not in {row.day for row in schedule.coming(office.river, today=today)}


def test_a_number_of_the_law_is_set_from_a_day_on_by_an_administrator_of_the_city(office):
    actor = actor_for(make_administrator(office.city.city), at=MONDAY)
    said = {"basis": "NĐ 154/2026/NĐ-CP, Điều 9", "checked": True, "valid_from": date(2026, 9, 1), "actor": actor, "at": MONDAY}

    row = actions.set_number("transfer_days", 3, **said)

    forget_all()
    assert (settings.setting("transfer_days", on=TODAY), settings.setting("transfer_days", on=date(2026, 9, 1))) == (5, 3)
    assert [event.name for event in history_of(row)] == ["citizen_reception.setting_put"]
    assert next(one for one in settings.numbers(on=TODAY) if one.key == "transfer_days").next == row
    for wrong in ({"value": 0}, {"value": 91}, {"basis": " "}, {"valid_from": date(2026, 8, 2)}):
        with pytest.raises(BadInput):
            actions.set_number("transfer_days", **({"value": 4} | said | wrong))
    with pytest.raises(NotFound):
        actions.set_number("nothing", 4, **said)
    with pytest.raises(NotYourDuty):
        actions.set_number("transfer_days", 4, **(said | {"actor": office.actor("phung")}))
