"""Lines that people type or paste, one thing a line: the same in the spreadsheet and on the page of administrators.

    papers       (mã proxy) (nếu có) (tờ khai) (2 bản chính) (1 bản sao) Văn bản ủy quyền | khi nhờ người khác làm thay
    results      KQ.G15.000031 | Giấy khai sinh
    legal texts  Nghị định 123/2015/NĐ-CP | 01/01/2016 | 01/01/2027
    exemptions   poor_household | người thuộc hộ nghèo | Luật Hộ tịch, Điều 11 | 0
    tiers        2: 2.000; 1.000

What is left out is the usual: one original, handed in, always needed; a code by place; in force without an end; nothing due.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from thongsuot.kernel.text import day, number, one_line
from thongsuot.procedures.content import Exemption, LegalBasis, Paper, ResultPaper, Tier

T = TypeVar("T")

KINDS = {"xuất trình": "show", "tờ khai": "form"}
_KIND_NAMES = {kind: name for name, kind in KINDS.items()}
_MARK = re.compile(r"\(([^()]{1,60})\)\s*")
_COUNT = re.compile(r"(\d{1,2}) bản (chính|sao)")
_CODE = re.compile(r"mã ([A-Za-z0-9_.\-]{1,40})")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class NotRead(ValueError):
    """A line that cannot be read; its text is the sentence for the person who wrote it."""


def papers(text: str) -> list[Paper]:
    return _each(text, _paper)


def results(text: str) -> list[ResultPaper]:
    return _each(text, _result)


def legal_texts(text: str) -> list[LegalBasis]:
    return _each(text, _legal_text)


def exemptions(text: str) -> list[Exemption]:
    return _each(text, _exemption)


def tiers(text: str) -> list[Tier]:
    """'2: 2.000; 1.000' is 2.000 đồng up to page 2, then 1.000."""
    found = []
    for part in (part.strip() for part in re.split(r"[;\n]", text)):
        if not part:
            continue
        bound, colon, price = part.rpartition(":")
        if colon and not re.fullmatch(r"\d{1,5}", bound.strip()):
            raise NotRead(_("Bậc giá “%(part)s” chưa đúng, ví dụ: 2: 2.000; 1.000.") % {"part": part[:40]})
        found.append(Tier(dong=amount(price), up_to=int(bound) if colon else None))
    return found


def amount(text: str) -> int:
    """'10.000', '10 000' or '10000 đồng' in whole đồng."""
    digits = re.sub(r"[.\s]|đồng$", "", text.strip())
    if not re.fullmatch(r"[0-9]{1,11}", digits):
        raise NotRead(_("Số tiền “%(text)s” phải là số nguyên đồng.") % {"text": text.strip()[:40]})
    return int(digits)


def written_papers(found: Iterable[Paper]) -> str:
    return "\n".join(_written_paper(place, paper) for place, paper in enumerate(found, start=1))


def written_results(found: Iterable[ResultPaper]) -> str:
    return "\n".join(f"{result.code} | {result.name}" for result in found)


def written_legal_texts(found: Iterable[LegalBasis]) -> str:
    return "\n".join(
        _joined(text.title, day(text.effective_on) if text.effective_on else "", day(text.ended_on) if text.ended_on else "")
        for text in found
    )


def written_exemptions(found: Iterable[Exemption]) -> str:
    return "\n".join(f"{one.code} | {one.name} | {one.basis} | {one.percent_due}" for one in found)


def written_tiers(found: Iterable[Tier]) -> str:
    return "; ".join(f"{tier.up_to}: {number(tier.dong)}" if tier.up_to is not None else number(tier.dong) for tier in found)


def _each(text: str, read: Callable[[int, str], T]) -> list[T]:
    lines = [line for raw in text.splitlines() if (line := one_line(raw))]
    return [read(place, line) for place, line in enumerate(lines, start=1)]


def _parts(line: str, most: int) -> list[str]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) > most or not parts[0]:
        raise NotRead(_("Dòng “%(line)s” có quá nhiều phần, hoặc thiếu phần đầu.") % {"line": line[:60]})
    return parts + [""] * (most - len(parts))


def _paper(place: int, line: str) -> Paper:
    facts: dict[str, Any] = {"code": f"p{place}"}
    rest = line
    while match := _MARK.match(rest):
        read = _mark(match[1].strip())
        if read is None:
            break  # a name may begin with a bracket of its own
        facts |= read
        rest = rest[match.end() :]
    if {"originals", "copies"} & facts.keys():
        facts = {"originals": 0, "copies": 0} | facts
    name, only_if = _parts(rest, 2)
    return Paper(**facts, name=name, only_if=only_if, has_form=facts.get("kind") == "form")


def _mark(word: str) -> dict[str, Any] | None:
    if word.lower() in KINDS:
        return {"kind": KINDS[word.lower()]}
    if word.lower() == "nếu có":
        return {"required": False}
    if match := _COUNT.fullmatch(word.lower()):
        return {"originals" if match[2] == "chính" else "copies": int(match[1])}
    if match := _CODE.fullmatch(word):
        return {"code": match[1]}
    return None


def _written_paper(place: int, paper: Paper) -> str:
    marks = []
    if paper.code != f"p{place}":
        marks.append(f"mã {paper.code}")
    if not paper.required:
        marks.append("nếu có")
    if paper.kind in _KIND_NAMES:
        marks.append(_KIND_NAMES[paper.kind])
    if (paper.originals, paper.copies) != (1, 0):
        marks += [f"{paper.originals} bản chính", f"{paper.copies} bản sao"]
    return "".join(f"({mark}) " for mark in marks) + _joined(paper.name, paper.only_if)


def _result(place: int, line: str) -> ResultPaper:
    first, second = _parts(line, 2)
    return ResultPaper(code=first, name=second) if second else ResultPaper(code=f"r{place}", name=first)


def _legal_text(_place: int, line: str) -> LegalBasis:
    title, effective_on, ended_on = _parts(line, 3)
    return LegalBasis(title=title, effective_on=day_in(effective_on), ended_on=day_in(ended_on))


def _exemption(_place: int, line: str) -> Exemption:
    code, name, basis, percent = _parts(line, 4)
    if not name or not basis or not re.fullmatch(r"\d{0,3}", percent):
        raise NotRead(_("Diện miễn, giảm ghi: mã | tên | căn cứ | còn nộp bao nhiêu phần trăm."))
    return Exemption(code=code, name=name, basis=basis, percent_due=int(percent or 0))


def day_in(text: str) -> date | None:
    """'01/07/2025'; None for nothing."""
    if not text:
        return None
    match = _DAY.fullmatch(text)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> date:
    raise NotRead(_("Chưa đọc được ngày “%(text)s”, ví dụ: 01/07/2025.") % {"text": text[:20]})


def _joined(*parts: str) -> str:
    """Parts with the separator between, empty ones at the end left out; a separator inside a part would split it."""
    kept = [part.replace("|", "/") for part in parts]
    while kept and not kept[-1]:
        kept.pop()
    return " | ".join(kept)
