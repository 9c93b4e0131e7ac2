"""The demo city's tickets: every state, every rule of the tables, a history that holds; made once, quickly."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.cache import cache

from thongsuot.feedback import actions, demo, demo_past
from thongsuot.feedback.models import Answer, FeedbackTicket, Photo, Reporter
from thongsuot.feedback.tests.make import HOUSE, MONDAY
from thongsuot.kernel.history import faults
from thongsuot.numbering.models import Series
from thongsuot.people.demo import DemoInProduction, load_demo
from thongsuot.units.tests.make import make_city

pytestmark = pytest.mark.django_db


def test_tickets_of_every_state_and_thousands_that_are_over(clock, monkeypatch):
    cache.clear()
    monkeypatch.setattr(demo_past, "TICKETS", 150)
    city = make_city().city
    load_demo(city.pk, at=clock())
    actions.load_rules(city.pk, actor=HOUSE, at=clock())

    made = demo.load_demo(city.pk, at=clock())

    states = Counter(FeedbackTicket.objects.values_list("state", flat=True))
    assert states.total() == made == FeedbackTicket.objects.count() > 150
    assert {"new", "validating", "asked", "refused", "routed", "accepted", "in_progress", "answered"} <= set(states)
    assert {"approved", "published", "rated", "merged"} <= set(states)
    assert FeedbackTicket.objects.filter(suspected="complaint").exists()
    assert set(Photo.objects.values_list("role", flat=True)) == {"report", "before", "after"}
    assert Photo.objects.filter(public__isnull=False).exists()
    assert Series.objects.get(kind="feedback").last == made
    assert Reporter.objects.count() == made
    assert Answer.objects.filter(state="approved", public_words="").count() == states["approved"]
    assert not FeedbackTicket.objects.filter(reported_at__gt=clock()).exists()
    assert not FeedbackTicket.objects.filter(published_at__gt=clock()).exists()
    assert demo.load_demo(city.pk, at=clock()) == 0
    assert list(faults()) == []


def test_never_in_production(settings, desk):
    settings.PRODUCTION = True
    with pytest.raises(DemoInProduction):
        demo.load_demo(desk.whole, at=MONDAY)
