"""A run killed outright at any instant goes on where it stood: nothing doubled, nothing left out, nothing half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection

from thongsuot.dossiers.models import Dossier
from thongsuot.handover import actions
from thongsuot.handover.models import Changeover, Transfer
from thongsuot.handover.queries import transfers as queries
from thongsuot.handover.tests.make import HOUSE, JULY, Eve, decide, give_seals, make_eve, open_for, receive
from thongsuot.kernel.history import faults, history_of
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.tests.outside import database_url

OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
WARDS = ("98101", "98102", "98103", "98104")


def changeover(*arguments: str) -> subprocess.Popen[bytes]:
    """`thongsuot changeover ...` in a process of its own, on the database of this test."""
    return subprocess.Popen(
        [sys.executable, "-m", "thongsuot.config.cli", "changeover", *arguments],
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def killed(process: subprocess.Popen[bytes]) -> None:
    """Outright, and the server is done with what it had of it: a commit under way would show between two reads of ours."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
    with connection.cursor() as cursor:
        left = 1
        while left:
            cursor.execute(OTHERS)
            left = cursor.fetchone()[0]


def moved() -> int:
    return Transfer.objects.filter(moved_at__isnull=False).count()


@pytest.mark.django_db(transaction=True)
def test_killed_again_and_again_it_ends_as_if_nothing_had_happened(settings):
    settings.CITY_CODE = "98"
    forget_all()
    eve: Eve = make_eve()
    for code in WARDS:
        receive(eve, code, "thôn Hạ, quận Giữa", count=30)
    one = open_for(decide(eve))
    give_seals(one)
    assert changeover("go", "--basis", "Kết luận số 1").wait(120) == 0
    planned = actions.plan(one.pk, actor=HOUSE, at=JULY)
    expected = dict(Transfer.objects.exclude(to_unit=None).values_list("subject_id", "to_unit_id"))
    began = dict(Dossier.objects.values_list("pk", "resolving_unit_id"))
    total = len(expected)
    assert total == 120

    dice = random.Random(20250701)  # noqa: S311
    for _kill in range(2):
        before, until = moved(), time.monotonic() + 60
        running = changeover("run", "--hash", planned.plan_hash, "--batch", "2")
        more = dice.randint(1, 25)
        while moved() < min(before + more, total) and running.poll() is None and time.monotonic() < until:
            pass
        killed(running)
        halves = [t.pk for t in Transfer.objects.all() if (t.moved_at is None) != (_unit(t.subject_id) == t.from_unit_id)]
        assert halves == []
    last = changeover("run", "--hash", planned.plan_hash)
    said = last.communicate(timeout=120)[0].decode()

    assert last.returncode == 0, said
    assert dict(Dossier.objects.values_list("pk", "resolving_unit_id")) == expected
    assert Changeover.objects.get().state == Changeover.State.OPEN
    assert queries.reconcile(one).good
    assert all(sum(row.name == "dossiers.moved" for row in history_of(dossier)) == 1 for dossier in Dossier.objects.all())
    assert list(faults()) == []

    # And back, killed too.
    for _kill in range(1):
        before, until = moved(), time.monotonic() + 60
        undoing = changeover("undo", "--batch", "2")
        more = dice.randint(1, 25)
        while moved() > max(before - more, 0) and undoing.poll() is None and time.monotonic() < until:
            pass
        killed(undoing)
        halves = [t.pk for t in Transfer.objects.all() if (t.moved_at is None) != (_unit(t.subject_id) == t.from_unit_id)]
        assert halves == []
    last = changeover("undo")
    assert (last.communicate(timeout=120)[0], last.returncode)[1] == 0
    assert dict(Dossier.objects.values_list("pk", "resolving_unit_id")) == began
    assert Changeover.objects.get().state == Changeover.State.OPEN


def _unit(dossier_id: int) -> int:
    return Dossier.objects.values_list("resolving_unit_id", flat=True).get(pk=dossier_id)
