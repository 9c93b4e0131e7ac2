"""Which paper stands for which, and until when."""

from __future__ import annotations

from datetime import date

import pytest

from thongsuot.kernel.text import search_key
from thongsuot.personal_store import rules

TODAY = date(2025, 10, 6)


def held(title: str = "Giấy khai sinh", *, procedure: str = "1", paper: str = "", type_code: str = "") -> rules.Held:
    return rules.Held(procedure_code=procedure, paper_code=paper, type_code=type_code, title_key=search_key(title))


def wanted(name: str, *, procedure: str = "2", paper: str = "x") -> rules.Wanted:
    return rules.Wanted(procedure_code=procedure, paper_code=paper, name=name)


@pytest.mark.parametrize(
    ("paper", "asked", "does"),
    [
        (held(), wanted("Giấy khai sinh"), True),
        (held(), wanted("GIẤY  khai sinh"), True),
        (held(), wanted("Giấy khai sinh hoặc trích lục khai sinh"), True),
        (held(), wanted("Bản sao giấy khai sinh của con"), True),
        (held("Giấy"), wanted("Giấy khai sinh"), False),  # one word would stand in every name
        (held("Giấy khai"), wanted("Giấy khaibao"), False),  # whole words only
        (held("Giấy khai sinh của con"), wanted("Giấy khai sinh"), False),
        (held("Khác hẳn", type_code="KQ.G15.000021"), wanted("Bản sao", paper="KQ.G15.000021"), True),
        (held("Khác hẳn", type_code="copy"), wanted("Bản sao", paper="copy"), False),  # no national code
        (held("Khác hẳn", procedure="2", paper="x"), wanted("Bản sao"), True),
        (held("Khác hẳn", procedure="1", paper="x"), wanted("Bản sao"), False),  # codes are each procedure's own
        (held(""), wanted(""), False),
    ],
)
def test_a_paper_fits_by_national_code_by_its_own_procedure_or_by_name(paper, asked, does):
    assert rules.fits(paper, asked) is does


@pytest.mark.parametrize(
    ("changes", "usable"),
    [
        ({}, True),
        ({"state": "replaced"}, False),
        ({"state": "revoked"}, False),
        ({"state": "corrected"}, False),
        ({"is_offered": False}, False),
        ({"valid_to": TODAY}, False),
        ({"valid_to": date(2025, 10, 7)}, True),
        ({"valid_from": date(2025, 10, 7)}, False),
        ({"valid_from": TODAY}, True),
    ],
)
def test_a_paper_is_used_while_it_holds_and_its_owner_offers_it(changes, usable):
    known = {"state": "valid", "is_offered": True, "valid_from": None, "valid_to": None, "on": TODAY}

    assert rules.is_usable(**{**known, **changes}) is usable


def test_codes_are_read_as_people_type_them():
    code = rules.new_code()

    assert rules.CODE.fullmatch(code)
    assert rules.typed_code(code.lower().replace("-", " ")) == code
    assert rules.typed_code(code.replace("-", "")) == code


def test_whose_a_paper_is():
    mine = {"owner_id_number": "001412345678", "account_id": 7}

    assert rules.belongs(**mine, id_numbers=["001412345678"], person_id=1)
    assert rules.belongs(**mine, id_numbers=[], person_id=7)
    assert not rules.belongs(**mine, id_numbers=["001400000000"], person_id=1)
    assert not rules.belongs(owner_id_number="", account_id=None, id_numbers=[""], person_id=None)
