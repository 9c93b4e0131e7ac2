"""Who was there: tests, roll calls, gaps of every site of a conference."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from thongsuot.meetings.models import Conference, Drop, RollCall, RollCallAnswer, Site, SiteTest
from thongsuot.meetings.queries.planning import held_on
from thongsuot.meetings.rules import away
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class Gap:
    from_at: datetime
    until_at: datetime

    @property
    def seconds(self) -> int:
        return round((self.until_at - self.from_at).total_seconds())


@dataclass(frozen=True, kw_only=True)
class ReportRow:
    """One site. `answers` stand in the order of the roll calls; None: it did not answer.

    was_there  its line was heard while the conference ran
    """

    site: Site
    unit: str
    was_there: bool
    tests: list[SiteTest]
    answers: list[RollCallAnswer | None]
    gaps: list[Gap]

    @property
    def last_test(self) -> SiteTest | None:
        return self.tests[-1] if self.tests else None

    @property
    def away(self) -> timedelta:
        return away((gap.from_at, gap.until_at) for gap in self.gaps)

    @property
    def people(self) -> int | None:
        """As the last roll call that it answered says."""
        return next((answer.people for answer in reversed(self.answers) if answer is not None), None)


@dataclass(frozen=True, kw_only=True)
class Report:
    calls: list[RollCall]
    rows: list[ReportRow]

    @property
    def there(self) -> int:
        return sum(row.was_there for row in self.rows)

    @property
    def tested(self) -> int:
        return sum(row.last_test is not None and row.last_test.passed for row in self.rows)

    @property
    def with_gaps(self) -> int:
        return sum(bool(row.gaps) for row in self.rows)

    @property
    def people(self) -> int:
        return sum(row.people or 0 for row in self.rows)

    def answered(self, place: int) -> int:
        """How many answered the roll call at that place of `calls`."""
        return sum(row.answers[place] is not None for row in self.rows)

    def people_at(self, place: int) -> int:
        return sum(answer.people for row in self.rows if (answer := row.answers[place]) is not None)


def report(conference: Conference) -> Report:
    """Six queries for any number of sites."""
    sites = list(Site.objects.filter(conference=conference, left_out=False))
    names = units.unit_rows({site.unit_id for site in sites}, as_of=held_on(conference))
    sites.sort(key=lambda one: (names[one.unit_id].level == "agency", names[one.unit_id].sort_name, one.pk))
    calls = list(RollCall.objects.filter(conference=conference).order_by("number"))
    tests: dict[int, list[SiteTest]] = defaultdict(list)
    for test in SiteTest.objects.filter(site__conference=conference).order_by("at", "pk"):
        tests[test.site_id].append(test)
    answers: dict[tuple[int, int], RollCallAnswer] = {
        (answer.site_id, answer.roll_call_id): answer
        for answer in RollCallAnswer.objects.filter(roll_call__conference=conference)
    }
    gaps: dict[int, list[Gap]] = defaultdict(list)
    for drop in Drop.objects.filter(site__conference=conference).order_by("from_at"):
        gaps[drop.site_id].append(Gap(from_at=drop.from_at, until_at=drop.until_at))
    rows = [
        ReportRow(
            site=site,
            unit=names[site.unit_id].full_name,
            was_there=_was_there(conference, site),
            tests=tests[site.pk],
            answers=[answers.get((site.pk, call.pk)) for call in calls],
            gaps=gaps[site.pk],
        )
        for site in sites
    ]
    return Report(calls=calls, rows=rows)


def _was_there(conference: Conference, site: Site) -> bool:
    return site.seen_at is not None and conference.started_at is not None and site.seen_at >= conference.started_at


def row_of(site: Site) -> ReportRow:
    """One site alone, as the hub looks at it."""
    conference = site.conference
    calls = list(RollCall.objects.filter(conference=conference).order_by("number"))
    answers = {answer.roll_call_id: answer for answer in RollCallAnswer.objects.filter(site=site)}
    return ReportRow(
        site=site,
        unit=units.unit_row(site.unit_id, as_of=held_on(conference)).full_name,
        was_there=_was_there(conference, site),
        tests=list(site.tests.order_by("at", "pk")),
        answers=[answers.get(call.pk) for call in calls],
        gaps=[Gap(from_at=drop.from_at, until_at=drop.until_at) for drop in site.drops.order_by("from_at")],
    )
