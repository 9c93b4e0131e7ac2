"""Who was called back and reports something, who was not reached in time, and whose number is kept close."""

from __future__ import annotations

import pytest

from thongsuot.citizen_reception.rules import DUTY, LEAD
from thongsuot.feedback import actions as feedback
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.hotline import actions
from thongsuot.hotline.actions import errors
from thongsuot.hotline.models import Call, CallBack, CallTicket
from thongsuot.hotline.queries import desk as queries
from thongsuot.hotline.queries import figures
from thongsuot.hotline.tests.make import DAY, HOUSE, MINUTE, MONDAY, NUMBER, SAID, ended, ringing, talking, url
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.people.tests.make import make_officer
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def dropped(office):
    return ended(ringing(), MONDAY + MINUTE).call_back


@pytest.fixture
def denounced(office, lan):
    """Somebody reported a denunciation to Lan, and asked to be called back."""
    make_officer(office.city.river, name="Lò Thị Tiếp", duties=[DUTY, LEAD])
    office.sits()
    call = talking(office)
    words = "Tố cáo cán bộ phường nhận tiền của dân"
    ticket = actions.make_ticket(call.pk, **{**SAID, "words": words}, actor=lan, at=MONDAY + MINUTE)
    back = actions.ask_call_back(call.pk, actor=lan, at=MONDAY + MINUTE)
    ended(call, MONDAY + 2 * MINUTE)
    feedback.hand_over(ticket.pk, "denunciation", to_unit_id=office.city.river.pk, actor=HOUSE, at=MONDAY + 3 * MINUTE)
    return back


# -- reached, and reporting ------------------------------------------------------------------------------------------------


def test_who_was_reached_makes_a_ticket_of_the_call_that_nobody_answered(office, dropped, browser, clock):
    lan, address = browser("lan"), url("call_back", dropped.pk)
    lan.post(address, {"viec": "nhan"})
    page = lan.get(address).content.decode()
    assert "Đã gặp, lập phiếu" in page
    assert f'value="{NUMBER}"' in page
    wire = office.category("dien-day").pk
    typed = {**SAID, "category": wire, "key": "k" * 24}
    page = lan.post(address, {"viec": "hoi", **typed})
    assert page.status_code == 200
    assert "Có ai chạm vào được không?" in said(page)
    assert SAID["words"] in page.content.decode()
    assert lan.post(address, {"viec": "phieu", **typed}).status_code == 422
    assert lan.post(address, {"viec": "phieu", **typed, "hoi_ho": "co", "phone": "1"}).status_code == 422
    dropped.refresh_from_db()
    assert (dropped.state, FeedbackTicket.objects.exists()) == ("taken", False)

    for _time in range(2):  # sent twice it is one
        lan.post(address, {"viec": "phieu", **typed, "hoi_ho": "co"})

    ticket = FeedbackTicket.objects.get()
    call = Call.objects.get()
    dropped.refresh_from_db()
    assert (dropped.state, dropped.tries, dropped.tried_at) == ("reached", 1, clock.now)
    assert (ticket.channel, ticket.category_id, ticket.answers) == ("hotline", wire, {"ho": "co"})
    assert (call.outcome, call.ticket_id, CallTicket.objects.get().call_id) == ("abandoned", None, call.pk)
    assert ticket.number in said(lan.get(address))
    assert ticket.number in said(lan.get(url("call", call.pk)))
    assert Event.objects.filter(name="hotline.call_back_ended").count() == 1


def test_after_it_was_noted_too_by_who_reached_them_alone(office, dropped, browser, lan, hoa):
    asked = {"said": SAID, "at": MONDAY + 3 * MINUTE}
    with pytest.raises(errors.CallBackNotTaken):
        actions.report_called_back(dropped.pk, actor=lan, **asked)
    actions.take_call_back(dropped.pk, reason="Gọi lại", actor=lan, at=MONDAY + 2 * MINUTE)
    with pytest.raises(errors.CallBackTaken):
        actions.report_called_back(dropped.pk, actor=hoa, **asked)
    actions.note_call_back(dropped.pk, reached=True, actor=lan, at=MONDAY + 2 * MINUTE)
    with pytest.raises(errors.CallBackNotTaken):
        actions.report_called_back(dropped.pk, actor=hoa, **asked)
    assert "Lập phiếu" not in said(browser("hoa").get(url("call_back", dropped.pk)))
    assert "Lập phiếu" in said(browser("lan").get(url("call_back", dropped.pk)))

    ticket = actions.report_called_back(dropped.pk, actor=lan, **asked)

    dropped.refresh_from_db()
    assert (dropped.tries, dropped.ended_at) == (1, MONDAY + 2 * MINUTE)
    assert [one.pk for one in queries.made_of(dropped.call)] == [ticket.pk]


def test_nobody_has_taken_it_is_said_without_a_name(office, dropped, lan):
    for press in (
        lambda: actions.note_call_back(dropped.pk, reached=True, actor=lan, at=MONDAY),
        lambda: actions.put_call_back(dropped.pk, actor=lan, at=MONDAY),
    ):
        with pytest.raises(errors.CallBackNotTaken) as no:
            press()
        assert no.value.message().startswith("Bạn chưa nhận")


def test_who_leads_ends_what_nobody_shall_call_any_more(office, dropped, browser, lan):
    address = url("call_back", dropped.pk)
    with pytest.raises(NotYourDuty):
        actions.give_up_call_back(dropped.pk, reason="Thôi", actor=lan, at=MONDAY)
    assert browser("hanh").post(address, {"viec": "thoi", "reason": ""}).status_code == 422

    browser("hanh").post(address, {"viec": "thoi", "reason": "Người gọi đã đến bộ phận một cửa"})

    dropped.refresh_from_db()
    assert (dropped.state, dropped.note) == ("given_up", "Người gọi đã đến bộ phận một cửa")
    assert "thoi_reason" not in browser("hanh").get(address).content.decode()


# -- kept close ------------------------------------------------------------------------------------------------------------


def test_the_number_of_who_denounced_is_for_who_took_the_call_alone(office, denounced, browser, lan, hoa):
    address = url("call_back", denounced.pk)
    with pytest.raises(errors.CallBackKept):
        actions.take_call_back(denounced.pk, reason="Gọi lại", actor=hoa, at=MONDAY + 4 * MINUTE)
    assert browser("hoa").post(address, {"viec": "nhan"}).status_code == 403
    assert "chỉ dành cho tổng đài viên đã nhận" in said(browser("hoa").get(address))
    with pytest.raises(errors.CallBackKept):
        actions.reassign_call_back(
            denounced.pk, person_id=hoa.person_id, reason="Lan nghỉ", actor=office.actor("hanh"), at=MONDAY + 4 * MINUTE
        )
    denounced.refresh_from_db()
    assert denounced.state == "waiting"

    browser("lan").post(address, {"viec": "nhan"})

    assert NUMBER in said(browser("lan").get(address))


def test_taken_before_it_was_known_the_number_is_not_shown_any_more(office, denounced, browser, hoa):
    CallBack.objects.update(state="taken", taken_by=hoa.person_id, taken_by_name=hoa.name, taken_at=MONDAY)

    page = browser("hoa").get(url("call_back", denounced.pk)).content.decode()

    assert NUMBER not in page
    assert 'value="tra"' in page


def test_history_tells_nothing_by_what_is_missing(office, denounced, browser, clock, lan):
    plain = talking(office, MONDAY + 10 * MINUTE)
    for words in ("Ổ gà sâu trước cổng trường", "Tố cáo ông trưởng thôn"):
        further = actions.make_ticket(plain.pk, **{**SAID, "words": words}, actor=lan, at=MONDAY + 11 * MINUTE)
    ended(plain, MONDAY + 12 * MINUTE)
    call = talking(office, MONDAY + 20 * MINUTE)
    clock.now = MONDAY + 21 * MINUTE
    found = queries.history_of(queries.call_of(call.pk))
    assert [one.call_id for one in found] == [plain.pk]
    browser("lan").post(url("history", call.pk), {"reason": "Hỏi về phiếu trước"})
    page = browser("lan").get(url("history", call.pk)).content.decode()
    assert url("call", plain.pk) in page
    assert url("call", denounced.call_id) not in page

    feedback.hand_over(further.pk, "denunciation", to_unit_id=office.city.river.pk, actor=HOUSE, at=MONDAY + 22 * MINUTE)

    assert queries.history_of(queries.call_of(call.pk)) == []


# -- on time ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "on_time", "late"), [(29, 1, 0), (32, 0, 1)])
def test_who_rang_again_was_served_on_time_only_before_it_was_due(office, dropped, minutes, on_time, late):
    office.sits()
    talking(office, MONDAY + MINUTE + minutes * MINUTE)
    dropped.refresh_from_db()
    assert dropped.state == "rang_again"

    found = figures.call_backs(office.city.city.pk, MONDAY.date(), MONDAY.date(), now=MONDAY + DAY)

    assert (found.asked, found.rang_again, found.on_time, found.late) == (1, 1, on_time, late)
