"""How an answer is written: paragraphs, lists, links, and nothing that a page would run."""

import pytest

from thongsuot.knowledge.rules import About, Block, Piece, Words, asked, blocks, plain, unfit


def words(**changes):
    said = {"question": "Làm căn cước ở đâu?", "answer": "Ở phường.", "spoken": "Ở phường.", "basis": "Luật Căn cước"}
    return Words.of(**{**said, **changes})


def test_paragraphs_lists_and_links_are_told_apart():
    found = blocks("Một\nhai\n\nBa\n- bốn\n- năm\n1. sáu\n\nXem [trang](/thu-tuc/) và https://a.vn/b.")

    assert [(block.kind, len(block.lines)) for block in found] == [("p", 2), ("p", 1), ("ul", 2), ("ol", 1), ("p", 1)]
    assert found[-1] == Block(
        "p",
        ((Piece("Xem "), Piece("trang", "/thu-tuc/"), Piece(" và "), Piece("https://a.vn/b", "https://a.vn/b"), Piece(".")),),
    )
    assert plain("- a [b](/c/)\n\nd") == "a b\nd"


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//evil.vn/x",
        "/\\evil.vn",
        "https://a@evil.vn/",
        "ftp://a.vn",
    ],
)
def test_a_link_that_is_not_sound_is_no_link_and_is_refused_when_written(href):
    text = f"Xem [đây]({href})."

    assert not any(piece.href for block in blocks(text) for line in block.lines for piece in line)
    assert "Đường dẫn" in unfit(words(answer=text), About())["answer"]


@pytest.mark.parametrize("href", ["https://a.vn/b?c=1#d", "/thu-tuc/1.001193/", "tel:1022", "mailto:hop-thu@vidu.vn"])
def test_a_sound_link_is_drawn(href):
    assert blocks(f"[đây]({href})")[0].lines[0] == (Piece("đây", href),)
    assert unfit(words(answer=f"Xem [đây]({href})."), About()) == {}


@pytest.mark.parametrize("text", ["<b>đậm</b>", "<script>x</script>", "a < img src=x>", "&lt;b", "</p>", "<!-- x"])
@pytest.mark.parametrize("field", ["question", "answer", "spoken", "basis"])
def test_html_is_refused_in_every_part(field, text):
    assert list(unfit(words(**{field: text}), About())) == [field]


def test_what_is_empty_too_long_or_too_much_is_named():
    long = words(question="a" * 301, answer="a" * 6001, spoken="", basis="a" * 501)
    much = About.of(topics="a,b,c,d,e,f", other_ways="x" * 201, procedure_codes="")

    assert set(unfit(long, much)) == {"question", "answer", "spoken", "basis", "topics", "other_ways"}
    assert "question" in unfit(words(question="?!?"), About())
    assert unfit(words(answer="3 < 5 và A&B"), About()) == {}


def test_control_signs_do_not_come_in():
    assert words(answer="a\u202eb\x00c\r\nd").answer == "abc\nd"


def test_short_words_are_looked_for_whole_unless_typed_last():
    assert asked("Đổi CON dấu ở", all_words=True) == "doi:* & con:* & dau:* & o:*"
    assert asked("a' | !b & (c) <-> :*", all_words=False) == "a | b | c"
    assert asked("ở đâu", all_words=True) == "o & dau:*"
    assert asked(" ?! ", all_words=True) == ""


def test_topics_and_codes_come_as_people_write_them():
    about = About.of(topics="Hộ tịch; Cư trú,Hộ tịch", other_ways="một\n\n hai ", procedure_codes="1.001193, 2.000815 1.001193")

    assert about == About(topics=("Hộ tịch", "Cư trú"), other_ways=("một", "hai"), procedure_codes=("1.001193", "2.000815"))
