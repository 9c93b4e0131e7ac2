"""Conferences of a city with its units: sites, test calls, gaps of lines, roll calls, who speaks."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Conference(models.Model):
    """An online conference. Pictures and sound go over the city's own system (`link`): Thông Suốt never carries them.

    hub_phone   the bridge a site dials when its line is gone
    ended_at    also of one that was cancelled
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Sắp họp")
        RUNNING = "running", _("Đang họp")
        ENDED = "ended", _("Đã kết thúc")
        CANCELLED = "cancelled", _("Đã hủy")

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    link = models.CharField(max_length=500, blank=True)
    hub_phone = models.CharField(max_length=20)
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=200)
    started_at = models.DateTimeField(null=True)
    started_by_name = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="conference_runs_once_started",
                condition=~Q(state__in=["running", "ended"]) | Q(started_at__isnull=False),
            ),
            models.CheckConstraint(
                name="conference_over_has_an_end",
                condition=Q(state__in=["ended", "cancelled"], ended_at__isnull=False)
                | Q(state__in=["planned", "running"], ended_at__isnull=True),
            ),
            models.CheckConstraint(name="conference_link_is_safe", condition=Q(link="") | Q(link__startswith="https://")),
        ]
        indexes = [models.Index(name="conference_of_city", fields=["city", "-starts_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Lines are watched: before it starts, and while it lasts."""
        return self.state in {self.State.PLANNED, self.State.RUNNING}


class Site(models.Model):
    """Where a unit takes part: a room with a camera and somebody at it. Vietnamese: điểm cầu.

    seen_at   the last beat of its page; no index on it, so that a beat rewrites one row and nothing else
    left_out  not, or no longer, asked to come
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="sites")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    left_out = models.BooleanField(default=False)
    operator_name = models.CharField(max_length=200, blank=True)
    backup_phone = models.CharField(max_length=20, blank=True)
    joined_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="site_once", fields=["conference", "unit"], condition=Q(left_out=False)),
        ]

    def __str__(self) -> str:
        return f"{self.conference_id} {self.unit_id}"


class SiteTest(models.Model):
    """A test call with a site. The latest says whether the site is ready."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="tests")
    at = models.DateTimeField()
    picture_ok = models.BooleanField()
    sound_ok = models.BooleanField()
    line_ok = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.site_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def passed(self) -> bool:
        return self.picture_ok and self.sound_ok and self.line_ok


class Drop(models.Model):
    """A time in which a site's line was gone while the conference ran; from its start on when the site came late."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="drops", db_index=False)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Two pages of one site may come back at once, or while the conference ends: one gap is kept once.
            models.UniqueConstraint(name="drop_once", fields=["site", "from_at"]),
            models.CheckConstraint(name="drop_lasts", condition=Q(until_at__gt=F("from_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.from_at} {self.until_at}"


class RollCall(models.Model):
    """Every site is asked how many people it has and who leads them."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="roll_calls")
    number = models.IntegerField()
    opened_at = models.DateTimeField()
    opened_by_name = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="roll_call_number_once", fields=["conference", "number"]),
            models.UniqueConstraint(name="roll_call_one_open", fields=["conference"], condition=Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.conference_id} {self.number}"


class RollCallAnswer(models.Model):
    """What a site said. by_phone: it told the hub, which wrote it down."""

    roll_call = models.ForeignKey(RollCall, on_delete=models.PROTECT, related_name="answers", db_index=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="answers")
    people = models.IntegerField()
    leader = models.CharField(max_length=200)
    by_phone = models.BooleanField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="roll_call_answer_once", fields=["roll_call", "site"]),
            models.CheckConstraint(name="roll_call_answer_people", condition=Q(people__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.roll_call_id} {self.site_id} {self.people}"


class SpeakRequest(models.Model):
    """A site asks for the word. Vietnamese: xin phát biểu."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="speak_requests")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="speak_requests")
    topic = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    asked_by_name = models.CharField(max_length=200)
    given_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="speak_request_one_a_site", fields=["site"], condition=Q(over_at=None)),
            models.UniqueConstraint(
                name="speak_request_one_speaks", fields=["conference"], condition=Q(given_at__isnull=False, over_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.topic}"

    @property
    def speaks(self) -> bool:
        return self.given_at is not None and self.over_at is None

    @property
    def spoke(self) -> tuple[datetime, datetime] | None:
        """From when to when, of one that is over; None: it was withdrawn."""
        return (self.given_at, self.over_at) if self.given_at and self.over_at else None
