"""How an answer is written and drawn: a small markup without HTML, what it may not hold, how it is looked for. No database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from thongsuot.kernel.text import nfc, one_line, search_key

KEEP, APPROVE = "keep answers", "approve answers"
LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_SPOKEN, LONGEST_BASIS = 300, 6_000, 600, 500
MOST_WAYS, MOST_TOPICS, MOST_CODES = 20, 5, 12
COUNTED = timedelta(days=90)  # over which "most used" is counted
MOST_WORDS = 12

_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(((?:[^()\s]|\([^()\s]*\)){1,500})\)|(https?://[^\s<>()\[\]]+[^\s<>()\[\].,;:!?])")
_SOUND = re.compile(r"https?://[^\s/?#@\\]+([/?#][^\s\\]*)?|/(?![/\\])[^\s\\]*|tel:\+?[0-9]{3,15}|mailto:[^\s@:]+@[^\s@:]+")
_TAG = re.compile(r"<\s*(?:[/?]?[a-zA-Z]|!)|&#?\w{2,8};")
_ITEM = re.compile(r"(?:([-*])|(\d{1,2})\.)\s+(.+)")


@dataclass(frozen=True)
class Piece:
    """Some words of a line; a link where `href` says so."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph (`p`, its lines), or a list (`ul`, `ol`, its points)."""

    kind: str
    lines: tuple[tuple[Piece, ...], ...]


def blocks(text: str) -> list[Block]:
    """What is written, as a page draws it. Nothing of it is markup of the page; a link that is not sound stays plain words."""
    found: list[tuple[str, list[tuple[Piece, ...]]]] = []
    fresh = True
    for line in text.split("\n"):
        line = one_line(line)
        item = _ITEM.fullmatch(line)
        kind = "p" if item is None else "ul" if item[1] else "ol"
        if not line:
            fresh = True
            continue
        if (fresh and kind == "p") or not found or found[-1][0] != kind:
            found.append((kind, []))
        found[-1][1].append(tuple(_pieces(item[3] if item else line)))
        fresh = False
    return [Block(kind, tuple(lines)) for kind, lines in found]


def _pieces(line: str) -> Iterator[Piece]:
    end = 0
    for link in _LINK.finditer(line):
        if link.start() > end:
            yield Piece(line[end : link.start()])
        words, href = (link[1], link[2]) if link[1] else (link[3], link[3])
        yield Piece(words, href) if _SOUND.fullmatch(href) else Piece(link[0])
        end = link.end()
    if end < len(line):
        yield Piece(line[end:])


def plain(text: str) -> str:
    """Its words alone."""
    return "\n".join("".join(piece.text for piece in line) for block in blocks(text) for line in block.lines)


@dataclass(frozen=True, kw_only=True)
class Words:
    """What one version says, and on what basis. All of it is read before it is approved."""

    question: str
    answer: str
    spoken: str
    basis: str

    @staticmethod
    def of(*, question: str, answer: str, spoken: str, basis: str) -> Words:
        """As it is kept."""
        return Words(
            question=one_line(question),
            answer=nfc(answer.replace("\r\n", "\n")),
            spoken=one_line(spoken),
            basis=one_line(basis),
        )

    def lines(self) -> list[str]:
        return [
            self.question,
            "",
            *self.answer.split("\n"),
            "",
            _("Nói qua điện thoại: %(spoken)s") % {"spoken": self.spoken},
            _("Căn cứ: %(basis)s") % {"basis": self.basis},
        ]


@dataclass(frozen=True, kw_only=True)
class About:
    """How a question is found: changed at any time, no approval needed."""

    topics: tuple[str, ...] = ()
    other_ways: tuple[str, ...] = ()
    procedure_codes: tuple[str, ...] = ()

    @staticmethod
    def of(*, topics: str, other_ways: str, procedure_codes: str) -> About:
        """As forms and lists say it: topics and codes parted by commas, one other way of asking a line."""
        return About(
            topics=_parts(topics, ",;"), other_ways=_parts(other_ways, "\n"), procedure_codes=_parts(procedure_codes, ",;\n ")
        )


def _parts(text: str, signs: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for raw in re.split(f"[{re.escape(signs)}]", text) if (part := one_line(raw))))


def unfit(words: Words, about: About) -> dict[str, str]:
    """{field: sentence} of what cannot be used."""
    said = {"question": words.question, "answer": words.answer, "spoken": words.spoken, "basis": words.basis}
    most = {"question": LONGEST_QUESTION, "answer": LONGEST_ANSWER, "spoken": LONGEST_SPOKEN, "basis": LONGEST_BASIS}
    found: dict[str, str] = {}
    for field, text in said.items():
        if not text:
            found[field] = _("Phần này còn trống. Hãy viết trước khi lưu.")
        elif len(text) > most[field]:
            found[field] = _("Phần này dài %(count)s ký tự. Hãy rút còn nhiều nhất %(most)s ký tự.") % {
                "count": len(text),
                "most": most[field],
            }
        elif _TAG.search(text):
            found[field] = _("Phần này có thẻ HTML. Hãy viết chữ thường; đường dẫn viết [chữ hiện ra](https://…).")
    if "question" not in found and len(search_key(words.question)) < 5:
        found["question"] = _("Câu hỏi quá ngắn. Hãy viết như người dân hỏi.")
    if "answer" not in found and (bad := _unsound(words.answer)):
        found["answer"] = _(
            "Đường dẫn %(href)s không dùng được. Hãy dùng địa chỉ bắt đầu bằng https:// hoặc trang của hệ thống."
        ) % {"href": bad[:60]}
    for field, parts, many, longest in (
        ("topics", about.topics, MOST_TOPICS, 60),
        ("other_ways", about.other_ways, MOST_WAYS, 200),
        ("procedure_codes", about.procedure_codes, MOST_CODES, 20),
    ):
        if len(parts) > many or any(len(part) > longest for part in parts):
            found[field] = _("Nhiều nhất %(many)s mục, mỗi mục không quá %(longest)s ký tự.") % {
                "many": many,
                "longest": longest,
            }
    return found


def _unsound(answer: str) -> str:
    """A link of the author's that would not be drawn as one; "" when all are sound."""
    hrefs = (link[2] for link in _LINK.finditer(answer) if link[1])
    return next((href for href in hrefs if not _SOUND.fullmatch(href)), "")


def asked(text: str, *, all_words: bool) -> str:
    """For to_tsquery: words are looked for by how they begin, short ones whole unless typed last. "" when there are none."""
    words: Sequence[str] = search_key(text[:300]).split()[:MOST_WORDS]
    whole = words if not all_words else words[:-1]  # the last one may still be on its way
    begun = {word for word in words if len(word) > 2} | {*words[len(whole) :]}
    return (" & " if all_words else " | ").join(f"{word}:*" if word in begun else word for word in words)
