from __future__ import annotations

import pytest

from thongsuot.signing.tests.make import Town, make_town


@pytest.fixture
def town(db) -> Town:
    return make_town()
