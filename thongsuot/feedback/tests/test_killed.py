"""Workers are killed outright in the middle of the ladder and started again: each rung is climbed once, none is left out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from django.db import connection

from thongsuot.feedback.models import Escalation, FeedbackTicket
from thongsuot.feedback.tests.make import DAY, HOUR, MONDAY, SENDER, make_desk
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.outside import database_url

# Runs the ladder's job as the worker does, and kills itself at one of its commits: just before it, or just after.
CLIMBER = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from django.db import connections
from thongsuot.kernel import clock
from thongsuot.feedback import tasks
at, where, left = datetime.fromisoformat(sys.argv[1]), sys.argv[2], int(sys.argv[3])
clock.now = lambda: at
wrapper = type(connections["default"])
commit = wrapper._commit
def dying(self):
    global left
    left -= 1
    if left == 0 and where == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    commit(self)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
if left:
    wrapper._commit = dying
tasks.climb(0)
"""


def run(at, where="after", left=0) -> int:
    environment = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "thongsuot.config.settings"}
    told = [sys.executable, "-c", CLIMBER, at.isoformat(), where, str(left)]
    done = subprocess.run(told, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr[-2000:]
    return done.returncode


@pytest.mark.django_db(transaction=True)
def test_each_rung_once_however_often_the_worker_dies(settings):
    settings.CITY_CODE = "98"
    desk = make_desk()
    for n in range(6):
        desk.report(urgent=True, sender=replace(SENDER, phone=f"091200020{n}", email=""))
    connection.close()
    died = 0
    for hour, rungs in ((2, 1), (5, 2), (8, 2), (27, 3)):  # half; near and due at once; nothing new; again
        at = MONDAY + hour * HOUR if hour < 10 else MONDAY + DAY + 8 * HOUR
        for where, left in (("before", 2), ("after", 2), ("before", 1), ("after", 3)):
            died += run(at, where, left) == -signal.SIGKILL
        assert run(at) == 0
        told = Escalation.objects.values_list("ticket", "rung")
        assert len(told) == len(set(told)) == 6 * rungs
    assert died >= 9
    assert set(Escalation.objects.values_list("rung", flat=True)) == {50, 100, 200}
    assert Event.objects.filter(name="feedback.climbed").count() == 18
    assert set(FeedbackTicket.objects.values_list("breaches", "next_rung_at")) == {(2, None)}
