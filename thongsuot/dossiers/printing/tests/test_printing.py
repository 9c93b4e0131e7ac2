"""Every form carries what the regulation asks for, whatever the facts are; numbers and titles follow the day."""

import io
import re
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
import segno
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ContentStream

from thongsuot.dossiers import printing
from thongsuot.dossiers.printing import Meaning, form_for, render
from thongsuot.dossiers.printing import facts as f
from thongsuot.dossiers.printing.tests import make
from thongsuot.dossiers.printing.tests.make import LEGS, at, facts_for

TODAY = date(2026, 11, 20)


def printed(meaning, facts=None, *, on=TODAY):
    return render(meaning, facts or facts_for(meaning), form_for(meaning, on=on))


def text_of(pdf):
    """All words of the paper, blanks evened out."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def squeezed(text):
    """Without blanks: a line may break anywhere."""
    return "".join(text.split())


def texts_in(value):
    """Every text and instant of the facts, however deep."""
    if is_dataclass(value):
        for field in fields(value):
            yield from texts_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_in(part)
    elif isinstance(value, datetime):
        yield f"{value:%H:%M %d/%m/%Y}"
    elif isinstance(value, date):
        yield f"{value:%d/%m/%Y}"
    elif isinstance(value, str) and type(value) is str:
        yield value


@pytest.mark.parametrize("meaning", Meaning)
def test_a_form_carries_all_its_facts(meaning):
    facts = facts_for(meaning)

    found = squeezed(text_of(printed(meaning, facts)))

    said_in_words = {
        facts.made_at.strftime("%H:%M %d/%m/%Y"),
        make.LOOK_UP,
        make.SUBMITTED.look_up_url,
        getattr(facts, "scan_url", ""),
    }
    elsewhere = {
        # The heading and the place of signature write these in capitals.
        Meaning.STOP_NOTICE: {facts.agency.address, make.MINH.id_number, make.MINH.phone, make.MINH.email},
        Meaning.APOLOGY: {facts.agency.address, make.MINH.id_number, make.MINH.phone, make.MINH.email, make.MINH.address},
        Meaning.CONTROL_SLIP: {
            facts.agency.address,
            facts.agency.phone,
            make.MINH.id_number,
            make.MINH.phone,
            make.MINH.email,
            make.MINH.address,
        },
        Meaning.RECEIPT: {facts.agency.address, facts.agency.phone},
        Meaning.LOGBOOK: {facts.agency.address, facts.agency.phone},
    }.get(meaning, {facts.agency.address, facts.agency.phone})
    missing = {
        text
        for text in texts_in(facts)
        if squeezed(text) not in found and squeezed(text).upper() not in found and text not in said_in_words | elsewhere
    }
    assert missing == set()


@pytest.mark.parametrize("meaning", Meaning)
def test_a_form_has_the_heading_of_an_official_paper(meaning):
    found = text_of(printed(meaning))

    for words in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN PHƯỜNG HOÀN KIẾM",
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        form_for(meaning, on=TODAY).title.upper(),
    ]:
        assert squeezed(words) in squeezed(found)
    assert re.search(r"Hoàn Kiếm, ngày \d\d tháng \d+ năm 2026", found)


@pytest.mark.parametrize("meaning", Meaning)
def test_a_form_meets_the_archive_and_screen_reader_standards(meaning):
    reader = PdfReader(io.BytesIO(printed(meaning)))
    metadata = reader.root_object["/Metadata"].get_data()

    assert b"pdfaid" in metadata
    assert b"pdfuaid" in metadata
    assert reader.metadata.title == form_for(meaning, on=TODAY).title
    assert reader.root_object["/Lang"].startswith("vi")


@pytest.mark.parametrize("meaning", Meaning)
def test_a_form_printed_again_is_the_same_document_in_every_language(meaning):
    first = printed(meaning)

    with translation.override("en"):
        assert printed(meaning) == first


@pytest.mark.parametrize(
    ("meaning", "width_mm", "height_mm"),
    [
        (Meaning.RECEIPT, 148, 210),
        (Meaning.SUPPLEMENT, 148, 210),
        (Meaning.REFUSAL, 148, 210),
        (Meaning.APOLOGY, 148, 210),
        (Meaning.CONTROL_SLIP, 148, 210),
        (Meaning.LOGBOOK, 297, 210),
        (Meaning.STOP_NOTICE, 210, 297),
    ],
)
def test_paper_sizes_are_those_of_the_regulation(meaning, width_mm, height_mm):
    box = PdfReader(io.BytesIO(printed(meaning))).pages[0].mediabox

    assert round(box.width / 72 * 25.4) == width_mm
    assert round(box.height / 72 * 25.4) == height_mm


@pytest.mark.parametrize(
    "meaning",
    [
        Meaning.RECEIPT,
        Meaning.SUPPLEMENT,
        Meaning.REFUSAL,
        Meaning.APOLOGY,
        Meaning.STOP_NOTICE,
        Meaning.SUBMISSION_SLIP,
        Meaning.CONTROL_SLIP,
    ],
)
def test_an_ordinary_form_fits_on_one_sheet(meaning):
    assert len(PdfReader(io.BytesIO(printed(meaning))).pages) == 1


@pytest.mark.parametrize(
    ("meaning", "on", "reference"),
    [
        (Meaning.RECEIPT, date(2025, 9, 14), "Mẫu số 01, Thông tư 01/2018/TT-VPCP"),
        (Meaning.RECEIPT, date(2025, 9, 15), "Mẫu số 01, Thông tư 03/2025/TT-VPCP"),
        (Meaning.SUPPLEMENT, date(2025, 9, 14), "Mẫu số 02, Thông tư 01/2018/TT-VPCP"),
        (Meaning.SUPPLEMENT, date(2025, 9, 15), "Mẫu số 02, Thông tư 03/2025/TT-VPCP"),
        (Meaning.REFUSAL, date(2025, 9, 15), "Mẫu số 03, Thông tư 03/2025/TT-VPCP"),
        (Meaning.APOLOGY, date(2025, 9, 14), "Mẫu số 04, Thông tư 01/2018/TT-VPCP"),
        (Meaning.CONTROL_SLIP, date(2025, 9, 14), "Mẫu số 05, Thông tư 01/2018/TT-VPCP"),
        (Meaning.LOGBOOK, date(2025, 9, 14), "Mẫu số 06, Thông tư 01/2018/TT-VPCP"),
        # Numbers after 03 of the new circular were not seen in its text: the paper names the circular alone.
        (Meaning.APOLOGY, date(2025, 9, 15), "Thông tư 03/2025/TT-VPCP"),
        (Meaning.CONTROL_SLIP, date(2025, 9, 15), "Thông tư 03/2025/TT-VPCP"),
        (Meaning.STOP_NOTICE, date(2025, 9, 15), "Thông tư 03/2025/TT-VPCP"),
        (Meaning.STOP_NOTICE, date(2025, 9, 14), ""),
        (Meaning.SUBMISSION_SLIP, date(2026, 1, 1), ""),
    ],
)
def test_number_and_regulation_follow_the_day(meaning, on, reference):
    assert form_for(meaning, on=on).reference == reference
    found = text_of(printed(meaning, on=on))
    assert reference in found
    assert ("Mẫu số" in found) == ("Mẫu số" in reference)


@given(st.sampled_from(list(Meaning)), st.dates())
def test_every_meaning_has_exactly_one_form_on_every_day(meaning, day):
    held = [
        form
        for form in printing.forms()
        if form.meaning == meaning and form.valid_from <= day and (form.valid_to is None or day < form.valid_to)
    ]

    assert held == [form_for(meaning, on=day)]


def qr_matrix(pdf):
    """The dark modules of the QR drawn on the paper: rows of horizontal lines one module wide."""
    reader = PdfReader(io.BytesIO(pdf))
    found = []

    def walk(stream, resources):
        here = None
        for operands, operator in ContentStream(stream, reader).operations:
            if operator == b"m":
                here = [float(value) for value in operands]
            elif operator == b"l" and here:
                there = [float(value) for value in operands]
                found.append((here[0], there[0], here[1]))
                here = there
            elif operator == b"Do":
                inner = resources["/XObject"][operands[0]].get_object()
                if inner["/Subtype"] == "/Form":
                    walk(inner, inner.get("/Resources", {}))

    page = reader.pages[0]
    walk(page.get_contents(), page["/Resources"])
    lines = [line for line in found if line[0] != line[1] and line[2] % 1 == 0.5]  # segno draws in the middle of a module
    return {(int(x), int(y)) for start, end, y in lines for x in range(int(min(start, end)), int(max(start, end)))}


@pytest.mark.parametrize("meaning", [Meaning.RECEIPT, Meaning.STOP_NOTICE, Meaning.REFUSAL])
def test_the_qr_on_the_paper_is_the_look_up_address(meaning):
    facts = facts_for(meaning)
    code = segno.make_qr(facts.case.look_up_url, error="m")

    assert qr_matrix(printed(meaning, facts)) == {
        (x, y) for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark
    }


def test_without_an_address_there_is_no_qr_and_no_word_of_it():
    facts = facts_for(Meaning.RECEIPT, case=replace(make.CASE, look_up_url=""))

    pdf = printed(Meaning.RECEIPT, facts)

    assert qr_matrix(pdf) == set()
    assert "QR" not in text_of(pdf)


HOSTILE = [
    '#panic("x") $ a $ *b* _c_ `d` @e <f> \\ // g = h',
    '#read("/etc/passwd")',
    "<script>alert(1)</script>",
    "Nguyễn " * 60,
    "A" * 300,
    "",
    "Minh \u202egnoab\u202c",
    "=SUM(A1)",
    "“ngoặc” 'đơn' \"kép\" {x} [y] (z)",
    "Ẵ" * 40,
    "\u0301\u0301\u0301",
    "名前 😀 \ue000",
]

ALL_AT_ONCE = " ".join(sorted(HOSTILE, key=len)[:9])


def with_text(value, hostile):
    """The same facts with every free text replaced."""
    if is_dataclass(value):
        return replace(value, **{field.name: with_text(getattr(value, field.name), hostile) for field in fields(value)})
    if isinstance(value, tuple):
        return tuple(with_text(part, hostile) for part in value)
    return hostile if type(value) is str else value


@pytest.mark.parametrize(
    ("meaning", "hostile"),
    [*((Meaning.RECEIPT, hostile) for hostile in HOSTILE), *((meaning, ALL_AT_ONCE) for meaning in Meaning)],
)
def test_whatever_people_write_is_printed_as_text(meaning, hostile):
    facts = facts_for(meaning)
    if meaning == Meaning.LOGBOOK:
        facts = replace(facts, rows=facts.rows[:1])

    pdf = printed(meaning, with_text(facts, hostile))

    readable = re.sub(r"[^\x21-\x7e]", "", hostile).upper()
    assert readable in re.sub(r"[^\x21-\x7e]", "", text_of(pdf)).upper()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=120), st.sampled_from(list(Meaning)))
def test_any_text_gives_a_paper(text, meaning):
    facts = facts_for(meaning)
    if meaning == Meaning.LOGBOOK:
        facts = replace(facts, rows=facts.rows[:1])

    assert printed(meaning, with_text(facts, text)).startswith(b"%PDF-")


def test_nothing_known_leaves_dots_and_lines_out():
    alone = f.Applicant(owner_name="Nguyễn Đức Minh")
    facts = facts_for(Meaning.RECEIPT, number="", papers=(), charges=(), applicant=alone, filer_signs=False)

    found = text_of(printed(Meaning.RECEIPT, facts))

    assert "Số: ......../........" in found
    assert "Số định danh" not in found
    assert "Phí, lệ phí" not in found
    assert "Người nộp hồ sơ" not in found


def test_another_filer_is_named_and_signs():
    facts = facts_for(Meaning.RECEIPT, applicant=replace(make.MINH, filer_name="Phạm Thị Thu", filer_relation="bà ngoại"))

    found = text_of(printed(Meaning.RECEIPT, facts))

    assert "Phạm Thị Thu (bà ngoại)" in found
    assert found.count("Phạm Thị Thu") == 2


def test_many_papers_run_on_to_numbered_pages_with_the_head_of_the_table():
    facts = facts_for(Meaning.RECEIPT, papers=tuple(f.Paper(name=f"Giấy tờ thứ {n}", copies=1) for n in range(60)))

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(printed(Meaning.RECEIPT, facts))).pages]

    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"Trang {number}/{len(pages)}" in page
        assert "H26.107-261120-0011" in page
    assert "Bản điện tử" in pages[1]


def test_a_request_before_reception_says_that_no_limit_runs_yet():
    before = text_of(printed(Meaning.SUPPLEMENT, facts_for(Meaning.SUPPLEMENT, case=make.SUBMITTED, until=None)))
    after = text_of(printed(Meaning.SUPPLEMENT))

    assert "Mã nộp: NOP-7F3K2M" in before
    assert "Thời hạn giải quyết tính từ khi nơi nhận có đủ hồ sơ hợp lệ" in before
    assert "không tính vào thời hạn giải quyết" in after
    assert "Sau 17:00 23/12/2026" in after


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        (f.StopKind.WITHDRAWN, {}, "người nộp đề nghị rút hồ sơ"),
        (f.StopKind.NOT_SUPPLEMENTED, {"requested_at": at("09:10 23/10/2026")}, "Lúc 09:10 23/10/2026, cơ quan đã yêu cầu"),
        (f.StopKind.OTHER, {"asked_at": None}, "hồ sơ này được dừng giải quyết"),
    ],
)
def test_a_stop_notice_says_who_stopped_and_why(kind, changes, words):
    assert words in text_of(printed(Meaning.STOP_NOTICE, facts_for(Meaning.STOP_NOTICE, kind=kind, **changes)))


def test_the_control_slip_shows_early_on_time_late_and_what_is_open():
    found = text_of(printed(Meaning.CONTROL_SLIP))

    for words in ["Trước hạn", "Đúng hạn", "Quá hạn", "Đang làm"]:
        assert words in found


def test_the_control_slip_of_several_agencies_has_a_line_for_each_with_all_its_facts():
    found = squeezed(text_of(printed(Meaning.CONTROL_SLIP, facts_for(Meaning.CONTROL_SLIP, legs=LEGS))))

    for words in [*texts_in(LEGS), "Quá hạn: chậm 1 giờ làm việc", "Đang giữ", "Chưa xác nhận nhận"]:
        assert squeezed(words) in found, words


def test_what_was_simulated_is_said_at_the_foot_of_every_page():
    facts = facts_for(Meaning.LOGBOOK, stand_in="Bản thử nghiệm, dữ liệu giả lập.")

    pages = PdfReader(io.BytesIO(printed(Meaning.LOGBOOK, facts))).pages

    assert all("Bản thử nghiệm, dữ liệu giả lập." in page.extract_text() for page in pages)


def test_an_empty_logbook_says_so():
    assert "Không có hồ sơ nào" in text_of(printed(Meaning.LOGBOOK, facts_for(Meaning.LOGBOOK, rows=())))


def test_instants_are_printed_in_local_time_and_days_under_ten_carry_a_nought():
    evening = datetime(2026, 2, 4, 17, 30, tzinfo=UTC)
    facts = facts_for(Meaning.RECEIPT, made_at=evening, received_at=evening)

    found = text_of(printed(Meaning.RECEIPT, facts))

    assert "Hoàn Kiếm, ngày 05 tháng 02 năm 2026" in found
    assert "00:30 05/02/2026" in found


def test_facts_of_another_form_are_refused():
    with pytest.raises(TypeError):
        render(Meaning.RECEIPT, facts_for(Meaning.REFUSAL), form_for(Meaning.RECEIPT, on=TODAY))


def test_a_day_changes_on_the_circular_s_first_day_only():
    day, changed = date(2025, 9, 1), []
    while day < date(2025, 10, 1):
        if form_for(Meaning.RECEIPT, on=day) != form_for(Meaning.RECEIPT, on=day - timedelta(days=1)):
            changed.append(day)
        day += timedelta(days=1)

    assert changed == [date(2025, 9, 15)]
