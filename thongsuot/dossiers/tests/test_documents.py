"""Printed forms of a dossier: what they say, by which form of which day, and who may open them."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from thongsuot.dossiers import actions, documents
from thongsuot.dossiers.models import Dossier, Status, StepRun
from thongsuot.dossiers.printing.facts import Meaning
from thongsuot.dossiers.tests.desk import browser
from thongsuot.dossiers.tests.make import MONDAY, forward_to, minh, receive
from thongsuot.dossiers.views import proof
from thongsuot.kernel.errors import NotFound
from thongsuot.people.models import LookUp
from thongsuot.people.tests.make import logged_in, make_citizen

pytestmark = pytest.mark.usefixtures("clock")


def text_of(pdf: bytes) -> str:
    pages = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", pages)


def printed(dossier, meaning: Meaning) -> str:
    dossier.refresh_from_db()
    return text_of(documents.document(dossier, meaning).pdf)


def address(dossier, meaning) -> str:
    return reverse("dossiers:document", args=[dossier.pk, meaning])


def test_a_receipt_says_what_was_handed_in_and_promised(town):
    dossier = receive(town)

    words = printed(dossier, Meaning.RECEIPT)

    for expected in (
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        dossier.code,
        "09:00 06/10/2025",
        "17:00 13/10/2025",
        "Hoàng Văn Minh",
        "001412345678",
        "Cấp giấy thử nghiệm",
        "9.000001",
        "Giấy chứng nhận",
        "16.000 đồng",
        "Nguyễn Thị Lan",
        "Mẫu số 01, Thông tư 03/2025/TT-VPCP",
        "PHƯỜNG SÔNG",
    ):
        assert expected in words, expected


def test_a_receipt_keeps_the_due_date_it_promised(town):
    dossier = receive(town)
    before = documents.document(dossier, Meaning.RECEIPT).pdf
    actions.request_supplement(dossier.pk, items=["Thiếu chữ ký"], actor=town.actor("lan"), at=MONDAY + timedelta(hours=1))
    actions.complete_supplement(dossier.pk, papers=[], answer="đã ký", actor=town.actor("lan"), at=MONDAY + timedelta(days=3))
    dossier.refresh_from_db()

    assert documents.document(dossier, Meaning.RECEIPT).pdf == before
    assert dossier.due_at.date() != (MONDAY + timedelta(days=7)).date()


def test_a_supplement_slip_lists_every_point(town):
    dossier = receive(town)
    actions.request_supplement(
        dossier.pk, items=["Chữ ký ở trang 2", "Ảnh 4x6"], reason="Mang đến quầy 2", actor=town.actor("lan"), at=MONDAY
    )

    words = printed(dossier, Meaning.SUPPLEMENT)

    for expected in ("Chữ ký ở trang 2", "Ảnh 4x6", "Mang đến quầy 2", "01/TTPVHCC", "Nguyễn Thị Lan"):
        assert expected in words, expected


def test_a_refusal_lists_every_reason(town):
    dossier = receive(town)
    Dossier.objects.filter(pk=dossier.pk).update(
        status=Status.REGISTERED,
        code=None,
        submission_code="TS-AAAA-2222",
        received_at=None,
        due_at=None,
        submitted_at=MONDAY,
        answer_due_at=MONDAY,
        step_no=None,
        warn_at=None,
    )
    StepRun.objects.filter(dossier=dossier).delete()
    actions.refuse_submission(dossier.pk, reasons=["Sai nơi nộp", "Thiếu chữ ký"], actor=town.actor("lan"), at=MONDAY)

    words = printed(dossier, Meaning.REFUSAL)

    for expected in ("Sai nơi nộp", "Thiếu chữ ký", "TS-AAAA-2222", "Mẫu số 03", "01/TTPVHCC"):
        assert expected in words, expected


def test_an_apology_names_the_old_day_and_the_new(town):
    dossier = receive(town)
    new = dossier.due_at + timedelta(days=2)
    actions.reappoint(dossier.pk, new_at=new, reason="chờ xác minh nơi cư trú", actor=town.actor("lan"), at=MONDAY)

    words = printed(dossier, Meaning.APOLOGY)

    for expected in ("17:00 13/10/2025", "17:00 15/10/2025", "chờ xác minh nơi cư trú"):
        assert expected in words, expected


def test_a_control_slip_has_a_line_for_each_hand_over(town):
    dossier = forward_to(town, receive(town), "ky", at=MONDAY + timedelta(hours=2))

    words = printed(dossier, Meaning.CONTROL_SLIP)

    for expected in ("Tiếp nhận", "Phân công", "Thẩm định", "Soát", "Nguyễn Văn Toàn", "Đặng Quốc Việt", "Phạm Thị Hạnh"):
        assert expected in words, expected


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("withdraw", "Người nộp đổi ý"),
        ("stop", "Không đủ điều kiện"),
    ],
)
def test_a_stop_notice_gives_the_reason(town, act, expected):
    dossier = receive(town)
    if act == "withdraw":
        actions.withdraw(dossier.pk, reason=expected, actor=town.actor("lan"), at=MONDAY)
    else:
        actions.stop(dossier.pk, reason=expected, actor=town.actor("viet"), at=MONDAY)

    words = printed(dossier, Meaning.STOP_NOTICE)

    assert expected in words
    assert "01/TTPVHCC" in words
    assert "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ" in words


def test_a_dossier_of_before_the_new_regulation_keeps_its_forms(town):
    early = receive(town, at=MONDAY - timedelta(days=40))

    assert "Mẫu số 01, Thông tư 01/2018/TT-VPCP" in printed(early, Meaning.RECEIPT)


def test_what_has_not_happened_cannot_be_printed(town):
    dossier = receive(town)

    assert {one.meaning for one in documents.printables(dossier)} == {Meaning.RECEIPT, Meaning.CONTROL_SLIP}
    for meaning in (
        Meaning.SUPPLEMENT,
        Meaning.REFUSAL,
        Meaning.APOLOGY,
        Meaning.STOP_NOTICE,
        Meaning.SUBMISSION_SLIP,
        Meaning.LOGBOOK,
    ):
        with pytest.raises(NotFound):
            documents.document(dossier, meaning)


def test_a_stop_notice_speaks_of_the_time_to_supplement_only_once_it_is_over(town):
    unsaid = "Đến hết thời gian chờ, hồ sơ chưa được bổ sung đủ"
    told = []
    for waited in (timedelta(days=1), timedelta(days=90)):
        dossier = receive(town)
        actions.request_supplement(dossier.pk, items=["Bản chính"], actor=town.actor("lan"), at=MONDAY)
        viet = town.actor("viet", MONDAY + waited)
        actions.stop(dossier.pk, reason="Không đủ điều kiện", actor=viet, at=MONDAY + waited)
        told.append(unsaid in printed(dossier, Meaning.STOP_NOTICE))
    assert told == [False, True]


def test_names_are_printed_as_text_whatever_they_hold(town):
    dossier = receive(town, owner=minh(name='#import "x.typ" $sum$ *Minh*'))

    assert '#import "x.typ" $sum$ *Minh*' in printed(dossier, Meaning.RECEIPT)


def test_the_officers_of_the_dossier_open_its_documents_and_leave_a_trace(town):
    dossier = receive(town)

    answer = browser(town, "toan").get(address(dossier, "receipt"))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert LookUp.objects.filter(subject_id=dossier.pk).count() == 1
    shown = browser(town, "toan").get(address(dossier, "receipt") + "?xem=1")
    assert shown["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in shown["Content-Security-Policy"]


def test_strangers_citizens_and_other_units_find_nothing(town):
    dossier = receive(town)

    for client in (Client(), logged_in(make_citizen()), browser(town, "doi")):
        assert client.get(address(dossier, "receipt")).status_code == 404
        assert client.get(address(dossier, "control_slip")).status_code == 404
        assert client.get(address(dossier, "khong-co")).status_code == 404
    assert not LookUp.objects.exists()


def proved(dossier, at) -> Client:
    client = Client()
    session = client.session
    session[proof.SESSION_KEY] = {str(dossier.pk): at.isoformat()}
    session.save()
    return client


def test_the_proven_owner_opens_all_but_the_control_slip(town, clock):
    dossier, other = receive(town), receive(town)
    owner = proved(dossier, MONDAY)

    assert owner.get(address(dossier, "receipt")).status_code == 200
    assert owner.get(address(dossier, "control_slip")).status_code == 404
    assert owner.get(address(other, "receipt")).status_code == 404
    assert not LookUp.objects.exists()  # looking at one's own leaves no trace
    clock.now += timedelta(hours=3)
    assert owner.get(address(dossier, "receipt")).status_code == 404


def test_the_account_that_filed_is_the_owner(town):
    person = make_citizen()
    dossier = receive(town, account_id=person.pk)

    assert logged_in(person).get(address(dossier, "receipt")).status_code == 200
    assert logged_in(make_citizen()).get(address(dossier, "receipt")).status_code == 404
