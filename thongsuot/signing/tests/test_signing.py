"""Signing a stored file: the person first, the agency over it; every refusal changes nothing."""

from __future__ import annotations

import pytest

from thongsuot.signing.tests.make import Town, a_file, bytes_of, make_town, sign_both
from thongsuot.signing.validation import Verdict, validate


@pytest.fixture
def town(db) -> Town:
    return make_town()


def test_the_person_signs_first_and_the_agency_over_it(town):
    one, two = sign_both(town)
    report = validate(bytes_of(two))
    open("/tmp/wt-data/signing/two.pdf", "wb").write(bytes_of(two))
    print(report)
    assert report.verdict == Verdict.TEST
    assert False
