"""The citizens' pages: a report, with and without scripts; one's own ticket by its link; what is refused keeps nothing."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db
REPORT = "/phan-anh/gui/"


def test_the_page_opens(client, desk):
    answer = client.get(REPORT)
    assert answer.status_code == 200
