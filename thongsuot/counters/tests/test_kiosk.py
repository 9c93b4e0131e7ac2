"""The kiosk: joined once by a code, takes numbers for its own point alone; the number is followed by whoever holds it."""

from __future__ import annotations

import io
from base64 import b64decode
from datetime import timedelta

import pytest
import segno
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.counters import actions
from thongsuot.counters.actions import errors
from thongsuot.counters.models import Device, Ticket
from thongsuot.counters.queries.devices import as_actor
from thongsuot.counters.rules import A_MINUTE_AT_A_DEVICE, JOINING, expected_wait
from thongsuot.counters.tests.make import DAY, MINUTE, MONDAY, a_counter, a_queue
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.people.tests.make import browser_of
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


def a_device(office, name="Máy cửa chính", *, at=MONDAY):
    return actions.set_up_device(office.point.pk, kind="kiosk", name=name, actor=office.actor("hong", at), at=at)


@pytest.fixture
def queue(office):
    queue = a_queue(office)
    a_counter(office, queue, number=9)
    return queue


@pytest.fixture
def kiosk(office, queue, clock) -> Client:
    """A browser that is joined to the point of phường Sông."""
    client = Client()
    joined = client.post(url("join"), {"code": a_device(office).code})
    assert joined.status_code == 302
    return client


def test_a_machine_is_joined_by_its_code_once_and_only_in_time(office, clock):
    device, code = a_device(office)
    with pytest.raises(errors.WrongCode):
        actions.join_device("MAY-2222-2222", actor=ANYONE, at=MONDAY)
    with pytest.raises(errors.WrongCode):
        actions.join_device(code, actor=ANYONE, at=MONDAY + JOINING)

    joined = actions.join_device(f" {code.lower()} ", actor=ANYONE, at=MONDAY + MINUTE)

    assert joined.device.pk == device.pk
    assert joined.key not in str(Event.objects.filter(name__startswith="counters.device").values_list("facts", flat=True))
    with pytest.raises(errors.WrongCode):
        actions.join_device(code, actor=ANYONE, at=MONDAY + MINUTE)


def test_a_new_code_lets_another_machine_in_and_the_old_one_out(office, kiosk):
    device = Device.objects.get()
    again = actions.ask_to_join_again(device.pk, actor=office.actor("hong"), at=MONDAY)
    assert "Mời ông bà, anh chị chọn việc" in said(kiosk.get(url("kiosk")))

    other = Client()
    other.post(url("join"), {"code": again.code})

    assert "Mời ông bà, anh chị chọn việc" in said(other.get(url("kiosk")))
    assert "Máy chưa được ghép với điểm nào" in said(kiosk.get(url("kiosk"), follow=True))


@pytest.mark.parametrize("name", ["lan", "an", "dao"])
def test_machines_are_the_business_of_who_arranges_the_counters(office, name):
    device = a_device(office).device
    with pytest.raises(NotYourDuty):
        actions.set_up_device(office.point.pk, kind="kiosk", name="Máy hai", actor=office.actor(name), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.ask_to_join_again(device.pk, actor=office.actor(name), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.retire_device(device.pk, actor=office.actor(name), at=MONDAY)


@pytest.mark.parametrize(
    ("asked", "problem"), [({"kind": "robot"}, "kind"), ({"name": " "}, "name"), ({"name": "x" * 81}, "name")]
)
def test_a_machine_without_a_kind_or_a_name_is_refused(office, asked, problem):
    with pytest.raises(BadInput) as refused:
        actions.set_up_device(
            office.point.pk, **{"kind": "kiosk", "name": "Máy", **asked}, actor=office.actor("hong"), at=MONDAY
        )

    assert list(refused.value.problems) == [problem]


def test_two_machines_of_a_point_have_two_names_until_one_is_no_longer_used(office):
    device = a_device(office).device
    with pytest.raises(errors.DeviceNamed):
        a_device(office)

    actions.retire_device(device.pk, actor=office.actor("hong"), at=MONDAY)

    assert a_device(office).device.pk != device.pk


def test_the_officers_page_shows_a_code_once(office, clock):
    hong = browser_of(office.people["hong"])
    made = hong.post(url("devices", office.point.pk), {"viec": "khai", "kind": "kiosk", "name": "Máy cửa chính"})
    code = made.content.decode().split('class="h1 code">')[1].partition("<")[0]

    assert made.status_code == 200
    assert code.startswith("MAY-")
    again = hong.get(url("devices", office.point.pk))
    assert "Máy cửa chính" in said(again)
    assert code not in said(again)
    assert hong.post(url("devices", office.point.pk), {"viec": "khai", "kind": "kiosk", "name": ""}).status_code == 422
    assert (
        hong.post(url("devices", office.point.pk), {"viec": "khai", "kind": "kiosk", "name": "Máy cửa chính"}).status_code
        == 409
    )
    assert hong.post(url("devices", office.point.pk), {"viec": "?"}).status_code == 422
    device = Device.objects.get()
    assert "MAY-" in said(hong.post(url("devices", office.point.pk), {"viec": "ma", "may": device.pk}))
    gone = hong.post(url("devices", office.point.pk), {"viec": "thoi", "may": device.pk}, follow=True)
    assert "Đã thôi dùng Máy cửa chính" in said(gone)
    assert hong.post(url("devices", office.point.pk), {"viec": "thoi", "may": device.pk}).status_code == 404


def test_a_touch_takes_a_number_that_names_nobody(office, queue, kiosk):
    taken = kiosk.post(url("kiosk"), {"hang": queue.pk}, follow=True)

    ticket = Ticket.objects.get()
    assert ticket.device == Device.objects.get()
    assert "A 001" in said(taken)
    assert "là người tiếp theo" in said(taken)
    assert f'content="15;url={url("kiosk")}?xong"' in taken.content.decode()
    assert 'src="data:image/svg+xml;base64,' in taken.content.decode()
    event = Event.objects.get(name="counters.taken")
    assert (event.actor_id, event.actor_name, event.via) == (None, "Máy cửa chính", "kiosk")


def test_the_code_on_the_slip_leads_to_the_number(office, queue, kiosk, settings):
    kiosk.post(url("kiosk"), {"hang": queue.pk})
    secret = Ticket.objects.get().secret
    page = kiosk.get(url("kiosk_ticket", secret)).content.decode()

    drawn = b64decode(page.split("base64,")[1].partition('"')[0])
    expected = io.BytesIO()
    code = segno.make_qr(f"{settings.PUBLIC_URL}{url('follow', secret)}", error="m")
    code.save(expected, kind="svg", border=4, xmldecl=False, scale=4, light="white")
    assert drawn == expected.getvalue()


def test_priority_is_asked_for_and_only_officers_see_why(office, queue, kiosk):
    assert "Phụ nữ mang thai" in said(kiosk.get(url("kiosk_priority")))
    page = kiosk.get(url("kiosk"), {"ly-do": "pregnant"})
    assert "Lấy số ưu tiên: Phụ nữ mang thai" in said(page)

    taken = kiosk.post(f"{url('kiosk')}?ly-do=pregnant", {"hang": queue.pk}, follow=True)

    ticket = Ticket.objects.get()
    assert (ticket.priority, ticket.expected) == ("pregnant", None)
    assert "Ưu tiên" in said(taken)
    assert "mang thai" not in said(taken)
    assert Event.objects.get(name="counters.taken").facts["priority"] == "pregnant"
    assert kiosk.get(url("kiosk"), {"ly-do": "rich"}).status_code == 404


def test_it_speaks_english_to_who_asks_for_it(office, queue, kiosk):
    actions.change_queue(
        queue.pk, name="Chứng thực", name_en="Certified copies", fields=[], actor=office.actor("hong"), at=MONDAY
    )
    kiosk.post(reverse("web:language"), {"language": "en", "next": url("kiosk")})

    page = kiosk.get(url("kiosk"))
    assert "Certified copies" in said(page)
    assert "Chứng thực" not in said(page)
    taken = kiosk.post(url("kiosk"), {"hang": queue.pk}, follow=True)
    assert "Certified copies" in said(taken)
    next_one = kiosk.get(url("kiosk"), {"xong": ""}, follow=True)
    assert "Chứng thực" in said(next_one)
    assert "Certified copies" not in said(next_one)


def test_a_refusal_stays_in_the_frame_of_the_machine_and_goes_by_itself(office, queue, kiosk):
    refused = kiosk.post(url("kiosk"), {"hang": "9" * 30})
    assert 'http-equiv="refresh"' in refused.content.decode()
    assert f'href="{url("kiosk")}?xong"' in refused.content.decode()
    assert f'href="{reverse("web:home")}"' not in refused.content.decode()


def test_what_no_counter_calls_is_not_offered(office, queue, kiosk):
    alone = a_queue(office, "B", "Không quầy nào")
    assert "Không quầy nào" not in said(kiosk.get(url("kiosk")))
    assert "Chưa có quầy nào nhận việc này" in said(kiosk.post(url("kiosk"), {"hang": alone.pk}))
    assert not Ticket.objects.exists()
    given = actions.take_ticket(alone.pk, actor=office.actor("lan"), at=MONDAY)  # an officer may, and is told
    hall = browser_of(office.people["lan"]).get(url("hall", office.point.pk))
    assert (given.code, "Không ai gọi" in said(hall)) == ("B 001", True)


def test_what_it_is_sent_wrongly_takes_no_number(office, queue, kiosk):
    elsewhere = Client()
    foreign = actions.open_queue(
        office.city.point(office.city.hill).pk, letter="A", name="Nơi khác", fields=[], actor=office.actor("dao"), at=MONDAY
    )

    assert kiosk.post(url("kiosk"), {"hang": foreign.pk}).status_code == 404
    assert kiosk.post(url("kiosk"), {"hang": "9" * 30}).status_code == 404
    assert kiosk.post(url("kiosk"), {}).status_code == 404
    assert elsewhere.post(url("kiosk"), {"hang": queue.pk}).status_code == 302  # it is asked for its code
    elsewhere.cookies["thiet_bi"] = "x" * 5000
    assert elsewhere.post(url("kiosk"), {"hang": queue.pk}).status_code == 302
    assert elsewhere.post(url("join"), {"code": "x" * 41}).status_code == 422
    assert elsewhere.post(url("join"), {"code": "MAY-2222-2222"}).status_code == 409
    assert not Ticket.objects.exists()


def test_a_jammed_key_is_stopped_for_a_minute(office, queue, kiosk, clock):
    for _each in range(A_MINUTE_AT_A_DEVICE):
        assert kiosk.post(url("kiosk"), {"hang": queue.pk}).status_code == 302

    assert kiosk.post(url("kiosk"), {"hang": queue.pk}).status_code == 429
    clock.now = MONDAY + MINUTE
    assert kiosk.post(url("kiosk"), {"hang": queue.pk}).status_code == 302


def test_a_machine_that_is_no_longer_used_takes_nothing(office, queue, kiosk):
    device = Device.objects.get()
    actions.retire_device(device.pk, actor=office.actor("hong"), at=MONDAY)

    with pytest.raises(errors.NotJoined):
        actions.take_ticket_at(device.pk, queue.pk, actor=as_actor(device), at=MONDAY)
    assert kiosk.get(url("kiosk_live")).status_code == 302
    assert kiosk.get(url("kiosk_priority")).status_code == 302


def test_its_page_is_sent_what_changed_in_the_queues(office, queue, kiosk):
    page = kiosk.get(url("kiosk")).content.decode()
    known = [part.partition('"')[0] for part in page.split('name="co" value="')[1:]]
    assert kiosk.get(url("kiosk_live"), {"co": known}).status_code == 204

    actions.take_ticket(queue.pk, actor=office.actor("lan"), at=MONDAY)

    assert "1 người chờ" in said(kiosk.get(url("kiosk_live"), {"co": known}))


def test_a_ticket_of_another_machine_is_not_shown(office, queue, kiosk):
    other = actions.take_ticket(queue.pk, actor=office.actor("lan"), at=MONDAY)

    assert kiosk.get(url("kiosk_ticket", other.secret)).status_code == 302
    assert kiosk.get(url("kiosk_ticket", "khong-co")).status_code == 302


# --- The holder's telephone ---


@pytest.fixture
def counter(office, queue):
    counter = a_counter(office, queue, number=2)
    actions.sit_down(counter.pk, actor=office.actor("lan"), at=MONDAY)
    return counter


def test_the_holder_follows_the_number_from_waiting_to_done(office, queue, counter, client, clock):
    lan = office.actor("lan")
    first, second = (actions.take_ticket(queue.pk, actor=lan, at=MONDAY) for _each in range(2))
    page = url("follow", second.secret)
    assert "Trước bạn còn 1" in said(client.get(page))

    actions.call_next(counter.pk, actor=lan, at=MONDAY)
    assert "Trước bạn còn 0" in said(client.get(page))
    assert "Mời bạn đến Quầy 2" in said(client.get(url("follow", first.secret)))
    actions.begin(counter.pk, actor=lan, at=MONDAY)
    assert "Đang được phục vụ tại quầy 2" in said(client.get(url("follow", first.secret)))
    actions.finish(counter.pk, actor=lan, at=MONDAY)
    assert "Đã xong" in said(client.get(url("follow", first.secret)))
    clock.now = MONDAY + DAY
    assert "Số này là của ngày khác" in said(client.get(page))
    assert client.get(url("follow", "KHONGCOSONAY")).status_code == 404


def test_the_holder_is_sent_what_changed_and_may_leave(office, queue, counter, client, clock):
    lan = office.actor("lan")
    ticket = actions.take_ticket(queue.pk, actor=lan, at=MONDAY)
    page = client.get(url("follow", ticket.secret)).content.decode()
    known = [part.partition('"')[0] for part in page.split('name="co" value="')[1:]]
    assert client.get(url("follow_live", ticket.secret), {"co": known}).status_code == 204
    assert client.post(url("follow", ticket.secret), {"viec": "?"}).status_code == 422

    left = client.post(url("follow", ticket.secret), {"viec": "bo"}, follow=True)

    assert "Đã bỏ số" in said(left)
    assert "Đã hủy" in said(client.get(url("follow_live", ticket.secret), {"co": known}))
    assert client.post(url("follow", ticket.secret), {"viec": "bo"}).status_code == 409
    with pytest.raises(NotFound):
        actions.leave_queue("", actor=ANYONE, at=MONDAY)


def test_what_its_holder_is_told_of_the_wait_comes_from_the_last_ones_served(office, queue, counter, client, clock):
    lan, at = office.actor("lan"), MONDAY
    for _each in range(6):
        actions.take_ticket(queue.pk, actor=lan, at=at)
        actions.call_next(counter.pk, actor=lan, at=at)
        actions.begin(counter.pk, actor=lan, at=at)
        at += 4 * MINUTE
        actions.finish(counter.pk, actor=lan, at=at)
    clock.now = at
    tickets = [actions.take_ticket(queue.pk, actor=lan, at=at) for _each in range(4)]

    assert [ticket.expected for ticket in tickets] == [timedelta(), 4 * MINUTE, 8 * MINUTE, 12 * MINUTE]
    told = said(client.get(url("follow", tickets[3].secret)))
    assert "Ước tính lúc này còn chờ: khoảng 12 phút" in told
    assert "Lúc lấy số đã báo chờ: khoảng 12 phút." in told
    actions.get_up(counter.pk, actor=lan, at=at)
    assert "Chưa ước tính được thời gian chờ" in said(client.get(url("follow", tickets[3].secret)))


SOME = st.lists(st.integers(1, 3600).map(lambda seconds: timedelta(seconds=seconds)), min_size=5, max_size=40)


@given(service=SOME, ahead=st.integers(0, 200), counters=st.integers(1, 20))
def test_more_people_wait_longer_more_counters_shorter_and_the_error_is_told(service, ahead, counters):
    wait = expected_wait(ahead, service, counters=counters)
    longer = expected_wait(ahead + 1, service, counters=counters)
    shorter = expected_wait(ahead, service, counters=counters + 1)

    assert timedelta() <= wait.least <= wait.mean <= wait.most
    assert longer.mean > wait.mean
    assert longer.error >= wait.error
    assert shorter.mean <= wait.mean


def test_too_little_is_known_for_an_estimate():
    assert expected_wait(3, [MINUTE] * 4, counters=1) is None
    assert expected_wait(3, [MINUTE] * 5, counters=0) is None
    assert expected_wait(0, [MINUTE] * 5, counters=1).mean == timedelta()
