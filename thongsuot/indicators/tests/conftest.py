from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction

from thongsuot.dossiers.tests.make import HOUSE
from thongsuot.indicators import counting
from thongsuot.indicators.actions import load_rules
from thongsuot.indicators.tests.forty import Forty, at, make_forty
from thongsuot.units import queries as units


@pytest.fixture(scope="module")
def forty(django_db_setup: None, django_db_blocker: object) -> Iterator[Forty]:
    """The forty dossiers, made once per module in a transaction that is taken back at its end. Ask for `db` as well."""
    city = settings.CITY_CODE
    with django_db_blocker.unblock(), transaction.atomic():
        settings.CITY_CODE = "98"
        units.clear_caches()
        made = make_forty()
        load_rules(actor=HOUSE, at=at("07-01"))
        counting.fold()
        yield made
        transaction.set_rollback(True)
    settings.CITY_CODE = city
    units.clear_caches()
