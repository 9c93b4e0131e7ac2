from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from thongsuot.feedback.tests.make import MONDAY, make_desk
from thongsuot.kernel.jobs import react
from thongsuot.kernel.tests.clocks import Clock
from thongsuot.open311.tests.make import Api
from thongsuot.units.tests.offices import office_fixtures

nothing_remembered, standing_office, office = office_fixtures(make_desk)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock(MONDAY)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def desk(office, clock):
    cache.clear()
    return office


@pytest.fixture
def api(desk) -> Api:
    """A client that holds a good key."""
    return Api.with_key(desk)


@pytest.fixture
def reacted(desk):
    """Runs the reactions that wait, as the worker does; once more what it did before."""

    def run() -> None:
        for job in ProcrastinateJob.objects.filter(task_name="kernel.react").order_by("pk"):
            if job.args["reaction"].startswith("thongsuot.open311."):
                react(**job.args)

    return run
