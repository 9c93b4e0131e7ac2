from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from thongsuot.dossiers.tests.make import HOUSE
from thongsuot.indicators import counting
from thongsuot.indicators.actions import load_rules
from thongsuot.indicators.tests.forty import Forty, at, make_forty
from thongsuot.kernel.tests.standing import taken_back


@pytest.fixture(scope="module")
def forty(django_db_setup: None, django_db_blocker: object) -> Iterator[Forty]:
    """The forty dossiers, made once per module in a transaction that is taken back at its end. Ask for `db` as well."""
    city = settings.CITY_CODE
    settings.CITY_CODE = "98"
    with taken_back(django_db_blocker, make_forty_counted) as made:
        yield made
    settings.CITY_CODE = city


def make_forty_counted() -> Forty:
    made = make_forty()
    load_rules(actor=HOUSE, at=at("07-01"))
    counting.fold()
    return made
