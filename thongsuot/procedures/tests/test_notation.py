import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.procedures import notation
from thongsuot.procedures.catalogue_files import DATA, complete_codes, versions_of
from thongsuot.procedures.content import Exemption, LegalBasis, Paper, ResultPaper, Tier
from thongsuot.procedures.rules import check_schema


def test_a_paper_is_one_line_and_says_only_what_is_unusual():
    assert notation.papers("Giấy chứng sinh\n\n(mã proxy) (nếu có) Văn bản ủy quyền | khi nhờ người khác") == [
        Paper(code="p1", name="Giấy chứng sinh"),
        Paper(code="proxy", name="Văn bản ủy quyền", required=False, only_if="khi nhờ người khác"),
    ]
    assert notation.papers("(Xuất trình) Căn cước")[0].kind == "show"
    assert notation.papers("(1 bản sao) Bằng")[0] == Paper(code="p1", name="Bằng", originals=0, copies=1)
    assert notation.papers("(Mẫu số 1) Đơn")[0].name == "(Mẫu số 1) Đơn"


def test_texts_results_exemptions_and_tiers():
    assert notation.legal_texts("NĐ 1 | 01/07/2025\nNĐ 2") == [
        LegalBasis(title="NĐ 1", effective_on=date(2025, 7, 1)),
        LegalBasis(title="NĐ 2"),
    ]
    assert notation.results("KQ.1 | Giấy\nBản sao") == [
        ResultPaper(code="KQ.1", name="Giấy"),
        ResultPaper(code="r2", name="Bản sao"),
    ]
    assert notation.exemptions("poor | hộ nghèo | Luật | 50") == [
        Exemption(code="poor", name="hộ nghèo", basis="Luật", percent_due=50)
    ]
    assert notation.tiers("2: 2.000; 1.000") == [Tier(dong=2000, up_to=2), Tier(dong=1000)]
    assert notation.amount("10.000 đồng") == 10_000


@pytest.mark.parametrize(("read", "text"), [
    (notation.papers, "| không tên"), (notation.papers, "a | b | c"), (notation.legal_texts, "NĐ 1 | 31/02/2025"),
    (notation.legal_texts, "NĐ 1 | hôm qua"), (notation.exemptions, "poor"), (notation.exemptions, "a | b | c | nửa"),
    (notation.tiers, "hai: 2000"), (notation.tiers, "2: nghìn"), (notation.amount, "-5"), (notation.amount, "٥"),
])  # fmt: skip
def test_a_line_that_cannot_be_read_says_so(read, text):
    with pytest.raises(notation.NotRead) as refusal:
        read(text)
    assert len(str(refusal.value)) > 10


@pytest.mark.parametrize("code", complete_codes())
def test_the_shipped_procedures_survive_being_written_and_read(code):
    for _, draft in versions_of(DATA / "procedures" / f"{code}.json"):
        assert tuple(notation.papers(notation.written_papers(draft.papers))) == draft.papers
        assert tuple(notation.results(notation.written_results(draft.results))) == draft.results
        assert tuple(notation.legal_texts(notation.written_legal_texts(draft.legal_basis))) == draft.legal_basis
        for rule in draft.fee_rules:
            assert tuple(notation.tiers(notation.written_tiers(rule.tiers))) == rule.tiers
            assert tuple(notation.exemptions(notation.written_exemptions(rule.exemptions))) == rule.exemptions


def test_the_guide_for_administrators_is_true():
    guide = (Path(__file__).resolve().parents[3] / "docs" / "howto" / "publish-a-procedure.md").read_text()
    [schema] = re.findall(r"```json\n(.*?)```", guide, re.DOTALL)
    assert check_schema(json.loads(schema)) == []
    lines = dict(re.findall(r"^(papers|results|legal texts|exemptions|tiers) +(.+)$", guide, re.MULTILINE))
    [paper] = notation.papers(lines["papers"])
    assert (paper.code, paper.required, paper.kind, paper.originals, paper.copies) == ("proxy", False, "form", 2, 1)
    assert notation.results(lines["results"])[0].code == "KQ.G15.000031"
    assert notation.legal_texts(lines["legal texts"])[0].ended_on == date(2027, 1, 1)
    assert notation.exemptions(lines["exemptions"])[0].percent_due == 0
    assert notation.tiers(lines["tiers"])[-1].up_to is None


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused(text):
    for read in (notation.papers, notation.results, notation.legal_texts, notation.exemptions, notation.tiers):
        try:
            read(text)
        except notation.NotRead:
            continue
