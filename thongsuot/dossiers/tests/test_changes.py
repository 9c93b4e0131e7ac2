"""Correcting, replacing and revoking a result; the register that shows both; what the owner sees."""

from __future__ import annotations

import html
import io
from datetime import timedelta
from threading import Barrier, Thread

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from thongsuot.dossiers import actions, conversion
from thongsuot.dossiers.actions.changing import ChangeAlreadyOpen, ChangeElsewhere, ResultRevoked
from thongsuot.dossiers.actions.errors import MoveNotAllowed
from thongsuot.dossiers.models import Dossier, Result, ResultChange
from thongsuot.dossiers.queries.result_register import gaps, register_count, register_rows
from thongsuot.dossiers.tests.desk import browser, case_url
from thongsuot.dossiers.tests.make import MONDAY, Town, a_file, make_town, receive
from thongsuot.dossiers.tests.papers import PIN, SEAL_PIN, a_pdf, in_store, react_to, resolved, with_certificates
from thongsuot.files.actions import store
from thongsuot.files.queries import open_checked
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.notices.models import Notice
from thongsuot.numbering.actions import cancel_number, draw
from thongsuot.numbering.models import Series
from thongsuot.personal_store.models import StoredPaper
from thongsuot.signing.actions.signing import TEMPLATE_FIELDS
from thongsuot.signing.appearance import Place
from thongsuot.signing.errors import AgencyBeforePerson, WrongPin
from thongsuot.signing.models import Proof
from thongsuot.signing.pades import stamped
from thongsuot.signing.proofs import code_as_shown
from thongsuot.signing.validation import validate
from thongsuot.web.tests.words import said

LATER = MONDAY + timedelta(days=2)


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.PUBLIC_URL = "https://vidu.vn"


def opened(town: Town, dossier: Dossier, kind: str = "correction") -> ResultChange:
    return actions.open_change(
        dossier.pk, kind=kind, reason="Sai ngày sinh", basis="Đơn ngày 07/10/2025", actor=town.actor("toan"), at=LATER
    )


def to_issuing(town: Town, change: ResultChange, *, pin: str = "") -> ResultChange:
    file = a_pdf(LATER, by=town.actor("toan"))
    actions.draft_change(change.pk, title="Văn bản đính chính", file_id=file, actor=town.actor("toan"), at=LATER)
    actions.review_change(change.pk, approve=True, actor=town.actor("viet"), at=LATER)
    return actions.sign_change(change.pk, pin=pin, actor=town.actor("hanh"), at=LATER)


def changed(town: Town, dossier: Dossier, kind: str = "correction") -> ResultChange:
    change = to_issuing(town, opened(town, dossier, kind))
    return actions.issue_change(change.pk, actor=town.actor("thu"), at=LATER)


@pytest.mark.parametrize(
    ("kind", "state", "news"),
    [
        ("correction", "corrected", "đã được đính chính"),
        ("replacement", "replaced", "đã được cấp thay thế"),
        ("revocation", "revoked", "đã bị thu hồi"),
    ],
)
def test_the_register_the_store_and_the_owner_learn_of_a_change(town, kind, state, news):
    dossier = resolved(town)
    change = changed(town, dossier, kind)
    react_to(dossier)

    old, new = register_rows([town.river], year=2025)
    assert (old.number, old.state, old.changed_by, old.reason) == ("01", state, "02", "Sai ngày sinh")
    assert (new.number, new.kind, new.state, new.changes) == ("02", kind, "valid", "01")
    before = StoredPaper.objects.get(source=f"dossiers.result/{change.result_id}")
    after = StoredPaper.objects.get(source=f"dossiers.resultchange/{change.pk}")
    assert (before.state, before.replaced_by_id, after.state) == (state, after.pk, "valid")
    letter = Notice.objects.get(key="result_changed")
    assert news in letter.body
    assert "Sai ngày sinh" in letter.body
    assert Notice.objects.filter(key="result_changed").count() == 1


def test_a_change_of_a_change_speaks_of_the_paper_that_holds(town):
    dossier = resolved(town)
    first = changed(town, dossier, "replacement")
    second = changed(town, dossier, "correction")

    assert second.follows_id == first.pk
    rows = {row.number: row for row in register_rows([town.river], year=2025)}
    assert (rows["01"].state, rows["02"].state, rows["03"].state) == ("replaced", "corrected", "valid")
    assert (rows["02"].changes, rows["03"].changes) == ("01", "02")


def test_what_was_revoked_is_changed_no_more(town):
    dossier = resolved(town)
    changed(town, dossier, "revocation")

    with pytest.raises(ResultRevoked):
        opened(town, dossier)


def test_a_result_is_changed_only_once_it_is_issued_and_by_who_resolves_it(town):
    early, dossier = receive(town), resolved(town)

    with pytest.raises(MoveNotAllowed):
        opened(town, early)
    for name in ("lan", "doi", "hanh"):
        with pytest.raises(NotYourDuty):
            actions.open_change(dossier.pk, kind="correction", reason="x", basis="y", actor=town.actor(name), at=LATER)
    with pytest.raises(BadInput) as refusal:
        actions.open_change(dossier.pk, kind="other", reason=" ", basis="", actor=town.actor("toan"), at=LATER)
    assert set(refusal.value.problems) == {"kind", "reason", "basis"}
    assert not ResultChange.objects.exists()


def test_a_file_that_another_stored_is_not_the_new_paper(town):
    change = opened(town, resolved(town))
    with pytest.raises(BadInput):
        actions.draft_change(
            change.pk, title="Đính chính", file_id=a_file(by=town.actor("lan")), actor=town.actor("toan"), at=LATER
        )
    change.refresh_from_db()
    assert (change.state, change.file_id) == ("drafting", None)


def test_each_step_is_done_by_its_duty_in_its_order(town):
    change = opened(town, resolved(town))
    file = a_file(by=town.actor("toan"))
    steps = {
        "toan": lambda actor: actions.draft_change(change.pk, title="Đính chính", file_id=file, actor=actor, at=LATER),
        "viet": lambda actor: actions.review_change(change.pk, approve=True, actor=actor, at=LATER),
        "hanh": lambda actor: actions.sign_change(change.pk, actor=actor, at=LATER),
        "thu": lambda actor: actions.issue_change(change.pk, actor=actor, at=LATER),
        "lan": lambda actor: actions.hand_back_change(change.pk, handed_to="Minh", actor=actor, at=LATER),
    }
    for place, (name, step) in enumerate(steps.items()):
        for later in list(steps)[place + 1 :]:
            with pytest.raises(ChangeElsewhere):
                steps[later](town.actor(later))
        for other in set(steps) - {name}:
            with pytest.raises(NotYourDuty):
                step(town.actor(other))
        step(town.actor(name))

    change.refresh_from_db()
    assert (change.state, change.number, change.handed_to) == ("returned", "02", "Minh")
    assert (change.by_person, change.by_agency) == (False, False)


def test_a_draft_goes_back_with_a_reason_and_comes_again(town):
    change = opened(town, resolved(town))
    toan, viet, hanh = (town.actor(name) for name in ("toan", "viet", "hanh"))
    actions.draft_change(change.pk, title="Đính chính", file_id=a_file(by=toan), actor=toan, at=LATER)

    with pytest.raises(BadInput):
        actions.review_change(change.pk, approve=False, actor=viet, at=LATER)
    actions.review_change(change.pk, approve=False, reason="Thiếu căn cứ", actor=viet, at=LATER)
    change.refresh_from_db()
    assert (change.state, change.returned_reason) == ("drafting", "Thiếu căn cứ")

    actions.draft_change(change.pk, title="Đính chính", file_id=a_file(by=toan), actor=toan, at=LATER)
    actions.review_change(change.pk, approve=True, actor=viet, at=LATER)
    actions.refuse_to_sign(change.pk, reason="Sai tên", actor=hanh, at=LATER)
    change.refresh_from_db()
    assert change.state == "drafting"


def test_a_change_given_up_leaves_the_result_as_it_was(town):
    dossier = resolved(town)
    change = to_issuing(town, opened(town, dossier))

    actions.drop_change(change.pk, reason="Không sai", actor=town.actor("toan"), at=LATER)

    assert [row.state for row in register_rows([town.river], year=2025)] == ["valid"]
    with pytest.raises(ChangeElsewhere):
        actions.issue_change(change.pk, actor=town.actor("thu"), at=LATER)
    opened(town, dossier)  # and another may be opened


def test_of_two_who_open_at_once_one_wins(transactional_db):
    town = make_town()
    dossier, both, said_of = resolved(town), Barrier(2), []
    actor = town.actor("toan")

    def ask(kind: str) -> None:
        both.wait()
        try:
            actions.open_change(dossier.pk, kind=kind, reason="x", basis="y", actor=actor, at=LATER)
            said_of.append("open")
        except ChangeAlreadyOpen:
            said_of.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=ask, args=(kind,)) for kind in ("correction", "revocation")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said_of) == ["open", "refused"]
    assert ResultChange.objects.count() == 1


# -- signed -------------------------------------------------------------------------------------------------------------


def test_a_change_is_signed_by_person_and_agency_and_proved(town):
    dossier = resolved(town)
    with_certificates(town)
    change = to_issuing(town, opened(town, dossier, "replacement"), pin=PIN)
    change = actions.issue_change(change.pk, pin=SEAL_PIN, actor=town.actor("thu"), at=LATER)
    react_to(dossier)

    assert (change.by_person, change.by_agency) == (True, True)
    with open_checked(change.file_id) as content:
        report = validate(content.read())
    assert len(report.signatures) == 2
    proof = Proof.objects.get(code=change.proof_code)
    assert (proof.file_id, proof.number, proof.state) == (change.file_id, "02", Proof.State.VALID)
    assert in_store(dossier).signature == "both"

    second = to_issuing(town, opened(town, dossier, "revocation"))
    actions.issue_change(second.pk, actor=town.actor("thu"), at=LATER)
    proof.refresh_from_db()
    assert proof.state == Proof.State.REVOKED


def proof_states(*changes: ResultChange) -> list[str]:
    states = dict(Proof.objects.values_list("code", "state"))
    return [states[change.proof_code] for change in changes]


def test_a_correction_leaves_the_paper_before_holding_until_it_is_replaced(town):
    """Replaced or revoked later, what was only corrected ends with its correction."""
    dossier = resolved(town)
    first = changed(town, dossier, "replacement")
    second = changed(town, dossier, "correction")
    third = changed(town, dossier, "correction")

    assert proof_states(first, second, third) == ["corrected", "corrected", "valid"]
    fourth = changed(town, dossier, "replacement")

    assert proof_states(first, second, third, fourth) == ["replaced", "replaced", "replaced", "valid"]
    assert {one.replaced_by for one in Proof.objects.filter(state="replaced")} == {fourth.proof_code}


def test_the_public_page_of_a_change_names_nobody(town, client):
    """What the officer typed as the title stays inside; the page says what kind of change of what kind of paper."""
    dossier = resolved(town)
    first = changed(town, dossier, "replacement")
    change = opened(town, dossier)
    title = "Đính chính: Giấy xác nhận của Nguyễn Văn A"
    actions.draft_change(
        change.pk, title=title, file_id=a_pdf(LATER, by=town.actor("toan")), actor=town.actor("toan"), at=LATER
    )
    actions.review_change(change.pk, approve=True, actor=town.actor("viet"), at=LATER)
    actions.sign_change(change.pk, actor=town.actor("hanh"), at=LATER)
    with translation.override("en"):
        change = actions.issue_change(change.pk, actor=town.actor("thu"), at=LATER)

    page = said(client.get(reverse("signing:proof", args=[change.proof_code])))
    before = said(client.get(reverse("signing:proof", args=[first.proof_code])))
    by_program = client.get(f"/api/v1/proofs/{change.proof_code}").content.decode()

    assert "Nguyễn Văn A" not in page + by_program
    assert Proof.objects.get(code=change.proof_code).title.startswith("Đính chính: ")
    assert "Giấy tờ còn giá trị" in before
    assert "Xem bản đính chính" in before


def test_a_template_with_places_for_number_and_date_gets_them_on_a_changed_paper_too(town):
    dossier = resolved(town)
    with_certificates(town)
    places = {
        name: Place(page=0, x=60, y=700 - 20 * at, width=200, height=15) for at, name in enumerate(sorted(TEMPLATE_FIELDS))
    }
    with open_checked(a_pdf(LATER)) as content:
        template = stamped(content.read(), stamps=[], text_fields=places)
    file = store(template, name="mau.pdf", actor=town.actor("toan"), at=LATER, purpose="dossiers.paper")
    change = opened(town, dossier, "replacement")
    actions.draft_change(change.pk, title="x", file_id=file.pk, actor=town.actor("toan"), at=LATER)
    actions.review_change(change.pk, approve=True, actor=town.actor("viet"), at=LATER)
    actions.sign_change(change.pk, pin=PIN, actor=town.actor("hanh"), at=LATER)

    change = actions.issue_change(change.pk, pin=SEAL_PIN, actor=town.actor("thu"), at=LATER)

    with open_checked(change.file_id) as content:
        fields = PdfReader(io.BytesIO(content.read())).get_fields()
    assert (fields["so_ky_hieu"].value, fields["ngay_ban_hanh"].value) == ("02", "08/10/2025")


def test_the_code_on_the_paper_is_the_one_that_is_proved_after_a_fall(town, monkeypatch):
    dossier = resolved(town)
    with_certificates(town)
    change = opened(town, dossier)
    actions.draft_change(change.pk, title="x", file_id=a_pdf(LATER, by=town.actor("toan")), actor=town.actor("toan"), at=LATER)
    actions.review_change(change.pk, approve=True, actor=town.actor("viet"), at=LATER)

    def falls(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("thongsuot.dossiers.actions.changing._keep_signed", falls)
        with pytest.raises(KeyboardInterrupt):
            actions.sign_change(change.pk, pin=PIN, actor=town.actor("hanh"), at=LATER)

    change = actions.sign_change(change.pk, pin=PIN, actor=town.actor("hanh"), at=LATER)

    assert change.proof_code
    with open_checked(change.file_id) as content:
        words = PdfReader(io.BytesIO(content.read())).pages[0].extract_text()
    assert code_as_shown(change.proof_code) in words


def test_with_a_wrong_pin_no_number_is_drawn(town):
    dossier = resolved(town)
    with_certificates(town)
    unsigned = to_issuing(town, opened(town, dossier))
    thu = town.actor("thu")
    with pytest.raises(AgencyBeforePerson):
        actions.issue_change(unsigned.pk, pin=SEAL_PIN, actor=thu, at=LATER)
    actions.drop_change(unsigned.pk, reason="x", actor=town.actor("toan"), at=LATER)
    signed = to_issuing(town, opened(town, dossier), pin=PIN)

    with pytest.raises(WrongPin):
        actions.issue_change(signed.pk, pin="000000", actor=thu, at=LATER)

    signed.refresh_from_db()
    assert (signed.state, signed.number) == ("issuing", "")
    assert Series.objects.get(kind="result").last == 1


def test_a_signature_missing_after_a_fall_is_put_on_by_the_same_call(town, monkeypatch):
    dossier = resolved(town)
    with_certificates(town)
    change = to_issuing(town, opened(town, dossier), pin=PIN)
    thu = town.actor("thu")

    def falls(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("thongsuot.dossiers.actions.sealing.by_agency", falls)
        with pytest.raises(KeyboardInterrupt):
            actions.issue_change(change.pk, pin=SEAL_PIN, actor=thu, at=LATER)
    change.refresh_from_db()
    assert (change.number, change.by_agency) == ("02", False)
    react_to(dossier)

    actions.issue_change(change.pk, pin=SEAL_PIN, actor=thu, at=LATER)

    change.refresh_from_db()
    assert (change.number, change.by_agency) == ("02", True)
    assert Series.objects.get(kind="result").last == 2
    assert in_store(dossier).file_id == change.file_id


# -- the register -------------------------------------------------------------------------------------------------------


def test_cancelled_numbers_stand_in_the_register_with_their_reason(town):
    resolved(town)
    number, _at = draw("result", unit_id=town.river, bucket="2025", at=MONDAY)
    assert gaps(town.river, year=2025) == [number]
    series = Series.objects.get(kind="result")
    cancel_number(series.pk, number, reason="Đóng nhầm số", actor=town.actor("thu"), at=MONDAY)
    resolved(town)

    rows = register_rows([town.river], year=2025)
    assert [(row.serial, row.state) for row in rows] == [(1, "valid"), (2, "cancelled"), (3, "valid")]
    assert rows[1].reason == "Đóng nhầm số"
    assert gaps(town.river, year=2025) == []


def test_the_register_is_searched_and_bound_to_unit_and_year(town):
    dossier = resolved(town)

    for words in ("thử nghiệm", "1", "01", dossier.code.lower(), "Hạnh", "cấp giấy"):
        assert [row.dossier_id for row in register_rows([town.river], year=2025, words=words)] == [dossier.pk], words
    for words in ("không có", "%", "_"):
        assert register_rows([town.river], year=2025, words=words) == []
    assert register_count([town.hill], year=2025) == 0
    assert register_count([town.river], year=2026) == 0


def test_the_register_on_the_page_as_pdf_and_as_sheet(town, clock, django_assert_max_num_queries):
    dossier = resolved(town)
    changed(town, dossier, "revocation")
    thu = browser(town, "thu")
    address = reverse("dossiers:results")
    thu.get(address)

    with django_assert_max_num_queries(10):
        shown = said(thu.get(address))
    assert "Đã thu hồi bằng văn bản số 02" in shown
    assert "Thu hồi văn bản số 01" in shown
    pdf = thu.get(reverse("dossiers:results_pdf"))
    assert pdf.content.startswith(b"%PDF-")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(thu.get(reverse("dossiers:results_excel")).streaming_content))).active
    assert [cell.value for cell in sheet[2]][1] == "01"
    assert sheet.max_row == 3
    assert "chưa có số nào" in said(browser(town, "doi").get(address))
    assert thu.get(address, {"nam": "1e9"}).status_code == 200


def test_words_looked_for_in_the_register_stay_out_of_its_address(town, clock):
    dossier = resolved(town)
    thu, address = browser(town, "thu"), reverse("dossiers:results")

    for words, found in ((dossier.code, True), ("'%_;--", False)):
        gone_to = thu.post(address, {"don_vi": town.river, "nam": "2025", "q": words})["Location"]
        assert gone_to == f"{address}?don_vi={town.river}&nam=2025"
        page = html.unescape(thu.get(gone_to).content.decode())
        assert (case_url(dossier) in page) is found
        assert words in page
    assert thu.get(reverse("dossiers:results_pdf"), {"nam": "2025"}).status_code == 302  # nothing found, nothing printed
    thu.post(address, {"don_vi": "", "nam": "2025", "bo": "1", "q": "'%_;--"})
    assert case_url(dossier) in thu.get(address, {"nam": "2025"}).content.decode()


# -- pages --------------------------------------------------------------------------------------------------------------


def test_a_change_runs_through_its_pages(town, clock):
    dossier = resolved(town)
    people = {name: browser(town, name) for name in ("toan", "viet", "hanh", "thu", "lan")}
    start = reverse("dossiers:changes", args=[dossier.pk])
    assert start in people["toan"].get(case_url(dossier)).content.decode()
    wrong = people["toan"].post(start, {"kind": "correction", "reason": "", "basis": "Đơn"})
    assert wrong.status_code == 422
    people["toan"].post(start, {"kind": "correction", "reason": "Sai ngày", "basis": "Đơn"})
    change = ResultChange.objects.get()
    page = reverse("dossiers:change", args=[dossier.pk, change.pk])

    from django.core.files.uploadedfile import SimpleUploadedFile

    from thongsuot.dossiers.tests.make import PDF

    for name, data in (
        ("toan", {"viec": "soan", "soan-title": "Đính chính", "soan-file": SimpleUploadedFile("a.pdf", PDF)}),
        ("viet", {"viec": "duyet"}),
        ("hanh", {"viec": "ky", "ky-pin": ""}),
        ("thu", {"viec": "phat-hanh", "phat-hanh-pin": ""}),
        ("lan", {"viec": "giao", "giao-handed_to": "Hoàng Văn Minh"}),
    ):
        assert people[name].get(page).status_code == 200
        response = people[name].post(page, data)
        assert response.status_code == 302, said(response)
    change.refresh_from_db()
    assert change.state == "returned"
    assert "Đính chính, số 02" in said(people["toan"].get(case_url(dossier)))
    assert people["toan"].post(page, {"viec": "soan"}).status_code == 302
    assert browser(town, "doi").get(page).status_code == 404


def test_a_wrong_pin_is_told_beside_the_field_and_never_shown_again(town, clock):
    clock.now = LATER
    dossier = resolved(town)
    with_certificates(town)
    change = opened(town, dossier)
    actions.draft_change(
        change.pk, title="Đính chính", file_id=a_pdf(by=town.actor("toan")), actor=town.actor("toan"), at=LATER
    )
    actions.review_change(change.pk, approve=True, actor=town.actor("viet"), at=LATER)
    page = reverse("dossiers:change", args=[dossier.pk, change.pk])

    response = browser(town, "hanh").post(page, {"viec": "ky", "ky-pin": "987654"})

    assert response.status_code == 422
    assert "987654" not in response.content.decode()
    change.refresh_from_db()
    assert change.state == "signing"


def test_the_owner_reads_the_change_and_downloads_both(town, clock, client):
    dossier = resolved(town)
    change = changed(town, dossier, "correction")
    client.post(reverse("dossiers:track_open", args=[dossier.code]), {"secret": "5678"})

    shown = client.get(reverse("dossiers:tracked", args=[dossier.code]))

    assert "đã được đính chính" in said(shown)
    for address in (
        reverse("dossiers:track_result", args=[dossier.code]),
        reverse("dossiers:track_change", args=[dossier.code, change.pk]),
    ):
        assert client.get(address).headers["Content-Disposition"].startswith("attachment")


def test_an_open_change_shows_nothing_to_the_owner(town, clock, client):
    dossier = resolved(town)
    change = to_issuing(town, opened(town, dossier))
    client.post(reverse("dossiers:track_open", args=[dossier.code]), {"secret": "5678"})

    assert "Sai ngày sinh" not in said(client.get(reverse("dossiers:tracked", args=[dossier.code])))
    assert client.get(reverse("dossiers:track_change", args=[dossier.code, change.pk])).status_code == 404


def test_a_paper_form_carries_the_marks_of_its_conversion(town, clock, client):
    dossier = resolved(town)
    Result.objects.filter(dossier=dossier).update(file=a_pdf())
    client.post(reverse("dossiers:track_open", args=[dossier.code]), {"secret": "5678"})
    address = reverse("dossiers:track_paper_copy", args=[dossier.code])

    made = client.get(address)

    assert made.content.startswith(b"%PDF-")
    original = open_checked(a_pdf()).read()
    assert len(made.content) > len(original)
    by_desk = browser(town, "lan").get(reverse("dossiers:case_paper_copy", args=[dossier.pk]))
    assert by_desk.content.startswith(b"%PDF-")
    changed(town, dossier, "revocation")
    assert client.get(address).status_code == 409


def test_after_a_replacement_that_was_corrected_the_replacement_is_printed_with_a_place_to_sign(town, monkeypatch):
    dossier = resolved(town)
    for kind in ("replacement", "correction"):
        changed(town, dossier, kind)
    printed = []
    monkeypatch.setattr(conversion, "_marked", lambda _original, *, lines, **_rest: printed.append(lines) or b"")

    conversion.of_result(dossier, by="Nguyễn Thị Lan", at=LATER)

    [lines] = printed
    assert lines[1].startswith("Bản điện tử số 02 ")
    assert lines[-1].startswith("Người, cơ quan chuyển đổi ký, đóng dấu")


def test_history_tells_of_a_change_without_naming_anyone(town):
    dossier = resolved(town)
    changed(town, dossier)

    facts = str(list(Event.objects.filter(subject_id=dossier.pk).values_list("facts", flat=True)))
    assert "Sai ngày sinh" not in facts
