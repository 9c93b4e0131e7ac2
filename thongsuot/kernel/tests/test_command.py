"""Commands leave a trace or fail; history is only added to; what is taken away or changed shows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from thongsuot.kernel import events
from thongsuot.kernel.actor import ANYONE, Actor, system
from thongsuot.kernel.command import NothingRecorded, command, record
from thongsuot.kernel.errors import NotYourDuty, TellPerson
from thongsuot.kernel.events import EventKind, on
from thongsuot.kernel.history import faults, history_of, seal_history
from thongsuot.kernel.idempotency import Key, KeyUsedWithOtherBody, answer_once
from thongsuot.kernel.models import Answered, Event
from thongsuot.kernel.tests.at_once import at_once

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
LAN = Actor(person_id=7, name="Lan", post="Công chức tiếp nhận", via="web", duties={"count": frozenset({1})})
# A row of the kernel's own stands in for "some subject"; its status is what the command counts up.
COUNTED = EventKind("kernel.test_counted", "Đã đếm")
SECRET = EventKind("kernel.test_secret", "Việc nội bộ", public=False)


def make_subject() -> Answered:
    return Answered.objects.create(caller="test", key="subject", body_hash=b"", status=0, answer={}, answered_at=NOW)


@command
def count(subject: Answered, *, unit_id: int = 1, actor: Actor, at: datetime, kind: EventKind = COUNTED) -> Answered:
    actor.must("count", unit_id=unit_id)
    Answered.objects.filter(pk=subject.pk).update(status=subject.status + 1)
    record(kind, subject, actor=actor, at=at, unit_id=unit_id, counted=subject.status + 1)
    return subject


def test_a_command_that_records_nothing_fails_and_changes_nothing(db):
    subject = make_subject()

    @command
    def forgetful() -> None:
        Answered.objects.filter(pk=subject.pk).update(status=99)

    with pytest.raises(NothingRecorded):
        forgetful()
    subject.refresh_from_db()
    assert subject.status == 0


def test_recording_outside_a_command_fails(db):
    with pytest.raises(NothingRecorded):
        record(COUNTED, make_subject(), actor=LAN, at=NOW)


def test_a_refusal_undoes_the_command(db):
    subject = make_subject()

    @command
    def refused_late() -> None:
        count(subject, actor=LAN, at=NOW)
        raise NotYourDuty("count")

    with pytest.raises(TellPerson):
        refused_late()
    assert not Event.objects.exists()
    subject.refresh_from_db()
    assert subject.status == 0


def test_a_command_inside_a_command_shares_its_trace_and_transaction(db):
    subject = make_subject()

    @command
    def outer() -> None:
        count(subject, actor=LAN, at=NOW)

    outer()
    assert [line.name for line in history_of(subject)] == ["kernel.test_counted"]


def test_duties_hold_per_unit(db):
    subject = make_subject()
    for actor in (LAN, ANYONE):
        with pytest.raises(NotYourDuty):
            count(subject, unit_id=2, actor=actor, at=NOW)
    count(subject, unit_id=2, actor=system("cli"), at=NOW)


def test_history_is_numbered_says_who_and_hides_what_is_internal(db):
    subject = make_subject()
    count(subject, actor=LAN, at=NOW)
    count(subject, actor=LAN, at=NOW, kind=SECRET)
    lines = history_of(subject)
    assert [(line.number, line.actor_name, line.actor_post) for line in lines] == [(1, "Lan", LAN.post), (2, "Lan", LAN.post)]
    assert [line.name for line in history_of(subject, public_only=True)] == ["kernel.test_counted"]


def test_an_event_kind_is_declared_once():
    with pytest.raises(ValueError, match="twice"):
        EventKind("kernel.test_counted", "x")


@pytest.mark.parametrize("sql", ["UPDATE kernel_event SET name = 'x'", "DELETE FROM kernel_event"])
def test_the_database_refuses_to_change_history(db, sql):
    count(make_subject(), actor=LAN, at=NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Event.objects.get().name == "kernel.test_counted"


def _tamper(sql: str) -> None:
    """What someone with the database's owner account could do."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_event DISABLE TRIGGER kernel_event_append_only")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE kernel_event ENABLE TRIGGER kernel_event_append_only")


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE kernel_event SET facts = '{\"counted\": 9}' WHERE number = 2", "changed"),
        ("UPDATE kernel_event SET at = at + interval '1 microsecond' WHERE number = 1", "changed"),
        ("UPDATE kernel_event SET actor_name = 'Ai đó' WHERE number = 3", "changed"),
        ("DELETE FROM kernel_event WHERE number = 2", "missing"),
        ("DELETE FROM kernel_event WHERE number = 3", "seal"),
        ("DELETE FROM kernel_event", "seal"),
    ],
)
def test_a_changed_or_missing_event_is_found(db, sql, what):
    subject = make_subject()
    for _ in range(3):
        count(subject, actor=LAN, at=NOW)
    assert seal_history(at=NOW) is not None
    assert not list(faults())
    _tamper(sql)
    assert what in {fault.what for fault in faults()}


def test_seals_cover_what_is_new_and_nothing_twice(db):
    subject = make_subject()
    count(subject, actor=LAN, at=NOW)
    first = seal_history(at=NOW)
    assert seal_history(at=NOW) is None
    count(subject, actor=LAN, at=NOW)
    count(subject, actor=LAN, at=NOW)
    second = seal_history(at=NOW)
    assert (first.events, second.events) == (1, 2)
    assert not list(faults())


def test_each_reaction_becomes_a_job_of_the_same_transaction(db):
    seen = []

    @on(COUNTED)
    def listener(happened: events.Happened) -> None:
        seen.append(happened.facts)

    try:
        subject = make_subject()
        count(subject, actor=LAN, at=NOW)
        jobs = ProcrastinateJob.objects.filter(task_name="kernel.react")
        assert [job.args["reaction"].rsplit(".", 1)[1] for job in jobs] == ["listener"]
        from thongsuot.kernel.jobs import react

        react(**jobs.get().args)
        assert seen == [{"counted": 1}]
        with pytest.raises(NotYourDuty):
            count(subject, actor=ANYONE, at=NOW)
        assert jobs.count() == 1
    finally:
        events.REACTIONS.pop(COUNTED.name)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_on_one_subject_keep_one_chain():
    subject = make_subject()

    @command
    def locked_count() -> None:
        Answered.objects.select_for_update().get(pk=subject.pk)
        record(COUNTED, subject, actor=LAN, at=NOW)

    def client() -> None:
        for _ in range(10):
            locked_count()

    assert not at_once(*[client] * 6)
    assert [line.number for line in history_of(subject)] == list(range(1, 61))
    assert not list(faults())


def test_the_same_key_runs_once_and_answers_alike(db):
    runs = []
    key = Key(caller="p", key="k", body_hash=b"1")

    def run() -> dict[str, int]:
        runs.append(1)
        return {"n": len(runs)}

    assert answer_once(key, run, at=NOW) == answer_once(key, run, at=NOW) == {"n": 1}
    with pytest.raises(KeyUsedWithOtherBody):
        answer_once(Key(caller="p", key="k", body_hash=b"2"), run, at=NOW)
    assert answer_once(Key(caller="q", key="k", body_hash=b"2"), run, at=NOW) == {"n": 2}
    assert answer_once(None, run, at=NOW) == {"n": 3}


def test_a_refusal_is_not_kept_as_the_answer(db):
    key = Key(caller="p", key="k", body_hash=b"1")

    def refuse() -> None:
        raise NotYourDuty("x")

    with pytest.raises(NotYourDuty):
        answer_once(key, refuse, at=NOW)
    assert not Answered.objects.filter(key="k").exists()
    assert answer_once(key, lambda: 1, at=NOW) == 1
