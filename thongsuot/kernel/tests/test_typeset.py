"""Typesetting: data stays data, equal facts give equal bytes, nothing outside the template's folder is read."""

import io
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from thongsuot.kernel import typeset

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
# Every Vietnamese letter with every tone, both cases.
LETTERS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "page.typ"
    path.write_text("""
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(lang: "vi", font: json(bytes(sys.inputs.fonts)))
#data.body
""")
    return path


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_every_vietnamese_letter_is_there_and_can_be_copied_out(template):
    import unicodedata

    lower = [unicodedata.normalize("NFC", letter + tone) for letter in LETTERS for tone in TONES] + ["đ"]
    words = " ".join(lower + [letter.upper() for letter in lower])

    pdf = typeset.pdf(template, {"title": "Chữ", "body": words}, made_at=NOON)

    assert set(text_of(pdf).split()) == set(words.split())


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("run")',
        '#read("/etc/passwd")',
        "$ x^2 $",
        "*đậm* _nghiêng_ `mã`",
        "= Tiêu đề",
        "\\ \\u{41}",
        "// ghi chú",
        "<nhan> @ref",
        '"}, "x": {"',
        "#{sys.inputs}",
    ],
)
def test_code_in_data_is_printed_as_it_stands(template, hostile):
    pdf = typeset.pdf(template, {"title": "t", "body": hostile}, made_at=NOON)

    assert text_of(pdf).split() == hostile.split()


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_text_can_be_printed(tmp_path_factory, body):
    path = tmp_path_factory.getbasetemp() / "any.typ"
    if not path.exists():
        path.write_text('#let data = json(bytes(sys.inputs.data))\n#set document(title: "t")\n#data.body')

    assert typeset.pdf(path, {"body": body}, made_at=NOON).startswith(b"%PDF-")


def test_equal_facts_give_equal_bytes_and_the_time_is_the_facts_time(template):
    facts = {"title": "Giấy hẹn", "body": "Hồ sơ"}

    first = typeset.pdf(template, facts, made_at=NOON)

    assert typeset.pdf(template, facts, made_at=NOON) == first
    assert PdfReader(io.BytesIO(first)).metadata.creation_date == NOON


def test_the_paper_names_itself_and_its_language_for_screen_readers_and_the_archive(template):
    reader = PdfReader(io.BytesIO(typeset.pdf(template, {"title": "Giấy hẹn", "body": "x"}, made_at=NOON)))

    assert reader.metadata.title == "Giấy hẹn"
    assert reader.root_object["/Lang"] == "vi"
    assert bool(reader.root_object["/MarkInfo"]["/Marked"])
    assert b"pdfuaid" in reader.root_object["/Metadata"].get_data()
    assert b"pdfaid" in reader.root_object["/Metadata"].get_data()


def test_text_no_font_can_show_is_printed_without_the_standards(template):
    pdf = typeset.pdf(template, {"title": "t", "body": "Minh \ue000 ở đây"}, made_at=NOON)

    assert "ở đây" in text_of(pdf)


def test_a_template_reads_nothing_outside_its_folder_and_its_fault_tells_no_data(tmp_path):
    (tmp_path / "secret.txt").write_text("bí mật")
    inner = tmp_path / "inner"
    inner.mkdir()
    path = inner / "page.typ"
    path.write_text("#let data = json(bytes(sys.inputs.data))\n#read(data.file)")

    with pytest.raises(typeset.CannotTypeset) as fault:
        typeset.pdf(path, {"file": "../secret.txt"}, made_at=NOON)

    assert "page.typ:2:" in str(fault.value)
    assert "secret" not in str(fault.value)
    assert fault.value.__cause__ is None


def test_many_threads_print_at_once(template):
    printed, faults = [], []

    def work(number):
        try:
            for turn in range(5):
                facts = {"title": "t", "body": f"tờ {number}-{turn}"}
                printed.append(text_of(typeset.pdf(template, facts, made_at=NOON)).strip())
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert faults == []
    assert sorted(printed) == sorted(f"tờ {number}-{turn}" for number in range(6) for turn in range(5))


def test_a_serif_with_vietnamese_is_always_there():
    assert typeset.fonts()[-1] == "Libertinus Serif"
