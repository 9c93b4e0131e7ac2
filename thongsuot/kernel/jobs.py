"""Background jobs: the job row is the outbox message, written in the command's own transaction."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from thongsuot.kernel.events import REACTIONS, Happened
from thongsuot.kernel.models import Event

RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


@app.task(name="kernel.react", retry=RETRY)
def react(event_id: int, reaction: str) -> None:
    """Run one reaction to one event. Raising puts it back in the queue; it may run twice."""
    event = Event.objects.get(pk=event_id)
    REACTIONS[event.name][reaction](
        Happened(id=event.pk, name=event.name, subject=event.subject, subject_id=event.subject_id, facts=event.facts)
    )
