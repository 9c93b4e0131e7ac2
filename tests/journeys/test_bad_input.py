"""Bad input is normal input: a clear sentence in Vietnamese, a 4xx, nothing half stored, nothing personal in the log."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from tests.journeys.refusing import PERSONAL, VIETNAMESE, says_no, stored
from thongsuot.config.wsgi import programs
from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Dossier, Opinion
from thongsuot.dossiers.tests.citizen import CODE, OWNER, WHAT, WHO, fill_in, make_filing_town, page, start, submit, words
from thongsuot.dossiers.tests.desk import browser as officer
from thongsuot.dossiers.tests.desk import case_url, do
from thongsuot.dossiers.tests.make import MONDAY, PDF, Town, an_intake, forward_to, minh, receive, resolve
from thongsuot.dossiers.tests.test_api import Program, key_of
from thongsuot.files import storage
from thongsuot.files.tests.make import docx
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.history import history_of
from thongsuot.kernel.tests.standing import Standing, standing
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.tests.make import logged_in, make_citizen

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert('1')</script>\"><img src=x onerror=alert(2)>"


@pytest.fixture(autouse=True)
def monday(settings, monkeypatch):
    settings.CITY_CODE = "98"
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture(scope="module")
def standing_town(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing[Town]]:
    yield from standing(request, django_db_blocker, make_filing_town)


@pytest.fixture
def town(standing_town: Standing[Town], monday, db) -> Town:
    return standing_town.own()


@pytest.fixture
def browser():
    return Client(raise_request_exception=False)


@pytest.fixture
def lan(town):
    program = Program(key_of(town, "lan").secret)
    program.client = Client(raise_request_exception=False)
    program.client.handler._middleware_chain = programs._middleware_chain  # the way that programs take
    return program


@pytest.fixture(autouse=True)
def discreet(caplog):
    """Whatever is refused, the log says nothing of whom."""
    caplog.set_level("INFO")
    yield
    told = [word for word in PERSONAL if word in caplog.text]
    assert told == [], caplog.text


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Files are counted here: the other half of a parallel run keeps its own meanwhile."""
    settings.DATA_DIR = tmp_path


A_DOSSIER = {
    "procedure": CODE,
    "receiving_unit": "98001",
    "owner": {"name": "Hoàng Văn Minh", "phone": "0912345678"},
    "papers": [{"code": "giay-chung-nhan"}],
    "quantities": {"pages": 2, "copies": 2},
}


# -- size and shape ----------------------------------------------------------------------------------------------------


def test_a_body_of_ten_megabytes(town, lan, browser):
    code = start(browser)
    before = stored()
    large = "a" * 10 * 2**20

    says_no(lan.post("/dossiers", {**A_DOSSIER, "owner": {"name": large}}), before=before)
    says_no(lan.post("/dossiers", large.encode()), before=before)
    says_no(browser.post(page("draft_contact", code), {**OWNER, "name": large}), before=before)
    says_no(
        browser.post(page("draft_contact", code), f"name={large}", content_type="application/x-www-form-urlencoded"),
        before=before,
    )
    says_no(browser.get(reverse("dossiers:track"), {"ma": "a" * 100_000}), before=before)


def test_more_fields_and_files_than_any_form_has(town, browser):
    code = start(browser)
    before = stored()

    says_no(browser.post(page("draft_contact", code), {f"f{number}": "x" for number in range(2000)}), before=before)
    many = {f"files-{number}": SimpleUploadedFile("a.pdf", PDF) for number in range(40)}
    says_no(browser.post(page("draft_papers", code), many), before=before)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b'{"procedure": "9.000001"}',
        b"[" * 100_000,
        b'{"a": 1e999}',
        json.dumps({**A_DOSSIER, "surprise": 1}).encode(),
        *(
            json.dumps({**A_DOSSIER, name: wrong}).encode()
            for name, wrong in (
                ("procedure", 9),
                ("receiving_unit", 98001),
                ("receiving_unit", None),
                ("owner", []),
                ("owner", {"name": ["x"]}),
                ("owner", {"phone": "0912345678"}),
                ("papers", "giay-chung-nhan"),
                ("papers", [{"code": "x", "originals": -1}]),
                ("papers", [{"code": "giay-chung-nhan", "file_id": "1"}]),
                ("quantities", {"copies": "2"}),
                ("quantities", {"copies": 10**30}),
                ("channel", 9),
                ("channel", "1"),
                ("return_by", "dove"),
                ("exemptions", {}),
                ("form", []),
            )
        ),
    ],
)
def test_bodies_of_the_wrong_type(lan, body):
    before = stored()

    says_no(lan.post("/dossiers", body), before=before)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/thu-tuc/", "trang=abc"),
        ("/thu-tuc/", "trang=-1"),
        ("/thu-tuc/", "trang=99999999999999999999"),
        ("/xa-phuong/", "lat=x&lon=y"),
        ("/xa-phuong/", "chon=99999&q=a"),
        ("/tra-cuu/", "ma=%00"),
        ("/tra-cuu/", "ma=%ff%fe"),
        ("/thu-tuc/", "q=%F0%9F%98%80" * 50),
    ],
)
def test_addresses_with_nonsense_behind_them_never_fail(town, browser, path, query):
    before = stored()

    response = browser.get(f"{path}?{query}")

    assert response.status_code < 500
    assert stored() == before


# -- script ------------------------------------------------------------------------------------------------------------


def scripted(town):
    """A dossier in which whatever can be written is a script, by citizen and officers; and the addresses that show it."""
    citizen = Client()
    code = start(citizen)
    for part, data in (("who", {**WHO, "name": SCRIPT[:60]}), ("what", {**WHAT, "things-0-title": SCRIPT[:60]})):
        citizen.post(page("draft_form", code, part), data)
    citizen.post(page("draft_papers", code), {"files-giay-chung-nhan": SimpleUploadedFile(f"{SCRIPT}.pdf", PDF)})
    citizen.post(page("draft_contact", code), {**OWNER, "filing_for": "another", "name": SCRIPT, "address": SCRIPT})
    citizen.post(page("draft_contact", code, "nguoi-nop"), {"name": SCRIPT, "relation": SCRIPT, "phone": "0912345678"})
    citizen.post(page("draft_contact", code, "nhan-ket-qua"), {"return_by": "counter"})
    checked = citizen.get(page("draft_check", code))
    submit(citizen, code)
    dossier = Dossier.objects.get()
    lan, viet, toan = (officer(town, name) for name in ("lan", "viet", "toan"))
    do(lan, dossier, "tiep-nhan")
    do(lan, dossier, "chuyen", step_key="tiep-nhan", note=SCRIPT)
    do(viet, dossier, "chuyen", step_key="phan-cong", to_person=town.people["toan"].pk, note=SCRIPT)
    body = town.city.body(town.city.river, "office").pk
    do(toan, dossier, "hoi-y-kien", body_id=body, question=SCRIPT)
    opinion = Opinion.objects.get()
    toan.post(reverse("dossiers:opinion", args=[opinion.pk]), {"answer": SCRIPT})
    do(toan, dossier, "bo-sung", items=SCRIPT, reason=SCRIPT)
    citizen.post(reverse("dossiers:track_supplement", args=[Dossier.objects.get().code]), {"answer": SCRIPT})
    do(toan, dossier, "du-thao", title=SCRIPT, file=SimpleUploadedFile(f"{SCRIPT}.pdf", PDF))
    do(toan, dossier, "hen-lai", day="20/10/2025", hour="17:00", reason=SCRIPT)
    toan.post(reverse("dossiers:uncover", args=[dossier.pk]), {"reason": SCRIPT})
    dossier = Dossier.objects.get()
    shown = [
        (toan, case_url(dossier)),
        (toan, reverse("dossiers:inbox")),
        (viet, reverse("dossiers:inbox")),
        (toan, reverse("dossiers:act", args=[dossier.pk, "chuyen"])),
        (toan, reverse("dossiers:opinions")),
        (lan, reverse("dossiers:search") + "?" + "q=" + SCRIPT.replace("#", "")),
        (lan, reverse("dossiers:logbook")),
        (officer(town, "hanh"), reverse("dossiers:leading")),
        (citizen, reverse("dossiers:tracked", args=[dossier.code])),
        (citizen, reverse("dossiers:submitted", args=[code])),
    ]
    return dossier, checked, shown


def test_script_in_every_text_field_is_shown_as_text(town):
    dossier, checked, shown = scripted(town)
    assert dossier.owner_name == SCRIPT
    assert [line.name for line in history_of(dossier)][-3:] == [
        "dossiers.supplemented",
        "dossiers.drafted",
        "dossiers.reappointed",
    ]

    seen = 0
    for response in (checked, *(client.get(address) for client, address in shown)):
        body = response.content.decode()
        assert response.status_code == 200, words(response)[:300]
        assert "<script>alert" not in body, response.request["PATH_INFO"]
        assert "<img src=x" not in body, response.request["PATH_INFO"]
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        seen += body.count(html.escape("<script>alert"))
    assert seen > 30


def test_script_and_typesetting_commands_are_text_on_paper_too(town):
    name = '#read("/etc/passwd") $x$ *a* `b` <c> @d'
    dossier = receive(town, owner=minh(name=name))

    pdf = officer(town, "lan").get(reverse("dossiers:document", args=[dossier.pk, "receipt"])).content
    text = "".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())

    assert "".join(name.split()) in text
    assert "root:" not in text


def test_a_spreadsheet_gets_text_and_no_formulas(town):
    from openpyxl import load_workbook

    receive(town, owner=minh(name='=HYPERLINK("http://x","a")'))

    content = b"".join(officer(town, "lan").get(reverse("dossiers:logbook_excel")).streaming_content)
    cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]

    assert any("HYPERLINK" in str(cell.value) for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/passwd.pdf",
        "..\\..\\windows\\system32\\x.pdf",
        "/etc/cron.d/x.pdf",
        "CON.pdf",
        ".htaccess.pdf",
        "a\x00b.pdf",
        "a\r\nSet-Cookie: x=1.pdf",
        'a;b="c".pdf',
        "‮fdp.exe.pdf",
        "x" * 500 + ".pdf",
        "   .pdf",
        "....pdf",
        "giấy khai sinh.pdf",
    ],
)
def test_tricks_with_the_names_of_files_lead_nowhere(town, browser, name):
    code = start(browser)
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files-giay-chung-nhan"; filename="'
        + name.replace('"', '\\"').replace("\r", "%0D").replace("\n", "%0A").encode()
        + b'"\r\n\r\n'
        + PDF
        + b"\r\n--x--\r\n"
    )

    response = browser.post(page("draft_papers", code), body, content_type="multipart/form-data; boundary=x")

    assert response.status_code in {302, 400, 422}, words(response)
    for path in storage.root().rglob("*"):
        assert re.fullmatch(r"[0-9a-f]{2}|[0-9a-f]{64}|incoming", path.name), path
    fill_in(browser, code)
    submit(browser, code)
    papers = Dossier.objects.get().components.exclude(file=None)
    for paper in papers:
        assert not re.search(r"[/\\\x00-\x1f‮]", paper.file.name)
        assert paper.file.name.endswith(".pdf")
        answer = browser.get(reverse("dossiers:track_paper", args=[Dossier.objects.get().submission_code, paper.pk]))
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "\n" not in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Type"] == "application/pdf"


def bomb():
    return docx(more={f"word/media/{number}.bin": bytes(40 * 2**20) for number in range(4)})


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (bomb, "don.docx"),
        (lambda: b"MZ" + bytes(500), "don.pdf"),
        (lambda: b"<html><script>alert(1)</script></html>", "don.html"),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "anh.svg"),
        (lambda: b"", "rong.pdf"),
        (lambda: PDF[:200], "cat.pdf"),
        (lambda: PDF + bytes(21 * 2**20), "to.pdf"),
        (lambda: PDF, "don.exe"),
    ],
    ids=["zip bomb", "program", "page", "drawing", "empty", "cut", "large", "ending"],
)
def test_files_that_are_not_what_they_should_be(town, browser, lan, content, name):
    code = start(browser)
    before = stored()

    answer = browser.post(page("draft_papers", code), {"files-giay-chung-nhan": SimpleUploadedFile(name, content())})
    assert name in says_no(answer, before=before, draft_is_kept=True)
    before = stored()
    says_no(
        lan.client.post(
            "/api/v1/files", {"file": SimpleUploadedFile(name, content())}, headers={"Authorization": f"Bearer {lan.secret}"}
        ),
        before=before,
    )


# -- units, competence, other people's codes ---------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["99999", "00000", "abc", "-1", "98001'--", ""])
def test_an_unknown_unit(town, browser, lan, unit):
    before = stored()

    says_no(browser.post(reverse("dossiers:apply", args=[CODE]), {"unit": unit}), before=before)
    says_no(lan.post("/dossiers", {**A_DOSSIER, "receiving_unit": unit}), before=before)


@pytest.mark.parametrize(
    "path", ["/xa-phuong/99999/", "/nop-ho-so/9.999999/", "/thu-tuc/9.999999/", "/tra-cuu/H98.1-251006-0001/"]
)
def test_what_does_not_exist_is_said_with_a_way_on(town, browser, path):
    before = stored()

    says_no(browser.get(path), before=before, status={404})


def test_a_competence_that_has_expired(settings):
    from thongsuot.dossiers.tests.make import make_town

    settings.CITY_CODE = "98"
    town = make_town(competent_until=date(2025, 9, 1))
    lan = Program(key_of(town, "lan").secret)
    before = stored()

    said = says_no(lan.post("/dossiers", {**A_DOSSIER, "quantities": {"copies": 1}}), before=before)
    assert "01/09/2025" in said or "thẩm quyền" in said
    response = Client().post(reverse("dossiers:apply", args=[CODE]), {"unit": "98001"})
    says_no(response, before=before)
    desk = officer(town, "lan")
    says_no(
        desk.post(
            reverse("dossiers:intake"), {"viec": "nhan", "thu-tuc": CODE, "ma": CODE, "da-tim": CODE, "name": "Hoàng Văn Minh"}
        ),
        before=before,
    )


def test_other_peoples_codes_open_nothing(town, browser):
    dossier = resolve(town, receive(town), at=MONDAY)
    draft = start(Client())
    before = stored()
    citizen = logged_in(make_citizen(at=MONDAY))
    before = stored()

    for client in (browser, citizen):
        assert "Hoàng" not in client.get(f"/tra-cuu/{dossier.code}/").content.decode()
        for what in ("rut", "danh-gia", "bo-sung"):
            says_no(client.post(f"/tra-cuu/{dossier.code}/{what}/", {"level": "5", "reason": "x"}), before=before, status={403})
        for what in ("ket-qua", "bo-sung", "rut"):
            answer = client.get(f"/tra-cuu/{dossier.code}/{what}/")
            assert "Bốn số cuối" in words(answer)
            assert answer.headers["Content-Type"].startswith("text/html")
        says_no(client.get(reverse("dossiers:document", args=[dossier.pk, "receipt"])), before=before, status={403, 404})
    near = draft[:-1] + ("A" if draft[-1] != "A" else "C")
    says_no(browser.get(page("draft", near)), before=before, status={404})
    says_no(browser.post(page("draft_check", near), {"promise": "on"}), before=before, status={404})
    elsewhere = officer(town, "doi")
    says_no(elsewhere.get(case_url(dossier)), before=before, status={404})
    says_no(do(elsewhere, dossier, "tra-ket-qua", handed_to="Kẻ lạ"), before=before, status={404})


# -- forms -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        {"name": 5, "born": "1990-01-05", "things": [{"title": "a", "pages": 1, "copies": 1}]},
        {"name": "Hoàng Văn Minh", "born": "1990-13-45", "things": [{"title": "a", "pages": 1, "copies": 1}]},
        {"name": "Hoàng Văn Minh", "born": "2990-01-01", "things": [{"title": "a", "pages": 1, "copies": 1}]},
        {"name": "Hoàng Văn Minh", "born": "1990-01-05", "things": []},
        {"name": "Hoàng Văn Minh", "born": "1990-01-05", "things": [{"title": "a", "pages": 0, "copies": 1}]},
        {"name": "Hoàng Văn Minh", "born": "1990-01-05", "things": [{"title": "a", "pages": 1, "copies": 1}] * 4},
        {"name": "Hoàng Văn Minh", "born": "1990-01-05", "things": [{"title": "a", "pages": 1, "copies": 1}], "extra": "x"},
        {"name": "x" * 61, "born": "1990-01-05", "things": [{"title": "a", "pages": 1, "copies": 1}]},
        {"born": "1990-01-05"},
        {"name": {"$ref": "http://x/"}, "born": [], "things": "x"},
    ],
)
def test_a_form_that_breaks_its_schema(lan, form):
    before = stored()

    says_no(lan.post("/dossiers", {**A_DOSSIER, "form": form, "quantities": {}}), before=before)


def test_a_draft_with_a_wrong_form_is_kept_but_not_submitted(town, browser):
    code = start(browser)
    fill_in(browser, code)
    assert browser.post(page("draft_form", code, "who"), {**WHO, "born_m": "13"}).status_code == 422
    before = stored()

    assert "Còn 1 phần chưa xong" in says_no(submit(browser, code), before=before)


@pytest.mark.parametrize(
    ("code", "posted"),
    [
        ("draft_contact", {**OWNER, "phone": "khong phai so"}),
        ("draft_contact", {**OWNER, "id_number": "12"}),
        ("draft_contact", {**OWNER, "email": "a@@b"}),
        ("draft_contact", {**OWNER, "name": "   "}),
    ],
)
def test_what_is_typed_wrong_is_said_beside_its_field(town, browser, code, posted):
    draft = start(browser)

    response = browser.post(page(code, draft), posted)

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert VIETNAMESE.search(words(response))


# -- twice -------------------------------------------------------------------------------------------------------------


def test_submitting_twice_is_one_dossier(town, browser):
    code = start(browser)
    fill_in(browser, code)

    first, second = submit(browser, code), submit(browser, code)

    assert first.status_code == second.status_code == 302
    assert Dossier.objects.count() == 1
    assert browser.get(second["Location"]).status_code == 200


def test_receiving_twice_from_one_form_is_one_dossier(town):
    desk = officer(town, "lan")
    form = {
        "viec": "nhan",
        "khoa": "k-1",
        "thu-tuc": CODE,
        "ma": CODE,
        "da-tim": CODE,
        "name": "Hoàng Văn Minh",
        "phone": "0912345678",
        "owner_kind": "1",
        "channel": "1",
        "return_by": "counter",
        "how-giay-chung-nhan": "scanned",
        "resolving_unit": str(town.river),
        "sl-pages": "1",
        "sl-copies": "1",
    }

    first, second = (desk.post(reverse("dossiers:intake"), form) for _ in range(2))

    assert first.status_code == second.status_code == 302, words(first)
    assert first["Location"] == second["Location"]
    assert Dossier.objects.count() == 1


# -- time --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "at",
    [
        datetime(1900, 1, 1, tzinfo=UTC),
        datetime(1999, 12, 31, 23, 59, tzinfo=UTC),
        datetime(2025, 6, 30, 9, tzinfo=VIET_NAM),
        datetime(2024, 2, 29, 9, tzinfo=VIET_NAM),
    ],
)
def test_a_clock_set_before_the_units_began_is_a_clear_no(town, at):
    actor, before = town.actor("lan"), stored()

    with pytest.raises(TellPerson) as refusal:
        actions.receive_dossier(an_intake(town, quantities={"pages": 1, "copies": 1}), actor=actor, at=at)

    assert VIETNAMESE.search(refusal.value.message())
    assert refusal.value.status in range(400, 500)
    assert stored() == before


@pytest.mark.parametrize("at", [datetime(2060, 3, 1, 9, tzinfo=VIET_NAM), datetime(9990, 3, 1, 9, tzinfo=VIET_NAM)])
def test_a_clock_far_ahead_is_harmless_or_a_clear_no(town, at):
    actor, before = town.actor("lan"), stored()
    try:
        answer = actions.receive_dossier(an_intake(town, quantities={"pages": 1, "copies": 1}), actor=actor, at=at)
    except TellPerson as refusal:
        assert VIETNAMESE.search(refusal.message())
        assert stored() == before
    else:
        assert Dossier.objects.get(pk=answer["id"]).due_at > at


def test_a_clock_that_went_back_leaves_no_half_of_anything(town):
    """A server whose clock was wrong this morning: what comes later is stamped earlier."""
    dossier = forward_to(town, receive(town), "phan-cong", at=MONDAY)
    earlier = MONDAY - timedelta(days=3)
    before = stored()
    try:
        actions.forward(
            dossier.pk, step_key="phan-cong", to_person=town.people["toan"].pk, actor=town.actor("viet"), at=earlier
        )
    except TellPerson as refusal:
        assert VIETNAMESE.search(refusal.message())
        assert stored() == before
    else:
        assert officer(town, "toan").get(case_url(dossier)).status_code == 200
