"""Workers are killed outright and started again: each rung of the ladder is climbed once, each letter is one ticket, none is
left out.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import pytest
from django.db import connection

from thongsuot.feedback.models import Escalation, FeedbackTicket, HeldMail, IncomingMail
from thongsuot.feedback.tests.imap_server import Box, mailbox_of
from thongsuot.feedback.tests.letters import raw
from thongsuot.feedback.tests.make import DAY, HOUR, MONDAY, SENDER, make_desk
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.outside import database_url

# Each job in a process of its own, which runs it as the worker does and kills itself at one of its commits: just before it, or
# just after. They are made of one that has read all modules, and has done nothing else.
WORKERS = """
import django, json, os, signal, sys
django.setup()
from datetime import datetime
from django.db import connections
from thongsuot.kernel import clock
from thongsuot.feedback import tasks
def work(at, where, left, job):
    clock.now = lambda: datetime.fromisoformat(at)
    wrapper = type(connections["default"])
    commit = wrapper._commit
    def dying(self):
        nonlocal left
        left -= 1
        if left == 0 and where == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        commit(self)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    if left:
        wrapper._commit = dying
    getattr(tasks, job)(0)
for line in sys.stdin:
    child = os.fork()
    if not child:
        signal.alarm(120)
        work(*json.loads(line))
        sys.stderr.flush()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@contextmanager
def workers(**settings: str) -> Iterator[Callable[..., int]]:
    """How to run a job: it gives the exit code."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "thongsuot.config.settings",
        **settings,
    }
    told, pipe = [sys.executable, "-c", WORKERS], subprocess.PIPE
    with subprocess.Popen(told, env=environment, stdin=pipe, stdout=pipe, text=True) as parent:

        def run(at: datetime, where: str = "after", left: int = 0, *, job: str = "climb") -> int:
            print(json.dumps([at.isoformat(), where, left, job]), file=parent.stdin, flush=True)
            code = int(parent.stdout.readline())
            assert code in {0, -signal.SIGKILL}
            return code

        yield run


@pytest.mark.django_db(transaction=True)
def test_each_rung_once_however_often_the_worker_dies(settings):
    settings.CITY_CODE = "98"
    desk = make_desk()
    for n in range(6):
        desk.report(urgent=True, sender=replace(SENDER, phone=f"091200020{n}", email=""))
    connection.close()
    died = 0
    with workers() as run:
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


@pytest.mark.django_db(transaction=True)
def test_each_letter_once_however_often_the_one_who_fetches_dies(tmp_path):
    make_desk()
    connection.close()
    box = Box(letters=[raw(number=str(n), sender=f"mau{n}@vidu.vn", photos=n % 2) for n in range(5)], password="right")
    died = 0
    with mailbox_of(box) as url:
        told = {
            "THONGSUOT_FEEDBACK_IMAP": url,
            "THONGSUOT_FEEDBACK_IMAP_PASSWORD": "right",
            "THONGSUOT_CITY": "98",
            "THONGSUOT_DATA": f"{tmp_path}",
        }
        with workers(**told) as run:
            for n, (where, left) in enumerate((("before", 1), ("after", 1), ("before", 2), ("after", 2), ("after", 1))):
                died += run(MONDAY + n * HOUR, where, left, job="fetch_mail") == -signal.SIGKILL
                connection.close()
            assert run(MONDAY + DAY, job="fetch_mail") == 0
            assert run(MONDAY + DAY + HOUR, job="fetch_mail") == 0

    assert died == 5
    assert box.seen == {1, 2, 3, 4, 5}
    assert sorted(FeedbackTicket.objects.values_list("reporter__email", flat=True)) == [f"mau{n}@vidu.vn" for n in range(5)]
    assert IncomingMail.objects.filter(ticket__isnull=False).count() == 5
    assert sum(ticket.photos.count() for ticket in FeedbackTicket.objects.all()) == 2
    assert not HeldMail.objects.exists()
