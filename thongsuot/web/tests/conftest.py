from __future__ import annotations

import pytest

from thongsuot.web import home, navigation, stand_ins


@pytest.fixture
def empty_registries(monkeypatch):
    """The bars, the home page and the banner as if no capability were installed."""
    for name in ("_staff", "_citizen", "_person", "_searches"):
        monkeypatch.setattr(navigation, name, {})
    monkeypatch.setattr(home, "_sections", {})
    monkeypatch.setattr(stand_ins, "_sentences", {})
