"""Letters as people, robots and worse send them."""

from __future__ import annotations

from email.message import EmailMessage

from thongsuot.feedback.tests.make import a_photo

WORDS = "Ổ gà sâu trước cổng trường số 12 phố Bến, xe máy ngã hai lần trong tuần này."


def letter(
    words: str = WORDS,
    *,
    subject: str = "Ổ gà phố Bến",
    sender: str = "Lò Văn Mẫu <mau@vidu.vn>",
    number: str = "1",
    photos: int = 0,
    vouched: str = "mx.vidu.vn; dmarc=pass",
    **headers: str,
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "phananh@vidu.vn", subject
    message["Message-ID"] = f"<letter-{number}@vidu.vn>"
    message["Date"] = "Mon, 06 Oct 2025 09:00:00 +0700"
    if vouched:
        message["Authentication-Results"] = vouched
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(words)
    for place in range(photos):
        content = a_photo(colour=(20 * place, 90, 60)).content
        message.add_attachment(content, maintype="image", subtype="jpeg", filename=f"anh{place}.jpg")
    return message


def raw(message: EmailMessage | None = None, **said: str | int) -> bytes:
    """As it comes over the line."""
    message = message if message is not None else letter(**said)  # type: ignore[arg-type]  # the caller's words
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
