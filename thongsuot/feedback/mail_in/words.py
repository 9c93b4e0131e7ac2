"""Words out of a letter: HTML becomes plain text, what a reply quotes goes. Each text is walked once, however it is made."""

from __future__ import annotations

import html
import re
import unicodedata

from thongsuot.kernel.text import nfc

QUOTED = "-----Original Message-----"
MOST_LETTERS = 400_000  # of one part; the rest is not read
_SILENT = frozenset({"script", "style", "head", "title", "template", "svg", "object", "noscript"})
_LINES = frozenset(
    {"p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "section"}
)
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]{0,20})")
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_BEFORE_QUOTE = re.compile(
    r"(?:-{2,} ?(?:Original Message|Forwarded message|Thư gốc|Tin nhắn gốc).{0,40}|_{20,}|"
    r"(?:On|Vào|Lúc|Le|Am) .{5,200}(?:wrote|đã viết|viết):|(?:From|Từ|Người gửi): .{1,200}@.{1,200})",
    re.IGNORECASE,
)


def cleaned(text: str) -> str:
    """Lines stay; what no keyboard writes goes. Bytes that were no letters of their charset become marks of their own."""
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    lines = (_BLANKS.sub(" ", line).strip() for line in kept.split("\n"))
    return nfc(_EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip())


def of_html(markup: str) -> str:
    """What a reader would see of it, as plain lines. Nothing of it is ever drawn as markup."""
    markup, found, place = markup[:MOST_LETTERS], [], 0
    while place < len(markup):
        opened = markup.find("<", place)
        if opened < 0:
            found.append(markup[place:])
            break
        found.append(markup[place:opened])
        if markup.startswith("<!--", opened):
            place = _after(markup, "-->", opened)
            continue
        named = _NAME.match(markup, opened + 1)
        if named is None and not markup.startswith(("<!", "<?"), opened):
            found.append("<")  # "5 < 6"
            place = opened + 1
            continue
        place = _after(markup, ">", opened)
        name = named[1].lower() if named else ""
        if name in _SILENT and markup[opened + 1] != "/":
            place = _after(markup, ">", _after(markup, f"</{name}", place, lowered=True))
        elif name == "blockquote" and markup[opened + 1] != "/":
            found.append(f"\n{QUOTED}\n")
        elif name in _LINES:
            found.append("\n")
        elif name == "td":
            found.append(" ")
    return cleaned(html.unescape("".join(found)))


def _after(markup: str, end: str, place: int, *, lowered: bool = False) -> int:
    """Behind the next `end`; what is never closed goes on to the end of all."""
    if not lowered:
        at = markup.find(end, place)
        return len(markup) if at < 0 else at + len(end)
    found = re.compile(re.escape(end), re.IGNORECASE).search(markup, place)
    return found.end() if found else len(markup)


def unquoted(text: str) -> str:
    """What somebody wrote above what they answer to. Nothing above it: all of it, without the lines marked as quoted."""
    lines = text.split("\n")
    pairs = enumerate(zip(lines, [*lines[1:], ""], strict=True))  # programs break "On ... wrote:" where they like
    cut = next((n for n, two in pairs if _BEFORE_QUOTE.fullmatch(two[0]) or _BEFORE_QUOTE.fullmatch(" ".join(two))), len(lines))
    own = [line for line in lines[: cut or len(lines)] if not line.startswith(">")]
    return cleaned("\n".join(own))
