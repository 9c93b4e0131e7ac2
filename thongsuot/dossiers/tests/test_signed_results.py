"""A result signed digitally: the leader's signature, the number on the file, the agency's signature, and what undoes them."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from thongsuot.dossiers import actions
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.actions.signing import draw_number
from thongsuot.dossiers.documents import document
from thongsuot.dossiers.models import Dossier, Result, ResultSigning, SigningBatch, SigningBatchItem, Status
from thongsuot.dossiers.printing import Meaning
from thongsuot.dossiers.tests.desk import browser
from thongsuot.dossiers.tests.make import FIVE_DAYS, HOUSE, MONDAY, STEPS, Town, forward_to, make_town, receive
from thongsuot.dossiers.tests.papers import words_by_signatures
from thongsuot.files.actions import store
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.numbering.models import CancelledNumber, Series
from thongsuot.people.actions import delegate_work, end_delegation
from thongsuot.people.models import Delegation
from thongsuot.procedures.tests.make import make_competence, make_procedure
from thongsuot.signing import actions as signing
from thongsuot.signing import errors as refusals
from thongsuot.signing.models import Proof, Signature
from thongsuot.signing.rules import code_as_shown
from thongsuot.signing.tests import make as certificates
from thongsuot.signing.tests.make import PIN, SEAL_PIN, bytes_of, paper
from thongsuot.signing.validation import Verdict, validate

EARLIER = MONDAY - timedelta(days=60)


@pytest.fixture(scope="module")
def begins_with():
    return make_signing_town


def make_signing_town() -> Town:
    """Hạnh and the committee of phường Sông have TEST certificates."""
    town = make_town()
    signing.make_authority(actor=HOUSE, at=EARLIER)
    body = town.city.body(town.city.river, "people_committee").pk
    give = {"actor": HOUSE, "at": EARLIER}
    signing.issue_test_certificate(person_id=town.people["hanh"].pk, body_id=body, post="Phó Chủ tịch", pin=PIN, **give)
    signing.issue_test_certificate(person_id=None, body_id=body, post="", pin=SEAL_PIN, **give)
    return town


def at_signing(town: Town, **asked: object) -> Dossier:
    """At Hạnh's, with a draft that can be signed."""
    dossier = forward_to(town, receive(town, **asked), "tham-dinh", at=MONDAY)
    toan = town.actor("toan")
    file = store(paper(), name="ket-qua.pdf", actor=toan, at=MONDAY, purpose="dossiers.result")
    actions.draft_result(dossier.pk, title="Giấy của ông Minh", file_id=file.pk, actor=toan, at=MONDAY)
    actions.forward(dossier.pk, step_key="tham-dinh", actor=toan, at=MONDAY)
    return actions.forward(dossier.pk, step_key="soat", actor=town.actor("viet"), at=MONDAY)


def sign(town: Town, dossier: Dossier, *, pin: str = PIN, **more: object) -> Dossier:
    return actions.forward_signed(dossier.pk, step_key="ky", pin=pin, actor=town.actor("hanh"), at=MONDAY, **more)


def issue(town: Town, dossier: Dossier, *, pin: str = SEAL_PIN, **more: object) -> Dossier:
    return actions.forward_signed(dossier.pk, step_key="vao-so", pin=pin, actor=town.actor("thu"), at=MONDAY, **more)


def test_the_leader_signs_the_clerk_issues_and_the_file_proves_both(town):
    dossier = at_signing(town)
    draft = Result.objects.get(dossier=dossier).file_id

    sign(town, dossier)
    issue(town, dossier)

    dossier.refresh_from_db()
    result = Result.objects.get(dossier=dossier)
    report = validate(bytes_of(result.file_id), at=MONDAY)
    line = ResultSigning.objects.get(result=result)
    assert dossier.status == Status.RESOLVED
    assert (result.number, result.file_id == draft) == ("01", False)
    assert report.verdict == Verdict.TEST
    assert [(one.kind, one.level, one.held_post) for one in report.signatures] == [
        ("person", "B-LT", True),
        ("agency", "B-LT", None),
    ]
    assert "Phó Chủ tịch" in report.signatures[0].reason
    assert "(TEST)" in PdfReader(BytesIO(bytes_of(result.file_id))).pages[0].extract_text()
    assert (line.signed_how, line.issued_how) == ("digital", "digital")
    assert PdfReader(BytesIO(bytes_of(result.file_id))).get_fields()["so"].value == "Số: 01, ngày 06/10/2025"


def test_the_proof_names_the_kind_of_paper_and_never_what_an_officer_typed(town):
    dossier = at_signing(town)
    sign(town, dossier)
    issue(town, dossier)

    proof = Proof.objects.get()

    result = Result.objects.get(dossier=dossier)
    assert (proof.number, proof.file_id, proof.unit_id) == ("01", result.file_id, town.river)
    assert "Minh" not in proof.title


def test_who_can_sign_digitally_is_asked_for_the_pin_or_a_reason_for_paper(town):
    dossier = at_signing(town)

    with pytest.raises(refusals.PinNeeded):
        sign(town, dossier, pin="")

    assert not Signature.objects.exists()
    sign(town, dossier, pin="", paper_reason="Máy chủ ký số đang bảo trì")
    line = ResultSigning.objects.get()
    assert (line.signed_how, line.paper_reason) == ("paper", "Máy chủ ký số đang bảo trì")
    issue(town, dossier, pin="")  # over a paper there is nothing to sign digitally
    assert Result.objects.get(dossier=dossier).number == "01"


def test_a_revoked_certificate_says_so_and_paper_then_needs_a_reason(town):
    dossier = at_signing(town)
    certificate = town.people["hanh"].certificates.get()
    signing.move_certificate(certificate.pk, to="revoked", reason="mất thiết bị", actor=HOUSE, at=MONDAY)

    for pin in (PIN, ""):
        with pytest.raises(refusals.CertificateRevoked):
            sign(town, dossier, pin=pin)

    dossier.refresh_from_db()
    assert (dossier.status, ResultSigning.objects.count(), Signature.objects.count()) == (Status.PROCESSING, 0, 0)


def test_where_the_setting_says_digital_only_paper_is_refused(town, monkeypatch):
    dossier = at_signing(town)
    monkeypatch.setattr("thongsuot.dossiers.actions.signatures.setting", lambda key, on: 0)

    with pytest.raises(errors.PaperNotAllowed):
        sign(town, dossier, pin="", paper_reason="quen tay")

    assert not ResultSigning.objects.exists()


def test_a_wrong_pin_is_counted_and_nothing_else_changes(town):
    dossier = at_signing(town)

    with pytest.raises(refusals.WrongPin) as refusal:
        sign(town, dossier, pin="999999")

    assert refusal.value.left == 4
    assert Result.objects.get(dossier=dossier).signed_at is None
    assert not Signature.objects.exists()


def test_a_number_drawn_before_a_crash_is_used_by_the_next_try(town):
    first, second = at_signing(town), at_signing(town)
    sign(town, first)
    sign(town, second)
    draw_number(first.pk, step_key="vao-so", actor=town.actor("thu"), at=MONDAY)  # and then the power went

    issue(town, second)
    issue(town, first)

    numbers = dict(Result.objects.values_list("dossier_id", "number"))
    assert (numbers[first.pk], numbers[second.pk]) == ("01", "02")
    assert Signature.objects.count() == 4


def test_with_a_wrong_pin_of_the_agency_no_number_is_drawn(town):
    dossier = at_signing(town)
    sign(town, dossier)

    with pytest.raises(refusals.WrongPin):
        issue(town, dossier, pin="999999")

    assert not Series.objects.filter(kind="result").exists()
    assert ResultSigning.objects.get().number == ""


def test_what_goes_onto_the_paper_is_vietnamese_whatever_language_the_officer_works_in(town):
    dossier = at_signing(town)
    with translation.override("en"):
        sign(town, dossier)
        issue(town, dossier)

    content = bytes_of(Result.objects.get(dossier=dossier).file_id)
    report = validate(content, at=MONDAY)
    reader = PdfReader(BytesIO(content))
    assert [one.reason.split(" ")[0] for one in report.signatures] == ["Ký", "Phát"]
    assert reader.get_fields()["so"].value == "Số: 01, ngày 06/10/2025"
    assert "Mã xác thực" in reader.pages[0].extract_text()


def test_a_signature_made_before_a_crash_is_not_made_again(town):
    dossier = at_signing(town)
    way = actions.signed_way(dossier.pk, step_key="ky", pin=PIN, paper_reason="", actor=town.actor("hanh"), at=MONDAY)

    sign(town, dossier)

    assert Signature.objects.get().pk == way.signature_id


def test_a_returned_step_takes_the_signature_away_and_keeps_the_number(town):
    dossier = at_signing(town)
    draft = Result.objects.get(dossier=dossier).file_id
    sign(town, dossier)
    draw_number(dossier.pk, step_key="vao-so", actor=town.actor("thu"), at=MONDAY)

    thu = town.actor("thu")
    actions.return_step(dossier.pk, step_key="vao-so", to_step="ky", reason="sai tên", actor=thu, at=MONDAY)

    result = Result.objects.get(dossier=dossier)
    assert (result.file_id, result.signed_at) == (draft, None)
    sign(town, dossier)
    issue(town, dossier)
    result.refresh_from_db()
    assert result.number == "01"
    assert Signature.objects.filter(kind="person").count() == 2


def test_a_draft_changed_while_it_was_being_signed_is_not_replaced_by_the_signed_one(town):
    dossier = at_signing(town)
    hanh = town.actor("hanh")
    way = actions.signed_way(dossier.pk, step_key="ky", pin=PIN, paper_reason="", actor=hanh, at=MONDAY)
    other = store(paper() + b"\n", name="khac.pdf", actor=hanh, at=MONDAY)
    actions.draft_result(dossier.pk, title="Khác", file_id=other.pk, actor=hanh, at=MONDAY)

    with pytest.raises(errors.WrongStep):
        actions.forward(dossier.pk, step_key="ky", way=way, actor=hanh, at=MONDAY)

    assert Result.objects.get(dossier=dossier).file_id == other.pk


def test_a_dossier_stopped_after_its_number_was_drawn_leaves_the_number_cancelled_with_the_reason(town):
    dossier = at_signing(town)
    sign(town, dossier)
    draw_number(dossier.pk, step_key="vao-so", actor=town.actor("thu"), at=MONDAY)

    actions.stop(dossier.pk, reason="hồ sơ giả mạo", actor=town.actor("hanh"), at=MONDAY)

    assert [one.number for one in CancelledNumber.objects.all()] == [1]


def test_a_leader_may_sign_on_a_page_of_its_own_even_after_a_try_without(town):
    dossier = at_signing(town)
    with pytest.raises(refusals.WrongPin):
        sign(town, dossier, pin="999999")

    sign(town, dossier, where="new_page")
    issue(town, dossier)

    pages = PdfReader(BytesIO(bytes_of(Result.objects.get(dossier=dossier).file_id))).pages
    assert [len(page.get("/Annots", ())) for page in pages] == [1, 2]  # the number's field; person and seal
    assert validate(bytes_of(Result.objects.get(dossier=dossier).file_id), at=MONDAY).verdict == Verdict.TEST


def test_who_has_not_the_duty_signs_nothing(town):
    dossier = at_signing(town)

    with pytest.raises(NotYourDuty):
        actions.forward_signed(dossier.pk, step_key="ky", pin=PIN, actor=town.actor("viet"), at=MONDAY)

    assert not Signature.objects.exists()


def test_events_hold_no_pin(town):
    dossier = at_signing(town)
    sign(town, dossier)
    issue(town, dossier)

    said = " ".join(str(facts) for facts in Event.objects.values_list("facts", flat=True))

    assert PIN not in said
    assert SEAL_PIN not in said


def test_a_batch_is_signed_in_pieces_with_one_pin_and_one_refusal_stops_nobody(town):
    good, bad, last = at_signing(town), at_signing(town), at_signing(town)
    hanh = town.actor("hanh")
    batch, key = actions.start_batch([(good.pk, "ky"), (bad.pk, "ky"), (last.pk, "ky")], pin=PIN, actor=hanh, at=MONDAY)
    actions.return_step(bad.pk, step_key="ky", to_step="soat", reason="xem lại", actor=hanh, at=MONDAY)

    while actions.sign_piece(batch.pk, key=key, most=1, actor=hanh, now=lambda: MONDAY):
        pass

    states = [(item.dossier_id, item.state) for item in SigningBatchItem.objects.order_by("place")]
    assert states == [(good.pk, "done"), (bad.pk, "refused"), (last.pk, "done")]
    assert Signature.objects.count() == 2
    assert SigningBatch.objects.get().sealed is None


def test_a_batch_opens_only_with_the_key_of_its_cookie_and_only_for_its_leader(town):
    hanh = town.actor("hanh")
    batch, key = actions.start_batch([(at_signing(town).pk, "ky")], pin=PIN, actor=hanh, at=MONDAY)

    with pytest.raises(errors.BatchClosed):
        actions.sign_piece(batch.pk, key=bytes(32), actor=hanh, now=lambda: MONDAY)
    with pytest.raises(NotFound):
        actions.sign_piece(batch.pk, key=key, actor=town.actor("viet"), now=lambda: MONDAY)
    with pytest.raises(errors.BatchClosed):
        actions.sign_piece(batch.pk, key=key, actor=hanh, now=lambda: MONDAY + timedelta(hours=1))

    assert PIN.encode() not in bytes(batch.sealed)
    assert not Signature.objects.exists()
    assert actions.close_abandoned(at=MONDAY) == 0
    assert actions.close_abandoned(at=MONDAY + timedelta(minutes=15)) == 1
    assert SigningBatch.objects.get().sealed is None


def test_a_batch_of_a_rehearsal_is_signed_by_the_rehearsals_clock(town, monkeypatch):
    dossier, hanh = at_signing(town), browser(town, "hanh")
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    started = hanh.post(reverse("dossiers:signing_queue"), {"hs": f"{dossier.pk}.ky", "pin": PIN})

    hanh.post(started.headers["Location"])

    assert SigningBatchItem.objects.get().state == "done"


def test_a_wrong_pin_starts_no_batch(town):
    dossier = at_signing(town)

    with pytest.raises(refusals.WrongPin):
        actions.start_batch([(dossier.pk, "ky")], pin="111222", actor=town.actor("hanh"), at=MONDAY)

    assert not SigningBatch.objects.exists()


def test_a_batch_that_crashed_after_signing_sees_that_it_was_done(town):
    dossier, hanh = at_signing(town), town.actor("hanh")
    batch, key = actions.start_batch([(dossier.pk, "ky")], pin=PIN, actor=hanh, at=MONDAY)
    sign(town, dossier)  # the piece ran, and the power went before it was noted

    actions.sign_piece(batch.pk, key=key, actor=hanh, now=lambda: MONDAY)

    assert SigningBatchItem.objects.get().state == "done"
    assert Signature.objects.count() == 1


def test_a_receipt_carries_a_code_that_proves_it_without_naming_its_owner(town, client):
    dossier = receive(town)
    person = town.people["lan"]
    type(person).objects.filter(pk=person.pk).update(is_demo=True)
    client.force_login(person)

    for _twice in range(2):
        printed = client.get(reverse("dossiers:document", args=[dossier.pk, "receipt"]))

    proof = Proof.objects.get()
    text = PdfReader(BytesIO(printed.content)).pages[0].extract_text()
    assert code_as_shown(proof.code) in text
    assert (proof.kind, proof.number) == ("receipt", dossier.code)
    assert "Minh" not in client.get(reverse("signing:proof", args=[proof.code])).content.decode()


def delegated_to_viet(town: Town) -> None:
    """Hạnh is away until Wednesday; Việt signs for her and has a certificate of his own."""
    delegate_work(
        town.people["hanh"].pk,
        to_person_id=town.people["viet"].pk,
        unit_id=town.river,
        valid_from=MONDAY.date(),
        valid_to=MONDAY.date() + timedelta(days=2),
        reason="đi công tác",
        includes_signing=True,
        decision_number="05/UQ-UBND",
        actor=HOUSE,
        at=MONDAY,
    )
    office = town.city.body(town.city.river, "office").pk
    signing.issue_test_certificate(
        person_id=town.people["viet"].pk, body_id=office, post="Chánh Văn phòng", pin=PIN, actor=HOUSE, at=EARLIER
    )


def test_who_signs_by_delegation_says_so_above_the_signature_in_the_register_and_in_the_signature(town):
    delegated_to_viet(town)
    dossier = at_signing(town)

    actions.forward_signed(dossier.pk, step_key="ky", pin=PIN, actor=town.actor("viet"), at=MONDAY)
    issue(town, dossier)

    result = Result.objects.get(dossier=dossier)
    basis = "Theo ủy quyền tại Văn bản ủy quyền số 05/UQ-UBND, đến hết ngày 07/10/2025"
    said = words_by_signatures(result.file_id)
    assert "TM. ỦY BAN NHÂN DÂN TUQ. PHÓ CHỦ TỊCH CHÁNH VĂN PHÒNG" in said
    assert basis in said
    assert result.signer_post == f"TM. Ủy ban nhân dân, TUQ. Phó Chủ tịch, Chánh Văn phòng; {basis}"
    report = validate(bytes_of(result.file_id), at=MONDAY)
    assert basis in report.signatures[0].reason


def test_who_signs_in_ones_own_right_adds_no_words_to_a_draft_that_has_them_but_to_a_page_of_its_own(town):
    at_foot, apart = at_signing(town), at_signing(town)
    sign(town, at_foot)
    sign(town, apart, where="new_page")

    def said(dossier: Dossier) -> str:
        return words_by_signatures(Result.objects.get(dossier=dossier).file_id)

    assert "KT." not in said(at_foot)
    assert "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH" in said(apart)
    assert Result.objects.get(dossier=at_foot).signer_post == "TM. Ủy ban nhân dân, KT. Chủ tịch, Phó Chủ tịch"


def test_a_procedure_resolved_by_delegation_carries_its_decision_by_the_signature(town):
    make_procedure("9.000008", limit=FIVE_DAYS, steps=STEPS)
    make_competence(
        "9.000008",
        city_id=town.city.city.pk,
        unit_id=town.river,
        kind="delegated",
        basis="Quyết định 12/QĐ-UBND",
        valid_to=date(2025, 12, 31),
    )
    dossier = at_signing(town, procedure="9.000008", papers=(), quantities={})
    sign(town, dossier)

    said = words_by_signatures(Result.objects.get(dossier=dossier).file_id)
    assert "Theo ủy quyền tại Quyết định 12/QĐ-UBND, đến hết ngày 30/12/2025" in said


def test_a_stop_notice_signed_by_delegation_says_so_also_after_the_delegation_ended(town):
    delegated_to_viet(town)
    dossier = receive(town)
    actions.stop(dossier.pk, reason="hồ sơ giả mạo", actor=town.actor("viet"), at=MONDAY)
    end_delegation(Delegation.objects.get().pk, actor=HOUSE, at=MONDAY)

    dossier.refresh_from_db()
    pdf = document(dossier, Meaning.STOP_NOTICE).pdf

    said = " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())
    assert "TM. ỦY BAN NHÂN DÂN TUQ. PHÓ CHỦ TỊCH CHÁNH VĂN PHÒNG" in said


assert certificates.DEAR[0] >= 19 * 1024  # what one guess costs outside of tests
