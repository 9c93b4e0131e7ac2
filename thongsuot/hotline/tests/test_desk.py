"""Who waits stands first, what nobody claimed by itself; who leads holds a duty of its own; calls of other days are found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thongsuot.citizen_reception.rules import DUTY
from thongsuot.citizen_reception.rules import LEAD as LEADS_RECEPTION
from thongsuot.feedback import actions as feedback
from thongsuot.hotline import actions, asking, demo
from thongsuot.hotline.actions import errors
from thongsuot.hotline.models import Call, CallTransfer
from thongsuot.hotline.queries import desk as queries
from thongsuot.hotline.rules import LEAD, USUAL
from thongsuot.hotline.stand_in import telling
from thongsuot.hotline.tests.make import DAY, HOUSE, MINUTE, MONDAY, NUMBER, SAID, SECOND, ended, ringing, talking, told, url
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.people import actions as people
from thongsuot.people import tasks as people_tasks
from thongsuot.people.models import Appointment
from thongsuot.people.queries import actor_for
from thongsuot.people.rules import DUTIES, TITLES
from thongsuot.people.tests.make import browser_of, make_officer
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def hanh(office):
    return office.actor("hanh")


# -- who waits -------------------------------------------------------------------------------------------------------------


def test_who_rings_stands_first_and_what_was_lifted_somewhere_by_itself(office, browser, lan, clock):
    office.sits(extension="102")
    old = [ended(talking(office, MONDAY - (60 - n) * MINUTE), MONDAY - 30 * MINUTE) for n in range(14)]
    first = ringing(MONDAY + MINUTE, caller="0912000222")
    second = ringing(MONDAY + 2 * MINUTE, caller="0912000333")
    clock.now = MONDAY + 3 * MINUTE

    text = browser("lan").get(url("desk")).content.decode()

    assert list(queries.ringing(first.city_id)) == [first, second]
    assert list(queries.unclaimed(first.city_id)) == old
    picked = [int(part.split('"')[0]) for part in text.split('name="cuoc" value="')[1:]]
    assert picked == [first.pk, second.pk, *(one.pk for one in old[:12])]
    keys = [part.split("</form>")[0] for part in text.split('name="cuoc" value="')[1:]]
    assert ["F9" in one for one in keys] == [True, *[False] * 13]
    assert "Còn 2 cuộc gọi nữa." in said(browser("lan").get(url("desk")))


def test_how_many_more_ring_is_said_and_comes_by_itself(office, browser):
    office.sits()
    for n in range(13):
        ringing(MONDAY + n * SECOND, caller=f"09120002{n:02}")
    page = browser("lan").get(url("desk"))
    assert "Còn 1 cuộc gọi nữa đang đổ chuông." in said(page)
    known = [part.split('"')[0] for part in page.content.decode().split('name="co" value="')[1:]]

    ringing(MONDAY + MINUTE)

    assert "Còn 2 cuộc gọi nữa đang đổ chuông." in said(browser("lan").get(url("desk_live"), {"co": known}))


def test_what_nobody_claimed_is_work_left_undone_and_is_given_to_somebody(office, browser, hoa, clock):
    call = ended(talking(office), MONDAY + MINUTE)
    on = told("transferred", talking(office, MONDAY + MINUTE).exchange_id, MONDAY + 2 * MINUTE, to="115")
    assert call.operator is None
    assert list(queries.unclaimed(call.city_id)) == [call]
    assert on.outcome == "transferred"
    assert not queries.stuck_calls(call.city_id, now=MONDAY + 5 * MINUTE)
    clock.now = MONDAY + USUAL.stuck + 2 * MINUTE
    office.sits("hoa", "102", at=clock.now)

    page = browser("hanh").get(url("stuck"))
    assert url("call", call.pk) in page.content.decode()
    browser("hanh").post(url("reassign", call.pk), {"person": hoa.person_id, "reason": "Hoa đã nghe máy"})

    call.refresh_from_db()
    assert call.operator_id == hoa.person_id
    assert not queries.unclaimed(call.city_id)


# -- calls of other days ---------------------------------------------------------------------------------------------------


@pytest.fixture
def of_friday(office, lan):
    """A call of Lan's of three days ago that brought two tickets."""
    at = MONDAY - 3 * DAY
    office.sits(at=at)
    call = talking(office, at)
    who = office.actor("lan", at)
    tickets = [
        actions.make_ticket(call.pk, **{**SAID, "words": words}, actor=who, at=at + MINUTE)
        for words in ("Ổ gà sâu trước cổng trường", "Đèn đường tắt ba đêm nay")
    ]
    return ended(call, at + 2 * MINUTE), tickets


def test_a_call_is_found_by_its_day_its_ticket_and_its_number(office, of_friday, browser):
    call, tickets = of_friday
    here, lan = url("call", call.pk), browser("lan")
    assert here not in lan.get(url("calls")).content.decode()
    for asked in ({"ngay": "03/10/2025"}, {"phieu": tickets[0].number}, {"phieu": f" {tickets[1].number.lower()} "}):
        assert here in lan.get(url("calls"), asked).content.decode(), asked
    assert here in lan.get(url("calls"), {"cuoc": call.pk, "ngay": "06/10/2025"}).content.decode()
    for asked in ({"ngay": "04/10/2025"}, {"phieu": "X-1"}, {"cuoc": call.pk + 9}, {"cuoc": 2**63 - 1}):
        assert "Không có cuộc gọi nào như vậy" in said(lan.get(url("calls"), asked)), asked
    for wrong in ({"ngay": "31/02/2025"}, {"cuoc": "x"}, {"cuoc": 2**70}):
        assert lan.get(url("calls"), wrong).status_code == 422


def test_of_others_who_leads_finds_all_an_operator_none(office, of_friday, browser):
    call, _tickets = of_friday
    asked = {"cuoc": call.pk}

    assert url("call", call.pk) not in browser("hoa").get(url("calls"), asked).content.decode()
    page = browser("hanh").get(url("calls"), asked).content.decode()
    assert url("call", call.pk) in page
    assert f"?cuoc={call.pk}&amp;toi=1" in page  # what is looked for stays on the other tab
    assert NUMBER not in page


@pytest.mark.parametrize("place", [0, 1])
def test_a_ticket_that_is_kept_close_leads_to_no_call(office, of_friday, browser, place):
    call, tickets = of_friday
    make_officer(office.city.river, name="Lò Thị Tiếp", duties=[DUTY, LEADS_RECEPTION])
    feedback.hand_over(tickets[place].pk, "denunciation", to_unit_id=office.city.river.pk, actor=HOUSE, at=MONDAY)

    for who in ("hanh", "lan"):
        for one, found in ((tickets[place], False), (tickets[1 - place], True)):
            page = browser(who).get(url("calls"), {"phieu": one.number}).content.decode()
            assert (url("call", call.pk) in page) is found


def test_what_the_exchange_said_and_what_was_read_out_stand_on_the_page(office, browser, lan):
    office.sits()
    call = ended(talking(office), MONDAY + MINUTE, duration_seconds=50)

    assert "Tổng đài báo kéo dài 0:50" in said(browser("lan").get(url("call", call.pk)))


# -- who leads -------------------------------------------------------------------------------------------------------------


def test_reviewing_answers_to_feedback_opens_nothing_here(office, of_friday, clock):
    call, _tickets = of_friday
    told("recorded", call.exchange_id, MONDAY, recording="r/1.wav")
    reviewer = make_officer(office.city.city, name="Lý Thị Duyệt", duties=["approve feedback", "see figures", "answer calls"])
    browser, actor = browser_of(reviewer), actor_for(reviewer, at=MONDAY)
    for page in (
        url("recording", call.pk),
        url("sound", call.pk),
        url("reassign", call.pk),
        url("correct", call.pk),
        url("stuck"),
    ):
        assert browser.get(page).status_code == 403, page
    for refused in (
        lambda: actions.hold_recording(call.pk, reason="Tò mò", actor=actor, at=MONDAY),
        lambda: actions.reassign_call(call.pk, person_id=1, reason="Tò mò", actor=actor, at=MONDAY),
        lambda: actions.leave(person_id=office.people["lan"].pk, actor=actor, at=MONDAY),
    ):
        with pytest.raises(NotYourDuty):
            refused()
    assert "Trần Thị Lan" not in said(browser.get(url("figures")))


def test_who_leads_need_not_answer_calls(office, core, lan, clock):
    office.sits()
    leader = make_officer(office.city.city, name="Lý Thị Trưởng", duties=[LEAD])
    browser = browser_of(leader)
    kept, notice = core.ring("1022", NUMBER, mischief="unlifted")
    telling.tell(kept, notice, core=core)
    call = asking.pick(Call.objects.get().pk, actor=lan, at=MONDAY)
    page = said(browser.get(url("desk")))
    assert "Việc tồn đọng" in page
    assert "Vào bàn trực" not in page
    for name in ("calls", "call_backs", "stuck"):
        assert browser.get(url(name)).status_code == 200
    assert browser.get(url("call", call.pk)).status_code == 200
    assert browser.get(url("own")).status_code == 403

    assert browser.post(url("reassign", call.pk)).status_code == 302  # back among those that wait

    call.refresh_from_db()
    assert call.operator is None
    assert browser.post(url("call", call.pk), {"viec": "nhan"}).status_code == 403


def test_an_upgrade_gives_the_duty_to_posts_that_led_and_says_so_in_their_history(office, clock):
    """What the migration notes, the worker of the new release gives, once; what was stated anew meanwhile stays."""
    led = make_officer(office.city.city, name="Lý Thị Trưởng", duties=["answer calls", "approve feedback"]).appointments.get()
    other = make_officer(office.city.city, name="Lý Thị Khác", duties=["answer calls", "approve feedback"]).appointments.get()
    Appointment.objects.filter(pk__in=[led.pk, other.pk]).update(owed=[LEAD])
    people.change_duties(other.pk, duties=["answer calls"], actor=HOUSE, at=MONDAY)

    for _twice in range(2):
        people_tasks.give_owed(0)

    led.refresh_from_db()
    other.refresh_from_db()
    assert (led.duties, led.owed) == (["approve feedback", "answer calls", LEAD], None)
    assert (other.duties, other.owed) == (["answer calls"], None)


def test_the_shipped_post_leads():
    assert LEAD in DUTIES
    assert [one.name for one in TITLES if LEAD in one.duties] == ["Trưởng tổng đài 1022"]
    assert "truongdai" in demo.OPERATORS


# -- handed on long ago, ends that nobody told ------------------------------------------------------------------------------


def test_handed_on_long_ago_its_outcome_is_put_right_for_a_reason_alone(office, core, browser, lan, clock):
    office.sits()
    kept, notice = core.ring("1022", NUMBER)
    telling.tell(kept, notice, core=core)
    call = asking.pick(Call.objects.get().pk, actor=lan, at=MONDAY)
    clock.now = MONDAY + MINUTE
    moved = asking.transfer(call.pk, to="emergency", where="114", actor=lan, at=clock.now)
    ended(call, MONDAY + 2 * MINUTE)
    clock.now = MONDAY + MINUTE + USUAL.stuck
    assert 'value="khong-nhac"' in browser("lan").get(url("call", call.pk)).content.decode()
    clock.now += SECOND

    page = browser("lan").get(url("call", call.pk)).content.decode()
    assert 'value="khong-nhac"' not in page
    assert url("correct", call.pk) in page
    with pytest.raises(errors.TransferLongDone):
        actions.note_missed(moved.pk, actor=lan, at=clock.now)

    call.refresh_from_db()
    assert (call.state, call.outcome, CallTransfer.objects.get().state) == ("done", "transferred", "done")


def test_one_that_the_exchange_never_confirmed_stays_to_be_settled(office, core, lan):
    office.sits()
    kept, notice = core.ring("1022", NUMBER)
    telling.tell(kept, notice, core=core)
    call = asking.pick(Call.objects.get().pk, actor=lan, at=MONDAY)
    core.faults.append("deaf")
    moved = asking.transfer(call.pk, to="emergency", where="114", actor=lan, at=MONDAY + MINUTE)

    assert actions.note_missed(moved.pk, actor=lan, at=MONDAY + DAY).state == "missed"


def test_a_plain_no_does_not_say_that_a_call_is_over(office, core, browser, lan, hoa, clock):
    office.sits()
    kept, notice = core.ring("1022", NUMBER)
    telling.tell(kept, notice, core=core)
    call = asking.pick(Call.objects.get().pk, actor=lan, at=MONDAY)
    late = call.told_at + USUAL.lost
    for who, at in ((None, late), (lan, late - SECOND)):
        core.faults.append("no")
        with pytest.raises(errors.ExchangeWontSay):
            asking.end_lost(call.pk, at=at, **({"actor": who} if who else {}))
    clock.now = late
    assert browser("hoa").post(url("call", call.pk), {"viec": "ket-thuc"}).status_code == 403
    with pytest.raises(errors.CallNotYours):
        asking.end_lost(call.pk, actor=hoa, at=late)
    call.refresh_from_db()
    assert call.state == "talking"

    # An exchange that never says leaves nobody in a call for ever: by then its operator's word counts.
    core.faults.append("no")
    browser("lan").post(url("call", call.pk), {"viec": "ket-thuc"})

    call.refresh_from_db()
    assert (call.state, call.ended_at) == ("after", late)


def test_the_other_no_still_rings_on(office, core, lan):
    office.sits()
    kept, notice = core.ring("1022", NUMBER, mischief="unlifted")
    telling.tell(kept, notice, core=core)
    call = asking.pick(Call.objects.get().pk, actor=lan, at=MONDAY)
    core.faults.append("no")

    assert asking.put_back(call.pk, at=MONDAY + timedelta(minutes=2)).state == "ringing"
