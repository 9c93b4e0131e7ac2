"""The only way state changes: a command in one transaction that leaves a trace."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from typing import ParamSpec, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.events import KINDS, REACTIONS, WITNESSES, EventKind

P = ParamSpec("P")
R = TypeVar("R")

_trace: ContextVar[list[int] | None] = ContextVar("trace", default=None)


class NothingRecorded(RuntimeError):
    """A command ended without an event: a bug in the command, never the user's fault."""


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Run in one transaction; fail if nothing was recorded. A command inside a command shares the outer transaction."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outer = _trace.get()
        trace: list[int] = []
        token = _trace.set(trace)
        try:
            with transaction.atomic(durable=False):
                result = function(*args, **kwargs)
                if not trace:
                    raise NothingRecorded(f"{function.__module__}.{function.__qualname__} recorded no event")
        finally:
            _trace.reset(token)
        if outer is not None:
            outer.extend(trace)
        return result

    run.is_command = True  # type: ignore[attr-defined]  # read by tests/house
    return run


def sql_command(function: Callable[P, R]) -> Callable[P, R]:
    """A command whose whole work is one SQL statement: atomic by itself, it records its events inside the database.

    Saves the round trips of BEGIN and COMMIT on hot paths; its tests show the events. Only for `<capability>/sql/functions`.
    """
    function.is_command = True  # type: ignore[attr-defined]  # read by tests/house
    return function


def record(
    kind: EventKind,
    subject: models.Model,
    *,
    actor: Actor,
    at: datetime,
    unit_id: int | None = None,
    **facts: object,
) -> int:
    """Write one event and the jobs of its reactions, in the command's transaction. Returns the event's id.

    Facts are small and hold ids, codes and dates; no names, numbers or addresses of citizens.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kernel_record(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                subject._meta.label_lower,
                subject.pk,
                kind.name,
                at,
                actor.person_id,
                actor.name,
                actor.post,
                actor.via,
                unit_id,
                json.dumps(facts, cls=DjangoJSONEncoder),
            ],
        )
        event_id: int = cursor.fetchone()[0]
    _note(kind, event_id)
    for sees in WITNESSES.get(kind.capability, ()):
        sees(subject, kind, at)
    return event_id


def _note(kind: EventKind, event_id: int) -> None:
    """Mark the trace, queue the reactions."""
    trace = _trace.get()
    if trace is None:
        raise NothingRecorded(f"{kind.name} was recorded outside a command")
    if kind.name not in KINDS:
        raise ValueError(f"unknown event {kind.name}")
    trace.append(event_id)
    if REACTIONS.get(kind.name):
        from thongsuot.kernel import jobs  # the queue needs the app registry

        for name in REACTIONS[kind.name]:
            jobs.react.defer(event_id=event_id, reaction=name)
