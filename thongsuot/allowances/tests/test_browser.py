"""The pages in a real browser: sound for everyone, on a phone and on a screen, nothing that scrolls sideways."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.urls import reverse

from thongsuot.allowances import actions
from thongsuot.allowances.models import Beneficiary, PayBatch, Payment
from thongsuot.allowances.tests.make import (
    MONDAY,
    a_beneficiary,
    a_row,
    answer,
    frozen,
    imported,
    make_office,
    out,
    sent,
    told,
)
from thongsuot.kernel import clock
from thongsuot.people.tests.make import logged_in, with_second_factor
from thongsuot.units import queries as units
from thongsuot.web.tests.chromium import chromium, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def url(name, *args):
    return reverse(f"allowances:{name}", args=args)


@pytest.fixture
def office(settings):
    settings.CITY_CODE = "98"
    cache.clear()
    yield make_office()
    units.clear_caches()


def test_every_page_is_sound_on_a_phone_and_on_a_screen(office, live_server):
    rows = [a_row(place, unit="98001" if place % 3 else "98002") for place in range(1, 13)]
    imported(office, rows, unit_id=office.city.city.pk)
    waits = sent(office, [a_row(50), a_row(51, id_number="1")], unit_id=office.river)
    run = out(office)
    first, second = Payment.objects.filter(run=run, payer="bank").order_by("pk")[:2]
    told(office, run, answer(run, 1, {first.pk: "failed", second.pk: "paid"}))
    report = told(office, run, answer(run, 1, {first.pk: "failed", second.pk: "failed"}))
    a_beneficiary(office, 3, group="CT-5A", start="11/2025")
    november = frozen(office, date(2025, 11, 1))
    a_beneficiary(office, 90, group="CT-5C", start="12/2025")
    december = actions.open_run(office.city.city.pk, month=date(2025, 12, 1), actor=office.actor("an"), at=MONDAY)
    one = Beneficiary.objects.get(id_number=a_row(4)["id_number"])
    actions.open_beneficiary(one.pk, reason="x", actor=office.actor("mai"), at=clock.now())
    assert PayBatch.objects.count() == 2
    pages = {
        "mai": [
            url("roll"),
            url("roll") + "?loc=thoi-huong",
            url("add"),
            url("month"),
            url("person", one.pk),
            url("change", one.pk),
            url("stop", one.pk),
            url("hand", one.pk),
            url("resume", one.pk),
            url("imports"),
            url("import", waits.pk),
        ],
        "binh": [
            url("runs"),
            url("run", run.pk),
            url("run", november.pk),
            url("run", december.pk),
            url("checked", november.pk),
            url("reconciled", run.pk),
            url("failed", run.pk),
            url("results", run.pk),
            url("payer_report", report.pk),
        ],
    }
    with chromium() as browser:
        for name, addresses in pages.items():
            client = logged_in(with_second_factor(office.people[name]))
            context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
            page = context.new_page()
            complaints: list[str] = []
            page.on("console", lambda said, into=complaints: into.append(said.text) if said.type == "error" else None)
            for address in addresses:
                answered = page.goto(address)
                assert answered is not None
                assert answered.status == 200, address
                assert [(one["width"], one["id"], one["nodes"][:1]) for one in faults(page)] == [], address
            assert complaints == []
