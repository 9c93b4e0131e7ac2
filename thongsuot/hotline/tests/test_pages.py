"""The pages: the desk works without JavaScript and asks for what changed with it; numbers stand where they are needed."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from openpyxl import load_workbook

from thongsuot.citizen_reception import actions as reception
from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.citizen_reception.rules import DUTY, LEAD
from thongsuot.feedback import actions as feedback
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.hotline import actions
from thongsuot.hotline.models import Call, CallScript, HotlineLine, HotlineSetting, OperatorPresence, RecordingHold
from thongsuot.hotline.stand_in.core import tone
from thongsuot.hotline.tests.make import HOUSE, MINUTE, MONDAY, NUMBER, ended, ringing, talking, url
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.knowledge.tests.make import MONDAY as WHEN_APPROVED
from thongsuot.knowledge.tests.make import Office as Stock
from thongsuot.people.models import LookUp
from thongsuot.people.tests.make import browser_of, make_officer
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def at_lan(office, clock):
    office.sits()
    return browser_of(office.people["lan"])


def known(page) -> list[str]:
    text = page.content.decode()
    return [part.split('"')[0] for part in text.split('name="co" value="')[1:]]


def test_empty_pages_say_what_to_do(browser, core):
    lan, hanh, an = browser("lan"), browser("hanh"), browser("an")
    assert "Không có cuộc gọi nào chờ" in said(lan.get(url("desk")))
    assert "Hôm nay chưa có cuộc gọi nào" in said(lan.get(url("calls")))
    assert "Không có ai cần gọi lại" in said(lan.get(url("call_backs")))
    assert "Bạn chưa nhận cuộc gọi nào" in said(lan.get(url("own")))
    assert "Không có cuộc gọi nào trong những ngày này" in said(hanh.get(url("figures")))
    assert "Chưa có cuộc gọi nào qua tổng đài giả lập" in said(lan.get(url("stand_in")))
    assert "Kịch bản chung" in said(an.get(url("scripts")))


def test_a_morning_at_the_desk_by_forms_alone(office, browser, core, clock):
    lan = browser("lan")
    lan.post(url("desk"), {"viec": "vao", "line": office.line.pk, "extension": "101"})
    assert OperatorPresence.objects.get(until_at=None).state == "ready"
    lan.post(url("stand_in"), {"viec": "goi", "line": "1022", "caller": "0912 000 111", "mischief": ""})
    call = Call.objects.get()
    page = lan.get(url("desk"))
    assert "Số đuôi 111" in said(page)
    assert NUMBER not in page.content.decode()

    answer = lan.post(url("desk"), {"viec": "nhan", "cuoc": call.pk})
    assert answer.url == url("call", call.pk)
    page = said(lan.get(answer.url))
    assert NUMBER in page
    assert "Phân loại trước" in page
    lan.post(answer.url, {"viec": "phan-loai", "category": office.category().pk, "urgent": "on"})
    sent = lan.post(
        answer.url,
        {
            "viec": "phieu",
            "urgent": "on",
            "words": "Ổ gà to trước chợ, hay ngã",
            "address": "Chợ Sông",
            "place_unit": office.city.river.pk,
            "name": "Trần Văn Minh",
            "phone": NUMBER,
        },
    )

    assert sent.url == url("call", call.pk)  # they are on the line: its number is read out to them
    ticket = FeedbackTicket.objects.get()
    assert f"Đọc số phiếu cho người gọi: {ticket.number}" in said(lan.get(sent.url))
    assert (ticket.channel, ticket.urgency) == ("hotline", "urgent")
    lan.post(url("stand_in"), {"viec": "gac", "cuoc": call.exchange_id})
    call.refresh_from_db()
    assert (call.state, call.ticket_id) == ("done", ticket.pk)
    assert ticket.number in said(lan.get(url("calls")))


def test_a_ticket_that_lacks_something_is_asked_for_again_with_all_that_was_typed(office, at_lan):
    call = talking(office)

    page = at_lan.post(url("call", call.pk), {"viec": "phieu", "words": "Ổ gà to", "name": "", "phone": "12"})

    assert page.status_code == 422
    assert "Ổ gà to" in page.content.decode()
    assert not FeedbackTicket.objects.exists()


def test_live_parts_come_when_they_changed(office, at_lan):
    page = at_lan.get(url("desk"))
    assert at_lan.get(url("desk_live"), {"co": known(page)}).status_code == 204

    ringing()

    fresh = at_lan.get(url("desk_live"), {"co": known(page)})
    assert "Số đuôi 111" in fresh.content.decode()
    call = talking(office)
    page = at_lan.get(url("call", call.pk))
    assert at_lan.get(url("call_live", call.pk), {"co": known(page)}).status_code == 204
    ended(call, MONDAY + MINUTE)
    assert "Chờ ghi kết quả" in at_lan.get(url("call_live", call.pk), {"co": known(page)}).content.decode()


def test_the_number_is_for_who_has_the_call(office, at_lan, browser, clock):
    call = ended(talking(office), MONDAY + MINUTE)
    clock.now = MONDAY + MINUTE
    hoa, hanh = browser("hoa"), browser("hanh")

    assert NUMBER in said(at_lan.get(url("call", call.pk)))
    for other in (hoa, hanh):
        assert NUMBER not in other.get(url("call", call.pk)).content.decode()
        assert NUMBER not in other.get(url("calls")).content.decode()
        assert other.get(url("history", call.pk)).status_code == 403
    assert NUMBER not in said(hoa.get(url("desk")))
    ringing(caller="0912000222")
    assert "0912000222" not in said(hoa.get(url("desk")))  # who does not sit at a telephone needs no number


def test_history_asks_for_a_reason_and_shows_calls_and_tickets(office, at_lan, lan, clock):
    earlier = talking(office, MONDAY - 60 * MINUTE)
    ticket = actions.make_ticket(
        earlier.pk, words="Đèn đường tắt ba đêm nay", name="Minh", phone=NUMBER, actor=lan, at=MONDAY - 59 * MINUTE
    )
    ended(earlier, MONDAY - 50 * MINUTE)
    call = talking(office)
    address = url("history", call.pk)

    assert ticket.number not in at_lan.get(address).content.decode()
    assert at_lan.post(address, {"reason": ""}).status_code == 422
    at_lan.post(address, {"reason": "Hỏi về phiếu trước"})

    page = said(at_lan.get(address))
    assert page.count(ticket.number) == 2  # of the call, and of the ticket
    assert LookUp.objects.count() == 1
    FeedbackTicket.objects.update(state="handed_over", suspected="denunciation", ended_at=MONDAY)
    assert ticket.number not in said(at_lan.get(address)), "beside a number it would tell who denounced"
    assert "Không có số của người gọi" in said(at_lan.get(url("history", talking(office, caller="").pk)))


@pytest.fixture
def received(office):
    """Somebody receives complaints and denunciations at the ward."""
    make_officer(office.city.river, name="Lò Thị Tiếp", duties=[DUTY, LEAD])


def test_put_right_to_a_denunciation_at_the_reception_history_names_it_no_more(office, received, at_lan, lan, clock):
    earlier = talking(office, MONDAY - 60 * MINUTE)
    said_of = {"name": "Minh", "phone": NUMBER, "actor": lan, "at": MONDAY - 59 * MINUTE}
    ticket = actions.make_ticket(earlier.pk, words="Khiếu nại quyết định xử phạt của phường", **said_of)
    ended(earlier, MONDAY - 50 * MINUTE)
    call = talking(office)
    address = url("history", call.pk)
    at_lan.post(address, {"reason": "Hỏi về phiếu trước"})
    feedback.hand_over(ticket.pk, "complaint", to_unit_id=office.city.river.pk, actor=HOUSE, at=MONDAY)
    assert said(at_lan.get(address)).count(ticket.number) == 2

    reception.classify(ReceptionEntry.objects.get().pk, kind="denunciation", competence="ours", actor=HOUSE, at=MONDAY)

    assert ticket.number not in said(at_lan.get(address))


@pytest.mark.parametrize("place", [0, 1])
def test_the_call_in_which_a_denunciation_was_told_is_heard_by_nobody_here(
    office, received, core, at_lan, browser, lan, clock, place
):
    kept, _notice = core.ring("1022", NUMBER)
    core.answer(kept.call_id, "101")
    reference = core.hang_up(kept.call_id).recording
    call, words = talking(office), ("Tố cáo cán bộ phường nhận tiền của dân", "Đèn đường tắt ba đêm nay")
    said_of = {"name": "Minh", "phone": NUMBER, "actor": lan, "at": MONDAY + MINUTE}
    tickets = [actions.make_ticket(call.pk, words=one, **said_of) for one in words]
    ended(call, MONDAY + 2 * MINUTE, recording=reference, recording_type="audio/wav")
    hanh, page = browser("hanh"), url("recording", call.pk)
    for one in (hanh, at_lan):  # a look of a moment before opens nothing any more either
        one.post(page, {"reason": "Nghe lại"})
        assert one.get(url("sound", call.pk)).status_code == 200
    assert tickets[0].number in said(hanh.get(url("calls")))

    feedback.hand_over(tickets[place].pk, "denunciation", to_unit_id=office.city.river.pk, actor=HOUSE, at=MONDAY)

    for one in (hanh, at_lan):
        assert one.get(url("sound", call.pk)).status_code == 403
        assert one.post(page, {"reason": "Nghe lại"}).status_code == 403
        assert (tickets[0].number in said(one.get(url("calls")))) is (place == 1)
        assert tickets[place].number not in said(one.get(url("call", call.pk)))
    assert at_lan.get(page).status_code == 403
    assert page not in at_lan.get(url("call", call.pk)).content.decode()
    shown = hanh.get(page)
    assert "giữ kín" in said(shown)
    assert "<audio" not in shown.content.decode()
    assert hanh.post(page, {"viec": "giu", "reason": "Công văn 12/CQĐT"}).status_code == 302
    assert RecordingHold.objects.filter(call=call).exists()


def test_a_recording_is_heard_for_a_reason_in_ranges_and_no_longer_than_is_set(office, core, at_lan, browser, clock):
    kept, _notice = core.ring("1022", NUMBER)
    core.answer(kept.call_id, "101")
    reference = core.hang_up(kept.call_id).recording
    call = ended(talking(office), MONDAY + MINUTE, recording=reference, recording_type="audio/wav")
    sound = url("sound", call.pk)

    assert at_lan.get(sound).url == url("recording", call.pk)
    assert browser("hoa").get(url("recording", call.pk)).status_code == 403
    at_lan.post(url("recording", call.pk), {"reason": "Nghe lại địa chỉ"})
    assert LookUp.objects.get().fields == ["recording"]
    whole = at_lan.get(sound)
    assert b"".join(whole.streaming_content) == tone()
    assert whole.headers["Cache-Control"] == "private, no-store"
    piece = at_lan.get(sound, headers={"Range": "bytes=4-9"})
    assert (piece.status_code, piece.content) == (206, tone()[4:10])
    assert piece.headers["Content-Range"] == f"bytes 4-9/{len(tone())}"
    assert at_lan.get(sound, headers={"Range": "bytes=9-4"}).status_code == 416
    assert at_lan.get(sound, headers={"Range": "bytes=99999999-"}).status_code == 404
    core.faults.append("deaf")
    assert at_lan.get(sound, headers={"Range": "bytes=0-9"}).status_code == 503
    hanh = browser("hanh")
    assert hanh.post(url("recording", call.pk), {"reason": "Góp ý của người gọi"}).status_code == 302
    assert hanh.get(sound, headers={"Range": "bytes=0-"}).status_code == 206
    assert "too_long" in str(too_long(call))


def too_long(call):
    from thongsuot.hotline import asking
    from thongsuot.hotline.actions import errors
    from thongsuot.hotline.actions.common import recordings_of
    from thongsuot.hotline.exchange import Sound

    class Huge:
        def recording(self, reference, *, first, at_most, whole):
            return Sound(content=b"x", first=0, total=2**30)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("thongsuot.hotline.exchange.chosen", Huge)
        with pytest.raises(errors.RecordingTooLong) as no:
            asking.recording(call, recordings_of(call)[0], first=0, at_most=1, actor=HOUSE, at=MONDAY)
    return no.value.code


def test_call_backs_by_forms_alone(office, at_lan, browser, clock):
    ended(ringing(), MONDAY + MINUTE)
    page = said(at_lan.get(url("call_backs")))
    assert "1 người" in page
    assert NUMBER not in page
    back = Call.objects.get().call_back
    address = url("call_back", back.pk)
    assert NUMBER not in said(at_lan.get(address))

    at_lan.post(address, {"viec": "nhan"})

    assert NUMBER in said(at_lan.get(address))
    assert NUMBER not in said(browser("hoa").get(address))
    assert browser("hoa").post(address, {"viec": "gap"}).status_code == 409
    at_lan.post(address, {"viec": "khong-gap"})
    at_lan.post(address, {"viec": "nhan"})
    at_lan.post(address, {"viec": "gap"})
    back.refresh_from_db()
    assert (back.state, back.tries) == ("reached", 2)


def test_administration_by_forms_alone(office, browser):
    an, category = browser("an"), office.category()
    an.post(url("admin"), {"viec": "mo", "code": "1022-2", "name": "Đường dây khẩn"})
    line = HotlineLine.objects.get(code="1022-2")
    page = an.get(url("admin"))
    form = page.context["form"] if page.context else None
    assert form is None or form
    numbers = {"classify_minutes": 6, "call_back_minutes": 30, "most_tries": 3, "lost_minutes": 60}
    numbers |= {"connect_minutes": 2, "retry_minutes": 20, "stuck_minutes": 45}
    numbers |= {"recording_days": 90, "number_days": 180, "recording_most_mb": 20}
    assert an.post(url("admin"), {"viec": "dat", **numbers, "basis": ""}).status_code == 422
    an.post(url("admin"), {"viec": "dat", **numbers, "basis": "9/QĐ-UBND"})
    made = HotlineSetting.objects.get()
    assert (made.classify_minutes, made.connect_minutes, made.retry_minutes, made.stuck_minutes) == (6, 2, 20, 45)
    an.post(url("admin"), {"viec": "dong", "duong-day": line.pk})
    assert HotlineLine.objects.get(code="1022-2").closed_at is not None
    an.post(url("script", category.pk), {"opening": "Chào", "steps": "Hỏi\nNói"})
    assert CallScript.objects.get().steps == ["Hỏi", "Nói"]
    assert an.post(url("general_script"), {"opening": ""}).status_code == 422
    assert browser("lan").get(url("admin")).status_code == 403


def test_the_script_of_the_category_stands_beside_the_call(office, at_lan, lan):
    city, category = office.city.city.pk, office.category()
    actions.write_script(city, category_id=None, opening="Xin nghe", steps=["Hỏi ở đâu"], actor=HOUSE, at=MONDAY)
    actions.write_script(
        city, category_id=category.pk, opening="Về đường hỏng", steps=["Rộng bao nhiêu"], actor=HOUSE, at=MONDAY
    )
    call = talking(office)
    assert "Hỏi ở đâu" in said(at_lan.get(url("call", call.pk)))

    actions.classify(call.pk, category_id=category.pk, actor=lan, at=MONDAY)

    assert "Rộng bao nhiêu" in said(at_lan.get(url("call", call.pk)))


def test_answers_stand_beside_the_call_and_are_told_in_one_press(office, browser, clock):
    keeper = make_officer(office.city.city, title="Tổng đài viên 1022")
    stock = Stock(city=office.city, keeper=keeper, approver=make_officer(office.city.city, title="Trưởng tổng đài 1022"))
    version = stock.answered()
    clock.now = day = WHEN_APPROVED + MINUTE
    office.sits(at=day)
    lan, call = browser("lan"), talking(office, day - MINUTE)

    page = said(lan.get(url("call", call.pk), {"hoi": "khai sinh"}))
    assert version.spoken in page
    assert "Không có câu trả lời nào khớp" in said(lan.get(url("call", call.pk), {"hoi": "xyzzy"}))
    lan.post(url("call", call.pk), {"viec": "doc", "ban": version.pk})

    call.refresh_from_db()
    assert (call.outcome, call.answer_version) == ("answered", version.pk)
    assert f"Đã trả lời theo câu {version.question}" in said(lan.get(url("call", call.pk)))


def test_figures_count_what_came_and_operators_are_seen_by_who_leads(office, at_lan, browser, lan, clock):
    call = talking(office)
    actions.classify(call.pk, category_id=office.category().pk, actor=lan, at=MONDAY + MINUTE)
    ended(call, MONDAY + 2 * MINUTE)
    actions.conclude(call.pk, outcome="answered", actor=lan, at=MONDAY + 2 * MINUTE)
    late = ended(talking(office, MONDAY + 10 * MINUTE), MONDAY + 18 * MINUTE)
    actions.conclude(late.pk, outcome="nuisance", actor=lan, at=MONDAY + 20 * MINUTE)
    ended(ringing(MONDAY + 30 * MINUTE), MONDAY + 31 * MINUTE)
    clock.now = MONDAY + 40 * MINUTE

    page = said(browser("hanh").get(url("figures")))
    assert "Trần Thị Lan" in page
    assert "50,0" in page  # one of two in time
    assert "66,7" in page  # two of three answered
    assert "Trần Thị Lan" not in said(browser("an").get(url("figures")))
    assert "50,0" in said(at_lan.get(url("own")))
    assert "Bạn chưa nhận cuộc gọi nào" in said(browser("hoa").get(url("own")))
    sheet = load_workbook(io.BytesIO(b"".join(browser("hanh").get(url("sheet")).streaming_content)))
    assert sheet.sheetnames == ["Theo ngày", "Theo giờ", "Theo tổng đài viên"]
    assert [cell.value for cell in sheet["Theo giờ"][2]][:6] == [8, 3, 2, 1, 1, 1]
    assert (
        load_workbook(io.BytesIO(b"".join(browser("an").get(url("sheet")).streaming_content))).sheetnames
        == sheet.sheetnames[:2]
    )
    assert browser("hanh").get(url("figures"), {"tu": "2025-10-09", "den": "2025-10-01"}).status_code == 422


def test_calls_of_a_day_are_those_of_its_clock(office):
    from thongsuot.hotline.queries import calls_per_day

    ringing(datetime(2025, 10, 5, 23, 59, tzinfo=VIET_NAM))
    ringing(datetime(2025, 10, 6, 0, 1, tzinfo=VIET_NAM))
    first = datetime(2025, 10, 4, tzinfo=VIET_NAM).date()

    found = calls_per_day(office.city.city.pk, first, MONDAY.date())

    assert [count for _day, count in found] == [0, 1, 1]


def test_nonsense_changes_nothing(office, core, at_lan):
    call = talking(office)
    for form in ({}, {"viec": "x"}, {"viec": "phan-loai", "category": HOSTILE}, {"viec": "chuyen", "where": "unit-9" * 9}):
        assert at_lan.post(url("call", call.pk), form).status_code == 422
    assert at_lan.post(url("desk"), {"viec": "nhan", "cuoc": HOSTILE}).status_code == 404
    assert at_lan.post(url("desk"), {"viec": "vao", "line": 999, "extension": "1"}).status_code == 422
    assert at_lan.post(url("stand_in"), {"viec": "gac", "cuoc": HOSTILE}).status_code == 409
    assert at_lan.post(url("stand_in"), {"viec": "goi", "line": "1022", "caller": HOSTILE}).status_code == 422
    page = at_lan.get(url("call", call.pk), {"hoi": HOSTILE})
    assert HOSTILE not in page.content.decode()
    call.refresh_from_db()
    assert (call.outcome, call.category) == ("", None)


def test_without_the_stand_in_there_is_no_page_for_it(office, browser, settings):
    lan = browser("lan")
    settings.EXCHANGE = "https://tong-dai.example.vn"

    assert lan.get(url("stand_in")).url == url("desk")
