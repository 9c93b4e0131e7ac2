"""A dossier received while a number is served knows that number; no other officer's, no other day's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from thongsuot.counters import actions as counters
from thongsuot.dossiers import actions
from thongsuot.dossiers.actions.errors import VisitNoted
from thongsuot.dossiers.models import Dossier, Visit
from thongsuot.dossiers.tests.desk import browser
from thongsuot.dossiers.tests.make import MONDAY
from thongsuot.dossiers.tests.test_intake_pages import filled, hidden, opened, press
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.models import Event
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.usefixtures("clock")
HOUSE = system("cli")


@pytest.fixture
def counter(town):
    point = town.city.point(town.city.river).pk
    queue = counters.open_queue(point, letter="A", name="Chứng thực", fields=[], actor=HOUSE, at=MONDAY)
    counter = counters.open_counter(point, number=3, name="", queues=[queue.pk], actor=HOUSE, at=MONDAY)
    counters.sit_down(counter.pk, actor=town.actor("lan"), at=MONDAY)
    return counter


@pytest.fixture
def ticket(town, counter):
    """A 001, which Lan is serving."""
    lan = town.actor("lan")
    ticket = counters.take_ticket(counter.queues.get().pk, actor=lan, at=MONDAY)
    counters.call_next(counter.pk, actor=lan, at=MONDAY)
    counters.begin(counter.pk, actor=lan, at=MONDAY)
    return ticket


def test_from_the_counter_straight_to_a_dossier_that_knows_its_number(town, counter, ticket):
    lan = browser(town, "lan")
    desk = lan.get(reverse("counters:desk", args=[counter.pk])).content.decode()
    assert f'href="{reverse("dossiers:intake")}" data-key="F7"' in desk

    lan, page = opened(town)
    assert "số A 001, quầy 3" in said(page)
    received = press(lan, filled(page, resolving_unit=str(town.river), so=hidden(page, "so")))

    dossier = Dossier.objects.get()
    assert dossier.visit.ticket == ticket
    event = Event.objects.get(name="dossiers.visit_noted")
    assert event.facts == {"ticket": "A 001", "counter": 3}
    assert "Nhận tại quầy theo số thứ tự" in said(lan.get(received["Location"]))


def test_the_form_keeps_its_number_though_it_is_done_meanwhile(town, counter, ticket):
    lan, page = opened(town)
    data = filled(page, resolving_unit=str(town.river), so=hidden(page, "so"))
    counters.finish(counter.pk, actor=town.actor("lan"), at=MONDAY)

    worked_out = press(lan, data, "tinh")
    assert hidden(worked_out, "so") == str(ticket.pk)
    press(lan, data)
    press(lan, data)  # the same form once more

    assert Visit.objects.get().ticket == ticket


def test_the_form_keeps_its_number_though_its_holder_was_sent_on_to_pay(town, counter, ticket):
    fees = counters.open_queue(counter.point_id, letter="B", name="Thu phí", fields=[], actor=HOUSE, at=MONDAY)
    lan, page = opened(town)
    data = filled(page, resolving_unit=str(town.river), so=hidden(page, "so"))
    counters.send_on(counter.pk, queue_id=fees.pk, actor=town.actor("lan"), at=MONDAY)

    press(lan, data)

    assert Visit.objects.get().ticket == ticket
    assert Event.objects.get(name="dossiers.visit_noted").facts == {"ticket": "A 001", "counter": 3}


def test_two_dossiers_may_come_with_one_number(town, counter, ticket):
    for _each in range(2):
        lan, page = opened(town)
        press(lan, filled(page, resolving_unit=str(town.river), so=hidden(page, "so")))

    assert ticket.visits.count() == 2
    first = Dossier.objects.order_by("pk").first()
    with pytest.raises(VisitNoted):
        actions.note_visit(first.pk, ticket_id=ticket.pk, actor=town.actor("lan"), at=MONDAY)


def test_without_a_counter_reception_is_as_ever(town):
    lan, page = opened(town)
    assert "quầy" not in said(page).partition("Tiếp nhận")[2][:40]
    press(lan, filled(page, resolving_unit=str(town.river)))

    assert Dossier.objects.count() == 1
    assert not Visit.objects.exists()


@pytest.mark.parametrize("sent", ["other", "nonsense"])
def test_a_number_that_another_serves_is_not_taken_along(town, counter, ticket, sent):
    somebody, page = opened(town, "doi")
    assert "số A 001" not in said(page)
    so = str(ticket.pk) if sent == "other" else "9" * 40
    press(somebody, filled(page, resolving_unit=str(town.city.hill.pk), so=so))

    assert Dossier.objects.count() == 1
    assert not Visit.objects.exists()


def test_a_number_of_yesterday_is_not_taken_along(town, counter, ticket):
    lan, page = opened(town)
    press(lan, filled(page, resolving_unit=str(town.river)))
    dossier = Dossier.objects.get()

    with pytest.raises(NotFound):
        actions.note_visit(dossier.pk, ticket_id=ticket.pk, actor=town.actor("lan"), at=MONDAY + timedelta(days=1))
    with pytest.raises(NotFound):
        actions.note_visit(dossier.pk, ticket_id=ticket.pk + 1, actor=town.actor("lan"), at=MONDAY)
    with pytest.raises(NotFound):
        actions.note_visit(dossier.pk + 1, ticket_id=ticket.pk, actor=town.actor("lan"), at=MONDAY)
