"""What is counted of the catalogue: procedures made public in time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from thongsuot.dossiers.tests.make import HOUSE, Town, make_town
from thongsuot.indicators.actions import load_rules
from thongsuot.indicators.queries.index import index
from thongsuot.indicators.queries.sums import Scope
from thongsuot.kernel.periods import Period
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.procedures import actions
from thongsuot.procedures.content import LegalBasis
from thongsuot.procedures.tests.make import make_competence, make_draft

JUNE = Period(first=date(2025, 6, 1), last=date(2025, 6, 30), now=datetime(2025, 7, 8, 9, tzinfo=VIET_NAM))


@pytest.fixture
def town(db, settings) -> Town:
    settings.CITY_CODE = "98"
    load_rules(actor=HOUSE, at=JUNE.now)
    return make_town()


def _published(town: Town, code: str, *, signed: int, effective: date | None, shown: int, **more: Any) -> None:
    """A procedure of June 2025, decided and shown on those days of the month."""
    actions.publish_version(
        code,
        draft=make_draft(
            decision_number=f"{signed}/QĐ-UBND",
            decision_on=date(2025, 6, signed),
            legal_basis=[
                LegalBasis(title="Luật", effective_on=date(2020, 1, 1) if effective else None),
                LegalBasis(title="Nghị định", effective_on=effective),
            ],
        ),
        valid_from=more.pop("valid_from", date(2025, 6, 2)),
        city_id=town.city.city.pk,
        actor=HOUSE,
        at=datetime(2025, 6, shown, 10, tzinfo=VIET_NAM),
    )


def _items(town: Town) -> dict[str, tuple[int | None, int | None]]:
    made = town.city
    found = index(Scope(unit_ids=frozenset({made.river.pk, made.hill.pk})), JUNE).items
    return {code: (found[code].part, found[code].whole) for code in ("1.1", "1.2")}


def test_without_a_decision_in_the_period_there_is_no_data(town):
    assert _items(town) == {"1.1": (0, 0), "1.2": (0, 0)}


def test_procedures_decided_and_shown_in_time(town):
    first_of_july = date(2025, 7, 1)
    for code, signed, effective, shown in (
        ("9.000011", 24, first_of_july, 27),  # in time, shown on the third working day
        ("9.000012", 25, first_of_july, 26),  # a day late
        ("9.000013", 16, None, 24),  # nobody knows from when its text holds; shown on the sixth working day
    ):
        _published(town, code, signed=signed, effective=effective, shown=shown)
        make_competence(code, city_id=town.city.city.pk, valid_from=date(2025, 6, 2))
    _published(town, "9.000014", signed=10, effective=first_of_july, shown=12)  # nobody of the scope resolves it

    assert _items(town) == {"1.1": (1, 2), "1.2": (2, 3)}


def test_late_once_is_late_and_a_version_that_repeats_its_decision_is_not_shown_anew(town):
    make_from = date(2025, 6, 2)
    _published(town, "9.000011", signed=3, effective=date(2025, 6, 20), shown=4, valid_from=make_from)
    make_competence("9.000011", city_id=town.city.city.pk, valid_from=make_from)
    _published(town, "9.000011", signed=3, effective=date(2025, 6, 20), shown=27, valid_from=date(2025, 6, 27))
    assert _items(town) == {"1.1": (1, 1), "1.2": (1, 1)}

    _published(town, "9.000011", signed=27, effective=date(2025, 6, 30), shown=28, valid_from=date(2025, 6, 30))

    assert _items(town) == {"1.1": (0, 1), "1.2": (1, 1)}
