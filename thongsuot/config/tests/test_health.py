"""Whether the installation is well, for balancers, monitors and people."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone as clock

from thongsuot.config import counting, health
from thongsuot.kernel.history import seal_history

NOON = datetime(2026, 6, 1, 5, tzinfo=UTC)


@pytest.fixture
def house(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return settings


def worker_seen(at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


def failed_job() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
            "VALUES ('default', 'kernel.verify_history', 'failed')"
        )


def something_happened(at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kernel_record('house.test', 1, 'house.tested', %s, NULL, '', '', 'cli', NULL, '{}')", [at])


def not_ok(at: datetime) -> list[str]:
    return [finding.name for finding in health.readiness(at) if not finding.ok]


def test_ready_when_database_migrations_worker_and_files_are_well(house, client):
    worker_seen(clock.now())

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["ready"] is True


def test_not_ready_without_a_worker_and_the_answer_says_why(house, client):
    worker_seen(clock.now() - timedelta(minutes=5))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert [f["name"] for f in answer.json()["findings"] if not f["ok"]] == ["worker"]


def test_not_ready_when_the_database_is_gone(house, client, monkeypatch):
    def gone(sql: str, *arguments: object) -> None:
        raise OperationalError

    monkeypatch.setattr(health, "_one", gone)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert [f["name"] for f in answer.json()["findings"] if not f["ok"]] == ["database"]


def test_a_connection_from_before_a_restart_is_tried_again(house, client, monkeypatch):
    tries: list[bool] = [False, True]
    monkeypatch.setattr(health, "_answers", lambda: tries.pop(0))
    worker_seen(clock.now())

    assert client.get("/readyz").status_code == 200


def test_not_ready_when_files_cannot_be_written(house, tmp_path):
    worker_seen(NOON)
    (tmp_path / "files").write_text("a file where the folder should be")

    assert not_ok(NOON) == ["files"]


def test_a_failed_job_and_an_old_unsealed_event_are_told_but_keep_no_traffic_away(house, client):
    worker_seen(clock.now())
    seal_after_one_event()
    failed_job()
    something_happened(NOON)
    age_of_last_event(timedelta(hours=5))

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert [f["name"] for f in answer.json()["findings"] if not f["ok"]] == ["jobs", "history"]


def seal_after_one_event() -> None:
    something_happened(NOON)
    seal_history(at=NOON)


def age_of_last_event(age: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_event DISABLE TRIGGER kernel_event_append_only")
        cursor.execute(
            "UPDATE kernel_event SET recorded_at = %s WHERE id = (SELECT max(id) FROM kernel_event)", [clock.now() - age]
        )
        cursor.execute("ALTER TABLE kernel_event ENABLE TRIGGER kernel_event_append_only")


def test_the_process_answers_without_asking_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


def test_metrics_are_well_formed_and_speak_of_jobs_and_seals(house, client):
    worker_seen(clock.now())
    failed_job()
    seal_after_one_event()

    lines = client.get("/metrics").content.decode().splitlines()

    assert all(line.startswith("#") or len(line.rsplit(" ", 1)) == 2 for line in lines)
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert values['thongsuot_jobs{status="failed"}'] == "1"
    assert values["thongsuot_unsealed_seconds"] == "0.0"
    assert values["thongsuot_database_up"] == "1"


def test_units_that_do_not_reach_the_portal_are_told_by_check_and_metrics_and_keep_no_traffic_away(house, client):
    from thongsuot.dossiers.tests.make import MONDAY, make_town, receive
    from thongsuot.national_portal.models import Lane, UnitAccess

    house.PORTAL = "stand-in"
    town, now = make_town(), clock.now()
    worker_seen(now)

    def values() -> dict[str, str]:
        lines = client.get("/metrics").content.decode().splitlines()
        return dict(line.rsplit(" ", 1) for line in lines if line.startswith("thongsuot_portal"))

    assert not_ok(now) == []
    assert values()["thongsuot_portal_oldest_seconds"] == "0.0"
    UnitAccess.objects.create(unit_id=town.river, failing_since=now, fault="timeout", faults=2)
    Lane.objects.create(dossier=receive(town), unit_id=town.river, next_try_at=now, waiting_since=now)
    assert not_ok(now) == []  # one fault or two, and a short wait, are no alarm

    UnitAccess.objects.update(faults=3)
    Lane.objects.update(waiting_since=now - timedelta(hours=2))

    assert not_ok(now) == ["portal"]
    told = values()
    assert told['thongsuot_portal_units{state="failing"}'] == told['thongsuot_portal_units{state="lagging"}'] == "1"
    assert float(told["thongsuot_portal_oldest_seconds"]) > 7000
    assert client.get("/readyz").status_code == 200
    UnitAccess.objects.update(off_since=MONDAY, off_reason="bảo trì")
    assert not_ok(now) == []  # switched off by hand: known, and told
    assert values()['thongsuot_portal_units{state="off"}'] == "1"
    UnitAccess.objects.update(off_since=None, off_reason="", failing_since=None, faults=0)
    Lane.objects.update(state="held", trouble="refused")
    assert not_ok(now) == []  # one refusal is work of people
    for _number in range(9):
        Lane.objects.create(dossier=receive(town), unit_id=town.river, next_try_at=now, state="held", trouble="refused")
    assert not_ok(now) == ["portal"]  # the portal refuses everything
    assert (values()['thongsuot_portal_units{state="held"}'], values()["thongsuot_portal_refused"]) == ("1", "10")
    house.PORTAL = ""
    assert values() == {}


COUNT_TWO = """
import sys
from pathlib import Path
from thongsuot.config.counting import Counter
counter = Counter(Path(sys.argv[1]))
counter.add(200, 0.25)
counter.add(503, 1.0)
"""


def test_requests_are_counted_over_all_processes(tmp_path):
    counter = counting.Counter(tmp_path)
    counter.add(204, 0.25)
    subprocess.run([sys.executable, "-c", COUNT_TWO, str(tmp_path)], check=True)

    totals = counting.totals(tmp_path)

    assert totals["2xx"] == (2, 0.5)
    assert totals["5xx"] == (1, 1.0)
    assert totals["4xx"] == (0, 0.0)


def test_a_new_web_server_counts_from_nought(tmp_path):
    counting.Counter(tmp_path).add(200, 1.0)
    counting.forget(tmp_path)

    assert counting.totals(tmp_path)["2xx"] == (0, 0.0)
