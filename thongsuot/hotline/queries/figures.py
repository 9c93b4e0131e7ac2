"""Calls counted: by day, by hour, by operator; how long people waited, what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Max, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate

from thongsuot.hotline.models import Call, CallBack
from thongsuot.hotline.rules import share
from thongsuot.kernel.working_time import VIET_NAM

O = Call.Outcome  # noqa: E741 - outcomes
_ANSWERED = Q(answered_at__isnull=False)
_IN_TIME = Q(classified_at__lte=F("classify_by"))


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of a day, an hour, an operator, or all.

    in_time   classified in the time that was set; late: not, or not yet though the time is over
    wait      mean, until somebody answered; longest of all answered; classifying: mean, from the answer
    """

    calls: int = 0
    answered: int = 0
    abandoned: int = 0
    in_time: int = 0
    late: int = 0
    wait: timedelta | None = None
    longest: timedelta | None = None
    classifying: timedelta | None = None
    outcomes: tuple[int, ...] = ()
    """As in OUTCOMES."""

    @property
    def answered_percent(self) -> float | None:
        return share(self.answered, self.calls)

    @property
    def in_time_percent(self) -> float | None:
        return share(self.in_time, self.in_time + self.late)


OUTCOMES = (O.TICKET, O.ANSWERED, O.TRANSFERRED, O.ABANDONED, O.NO_WORDS, O.NUISANCE)


@dataclass(frozen=True, kw_only=True)
class CallBacks:
    asked: int
    reached: int
    rang_again: int
    given_up: int
    open: int
    on_time: int
    late: int

    @property
    def on_time_percent(self) -> float | None:
        return share(self.on_time, self.on_time + self.late)


def _counts(now: datetime) -> dict[str, Any]:
    late = Q(classified_at__gt=F("classify_by")) | Q(classified_at=None, classify_by__lt=now)
    return {
        "calls": Count("pk"),
        "answered": Count("pk", filter=_ANSWERED),
        "abandoned": Count("pk", filter=Q(outcome=O.ABANDONED)),
        "in_time": Count("pk", filter=_ANSWERED & _IN_TIME),
        "late": Count("pk", filter=_ANSWERED & late),
        "wait": Avg(F("answered_at") - F("came_at")),
        "longest": Max(F("answered_at") - F("came_at")),
        "classifying": Avg(F("classified_at") - F("answered_at")),
        **{f"of_{one}": Count("pk", filter=Q(outcome=one)) for one in OUTCOMES},
    }


def _figures(row: Mapping[str, Any]) -> Figures:
    names = ("calls", "answered", "abandoned", "in_time", "late", "wait", "longest", "classifying")
    return Figures(**{name: row[name] for name in names}, outcomes=tuple(row[f"of_{one}"] for one in OUTCOMES))


def _of(city_id: int, first: date, last: date, person_id: int | None = None) -> QuerySet[Call]:
    """Of those days, by the clocks of Việt Nam."""
    begins = datetime.combine(first, datetime.min.time(), VIET_NAM)
    ends = datetime.combine(last + timedelta(days=1), datetime.min.time(), VIET_NAM)
    rows = Call.objects.filter(city=city_id, came_at__gte=begins, came_at__lt=ends)
    return rows.filter(operator=person_id) if person_id is not None else rows


def in_all(city_id: int, first: date, last: date, *, now: datetime, person_id: int | None = None) -> Figures:
    """One query, as each below."""
    return _figures(_of(city_id, first, last, person_id).aggregate(**_counts(now)))


def by_day(city_id: int, first: date, last: date, *, now: datetime, person_id: int | None = None) -> list[tuple[date, Figures]]:
    """Every day, also one without calls."""
    rows = _of(city_id, first, last, person_id).annotate(day=TruncDate("came_at", tzinfo=VIET_NAM)).values("day")
    found = {row["day"]: _figures(row) for row in rows.annotate(**_counts(now)).order_by()}
    empty = Figures(outcomes=(0,) * len(OUTCOMES))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [(day, found.get(day, empty)) for day in days]


def by_hour(city_id: int, first: date, last: date, *, now: datetime) -> list[tuple[int, Figures]]:
    """The hours of the day in which anybody rang."""
    rows = _of(city_id, first, last).annotate(hour=ExtractHour("came_at", tzinfo=VIET_NAM)).values("hour")
    return [(row["hour"], _figures(row)) for row in rows.annotate(**_counts(now)).order_by("hour")]


def by_operator(city_id: int, first: date, last: date, *, now: datetime) -> list[tuple[str, Figures]]:
    """For who leads alone. By the name of the day of the latest call."""
    rows = _of(city_id, first, last).filter(operator__isnull=False).values("operator")
    found = rows.annotate(name=Max("operator_name"), **_counts(now)).order_by("name")
    return [(row["name"], _figures(row)) for row in found]


def call_backs(city_id: int, first: date, last: date, *, now: datetime) -> CallBacks:
    """Of calls of those days. On time: tried for the first time, or rung again, before it was due."""
    state = CallBack.State
    again = Q(state=state.RANG_AGAIN, ended_at__lte=F("due_at"))
    over = Q(due_at__lt=now) | Q(ended_at__isnull=False)
    found = CallBack.objects.filter(call__in=_of(city_id, first, last)).aggregate(
        asked=Count("pk"),
        reached=Count("pk", filter=Q(state=state.REACHED)),
        rang_again=Count("pk", filter=Q(state=state.RANG_AGAIN)),
        given_up=Count("pk", filter=Q(state=state.GIVEN_UP)),
        open=Count("pk", filter=Q(ended_at=None)),
        on_time=Count("pk", filter=Q(tried_at__lte=F("due_at")) | again),
        late=Count("pk", filter=over & (Q(tried_at=None) | Q(tried_at__gt=F("due_at"))) & ~again),
    )
    return CallBacks(**found)


def calls_per_day(city_id: int, first: date, last: date) -> list[tuple[date, int]]:
    """How many calls came on each of the days, both included; a day without any is there with 0. One query."""
    rows = _of(city_id, first, last).annotate(day=TruncDate("came_at", tzinfo=VIET_NAM)).values_list("day")
    found = dict(rows.annotate(calls=Count("pk")).order_by())
    return [(day, found.get(day, 0)) for day in (first + timedelta(days=n) for n in range((last - first).days + 1))]


def bounds(day: date) -> tuple[datetime, datetime]:
    """From its midnight to the next."""
    begins = datetime.combine(day, datetime.min.time(), VIET_NAM)
    return begins, begins + timedelta(days=1)
