"""Bad input at the entrances beyond filing: signed PDFs, certificates, drawn processes, registers, scans, legs, login.

As in test_bad_input: a clear sentence in Vietnamese, a 4xx, nothing half stored, nothing personal in the log.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfWriter

from tests.journeys.refusing import PERSONAL, VIETNAMESE, says_no, stored
from thongsuot.config.wsgi import programs
from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Component, Dossier
from thongsuot.dossiers.tests.citizen import words
from thongsuot.dossiers.tests.desk import browser as officer
from thongsuot.dossiers.tests.make import MONDAY, PDF, Town, forward_to, make_land_town, make_town, receive, resolve
from thongsuot.dossiers.tests.papers import with_certificates
from thongsuot.dossiers.tests.test_api import Program, key_of
from thongsuot.files.models import StoredFile
from thongsuot.files.tests.make import docx, pdf, png
from thongsuot.kernel.actor import system
from thongsuot.kernel.tests.standing import Standing, standing
from thongsuot.people.models import Appointment
from thongsuot.people.tests.make import logged_in, make_administrator, make_citizen, with_second_factor
from thongsuot.people.tests.test_national_identity import BACK, at_the_provider, chosen, is_in
from thongsuot.personal_store.tests.make import make_paper
from thongsuot.procedures.models import ProcessDraft
from thongsuot.procedures.rules import MOST_STEPS
from thongsuot.procedures.tests.test_bpmn import EXTERNAL, LAUGHS, PLAIN, file
from thongsuot.registers import actions as registers
from thongsuot.registers import sheets
from thongsuot.registers.models import Entry, ImportRow, RegisterImport
from thongsuot.registers.tests.make import a_row, as_csv, as_xlsx
from thongsuot.registers.tests.test_hostile import with_member
from thongsuot.signing.models import Certificate, TrustedRoot
from thongsuot.signing.reading.guarded import LARGEST
from thongsuot.signing.tests.test_validation import endless_pages, hostile_xmp, stream_bomb
from thongsuot.units import queries as units

pytestmark = pytest.mark.django_db
HOUSE = system("cli")


def make_a_town() -> Town:
    """Land with its legs, officers with certificates, and Toàn who keeps registers too."""
    town = with_certificates(make_land_town())
    Appointment.objects.filter(person=town.people["toan"]).update(duties=["keep civil status", "process dossiers"])
    town.people["quan"] = with_second_factor(make_administrator(town.city.city, at=MONDAY))
    return town


@pytest.fixture(scope="module")
def standing_town(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing[Town]]:
    yield from standing(request, django_db_blocker, make_a_town)


@pytest.fixture(autouse=True)
def monday(settings, monkeypatch, tmp_path, caplog):
    settings.CITY_CODE, settings.DATA_DIR, settings.VNEID = "98", tmp_path, "stand-in"
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    caplog.set_level("INFO")
    units.clear_caches()
    cache.clear()
    yield
    assert [word for word in PERSONAL if word in caplog.text] == [], caplog.text


@pytest.fixture
def town(standing_town: Standing[Town], db: None) -> Town:
    return standing_town.own()


def program(town: Town, name: str) -> Program:
    one = Program(key_of(town, name).secret)
    one.client = Client(raise_request_exception=False)
    one.client.handler._middleware_chain = programs._middleware_chain  # the way that programs take
    return one


def upload(content: bytes, name: str = "tep.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def with_a_password() -> bytes:
    writer, out = PdfWriter(clone_from=io.BytesIO(PDF)), io.BytesIO()
    writer.encrypt("mat-khau", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


# -- signed PDFs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"khong phai PDF", png(), docx(), PDF[: len(PDF) // 2], b"%PDF-1.7\n", with_a_password(), PDF + bytes(LARGEST)],
    ids=["nothing", "text", "picture", "letter", "cut off", "a beginning", "with a password", "too big"],
)
def test_what_is_no_readable_pdf_is_examined_by_no_page_and_no_program(town, content):
    anyone, before = Client(raise_request_exception=False), stored()

    says_no(anyone.post(reverse("signing:validate"), {"file": upload(content)}), before=before)
    says_no(anyone.post("/api/v1/signatures/validate", {"file": upload(content)}), before=before)


@pytest.mark.parametrize("made", [lambda: stream_bomb(2), hostile_xmp, endless_pages], ids=["bomb", "entities", "loop"])
def test_a_pdf_made_to_hurt_is_answered_and_forgotten(town, made):
    content = made()
    anyone, before = Client(raise_request_exception=False), stored()

    page = anyone.post(reverse("signing:validate"), {"file": upload(content)})
    answer = anyone.post("/api/v1/signatures/validate", {"file": upload(content)})

    assert page.status_code in {200, 422}
    assert answer.status_code in {200, 413, 422}
    assert VIETNAMESE.search(words(page))
    assert "root:" not in page.content.decode()
    assert stored() == before


def test_no_file_at_all_is_asked_for(town):
    anyone, before = Client(raise_request_exception=False), stored()

    says_no(anyone.post(reverse("signing:validate")), before=before)
    says_no(anyone.post("/api/v1/signatures/validate"), before=before)
    says_no(anyone.post("/api/v1/signatures/validate", b"{", content_type="application/json"), before=before)
    for code in ("ABCD", "a" * 500, "ABCDEFGHJKMNPQRS"):
        says_no(anyone.get(f"/api/v1/proofs/{code}"), before=before, status={404})
        asked = anyone.get("/xac-thuc/", {"ma": code}, follow=True)
        assert asked.status_code in {404, 422}
        assert VIETNAMESE.search(words(asked))


# -- certificates ------------------------------------------------------------------------------------------------------


def a_pem(kind: str, content: bytes = b"QUJD") -> bytes:
    return b"-----BEGIN %s-----\n%s\n-----END %s-----\n" % (kind.encode(), content, kind.encode())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"khong phai chung thu",
        a_pem("CERTIFICATE"),
        a_pem("PRIVATE KEY"),
        a_pem("CERTIFICATE", b"A" * 300_000),
        a_pem("CERTIFICATE", b"\xff\xfe\x00"),
        b"-----BEGIN CERTIFICATE-----\nQUJD",
        bytes(300_000),
        b"\x30\x82\x05\x00" * 200,
        PDF,
    ],
    ids=["nothing", "text", "no DER", "a key", "large", "no base64", "cut off", "zeros", "DER", "PDF"],
)
def test_what_is_no_certificate_is_taken_in_nowhere(town, content):
    quan = officer(town, "quan")
    choices = quan.get(reverse("signing:add")).content.decode()
    before = stored()

    said = says_no(
        quan.post(
            reverse("signing:add"),
            {"holder": _first_choice(choices), "certificate": upload(content, "a.pem"), "token_label": "t", "key_label": "k"},
        ),
        before=before,
    )
    says_no(
        quan.post(
            reverse("signing:trust_list"),
            {"certificate": upload(content, "a.pem"), "basis": "thử", "valid_from": "06/10/2025"},
        ),
        before=before,
    )

    assert "PRIVATE KEY" not in said
    assert not TrustedRoot.objects.filter(basis="thử").exists()


def _first_choice(page: str) -> str:
    options = page.split('name="holder"')[1].split("</select>")[0]
    return next(value for part in options.split('value="')[1:] if (value := part.split('"')[0]))


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", png(claimed=(60_000, 60_000)), PDF, bytes(6 * 2**20)], ids=["no", "gif", "bomb", "pdf", "big"]
)
def test_a_picture_of_a_signature_that_is_none(town, content):
    quan, certificate = officer(town, "quan"), Certificate.objects.order_by("pk").first()
    before = stored()

    says_no(
        quan.post(reverse("signing:certificate", args=[certificate.pk]), {"viec": "hinh", "image": upload(content, "a.png")}),
        before=before,
        status={422},
    )


# -- processes ---------------------------------------------------------------------------------------------------------


def many_steps(count: int) -> bytes:
    tasks = "".join(f'<task id="x{n}" name="Bước {n}"/>' for n in range(count))
    return file(PLAIN.replace('<startEvent id="s"/>', f'<startEvent id="s"/>{tasks}'))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        file(before=LAUGHS, process=PLAIN.replace("Thẩm định", "&u;")),
        file(before=EXTERNAL, process=PLAIN.replace("Thẩm định", "&x;")),
        file(before="<!DOCTYPE definitions>"),
        ("\ufeff" + file(before=EXTERNAL).decode()).encode("utf-16"),
        file().replace(b"http://www.omg.org/spec/BPMN/20100524/MODEL", b"http://vidu.vn/khac"),
        many_steps(MOST_STEPS + 5),
        b" " * 1_000_001,
    ],
    ids=["nothing", "zeros", "laughs", "external", "DTD", "UTF-16", "namespace", "many steps", "big"],
)
def test_a_drawing_that_may_harm_or_cannot_run_stays_outside(town, content):
    quan = officer(town, "quan")
    address = reverse("procedures:import_process", args=[town.version.procedure.code])
    before = stored()

    said = says_no(quan.post(address, {"file": upload(content, "a.bpmn")}), before=before)

    assert "root:" not in said
    assert not ProcessDraft.objects.exists()
    says_no(quan.post(address, {"viec": "nhan", "doc": "x" * 5_000}), before=before)


# -- registers ---------------------------------------------------------------------------------------------------------


def formulas(book, sheet) -> None:
    sheet["A2"] = '=HYPERLINK("http://vidu.vn","x")'


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (lambda: with_member(as_xlsx([a_row()]), "xl/media/bomb.bin", bytes(20_000_000)), "so.xlsx"),
        (lambda: as_xlsx([a_row()])[:-400], "so.xlsx"),
        (lambda: as_csv([a_row()]).replace("Số".encode(), "Thứ tự".encode()), "so.csv"),
        (lambda: b"a,b\n1,2\n", "so.csv"),
        (lambda: as_csv([a_row()]).replace(b"15", b"1\x005"), "so.csv"),
        (lambda: b"\0" * 1000, "so.csv"),
        (lambda: PDF, "so.csv"),
        (lambda: as_csv([a_row()]), "so.exe"),
    ],
    ids=["zip bomb", "cut off", "wrong column", "no columns", "a NUL", "NULs", "PDF", "ending"],
)
def test_an_old_register_that_is_none_brings_no_entry(town, content, name):
    toan, before = officer(town, "toan"), stored()

    answer = toan.post(
        reverse("registers:imports"),
        {"unit": town.river, "kind": "birth", "default_place": "", "file": upload(content(), name)},
    )

    if answer.status_code == 302:  # taken in, and read by the worker
        sent = registers.read_file(RegisterImport.objects.get().pk, actor=HOUSE, at=MONDAY)
        said = words(toan.get(answer["Location"]))
        assert sent.status == RegisterImport.Status.REFUSED or sent.rejected == sent.rows_in, said
        assert VIETNAMESE.search(sent.refusal or said)
        assert "Hãy" in said
        says_no(toan.post(answer["Location"]), before=stored())
    else:
        says_no(answer, before=before)
    assert not Entry.objects.exists()
    assert not ImportRow.objects.filter(state="stored").exists()


def test_rows_with_formulas_are_rejected_and_too_many_rows_refused(town, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    toan = officer(town, "toan")

    def send(content: bytes, name: str) -> RegisterImport:
        form = {"unit": town.river, "kind": "birth", "default_place": "", "file": upload(content, name)}
        assert toan.post(reverse("registers:imports"), form).status_code == 302
        return registers.read_file(RegisterImport.objects.latest("pk").pk, actor=HOUSE, at=MONDAY)

    rejected = send(as_xlsx([a_row()], change=formulas), "so.xlsx")
    refused = send(as_csv([a_row(number=str(n)) for n in range(1, 6)]), "so.csv")

    assert (rejected.rows_in, rejected.rejected) == (1, 1)
    assert "chia nhỏ" in refused.refusal
    assert not Entry.objects.exists()


# -- scans and certified copies ----------------------------------------------------------------------------------------

SCANS = {
    "nothing": b"",
    "a program": b"MZ" + bytes(500),
    "a page": b"<html><script>alert(1)</script></html>",
    "cut off": PDF[: len(PDF) // 2],
    "with a password": with_a_password(),
    "a picture bomb": png(claimed=(60_000, 60_000)),
    "big": PDF + bytes(21 * 2**20),
}


def a_component(town: Town) -> Component:
    dossier = receive(town, papers=(actions.PaperIn(code="giay-chung-nhan"),))
    return Component.objects.get(dossier=dossier, paper_code="giay-chung-nhan")


@pytest.mark.parametrize("content", SCANS.values(), ids=SCANS)
def test_a_scan_that_is_none_stays_outside(town, content):
    component = a_component(town)
    lan = officer(town, "lan")
    address = reverse("dossiers:scan", args=[component.pk])
    lan.get(address)  # that she looked is noted
    before = stored()

    says_no(lan.post(address, {"file": upload(content, "quet.pdf"), "pages": "1"}), before=before)


@pytest.mark.parametrize("pages", ["", "x", "0", "-1", "99999999999999999999", "1e3", "2001"])
def test_a_number_of_pages_that_cannot_be(town, pages):
    component = a_component(town)
    lan, address = officer(town, "lan"), reverse("dossiers:scan", args=[component.pk])
    lan.get(address)
    before = stored()

    says_no(lan.post(address, {"file": upload(pdf()), "pages": pages}), before=before)
    assert not StoredFile.objects.filter(purpose="dossiers.paper").exists()


def test_a_good_scan_for_which_it_is_too_late_is_not_kept(town):
    component = a_component(town)
    lan, address = officer(town, "lan"), reverse("dossiers:scan", args=[component.pk])
    lan.get(address)
    actions.withdraw(component.dossier_id, reason="Đã có giấy khác", actor=town.actor("lan"), at=MONDAY)
    before, _files = stored()

    answer = lan.post(address, {"file": upload(pdf()), "pages": "1"})

    assert answer.status_code == 422, words(answer)
    assert VIETNAMESE.search(words(answer))
    assert stored()[0] == before  # the bytes alone go with the nightly sweep


def test_chosen_scans_and_pins_that_are_nonsense_sign_nothing(town):
    lan, before = officer(town, "lan"), stored()

    for chosen_ones, pin in ((["x", "-1", "9" * 30], "482913"), (["1"], ""), (["99999"], "000000"), (["1"], "1" * 5_000)):
        answer = lan.post(reverse("dossiers:sign_scans"), {"chon": chosen_ones, "pin": pin}, follow=True)
        assert answer.status_code == 200
        assert VIETNAMESE.search(words(answer))
    assert stored() == before


@pytest.fixture
def a_copy_asked_for(db) -> tuple[Town, Dossier]:
    town = with_certificates(make_town(code="2.000815"))
    actions.offer_copies(town.river, offered=True, actor=town.actor("hanh"), at=MONDAY)
    return town, receive(town, quantities={"pages": 1, "copies": 1}, return_by="electronic")


@pytest.mark.parametrize("content", SCANS.values(), ids=SCANS)
def test_a_copy_of_something_that_is_no_scan(a_copy_asked_for, content):
    town, dossier = a_copy_asked_for
    lan, address = officer(town, "lan"), reverse("dossiers:case_copies", args=[dossier.pk])
    lan.get(address)
    before = stored()
    form = {"title": "Bằng tốt nghiệp", "pages": "3", "original_shown": "on", "file": upload(content, "bang.pdf")}

    says_no(lan.post(address, form), before=before)
    for wrong in ({"pages": "0"}, {"pages": "x"}, {"title": ""}, {"original_shown": ""}, {"title": "x" * 301}):
        says_no(lan.post(address, {**form, "file": upload(pdf()), **wrong}), before=before)


# -- one's own store ---------------------------------------------------------------------------------------------------


def test_a_store_is_its_owners_and_nonsense_changes_nothing_in_it(town):
    owner, other = make_citizen("Hoàng Văn Minh", at=MONDAY), make_citizen(at=MONDAY)
    paper = make_paper(account_id=owner.pk)
    stranger, before = logged_in(other), stored()

    for name in ("paper", "file", "offer"):
        address = reverse(f"personal_store:{name}", args=[paper.pk])
        says_no(stranger.post(address) if name == "offer" else stranger.get(address), before=before, status={404})
    mine = logged_in(owner)
    says_no(mine.post(reverse("personal_store:withdraw", args=[paper.pk, 2**62])), before=before, status={404})
    for words_asked in ("%", "_" * 500, "\0", "' OR 1=1 --", "=" * 10_000):
        assert mine.get(reverse("personal_store:papers"), {"q": words_asked}).status_code in {200, 400}
    assert stored() == before


# -- legs, opinions, ratings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("take-over", {"x": 1}),
        ("take-over", b"["),
        ("take-over", {}),
        ("return-leg", {}),
        ("return-leg", {"reason": "x" * 1001}),
        ("remind-leg", b"null"),
        ("payment-notice", {"step": "thue", "number": "7", "amount_dong": -1, "pay_by": "2025-11-01"}),
        ("payment-notice", {"step": "thue", "number": "7", "amount_dong": 10**30, "pay_by": "2025-11-01"}),
        ("payment-notice", {"step": "thue", "number": "7", "amount_dong": 1, "pay_by": "ngày mai"}),
        ("payment-notice", {"step": "thue", "number": "7", "amount_dong": 1, "pay_by": "2025-11-01", "file_id": 2**53}),
        ("ask-opinion", {"body_id": 0, "question": "x"}),
        ("ask-opinion", {"body_id": 2**53, "question": "x"}),
        ("ask-opinion", {"body_id": 1, "question": ["x"]}),
        ("ask-opinion", {"body_id": 1, "question": "x", "answer_by": "1900-01-01"}),
        ("confirm-payment", {}),
        ("confirm-payment", {"proof_file_id": "7"}),
    ],
)
def test_acts_on_legs_and_opinions_with_bodies_that_cannot_be(town, command, body):
    dossier = forward_to(town, receive(town), "kiem-tra", at=MONDAY)
    lan, toan = program(town, "lan"), program(town, "toan")
    before = stored()

    for one in (lan, toan):
        says_no(one.post(f"/dossiers/{dossier.pk}/{command}", body), before=before)


@pytest.mark.parametrize("path", ["/opinions/0/answer", "/opinions/99999999999999999999/answer", "/carriages/7/receive"])
@pytest.mark.parametrize("body", [{"answer": "x"}, {"answer": 5}, b"{", {"missing": {"x": "y"}}, {"missing": []}])
def test_opinions_and_carriages_that_are_not_there(town, path, body):
    lan = program(town, "lan")
    before = stored()

    says_no(lan.post(path, body), before=before)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        {"secret": "5678"},
        {"secret": "5678", "level": 0},
        {"secret": "5678", "level": 6},
        {"secret": "5678", "level": "5"},
        {"secret": "0000", "level": 5},
        {"secret": "", "level": 5},
        {"secret": "5678", "level": 5, "reasons": ["x"] * 11},
        {"secret": "5678", "level": 1, "reasons": ["khong-co"]},
        {"secret": "5678", "level": 5, "comment": "x" * 1001},
    ],
)
def test_a_rating_that_cannot_be(db, body):
    town = make_town()
    dossier = resolve(town, receive(town), at=MONDAY)
    anyone = Program("")
    anyone.client = Client(raise_request_exception=False)
    before = stored()

    says_no(anyone.post(f"/track/{dossier.code}/rating", body), before=before)


# -- login with the national identity ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"code": "x"},
        {"state": "x"},
        {"code": "x", "state": "x"},
        {"code": "x" * 20_000, "state": "\0"},
        {"error": "<script>alert(1)</script>", "state": "x"},
        {"error": "server_error"},
    ],
)
def test_coming_back_from_nowhere_is_no_login(town, query):
    visitor = Client(raise_request_exception=False)
    before = stored()

    answer = visitor.get(BACK, query)

    says_no(answer, before=before)
    assert "<script>alert" not in answer.content.decode()
    assert not is_in(visitor)


def test_a_code_played_again_and_a_state_of_another_browser_are_no_login(town):
    first, thief = Client(raise_request_exception=False), Client(raise_request_exception=False)
    back = chosen(first, at_the_provider(first), "hoa")
    before = stored()
    says_no(thief.get(back), before=before)
    first.get(back)
    first.logout()
    before = stored()

    says_no(first.get(back), before=before)
    says_no(thief.get(back), before=before)

    assert not is_in(first)
    assert not is_in(thief)


@pytest.mark.parametrize("change", ["redirect_uri", "state", "nonce", "code_challenge", "client_id"])
def test_the_stand_in_answers_only_a_whole_question_of_ours(town, change):
    visitor = Client(raise_request_exception=False)
    address = at_the_provider(visitor)
    before = stored()

    for value in ("", "https://vidu.vn/lay"):
        if change in {"state", "nonce", "code_challenge"} and value:
            continue
        path, _, query = address.partition("?")
        wrong = "&".join(f"{change}={value}" if part.startswith(f"{change}=") else part for part in query.split("&"))
        says_no(visitor.post(f"{path}?{wrong}", {"person": "hoa"}), before=before)
    says_no(visitor.post(address, {"person": "<script>"}), before=before)
