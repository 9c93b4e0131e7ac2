"""The kernel's own jobs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from thongsuot.kernel import idempotency, tasks
from thongsuot.kernel.jobs import RETRY
from thongsuot.kernel.models import Answered, HistorySeal


def happened() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kernel_record('house.test', 1, 'house.tested', now(), NULL, '', '', 'worker', NULL, '{}')")


def test_the_history_is_sealed_and_sealing_again_with_nothing_new_adds_nothing(db):
    happened()
    tasks.seal_history(0)
    tasks.seal_history(0)

    assert HistorySeal.objects.count() == 1


def test_a_changed_event_makes_the_nightly_proof_fail(db):
    happened()
    tasks.verify_history(0)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_event DISABLE TRIGGER kernel_event_append_only")
        cursor.execute("UPDATE kernel_event SET facts = '{\"forged\": true}'")
        cursor.execute("ALTER TABLE kernel_event ENABLE TRIGGER kernel_event_append_only")

    with pytest.raises(tasks.HistoryBroken, match="1 faults"):
        tasks.verify_history(0)


@pytest.fixture
def left_job(transactional_db):
    """Makes a job that a worker had in hand when it was last seen `silent` ago; gives its id."""

    def make(*, attempts: int, silent: timedelta) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [timezone.now() - silent]
            )
            worker = cursor.fetchone()[0]
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, worker_id) "
                "VALUES ('default', 'kernel.react', 'doing', %s, %s) RETURNING id",
                [attempts, worker],
            )
            return cursor.fetchone()[0]

    yield make
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


def status(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job_id])
        return cursor.fetchone()[0]


def test_the_job_of_a_killed_worker_is_queued_again(left_job):
    job = left_job(attempts=1, silent=timedelta(minutes=2))

    async_to_sync(tasks.take_up_left_jobs.func)(0)

    assert status(job) == "todo"


def test_the_job_of_a_living_worker_is_left_alone(left_job):
    job = left_job(attempts=1, silent=timedelta(seconds=5))

    async_to_sync(tasks.take_up_left_jobs.func)(0)

    assert status(job) == "doing"


def test_a_job_that_kills_every_worker_ends_as_failed_and_stays_to_be_looked_at(left_job):
    job = left_job(attempts=RETRY.max_attempts, silent=timedelta(minutes=2))

    async_to_sync(tasks.take_up_left_jobs.func)(0)

    assert status(job) == "failed"


def test_answers_are_forgotten_after_their_time_and_not_before(db):
    now = timezone.now()
    for name, age in (("old", idempotency.KEPT + timedelta(hours=1)), ("new", timedelta(hours=1))):
        Answered.objects.create(caller="person:1", key=name, body_hash=b"1", status=200, answer={}, answered_at=now - age)

    tasks.forget_answers(0)

    assert list(Answered.objects.values_list("key", flat=True)) == ["new"]


def test_every_periodic_job_is_known_to_the_worker():
    names = {periodic.task.name for periodic in app.periodic_registry.periodic_tasks.values()}

    assert {"kernel.seal_history", "kernel.verify_history", "kernel.take_up_left_jobs", "kernel.forget_answers"} <= names
