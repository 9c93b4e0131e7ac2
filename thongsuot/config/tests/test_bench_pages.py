"""Start, memory and pages: what is measured is there, and what is said of a page is true of it."""

from __future__ import annotations

import os

import pytest
from django.urls import resolve

from thongsuot.config.bench.pages import PAGES, _family, _held, _weighed
from thongsuot.config.terminal import Trouble


def test_every_page_that_is_measured_is_an_address():
    for paths in PAGES.values():
        for path in paths:
            resolve(path.split("?")[0])


@pytest.mark.django_db
def test_a_page_is_weighed_with_its_queries(client):
    page, html = _weighed(client, "", "/tai-khoan/dang-nhap/")

    assert page.bytes == len(html) > page.packed > 500
    assert page.queries <= 1, "who is not logged in costs no query; the city may be asked for"
    assert page.cpu_ms > 0
    assert b"/static/thongsuot/" in html


@pytest.mark.django_db
def test_a_page_that_does_not_answer_well_is_no_figure(client):
    with pytest.raises(Trouble, match="404"):
        _weighed(client, "", "/khong-co/")


def test_memory_is_told_by_kind_of_process():
    assert os.getpid() in _family(os.getpid())
    assert sum(_held(os.getpid()).values()) > 20
