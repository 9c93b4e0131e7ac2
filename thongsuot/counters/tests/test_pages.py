"""The pages: set up, take a number, call it, without JavaScript; what changed is sent with it; the board names nobody."""

from __future__ import annotations

import pytest
from django.urls import reverse

from thongsuot.counters import actions, events
from thongsuot.counters.models import Counter, Queue, Ticket
from thongsuot.counters.queries.hall import gone
from thongsuot.counters.tests.make import DAY, HOUSE, MINUTE, MONDAY, a_counter, a_queue, taken
from thongsuot.people import actions as people
from thongsuot.people.tests.make import browser_of
from thongsuot.units import actions as units
from thongsuot.units.facts import PointFact
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script>'


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


@pytest.fixture
def lan(office, clock):
    return browser_of(office.people["lan"])


@pytest.fixture
def hong(office, clock):
    return browser_of(office.people["hong"])


@pytest.fixture
def queue(office):
    return a_queue(office)


@pytest.fixture
def counter(office, queue):
    return a_counter(office, queue)


def known(page) -> list[str]:
    """What the page would send with its next question."""
    return [part.split('"')[0] for part in page.content.decode().split('name="co" value="')[1:]]


def press(client, counter, what, **more):
    return client.post(url("desk", counter.pk), {"viec": what, **more}, follow=True)


def test_an_empty_point_says_what_to_do_and_is_set_up_page_by_page(office, hong, lan):
    point = office.point.pk
    assert "Điểm chưa có quầy hoặc hàng chờ" in said(hong.get(url("hall", point)))
    assert "Sắp xếp quầy, hàng chờ" in said(hong.get(url("hall", point)))
    assert "Sắp xếp quầy, hàng chờ" not in said(lan.get(url("hall", point)))
    assert "Chưa có hàng chờ nào" in said(hong.get(url("set_up", point)))

    made = hong.post(url("open_queue", point), {"letter": "a", "name": "Chứng thực"}, follow=True)
    assert "Đã lập hàng A" in said(made)
    refused = hong.post(url("open_queue", point), {"letter": "A", "name": HOSTILE})
    assert refused.status_code == 422
    assert "Chữ này đã là của một hàng chờ khác" in said(refused)
    assert HOSTILE not in refused.content.decode()
    queue = Queue.objects.get()
    assert 'value="1"' in hong.get(url("open_counter", point)).content.decode()
    made = hong.post(url("open_counter", point), {"number": "1", "name": "", "queues": [queue.pk]}, follow=True)
    assert "Đã lập quầy 1" in said(made)
    assert hong.post(url("open_counter", point), {"number": "1", "queues": [queue.pk]}).status_code == 422
    assert hong.post(url("open_counter", point), {"number": "x", "queues": [queue.pk]}).status_code == 422
    counter = Counter.objects.get()
    changed = hong.post(url("change_counter", counter.pk), {"name": "Sao y", "queues": [queue.pk]}, follow=True)
    assert "Sao y" in said(changed)
    changed = hong.post(url("change_queue", queue.pk), {"name": "Sao y, chứng thực"}, follow=True)
    assert "A - Sao y, chứng thực" in said(changed)
    assert "Đã thôi dùng quầy 1" in said(hong.post(url("change_counter", counter.pk), {"viec": "thoi"}, follow=True))
    assert "Đã thôi dùng hàng A" in said(hong.post(url("change_queue", queue.pk), {"viec": "thoi"}, follow=True))
    assert hong.get(url("change_queue", queue.pk)).status_code == 404


def test_from_the_desk_to_the_board_and_the_end(office, queue, counter, lan, client, clock):
    hall = url("hall", office.point.pk)
    slip = lan.post(hall, {"priority": "", "hang": queue.pk}, follow=True)
    assert "A 001" in said(slip)
    old = lan.post(hall, {"priority": "old", "hang": queue.pk}, follow=True)
    assert "Người cao tuổi" in said(old)
    assert "Trước số này còn 0 số" in said(old)

    page = press(lan, counter, "ngoi")
    assert "Bạn đã ngồi vào quầy 1" in said(page)
    called = press(lan, counter, "tiep")
    assert "Đang gọi" in said(called)
    assert "A 002" in said(called)
    board = said(client.get(url("board", office.point.pk)))
    assert "Mời số A 002 Quầy 1" in board
    assert "Sắp tới: A 001" in board
    assert "cao tuổi" not in board
    assert "Lan" not in board

    assert "Đã gọi lại số A 002" in said(press(lan, counter, "lai"))
    assert "Đang phục vụ" in said(press(lan, counter, "den"))
    clock.now += 5 * MINUTE
    assert "A 001" in said(press(lan, counter, "tiep"))
    press(lan, counter, "den")
    assert "Chưa có số nào chờ quầy này" in said(press(lan, counter, "tiep"))
    assert "Đã rời quầy 1" in said(press(lan, counter, "roi"))
    assert set(Ticket.objects.values_list("state", flat=True)) == {"done"}
    figures = said(lan.get(url("figures", office.point.pk)))
    assert "Trung tâm Phục vụ hành chính công phường Sông 2 1 2 0 0" in figures


def test_who_is_absent_can_be_called_from_the_list_and_a_number_cancelled(office, queue, counter, lan):
    first, second = taken(queue, office), taken(queue, office, at=MONDAY + MINUTE)
    press(lan, counter, "ngoi")
    press(lan, counter, "tiep")
    assert "Số A 001 về cuối hàng" in said(press(lan, counter, "vang"))
    lan.post(url("ticket", second.pk), {"viec": "huy"})
    assert "Hết giờ, bỏ lượt, đã hủy hôm nay" in said(lan.get(url("desk", counter.pk)))
    assert "Số A 002 không còn chờ" in said(lan.post(url("ticket", second.pk), {"viec": "huy"}))
    assert "A 002" in said(press(lan, counter, "goi", so=second.pk))
    press(lan, counter, "den")
    press(lan, counter, "xong")
    called = lan.post(url("ticket", first.pk), {"viec": "goi"}, follow=True)
    story = said(lan.get(url("ticket", first.pk))).split("Lịch sử")[1]
    assert story.index(str(events.ABSENT.label)) < story.index(str(events.TAKEN.label)), "the latest on top"
    assert "Đang gọi" in said(called)


def test_a_number_is_found_as_people_type_it(office, queue, counter, lan):
    ticket = taken(queue, office)
    for typed in ("A 001", "a1", " A-001 "):
        assert lan.get(url("hall", office.point.pk), {"so": typed})["Location"] == url("ticket", ticket.pk)
    for unknown in ("A 002", "?", "x" * 500, "A " + "9" * 40):
        assert "chưa cấp số" in said(lan.get(url("hall", office.point.pk), {"so": unknown}, follow=True))


def test_after_closing_whoever_waited_longest_is_offered_first(office, queue):
    waited = [taken(queue, office, at=MONDAY + place * MINUTE) for place in range(4)]
    left = actions.cancel_ticket(waited[0].pk, actor=office.actor("lan"), at=MONDAY)
    for one in waited[1:]:
        actions.expire_ticket(one.pk, actor=HOUSE, at=MONDAY + DAY / 2)
    assert gone(office.point.pk, on=MONDAY.date(), most=2) == [*waited[1:3], left]


def test_a_press_on_call_by_who_has_left_the_counter_cancels_nothing(office, queue, counter, lan):
    ticket = taken(queue, office)
    assert lan.post(url("ticket", ticket.pk), {"viec": "goi"}).status_code == 409
    assert lan.post(url("ticket", ticket.pk), {}).status_code == 422
    ticket.refresh_from_db()
    assert ticket.state == "waiting"


def test_the_list_costs_the_same_however_many_points_one_body_runs(office, hong, django_assert_max_num_queries):
    body = office.city.body(office.city.river, "service_centre")
    for place in range(12):
        facts = PointFact(name=f"Điểm {place}", address="1 phố", opening_hours="8:00", phone="024 111")
        units.open_point(office.city.river.pk, facts, managed_by_id=body.pk, valid_from=MONDAY.date(), actor=HOUSE, at=MONDAY)
    with django_assert_max_num_queries(24):
        assert "Điểm 11" in said(hong.get(url("points")))


def test_sent_on_from_the_page(office, queue, counter, lan):
    other = a_queue(office, "B", "Hộ tịch")
    taken(queue, office)
    press(lan, counter, "ngoi")
    press(lan, counter, "tiep")
    refused = lan.post(url("desk", counter.pk), {"viec": "chuyen", "queue": ""})
    assert refused.status_code == 422
    assert "Đã chuyển số A 001 sang hàng Hộ tịch" in said(press(lan, counter, "chuyen", queue=other.pk))
    assert lan.post(url("desk", counter.pk), {"viec": "chuyen", "queue": other.pk}).status_code == 422


@pytest.mark.parametrize(
    ("what", "more", "status"),
    [
        ("", {}, 422),
        ("bay", {}, 422),
        ("goi", {"so": "x" * 400}, 404),
        ("goi", {"so": "9" * 30}, 404),
        ("tiep", {}, 409),
        ("den", {}, 409),
        ("xong", {}, 409),
        ("vang", {}, 409),
    ],
)
def test_nonsense_and_presses_too_late_change_nothing(office, counter, lan, what, more, status):
    press(lan, counter, "ngoi")
    assert lan.post(url("desk", counter.pk), {"viec": what, **more}).status_code == status
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("said_queue", ["", "x", "9" * 30, "12345678"])
def test_a_number_of_no_queue_is_refused(office, queue, lan, said_queue):
    answer = lan.post(url("hall", office.point.pk), {"priority": "", "hang": said_queue})
    assert answer.status_code in {404, 422}
    assert not Ticket.objects.exists()
    assert lan.post(url("hall", office.point.pk), {"priority": "vip", "hang": queue.pk}).status_code == 422


def test_a_colleague_looks_on_and_who_arranges_frees_the_counter(office, queue, counter, lan, hong):
    press(lan, counter, "ngoi")
    taken(queue, office)
    press(lan, counter, "tiep")
    hoa = browser_of(office.people["hoa"])
    page = said(hoa.get(url("desk", counter.pk)))
    assert "Quầy đang có Trần Thị Lan ngồi" in page
    assert "Gọi lại" not in page
    assert hoa.post(url("desk", counter.pk), {"viec": "vang"}).status_code == 409
    assert "bị bỏ quên" in said(hong.get(url("desk", counter.pk)))
    press(hong, counter, "vang")
    left = hong.post(url("hall", office.point.pk), {"viec": "cho-roi", "quay": counter.pk}, follow=True)
    assert "Đã ghi Trần Thị Lan rời quầy" in said(left)


def test_pages_that_stay_open_get_what_changed_and_nothing_else(office, queue, counter, lan, client):
    press(lan, counter, "ngoi")
    for name, args, browser in (
        ("hall", office.point.pk, lan),
        ("desk", counter.pk, lan),
        ("board", office.point.pk, client),
    ):
        has = known(browser.get(url(name, args)))
        assert browser.get(url(f"{name}_live", args), {"co": has}).status_code == 204
        ticket = taken(queue, office)
        fresh = browser.get(url(f"{name}_live", args), {"co": has})
        assert fresh.status_code == 200
        assert 'hx-swap-oob="innerHTML"' in fresh.content.decode()
        assert "<!DOCTYPE" not in fresh.content.decode()
        actions.cancel_ticket(ticket.pk, actor=office.actor("lan"), at=MONDAY)


def test_the_list_shows_where_one_works_and_says_when_nowhere(office, queue, counter, lan, clock):
    assert office.city.river.pk
    rows = said(lan.get(url("points")))
    assert "Phường Sông" in rows
    office.give_point_to_city((MONDAY + DAY).date())
    clock.now = MONDAY + DAY
    assert "Bạn chưa làm việc tại điểm phục vụ nào" in said(browser_of(office.people["lan"]).get(url("points")))
    refused = browser_of(office.people["lan"]).get(url("hall", office.point.pk))
    assert refused.status_code == 403
    assert "thành phố Ví Dụ quản lý" in said(refused)
    assert "Phường Sông" in said(browser_of(office.people["bao"]).get(url("points")))


def test_a_leader_of_the_ward_reads_figures_of_its_point_whoever_runs_it(office, queue, counter, clock):
    taken(queue, office)
    office.give_point_to_city((MONDAY + DAY).date())
    boss = people.open_account(
        email="chutich@vidu.vn",
        full_name="Vũ Chủ Tịch",
        body_id=office.city.body(office.city.river, "people_committee").pk,
        title="Chủ tịch",
        duties=["see figures"],
        valid_from=MONDAY.date(),
        actor=HOUSE,
        at=MONDAY,
    )
    clock.now = MONDAY + DAY
    page = browser_of(boss).get(url("figures", office.point.pk))
    assert "Trung tâm Phục vụ hành chính công phường Sông 1 0 0 0 1" in said(page)
    assert browser_of(boss).get(url("hall", office.point.pk)).status_code == 403
    wrong = browser_of(boss).get(url("figures", office.point.pk), {"tu": "10/10/2025", "den": "01/10/2025"})
    assert wrong.status_code == 422
    empty = browser_of(boss).get(url("figures", office.point.pk), {"tu": "01/09/2025", "den": "02/09/2025"})
    assert "Không có số nào" in said(empty)


def test_pages_cost_the_same_however_many_wait(office, queue, counter, lan, client, django_assert_max_num_queries):
    press(lan, counter, "ngoi")
    for place in range(12):
        taken(queue, office, at=MONDAY + place * MINUTE)
        if place < 6:
            a_counter(office, queue, number=place + 2)
    with django_assert_max_num_queries(15):
        client.get(url("board", office.point.pk))
    with django_assert_max_num_queries(36):
        lan.get(url("desk", counter.pk))
    with django_assert_max_num_queries(36):
        lan.get(url("hall", office.point.pk))
