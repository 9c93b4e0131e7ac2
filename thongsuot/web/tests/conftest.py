from __future__ import annotations

import pytest

from thongsuot.web import home, maps, navigation, site, stand_ins


@pytest.fixture
def empty_registries(monkeypatch):
    """The bars, the home page and the banner as if no capability were installed."""
    for name in ("_staff", "_citizen", "_person", "_searches"):
        monkeypatch.setattr(navigation, name, {})
    monkeypatch.setattr(home, "_sections", {})
    monkeypatch.setattr(stand_ins, "_sentences", {})


@pytest.fixture(autouse=True)
def _no_capability_asks_the_database(monkeypatch):
    """The city's name, the ground of maps and the parts of the home page come from others: no database is needed here."""
    monkeypatch.setattr(site, "_city_name", [])
    monkeypatch.setattr(maps, "_laid", [])
    monkeypatch.setattr(home, "_sections", {})
