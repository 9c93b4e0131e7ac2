"""The pages: hub and site do their work without JavaScript, ask for what changed with it, and open for nobody else."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from thongsuot.meetings import actions
from thongsuot.meetings.models import Conference, Drop, RollCall, RollCallAnswer, Site, SpeakRequest
from thongsuot.meetings.rules import HOLD
from thongsuot.meetings.tests.make import HOUSE, MONDAY, SECOND, STARTS, planned, running, site_of
from thongsuot.people.tests.make import browser_of, logged_in, make_officer, with_second_factor
from thongsuot.units.models import Unit
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"HX-Request": "true"}}
HOSTILE = '"><script>alert(1)</script>'


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


@pytest.fixture
def an(office, clock):
    return browser_of(office.people["an"])


@pytest.fixture
def mai(office, clock):
    return browser_of(office.people["mai"])


@pytest.fixture
def held(office, clock):
    """It runs; Mai's site is there, Đào's is not."""
    made = running(office)
    site = site_of(made, office.city.river.pk)
    actions.join_site(site.pk, backup_phone="0912 000 111", actor=office.actor("mai"), at=STARTS)
    actions.beat(site.pk, actor=office.actor("mai"), at=STARTS)
    clock.now = STARTS + SECOND
    return made, site


def known(page) -> list[str]:
    """What the page would send with its next question."""
    text = page.content.decode()
    return [part.split('"')[0] for part in text.split('name="co" value="')[1:]]


def test_empty_pages_say_what_to_do(an, mai):
    assert "Chưa có hội nghị nào" in said(an.get(url("conferences")))
    assert "Khi thành phố mời đơn vị bạn" in said(mai.get(url("sites")))


def test_the_hub_plans_and_every_commune_is_asked(an):
    page = an.post(
        url("plan"),
        {
            "title": "Giao ban",
            "day": "20/10/2025",
            "hour": "08:00",
            "hub_phone": "024 3825 3536",
            "link": "https://hop.vidu.vn/1",
        },
        follow=True,
    )
    made = Conference.objects.get()
    assert made.starts_at == STARTS
    shown = said(page)
    assert "Đã lập hội nghị với 2 điểm cầu" in shown
    assert "không đi qua Thông Suốt" in shown
    assert "13/10/2025" in shown, "five working days before"
    assert "Giao ban" in said(an.get(url("conferences")))


def test_a_plan_that_cannot_be_is_said_beside_its_field(an):
    sent = {"title": "x", "day": "20/10/2024", "hour": "25:00", "hub_phone": "0240", "link": "http://x.vn"}
    page = an.post(url("plan"), sent)
    assert page.status_code == 422
    assert "Chưa đọc được giờ này" in said(page)
    page = an.post(url("plan"), {**sent, "hour": "8"})
    assert page.status_code == 422
    assert not Conference.objects.exists()


def test_a_conference_is_put_right_cancelled_and_its_sites_are_chosen(an, office):
    made = planned(office)
    hill = site_of(made, office.city.hill.pk)
    assert an.get(url("change", made.pk)).status_code == 200
    an.post(url("change", made.pk), {"title": "Tên mới", "day": "21/10/2025", "hour": "9:30", "hub_phone": "1022", "link": ""})
    made.refresh_from_db()
    assert (made.title, made.starts_at) == ("Tên mới", STARTS + timedelta(days=1, hours=1, minutes=30))

    an.post(url("hub_site", hill.pk), {"viec": "bo"})
    hill.refresh_from_db()
    assert hill.left_out
    page = an.post(url("board", made.pk), {"viec": "them", "unit": ""})
    assert page.status_code == 422
    an.post(url("board", made.pk), {"viec": "them", "unit": office.city.hill.pk})
    hill.refresh_from_db()
    assert not hill.left_out
    assert an.post(url("board", made.pk), {"viec": "gì đó"}).status_code == 422

    assert "Hủy hội nghị?" in said(an.get(url("cancel", made.pk)))
    page = an.post(url("cancel", made.pk), follow=True)
    assert "Hội nghị đã hủy" in said(page)


def test_a_conference_from_its_start_to_its_report(office, an, mai, clock):
    made = planned(office)
    river, hill = (site_of(made, unit.pk) for unit in (office.city.river, office.city.hill))
    mai.post(url("site", river.pk), {"viec": "truc", "backup_phone": "0912 000 111"})
    mai.post(url("site", river.pk), {"viec": "thu", "picture_ok": "on", "line_ok": "on", "note": "không có tiếng"})
    assert "Chưa đạt" in said(mai.get(url("site", river.pk)))
    an.post(url("hub_site", river.pk), {"viec": "thu", "picture_ok": "on", "sound_ok": "on", "line_ok": "on"})
    assert "không có tiếng" in said(an.get(url("hub_site", river.pk)))

    clock.now = STARTS
    an.post(url("board", made.pk), {"viec": "bat-dau"})
    assert mai.post(url("beat", river.pk)).status_code == 302, "the button, without JavaScript"
    an.post(url("board", made.pk), {"viec": "mo-diem-danh"})
    call = RollCall.objects.get()
    page = mai.get(url("site", river.pk))
    assert "đang điểm danh" in said(page)
    bad = mai.post(url("site", river.pk), {"viec": "diem-danh", "lan": call.pk, "people": "mười", "leader": ""})
    assert bad.status_code == 422
    mai.post(url("site", river.pk), {"viec": "diem-danh", "lan": call.pk, "people": "12", "leader": "Bà Hạnh"})
    an.post(url("hub_site", hill.pk), {"viec": "diem-danh", "lan": call.pk, "people": "7", "leader": "Ông Đồi"})
    shown = said(an.get(url("board", made.pk)))
    assert "Lần 1: 2/2 điểm cầu đã trả lời" in shown
    assert "1 câu trả lời qua điện thoại" in shown
    mai.post(url("site", river.pk), {"viec": "xin", "topic": "Ngân sách"})
    asked = SpeakRequest.objects.get()
    an.post(url("board", made.pk), {"viec": "moi", "luot": asked.pk})
    assert "Đến lượt điểm cầu phát biểu" in said(mai.get(url("site", river.pk)))
    an.post(url("board", made.pk), {"viec": "xong", "luot": asked.pk})
    an.post(url("board", made.pk), {"viec": "dong-diem-danh", "lan": call.pk})
    late = mai.post(url("site", river.pk), {"viec": "diem-danh", "lan": call.pk, "people": "1", "leader": "x"})
    assert late.status_code == 422
    assert "đã đóng" in said(late)

    clock.now = STARTS + timedelta(minutes=1)
    mai.post(url("beat", river.pk))
    assert "Kết thúc hội nghị?" in said(an.get(url("end", made.pk)))
    an.post(url("end", made.pk))
    shown = said(an.get(url("report", made.pk)))
    for words in ("1/2", "12 người, chủ trì: Bà Hạnh", "(qua điện thoại)", "1 phút 0 giây", "19"):
        assert words in shown
    assert "Hội nghị đã kết thúc" in said(mai.get(url("site", river.pk)))
    book = load_workbook(io.BytesIO(b"".join(an.get(url("report_sheet", made.pk)).streaming_content)))
    sheet = {row[0]: row for row in book["Điểm cầu"].iter_rows(min_row=2, values_only=True)}
    assert sheet["Phường Sông"][-4:] == (12, "Bà Hạnh", 1, 60)
    assert sheet["Phường Đồi"][-3] == "Ông Đồi (qua điện thoại)"
    assert [row[3] for row in book["Mất đường truyền"].iter_rows(min_row=2, values_only=True)] == [60, 60]


def test_a_drop_shows_the_number_to_dial_and_is_announced_once(office, an, held, clock):
    made, site = held
    page = an.get(url("board", made.pk))
    before = known(page)
    assert "tel:0912000111" not in page.content.decode()
    assert an.get(url("board_live", made.pk), {"co": before}, **HTMX).status_code == 204, "nothing new, nothing sent"

    clock.now = STARTS + 7 * SECOND
    fresh = an.get(url("board_live", made.pk), {"co": before, "mat": ""}, **HTMX)
    text = fresh.content.decode()
    assert 'href="tel:0912000111"' in text
    assert "Mất đường truyền: Phường Sông. Gọi 0912000111." in text
    assert 'id="diem-danh"' not in text, "what did not change is not sent"
    clock.now = STARTS + 10 * SECOND
    after = {part.split(":")[0]: part for part in [*before, *known(fresh)]}
    again = an.get(url("board_live", made.pk), {"co": list(after.values()), "mat": str(site.pk)}, **HTMX)
    assert again.status_code == 204

    actions.beat(site.pk, actor=office.actor("mai", clock.now), at=clock.now)
    back = an.get(url("board_live", made.pk), {"co": list(after.values()), "mat": str(site.pk)}, **HTMX).content.decode()
    assert "Đã nối lại: Phường Sông." in back
    assert "Mất đường truyền: Phường Sông" not in back
    assert Drop.objects.count() == 1


def test_filters_show_who_is_meant(an, held, office):
    made, _site = held
    actions.open_roll_call(made.pk, actor=office.actor("an"), at=STARTS)

    def tiles(chosen: str) -> str:
        return an.get(url("board", made.pk), {"loc": chosen}).content.decode().split('<ul class="sites">')[-1]

    assert "Phường Sông" in tiles("")
    assert "Phường Sông" not in tiles("chua-vao").split("</ul>")[0]
    assert "Phường Đồi" in tiles("chua-diem-danh")
    assert "Không có điểm cầu nào ở mục này" in said(an.get(url("board", made.pk), {"loc": "mat"}))
    assert an.get(url("board", made.pk), {"loc": HOSTILE}).status_code == 200


def test_the_page_of_a_site_gets_what_changed_with_its_beat(office, mai, held, clock):
    made, site = held
    before = known(mai.get(url("site", site.pk)))
    assert mai.post(url("beat", site.pk), {"co": before}, **HTMX).status_code == 204
    actions.open_roll_call(made.pk, actor=office.actor("an"), at=STARTS)

    fresh = mai.post(url("beat", site.pk), {"co": before}, **HTMX)

    text = fresh.content.decode()
    assert "Điểm danh lần 1" in text
    assert 'id="phat-bieu"' not in text, "who types a topic is not disturbed"
    site.refresh_from_db()
    assert site.seen_at == clock.now
    actions.end_conference(made.pk, actor=office.actor("an"), at=STARTS)
    assert "data-beat-over" in mai.post(url("beat", site.pk), {"co": before}, **HTMX).content.decode()


def test_a_beat_is_cheap(mai, held, django_assert_max_num_queries):
    _made, site = held
    before = known(mai.get(url("site", site.pk)))
    with django_assert_max_num_queries(7):  # session, person, post and second factor; whose it is, the beat, what is new
        mai.post(url("beat", site.pk), {"co": before}, **HTMX)


def test_a_site_of_another_unit_is_not_there(office, clock, held, mai):
    made, site = held
    hill = site_of(made, office.city.hill.pk)
    dao = browser_of(office.people["dao"])
    for client, foreign in ((mai, hill), (dao, site)):
        assert client.get(url("site", foreign.pk)).status_code == 404
        assert client.post(url("site", foreign.pk), {"viec": "truc", "backup_phone": "0999"}).status_code == 404
        assert client.post(url("beat", foreign.pk)).status_code == 403
        assert "Phường Đồi" not in said(mai.get(url("sites")))
    site.refresh_from_db()
    assert (site.backup_phone, site.seen_at) == ("0912000111", STARTS)


HUB_PAGES = ("board", "board_live", "change", "end", "cancel", "report", "report_sheet")


@pytest.mark.parametrize("who", ["mai", "khach"])
def test_the_hub_is_closed_to_communes(office, clock, held, who):
    made, site = held
    client = browser_of(office.people[who])
    addresses = [*(url(name, made.pk) for name in HUB_PAGES), url("conferences"), url("plan"), url("hub_site", site.pk)]
    for address in addresses:
        assert client.get(address).status_code == 403, address
        assert client.post(address, {"viec": "bat-dau"}).status_code in {403, 405}, address
    assert Conference.objects.get(pk=made.pk).state == "running"


def test_hostile_words_are_only_words(office, an, mai, clock):
    made = running(office, title=HOSTILE)
    site = site_of(made, office.city.river.pk)
    actions.ask_to_speak(site.pk, topic=HOSTILE, actor=office.actor("mai"), at=STARTS)
    call = actions.open_roll_call(made.pk, actor=office.actor("an"), at=STARTS)
    actions.answer_roll_call(
        call.pk, site_id=site.pk, people=1, leader="=HYPERLINK(1)" + HOSTILE, actor=office.actor("mai"), at=STARTS
    )
    actions.note_test(site.pk, picture_ok=True, sound_ok=True, line_ok=True, note=HOSTILE, actor=office.actor("mai"), at=STARTS)
    clock.now = STARTS + SECOND
    pages = [an.get(url(name, made.pk)) for name in ("board", "board_live", "report", "end", "change")]
    pages += [
        an.get(url("conferences")),
        an.get(url("hub_site", site.pk)),
        mai.get(url("sites")),
        mai.get(url("site", site.pk)),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
    book = load_workbook(io.BytesIO(b"".join(an.get(url("report_sheet", made.pk)).streaming_content)))
    assert all(cell.data_type != "f" for row in book["Điểm cầu"].iter_rows() for cell in row)


def test_the_board_of_126_sites_costs_what_one_of_two_does(ha_noi, clock, django_assert_max_num_queries):
    hub = make_officer(Unit.objects.get(pk=ha_noi.id), title="Quản trị hệ thống", duties=[HOLD], at=MONDAY)
    client = logged_in(with_second_factor(hub))
    made = actions.plan_conference(ha_noi.id, title="Giao ban", starts_at=STARTS, hub_phone="1022", actor=HOUSE, at=MONDAY)
    actions.start_conference(made.pk, actor=HOUSE, at=STARTS)
    call = actions.open_roll_call(made.pk, actor=HOUSE, at=STARTS)
    for site in Site.objects.filter(conference=made):
        actions.beat(site.pk, actor=HOUSE, at=STARTS)
        actions.answer_roll_call(call.pk, site_id=site.pk, people=9, leader="Chủ tịch", actor=HOUSE, at=STARTS)
    clock.now = STARTS + SECOND
    client.get(url("board", made.pk))

    with django_assert_max_num_queries(13):
        page = client.get(url("board", made.pk))

    assert "126/126" in said(page)
    assert page.content.decode().count('<li class="site site--connected">') == 126
    with django_assert_max_num_queries(11):
        assert client.get(url("board_live", made.pk), {"co": known(page)}, **HTMX).status_code == 204
    assert RollCallAnswer.objects.count() == 126
