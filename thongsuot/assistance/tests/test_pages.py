"""The pages of who is helped and who helps, without scripts."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from thongsuot.assistance import actions
from thongsuot.assistance.models import Consent, Helper
from thongsuot.assistance.rules import ARRANGE
from thongsuot.assistance.tests.make import MINUTE, NAME, a_helper
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.citizen import CODE, a_file, page, words
from thongsuot.dossiers.tests.make import HOUSE, MONDAY
from thongsuot.files.tables import Column, rows_of
from thongsuot.people.models import LookUp
from thongsuot.people.tests.make import browser_of, logged_in, make_citizen, make_officer

pytestmark = pytest.mark.django_db
CONSENT, DESK = reverse("assistance:consent"), reverse("assistance:desk")
WITHOUT = reverse("assistance:without_account")


@pytest.fixture
def citizen(aid) -> Client:
    return logged_in(aid.citizen)


def code_on(answer) -> str:
    return re.sub(r"\s", "", re.search(r'class="h1 code">([\d ]+)<', answer.content.decode())[1])


def test_from_the_card_to_the_rating(aid, citizen):
    said = {"nguoi": aid.helper.number.lower().replace("-", ""), "thu_tuc": CODE}
    asked = citizen.get(CONSENT, said)
    for told in ("Lò Thị Giúp", "Cửa hàng Bến", "Bấm nộp hồ sơ, đứng tên bạn", "Biết mật khẩu của bạn", "60 phút"):
        assert told in words(asked)
    given = citizen.post(CONSENT, said)
    assert given.status_code == 200
    assert given["Cache-Control"] == "private, no-store" or "no-store" in given["Cache-Control"]
    consent = Consent.objects.get()
    mine = reverse("assistance:mine_one", args=[consent.pk])
    assert "Chờ nhập mã" in words(citizen.get(mine))

    helper = aid.browser()
    opened = helper.post(DESK, {"tu_cach": aid.helper.pk, "code": code_on(given)})
    assert opened["Location"] == reverse("assistance:session", args=[consent.pk])
    assert NAME in words(helper.get(opened["Location"]))
    assert NAME in words(helper.get(DESK))
    consent.refresh_from_db()
    assert "Bạn đang nộp giúp" in words(helper.get(page("draft", consent.draft.code)))
    assert "Tờ khai này có người khai giúp" in words(citizen.get(page("draft", consent.draft.code)))
    aid.filed(consent)

    assert "Đã nộp lúc" in words(helper.get(opened["Location"]))
    assert NAME not in words(helper.get(opened["Location"]))
    assert "Lò Thị Giúp" in words(citizen.get(mine))
    assert citizen.post(mine, {"viec": "danh-gia"}).status_code == 422
    assert citizen.post(mine, {"viec": "danh-gia", "level": "5", "reasons": ["attitude"]}).status_code == 302
    assert "Bạn đã đánh giá: Rất hài lòng" in words(citizen.get(mine))
    assert citizen.post(mine, {"viec": "danh-gia", "level": "1"}).status_code in {409, 422}
    tracked = citizen.get(reverse("dossiers:tracked", args=[Dossier.objects.get().submission_code]))
    assert f"Lò Thị Giúp ({aid.helper.number})" in words(tracked)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"nguoi": "TG-0000-00", "thu_tuc": CODE}, 422),
        ({"nguoi": "<script>alert(1)</script>", "thu_tuc": CODE}, 422),
        ({"nguoi": "x" * 99, "thu_tuc": CODE}, 422),
        ({"nguoi": "", "thu_tuc": ""}, 422),
        ({"nguoi": "{number}", "thu_tuc": "không có thủ tục này"}, 422),
        ({"nguoi": "{number}", "thu_tuc": "'; DROP TABLE x;--"}, 422),
        ({}, 200),
    ],
)
def test_what_names_nobody_or_nothing_is_said_beside_its_field(aid, citizen, said, status):
    filled = {key: value.replace("{number}", aid.helper.number) for key, value in said.items()}
    for answer in (citizen.get(CONSENT, filled), citizen.post(CONSENT, filled) if filled else citizen.get(CONSENT)):
        assert answer.status_code == status
        assert b"<script>alert" not in answer.content
    assert not Consent.objects.exists()


def test_a_citizen_stops_it_on_the_page(aid, citizen):
    opened = aid.opened()
    mine = reverse("assistance:mine_one", args=[opened.pk])

    assert citizen.post(mine, {"viec": "x"}).status_code == 422
    assert citizen.post(mine, {"viec": "thoi"}).status_code == 302
    assert citizen.post(mine, {"viec": "thoi"}).status_code == 409
    assert aid.browser().get(page("draft", opened.draft.code)).status_code == 403
    assert "Người dân thôi nhờ" in words(citizen.get(reverse("assistance:mine")))


def test_a_helper_ends_it_on_the_page(aid):
    opened = aid.opened()
    address = reverse("assistance:session", args=[opened.pk])

    assert aid.browser().post(address, {"viec": "x"}).status_code == 422
    assert aid.browser().post(address, {"viec": "ket-thuc"}).status_code == 302
    assert "Người giúp kết thúc" in words(aid.browser().get(address))


def test_a_wrong_code_is_said_beside_its_field_and_too_many_close_it(aid):
    browser = aid.browser()
    for _ in range(5):
        assert browser.post(DESK, {"tu_cach": aid.helper.pk, "code": "12"}).status_code == 422
    assert browser.post(DESK, {"tu_cach": aid.helper.pk, "code": "12"}).status_code == 429
    for wrong in (
        {"tu_cach": "999999", "code": "1"},
        {"tu_cach": "x", "code": "1"},
        {"tu_cach": aid.helper.pk, "code": "1" * 99},
    ):
        assert browser.post(DESK, wrong).status_code == 422


def test_whoever_is_no_helper_reads_how_to_become_one(aid):
    browser = logged_in(make_citizen("Giàng A Khác"))

    assert "Bạn chưa có trong danh sách người giúp" in words(browser.get(DESK))
    assert browser.get(WITHOUT).status_code == 302
    assert "Chưa có lần nộp giúp nào" in words(browser.get(reverse("assistance:log")))


def test_without_an_account_on_paper(aid):
    browser = aid.browser()
    said = {"tu_cach": aid.helper.pk, "name": NAME, "procedure": CODE, "how": "paper"}
    assert browser.post(WITHOUT, said).status_code == 422
    assert browser.post(WITHOUT, said | {"scan": a_file("x.exe", b"MZ")}).status_code in {415, 422}
    assert browser.post(WITHOUT, said | {"procedure": "zzz", "scan": a_file()}).status_code == 422
    assert browser.post(WITHOUT, said | {"how": "hứa", "scan": a_file()}).status_code == 422
    assert not Consent.objects.exists()
    assert browser.post(WITHOUT, said | {"scan": a_file()}).status_code == 302
    assert "Giấy đồng ý có chữ ký" in words(browser.get(reverse("assistance:log")))


def test_a_helper_who_may_not_file_is_told_before_they_begin_for_who_has_no_account(aid):
    browser = aid.browser()
    assert WITHOUT in browser.get(DESK).content.decode()
    Helper.objects.filter(pk=aid.helper.pk).update(may_submit=False)

    assert WITHOUT not in browser.get(DESK).content.decode()
    assert "chưa được bấm nộp hồ sơ" in words(browser.get(WITHOUT))
    assert browser.post(WITHOUT, {"tu_cach": aid.helper.pk, "name": NAME, "how": "paper"}).status_code == 422
    assert not Consent.objects.exists()


def test_without_an_account_by_a_code_and_the_link_that_came_with_it(aid, settings):
    settings.EMAIL_HOST = "thu.vidu.vn"
    browser = aid.browser()
    said = {"tu_cach": aid.helper.pk, "name": NAME, "procedure": CODE, "how": "code", "email": "cu@vidu.vn"}
    assert browser.post(WITHOUT, said).status_code == 302
    consent = Consent.objects.get()
    link, stranger = reverse("assistance:by_secret", args=[consent.secret]), Client()

    assert "Lò Thị Giúp" in words(stranger.get(link))
    assert "noindex" in stranger.get(link)["X-Robots-Tag"]
    assert stranger.post(link, {"viec": "thoi"}).status_code == 302
    assert stranger.get(reverse("assistance:by_secret", args=["x" * 43])).status_code == 404
    assert stranger.get(reverse("assistance:by_secret", args=["x"])).status_code == 404
    opened = aid.on_paper()
    actions.stop(opened.pk, actor=aid.helping, at=MONDAY)
    paper = reverse("assistance:by_secret", args=[opened.secret])
    assert stranger.post(paper, {"viec": "danh-gia", "level": "4"}).status_code == 302


def test_the_link_of_an_account_opens_nothing(aid):
    given = aid.given()

    assert Client().get(reverse("assistance:by_secret", args=[given.consent.secret])).status_code == 404


def test_nobody_sees_anothers_consent_or_session(aid):
    opened = aid.opened()
    other = a_helper(aid.town.river, agent_id=aid.agent.pk, full_name="Lò Thị Hai", is_head=True)
    for person in (other.person, make_citizen("Giàng A Khác"), aid.town.people["lan"]):
        browser = browser_of(person)
        for name in ("mine_one", "session"):
            for answer in (browser.get(reverse(f"assistance:{name}", args=[opened.pk])),):
                assert answer.status_code == 404, name
    assert aid.browser().get(reverse("assistance:mine_one", args=[opened.pk])).status_code == 404


def rows_on(answer):
    """Of the workbook of a log."""
    assert answer.status_code == 200
    heads = ["Số đồng ý", "Người giúp", "Đại lý hoặc tổ chức", "Thủ tục", "Đồng ý bằng", "Cho phép lúc", "Bắt đầu lúc"]
    heads += ["Kết thúc lúc", "Tình trạng"]
    columns = [Column(key=str(n), heading=head, example="") for n, head in enumerate(heads)]
    content = io.BytesIO(b"".join(answer.streaming_content))
    return list(rows_of(content, columns, content_type=answer["Content-Type"]))


def test_the_log_leaves_as_a_workbook_without_the_names_of_who_was_helped(aid):
    aid.filed(aid.opened())
    Helper.objects.filter(pk=aid.helper.pk).update(full_name="=1+1")
    answer = aid.browser().get(reverse("assistance:log_sheet"))
    (row,) = rows_on(answer)

    assert (row.rejected, row.cells["8"]) == ("", "Đã nộp")
    assert NAME not in str(row.cells)


def test_a_signed_paper_is_opened_in_its_unit_after_a_reason_that_is_kept(aid):
    opened = aid.on_paper()
    address = reverse("assistance:paper", args=[opened.pk])
    here = browser_of(make_officer(aid.town.city.river, duties=[ARRANGE], email="giu@vidu.vn"))
    there = browser_of(make_officer(aid.town.city.hill, duties=[ARRANGE], email="giu2@vidu.vn"))

    assert there.post(address, {"reason": "xem"}).status_code == 404
    assert here.post(address, {"reason": ""}).status_code == 422
    assert not LookUp.objects.filter(subject="assistance.consent").exists()
    served = here.post(address, {"reason": "kiểm tra"})
    assert "attachment" in served["Content-Disposition"]
    assert LookUp.objects.get(subject="assistance.consent").fields == ["files"]
    assert opened.number in words(here.get(reverse("assistance:city_log")))
    assert opened.number not in words(there.get(reverse("assistance:city_log")))
    assert here.get(reverse("assistance:city_log_sheet")).status_code == 200


def test_the_log_is_asked_for_by_agent_helper_and_day(aid, clock):
    other = a_helper(aid.town.river, "volunteer", full_name="Vàng A Trẻ")
    first, second = aid.opened(), aid.given(other, at=MONDAY + timedelta(days=1)).consent
    manages = browser_of(make_officer(aid.town.city.river, duties=[ARRANGE], email="giu@vidu.vn"))
    log, sheet = reverse("assistance:city_log"), reverse("assistance:city_log_sheet")
    assert f"{log}?dai_ly={aid.agent.pk}" in manages.get(reverse("assistance:agent", args=[aid.agent.pk])).content.decode()
    assert f"{log}?nguoi_giup={other.number}" in manages.get(reverse("assistance:helper", args=[other.pk])).content.decode()

    for said, shown in (
        ({}, {first.number, second.number}),
        ({"dai_ly": aid.agent.pk}, {first.number}),
        ({"nguoi_giup": other.number.lower()}, {second.number}),
        ({"tu": "07/10/2025"}, {second.number}),
        ({"den": "06/10/2025"}, {first.number}),
        ({"dai_ly": aid.agent.pk, "tu": "07/10/2025"}, set()),
    ):
        page = words(manages.get(log, said))
        assert {one.number for one in (first, second) if one.number in page} == shown
        if shown:
            assert {row.cells["0"] for row in rows_on(manages.get(sheet, said))} == shown
    for wrong in ({"tu": "hôm nay"}, {"dai_ly": "999999"}, {"dai_ly": "x"}, {"nguoi_giup": "x" * 99}):
        assert manages.get(log, wrong).status_code == 422
        assert manages.get(sheet, wrong).status_code == 422


def test_a_citizen_goes_through_everything_they_ever_let_others_do(aid, citizen):
    for n in range(51):
        aid.given(at=MONDAY + n * MINUTE)
    first = Consent.objects.earliest("made_at")
    mine, one = reverse("assistance:mine"), reverse("assistance:mine_one", args=[first.pk])

    assert one not in citizen.get(mine).content.decode()
    assert one in citizen.get(mine, {"trang": "2"}).content.decode()
    assert f'href="{mine}"' in citizen.get(one).content.decode()


def test_the_head_of_an_agent_that_pauses_still_finds_the_log(aid):
    aid.filed(aid.opened())
    actions.suspend_agent(aid.agent.pk, actor=HOUSE, at=MONDAY)
    lawyer = a_helper(aid.town.city.city.pk, "lawyer", full_name="Lò Thị Luật")

    assert reverse("assistance:log") in aid.browser().get(DESK).content.decode()
    assert reverse("assistance:log") not in logged_in(lawyer.person).get(DESK).content.decode()


def test_a_session_that_ran_out_says_so(aid, clock):
    opened = aid.opened()
    clock.now = MONDAY + 61 * MINUTE

    assert "Hết giờ" in words(aid.browser().get(reverse("assistance:session", args=[opened.pk])))
    assert "Hết giờ" in words(logged_in(aid.citizen).get(reverse("assistance:mine")))
    actions.close_over(opened.pk, actor=HOUSE, at=clock.now + timedelta(minutes=1))
    assert "Hết giờ" in words(aid.browser().get(reverse("assistance:log")))


def test_who_signed_on_paper_gets_a_slip_with_the_link_that_stops_and_rates(aid, clock):
    opened, browser = aid.on_paper(), aid.browser()
    where = reverse("assistance:slip", args=[opened.pk])
    assert where in browser.get(reverse("assistance:session", args=[opened.pk])).content.decode()
    slip = browser.get(where).content.decode()
    link = reverse("assistance:by_secret", args=[opened.secret])
    assert link in slip
    assert NAME not in slip
    assert logged_in(aid.citizen).get(where).status_code == 404
    assert Client().get(link).status_code == 200
    assert Client().post(link, {"viec": "thoi"}).status_code == 302
    opened.refresh_from_db()
    assert opened.ended_by == "citizen"
    assert browser.get(where).status_code == 404
