"""Somebody may be served more than once with one number: sent on, or back with what was missing. Each time counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from thongsuot.counters import actions, tasks
from thongsuot.counters.actions import errors
from thongsuot.counters.models import Counter, HallSettings, Service, Ticket
from thongsuot.counters.queries import served_by, serving_now
from thongsuot.counters.queries.effects import before_and_after, told
from thongsuot.counters.queries.figures import days
from thongsuot.counters.queries.hall import ahead_of, hall
from thongsuot.counters.queries.load import load, officers
from thongsuot.counters.queries.waits import expected_waits
from thongsuot.counters.rules.settings import USUAL, Settings
from thongsuot.counters.tests.make import DAY, MINUTE, MONDAY, a_counter, a_queue, taken
from thongsuot.counters.tests.test_opening import open_as_usual
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.people.models import Appointment
from thongsuot.people.tests.make import browser_of
from thongsuot.web import qr
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


@pytest.fixture
def queue(office):
    return a_queue(office)


@pytest.fixture
def fees(office):
    return a_queue(office, "B", "Thu phí")


@pytest.fixture
def desks(office, queue, fees) -> list[Counter]:
    """Lan receives at counter 1, Hoa takes the fees at counter 2."""
    made = [a_counter(office, queue, number=1), a_counter(office, fees, number=2)]
    for who, counter in zip(("lan", "hoa"), made, strict=True):
        actions.sit_down(counter.pk, actor=office.actor(who), at=MONDAY)
    return made


def begun(queue, desk, who, *, at=MONDAY, after=timedelta()) -> Ticket:
    ticket = actions.take_ticket(queue.pk, actor=who, at=at)
    actions.call_one(ticket.pk, counter_id=desk.pk, actor=who, at=at + after)
    return actions.begin(desk.pk, actor=who, at=at + after)


def done(queue, desk, who, *, at=MONDAY, lasts=10 * MINUTE) -> Ticket:
    begun(queue, desk, who, at=at)
    return actions.finish(desk.pk, actor=who, at=at + lasts)


def passed_on(desks, queue, lan, hoa) -> Ticket:
    """Waits 5 minutes, is 15 with Lan, waits 4 for Hoa, is 2 with her."""
    ticket = begun(queue, desks[0], lan, after=5 * MINUTE)
    actions.send_to(desks[0].pk, to_counter_id=desks[1].pk, reason="fee", actor=lan, at=MONDAY + 20 * MINUTE)
    actions.call_next(desks[1].pk, actor=hoa, at=MONDAY + 23 * MINUTE)
    actions.begin(desks[1].pk, actor=hoa, at=MONDAY + 24 * MINUTE)
    actions.finish(desks[1].pk, actor=hoa, at=MONDAY + 26 * MINUTE)
    ticket.refresh_from_db()
    return ticket


def test_whoever_passes_people_on_has_served_them(office, queue, desks, lan, hoa):
    passed_on(desks, queue, lan, hoa)

    (row,) = Service.objects.all()
    assert (row.queue, row.counter, row.person_id) == (queue, desks[0], lan.person_id)
    assert (row.from_at, row.until_at, row.again_at) == (MONDAY + 5 * MINUTE, MONDAY + 20 * MINUTE, MONDAY + 20 * MINUTE)
    found = officers(office.point.pk, first=TODAY, last=TODAY)
    assert [(one.name, one.served, one.mean) for one in found] == [
        ("Trần Thị Hoa", 1, 2 * MINUTE),
        ("Trần Thị Lan", 1, 15 * MINUTE),
    ]
    assert [one.served for one in load([office.city.river.pk], at=MONDAY)] == [2]


def test_it_waited_for_both_and_was_served_by_both(office, queue, desks, lan, hoa):
    passed_on(desks, queue, lan, hoa)
    (day,) = days(office.point.pk, first=TODAY, last=TODAY)
    figures = day.figures
    assert (figures.taken, figures.served, figures.done, figures.unserved) == (1, 1, 2, 0)
    assert (figures.mean_wait, figures.longest, figures.service) == (9 * MINUTE, 9 * MINUTE, 17 * MINUTE)
    (whole, of_queue) = before_and_after(office.point.pk, day=TODAY, days=7)
    assert whole.after.median == of_queue.after.median == 9 * MINUTE


def test_whoever_was_served_and_then_left_was_served(office, queue, fees, desks, lan):
    ticket = begun(queue, desks[0], lan, after=5 * MINUTE)
    actions.send_on(desks[0].pk, queue_id=fees.pk, actor=lan, at=MONDAY + 20 * MINUTE)
    actions.cancel_ticket(ticket.pk, actor=lan, at=MONDAY + 30 * MINUTE)
    (day,) = days(office.point.pk, first=TODAY, last=TODAY)
    assert (day.figures.served, day.figures.cancelled, day.figures.unserved) == (1, 0, 0)
    assert (day.figures.mean_wait, day.figures.mean_service) == (5 * MINUTE, 15 * MINUTE)


def test_only_called_and_sent_on_nobody_was_served(office, queue, fees, desks, lan):
    ticket = actions.take_ticket(queue.pk, actor=lan, at=MONDAY)
    actions.call_next(desks[0].pk, actor=lan, at=MONDAY)
    actions.send_on(desks[0].pk, queue_id=fees.pk, actor=lan, at=MONDAY)
    assert not Service.objects.exists()
    assert not Ticket.objects.get(pk=ticket.pk).was_served_by(lan.person_id)


def test_the_time_before_being_sent_on_tells_how_long_the_queue_takes(office, queue, fees, desks, lan, hoa):
    for place in range(5):
        begun(queue, desks[0], lan, at=MONDAY + place * 20 * MINUTE)
        actions.send_on(desks[0].pk, queue_id=fees.pk, actor=lan, at=MONDAY + place * 20 * MINUTE + 12 * MINUTE)
    at = MONDAY + 100 * MINUTE
    actions.take_ticket(queue.pk, actor=lan, at=at)
    waits = expected_waits(office.point.pk, at=at)
    assert waits[queue.pk].mean == 12 * MINUTE
    assert fees.pk not in waits


def test_what_is_done_for_it_may_still_name_the_number_after_it_was_sent_on(queue, fees, desks, lan, hoa):
    ticket = begun(queue, desks[0], lan)
    assert serving_now(lan.person_id, on=TODAY).id == ticket.pk
    actions.send_on(desks[0].pk, queue_id=fees.pk, actor=lan, at=MONDAY + MINUTE)

    assert serving_now(lan.person_id, on=TODAY) is None
    found = served_by(lan.person_id, ticket_id=ticket.pk, on=TODAY)
    assert (found.code, found.counter) == ("A 001", 1)
    assert served_by(hoa.person_id, ticket_id=ticket.pk, on=TODAY) is None
    assert served_by(lan.person_id, ticket_id=ticket.pk, on=TODAY + DAY) is None


def test_back_with_the_missing_paper_one_is_called_next_by_the_same_officer(office, queue, desks, lan):
    ticket = done(queue, desks[0], lan)
    other = taken(queue, office, at=MONDAY + 11 * MINUTE, priority="old")
    back = actions.come_back(ticket.pk, reason="paper", actor=lan, at=MONDAY + 60 * MINUTE)

    assert (back.code, back.state, back.ended_at, back.served_by, back.reserved_for) == (
        "A 001",
        "waiting",
        None,
        None,
        desks[0],
    )
    assert ahead_of(back) == 0
    assert actions.call_next(desks[0].pk, actor=lan, at=MONDAY + 61 * MINUTE) == ticket
    actions.begin(desks[0].pk, actor=lan, at=MONDAY + 61 * MINUTE)
    assert actions.call_next(desks[0].pk, actor=lan, at=MONDAY + 63 * MINUTE) == other
    assert history_of(ticket)[-4].facts["reason"] == "paper"
    # Two times with Lan, and nobody waited while they fetched the paper.
    assert [(one.served, one.mean) for one in officers(office.point.pk, first=TODAY, last=TODAY)] == [(2, 6 * MINUTE)]
    (day,) = days(office.point.pk, first=TODAY, last=TODAY)
    assert day.figures.longest == MINUTE


def test_where_the_officer_is_gone_it_waits_in_its_old_place(office, queue, desks, lan, hoa):
    ticket = done(queue, desks[0], lan)
    actions.get_up(desks[0].pk, actor=lan, at=MONDAY + 11 * MINUTE)
    later = taken(queue, office, at=MONDAY + 12 * MINUTE)
    back = actions.come_back(ticket.pk, reason="fee", actor=office.actor("hong"), at=MONDAY + 20 * MINUTE)
    assert (back.reserved_for, ahead_of(back), ahead_of(later)) == (None, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_a_counter_that_is_left_at_once_keeps_nobody(office):
    queue = a_queue(office)
    counter, lan = a_counter(office, queue), office.actor("lan")
    actions.sit_down(counter.pk, actor=lan, at=MONDAY)
    ticket, at = done(queue, counter, lan), MONDAY + 20 * MINUTE

    troubles = at_once(
        lambda: actions.come_back(ticket.pk, reason="paper", actor=lan, at=at),
        lambda: actions.get_up(counter.pk, actor=lan, at=at),
    )

    assert troubles == []
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reserved_for) == ("waiting", None)


def test_who_may_not_come_back(office, queue, fees, desks, lan, hoa):
    ticket = done(queue, desks[0], lan)
    with pytest.raises(NotYourDuty):
        actions.come_back(ticket.pk, reason="paper", actor=hoa, at=MONDAY + 20 * MINUTE)
    with pytest.raises(BadInput):
        actions.come_back(ticket.pk, reason="", actor=lan, at=MONDAY + 20 * MINUTE)
    with pytest.raises(errors.NotBack) as refused:
        actions.come_back(ticket.pk, reason="paper", actor=lan, at=MONDAY + DAY)
    assert "A 001" in refused.value.message()
    actions.come_back(ticket.pk, reason="paper", actor=lan, at=MONDAY + 20 * MINUTE)
    with pytest.raises(errors.NotBack):
        actions.come_back(ticket.pk, reason="paper", actor=lan, at=MONDAY + 20 * MINUTE)
    waits = actions.take_ticket(queue.pk, actor=lan, at=MONDAY)
    with pytest.raises(errors.NotBack):
        actions.come_back(waits.pk, reason="paper", actor=office.actor("hong"), at=MONDAY + 20 * MINUTE)
    assert Service.objects.count() == 1


def test_a_closed_queue_takes_nobody_back(office, queue, fees, desks, lan):
    ticket = done(queue, desks[0], lan)
    actions.get_up(desks[0].pk, actor=lan, at=MONDAY + 11 * MINUTE)
    actions.close_counter(desks[0].pk, actor=office.actor("hong"), at=MONDAY + 12 * MINUTE)
    actions.close_queue(queue.pk, actor=office.actor("hong"), at=MONDAY + 12 * MINUTE)
    with pytest.raises(errors.NotBack):
        actions.come_back(ticket.pk, reason="paper", actor=lan, at=MONDAY + 20 * MINUTE)


def test_from_the_counter_to_the_number_that_comes_back(office, queue, desks, lan, clock):
    ticket = done(queue, desks[0], lan)
    clock.now = MONDAY + 30 * MINUTE
    page, address = browser_of(office.people["lan"]), url("ticket", ticket.pk)
    assert address in page.get(url("desk", desks[0].pk)).content.decode()
    assert address not in browser_of(office.people["hoa"]).get(url("desk", desks[1].pk)).content.decode()
    assert "Cho quay lại, giữ số cũ" not in said(browser_of(office.people["hoa"]).get(address))
    assert "Cho quay lại, giữ số cũ" in said(page.get(address))
    assert page.post(address, {"viec": "quay-lai", "reason": ""}).status_code == 422

    after = said(page.post(address, {"viec": "quay-lai", "reason": "paper"}, follow=True))

    assert "Số A 001 được gọi tiếp theo." in after
    again = page.post(address, {"viec": "quay-lai", "reason": "paper"})
    assert again.status_code == 422
    assert "không cho quay lại được" in said(again)
    assert browser_of(office.people["hoa"]).post(address, {"viec": "quay-lai", "reason": "paper"}).status_code == 403


@pytest.mark.parametrize("most", [1, 2, 4])
def test_after_how_many_calls_in_vain_a_number_has_left_is_settled_for_a_time(office, queue, desks, lan, most):
    rules = Settings(**{**vars(USUAL), "most_absences": most})
    actions.set_settings(rules, point_id=office.point.pk, actor=office.actor("hong"), at=MONDAY)
    taken(queue, office)
    states = []
    while not states or states[-1] == "waiting":
        actions.call_next(desks[0].pk, actor=lan, at=MONDAY)
        states.append(actions.absent(desks[0].pk, actor=lan, at=MONDAY).state)
    assert states == ["waiting"] * (most - 1) + ["left"]
    assert HallSettings.objects.get().most_absences == most


def test_a_number_kept_for_a_counter_at_work_is_called_by_no_other_out_of_turn_either(office, queue, desks, lan, hoa):
    ticket = begun(queue, desks[0], lan)
    actions.send_to(desks[0].pk, to_counter_id=desks[1].pk, reason="fee", actor=lan, at=MONDAY + MINUTE)
    with pytest.raises(errors.KeptForOther) as refused:
        actions.call_one(ticket.pk, counter_id=desks[0].pk, actor=lan, at=MONDAY + 2 * MINUTE)
    assert "được chuyển đến quầy 2" in refused.value.message()
    actions.take_break(desks[1].pk, reason="meal", actor=hoa, at=MONDAY + 3 * MINUTE)
    called = actions.call_one(ticket.pk, counter_id=desks[0].pk, actor=lan, at=MONDAY + 4 * MINUTE)
    assert (called.state, called.reserved_for) == ("called", None)
    actions.send_to(desks[0].pk, to_counter_id=desks[1].pk, reason="fee", actor=lan, at=MONDAY + 5 * MINUTE)
    actions.end_break(desks[1].pk, actor=hoa, at=MONDAY + 6 * MINUTE)
    assert actions.call_one(ticket.pk, counter_id=desks[1].pk, actor=hoa, at=MONDAY + 6 * MINUTE) == ticket


def test_who_arranges_sends_on_what_somebody_left_at_a_counter(office, queue, fees, desks, lan, clock):
    Appointment.objects.filter(person=office.people["hong"]).update(duties=["arrange counters"])
    ticket = begun(queue, desks[0], lan)
    clock.now = MONDAY + 40 * MINUTE
    hong, page = browser_of(office.people["hong"]), url("desk", desks[0].pk)
    shown = said(hong.get(page))
    assert "Người phụ trách kết thúc hoặc chuyển số bị bỏ quên" in shown
    assert "Chuyển sang hàng" in shown
    assert "Đã chuyển số A 001" in said(hong.post(page, {"viec": "chuyen", "queue": fees.pk}, follow=True))
    assert Service.objects.get(ticket=ticket).person_id == lan.person_id  # who served, not who sent on


def five_done(queue, desk, who, *, lasts=10 * MINUTE):
    at = MONDAY
    for _each in range(5):
        done(queue, desk, who, at=at, lasts=lasts)
        at += lasts
    return at


def test_what_is_told_is_what_is_kept_and_numbers_kept_for_another_counter_are_before_nobody(
    office, queue, fees, desks, lan, hoa, client, clock
):
    clock.now = at = five_done(queue, desks[0], lan)
    for _each in range(2):  # these two wait in the queue, for Hoa's counter alone
        begun(queue, desks[0], lan, at=at)
        actions.send_to(desks[0].pk, to_counter_id=desks[1].pk, reason="fee", actor=lan, at=at)
    Service.objects.all().delete()  # they took no time
    before = actions.take_ticket(queue.pk, actor=lan, at=at)
    ticket = actions.take_ticket(queue.pk, actor=lan, at=at)

    assert (before.expected, ticket.expected, ahead_of(ticket)) == (timedelta(), 10 * MINUTE, 1)
    slip = said(browser_of(office.people["lan"]).get(url("ticket", ticket.pk)))
    assert "Ước tính chờ: khoảng 10 phút." in slip
    phone = said(client.get(url("follow", ticket.secret)))
    assert "Ước tính lúc này còn chờ: khoảng 10 phút" in phone
    assert "Lúc lấy số đã báo chờ: khoảng 10 phút." in phone
    actions.call_next(desks[0].pk, actor=lan, at=at)
    actions.begin(desks[0].pk, actor=lan, at=at)
    clock.now = at + 8 * MINUTE
    phone = said(client.get(url("follow", ticket.secret)))
    assert "Ước tính lúc này còn chờ: khoảng 2 phút" in phone
    assert "Lúc lấy số đã báo chờ: khoảng 10 phút." in phone  # this is what is measured


def test_the_kiosk_shows_what_is_kept_and_whoever_goes_first_is_told_no_time(office, queue, desks, lan, client, clock):
    clock.now = at = five_done(queue, desks[0], lan)
    made = actions.set_up_device(office.point.pk, kind="kiosk", name="Máy", actor=office.actor("hong"), at=MONDAY + DAY / 24)
    clock.now = MONDAY + DAY / 24
    client.post(url("join"), {"code": made.code})
    clock.now = at
    taken(queue, office, at=at)

    plain = said(client.post(url("kiosk"), {"hang": queue.pk}, follow=True))
    assert "Ước tính chờ: khoảng 10 phút." in plain
    first = said(client.post(f"{url('kiosk')}?ly-do=old", {"hang": queue.pk}, follow=True))
    assert "Ước tính chờ" not in first
    assert [one.expected for one in Ticket.objects.order_by("-pk")[:2]] == [None, 10 * MINUTE]
    assert "Ước tính chờ" not in said(
        browser_of(office.people["lan"]).get(url("ticket", taken(queue, office, at=at, priority="old").pk))
    )


def test_what_was_told_is_held_against_when_one_was_served_first(office, queue, fees, desks, lan, hoa):
    at = five_done(queue, desks[0], lan)
    taken(queue, office, at=at)
    ticket = actions.take_ticket(queue.pk, actor=lan, at=at)
    assert ticket.expected == 10 * MINUTE
    actions.call_one(ticket.pk, counter_id=desks[0].pk, actor=lan, at=at + 10 * MINUTE)
    actions.begin(desks[0].pk, actor=lan, at=at + 10 * MINUTE)
    actions.send_to(desks[0].pk, to_counter_id=desks[1].pk, reason="fee", actor=lan, at=at + 30 * MINUTE)
    actions.call_next(desks[1].pk, actor=hoa, at=at + 50 * MINUTE)
    actions.begin(desks[1].pk, actor=hoa, at=at + 50 * MINUTE)
    whole = told(office.point.pk, first=TODAY, last=TODAY)[0]
    assert (whole.served, whole.within, whole.came) == (1, 1, 10 * MINUTE)


def test_a_number_given_at_the_desk_can_be_followed_by_the_code_on_its_slip(office, queue, desks, lan, clock):
    page = browser_of(office.people["lan"])
    slip = page.post(url("hall", office.point.pk), {"hang": queue.pk}, follow=True).content.decode()
    ticket = Ticket.objects.get()
    assert qr.picture(f"{settings.PUBLIC_URL.rstrip('/')}{url('follow', ticket.secret)}") in slip
    # Later, and of a number taken elsewhere, nobody can rate from an officer's page in its holder's stead.
    assert "slip__code" not in page.get(url("ticket", ticket.pk)).content.decode()
    elsewhere = actions.take_ticket(queue.pk, actor=lan, at=MONDAY)
    assert "slip__code" not in page.get(url("ticket", elsewhere.pk)).content.decode()


def test_who_comes_back_at_closing_is_served_and_begins_anew_with_calls_in_vain(office, queue, desks, lan, clock):
    open_as_usual(office)
    ticket = begun(queue, desks[0], lan)
    Ticket.objects.filter(pk=ticket.pk).update(absences=2)
    actions.finish(desks[0].pk, actor=lan, at=MONDAY.replace(hour=16, minute=55))
    at = MONDAY.replace(hour=17, minute=2)
    assert actions.come_back(ticket.pk, reason="paper", actor=lan, at=at).absences == 0
    for clock.now, state in ((at + 5 * MINUTE, "waiting"), (MONDAY + DAY, "left")):
        tasks.close_points(0)
        ticket.refresh_from_db()
        assert ticket.state == state


def test_whom_another_counter_calls_is_not_said_to_be_called_by_nobody(office, queue, desks, lan, hoa):
    begun(queue, desks[0], lan)
    actions.send_to(desks[0].pk, to_counter_id=desks[1].pk, reason="fee", actor=lan, at=MONDAY)
    actions.get_up(desks[0].pk, actor=lan, at=MONDAY)
    taken(queue, office, at=MONDAY)
    [row] = [one for one in hall(office.point.pk, on=TODAY).queues if one.letter == "A"]
    assert (row.waiting, row.counters, row.uncalled) == (2, 0, 1)
