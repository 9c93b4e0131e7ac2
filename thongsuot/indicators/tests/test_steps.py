"""Step by step, with partners: whose time it was."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Leg
from thongsuot.dossiers.tests.desk import browser
from thongsuot.dossiers.tests.make import Town, forward_to, make_land_town, receive
from thongsuot.indicators import counting
from thongsuot.indicators.queries.steps import By, StepRow, steps
from thongsuot.indicators.queries.sums import Scope
from thongsuot.kernel import clock
from thongsuot.kernel.periods import Period
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.web.tests.words import said


def on(day: int, hour: int) -> datetime:
    return datetime(2025, 10, day, hour, tzinfo=VIET_NAM)


OCTOBER = Period(first=date(2025, 10, 1), last=date(2025, 10, 31), now=on(20, 9))


@pytest.fixture
def land(db, settings) -> Town:
    settings.CITY_CODE = "98"
    return make_land_town()


def _at_the_tax_office(land: Town) -> tuple[int, int]:
    """Given to land registration on Tuesday at 16, whose time starts on Wednesday at 8, and by it to the tax office at once.

    Returns the two agencies' units.
    """
    dossier = receive(land)
    actions.forward(dossier.pk, step_key="tiep-nhan", actor=land.actor("lan"), at=on(6, 10))
    actions.forward(dossier.pk, step_key="kiem-tra", actor=land.actor("toan"), at=on(7, 16))
    actions.forward(dossier.pk, step_key="dia-chinh", actor=land.actor("dia"), at=on(7, 17))
    found = dict(Leg.objects.filter(dossier=dossier).exclude(role="").values_list("role", "unit_id"))
    return found["land_registration"], found["tax"]


def _by_unit(land: Town) -> dict[tuple[int | None, str], StepRow]:
    counting.fold()
    rows = steps(Scope(unit_ids=frozenset({land.river})), OCTOBER, by=By.UNIT).rows
    return {(row.unit_id, row.duty): row for row in rows}


def test_what_waits_at_a_partner_is_the_partners(land):
    _registration, tax = _at_the_tax_office(land)

    rows = _by_unit(land)

    assert rows[tax, "process dossiers"].waiting == 1
    assert (land.river, "process dossiers") not in rows


def test_the_time_of_a_leg_is_its_agencys_even_when_it_ended_before_it_began_to_count(land):
    registration, tax = _at_the_tax_office(land)
    dossier_id = Leg.objects.filter(unit_id=tax).get().dossier_id
    dossier = actions.forward(dossier_id, step_key="thue", note="Không phát sinh", actor=land.actor("thue"), at=on(10, 9))
    forward_to(land, dossier, "tra", at=on(13, 9))

    rows = _by_unit(land)

    done = {key: row.done for key, row in rows.items() if key[1] == "process dossiers"}
    # The ward's own: looking at the land, and drawing up the certificate.
    assert done == {(registration, "process dossiers"): 1, (tax, "process dossiers"): 1, (land.river, "process dossiers"): 2}


def test_a_partners_officer_finds_the_dossiers_they_did_a_step_of_among_their_own_figures(land, monkeypatch):
    _registration, tax = _at_the_tax_office(land)
    dossier = Leg.objects.get(unit_id=tax).dossier
    counting.fold()
    monkeypatch.setattr(clock, "now", lambda: on(20, 9))
    opens = f'href="/can-bo/ho-so/{dossier.pk}/"'

    of_registration = browser(land, "dia").get("/can-bo/chi-so-cua-toi/?ky=thang")
    of_ward = browser(land, "toan").get("/can-bo/chi-so-cua-toi/?ky=thang")

    assert dossier.code in said(of_registration)
    assert opens not in of_registration.content.decode()  # no longer theirs to open
    assert opens in of_ward.content.decode()
