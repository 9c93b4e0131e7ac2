from __future__ import annotations

from itertools import pairwise

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.web.paging import Page, page_number, page_of


@given(count=st.integers(0, 10**7), size=st.integers(1, 200), asked=st.text(max_size=12))
def test_whatever_is_asked_for_a_page_that_exists_is_shown(count, size, asked):
    page = page_of(RequestFactory().get("/ds/", {"trang": asked}), count=count, size=size)
    assert 1 <= page.number <= page.pages
    assert 0 <= page.first <= max(0, count - 1)


@pytest.mark.parametrize(
    ("asked", "number"), [("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("", 1), ("٣", 1), ("9999999", 1_000_000), ("1e3", 1)]
)
def test_nonsense_is_page_one(asked, number):
    assert page_number(RequestFactory().get("/", {"trang": asked})) == number


@given(number=st.integers(1, 400), pages=st.integers(1, 400))
def test_first_last_current_and_neighbours_are_always_shown_and_gaps_are_real(number, pages):
    number = min(number, pages)
    shown = Page(number=number, size=1, count=pages, path="/").shown
    assert {1, pages, number} <= set(shown)
    for before, after in pairwise(shown):
        assert not (before is None and after is None)
        if before is not None and after is not None:
            assert after == before + 1


def test_links_keep_the_filters_and_the_first_page_has_a_plain_address():
    page = page_of(RequestFactory().get("/ds/", {"q": "lan & co", "trang": "2"}), count=500, size=50)
    assert page.href(3) == "/ds/?q=lan+%26+co&trang=3"
    assert page.href(1) == "/ds/?q=lan+%26+co"
    assert page_of(RequestFactory().get("/ds/"), count=500, size=50).href(1) == "/ds/"
