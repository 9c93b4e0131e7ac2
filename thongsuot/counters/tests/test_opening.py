"""A point opens when it says so: kiosks refuse outside of its hours, who still waits when it closes is told."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.counters import actions, away, tasks
from thongsuot.counters.actions import errors
from thongsuot.counters.models import HallSettings, OpeningException, OpeningHours, Ticket
from thongsuot.counters.queries.closing import to_expire, to_miss
from thongsuot.counters.queries.figures import days
from thongsuot.counters.queries.load import officers
from thongsuot.counters.queries.opening import open_times, opens_words, settings_of, week_words
from thongsuot.counters.rules.opening import UnreadableHours, as_json, of_json, read_spans, slots, spans_on, written
from thongsuot.counters.rules.settings import USUAL, Settings
from thongsuot.counters.tests.make import DAY, HOUSE, MINUTE, MONDAY, a_counter, a_queue, taken
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.working_time import VIET_NAM, Shift, WorkingCalendar
from thongsuot.people.tests.make import browser_of, make_administrator
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
MORNING, AFTERNOON = Shift(time(7, 30), time(11, 30)), Shift(time(13, 30), time(17))
WEEK = ((MORNING, AFTERNOON),) * 5 + ((MORNING,), ())
HOURS = {f"day_{place}": written(spans) for place, spans in enumerate(WEEK)}


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


def open_as_usual(office, *, at=MONDAY, valid_from=None):
    day = valid_from or at.date()
    return actions.set_hours(office.point.pk, week=WEEK, valid_from=day, actor=office.actor("hong", at), at=at)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("7:30-11:30, 13:30-17:00", (MORNING, AFTERNOON)),
        ("07h30 - 11h30; 13g30–17g", (MORNING, AFTERNOON)),
        ("", ()),
        (" , ", ()),
    ],
)
def test_hours_are_read_as_people_write_them(text, spans):
    assert read_spans(text) == spans


@pytest.mark.parametrize("text", ["7:30", "11-7", "7-9, 8-10", "25-26", "a-b", "7:60-8", "8-8", "1-2,3-4,5-6,7-8,9-10"])
def test_other_hours_are_not(text):
    with pytest.raises(UnreadableHours):
        read_spans(text)


@given(st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0)), unique=True, max_size=8))
def test_spans_are_written_kept_and_read_back_the_same(times):
    ordered = sorted(times)[: len(times) // 2 * 2]
    spans = tuple(Shift(*pair) for pair in zip(ordered[::2], ordered[1::2], strict=True))
    assert read_spans(written(spans)) == of_json(as_json(spans)) == spans


def test_a_holiday_is_closed_a_day_worked_in_exchange_is_a_monday_and_what_was_said_of_a_day_goes_first():
    saturday, holiday = date(2026, 1, 10), date(2026, 1, 1)
    calendar = WorkingCalendar(off=frozenset({holiday}), on=frozenset({saturday}))

    def on(day, **said):
        return spans_on(day, WEEK, calendar=calendar, exceptions=said.get("exceptions", {}))

    assert on(holiday) == ()
    assert on(saturday) == (MORNING, AFTERNOON)
    assert on(date(2026, 1, 17)) == (MORNING,)
    assert on(holiday, exceptions={holiday: (MORNING,)}) == (MORNING,)


def test_slots_end_while_the_point_is_open():
    found = slots((MORNING,), date(2026, 1, 5), minutes=50)
    assert [f"{at:%H:%M}" for at in found] == ["07:30", "08:20", "09:10", "10:00"]


def test_days_that_open_alike_stand_in_one_line():
    assert week_words(WEEK) == [
        ("Thứ Hai đến Thứ Sáu", "07:30-11:30, 13:30-17:00"),
        ("Thứ Bảy", "07:30-11:30"),
        ("Chủ nhật", "đóng cửa"),
    ]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ((2025, 10, 6, 8, 0), "Đang mở cửa, đến 11:30."),
        ((2025, 10, 6, 12, 0), "Đang đóng cửa, mở lại lúc 13:30 hôm nay."),
        ((2025, 10, 11, 12, 0), "Đang đóng cửa, mở lại lúc 07:30 Thứ Hai, 13/10."),
        ((2025, 10, 7, 8, 0), "Đang đóng cửa, mở lại lúc 07:30 Thứ Tư, 08/10. Sửa điện."),
        ((2026, 1, 1, 8, 0), "Đang đóng cửa, mở lại lúc 07:30 Thứ Bảy, 03/01. Nghỉ theo lịch chung."),
        ((2026, 1, 10, 14, 0), "Đang mở cửa, đến 17:00."),
    ],
)
def test_the_door_says_whether_it_is_open_and_when_again(office, at, words):
    open_as_usual(office)
    hong = office.actor("hong")
    actions.put_exception(office.point.pk, day=date(2025, 10, 7), spans=(), reason="Sửa điện", actor=hong, at=MONDAY)
    now = datetime(*at, tzinfo=VIET_NAM)

    assert opens_words(open_times(office.point.pk, on=now.date()), now) == words


def test_hours_begin_on_their_day_and_those_before_stay_in_history(office):
    first = open_as_usual(office)
    later = (MONDAY + 7 * DAY).date()
    actions.set_hours(
        office.point.pk, week=((MORNING,),) * 5 + ((), ()), valid_from=later, actor=office.actor("hong"), at=MONDAY
    )

    times = open_times(office.point.pk, on=MONDAY.date())

    assert (times.spans(MONDAY.date()), times.spans(later)) == ((MORNING, AFTERNOON), (MORNING,))
    first.refresh_from_db()
    assert first.valid_to == later
    assert history_of(first)[0].facts["valid_from"] == "2025-10-06"


@pytest.mark.parametrize(
    ("week", "day", "field"),
    [(((),) * 7, MONDAY.date(), "week"), (WEEK, (MONDAY - DAY).date(), "valid_from"), (WEEK[:6], MONDAY.date(), "week")],
)
def test_hours_that_cannot_be_are_refused_and_nothing_is_kept(office, week, day, field):
    with pytest.raises(BadInput) as refused:
        actions.set_hours(office.point.pk, week=week, valid_from=day, actor=office.actor("hong"), at=MONDAY)
    assert list(refused.value.problems) == [field]
    assert not OpeningHours.objects.exists()


@pytest.mark.parametrize("who", ["lan", "an", "dao"])
def test_only_who_arranges_there_sets_hours_and_rules(office, who):
    for act in (
        lambda actor: actions.set_hours(office.point.pk, week=WEEK, valid_from=MONDAY.date(), actor=actor, at=MONDAY),
        lambda actor: actions.put_exception(office.point.pk, day=MONDAY.date(), spans=(), reason="x", actor=actor, at=MONDAY),
        lambda actor: actions.set_settings(USUAL, point_id=office.point.pk, actor=actor, at=MONDAY),
    ):
        with pytest.raises(NotYourDuty):
            act(office.actor(who))
    assert not OpeningHours.objects.exists() | OpeningException.objects.exists() | HallSettings.objects.exists()


def test_a_kiosk_gives_no_number_when_the_point_is_closed_and_says_when_it_opens(office, client, clock):
    queue = a_queue(office)
    a_counter(office, queue)
    open_as_usual(office)
    device, code = actions.set_up_device(office.point.pk, kind="kiosk", name="Máy", actor=office.actor("hong"), at=MONDAY)
    client.post(url("join"), {"code": code})
    clock.now = MONDAY.replace(hour=12)

    assert "mở lại lúc 13:30 hôm nay" in said(client.get(url("kiosk")))
    assert "Chứng thực" not in said(client.get(url("kiosk")))
    refused = client.post(url("kiosk"), {"hang": queue.pk})
    assert (refused.status_code, Ticket.objects.exists()) == (409, False)
    assert "mở lại lúc 13:30 hôm nay" in said(refused)
    assert taken(queue, office, at=clock.now).code == "A 001"  # an officer may
    with pytest.raises(errors.PointClosed):
        actions.take_ticket_at(device.pk, queue.pk, actor=HOUSE, at=clock.now)
    clock.now = MONDAY.replace(hour=14)
    assert client.post(url("kiosk"), {"hang": queue.pk}).status_code == 302


def test_who_still_waits_when_it_closes_is_told_and_may_be_called_by_hand(office, client, clock):
    queue = a_queue(office)
    counter = a_counter(office, queue)
    open_as_usual(office)
    lan, served, waits = office.actor("lan"), taken(queue, office), taken(queue, office, at=MONDAY + MINUTE)
    actions.sit_down(counter.pk, actor=lan, at=MONDAY)
    actions.call_next(counter.pk, actor=lan, at=MONDAY)
    actions.begin(counter.pk, actor=lan, at=MONDAY)
    for hour, minute, state in ((12, 0, "waiting"), (16, 59, "waiting"), (17, 0, "left")):
        clock.now = MONDAY.replace(hour=hour, minute=minute)
        tasks.close_points(0)
        waits.refresh_from_db()
        assert waits.state == state
    served.refresh_from_db()
    assert (served.state, waits.expired, history_of(waits)[-1].name) == ("serving", True, "counters.expired")
    assert "Điểm đã hết giờ mở cửa" in said(client.get(url("follow", waits.secret)))
    actions.finish(counter.pk, actor=lan, at=clock.now)
    assert actions.call_one(waits.pk, counter_id=counter.pk, actor=lan, at=clock.now).state == "called"
    assert not Ticket.objects.filter(expired=True).exists()


def test_a_point_without_hours_closes_with_its_day(office, clock):
    ticket = taken(a_queue(office), office)
    clock.now = MONDAY.replace(hour=23)
    tasks.close_points(0)
    assert Ticket.objects.get().state == "waiting"
    clock.now = MONDAY + DAY
    tasks.close_points(0)
    tasks.close_points(0)
    ticket.refresh_from_db()
    assert (ticket.state, len(history_of(ticket))) == ("left", 2)


def test_a_points_own_rules_go_before_the_citys_but_for_how_big_a_room_must_be(office):
    city = Settings(ahead_a_day=1, early_minutes=5, late_minutes=5, days_ahead=7, expires_minutes=30, least_area_m2=100)
    own = Settings(ahead_a_day=2, early_minutes=20, late_minutes=20, days_ahead=10, expires_minutes=0)
    point, day = office.point.pk, MONDAY.date()
    assert settings_of(point, on=day) == USUAL
    actions.set_settings(city, actor=HOUSE, at=MONDAY)
    assert settings_of(point, on=day) == city
    actions.set_settings(own, point_id=point, actor=office.actor("hong"), at=MONDAY)
    assert settings_of(point, on=day).ahead_a_day == 2
    assert settings_of(point, on=day).least_area_m2 == 100
    with pytest.raises(BadInput) as refused:
        actions.set_settings(Settings(**{**vars(own), "days_ahead": 90}), actor=HOUSE, at=MONDAY)
    assert list(refused.value.problems) == ["days_ahead"]
    with pytest.raises(NotYourDuty):
        actions.set_settings(city, actor=office.actor("hong"), at=MONDAY)


def test_the_page_sets_hours_a_day_that_differs_and_takes_it_back(office, clock, client):
    hong, point = browser_of(office.people["hong"]), office.point.pk
    assert "Chưa đặt giờ mở cửa" in said(hong.get(url("hours", point)))
    wrong = hong.post(url("hours", point), {"viec": "gio", "valid_from": "06/10/2025", **HOURS, "day_0": "7 giờ"})
    assert wrong.status_code == 422
    assert "Chưa đọc được giờ" in said(wrong)
    assert hong.post(url("hours", point), {"viec": "gio", "valid_from": "01/10/2025", **HOURS}).status_code == 422
    done = hong.post(url("hours", point), {"viec": "gio", "valid_from": "06/10/2025", **HOURS}, follow=True)
    assert "Đang mở cửa, đến 11:30." in said(done)
    assert hong.post(url("hours", point), {"viec": "ngay", "day": "07/10/2025", "reason": ""}).status_code == 422
    done = hong.post(url("hours", point), {"viec": "ngay", "day": "07/10/2025", "spans": "", "reason": "Sửa điện"}, follow=True)
    assert "07/10/2025: đóng cửa" in said(done)

    public = said(client.get(reverse("units:unit", args=["98001"])))
    assert "Thứ Hai đến Thứ Sáu: 07:30-11:30, 13:30-17:00" in public
    assert "07/10/2025: đóng cửa (Sửa điện)" in public
    assert "Đang mở cửa, đến 11:30." in public
    assert "Thứ Bảy: 07:30-11:30" in said(client.get(reverse("units:units")))

    gone = OpeningException.objects.get()
    assert "mở cửa như thường" in said(hong.post(url("hours", point), {"viec": "bo", "ngay": gone.pk}, follow=True))
    assert hong.post(url("hours", point), {"viec": "bo", "ngay": gone.pk}).status_code == 404
    assert hong.post(url("hours", point), {}).status_code == 422


def test_the_pages_of_rules(office, clock):
    hong, point = browser_of(office.people["hong"]), office.point.pk
    quan = browser_of(make_administrator(office.city.city, at=MONDAY))
    values = {"ahead_a_day": 2, "early_minutes": 10, "late_minutes": 5, "days_ahead": 7, "expires_minutes": 0, "basis": ""}
    values["most_absences"] = 2
    assert "theo quy định chung" in said(hong.get(url("settings", point)))
    assert "Điểm có quy định riêng từ 06/10/2025" in said(hong.post(url("settings", point), values, follow=True))
    assert hong.post(url("settings", point), {**values, "days_ahead": 90}).status_code == 422
    assert hong.get(url("city_settings")).status_code == 403
    done = quan.post(url("city_settings"), {**values, "least_area_m2": 100}, follow=True)
    assert "Đang theo quy định đặt từ 06/10/2025" in said(done)
    assert settings_of(point, on=MONDAY.date()).least_area_m2 == 100
    assert settings_of(point, on=MONDAY.date()).most_absences == 2
    assert hong.post(url("settings", point), {**values, "most_absences": 0}).status_code == 422


def test_many_points_cost_what_one_does(office, client, clock, django_assert_max_num_queries):
    open_as_usual(office)
    client.get(reverse("units:units"))
    with django_assert_max_num_queries(16):
        client.get(reverse("units:units"))


def test_hours_announced_for_later_close_nothing_before(office, client, clock):
    queue = a_queue(office)
    a_counter(office, queue)
    open_as_usual(office, valid_from=MONDAY.date() + 2 * DAY)
    _device, code = actions.set_up_device(office.point.pk, kind="kiosk", name="Máy", actor=office.actor("hong"), at=MONDAY)
    client.post(url("join"), {"code": code})
    clock.now = MONDAY.replace(hour=20)
    assert client.post(url("kiosk"), {"hang": queue.pk}).status_code == 302
    tasks.close_points(0)
    assert Ticket.objects.get().state == "waiting"
    clock.now = (MONDAY + 2 * DAY).replace(hour=20)
    assert client.post(url("kiosk"), {"hang": queue.pk}).status_code == 409


def test_a_number_an_officer_gives_after_the_closing_waits_until_the_day_ends(office, clock):
    queue = a_queue(office)
    open_as_usual(office)
    evening, sunday = MONDAY.replace(hour=17, minute=30), MONDAY + 6 * DAY
    given = taken(queue, office), taken(queue, office, at=evening), taken(queue, office, at=sunday)
    states = []
    for clock.now in (evening + MINUTE, sunday + MINUTE, sunday + DAY):
        tasks.close_points(0)
        states.append([Ticket.objects.get(pk=one.pk).state for one in given])
    assert states == [["left", "waiting", "waiting"], ["left", "left", "waiting"], ["left", "left", "left"]]


def test_what_stands_at_a_counter_when_the_day_ends_is_over_and_tells_no_time(office, clock):
    queue = a_queue(office)
    served, called = taken(queue, office), taken(queue, office)
    for number, name in ((1, "lan"), (2, "hoa")):
        counter, who = a_counter(office, queue, number=number), office.actor(name)
        actions.sit_down(counter.pk, actor=who, at=MONDAY)
        actions.call_next(counter.pk, actor=who, at=MONDAY)
        if number == 1:
            actions.begin(counter.pk, actor=who, at=MONDAY)
    clock.now = MONDAY.replace(hour=23)
    tasks.close_points(0)
    served.refresh_from_db()
    assert served.state == "serving"
    clock.now = MONDAY + DAY
    tasks.close_points(0)
    served.refresh_from_db()
    called.refresh_from_db()
    assert (served.state, served.expired, called.state, called.expired) == ("done", True, "left", True)
    [loaded] = officers(office.point.pk, first=MONDAY.date(), last=MONDAY.date())
    assert (loaded.served, loaded.mean) == (1, None)
    [figures] = days(office.point.pk, first=MONDAY.date(), last=MONDAY.date())
    assert (figures.figures.served, figures.figures.mean_service) == (1, None)


class Cut:
    """What stands in for a hall whose line is cut."""

    def __init__(self, house_id: int) -> None:
        self.house_id = house_id

    def address(self, house_id: int, path: str, device_id: int | None) -> str:
        return ""

    def cut_off(self, house_id: int, at: datetime) -> bool:
        return house_id == self.house_id

    def page(self, point_id: int) -> tuple[str, str]:
        return "", ""


def test_a_hall_whose_line_is_cut_closes_by_itself(office, clock, monkeypatch):
    ticket = taken(a_queue(office), office)
    open_as_usual(office)
    monkeypatch.setattr(away, "_found", [Cut(office.point.pk)])
    for clock.now in (MONDAY.replace(hour=18), MONDAY + DAY):
        tasks.close_points(0)
        ticket.refresh_from_db()
        assert ticket.state == "waiting"
    monkeypatch.setattr(away, "_found", [])
    tasks.close_points(0)
    ticket.refresh_from_db()
    assert ticket.state == "left"


def test_the_sweep_costs_the_same_however_many_wait(office, clock, django_assert_max_num_queries):
    queue = a_queue(office)
    for _each in range(8):
        taken(queue, office)
    open_as_usual(office)
    with django_assert_max_num_queries(13):
        assert len(to_expire(at=MONDAY.replace(hour=18))) == 8
    with django_assert_max_num_queries(2):
        assert to_miss(at=MONDAY) == []
