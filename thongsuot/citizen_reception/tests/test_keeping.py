"""Names are forgotten, signed minutes are a record: kept out of reach for a time of their own, and gone at its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thongsuot.citizen_reception import actions, tasks
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.models import OnlineSession, ReceptionSetting, SessionParty
from thongsuot.citizen_reception.queries.keeping import minutes_to_dispose
from thongsuot.citizen_reception.tests.make import HOUSE, MONDAY, STARTS
from thongsuot.citizen_reception.tests.test_sessions import PIN, over, with_certificate
from thongsuot.files.models import StoredFile
from thongsuot.files.tests.make import pdf
from thongsuot.kernel import clock as clocks
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.remember import forget_all
from thongsuot.notices.models import Notice
from thongsuot.people.models import LookUp
from thongsuot.people.tests.make import browser_of
from thongsuot.signing import actions as signing
from thongsuot.signing.errors import CannotSign
from thongsuot.signing.models import Signature
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
NAMES, RECORDS = 400, 800  # days
FORGOTTEN, OVER = (STARTS + timedelta(days=days + 1) for days in (NAMES, RECORDS))


def put(key, value):
    ReceptionSetting.objects.filter(key=key).update(value=value)
    forget_all()


@pytest.fixture
def rules_of_days(office):
    put("forget_days", NAMES)
    put("minutes_keep_days", RECORDS)


@pytest.fixture
def signed(office, rules_of_days) -> OnlineSession:
    """By Hạnh, with her certificate."""
    session = over(office)
    signing.make_authority(actor=HOUSE, at=MONDAY)
    with_certificate(office, "hanh", "people_committee", "Phó Chủ tịch")
    return actions.sign_minutes(session.pk, pin=PIN, actor=office.actor("hanh", STARTS), at=STARTS)


@pytest.fixture
def by_hand(office, rules_of_days) -> OnlineSession:
    return actions.keep_paper(over(office).pk, pdf(), file_name="ky.pdf", actor=office.actor("viet", STARTS), at=STARTS)


def at(monkeypatch, clock, now):
    monkeypatch.setattr(clocks, "now", lambda: now)
    clock.now = now
    tasks.forget_people(0)
    tasks.dispose_minutes(0)


def page(session):
    return f"/can-bo/tiep-dan/truc-tuyen/{session.pk}/"


def files() -> set[int]:
    return set(StoredFile.objects.values_list("pk", flat=True))


def test_with_the_names_go_all_files_but_the_signed_minutes_which_are_nobodys_own(office, signed, monkeypatch, clock):
    kept = signed.minutes_file_id
    assert len(files()) > 3
    at(monkeypatch, clock, FORGOTTEN)

    signed.refresh_from_db()
    assert (signed.minutes_file_id, signed.minutes_words) == (kept, "")
    assert files() == {kept}
    assert StoredFile.objects.get().uploaded_by is None
    assert list(Signature.objects.values_list("source", "signed")) == [(None, kept)]
    assert not SessionParty.objects.exclude(name="").exists()


def test_then_only_who_leads_opens_them_for_a_reason_and_the_page_says_so(office, signed, monkeypatch, clock):
    address = f"{page(signed)}tep/{signed.minutes_file_id}/"
    at(monkeypatch, clock, FORGOTTEN)
    viet, hanh = browser_of(office.people["viet"]), browser_of(office.people["hanh"])
    until = f"{STARTS + timedelta(days=RECORDS):%d/%m/%Y}"

    for browser, leads in ((viet, False), (hanh, True)):
        shown = browser.get(page(signed))
        assert f"Biên bản đã ký được lưu đến {until}" in said(shown)
        assert "TT 10/2022/TT-BNV" in said(shown)
        assert "đã xóa" in said(shown)
        assert (address in shown.text) is leads
        assert "Ghi quyết định hủy" not in said(shown)
    for method in (viet.get, viet.post):
        refused = method(address)
        assert (refused.status_code, "Hãy hỏi người đứng đầu đơn vị" in said(refused)) == (403, True)
    with pytest.raises(errors.MinutesAreKept):
        actions.open_session(signed.pk, fields=["files"], reason="Xem", actor=office.actor("viet", FORGOTTEN), at=FORGOTTEN)

    asked = hanh.get(address)
    assert "Lý do xem" in said(asked)
    assert hanh.post(address, {"reason": " "}).status_code == 422
    assert not LookUp.objects.exists()
    assert b"/ByteRange" in b"".join(hanh.post(address, {"reason": "Tòa án yêu cầu"}).streaming_content)
    assert LookUp.objects.get().reason == "Tòa án yêu cầu"


def test_at_the_end_of_their_own_time_they_go_by_a_signed_decision(office, signed, monkeypatch, clock):
    hanh, viet = office.actor("hanh", OVER), office.actor("viet", OVER)
    at(monkeypatch, clock, FORGOTTEN)
    with pytest.raises(errors.MinutesStillKept):
        actions.dispose_minutes(signed.pk, decision="12/QĐ-UBND", actor=hanh, at=FORGOTTEN)
    at(monkeypatch, clock, OVER)
    at(monkeypatch, clock, OVER + timedelta(days=1))
    (letter,) = Notice.objects.filter(body__contains="chờ quyết định hủy")
    assert letter.email == "hanh@vidu.vn"

    with pytest.raises(NotYourDuty):
        actions.dispose_minutes(signed.pk, decision="12/QĐ-UBND", actor=viet, at=OVER)
    for wrong in ("", "Quyết định", "1" * 61):
        with pytest.raises(BadInput):
            actions.dispose_minutes(signed.pk, decision=wrong, actor=hanh, at=OVER)
    assert "Ghi quyết định hủy" not in said(browser_of(office.people["viet"]).get(page(signed)))
    browser = browser_of(office.people["hanh"])
    assert "đã hết thời hạn bảo quản" in said(browser.get(page(signed)))
    posted = {"viec": "huy-bien-ban", "decision": "12/QĐ-UBND"}
    done = said(browser.post(page(signed), posted, follow=True))

    assert "Quyết định hủy: 12/QĐ-UBND." in done
    assert not files()
    line = Signature.objects.get()
    assert (line.source_id, line.signed_id, line.name) == (None, None, "Trần Thị Hanh")
    with pytest.raises(errors.NothingToDispose):
        actions.dispose_minutes(signed.pk, decision="12/QĐ-UBND", actor=hanh, at=OVER)


def test_where_the_rule_asks_for_no_decision_they_go_by_themselves_that_night(office, by_hand, monkeypatch, clock):
    put("disposal_decision_needed", 0)
    at(monkeypatch, clock, FORGOTTEN)
    by_hand.refresh_from_db()
    assert files() == {by_hand.minutes_paper_id}, "the scan is the record, the draft it was printed from is none"
    assert by_hand.minutes_file_id is None

    at(monkeypatch, clock, OVER)
    tasks.dispose_minutes(0)

    assert not files()
    assert "Hết thời hạn bảo quản." in said(browser_of(office.people["viet"]).get(page(by_hand)))
    assert not Notice.objects.filter(body__contains="chờ quyết định hủy").exists()


def test_records_whose_time_is_shorter_than_that_of_names_go_first(office, by_hand, monkeypatch, clock):
    put("minutes_keep_days", NAMES - 30)
    put("disposal_decision_needed", 0)
    at(monkeypatch, clock, STARTS + timedelta(days=NAMES - 20))
    by_hand.refresh_from_db()
    assert (by_hand.minutes_file_id, by_hand.minutes_paper_id) == (None, None)
    assert SessionParty.objects.exclude(name="").exists()


def test_what_was_never_signed_goes_with_the_names_and_is_not_written_again(office, rules_of_days, monkeypatch, clock):
    session = over(office)
    at(monkeypatch, clock, FORGOTTEN)

    session.refresh_from_db()
    assert (session.minutes_file_id, session.minutes_words, files()) == (None, "", set())
    viet = office.actor("viet", FORGOTTEN)
    with pytest.raises(errors.SessionForgotten):
        actions.draft_minutes(session.pk, words="Lại", actor=viet, at=FORGOTTEN)
    shown = said(browser_of(office.people["viet"]).get(page(session)))
    assert "Biên bản chưa ký, nếu có, đã xóa" in shown
    assert "Lập biên bản" not in shown
    assert minutes_to_dispose(at=OVER) == []


def test_a_wrong_pin_leaves_no_paper_behind(office, rules_of_days):
    session = over(office)
    signing.make_authority(actor=HOUSE, at=MONDAY)
    with_certificate(office, "hanh", "people_committee", "Phó Chủ tịch")
    before = files()
    with pytest.raises(CannotSign):
        actions.sign_minutes(session.pk, pin="000000", actor=office.actor("hanh", STARTS), at=STARTS)
    assert files() == before


def test_nothing_there_is_to_dispose_of_is_refused(office):
    with pytest.raises(NotFound):
        actions.dispose_minutes(999_999, decision="1", actor=HOUSE, at=MONDAY)
