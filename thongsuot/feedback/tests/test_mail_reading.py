"""Letters as they are and as they should not be: what is read of them, and how soon it is given up."""

from __future__ import annotations

import time

import pytest

from thongsuot.feedback.mail_in import words
from thongsuot.feedback.mail_in.reading import Unreadable, read, read_heading
from thongsuot.feedback.tests.letters import WORDS, letter, raw

OWN = frozenset({"phananh@vidu.vn"})


def read_all(content: bytes):
    return read(content, read_heading(content, own=OWN))


def test_what_a_person_wrote():
    found = read_all(raw(photos=2))

    assert (found.heading.sender, found.heading.name, found.heading.why_not) == ("mau@vidu.vn", "Lò Văn Mẫu", "")
    assert found.words == f"Ổ gà phố Bến\n{WORDS}"
    assert [photo.name for photo in found.photos] == ["anh0.jpg", "anh1.jpg"]


def test_the_same_letter_has_one_digest_by_whatever_way_it_comes():
    content = raw()

    again = b"Received: from elsewhere\r\n" + content
    assert len({read_heading(one, own=OWN).digest for one in (content, again, content.replace(b"\r\n", b"\n"))}) == 1
    assert read_heading(raw(sender="khac@vidu.vn"), own=OWN).digest != read_heading(content, own=OWN).digest
    bare = content.replace(b"Message-ID: <letter-1@vidu.vn>\r\n", b"")
    assert read_heading(bare, own=OWN).digest == read_heading(bare.replace(b"\r\n", b"\n"), own=OWN).digest
    assert read_heading(bare + b"x", own=OWN).digest != read_heading(bare, own=OWN).digest


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatic"),
        ({"Return_Path": "<>"}, "automatic"),
        ({"X_Autoreply": "yes"}, "automatic"),
        ({"sender": "MAILER-DAEMON@vidu.vn"}, "automatic"),
        ({"sender": "no-reply@ban-hang.vidu.vn"}, "automatic"),
        ({"List_Id": "<tin.vidu.vn>"}, "list"),
        ({"List_Unsubscribe": "<https://vidu.vn/thoi>"}, "list"),
        ({"Precedence": "bulk"}, "list"),
        ({"X_Spam_Flag": "YES"}, "spam"),
        ({"sender": "Phản ánh <phananh@vidu.vn>"}, "own"),
        ({"sender": "undisclosed"}, "no_sender"),
        ({"Auto_Submitted": "no"}, ""),
        ({"vouched": "mx.vidu.vn; spf=fail; dmarc=fail"}, ""),
    ],
)
def test_who_is_no_person(headers, why):
    assert read_heading(raw(**headers), own=OWN).why_not == why


@pytest.mark.parametrize(
    ("found", "vouched"),
    [
        ("mx.vidu.vn; dmarc=pass header.from=vidu.vn", True),
        ("mx.vidu.vn 1; dmarc=pass (p=none dis=none) header.from=vidu.vn; spf=fail", True),
        ("MX.vidu.vn; spf=pass smtp.mailfrom=mau@vidu.vn", True),
        ("mx.vidu.vn; dkim=fail header.d=vidu.vn; dkim=pass header.d=vidu.vn", True),
        ("mx.vidu.vn; dkim=pass (2048-bit key; unprotected) header.i=@vidu.vn", True),
        ("mx.vidu.vn; dmarc=pass header.from=khac.vn", False),
        ("mx.vidu.vn; dmarc=fail header.from=vidu.vn; spf=pass smtp.mailfrom=a@vidu.vn", False),
        ("mx.vidu.vn; spf=pass smtp.mailfrom=a@khac.vn; dkim=pass header.d=notvidu.vn", False),
        ("mx.vidu.vn; dkim=pass header.d=vn", False),
        ("mx.vidu.vn; none", False),
        ("mx.vidu.vn", False),
        ("gia.khac.vn; dmarc=pass header.from=vidu.vn", False),
        ('mx.vidu.vn; spf=pass smtp.mailfrom="a; dmarc=pass header.from=vidu.vn"@khac.vn', False),
        ("mx.vidu.vn; spf=none (dmarc=pass (x) header.from=vidu.vn) smtp.mailfrom=a@khac.vn", False),
        ("mx.vidu.vn; (spf=pass smtp.mailfrom=a@vidu.vn", False),
        ("mx.vidu.vn; dmarc=pass " + "(" * 4_000 + ")" * 4_000, False),
        ("", False),
    ],
)
def test_only_our_own_mail_server_is_believed_when_it_says_who_sent_a_letter(found, vouched):
    assert read_heading(raw(vouched=found), own=OWN, trusted=frozenset({"mx.vidu.vn"})).vouched is vouched


def test_a_header_that_came_with_the_letter_stands_below_the_true_one_and_is_not_read():
    forged = raw(vouched="mx.vidu.vn; dmarc=pass header.from=vidu.vn")
    above = b"Authentication-Results: mx.vidu.vn; dmarc=fail header.from=vidu.vn\r\n"
    trusted = frozenset({"mx.vidu.vn"})

    assert not read_heading(above + forged, own=OWN, trusted=trusted).vouched
    assert not read_heading(forged, own=OWN).vouched  # no server of ours is known
    assert not read_heading(raw(X_Auto_Response_Suppress="All"), own=OWN, trusted=trusted).vouched


def test_a_delivery_report_is_one_whoever_it_says_sent_it():
    bounce = letter()
    bounce.make_mixed()
    bounce.set_type("multipart/report")

    assert read_heading(raw(bounce), own=OWN).why_not == "automatic"


def test_html_becomes_what_is_seen_of_it_and_nothing_that_runs():
    markup = (
        "<html><head><style>p{x}</style><title>t</title></head><body><p>Đường <b>hỏng</b> &lt;nặng&gt;</p>"
        "<script>alert(1)</script>"
        "<div onclick='x()'>5 < 6<br>xe ngã</div><!-- ẩn --><blockquote>cũ</blockquote></body>"
    )

    assert words.of_html(markup).split("\n") == ["Đường hỏng <nặng>", "", "5 < 6", "xe ngã", "", words.QUOTED, "cũ"]


def test_html_alone_is_read_and_beside_plain_words_it_is_not():
    both = letter()
    both.add_alternative("<p>Khác hẳn</p>", subtype="html")
    alone = letter()
    alone.set_content("<p>Ổ gà ở <i>phố Bến</i></p>", subtype="html")

    assert "Khác" not in read_all(raw(both)).words
    assert read_all(raw(alone)).words == "Ổ gà phố Bến\nỔ gà ở phố Bến"


@pytest.mark.parametrize(
    "text",
    [
        "Đã bổ sung.\n\nVào Th 2, 6 thg 10, 2025 vào lúc 09:00 Phản ánh <phananh@vidu.vn> đã viết:\n> Bạn hãy cho biết",
        "Đã bổ sung.\n\nOn Mon, Oct 6, 2025 at 9:00 AM Phản ánh <\nphananh@vidu.vn> wrote:\n> Bạn hãy cho biết",
        "Đã bổ sung.\n-----Original Message-----\nFrom: Phản ánh",
        "> Bạn hãy cho biết\nĐã bổ sung.",
        "Đã bổ sung.\nFrom: Phản ánh <phananh@vidu.vn>\nSent: Monday",
    ],
)
def test_what_a_reply_quotes_is_not_said_again(text):
    assert words.unquoted(text) == "Đã bổ sung."


@pytest.mark.parametrize(
    ("charset", "encoded"),
    [
        ("utf-8", "Đường hỏng".encode()),
        ("windows-1258", "Đường hỏng".encode()[:4] + b"\x80ng"),
        ("khong-co-bang-ma", "Đường hỏng".encode()),
        ("us-ascii", "Đường hỏng".encode()),
        ("utf-8", b"\xff\xfe\x00 hong \xc4"),
        ("utf-16", b"\x00"),
    ],
)
def test_a_charset_that_is_unknown_or_not_true_breaks_nothing(charset, encoded):
    head = "From: mau@vidu.vn\r\nMessage-ID: <1@vidu.vn>\r\nSubject: Đường hỏng\r\n"
    head += f"Content-Type: text/plain; charset={charset}\r\n\r\n"

    found = read_all(head.encode() + encoded)

    assert found.words.startswith("Đường hỏng")
    assert "\x00" not in found.words
    found.words.encode()


def test_files_that_are_no_pictures_are_named_and_left_out():
    message = letter(photos=1)
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="don.pdf")
    message.add_attachment(b"<svg onload='x'/>", maintype="image", subtype="svg+xml", filename="hinh.svg")
    message.add_attachment(b"khong phai anh", maintype="image", subtype="jpeg", filename="gia.jpg")
    message.add_attachment(letter(number="2"))

    found = read_all(raw(message))

    assert [photo.name for photo in found.photos] == ["anh0.jpg"]
    assert found.left_out == ("don.pdf", "hinh.svg", "gia.jpg", "message/rfc822")


def bomb(levels: int) -> bytes:
    head = b"From: mau@vidu.vn\r\nMessage-ID: <bomb@vidu.vn>\r\nMIME-Version: 1.0\r\n"
    for level in range(levels):
        head += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    return head + b"Content-Type: text/plain\r\n\r\nx\r\n"


@pytest.mark.parametrize(
    "content",
    [
        bomb(9),
        bomb(30),
        bomb(5_000),
        b"From: mau@vidu.vn\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 200 + b"--b--\r\n",
        b"From: mau@vidu.vn\r\n\r\n" + b"\n" * 2_000_000,
        b"From: " + b"a" * 200_000 + b"@vidu.vn\r\n\r\nx",
        b"From: mau@vidu.vn\r\nContent-Type: text/plain" + b"; a=b" * 20_000 + b"\r\n\r\nx",
        b"From: a@vidu.vn\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain"
        + b";\r\n a=b" * 9_000,
    ],
    ids=["deep", "deeper", "deepest", "many", "lines", "long address", "long type", "long part"],
)
def test_bombs_are_given_up_at_once(content):
    begun = time.monotonic()

    with pytest.raises(Unreadable):
        read_all(content)

    assert time.monotonic() - begun < 3


def test_a_long_walk_through_hostile_html_is_one_walk():
    begun = time.monotonic()

    for markup in ("<!--" * 100_000, "<script>" * 50_000, "<" * 400_000, "<a " * 130_000, "</style" * 60_000):
        words.of_html(markup)

    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 100, b"\xff" * 5_000, b"khong phai thu", b":\r\n:\r\n\r\n", b"From: <<<>>>\r\n\r\n"]
)
def test_what_is_no_letter_has_no_sender_or_cannot_be_read(content):
    try:
        assert read_heading(content, own=OWN).why_not
    except Unreadable:
        return
