"""Before a partner changes or an agency ends: which open dossiers that touches."""

from __future__ import annotations

from datetime import date

import pytest
from django.template.loader import render_to_string

from thongsuot.dossiers.queries import agency_effects as effects
from thongsuot.dossiers.tests.make import MONDAY, Town, make_land_town, receive
from thongsuot.dossiers.tests.test_legs import at_land_office, at_tax_office, on
from thongsuot.dossiers.views import agency_effects as panels
from thongsuot.units.facts import AgencyEnd, ServingChange
from thongsuot.units.models import Serving

NOW = on(9, 8)


@pytest.fixture
def land(db) -> Town:
    return make_land_town()


def tax_change(**changes) -> ServingChange:
    return ServingChange(**{"role": "tax", "unit_id": None, "body_id": None, "day": date(2025, 10, 13), **changes})


def test_a_leg_that_is_open_stays_and_one_still_ahead_goes_to_the_new_partner(land):
    waiting, at_land, at_tax = receive(land), at_land_office(land), at_tax_office(land, when=on(8, 9))

    found = effects.of_serving(tax_change(), city_id=land.city.city.pk, now=NOW)

    assert [row.id for row in found.here.first] == [at_tax.pk]
    assert {row.id for row in found.ahead.first} == {waiting.pk, at_land.pk}
    assert found.ahead.count == 2
    assert found.here.first[0].unit == "Phường Sông"


def test_only_the_dossiers_of_the_unit_whose_partner_changes_are_counted(land):
    receive(land)
    Serving.objects.create(
        role="tax",
        city=land.city.city,
        unit=land.city.river,
        body=Serving.objects.get(role="tax").body,
        valid_from=MONDAY.date(),
    )

    def ahead(**changes) -> int:
        return effects.of_serving(tax_change(**changes), city_id=land.city.city.pk, now=NOW).ahead.count

    assert ahead(unit_id=land.city.hill.pk) == 0
    assert ahead(unit_id=land.city.river.pk) == 1
    assert ahead() == 0  # the ward has a partner of its own


def test_who_ends_is_shown_with_what_it_still_has(land):
    dossier = at_land_office(land)
    assert dossier.step_unit_id is not None

    found = effects.of_end(AgencyEnd(unit_id=dossier.step_unit_id, day=date(2025, 12, 1)), now=NOW)

    assert (found.legs.count, found.resolving.count, found.receiving.count) == (1, 0, 0)
    template, context = panels.agency_end(
        AgencyEnd(unit_id=dossier.step_unit_id, day=date(2025, 12, 1)), land.city.city.pk, NOW
    )
    assert dossier.code in render_to_string(template, dict(context))


def test_nobody_to_go_to_is_a_warning_and_nothing_touched_is_said(land):
    quiet = render_to_string(*_panel(land))
    receive(land)

    assert "Không hồ sơ đang mở nào cần việc phối hợp này" in quiet
    assert "Sẽ không có cơ quan nào nhận chặng này" in render_to_string(*_panel(land))


def _panel(land: Town) -> tuple[str, dict]:
    template, context = panels.serving(tax_change(), land.city.city.pk, NOW)
    return template, dict(context)
