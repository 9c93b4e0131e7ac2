"""What time it is: for views, the API, jobs and the command line. Nothing below them asks; they pass it on as `at`.

A rehearsal plays days in minutes: there a request says what time it is (config/rehearsal.py) and all that it runs believes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_source: Callable[[], datetime] | None = None
_simulated: ContextVar[datetime | None] = ContextVar("simulated time", default=None)


def now() -> datetime:
    """The instant, aware."""
    return _simulated.get() or (_source or timezone.now)()


def today() -> date:
    """The day in Việt Nam."""
    return local_now().date()


def local_now() -> datetime:
    """The instant on the clocks of Việt Nam."""
    return timezone.localtime(now())


def follow(source: Callable[[], datetime] | None) -> None:
    """From now on this whole process takes the time from there; None: from the machine again."""
    global _source
    _source = source


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Within the block it is that instant, in this thread and in what it calls. `instant` is aware."""
    if timezone.is_naive(instant):
        raise ValueError("an instant without its time zone")
    before = _simulated.set(instant)
    try:
        yield
    finally:
        _simulated.reset(before)
