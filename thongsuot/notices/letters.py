"""The words of letters: what the system ships with (`data/letters/<key>.txt`, version 1), and how they become one letter.

Letters are Vietnamese whoever set them off: an officer may read our pages in English, the citizen gets what the papers say.
Words are plain text with places in braces, {mã hồ sơ}: nothing in them is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from django.utils import translation

from thongsuot.kernel.text import dong, instant, nfc, one_line, search_key
from thongsuot.notices import links, rules
from thongsuot.notices.kinds import COMMON, DOTS, LETTERS, Place

_FILES = Path(__file__).parent / "data" / "letters"
SHIPPED = 1  # the number of the version that the system ships
SUBJECT_LENGTH = 200
_MAY_BE_EMPTY = {"contact"} | {  # the frame's own, and of any letter
    search_key(place.name) for kind in LETTERS.values() for place in kind.all_places().values() if place.empty
}
_PLACE = re.compile(r"\{([^{}\n]*)\}")
_EMPTY_LINES = re.compile(r"\n{3,}")
_CUTS = (60, 40, 20)  # letters that a fact of a too long SMS may have, one after the other
_SMS = "\n--- SMS\n"


@dataclass(frozen=True, kw_only=True)
class Words:
    """One version of a letter, by every way. `zalo_values`: parameter of Zalo's own template -> text with our places."""

    subject: str
    body: str
    sms: str
    zalo_template: str = ""
    zalo_values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter to one person: `sms` and `zalo` are what those ways say."""

    subject: str
    body: str
    sms: str
    zalo_template: str
    zalo: Mapping[str, str]


@cache
def shipped(key: str) -> Words:
    """Version 1."""
    mail, _line, sms = (_FILES / f"{key}.txt").read_text().partition(_SMS)
    subject, _newline, body = mail.strip().partition("\n")
    return Words(subject=subject.strip(), body=body.strip(), sms=sms.strip())


def written(key: str, *, name: str, context: Mapping[str, object], words: Words | None = None, dotted: bool = False) -> Letter:
    """`dotted`: with DOTS for what is secret. Raises TypeError when not told exactly what it needs: a bug of the caller."""
    wanted = LETTERS[key].words
    if context.keys() != wanted:
        missing, more = wanted - context.keys(), context.keys() - wanted
        raise TypeError(f"letter {key}: missing {sorted(missing)}, not known {sorted(more)}")
    told = _told(key, name=name, context=context)
    if dotted:
        told |= {search_key(place.name): DOTS for place in LETTERS[key].all_places().values() if place.secret}
    own, ours = words, shipped(key)
    if own and any(place.secret or place.names for _word, place in known_places(key, places_in(own.subject))[0]):
        own = replace(own, subject=ours.subject)  # approved when it was not asked
    try:
        letter = _filled(own or ours, told)
    except KeyError:  # a place that this release does not know any more: people are told all the same
        own, letter = None, _filled(ours, told)
    return letter if fits(key, letter.sms) else replace(letter, sms=_cut(key, [own, ours] if own else [ours], told))


def example(key: str, words: Words) -> Letter:
    """How a version reads, with nobody's facts. Its places must be known (`unfit`)."""
    return _filled(words, {search_key(place.name): place.example for place in LETTERS[key].all_places().values()})


def sms_in_all(key: str, sms: str) -> str:
    """With the line by which an optional letter is declined, as it is sent."""
    return rules.with_stop_line(sms, links.longest() if LETTERS[key].optional else "")


def fits(key: str, sms: str) -> bool:
    return rules.segments(sms_in_all(key, sms)).count <= rules.MOST_SEGMENTS


def _cut(key: str, versions: Sequence[Words], told: Mapping[str, str]) -> str:
    """An SMS whose facts are longer than any example: cut where it can be, never in the code or the address."""
    places = LETTERS[key].all_places()
    kept = {search_key(places[word].name) for word in (LETTERS[key].must[0], "code", "link")}
    for words in versions:
        for most in _CUTS:
            short = {k: v if k in kept or len(v) <= most else v[: most - 3] + "..." for k, v in _for_sms(words, told).items()}
            if fits(key, sms := one_line(fill(words.sms, short))):
                return sms
    return one_line(" ".join(rules.unmarked(told[search_key(places[word].name)]) for word in (LETTERS[key].must[0], "link")))


def _for_sms(words: Words, told: Mapping[str, str]) -> Mapping[str, str]:
    """Whoever wrote without marks wrote so for the short alphabet: a name with marks would double the price."""
    if rules.segments(_PLACE.sub("", words.sms)).marked:
        return told
    return {name: rules.unmarked(fact) for name, fact in told.items()}


def _told(key: str, *, name: str, context: Mapping[str, object]) -> dict[str, str]:
    """What fills each place, by the place's name without marks."""
    # No line break may come in by a name: it would end the subject early.
    facts = {word: one_line(str(value)) if word in COMMON else _as_text(value) for word, value in context.items()}
    with translation.override("vi"):
        facts |= {"name": name, **_turns(context, facts)}
    return {search_key(place.name): facts[word] for word, place in LETTERS[key].all_places().items()}


def _turns(context: Mapping[str, object], facts: Mapping[str, str]) -> dict[str, str]:
    """Words that turn on a fact, so that whoever writes a letter needs no conditions."""
    amount, place = context.get("amount_dong"), facts.get("return_place", "")
    calendar = "Lịch làm việc vừa thay đổi theo thông báo của cơ quan có thẩm quyền."
    sealed = "kê từng loại, đóng hộp, niêm phong"
    at_hand = f"Bản giấy nhận tại: {place}. Khi đến, hãy mang giấy hẹn và giấy tờ tùy thân."
    paper = f"Bản điện tử tải được trên trang của hồ sơ. {at_hand}"
    return {
        "duty": f"nộp {dong(amount)}" if isinstance(amount, int) and amount else "thực hiện nghĩa vụ tài chính",
        "why": calendar if context.get("calendar") else "Hồ sơ được xử lý tiếp sau thời gian chờ.",
        "due_words": "Hẹn trả lùi theo quyết định sắp xếp, nay là" if context.get("due_moved") else "Hẹn trả không đổi",
        "work": f"{sealed}, ký biên bản" if context.get("heads") else sealed,
        "appointment": f"{facts.get('new_due_at', '')} tại {place}" if place else facts.get("new_due_at", ""),
        "fetching": paper if place else "Bản điện tử là bản gốc, tải được trên trang của hồ sơ.",
    }


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, list | tuple):
        return "\n".join(f"{number}. {nfc(str(one))}" for number, one in enumerate(value, 1))
    return nfc(str(value))


def _filled(words: Words, told: Mapping[str, str]) -> Letter:
    """Raises KeyError for a place nobody fills."""
    frame = f"Chào {{người nhận}},\n\n{words.body}\n\n{{_link}}\n\n{{_contact}}\n\n{{_agency}}\n"
    contact = told["dien thoai"]
    around = {
        "link": told["duong dan"],
        "contact": f"Cần hỏi thêm, hãy gọi {contact}." if contact else "",
        "agency": told["co quan"],
    }
    body = fill(frame, {**told, **around}) + "(Thư gửi tự động. Thư trả lời không có người đọc.)"
    return Letter(
        subject=one_line(fill(words.subject, told))[:SUBJECT_LENGTH],
        body=_EMPTY_LINES.sub("\n\n", nfc(body)) + "\n",
        sms=one_line(fill(words.sms, _for_sms(words, told))),
        zalo_template=words.zalo_template,
        zalo={name: one_line(fill(text, told)) for name, text in words.zalo_values.items()},
    )


def fill(text: str, told: Mapping[str, str]) -> str:
    """Each place with what fills it, in one go: braces that come in by a name stay what they are. A line one of whose places
    has nothing to say, and may be so, is left out. Raises KeyError."""
    lines = []
    for line in text.split("\n"):
        names = [search_key(name) for name in _PLACE.findall(line)]
        if all(told[name] or name not in _MAY_BE_EMPTY for name in names):
            lines.append(_PLACE.sub(lambda place: told[search_key(place[1])], line))
    return "\n".join(lines)


def places_in(text: str) -> list[str]:
    """Names between braces, as they stand there."""
    return _PLACE.findall(text)


def stray_braces(text: str) -> bool:
    return bool(re.search(r"[{}]", _PLACE.sub("", text)))


def known_places(key: str, names: Iterable[str]) -> tuple[list[tuple[str, Place]], list[str]]:
    """((word, place) of those this letter has, names it has not), in order."""
    by_name = {search_key(place.name): (word, place) for word, place in LETTERS[key].all_places().items()}
    known = [by_name[search_key(name)] for name in names if search_key(name) in by_name]
    return known, [name for name in names if search_key(name) not in by_name]
