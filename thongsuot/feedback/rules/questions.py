"""Answers to what a category asks: pure checks by the datatypes of GeoReport v2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import nfc, one_line

LINE_AT_MOST, TEXT_AT_MOST = 300, 2000


@dataclass(frozen=True, kw_only=True)
class Question:
    """`kind`: models.CategoryQuestion.Kind; `answers`: (key, name) of the lists."""

    code: str
    asks: str
    kind: str
    required: bool
    answers: tuple[tuple[str, str], ...] = ()


def checked_answers(questions: Sequence[Question], given: Mapping[str, object]) -> dict[str, object]:
    """What is kept: code -> text, or a list of keys. What nobody asked is left out. Raises BadInput, a problem per question."""
    kept: dict[str, object] = {}
    problems: dict[str, str] = {}
    for question in questions:
        texts = _texts(given.get(question.code))
        if not texts:
            if question.required:
                problems[question.code] = _("%(asks)s: hãy trả lời câu này.") % {"asks": question.asks}
            continue
        problem = _problem(question, texts)
        if problem:
            problems[question.code] = f"{question.asks}: {problem}"
        else:
            kept[question.code] = texts if question.kind == "multivaluelist" else texts[0]
    if problems:
        raise BadInput(problems)
    return kept


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [text for text in (nfc(str(one)) for one in values if one is not None) if text]


def _problem(question: Question, texts: list[str]) -> str:
    if question.kind in {"singlevaluelist", "multivaluelist"}:
        known = {key for key, _name in question.answers}
        several = len(texts) > 1 and question.kind == "singlevaluelist"
        return _("hãy chọn trong danh sách.") if several or not set(texts) <= known or len(texts) > len(known) else ""
    text = texts[0]
    if len(texts) > 1:
        return _("chỉ trả lời một lần.")
    if question.kind == "number":
        return "" if _is_number(text) else _("hãy ghi một số.")
    if question.kind == "datetime":
        return "" if _is_instant(text) else _("hãy ghi ngày giờ.")
    most = TEXT_AT_MOST if question.kind == "text" else LINE_AT_MOST
    if len(text) > most:
        return _("dài quá %(most)s ký tự.") % {"most": most}
    return "" if question.kind == "text" or text == one_line(text) else _("hãy viết trong một dòng.")


def _is_number(text: str) -> bool:
    try:
        return len(text) <= 20 and abs(float(text.replace(",", "."))) < 1e12
    except ValueError:
        return False


def _is_instant(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return len(text) <= 40
