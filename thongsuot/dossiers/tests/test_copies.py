"""Electronic certified copies of originals: compared, approved, numbered, signed by the agency alone, kept, proved."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from thongsuot.dossiers import actions
from thongsuot.dossiers.actions import sealing
from thongsuot.dossiers.actions.copying import CopiesNotOffered, CopyElsewhere, NoCopiesHere, offered_by
from thongsuot.dossiers.actions.errors import AlreadyDecided, CopiesNumbered, CopiesUnfinished, MoveNotAllowed, ResultSigned
from thongsuot.dossiers.models import CertifiedCopy, CopyOffer, Dossier, FeeDue, Result, ReusedComponent, Status
from thongsuot.dossiers.queries.case import case_page, next_actions
from thongsuot.dossiers.queries.given import copies_of_results, papers_given, title_of_copies
from thongsuot.dossiers.queries.result_register import register_rows
from thongsuot.dossiers.tests.citizen import BY_PAGE
from thongsuot.dossiers.tests.desk import browser
from thongsuot.dossiers.tests.make import FIVE_DAYS, MONDAY, PAPERS, STEPS, Town, make_town, minh, receive
from thongsuot.dossiers.tests.papers import (
    PIN,
    SEAL_PIN,
    a_pdf,
    a_scan,
    component_of,
    react_to,
    scanned_pdf,
    with_certificates,
    words_by_signatures,
)
from thongsuot.files.actions import store
from thongsuot.files.queries import open_checked
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.numbering.models import CancelledNumber, Series
from thongsuot.people.tests.make import logged_in, make_citizen
from thongsuot.personal_store.models import StoredPaper
from thongsuot.personal_store.queries import Owner, offers
from thongsuot.personal_store.rules import Wanted
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.signing.errors import WrongPin
from thongsuot.signing.models import Proof
from thongsuot.signing.proofs import code_as_shown
from thongsuot.signing.tests.make import paper
from thongsuot.signing.validation import validate
from thongsuot.web.tests.words import said

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.PUBLIC_URL = "https://vidu.vn"


@pytest.fixture(scope="module")
def begins_with():
    return make_copying_town


def make_copying_town() -> Town:
    town = with_certificates(make_town(code="2.000815", fee_rules=(BY_PAGE,)))
    actions.offer_copies(town.river, offered=True, actor=town.actor("hanh"), at=MONDAY)
    return town


def asked(town: Town, **changes) -> Dossier:
    return receive(town, **{"quantities": {"pages": 1, "copies": 1}, "return_by": "electronic", **changes})


def compared(town: Town, dossier: Dossier, **changes) -> CertifiedCopy:
    pages = changes.get("pages", 3)
    said_of = {"title": "Bằng tốt nghiệp đại học", "pages": pages, "original_shown": True}
    if "file_id" not in changes:
        said_of["file_id"] = a_pdf(pages=max(1, pages), by=town.actor("lan"))
    return actions.compare_copy(dossier.pk, **{**said_of, **changes}, actor=town.actor("lan"), at=MONDAY)


def certified(town: Town, dossier: Dossier) -> CertifiedCopy:
    copy = compared(town, dossier)
    actions.approve_copy(copy.pk, actor=town.actor("hanh"), at=LATER)
    return actions.certify_copy(copy.pk, pin=SEAL_PIN, actor=town.actor("thu"), at=LATER)


def test_a_copy_carries_the_agencys_signature_alone_a_number_and_a_proof(town):
    dossier = asked(town)

    copy = certified(town, dossier)

    assert (copy.state, copy.number, copy.certifier_name) == ("certified", "01", "Phạm Thị Hạnh")
    with open_checked(copy.file_id) as content:
        report = validate(content.read())
    assert len(report.signatures) == 1
    proof = Proof.objects.get(code=copy.proof_code)
    assert (proof.number, proof.state, proof.file_id) == ("01", Proof.State.VALID, copy.file_id)
    assert "Minh" not in proof.title
    shown = words_by_signatures(copy.file_id)
    for line in ("CHỨNG THỰC BẢN SAO ĐIỆN TỬ", "Số 01/2025-SCT/BS", "Ủy ban nhân dân phường Sông", "2025-10-06T10:00:00+07:00"):
        assert line in shown  # the form of copy, its number, the agency, the time: D3
    with open_checked(copy.file_id) as content:
        assert code_as_shown(copy.proof_code) in PdfReader(content).pages[0].extract_text()
    stored = StoredPaper.objects.get(code=copy.stored_code)
    assert (stored.kind, stored.title, stored.signature) == ("e_copy", "Bằng tốt nghiệp đại học", "agency")


def test_the_copy_is_what_the_dossier_gives_out(town):
    dossier = asked(town)
    copy = certified(town, dossier)

    dossier.refresh_from_db()
    assert dossier.result.file_id == copy.file_id


def test_the_fee_counts_the_pages_of_each_original(town):
    dossier = asked(town)
    fee = FeeDue.objects.get(dossier=dossier)
    assert fee.amount_dong == 2000

    first = compared(town, dossier, pages=3)
    fee.refresh_from_db()
    assert fee.amount_dong == 2000 * 2 + 1000
    compared(town, dossier, pages=200)
    fee.refresh_from_db()
    assert fee.amount_dong == 5000 + 200_000  # each original has its own cap
    actions.drop_copy(first.pk, reason="Bản chính mờ", actor=town.actor("toan"), at=MONDAY)
    fee.refresh_from_db()
    assert fee.amount_dong == 200_000

    actions.collect_fee(fee.pk, actor=town.actor("lan"), at=MONDAY)
    compared(town, dossier)
    fee.refresh_from_db()
    assert fee.amount_dong == 200_000  # what is paid stays paid


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"original_shown": False}, "original_shown"),
        ({"title": " "}, "title"),
        ({"pages": 0}, "pages"),
        ({"file_id": 10**9}, "file"),
    ],
)
def test_only_a_whole_scan_of_an_original_that_was_shown_is_taken(town, changes, field):
    with pytest.raises(BadInput) as refusal:
        compared(town, asked(town), **changes)

    assert field in refusal.value.problems
    assert not CertifiedCopy.objects.exists()


@pytest.mark.parametrize(
    ("scan", "pages", "says"),
    [
        ({}, 2, "Giấy có 2 trang nhưng tệp có 1 ảnh."),
        ({"colour": False}, 1, "không có màu"),
        ({"dpi": 150}, 1, "150 dpi"),
        ({"header": b"%PDF-1.3"}, 1, "cần PDF 1.4"),
    ],
)
def test_a_copy_is_scanned_as_the_decree_on_clerical_work_asks(town, scan, pages, says):
    """NĐ 30/2020, appendix I: PDF 1.4, colour, 200 dpi, and as many pictures as pages, for the fee is counted from them."""
    dossier = asked(town)
    with pytest.raises(BadInput) as refusal:
        compared(town, dossier, pages=pages, file_id=stored(town, scanned_pdf(**scan)))
    assert says in refusal.value.problems["file"]
    assert FeeDue.objects.get(dossier=dossier).amount_dong == 2000
    assert compared(town, dossier, pages=1, file_id=stored(town, scanned_pdf())).pages == 1


def stored(town: Town, content: bytes) -> int:
    return store(content, name="quet.pdf", actor=town.actor("lan"), at=MONDAY, purpose="dossiers.copy").pk


def test_a_picture_cannot_be_signed_so_it_is_refused(town):
    with pytest.raises(BadInput):
        compared(town, asked(town), file_id=a_scan(by=town.actor("lan")))


def test_a_scan_that_another_stored_is_not_copied(town):
    with pytest.raises(BadInput) as refusal:
        compared(town, asked(town), file_id=a_pdf(by=town.actor("toan")))
    assert set(refusal.value.problems) == {"file"}


def test_only_units_that_offer_it_and_only_for_this_procedure(town):
    dossier = asked(town)
    assert offered_by([town.river, town.hill], on=MONDAY.date()) == {town.river}
    actions.offer_copies(town.river, offered=False, actor=town.actor("hanh"), at=MONDAY + timedelta(days=1))

    with pytest.raises(CopiesNotOffered):
        actions.compare_copy(
            dossier.pk,
            title="Bằng",
            pages=1,
            file_id=a_pdf(by=town.actor("lan")),
            original_shown=True,
            actor=town.actor("lan"),
            at=MONDAY + timedelta(days=1),
        )
    assert offered_by([town.river], on=MONDAY.date()) == {town.river}  # it was offered on that day
    with pytest.raises(NotYourDuty):
        actions.offer_copies(town.river, offered=True, actor=town.actor("lan"), at=MONDAY)


def test_another_procedure_has_no_copies(db):
    town = make_town()

    with pytest.raises(NoCopiesHere):
        compared(town, receive(town))


def test_each_step_by_its_duty_and_in_order(town):
    copy = compared(town, asked(town))
    hanh, thu, lan = (town.actor(name) for name in ("hanh", "thu", "lan"))

    with pytest.raises(CopyElsewhere):
        actions.certify_copy(copy.pk, pin=SEAL_PIN, actor=thu, at=LATER)
    for actor in (lan, thu):
        with pytest.raises(NotYourDuty):
            actions.approve_copy(copy.pk, actor=actor, at=LATER)
    actions.approve_copy(copy.pk, actor=hanh, at=LATER)
    with pytest.raises(NotYourDuty):
        actions.certify_copy(copy.pk, pin=SEAL_PIN, actor=hanh, at=LATER)
    with pytest.raises(WrongPin):
        actions.certify_copy(copy.pk, pin="000000", actor=thu, at=LATER)

    copy.refresh_from_db()
    assert (copy.state, copy.number) == ("approved", "")
    assert not Series.objects.filter(kind="certified_copy").exists()


def test_a_fall_between_number_and_signature_keeps_the_number(town, monkeypatch):
    copy = compared(town, asked(town))
    actions.approve_copy(copy.pk, actor=town.actor("hanh"), at=LATER)
    thu = town.actor("thu")

    def falls(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("thongsuot.dossiers.actions.sealing.by_agency", falls)
        with pytest.raises(KeyboardInterrupt):
            actions.certify_copy(copy.pk, pin=SEAL_PIN, actor=thu, at=LATER)
    copy.refresh_from_db()
    assert (copy.state, copy.number) == ("numbered", "01")

    assert actions.certify_copy(copy.pk, pin=SEAL_PIN, actor=thu, at=LATER).number == "01"
    with pytest.raises(CopyElsewhere):
        actions.certify_copy(copy.pk, pin=SEAL_PIN, actor=thu, at=LATER)


def test_a_numbered_copy_given_up_leaves_its_number_cancelled(town, monkeypatch):
    copy = compared(town, asked(town))
    actions.approve_copy(copy.pk, actor=town.actor("hanh"), at=LATER)
    with monkeypatch.context() as patch:
        patch.setattr("thongsuot.dossiers.actions.sealing.by_agency", lambda *a, **k: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            actions.certify_copy(copy.pk, pin=SEAL_PIN, actor=town.actor("thu"), at=LATER)

    actions.drop_copy(copy.pk, reason="Bản chính có dấu hiệu sửa", actor=town.actor("thu"), at=LATER)

    assert CancelledNumber.objects.get().reason == "Bản chính có dấu hiệu sửa"
    certified(town, asked(town))
    assert CertifiedCopy.objects.get(state="certified").number == "02"


def test_through_the_pages_to_the_register(town, clock):
    clock.now = LATER
    dossier = asked(town)
    people = {name: browser(town, name) for name in ("lan", "hanh", "thu")}
    page = reverse("dossiers:case_copies", args=[dossier.pk])
    assert people["lan"].post(page, {"title": "Bằng"}).status_code == 422
    scan = SimpleUploadedFile("bang.pdf", paper())
    added = people["lan"].post(page, {"title": "Bằng", "pages": "1", "file": scan, "original_shown": "on"})
    assert added.status_code == 302, said(added)
    copy = CertifiedCopy.objects.get()
    one = reverse("dossiers:case_copy", args=[dossier.pk, copy.pk])

    assert people["hanh"].post(one, {"viec": "duyet"}).status_code == 302
    wrong = people["thu"].post(one, {"viec": "chung-thuc", "chung-thuc-pin": "123123"})
    assert wrong.status_code == 422
    assert "123123" not in wrong.content.decode()
    assert people["thu"].post(one, {"viec": "chung-thuc", "chung-thuc-pin": SEAL_PIN}).status_code == 302

    assert "Bằng" in said(people["thu"].get(reverse("dossiers:copies")))
    assert "Đang cung cấp" in said(people["hanh"].get(reverse("dossiers:copies")))
    people["hanh"].post(reverse("dossiers:offer_copies"), {"don_vi": town.river, "cung_cap": "0"})
    assert CopyOffer.objects.get().valid_to == LATER.date()
    assert people["thu"].post(reverse("dossiers:offer_copies"), {"don_vi": town.river, "cung_cap": "1"}).status_code == 403
    assert people["hanh"].post(reverse("dossiers:offer_copies"), {"don_vi": "x"}).status_code == 422
    assert browser(town, "doi").get(one).status_code == 404


def test_the_owner_finds_the_copy_among_their_papers(town, clock):
    clock.now = LATER
    owner = make_citizen("Hoàng Văn Minh")
    dossier = asked(town, account_id=owner.pk)
    copy = certified(town, dossier)
    client = logged_in(owner)

    assert "Bằng tốt nghiệp đại học" in said(client.get(reverse("personal_store:papers")))
    kept = StoredPaper.objects.get(code=copy.stored_code)
    assert client.get(reverse("personal_store:file", args=[kept.pk])).status_code == 200
    assert "Bản sao điện tử" in said(client.get(reverse("signing:proof", args=[copy.proof_code])))


def test_a_copy_certified_today_is_offered_and_used_in_the_next_dossier_of_today(town):
    """S1-36: not the dossier it was made in, nor that procedure: any that asks for a paper of this name."""
    make_procedure("9.000005", city_id=town.city.city.pk, limit=FIVE_DAYS, steps=STEPS, papers=PAPERS)
    owner = Owner(id_number=minh().id_number)
    wanted = [Wanted(procedure_code="9.000005", paper_code="giay-chung-nhan", name="Giấy chứng nhận")]
    copy = compared(town, asked(town), title="Giấy chứng nhận")
    assert offers(owner, wanted, on=LATER.date()) == {}

    copy = certify(town, copy)
    [offered] = offers(owner, wanted, on=LATER.date())["giay-chung-nhan"]
    paper_in = actions.PaperIn(code="giay-chung-nhan", how="reused", stored=offered.code, originals=0)
    consent = {"consent": "spoken", "consent_note": "có mặt ở quầy"}
    following = receive(town, at=LATER, procedure="9.000005", papers=(paper_in,), quantities={}, **consent)

    assert (offered.kind, offered.code, offered.issued_on) == ("e_copy", copy.stored_code, LATER.date())
    component = component_of(following)
    assert (component.how, component.file_id) == ("reused", copy.file_id)
    link = ReusedComponent.objects.get(component=component)
    assert (link.paper_code, link.number, link.is_result) == (copy.stored_code, "01", False)


# -- the dossier's own state ---------------------------------------------------------------------------------------------


def test_after_the_end_and_while_the_clock_stands_nothing_is_approved_or_certified(town):
    gone, waits = asked(town), asked(town)
    copies = [compared(town, dossier) for dossier in (gone, waits)]
    fresh = compared(town, waits)
    for copy in copies:
        actions.approve_copy(copy.pk, actor=town.actor("hanh"), at=LATER)
    actions.withdraw(gone.pk, reason="đổi ý", actor=town.actor("lan"), at=LATER)
    actions.request_supplement(waits.pk, items=["Bản chính"], actor=town.actor("lan"), at=LATER)

    for copy in copies:
        with pytest.raises(MoveNotAllowed):
            actions.certify_copy(copy.pk, pin=SEAL_PIN, actor=town.actor("thu"), at=LATER)
    with pytest.raises(MoveNotAllowed):
        actions.approve_copy(fresh.pk, actor=town.actor("hanh"), at=LATER)

    assert not Series.objects.filter(kind="certified_copy").exists()
    assert not StoredPaper.objects.exists()
    assert set(CertifiedCopy.objects.filter(pk__in=[copy.pk for copy in copies]).values_list("state", flat=True)) == {
        "approved"
    }


def test_what_is_withdrawn_while_the_agency_signs_is_kept_nowhere(town, monkeypatch):
    """The number was drawn; the copy is not certified once its dossier stands still."""
    dossier = asked(town)
    copy = compared(town, dossier)
    actions.approve_copy(copy.pk, actor=town.actor("hanh"), at=LATER)
    sign = sealing.by_agency

    def meanwhile(*args, **kwargs):
        actions.request_supplement(dossier.pk, items=["Bản chính"], actor=town.actor("lan"), at=LATER)
        return sign(*args, **kwargs)

    monkeypatch.setattr(sealing, "by_agency", meanwhile)
    with pytest.raises(MoveNotAllowed):
        actions.certify_copy(copy.pk, pin=SEAL_PIN, actor=town.actor("thu"), at=LATER)

    copy.refresh_from_db()
    assert copy.state == "numbered"
    assert not StoredPaper.objects.exists()


def test_a_dossier_whose_copy_is_in_the_register_is_neither_withdrawn_nor_stopped(town):
    dossier = asked(town)
    certified(town, dossier)

    with pytest.raises(AlreadyDecided):
        actions.withdraw(dossier.pk, reason="đổi ý", actor=town.actor("lan"), at=LATER)
    with pytest.raises(CopiesNumbered) as refusal:
        actions.stop(dossier.pk, reason="sai", actor=town.actor("hanh"), at=LATER)

    assert refusal.value.message()
    dossier.refresh_from_db()
    assert dossier.status == Status.RECEIVED
    # The buttons stay, with the reason.
    shown = case_page(dossier, now=LATER)
    for who, key in (("lan", "rut"), ("hanh", "dung")):
        why = {one.key: one.because for one in next_actions(shown, actor=town.actor(who, LATER))}
        assert "đã vào sổ chứng thực" in why[key]
    copy = compared(town, other := asked(town))
    actions.drop_copy(copy.pk, reason="mờ", actor=town.actor("toan"), at=LATER)
    assert actions.withdraw(other.pk, reason="đổi ý", actor=town.actor("lan"), at=LATER).status == Status.WITHDRAWN


# -- several originals in one dossier ------------------------------------------------------------------------------------


def certify(town: Town, copy: CertifiedCopy) -> CertifiedCopy:
    actions.approve_copy(copy.pk, actor=town.actor("hanh"), at=LATER)
    return actions.certify_copy(copy.pk, pin=SEAL_PIN, actor=town.actor("thu"), at=LATER)


def forward(town: Town, dossier: Dossier, step: str, by: str, **more) -> Dossier:
    return actions.forward_signed(dossier.pk, step_key=step, actor=town.actor(by, LATER), at=LATER, **more)


def at_signing(town: Town, dossier: Dossier) -> None:
    toan = town.people["toan"].pk
    for step, by, more in (
        ("tiep-nhan", "lan", {}),
        ("phan-cong", "viet", {"to_person": toan}),
        ("tham-dinh", "toan", {}),
        ("soat", "viet", {}),
    ):
        forward(town, dossier, step, by, **more)


def given_out(town: Town, dossier: Dossier) -> Result:
    """The copies that are there, through signing and issuing: each has the agency's signature, so nobody is asked for a PIN."""
    at_signing(town, dossier)
    forward(town, dossier, "ky", "hanh", pin=PIN)
    forward(town, dossier, "vao-so", "thu")
    return Result.objects.get(dossier=dossier)


def two_copies(town: Town, dossier: Dossier) -> list[CertifiedCopy]:
    return [
        certify(town, compared(town, dossier, title=title, pages=1, file_id=a_pdf(name=f"{title}.pdf", by=town.actor("lan"))))
        for title in ("Bằng tốt nghiệp", "Học bạ")
    ]


def test_every_original_gets_its_copy_with_number_signature_proof_and_place_in_the_store(town):
    owner = make_citizen("Hoàng Văn Minh")
    dossier = asked(town, account_id=owner.pk)
    copies = two_copies(town, dossier)

    result = given_out(town, dossier)
    react_to(dossier)

    assert [copy.number for copy in copies] == ["01", "02"]
    assert result.title == "Bản sao điện tử: Bằng tốt nghiệp (số chứng thực 01); Học bạ (số chứng thực 02)"
    papers = papers_given(result)
    assert [(one.title, one.number, one.file_id) for one in papers] == [
        ("Bằng tốt nghiệp", "01", copies[0].file_id),
        ("Học bạ", "02", copies[1].file_id),
    ]
    for one in papers:
        with open_checked(one.file_id) as content:
            assert len(validate(content.read()).signatures) == 1
        assert Proof.objects.get(code=one.proof_code).file_id == one.file_id
    kept = StoredPaper.objects.filter(dossier_id=dossier.pk).order_by("pk")
    assert [(one.kind, one.title) for one in kept] == [("e_copy", "Bằng tốt nghiệp"), ("e_copy", "Học bạ")]
    [row] = register_rows([town.river], year=2025)
    assert "số chứng thực 01" in row.title
    assert "số chứng thực 02" in row.title


def test_the_owner_and_the_officers_find_every_copy_and_print_each(town, clock):
    clock.now = LATER
    owner = make_citizen("Hoàng Văn Minh")
    dossier = asked(town, account_id=owner.pk)
    copies = two_copies(town, dossier)
    client = logged_in(owner)
    address = [reverse("dossiers:track_copy", args=[dossier.code, copy.pk]) for copy in copies]
    assert client.get(address[0]).status_code == 404  # nothing is given out before it is issued
    given_out(town, dossier)

    page = said(client.get(reverse("dossiers:tracked", args=[dossier.code])))
    assert "Bằng tốt nghiệp Số chứng thực 01" in page
    assert "Học bạ Số chứng thực 02" in page
    assert [client.get(one).status_code for one in address] == [200, 200]
    bodies = [b"".join(client.get(one).streaming_content) for one in address]
    assert bodies[0] != bodies[1]
    print_one = reverse("dossiers:track_paper_copy", args=[dossier.code])
    printed = [client.get(f"{print_one}?ban-sao={copy.pk}").content for copy in copies]
    said_on = [" ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split()) for pdf in printed]
    assert ["Bản điện tử số 01" in said_on[0], "Bản điện tử số 02" in said_on[1]] == [True, True]
    for wrong in ("0", "x", "999999999"):
        assert client.get(f"{print_one}?ban-sao={wrong}").status_code in (404, 409, 422)
    officer = said(browser(town, "toan").get(reverse("dossiers:case", args=[dossier.pk])))
    assert "Số chứng thực 01" in officer
    assert "Số chứng thực 02" in officer
    assert "Ký tay" not in officer
    actions.hand_back(dossier.pk, handed_to="Hoàng Văn Minh", actor=town.actor("lan", LATER), at=LATER)
    assert Result.objects.get(dossier=dossier).handed_to == "Hoàng Văn Minh"


def test_a_copy_that_is_not_finished_holds_the_result_back_until_it_is_certified_or_given_up(town):
    dossier = asked(town)
    certify(town, compared(town, dossier, title="Bằng tốt nghiệp"))
    waiting = compared(town, dossier, title="Học bạ")
    at_signing(town, dossier)

    with pytest.raises(CopiesUnfinished) as refusal:
        forward(town, dossier, "ky", "hanh")
    assert "Học bạ" in refusal.value.message()
    actions.drop_copy(waiting.pk, reason="Bản chính mờ", actor=town.actor("toan"), at=LATER)

    forward(town, dossier, "ky", "hanh")
    with pytest.raises(ResultSigned):
        compared(town, dossier, title="Sổ hộ khẩu")
    forward(town, dossier, "vao-so", "thu")
    assert [one.title for one in papers_given(Result.objects.get(dossier=dossier))] == ["Bằng tốt nghiệp"]


def test_a_revoked_result_of_copies_ends_every_proof_and_every_stored_copy(town):
    dossier = asked(town)
    copies = two_copies(town, dossier)
    given_out(town, dossier)
    react_to(dossier)
    command = {"at": LATER}
    change = actions.open_change(
        dossier.pk, kind="revocation", reason="Bản chính giả", basis="Biên bản 3", actor=town.actor("toan"), **command
    )
    file = a_pdf(name="thu-hoi.pdf", by=town.actor("toan"))
    actions.draft_change(change.pk, title="Quyết định thu hồi", file_id=file, actor=town.actor("toan"), **command)
    actions.review_change(change.pk, approve=True, actor=town.actor("viet"), **command)
    actions.sign_change(change.pk, actor=town.actor("hanh"), **command)
    actions.issue_change(change.pk, actor=town.actor("thu"), **command)
    react_to(dossier)

    codes = [copy.proof_code for copy in copies]
    assert set(Proof.objects.filter(code__in=codes).values_list("state", flat=True)) == {"revoked"}
    stored = StoredPaper.objects.filter(dossier_id=dossier.pk, kind="e_copy").values_list("state", flat=True)
    assert list(stored) == ["revoked", "revoked"]


def test_the_portal_is_told_of_every_copy_with_its_own_file(town):
    dossier = asked(town)
    copies = two_copies(town, dossier)
    result = given_out(town, dossier)

    told = copies_of_results([result])

    assert told == {dossier.pk: [(copy.title, copy.file_id) for copy in copies]}


def test_many_long_titles_still_fit_the_register():
    copies = [CertifiedCopy(title="Giấy chứng nhận quyền sử dụng đất " * 8, number=f"{number:02}") for number in range(1, 40)]

    assert len(title_of_copies(copies)) <= 300
    assert title_of_copies(copies).startswith("Bản sao điện tử của 39 bản chính")
