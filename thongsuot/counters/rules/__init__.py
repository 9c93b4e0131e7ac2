"""Names of duties, the order of calling, how a ticket is written. Pure."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SERVE = "receive dossiers"
ARRANGE = "arrange counters"
CITY = "manage units"  # who settles for all points of the city what none settled for itself
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
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


class SendReason(TextChoices):
    """Why a number is sent to one other counter."""

    FIELD = "field", _("Việc thuộc quầy đó")
    EXPERT = "expert", _("Cần cán bộ chuyên môn")
    FEE = "fee", _("Nộp phí, lệ phí")
    RESULT = "result", _("Nhận kết quả")
    TECHNICAL = "technical", _("Máy, mạng trục trặc")
    OTHER = "other", _("Lý do khác")


class CallOffReason(TextChoices):
    """Why the point calls off an hour that somebody booked. Who booked reads it."""

    ABSENT = "absent", _("Cán bộ phụ trách vắng")
    FULL = "full", _("Điểm không nhận kịp số người hẹn giờ đó")
    TECHNICAL = "technical", _("Máy, mạng trục trặc")
    OTHER = "other", _("Việc đột xuất của điểm")


class BackReason(TextChoices):
    """Why somebody who was done is served once more with the same number."""

    PAPER = "paper", _("Đã bổ sung giấy tờ")
    FEE = "fee", _("Đã nộp phí, lệ phí")
    UNFINISHED = "unfinished", _("Việc tại quầy chưa xong")
    OTHER = "other", _("Lý do khác")


def code_of(letter: str, number: int) -> str:
    """As it is called and shown: A 007."""
    return f"{letter} {number:03}"


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


def expected_wait(
    ahead: int, service: Sequence[timedelta], *, counters: float, held: Sequence[Sequence[timedelta]] = ()
) -> Wait | None:
    """How long whoever has `ahead` people before them waits: until the first counter is free, then for those before them,
    served one after another at so many counters.

    service   how long the latest ones were served
    held      of each counter that calls, how much longer the one it holds may take (`remaining`), each as likely; none: it is
              free. Not given: all are
    The error grows with the spread of service times and with the number of people ahead. None: no counter, or too few served.
    """
    if not counters or len(service) < SERVED_ENOUGH:
        return None
    seconds = [one.total_seconds() for one in service]
    mean = sum(seconds) / len(seconds)
    variance = sum((one - mean) ** 2 for one in seconds) / (len(seconds) - 1)
    free, free_variance = _first_free([[one.total_seconds() for one in rest] for rest in held])
    error = math.sqrt(free_variance + variance * ahead / counters**2)
    return Wait(mean=timedelta(seconds=free + mean * ahead / counters), error=timedelta(seconds=error))


def remaining(service: Sequence[timedelta], *, since: timedelta) -> list[timedelta]:
    """How much longer somebody may be served who is served for so long already: as those of `service` that took longer were.

    When none did, nothing is known of so long a case, and it is taken to begin anew.
    """
    return [one - since for one in service if one > since] or list(service)


def _first_free(held: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Mean and variance of the least of independent values, one of each list with equal chance: exactly, by their survival."""
    if not held or not all(held):
        return 0.0, 0.0
    ordered = [sorted(one) for one in held]
    mean = square = before = 0.0
    for value in sorted(chain.from_iterable(ordered)):
        longer = math.prod((len(one) - bisect_right(one, before)) / len(one) for one in ordered)  # all beyond `before`
        mean += longer * (value - before)
        square += longer * (value**2 - before**2)
        before = value
    return mean, max(0.0, square - mean**2)


LONG_WAIT = timedelta(minutes=20)


class Advice(TextChoices):
    """What would help a point whose people wait too long."""

    OPEN_COUNTER = "open_counter", _("Mở thêm một quầy")
    CALL_QUEUE = "call_queue", _("Cho một quầy gọi hàng chưa ai gọi")
    OTHER_POINT = "other_point", _("Hướng dẫn đến điểm khác")
    MORE_PEOPLE = "more_people", _("Tăng người cho điểm")


def advice(
    wait: timedelta | None, *, waiting: int, manned: int, counters: int, best_elsewhere: timedelta | None, uncalled: int = 0
) -> Advice | None:
    """A counter that stands empty first; then another point where people wait half as long; then more people.

    uncalled        who of them waits in a queue that no manned counter calls, however short the others are
    wait            the longest that who takes a ticket now is told; None: not known, or nobody calls
    best_elsewhere  the shortest wait at another point that is open and takes the same dossiers
    """
    if uncalled:
        return Advice.OPEN_COUNTER if manned < counters else Advice.CALL_QUEUE
    if not waiting or (wait is not None and wait <= LONG_WAIT):
        return None
    if manned < counters and (wait is not None or not manned):
        return Advice.OPEN_COUNTER
    if wait is not None and best_elsewhere is not None and best_elsewhere <= wait / 2:
        return Advice.OTHER_POINT
    return None if wait is None else Advice.MORE_PEOPLE


def with_one_more(wait: timedelta, *, manned: int) -> timedelta:
    """How long the same people would wait with another counter."""
    return wait * manned / (manned + 1) if manned else wait
