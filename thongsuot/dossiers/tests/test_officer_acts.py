"""One page per action: its happy path, its refusals, and that a refusal loses nothing and changes nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Component, Dossier, Opinion, Result, Setting, Status, StepRun, SupplementRequest
from thongsuot.dossiers.queries import case as cases
from thongsuot.dossiers.tests.desk import act_url, browser, case_url, do
from thongsuot.dossiers.tests.make import MONDAY, PDF, forward_to, make_officer, receive, resolve
from thongsuot.kernel.models import Event
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.text import instant
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.usefixtures("clock")


def dossier_events(dossier) -> int:
    return Event.objects.filter(subject="dossiers.dossier", subject_id=dossier.pk).count()


def upload(name="ket-qua.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def online(town):
    """A filing that waits for the desk's answer."""
    dossier = receive(town)
    Dossier.objects.filter(pk=dossier.pk).update(
        status=Status.REGISTERED,
        code=None,
        submission_code="TS-AAAA-2222",
        received_at=None,
        due_at=None,
        submitted_at=MONDAY,
        answer_due_at=MONDAY + timedelta(hours=8),
        step_no=None,
        warn_at=None,
    )
    StepRun.objects.filter(dossier=dossier).delete()
    dossier.refresh_from_db()
    return dossier


def refused(town, who, dossier, key, expected, **data):
    """The page comes back with the sentence and what was typed; nothing else happened."""
    before = dossier_events(dossier)
    page = do(browser(town, who), dossier, key, **data)
    assert page.status_code == 422
    assert expected in said(page)
    assert dossier_events(dossier) == before
    return page


def test_a_dossier_goes_its_whole_way_through_the_pages(town, clock):
    dossier = receive(town)

    def passes(who, key, **data):
        clock.now += timedelta(minutes=20)
        assert browser(town, who).get(act_url(dossier, key)).status_code == 200
        answer = do(browser(town, who), dossier, key, **data)
        assert answer.status_code == 302, said(answer)
        assert answer["Location"] == case_url(dossier)
        dossier.refresh_from_db()

    passes("lan", "chuyen", step_key="tiep-nhan", note="Đủ giấy tờ")
    passes("viet", "chuyen", step_key="phan-cong", to_person=town.people["toan"].pk)
    assert dossier.assignee == town.people["toan"]
    passes("viet", "doi-nguoi", step_key="tham-dinh", to_person=town.people["tam"].pk, reason="Toàn nghỉ phép")
    assert dossier.assignee == town.people["tam"]
    passes("tam", "hoi-y-kien", body_id=town.city.body(town.city.river, "office").pk, question="Có hồ sơ lưu không?")
    passes("tam", "du-thao", title="Giấy thử nghiệm", file=upload())
    opinion = Opinion.objects.get(dossier=dossier)
    answered = browser(town, "toan").post(reverse("dossiers:opinion", args=[opinion.pk]), {"answer": "Có."})
    assert answered["Location"] == reverse("dossiers:opinions")
    passes("tam", "chuyen", step_key="tham-dinh")
    passes("viet", "chuyen", step_key="soat")
    passes("hanh", "tra-lai", step_key="ky", to_step="tham-dinh", reason="Sai ngày cấp")
    assert dossier.assignee == town.people["tam"]
    passes("tam", "du-thao", title="Giấy thử nghiệm", file=upload())
    passes("tam", "chuyen", step_key="tham-dinh")
    passes("viet", "chuyen", step_key="soat")
    passes("hanh", "chuyen", step_key="ky")
    assert Result.objects.get(dossier=dossier).signer_name == "Phạm Thị Hạnh"
    passes("thu", "chuyen", step_key="vao-so")
    assert dossier.status == Status.RESOLVED
    passes("lan", "tra-ket-qua", handed_to="Hoàng Văn Minh")
    assert dossier.status == Status.RETURNED
    words = said(browser(town, "lan").get(case_url(dossier)))
    assert "Không còn việc nào với hồ sơ này." in words
    assert "Lý do: Sai ngày cấp" in words


def test_a_step_done_meanwhile_is_not_done_twice_and_what_was_typed_stays(town):
    dossier = receive(town)
    actions.forward(dossier.pk, step_key="tiep-nhan", actor=town.actor("lan"), at=MONDAY)

    page = refused(
        town, "viet", dossier, "chuyen", "Hồ sơ đang ở bước “Phân công”", step_key="tiep-nhan", note="giữ lại chữ này"
    )

    assert 'value="giữ lại chữ này"' in page.content.decode()


def test_who_has_not_the_duty_is_refused_and_the_dossier_stays(town):
    dossier = receive(town)

    assert do(browser(town, "toan"), dossier, "chuyen", step_key="tiep-nhan").status_code == 403
    dossier.refresh_from_db()
    assert dossier.step_no == 0


def test_a_draft_must_be_there_before_it_is_reviewed(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)

    assert "Chưa có dự thảo kết quả." in said(browser(town, "toan").get(case_url(dossier)))
    refused(town, "toan", dossier, "chuyen", "Chưa có dự thảo kết quả", step_key="tham-dinh")


def test_a_draft_that_is_no_document_is_refused_beside_its_field(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)

    page = do(browser(town, "toan"), dossier, "du-thao", title="Giấy", file=upload("ket-qua.pdf", b"MZ\x90\x00 not a paper"))

    assert page.status_code == 422
    assert not Result.objects.exists()
    assert refused(town, "toan", dossier, "du-thao", "Chưa có tệp “Tệp dự thảo”", title="Giấy")


def test_waiting_opinions_hold_a_step_unless_a_reason_is_given(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    body = town.city.body(town.city.river, "office")
    actions.ask_opinion(dossier.pk, body_id=body.pk, question="Có gì không?", actor=town.actor("toan"), at=MONDAY)
    do(browser(town, "toan"), dossier, "du-thao", title="Giấy", file=upload())

    refused(town, "toan", dossier, "chuyen", "Còn 1 ý kiến chưa trả lời", step_key="tham-dinh")
    done = do(
        browser(town, "toan"), dossier, "chuyen", step_key="tham-dinh", without_opinions="on", note="Đã hỏi qua điện thoại"
    )
    assert done.status_code == 302


def test_an_opinion_is_answered_by_the_unit_that_was_asked(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    opinion = actions.ask_opinion(
        dossier.pk,
        body_id=town.city.body(town.city.river, "office").pk,
        question="Có gì không?",
        actor=town.actor("toan"),
        at=MONDAY,
    )
    address = reverse("dossiers:opinion", args=[opinion.pk])

    assert "Được hỏi ý kiến: 1" in said(browser(town, "tam").get(reverse("dossiers:opinions")))
    assert browser(town, "doi").get(address).status_code == 404
    assert browser(town, "tam").post(address, {"answer": " "}).status_code == 422
    assert browser(town, "tam").post(address, {"answer": "Không có gì."}).status_code == 302
    assert browser(town, "tam").get(address).status_code == 404  # it waits no longer
    assert "Không có câu hỏi nào chờ trả lời" in said(browser(town, "tam").get(reverse("dossiers:opinions")))


def test_a_supplement_is_one_list_of_ticked_papers_and_own_words(town):
    dossier = receive(town)
    lan = browser(town, "lan")

    refused(town, "lan", dossier, "bo-sung", "Hãy ghi những giấy tờ cần bổ sung", items="  \n ")
    do(lan, dossier, "bo-sung", papers=["giay-chung-nhan"], items="Chữ ký ở trang 2\n\n  Ảnh 4x6 ", reason="Mang đến quầy 2")

    request = SupplementRequest.objects.get(dossier=dossier)
    assert request.items == ["Bổ sung: Giấy chứng nhận", "Chữ ký ở trang 2", "Ảnh 4x6"]
    assert "Đang dừng" in said(lan.get(case_url(dossier)))


def test_what_the_owner_brings_lets_the_clock_run_on(town, clock):
    dossier = receive(town)
    actions.request_supplement(dossier.pk, items=["Giấy chứng nhận"], actor=town.actor("lan"), at=MONDAY)
    clock.now += timedelta(days=1)

    refused(town, "lan", dossier, "nhan-bo-sung", "Hãy đính kèm giấy tờ bổ sung hoặc ghi câu trả lời")
    answer = do(
        browser(town, "lan"), dossier, "nhan-bo-sung", **{"co-giay-chung-nhan": "on", "tep-van-ban-khac": upload("don.pdf")}
    )

    assert answer.status_code == 302
    dossier.refresh_from_db()
    assert dossier.status == Status.RECEIVED
    brought = Component.objects.filter(dossier=dossier, added_at=clock.now).order_by("id")
    assert [(one.paper_code, one.file_id is not None) for one in brought] == [
        ("giay-chung-nhan", False),
        ("van-ban-khac", True),
    ]


def test_the_clock_stands_while_the_owner_owes(town):
    dossier = receive(town)

    refused(town, "lan", dossier, "nghia-vu", "“Lý do”")
    assert do(browser(town, "lan"), dossier, "nghia-vu", reason="Nộp thuế trước bạ").status_code == 302
    dossier.refresh_from_db()
    assert dossier.status == Status.PAYMENT_REQUESTED
    assert do(browser(town, "lan"), dossier, "da-nop").status_code == 302
    dossier.refresh_from_db()
    assert dossier.status == Status.RECEIVED


def test_a_new_appointment_is_after_the_old_one_and_given_once(town):
    dossier = receive(town)  # due Monday 13 October, 17:00
    told = {"hour": "17:00", "reason": "chờ xác minh"}

    refused(town, "lan", dossier, "hen-lai", "Ngày hẹn lại phải sau ngày hẹn cũ", day="08/10/2025", **told)
    refused(town, "lan", dossier, "hen-lai", "Không có ngày 31/02/2026", day="31/02/2026", **told)
    assert do(browser(town, "lan"), dossier, "hen-lai", day="15/10/2025", **told).status_code == 302
    dossier.refresh_from_db()
    assert instant(dossier.promised_at) == "15/10/2025 17:00"
    assert dossier.promised_at.astimezone(VIET_NAM).hour == 17
    refused(town, "lan", dossier, "hen-lai", "Hồ sơ này đã hẹn lại một lần", day="16/10/2025", **told)


def test_an_online_filing_is_received_or_refused_with_every_reason(town):
    taken = online(town)

    assert do(browser(town, "lan"), taken, "tiep-nhan").status_code == 302
    taken.refresh_from_db()
    assert taken.status == Status.RECEIVED
    assert taken.code

    Dossier.objects.filter(pk=taken.pk).update(submission_code="TS-BBBB-2222")
    sent_back = online(town)
    refused(town, "lan", sent_back, "tu-choi", "“Các lý do, mỗi lý do một dòng”", reasons="")
    assert do(browser(town, "lan"), sent_back, "tu-choi", reasons="Thiếu chữ ký\nSai nơi nộp").status_code == 302
    sent_back.refresh_from_db()
    assert sent_back.status == Status.REFUSED_INTAKE
    assert "– Sai nơi nộp" in said(browser(town, "lan").get(case_url(sent_back)))


def test_the_owner_may_take_a_dossier_back_until_it_is_signed(town):
    dossier, signed = receive(town), forward_to(town, receive(town), "vao-so", at=MONDAY)

    page = said(browser(town, "lan").get(act_url(dossier, "rut")))
    assert "Không mở lại được" in page
    assert do(browser(town, "lan"), dossier, "rut", reason="Đổi ý").status_code == 302
    refused(town, "lan", signed, "rut", "Hồ sơ đã có kết quả nên không rút được nữa")
    dossier.refresh_from_db()
    assert dossier.status == Status.WITHDRAWN


def test_stopping_is_for_those_who_lead(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)

    assert "Dừng giải quyết" not in said(browser(town, "toan").get(case_url(dossier)))
    assert do(browser(town, "toan"), dossier, "dung", reason="Không đủ điều kiện").status_code == 403
    refused(town, "viet", dossier, "dung", "“Lý do”")
    assert do(browser(town, "viet"), dossier, "dung", reason="Không đủ điều kiện").status_code == 302
    dossier.refresh_from_db()
    assert dossier.status == Status.STOPPED


def test_a_result_is_handed_to_someone_with_a_name(town):
    dossier = resolve(town, receive(town), at=MONDAY)

    assert 'value="Hoàng Văn Minh"' in browser(town, "lan").get(act_url(dossier, "tra-ket-qua")).content.decode()
    assert "Còn khoản chưa thu" in said(browser(town, "lan").get(act_url(dossier, "tra-ket-qua")))
    refused(town, "lan", dossier, "tra-ket-qua", "“Người nhận kết quả”", handed_to=" ")
    assert do(browser(town, "lan"), dossier, "tra-ket-qua", handed_to="Hoàng Thị Em").status_code == 302
    assert Result.objects.get(dossier=dossier).handed_to == "Hoàng Thị Em"


@pytest.mark.parametrize("key", ["khong-co", "tra-lai", "tiep-nhan"])
def test_what_cannot_be_done_now_has_no_page(town, key):
    dossier = receive(town)

    answer = browser(town, "lan").get(act_url(dossier, key))

    assert answer.status_code == (404 if key == "khong-co" else 302)


def test_the_people_of_the_steps_own_office_come_first(town):
    make_officer(town.city, town.city.river, "economy_office", "an", "Chuyên viên", ["process dossiers"])
    dossier = forward_to(town, receive(town), "phan-cong", at=MONDAY)

    choices = browser(town, "viet").get(act_url(dossier, "chuyen")).content.decode()

    names = [choices.index(name) for name in ("Lê Thị Tâm, Chuyên viên", "Nguyễn Văn Toàn, Chuyên viên", "An, Chuyên viên")]
    assert names == sorted(names)


def test_the_page_allows_as_many_supplement_requests_as_the_dated_setting(town):
    Setting.objects.create(key="supplement_requests", value=2, valid_from=date(2025, 7, 1), basis="Thử nghiệm")
    forget_all()
    dossier, seen = receive(town), []
    for _ in range(2):
        seen.append(why_no_supplement(town, dossier))
        actions.request_supplement(dossier.pk, items=["Bản chính"], actor=town.actor("lan"), at=MONDAY)
        actions.complete_supplement(dossier.pk, papers=(), answer="x", actor=town.actor("lan"), at=MONDAY)
    assert seen == ["", ""]
    assert why_no_supplement(town, dossier).startswith("Đã yêu cầu bổ sung 2 lần, 06/10/2025.")


def why_no_supplement(town, dossier) -> str:
    page = cases.case_page(Dossier.objects.get(pk=dossier.pk), now=MONDAY)
    return next(one.because for one in cases.next_actions(page, actor=town.actor("lan")) if one.key == "bo-sung")


def test_a_signer_is_not_offered_the_apology_that_the_reviewer_makes(town):
    dossier = receive(town)
    address = act_url(dossier, "hen-lai")

    assert address not in browser(town, "hanh").get(case_url(dossier)).content.decode()
    assert address in browser(town, "viet").get(case_url(dossier)).content.decode()
