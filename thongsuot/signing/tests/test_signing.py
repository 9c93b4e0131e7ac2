"""Signing a stored file: the person first, the agency over it; every refusal changes nothing."""

from __future__ import annotations

import pytest

from thongsuot.signing.tests.make import Town, bytes_of, make_town, sign_both
from thongsuot.signing.validation import Verdict, validate


@pytest.fixture
def town(db) -> Town:
    return make_town()


def test_the_person_signs_first_and_the_agency_over_it(town):
    _one, two = sign_both(town)

    report = validate(bytes_of(two))

    assert report.verdict == Verdict.TEST
    assert [one.kind for one in report.signatures] == ["person", "agency"]
