"""The order of the desk, scans, and the second person who looks them over."""

from __future__ import annotations

import io
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from thongsuot.dossiers import actions, scanning
from thongsuot.dossiers.actions.digitising import AlreadyChecked, CheckerIsScanner, NothingToScan, ScansMissing
from thongsuot.dossiers.actions.errors import DossierIncomplete
from thongsuot.dossiers.models import Component, Digitisation, Dossier, Setting
from thongsuot.dossiers.tests.desk import browser, case_url
from thongsuot.dossiers.tests.make import MONDAY, PAPERS, Town, make_officer, make_town, receive
from thongsuot.dossiers.tests.papers import (
    PIN,
    a_pdf,
    a_scan,
    component_of,
    picture,
    scan_of,
    with_certificates,
    words_by_signatures,
)
from thongsuot.files.attributes import Attributes, attributes_of
from thongsuot.files.queries import opened_row
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.remember import forget_all
from thongsuot.personal_store.models import StoredPaper
from thongsuot.procedures.content import Paper
from thongsuot.signing.errors import NoCertificate, WrongPin
from thongsuot.signing.validation import validate
from thongsuot.web.tests.words import said


def setting(key: str, value: int) -> None:
    Setting.objects.create(key=key, value=value, valid_from=MONDAY.date(), basis="thử")
    forget_all()


@pytest.fixture(autouse=True)
def _fresh_settings():
    forget_all()
    yield
    forget_all()


@pytest.fixture
def checked(town) -> Town:
    """Every scan is looked over; Mai sits beside Lan."""
    setting("quality_check_percent", 100)
    town.people["mai"] = make_officer(
        town.city, town.city.river, "service_centre", "mai", "Công chức tiếp nhận", ["receive dossiers"]
    )
    return town


def scanned(town: Town, **how) -> Dossier:
    file = a_scan(**how, by=town.actor("lan"))
    return receive(town, papers=(actions.PaperIn(code="giay-chung-nhan", file_id=file, pages=1),))


# -- rules --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scan", "pages", "faults"),
    [
        (Attributes(pages=2, dpi=300, in_colour=True, pdf_version="1.7"), 2, 0),
        (Attributes(), 5, 0),  # what the file does not say is no fault
        (Attributes(pages=2), 3, 1),
        (Attributes(pages=2), None, 0),
        (Attributes(dpi=199), None, 1),
        (Attributes(dpi=200), None, 0),
        (Attributes(pdf_version="1.3"), None, 1),
        (Attributes(pdf_version="1.4"), None, 0),
        (Attributes(pdf_version="2.0"), None, 0),
        (Attributes(pages=1, dpi=100, pdf_version="1.2"), 2, 3),
    ],
)
def test_a_scan_has_as_many_images_as_pages_200_dpi_and_pdf_1_4(scan, pages, faults):
    assert len(scanning.problems_of(scan, pages=pages, least_dpi=200)) == faults


def test_only_an_electronic_copy_must_be_in_colour():
    grey = Attributes(pages=1, dpi=300, in_colour=False, pdf_version="1.7")
    assert scanning.problems_of(grey, pages=1, least_dpi=200) == []
    assert scanning.problems_of(grey, pages=1, least_dpi=200, is_copy=True) == ["Bản quét không có màu, cần quét màu."]
    assert scanning.problems_of(Attributes(), pages=1, least_dpi=200, is_copy=True) == []


def test_the_share_that_is_checked_is_about_the_one_set():
    picked = sum(scanning.is_picked(number, number * 7, percent=20) for number in range(5000))

    assert 900 < picked < 1100
    assert not any(scanning.is_picked(number, 1, percent=0) for number in range(200))
    assert all(scanning.is_picked(number, 1, percent=100) for number in range(200))


def test_what_is_shown_or_came_online_is_never_scanned():
    assert scanning.may_be_scanned(paper_kind="submit", is_online=False)
    assert not scanning.may_be_scanned(paper_kind="show", is_online=False)
    assert not scanning.may_be_scanned(paper_kind="submit", is_online=True)


@pytest.mark.parametrize(
    ("content", "kind", "known"),
    [
        (picture(dpi=300, pages=3), "image/tiff", (3, 300, True)),
        (picture(dpi=150, colour=False), "image/tiff", (1, 150, False)),
        (picture(dpi=72), "image/tiff", (1, None, True)),  # cameras write 72 for "not known"
        (b"not a picture", "image/tiff", (None, None, None)),
        (b"%PDF-1.4 broken", "application/pdf", (None, None, None)),
    ],
)
def test_attributes_are_read_from_the_file_and_unknown_when_it_does_not_say(content, kind, known):
    found = attributes_of(io.BytesIO(content), kind)

    assert (found.pages, found.dpi, found.in_colour) == known


def test_of_a_pdf_pages_and_version_are_read(db):
    row, content = opened_row(a_pdf())

    found = attributes_of(content, row.content_type)

    assert found.pages == 1
    assert found.pdf_version >= "1.4"


def test_of_a_scanned_pdf_resolution_and_colour_are_read():
    grey = Image.new("L", (1240, 1754))  # A4 at 150 dpi
    out = io.BytesIO()
    grey.save(out, "PDF", resolution=150, save_all=True, append_images=[grey])

    found = attributes_of(out, "application/pdf")

    assert (found.pages, found.dpi, found.in_colour) == (2, 150, False)


# -- the order of the desk ----------------------------------------------------------------------------------------------


def test_intake_does_not_end_with_a_required_paper_neither_reused_nor_scanned_nor_waived(town):
    for how in ("data", "reused", "scanned"):
        receive(town, papers=(actions.PaperIn(code="giay-chung-nhan", how=how),))
    receive(town, papers=(actions.PaperIn(code="giay-chung-nhan", how="waived", reason="đã tra"),))
    before = Dossier.objects.count()

    with pytest.raises(BadInput):
        receive(town, papers=(actions.PaperIn(code="giay-chung-nhan", how="waived"),))
    with pytest.raises(DossierIncomplete):
        receive(town, papers=())
    assert Dossier.objects.count() == before


@pytest.mark.parametrize("channel", [1, 2])
def test_a_shown_paper_and_an_online_one_are_not_scanned(db, channel):
    kind = "show" if channel == 1 else "submit"
    town = make_town(papers=(Paper(code="the", name="Thẻ căn cước", kind=kind, required=False), *PAPERS))
    file = a_scan(by=town.actor("lan"))

    with pytest.raises(BadInput) as refusal:
        receive(
            town,
            channel=channel,
            papers=(actions.PaperIn(code="giay-chung-nhan", how="data"), actions.PaperIn(code="the", file_id=file)),
        )

    assert "papers.the" in refusal.value.problems
    assert not Dossier.objects.exists()


def test_where_the_setting_asks_for_it_nothing_leaves_the_desk_unscanned(town):
    setting("scan_before_transfer", 1)
    dossier = receive(town)
    lan = town.actor("lan")

    with pytest.raises(ScansMissing):
        actions.forward(dossier.pk, step_key="tiep-nhan", actor=lan, at=MONDAY)
    actions.scan_component(component_of(dossier).pk, file_id=a_scan(by=lan), pages=1, actor=lan, at=MONDAY)

    assert actions.forward(dossier.pk, step_key="tiep-nhan", actor=lan, at=MONDAY).step_no == 1


# -- scans --------------------------------------------------------------------------------------------------------------


def test_a_scan_of_intake_is_written_down_and_gets_its_paper_code(town):
    setting("quality_check_percent", 0)
    dossier = scanned(town, dpi=300)

    scan = scan_of(dossier)
    assert (scan.state, scan.images, scan.dpi, scan.in_colour, scan.scanned_by_name) == (
        "not_picked",
        1,
        300,
        True,
        "Nguyễn Thị Lan",
    )
    paper = StoredPaper.objects.get(code=scan.stored_code)
    assert (paper.kind, paper.title, paper.signature, paper.dossier_code) == (
        "digitised",
        "Giấy chứng nhận",
        "none",
        dossier.code,
    )


def test_a_faulty_scan_does_not_hold_up_the_desk_but_is_always_looked_over(town):
    setting("quality_check_percent", 0)

    assert scan_of(scanned(town, dpi=100)).state == "waiting"


@pytest.mark.parametrize("pages", [None, 2])
def test_a_scan_whose_pages_nobody_counted_or_that_has_fewer_is_looked_over_by_a_second_person(town, pages):
    setting("quality_check_percent", 0)
    file = a_scan(by=town.actor("lan"))
    dossier = receive(town, papers=(actions.PaperIn(code="giay-chung-nhan", file_id=file, pages=pages),))

    assert (scan_of(dossier).state, scan_of(dossier).pages) == ("waiting", pages)


def test_a_scan_brought_with_a_supplement_is_written_down_too(town):
    dossier = receive(town)
    lan = town.actor("lan")
    actions.request_supplement(dossier.pk, items=["Bản khác"], actor=lan, at=MONDAY)
    actions.complete_supplement(
        dossier.pk, papers=[actions.PaperIn(code="van-ban-khac", file_id=a_scan(by=lan))], actor=lan, at=MONDAY
    )

    assert scan_of(dossier, "van-ban-khac").scanned_by_name == "Nguyễn Thị Lan"


def test_at_the_desk_a_bad_scan_is_refused_with_all_its_faults(town):
    dossier = receive(town)
    component = component_of(dossier)

    with pytest.raises(BadInput) as refusal:
        actions.scan_component(
            component.pk, file_id=a_scan(dpi=100, pages=2, by=town.actor("lan")), pages=3, actor=town.actor("lan"), at=MONDAY
        )

    assert "3 trang" in refusal.value.problems["file"]
    assert "100 dpi" in refusal.value.problems["file"]
    component.refresh_from_db()
    assert component.file_id is None
    with pytest.raises(NotYourDuty):
        actions.scan_component(component.pk, file_id=a_scan(by=town.actor("doi")), pages=1, actor=town.actor("doi"), at=MONDAY)


def test_a_second_person_accepts_and_the_paper_goes_into_the_store(checked):
    dossier = scanned(checked)
    scan = scan_of(dossier)
    assert not StoredPaper.objects.exists()

    with pytest.raises(CheckerIsScanner):
        actions.check_scan(scan.pk, accept=True, actor=checked.actor("lan"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.check_scan(scan.pk, accept=True, actor=checked.actor("doi"), at=MONDAY)
    with pytest.raises(BadInput):
        actions.check_scan(scan.pk, accept=False, actor=checked.actor("mai"), at=MONDAY)
    actions.check_scan(scan.pk, accept=True, actor=checked.actor("mai"), at=MONDAY)

    scan.refresh_from_db()
    assert (scan.state, scan.checked_by_name) == ("accepted", "Mai")
    assert StoredPaper.objects.get().code == scan.stored_code
    with pytest.raises(AlreadyChecked):
        actions.check_scan(scan.pk, accept=False, reason="mờ", actor=checked.actor("mai"), at=MONDAY)


def test_a_rejected_scan_stays_with_its_reason_and_is_scanned_again(checked):
    dossier = scanned(checked)
    component, first = component_of(dossier), scan_of(dossier)
    lan, mai = checked.actor("lan"), checked.actor("mai")
    with pytest.raises(NothingToScan):
        actions.scan_component(component.pk, file_id=a_scan(by=lan), pages=1, actor=lan, at=MONDAY)

    actions.check_scan(first.pk, accept=False, reason="mờ trang 1", actor=mai, at=MONDAY)
    again = actions.scan_component(component.pk, file_id=a_scan(dpi=400, by=lan), pages=1, actor=lan, at=MONDAY)

    assert (again.state, again.dpi) == ("waiting", 400)  # what was rejected once is always looked over
    first.refresh_from_db()
    assert (first.state, first.reason) == ("rejected", "mờ trang 1")
    component.refresh_from_db()
    assert component.file_id == again.file_id
    assert not StoredPaper.objects.exists()


def test_of_two_who_scan_at_once_one_wins(transactional_db):
    town = make_town()
    dossier, both, said_of = receive(town), Barrier(2), []
    component, lan = component_of(dossier), town.actor("lan")
    files = [a_scan(dpi=300, by=lan), a_scan(dpi=400, by=lan)]

    def ask(file: int) -> None:
        both.wait()
        try:
            actions.scan_component(component.pk, file_id=file, pages=1, actor=lan, at=MONDAY)
            said_of.append("kept")
        except NothingToScan:
            said_of.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=ask, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said_of) == ["kept", "refused"]
    assert Digitisation.objects.count() == 1


def test_good_scans_are_signed_many_at_once(town):
    setting("quality_check_percent", 0)
    with_certificates(town)
    lan = town.actor("lan")
    files = [a_pdf(by=lan), a_pdf(by=lan), a_scan(by=lan)]
    dossiers = [receive(town, papers=(actions.PaperIn(code="giay-chung-nhan", file_id=file, pages=1),)) for file in files]
    ids = [scan_of(dossier).pk for dossier in dossiers]
    with pytest.raises(WrongPin):
        actions.sign_scans(ids, pin="000000", actor=lan, at=MONDAY)
    assert not Digitisation.objects.filter(signed_at__isnull=False).exists()

    done = actions.sign_scans(ids, pin=PIN, actor=lan, at=MONDAY)
    again = actions.sign_scans(ids[:2], pin=PIN, actor=lan, at=MONDAY)

    assert [one.done for one in done] == [True, True, False]  # a picture carries no signature
    assert again == []
    component = component_of(dossiers[0])
    assert component.file_id != files[0]
    paper = StoredPaper.objects.get(code=scan_of(dossiers[0]).stored_code)
    assert (paper.signature, paper.file_id) == ("person", component.file_id)
    _row, content = opened_row(paper.file_id)
    signed = content.read()
    assert len(validate(signed).signatures) == 1
    page = PdfReader(io.BytesIO(signed)).pages[0]
    [spot] = [note.get_object()["/Rect"] for note in page["/Annots"]]
    assert float(spot[1]) > float(page.mediabox.top) - 80  # in the upper margin: the original's signature is at its foot
    said_there = words_by_signatures(paper.file_id)
    assert "BẢN SỐ HÓA" in said_there
    assert "+07:00" in said_there


def test_without_a_certificate_scans_stay_unsigned(town):
    setting("quality_check_percent", 0)
    dossier = receive(town, papers=(actions.PaperIn(code="giay-chung-nhan", file_id=a_pdf(by=town.actor("lan")), pages=1),))

    with pytest.raises(NoCertificate):
        actions.sign_scans([scan_of(dossier).pk], pin=PIN, actor=town.actor("lan"), at=MONDAY)

    assert StoredPaper.objects.get().signature == "none"


# -- pages --------------------------------------------------------------------------------------------------------------


def test_the_desk_scans_a_second_person_checks_and_it_is_scanned_again(checked, clock):
    dossier = receive(checked)
    lan, mai = browser(checked, "lan"), browser(checked, "mai")
    queue = reverse("dossiers:digitising")
    scan_page = reverse("dossiers:scan", args=[component_of(dossier).pk])
    assert "Giấy chứng nhận" in said(lan.get(queue, {"hang": "quet"}))
    assert scan_page in lan.get(case_url(dossier)).content.decode()

    bad = lan.post(scan_page, {"file": SimpleUploadedFile("q.tif", picture(dpi=100)), "pages": "1"})
    assert bad.status_code == 422
    assert "100 dpi" in said(bad)
    good = lan.post(scan_page, {"file": SimpleUploadedFile("q.tif", picture()), "pages": "1"})
    assert good.status_code == 302
    check_page = reverse("dossiers:check_scan", args=[scan_of(dossier).pk])

    assert "Bạn quét, người khác kiểm tra" in said(lan.get(queue))
    assert lan.post(check_page, {"viec": "dat"}).status_code == 422
    assert check_page in mai.get(queue).content.decode()
    assert mai.post(check_page, {"viec": "lai"}).status_code == 422
    assert mai.post(check_page, {"viec": "lai", "reason": "mờ"}).status_code == 302
    assert "mờ" in said(lan.get(scan_page))
    assert browser(checked, "doi").get(check_page).status_code == 404
    assert browser(checked, "doi").get(scan_page).status_code == 404


def test_the_lists_cost_the_same_however_long(checked, clock, django_assert_max_num_queries):
    for _ in range(6):
        scanned(checked)
    mai = browser(checked, "mai")
    mai.get(reverse("dossiers:digitising"))

    for which in ("kiem-tra", "quet", "ky", "khong-co"):
        with django_assert_max_num_queries(11):
            mai.get(reverse("dossiers:digitising"), {"hang": which})


def test_signing_from_the_list_tells_what_became_of_each(town, clock):
    setting("quality_check_percent", 0)
    with_certificates(town)
    dossier = receive(town, papers=(actions.PaperIn(code="giay-chung-nhan", file_id=a_pdf(by=town.actor("lan")), pages=1),))
    lan = browser(town, "lan")
    address = reverse("dossiers:sign_scans")
    scan = scan_of(dossier)

    for data, words in (
        ({"pin": PIN}, "Chưa chọn bản quét nào"),
        ({"chon": "x", "pin": PIN}, "Chưa chọn bản quét nào"),
        ({"chon": scan.pk, "pin": ""}, "Chưa nhập mã PIN"),
        ({"chon": scan.pk, "pin": "111111"}, "PIN"),
        ({"chon": scan.pk, "pin": PIN}, "Đã ký 1 bản quét"),
    ):
        assert words in said(lan.post(address, data, follow=True)), words
    assert Component.objects.get(pk=component_of(dossier).pk).file_id != scan.file_id
