"""Names of duties, the order of calling, how a ticket is written. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SERVE = "receive dossiers"
ARRANGE = "arrange counters"
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
MOST_ABSENCES = 3  # practice: whoever does not come for so many calls has left
COUNTERS_AT_MOST = 99
JOINING = timedelta(minutes=15)  # within which a machine is joined to its point
RATED_WITHIN = timedelta(minutes=3)  # at the counter; whoever comes next must not rate for who went
REASONS_WITHIN = timedelta(minutes=2)  # of the rating
A_MINUTE_AT_A_DEVICE = 20  # tickets; more is a game, or a jammed key


class Priority(TextChoices):
    """Why somebody is called before others. The reason is kept; the ticket and the board say nothing of it."""

    OLD = "old", _("Người cao tuổi")
    DISABLED = "disabled", _("Người khuyết tật")
    PREGNANT = "pregnant", _("Phụ nữ mang thai")
    CHILD = "child", _("Người đi cùng trẻ nhỏ")
    MERIT = "merit", _("Người có công")
    URGENT = "urgent", _("Việc khẩn cấp về sức khỏe, an toàn")


def code_of(letter: str, number: int) -> str:
    """As it is called and shown: A 007."""
    return f"{letter} {number:03}"


def after_an_absence(absences: int) -> bool:
    """Whether a ticket that was called so many times in vain waits on, at the end of its queue."""
    return absences < MOST_ABSENCES


SERVED_ENOUGH = 5  # tickets from which a service time can be told


@dataclass(frozen=True, kw_only=True)
class Wait:
    """An estimate: the mean, and the range in which two of three such waits end."""

    mean: timedelta
    error: timedelta

    @property
    def least(self) -> timedelta:
        return max(timedelta(), self.mean - self.error)

    @property
    def most(self) -> timedelta:
        return self.mean + self.error


def expected_wait(ahead: int, service: Sequence[timedelta], *, counters: float) -> Wait | None:
    """How long whoever has `ahead` people before them waits: those, served one after another at so many counters.

    service   how long the latest ones were served
    The error grows with the spread of service times and with the number of people ahead. None: no counter, or too few served.
    """
    if not counters or len(service) < SERVED_ENOUGH:
        return None
    seconds = [one.total_seconds() for one in service]
    mean = sum(seconds) / len(seconds)
    spread = math.sqrt(sum((one - mean) ** 2 for one in seconds) / (len(seconds) - 1))
    rounds = ahead / counters
    return Wait(mean=timedelta(seconds=mean * rounds), error=timedelta(seconds=spread * math.sqrt(ahead) / counters))
