"""Finding: the same answers by the index of one office and by that of the whole city."""

from __future__ import annotations

import pytest
from django.test.utils import CaptureQueriesContext

from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.queries import search
from thongsuot.dossiers.tests.make import minh, receive
from thongsuot.kernel.actor import Actor

NAMES = ("Nguyễn Thị Minh", "Nguyễn Văn Minh", "Trần Minh Thư", "Đỗ Hồng Nhung")


@pytest.fixture
def dossiers(town) -> dict[str, Dossier]:
    return {name: receive(town, owner=minh(name=name)) for name in NAMES}


@pytest.fixture(params=[(4, 20_000), (0, 20_000), (0, 1)], ids=["one office", "the whole city", "beyond its newest"])
def officer(request, town, monkeypatch) -> Actor:
    few_units, newest = request.param
    monkeypatch.setattr(search, "FEW_UNITS", few_units)
    monkeypatch.setattr(search, "NEWEST", newest)
    return town.actor("lan")


def test_a_city_gets_the_newest_and_no_more_than_asked_for(dossiers, town, monkeypatch):
    monkeypatch.setattr(search, "FEW_UNITS", 0)
    monkeypatch.setattr(search, "MOST", 2)
    for newest in (1, 2, 20_000):
        monkeypatch.setattr(search, "NEWEST", newest)
        assert [row.owner_name for row in search.found("minh", actor=town.actor("lan"))] == ["Trần Minh Thư", "Nguyễn Văn Minh"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("minh", ["Trần Minh Thư", "Nguyễn Văn Minh", "Nguyễn Thị Minh"]),
        ("Minh Nguyễn", ["Nguyễn Văn Minh", "Nguyễn Thị Minh"]),
        ("nhu", ["Đỗ Hồng Nhung"]),
        ("do hong", ["Đỗ Hồng Nhung"]),
        ("inh", []),
        ("100%", []),
        ("_inh", []),
    ],
)
def test_words_of_a_name_in_any_order_and_their_beginnings_newest_first(dossiers, officer, words, expected):
    assert [row.owner_name for row in search.found(words, actor=officer)] == expected


def test_an_office_finds_what_it_received_for_another(town):
    receive(town, by="doi", receiving_unit_id=town.hill, owner=minh(name="Lê Văn Xa"))

    assert [row.owner_name for row in search.found("xa", actor=town.actor("doi"))] == ["Lê Văn Xa"]
    assert [row.owner_name for row in search.found("xa", actor=town.actor("lan"))] == ["Lê Văn Xa"]


def test_nobody_finds_what_is_another_offices(dossiers, town):
    assert search.found("minh", actor=town.actor("doi")) == []


def test_a_name_costs_an_office_two_queries(dossiers, town, db):
    from django.db import connection

    search.found("minh", actor=town.actor("lan"))
    with CaptureQueriesContext(connection) as queries:
        search.found("minh", actor=(lan := town.actor("lan")))

    assert len([query for query in queries if "dossiers_dossier" in query["sql"]]) == 2
    assert lan.person_id
