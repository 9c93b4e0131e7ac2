"""A letter as it came: who sent it, what it says, its pictures, and whether a person wrote it at all. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser

from thongsuot.feedback.facts import PhotoUpload
from thongsuot.feedback.mail_in import vouching, words
from thongsuot.feedback.models import IncomingMail
from thongsuot.feedback.pictures.facts import read_photo
from thongsuot.kernel.contact import is_email
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.text import one_line

MOST_BYTES = 30 * 2**20
_MOST_HEAD, _MOST_HEADER, _MOST_PARSED, _MOST_LINES, _MOST_BOUNDARIES, _MOST_PARTS, _MOST_DEPTH = (
    2**17,
    8_000,
    2_000,
    600_000,
    40,
    100,
    8,
)
# Whatever the standard library makes of what was never a letter.
_BROKEN = (MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError)
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
_ROBOTS = re.compile(r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+=\-_].*)?", re.IGNORECASE)
_REFERENCE = re.compile(r"<notice-([0-9a-f]{32})@")
_SECRET = re.compile(r"/phan-anh/theo-doi/([\w-]{20,43})(?![\w-])")
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_PICTURES = {"image/jpeg": ".jpg", "image/jpg": ".jpg", "image/pjpeg": ".jpg", "image/png": ".png"}
# The library takes quadratic time over what a part says of itself.
_OF_PART = re.compile(rb"^content-[a-z-]{1,30}:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
Refused = IncomingMail.Refused


class Unreadable(Exception):
    """It is no letter, or made so that reading it would never end."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """`why_not`: no person waits for an answer to it; empty: it is read. `vouched`: our own mail server found that it comes
    from where it says; else anybody may have written that address, and nothing is sent there.
    """

    digest: str
    sender: str
    name: str
    subject: str
    why_not: str = ""
    vouched: bool = False

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


@dataclass(frozen=True, kw_only=True)
class Letter:
    """`words`: of a report; `said`: of a reply, without what it quotes; `references`, `secrets` prove whose reply it is."""

    heading: Heading
    words: str
    said: str
    photos: tuple[PhotoUpload, ...] = ()
    left_out: tuple[str, ...] = ()
    references: tuple[str, ...] = field(default=(), repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


def read_heading(raw: bytes, *, own: frozenset[str], trusted: frozenset[str] = frozenset()) -> Heading:
    """`own`: addresses of ours, in small letters: what they sent is never answered. `trusted`: the names under which our mail
    servers say what they found (`mail_in.vouching`). Raises Unreadable.
    """
    head, _line, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    if len(head) > _MOST_HEAD or _says_too_much(head):
        raise Unreadable
    try:
        message = BytesParser(policy=policy.default).parsebytes(head + b"\n\n", headersonly=True)
        plain = _plain(message)
        name, sender = _sender(message, plain)
        subject = one_line(words.cleaned(str(message["Subject"]))) if 0 < len(plain.get("subject", "")) <= _MOST_PARSED else ""
        why_not = _why_not(message, plain, sender, own)
        found = [str(value) for header, value in message.raw_items() if header.lower() == "authentication-results"]
    except _BROKEN:
        raise Unreadable from None
    told = plain.get("message-id") or "\n".join(
        [plain.get("date", ""), plain.get("subject", ""), hashlib.sha256(body.strip()).hexdigest()]
    )
    digest = hashlib.sha256(f"{told}\x00{sender}".encode("utf-8", "surrogateescape")).hexdigest()
    # Whoever asks for no answer by a machine gets none (Exchange's word for RFC 3834), and counts as nobody we may write to.
    vouched = "x-auto-response-suppress" not in plain and vouching.speaks_for(sender, found, trusted=trusted)
    return Heading(digest=digest, sender=sender, name=name, subject=subject, why_not=why_not, vouched=vouched)


def read(raw: bytes, heading: Heading) -> Letter:
    """All of it. Raises Unreadable."""
    boundaries = len(re.findall(rb"boundary\*?\d*\*?\s*=", raw, re.IGNORECASE))
    if raw.count(b"\n") > _MOST_LINES or boundaries > _MOST_BOUNDARIES or _says_too_much(raw):
        raise Unreadable
    try:
        message = BytesParser(policy=policy.default).parsebytes(raw)
        parts = list(_parts(message))
        plain = [words.cleaned(_text(part)) for part in parts if _is_text(part, "text/plain")]
        drawn = [words.of_html(_text(part)) for part in parts if _is_text(part, "text/html")]
        text = "\n\n".join(filter(None, plain)) or "\n\n".join(filter(None, drawn))
        photos, left_out = _files(parts)
        answered = _plain(message)
    except _BROKEN:
        raise Unreadable from None
    if not plain and not drawn and message.defects and not photos:
        raise Unreadable
    known = f"{answered.get('in-reply-to', '')} {answered.get('references', '')}"
    said = words.unquoted(text)
    return Letter(
        heading=heading,
        words="\n".join(filter(None, [heading.subject, text.replace(words.QUOTED + "\n", "")])),
        said=said or heading.subject,
        photos=photos,
        left_out=left_out,
        references=tuple(dict.fromkeys(_REFERENCE.findall(known)))[:50],
        secrets=tuple(dict.fromkeys(_SECRET.findall("\n".join([*plain, *drawn, *_links(parts)]))))[:20],
    )


def _says_too_much(raw: bytes) -> bool:
    return any(found.end() - found.start() > _MOST_PARSED for found in _OF_PART.finditer(raw))


def _plain(message: EmailMessage) -> dict[str, str]:
    """Headers as they stand, by small names, the first of each; too long ones are none."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        text = " ".join(str(value).split())
        if len(text) <= _MOST_HEADER:
            found.setdefault(name.lower(), text)
    return found


def _sender(message: EmailMessage, plain: dict[str, str]) -> tuple[str, str]:
    addresses = message["From"].addresses if 0 < len(plain.get("from", "")) <= _MOST_PARSED else ()
    first = next((one for one in addresses if is_email(one.addr_spec)), None)
    if first is None:
        return "", ""
    address = first.addr_spec.lower()
    name = one_line(words.cleaned(first.display_name))[:200]
    return (name if any(letter.isalpha() for letter in name) else address), address


def _why_not(message: EmailMessage, plain: dict[str, str], sender: str, own: frozenset[str]) -> str:
    """Bounces before all: they come from nobody, and whoever answers them talks to himself for ever (RFC 3834)."""
    submitted = plain.get("auto-submitted", "no").partition(";")[0].strip().lower()
    robot = submitted != "no" or message.get_content_type() in {"multipart/report", "message/delivery-status"}
    if robot or plain.get("return-path", "") == "<>" or {"x-autoreply", "x-autorespond", "x-failed-recipients"} & plain.keys():
        return Refused.AUTOMATIC
    if sender in own:
        return Refused.OWN
    if _ROBOTS.fullmatch(sender.partition("@")[0]):
        return Refused.AUTOMATIC
    if any(name.startswith("list-") for name in plain) or plain.get("precedence", "").lower() in _BULK:
        return Refused.LIST
    spam = plain.get("x-spam-flag", "").lower().startswith("yes") or plain.get("x-spam-status", "").lower().startswith("yes")
    if spam:
        return Refused.SPAM
    return "" if sender else Refused.NO_SENDER


def _parts(message: MIMEPart, depth: int = 0, left: list[int] | None = None) -> Iterator[MIMEPart]:
    """The leaves. A letter within the letter is a leaf: it is somebody else's."""
    left = [_MOST_PARTS] if left is None else left
    left[0] -= 1
    if depth > _MOST_DEPTH or left[0] < 0:
        raise Unreadable
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in message.iter_parts():
            yield from _parts(part, depth + 1, left)
    else:
        yield message


def _is_text(part: MIMEPart, kind: str) -> bool:
    return part.get_content_type() == kind and part.get_content_disposition() != "attachment"


def _text(part: MIMEPart) -> str:
    """By its charset; one that is unknown or not true is read as what most letters are."""
    content = part.get_payload(decode=True)
    content = content[: 4 * words.MOST_LETTERS] if isinstance(content, bytes) else b""
    charset = (part.get_content_charset() or "utf-8").lower()
    if charset not in {"us-ascii", "ascii", "unknown-8bit", "utf8", "utf-8"}:
        try:
            return content.decode(charset, "replace")[: words.MOST_LETTERS]
        except (LookupError, ValueError):
            pass
    return content.decode("utf-8", "replace")[: words.MOST_LETTERS]


def _links(parts: list[MIMEPart]) -> list[str]:
    """Of quoted HTML: where its links lead is not among the words."""
    return [
        found for part in parts if _is_text(part, "text/html") for found in re.findall(r'href="([^"]{1,300})"', _text(part))
    ]


def _files(parts: list[MIMEPart]) -> tuple[tuple[PhotoUpload, ...], tuple[str, ...]]:
    """Pictures that are ones, and the names of whatever else came along."""
    photos, left_out = [], []
    for part in parts:
        kind = part.get_content_type()
        if _is_text(part, "text/plain") or _is_text(part, "text/html") or kind in _SIGNATURES:
            continue
        given = one_line(words.cleaned(part.get_filename() or ""))[:80]
        content = part.get_payload(decode=True)
        by_name = kind == "application/octet-stream" and given.lower().endswith((".jpg", ".jpeg", ".png"))
        name = given or kind
        if (kind in _PICTURES or by_name) and isinstance(content, bytes):
            try:
                read_photo(content)
            except TellPerson:
                left_out.append(name)
            else:
                photos.append(PhotoUpload(name=given or f"anh{_PICTURES.get(kind, '.jpg')}", content=content))
        else:
            left_out.append(name)
    return tuple(photos), tuple(left_out)
