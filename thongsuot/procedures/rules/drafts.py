"""A version before it is published: everything it will say, and what still keeps it from being published."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.procedures.content import FeeRule, LegalBasis, Paper, ResultPaper, Step, Subject
from thongsuot.procedures.rules.fees import check_fee_rules
from thongsuot.procedures.rules.graph import condition_fields
from thongsuot.procedures.rules.schemas import check_schema
from thongsuot.procedures.rules.steps import check_steps, default_steps

# Parts of a version for which no text was read; a page says so beside them.
PARTS = ("limit", "fees", "papers", "steps", "channels", "basis", "form")
CHANNELS = (1, 2, 3)  # counter, online, post: the national codes
LONGEST_NAME = 1000
LONGEST_PAPER = 2000
MOST_PAPERS = 150
MOST_LIMIT = 3650

_PORTAL = re.compile(r"https://dichvucong\.gov\.vn/[A-Za-z0-9/_.?=&-]{1,170}")
_NATIONAL_CODE = re.compile(r"[0-9]\.[0-9]{6}")
_LOCAL_CODE = re.compile(r"[A-Z0-9][A-Z0-9.\-]{2,19}")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a version will say. Without `steps` it gets the default e-process and is marked so.

    subjects                       who may ask for it; empty: not known
    decision_number, decision_on   of the decision that makes it public (quyết định công bố): both or neither
    """

    name: str
    field: str
    limit: Limit
    also_called: str = ""
    extension_days: int = 0
    papers: Sequence[Paper] = ()
    fee_rules: Sequence[FeeRule] = ()
    results: Sequence[ResultPaper] = ()
    steps: Sequence[Step] = ()
    form_schema: Mapping[str, Any] = made_by(default_factory=dict)
    subjects: frozenset[Subject] = frozenset()
    channels: frozenset[int] = frozenset({1})
    fully_online: bool = False
    non_boundary: bool = False
    legal_basis: Sequence[LegalBasis] = ()
    decision_number: str = ""
    decision_on: date | None = None
    unverified: frozenset[str] = frozenset()
    source: str = ""
    source_url: str = ""

    @property
    def has_own_process(self) -> bool:
        return bool(self.steps)

    def process(self) -> tuple[Step, ...]:
        return tuple(self.steps) or default_steps(self.limit)


def check_code(code: str, kind: str) -> str:
    """A sentence when the code has the wrong shape, else empty."""
    if kind == "national" and not _NATIONAL_CODE.fullmatch(code):
        return _("Mã quốc gia gồm một chữ số, dấu chấm và sáu chữ số, ví dụ: 2.000815.")
    if kind != "national" and not _LOCAL_CODE.fullmatch(code):
        return _("Mã của thành phố gồm chữ in hoa không dấu, số, dấu chấm, dài 3 đến 20, ví dụ: HN.0001.")
    return ""


def check_draft(draft: Draft) -> dict[str, str]:
    """What keeps it from being published: the part and one sentence. Empty when it can be."""
    problems = {part: " ".join(sentences) for part, check in _CHECKS.items() if (sentences := list(check(draft)))}
    if "limit" not in problems and draft.steps:
        fields = condition_fields({} if "form_schema" in problems else draft.form_schema, draft.fee_rules)
        if wrong := check_steps(draft.steps, draft.limit, fields):
            problems["steps"] = " ".join(wrong)
    return problems


def _name(draft: Draft) -> Iterator[str]:
    if not draft.name:
        yield _("Thủ tục chưa có tên.")
    if len(draft.name) > LONGEST_NAME:
        yield _("Tên thủ tục dài quá %(most)s chữ.") % {"most": LONGEST_NAME}


def _also_called(draft: Draft) -> Iterator[str]:
    if len(draft.also_called) > 200:
        yield _("Tên thường gọi dài quá 200 chữ.")


def _field(draft: Draft) -> Iterator[str]:
    if not draft.field or len(draft.field) > 100:
        yield _("Hãy ghi lĩnh vực, không quá 100 chữ.")


def _limit(draft: Draft) -> Iterator[str]:
    if draft.limit.unit != LimitUnit.SAME_DAY and not 1 <= draft.limit.value <= MOST_LIMIT:
        yield _("Thời hạn phải từ 1 đến %(most)s.") % {"most": MOST_LIMIT}
    if not 0 <= draft.extension_days <= 365:
        yield _("Số ngày gia hạn phải từ 0 đến 365.")


def _channels(draft: Draft) -> Iterator[str]:
    if not draft.channels or not draft.channels <= set(CHANNELS):
        yield _("Hãy chọn ít nhất một cách nộp: tại quầy, trực tuyến hoặc bưu chính.")
    if draft.fully_online and 2 not in draft.channels:
        yield _("Thủ tục toàn trình phải nộp được trực tuyến.")


def _papers(draft: Draft) -> Iterator[str]:
    codes = [paper.code for paper in draft.papers]
    if len(codes) > MOST_PAPERS:
        yield _("Một thủ tục có nhiều nhất %(most)s giấy tờ.") % {"most": MOST_PAPERS}
    if len(set(codes)) != len(codes) or not all(0 < len(code) <= 40 for code in codes):
        yield _("Mỗi giấy tờ cần một mã riêng, không quá 40 chữ.")
    for paper in draft.papers:
        if not 0 < len(paper.name) <= LONGEST_PAPER or len(paper.only_if) > LONGEST_PAPER:
            yield _("Giấy tờ “%(code)s” cần tên, không quá %(most)s chữ.") % {"code": paper.code, "most": LONGEST_PAPER}
        if not (0 <= paper.originals <= 99 and 0 <= paper.copies <= 99):
            yield _("Giấy tờ “%(code)s” có số bản ngoài 0 đến 99.") % {"code": paper.code}


def _fees(draft: Draft) -> Iterator[str]:
    yield from check_fee_rules(draft.fee_rules)


def _results(draft: Draft) -> Iterator[str]:
    if any(not result.name or not result.code for result in draft.results):
        yield _("Mỗi kết quả cần mã và tên.")


def _form(draft: Draft) -> Iterator[str]:
    yield from check_schema(draft.form_schema)


def _basis(draft: Draft) -> Iterator[str]:
    if not draft.legal_basis and "basis" not in draft.unverified:
        yield _("Hãy ghi ít nhất một căn cứ pháp lý.")
    if any(not text.title for text in draft.legal_basis):
        yield _("Mỗi căn cứ pháp lý cần số, ký hiệu hoặc tên văn bản.")


def _decision(draft: Draft) -> Iterator[str]:
    if bool(draft.decision_number) != (draft.decision_on is not None):
        yield _("Quyết định công bố cần cả số và ngày ký.")
    if len(draft.decision_number) > 60:
        yield _("Số quyết định công bố dài quá 60 chữ.")


def _source(draft: Draft) -> Iterator[str]:
    if draft.source_url and not _PORTAL.fullmatch(draft.source_url):
        yield _("Địa chỉ nguồn phải là một trang của Cổng Dịch vụ công quốc gia.")


def _marks(draft: Draft) -> Iterator[str]:
    if unknown := sorted(draft.unverified - set(PARTS)):
        yield _("Phần đánh dấu chưa kiểm chứng không có trong danh mục: %(parts)s.") % {"parts": ", ".join(unknown)}


_CHECKS = {
    "name": _name,
    "also_called": _also_called,
    "field": _field,
    "limit": _limit,
    "channels": _channels,
    "papers": _papers,
    "fee_rules": _fees,
    "results": _results,
    "form_schema": _form,
    "legal_basis": _basis,
    "decision_number": _decision,
    "source_url": _source,
    "unverified": _marks,
}
