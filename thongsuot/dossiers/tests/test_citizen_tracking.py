"""Following a dossier: what anyone sees, what the proof opens, and what owners do."""

from __future__ import annotations

import html
import re
from datetime import datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from thongsuot.counters import actions as counters
from thongsuot.dossiers import actions, rules
from thongsuot.dossiers.models import Component, Dossier, Rating, Status, TrackTry
from thongsuot.dossiers.queries.case import case_page
from thongsuot.dossiers.tests.make import MONDAY, PDF, a_file, forward_to, minh, receive, resolve
from thongsuot.dossiers.words import history_words
from thongsuot.files.models import StoredFile
from thongsuot.kernel.actor import ANYONE, system
from thongsuot.kernel.codes import new_code
from thongsuot.kernel.working_time import VIET_NAM, Shift
from thongsuot.people.actions import log_look_up
from thongsuot.people.tests.make import logged_in, make_citizen

HOUR = timedelta(hours=1)
PERSONAL = ("Hoàng", "Minh", "0912345678", "5678", "001412345678", "minh@vidu.vn", "12 phố Bến")


@pytest.fixture(autouse=True)
def clock(settings, monkeypatch):
    settings.CITY_CODE = "98"
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture
def browser() -> Client:
    return Client()


@pytest.fixture
def dossier(town) -> Dossier:
    return receive(town, filer=actions.Filer(name="Lê Thị Con", phone="0987654321"))


def words(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def at(dossier, more="") -> str:
    return f"/tra-cuu/{dossier}/{more}"


def test_the_hours_of_the_point_are_those_its_counters_say_everywhere(browser, town, dossier):
    point = town.city.point(town.city.river)
    page, known = at(dossier.code), browser.get("/api/v1/units/98001").json()["service_points"][0]["opening_hours"]
    assert known in words(browser.get(page))
    week = ((Shift(time(9), time(10)),),) * 7
    counters.set_hours(point.pk, week=week, valid_from=MONDAY.date(), actor=system("cli"), at=MONDAY)
    assert "09:00-10:00" in words(browser.get(page))
    assert known not in words(browser.get(page))
    (told,) = browser.get("/api/v1/units/98001").json()["service_points"]
    assert told["opening_hours"] == "Thứ Hai đến Chủ nhật: 09:00-10:00"
    (before,) = browser.get("/api/v1/units/98001?as_of=2025-09-01").json()["service_points"]
    assert before["opening_hours"] == known


def prove(browser, dossier, secret="5678", **more):  # noqa: S107 - four digits of made-up people
    return browser.post(at(dossier, "mo/"), {"secret": secret, **more})


# -- for anyone --------------------------------------------------------------------------------------------------------


def test_anyone_with_the_code_sees_the_state_and_nothing_of_the_person(dossier, browser):
    shown = words(browser.get(at(dossier)))
    for told in (
        dossier.code,
        "Cấp giấy thử nghiệm",
        "Được tiếp nhận",
        "Đúng tiến độ, còn 5 ngày làm việc",
        "Hẹn 13/10/2025 17:00",
        "Bạn không phải làm gì lúc này",
        "Phường Sông",
        "Bốn số cuối",
    ):
        assert told in shown
    for hidden in (*PERSONAL, "Lê Thị Con", "Giấy chứng nhận", "Nguyễn Thị Lan", "8.000"):
        assert hidden not in shown.replace(dossier.code, "")


def test_a_code_is_found_however_it_is_typed(dossier, browser):
    for typed in (
        dossier.code,
        dossier.code.lower(),
        dossier.code.replace("-", " "),
        dossier.code.replace("-", "–"),
        f"  {dossier.code}\n",
        dossier.code.replace("-", ""),
    ):
        assert browser.get("/tra-cuu/", {"ma": typed})["Location"] == at(dossier)
        assert browser.get(f"/tra-cuu/{typed.strip()}/", follow=True).status_code == 200


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("H26.107-261120-0011", "H26.107-261120-0011"),
        ("h26.107 261120 0011", "H26.107-261120-0011"),
        ("H26.1072611200011", "H26.107-261120-0011"),
        ("H26.152611200011", "H26.15-261120-0011"),
        ("H26 - 261120 - 10011", "H26-261120-10011"),
        ("ts 7h4p 22km", "TS-7H4P-22KM"),
        ("ks7h4p22km9tx", "KS-7H4P-22KM-9TX"),
        ("H26.107-2611", "H26.107-2611"),
        ("", ""),
    ],
)
def test_typed_codes(typed, code):
    assert rules.typed_code(typed) == code


def test_new_codes_are_read_back_as_they_are():
    for code in (new_code("TS"), new_code("KS", letters=11)):
        assert rules.typed_code(code.lower().replace("-", " ")) == code
        assert len(code) <= 16
    assert rules.DRAFT_CODE.fullmatch(new_code("KS", letters=11))
    assert rules.SUBMISSION_CODE.fullmatch(new_code("TS"))


@pytest.mark.parametrize("code", ["H98.104-251006-9999", "TS-AAAA-AAAA", "<script>", "a" * 300, "..%2f..", "%00"])
def test_a_wrong_code_is_said_on_a_clear_page(dossier, browser, code):
    response = browser.get(f"/tra-cuu/{code}/", follow=True)
    assert response.status_code in (400, 404)
    assert "<script>alert" not in response.content.decode()
    assert browser.post(f"/tra-cuu/{code}/mo/", {"secret": "5678"}).status_code in (400, 404)


def test_an_empty_question_is_asked_again(town, browser):
    assert browser.get("/tra-cuu/").status_code == 200
    assert "Chưa có mã" in words(browser.get("/tra-cuu/", {"ma": " "}))


def test_the_state_costs_a_few_queries(dossier, browser, django_assert_max_num_queries):
    browser.get(at(dossier))
    with django_assert_max_num_queries(4):
        browser.get(at(dossier))


# -- the proof ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", ["5678", " 56 78 ", "4321"])
def test_four_digits_of_owner_or_filer_open_the_details(dossier, browser, secret):
    assert prove(browser, dossier, secret)["Location"] == at(dossier)
    shown = words(browser.get(at(dossier)))
    for told in ("Hồ sơ đã đi qua đâu", "Hoàng Văn M", "Giấy chứng nhận", "Lệ phí cấp giấy", "Thẩm định", "Giấy tiếp nhận"):
        assert told in shown
    for hidden in ("0912345678", "001412345678", "Hoàng Văn Minh", "Nguyễn Thị Lan"):  # masked even here; posts, not names
        assert hidden not in shown


@pytest.mark.parametrize("secret", ["0000", "", "567", "05678", "001412345678", "٥٦٧٨"])
def test_wrong_digits_open_nothing(dossier, browser, secret):
    response = prove(browser, dossier, secret)
    assert response.status_code in (403, 422)
    assert "Hồ sơ đã đi qua đâu" not in words(response)
    assert "Hồ sơ đã đi qua đâu" not in words(browser.get(at(dossier)))


def test_after_some_wrong_tries_the_details_stay_closed_for_an_hour(dossier, browser, monkeypatch):
    for _try in range(5):
        assert prove(browser, dossier, "0000").status_code == 403
    assert prove(Client(), dossier, "5678").status_code == 429
    assert TrackTry.objects.count() == 5
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + HOUR + timedelta(minutes=1))
    assert prove(browser, dossier, "5678").status_code == 302


def test_the_proof_holds_in_one_session_for_one_dossier_and_one_hour(town, dossier, browser, monkeypatch):
    other = receive(town, owner=minh(name="Trần Văn Khác", phone="0987000000", id_number=""))
    prove(browser, dossier)
    assert "Hồ sơ đã đi qua đâu" in words(browser.get(at(dossier)))
    assert "Hồ sơ đã đi qua đâu" not in words(browser.get(at(other)))
    assert "Hồ sơ đã đi qua đâu" not in words(Client().get(at(dossier)))
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + HOUR)
    assert "Hồ sơ đã đi qua đâu" not in words(browser.get(at(dossier)))


def test_the_account_that_filed_needs_no_digits_and_another_account_does(town):
    person = make_citizen("Hoàng Văn Minh", at=MONDAY)
    dossier = receive(town, account_id=person.pk)
    assert "Hồ sơ đã đi qua đâu" in words(logged_in(person).get(at(dossier)))
    assert "Hồ sơ đã đi qua đâu" not in words(logged_in(make_citizen("Khác", at=MONDAY)).get(at(dossier)))
    assert "Hồ sơ đã đi qua đâu" not in words(logged_in(town.people["lan"]).get(at(dossier)))


def test_the_proof_leads_on_only_within_this_site(dossier, browser):
    assert prove(browser, dossier, next=at(dossier, "danh-gia/"))["Location"] == at(dossier, "danh-gia/")
    assert prove(browser, dossier, next="https://evil.example/")["Location"] == at(dossier)
    assert prove(browser, dossier, next="//evil.example/")["Location"] == at(dossier)


@pytest.mark.parametrize("where", ["bo-sung/", "rut/", "danh-gia/", "ket-qua/", "giay-to/1/"])
def test_owners_pages_ask_strangers_for_the_digits_and_do_nothing(town, dossier, browser, where):
    resolve(town, dossier, at=MONDAY)
    before = Dossier.objects.get(pk=dossier.pk).status
    asked = browser.get(at(dossier, where))
    assert asked.status_code == 200
    assert "Cho biết đây là hồ sơ của bạn" in words(asked)
    assert browser.post(at(dossier, where), {"level": "5", "reason": "x", "answer": "x"}).status_code in (403, 405)
    assert Dossier.objects.get(pk=dossier.pk).status == before
    assert not Rating.objects.exists()


def test_details_are_kept_by_no_one(dossier, browser):
    prove(browser, dossier)
    response = browser.get(at(dossier))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


# -- what the details tell ---------------------------------------------------------------------------------------------


def test_the_owner_reads_the_same_events_as_the_officer(town, dossier, browser):
    dossier = forward_to(town, dossier, "tham-dinh", at=MONDAY)
    actions.request_supplement(dossier.pk, items=["Ảnh rõ hơn", "Bản sao"], actor=town.actor("toan"), at=MONDAY)
    prove(browser, dossier)
    shown = words(browser.get(at(dossier)))
    page = case_page(Dossier.objects.get(pk=dossier.pk), now=MONDAY, public_only=True)
    places = [shown.index(history_words(row, to_owner=True).title) for row in page.history]
    assert places == sorted(places)
    assert len(page.history) == 4  # received, two steps, the request
    for told in (
        "– Ảnh rõ hơn",
        "Phiếu số 1",
        "Đang chờ bạn bổ sung, đồng hồ dừng",
        "Bạn cần bổ sung hồ sơ",
        "Công chức tiếp nhận",
    ):
        assert told in shown


def test_remarks_between_officers_stay_in_the_house(town, dossier, browser):
    actions.forward(dossier.pk, step_key="tiep-nhan", note="xem kỹ chữ ký", actor=town.actor("lan"), at=MONDAY)
    prove(browser, dossier)
    assert "xem kỹ chữ ký" not in words(browser.get(at(dossier)))


def test_a_late_dossier_is_apologised_for(town, dossier, browser, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2025, 10, 16, 9, tzinfo=VIET_NAM))
    shown = words(browser.get(at(dossier)))
    assert "Đã quá hẹn 3 ngày làm việc" in shown
    assert "xin lỗi bạn" in shown


def test_what_is_owed_is_told_while_the_clock_waits(town, dossier, browser):
    actions.request_payment(
        dossier.pk, reason="Thuế theo thông báo số 5", amount_dong=1_500_000, actor=town.actor("lan"), at=MONDAY
    )
    assert "1.500.000" not in words(browser.get(at(dossier)))
    prove(browser, dossier)
    state = words(browser.get(at(dossier))).split("Hồ sơ đã đi qua đâu")[0]
    for told in ("Bạn cần nộp tiền theo thông báo", "Số tiền: 1.500.000 đồng.", "Lý do: Thuế theo thông báo số 5"):
        assert told in state


def test_who_looked_at_the_data_is_told(town, dossier, browser):
    log_look_up(dossier, fields=["id_number"], reason="Đối chiếu giấy tờ", actor=town.actor("lan"), at=MONDAY)
    prove(browser, dossier)
    shown = words(browser.get(at(dossier)))
    assert "Đối chiếu giấy tờ" in shown
    assert "Công chức tiếp nhận" in shown


def test_the_details_cost_the_same_however_long_the_life(town, dossier, browser, django_assert_max_num_queries):
    dossier = resolve(town, dossier, at=MONDAY)
    prove(browser, dossier)
    browser.get(at(dossier))
    with django_assert_max_num_queries(19):
        assert browser.get(at(dossier)).status_code == 200


# -- what owners do ----------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(town, dossier, browser) -> Dossier:
    actions.request_supplement(dossier.pk, items=["Ảnh rõ hơn"], actor=town.actor("lan"), at=MONDAY)
    prove(browser, dossier)
    return dossier


def upload(name="ảnh.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def test_a_supplement_is_brought_with_its_files_and_the_clock_runs_on(asked, browser):
    shown = words(browser.get(at(asked, "bo-sung/")))
    assert "Ảnh rõ hơn" in shown
    brought = {"files-giay-chung-nhan": [upload("1.pdf"), upload("2.pdf")], "answer": "Đã chụp lại"}
    response = browser.post(at(asked, "bo-sung/"), brought)
    assert response["Location"] == at(asked)
    asked.refresh_from_db()
    assert asked.status == Status.RECEIVED
    assert [c.file.name for c in Component.objects.filter(dossier=asked, how="uploaded")] == ["1.pdf", "2.pdf"]
    again = browser.get(at(asked, "bo-sung/"), follow=True)
    assert "không chờ bổ sung gì" in words(again)
    assert browser.post(at(asked, "bo-sung/"), {"answer": "lần nữa"})["Location"] == at(asked)


def test_one_bad_file_and_nothing_of_the_supplement_is_kept(asked, browser):
    files = StoredFile.objects.count()
    brought = {"files-giay-chung-nhan": [upload(), upload("x.exe", b"MZ\0\0")], "answer": "xem"}
    response = browser.post(at(asked, "bo-sung/"), brought)
    assert response.status_code == 422
    assert "Tệp “x.exe”" in words(response)
    assert "Chưa gửi gì" in words(response)
    assert re.search(r">\s*xem</textarea>", response.content.decode())
    asked.refresh_from_db()
    assert (asked.status, StoredFile.objects.count()) == (Status.SUPPLEMENT_REQUESTED, files)


def test_an_empty_supplement_is_refused_beside_its_field(asked, browser):
    response = browser.post(at(asked, "bo-sung/"), {})
    assert response.status_code == 422
    assert "Hãy đính kèm giấy tờ bổ sung" in words(response)


def test_withdrawing_asks_first_and_happens_once(town, dossier, browser):
    prove(browser, dossier)
    assert "Rút hồ sơ này?" in words(browser.get(at(dossier, "rut/")))
    dossier.refresh_from_db()
    assert dossier.status == Status.RECEIVED
    assert browser.post(at(dossier, "rut/"), {"reason": "đổi ý"})["Location"] == at(dossier)
    dossier.refresh_from_db()
    assert dossier.status == Status.WITHDRAWN
    assert browser.post(at(dossier, "rut/"), {}).status_code == 409
    assert "Rút hồ sơ" not in words(browser.get(at(dossier)))


def test_what_is_decided_cannot_be_withdrawn(town, dossier, browser):
    resolve(town, dossier, at=MONDAY)
    prove(browser, dossier)
    response = browser.post(at(dossier, "rut/"), {})
    assert response.status_code == 409
    assert "đã có kết quả" in words(response)


def test_the_result_is_downloaded_once_issued_and_never_a_draft_of_it(town, dossier, browser):
    forward_to(town, dossier, "soat", at=MONDAY)
    prove(browser, dossier)
    assert browser.get(at(dossier, "ket-qua/")).status_code == 404
    assert "Giấy thử nghiệm, số" not in words(browser.get(at(dossier)))
    resolve(town, Dossier.objects.get(pk=dossier.pk), at=MONDAY)
    shown = browser.get(at(dossier))
    assert "Giấy thử nghiệm , số 01" in words(shown)
    got = browser.get(at(dossier, "ket-qua/"))
    assert b"".join(got.streaming_content) == PDF
    assert got["Content-Disposition"].startswith("attachment")


def test_papers_come_back_to_their_owner_only(town, dossier, browser):
    other = receive(town, owner=minh(name="Khác", phone="0987000000", id_number=""))
    mine, its = (
        Component.objects.create(dossier=one, paper_code="x", name="x", how="uploaded", file_id=a_file(), added_at=MONDAY)
        for one in (dossier, other)
    )
    prove(browser, dossier)
    assert b"".join(browser.get(at(dossier, f"giay-to/{mine.pk}/")).streaming_content) == PDF
    assert browser.get(at(dossier, f"giay-to/{its.pk}/")).status_code == 404
    scanned = Component.objects.filter(dossier=dossier, file=None).first()
    assert browser.get(at(dossier, f"giay-to/{scanned.pk}/")).status_code == 404


def test_a_rating_is_given_once_and_only_after_the_result(town, dossier, browser):
    prove(browser, dossier)
    assert "đánh giá được khi đã có kết quả" in words(browser.get(at(dossier, "danh-gia/")))
    assert browser.post(at(dossier, "danh-gia/"), {"level": "5"}).status_code == 409
    resolve(town, dossier, at=MONDAY)
    assert browser.post(at(dossier, "danh-gia/"), {}).status_code == 422
    assert browser.post(at(dossier, "danh-gia/"), {"level": "9"}).status_code == 422
    assert browser.post(at(dossier, "danh-gia/"), {"level": "2", "reasons": ["bia"]}).status_code == 422
    assert not Rating.objects.exists()
    given = {"level": "2", "reasons": ["waiting", "fees"], "comment": "chờ lâu"}
    assert browser.post(at(dossier, "danh-gia/"), given)["Location"] == at(dossier)
    assert browser.post(at(dossier, "danh-gia/"), given).status_code == 409
    rating = Rating.objects.get()
    assert (rating.level, rating.reasons, rating.comment) == (2, ["fees", "waiting"], "chờ lâu")
    assert "Bạn đã đánh giá: Không hài lòng" in words(browser.get(at(dossier, "danh-gia/")))


def test_a_refused_filing_tells_the_reasons_to_its_owner(town, browser):
    draft = actions.start_draft("9.000001", unit_id=town.river, actor=ANYONE, at=MONDAY)
    actions.add_draft_file(draft.code, "giay-chung-nhan", PDF, name="a.pdf", actor=ANYONE, at=MONDAY)
    actions.save_page(
        draft.code,
        "lien-he",
        {"owner": {"name": "Minh", "phone": "0912345678"}, "return_by": "counter"},
        actor=ANYONE,
        at=MONDAY,
    )
    dossier = actions.submit_draft(draft.code, actor=ANYONE, at=MONDAY)
    actions.refuse_submission(dossier.pk, reasons=["Không thuộc thẩm quyền"], actor=town.actor("lan"), at=MONDAY)
    shown = words(browser.get(at(dossier)))
    assert "Hồ sơ không được tiếp nhận" in shown
    assert "Không thuộc thẩm quyền" not in shown
    prove(browser, dossier)
    assert "Không thuộc thẩm quyền" in words(browser.get(at(dossier)))
