"""Who helps where and when, what came of it, and campaigns."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from thongsuot.assistance.models.register import Helper


class Campaign(models.Model):
    """Days of helping more than usual, with targets. Vietnamese: đợt cao điểm."""

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    starts_on = models.DateField()
    days = models.SmallIntegerField(default=30)
    target_people = models.IntegerField()
    target_accounts = models.IntegerField()
    target_dossiers = models.IntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="campaign_once", fields=["city", "name", "starts_on"]),
            models.CheckConstraint(name="campaign_days", condition=Q(days__gte=1, days__lte=366)),
            models.CheckConstraint(
                name="campaign_targets",
                condition=Q(target_people__gte=0, target_accounts__gte=0, target_dossiers__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> date:
        return self.starts_on + timedelta(days=self.days - 1)


class Team(models.Model):
    """Volunteers who help at one point (its house) in a campaign. Vietnamese: đội."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="teams")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey("units.ServicePoint", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(name="team_once", fields=["campaign", "point", "name"])]

    def __str__(self) -> str:
        return self.name


class HelpShift(models.Model):
    """A volunteer or a lawyer is at a point for some hours of a day. Vietnamese: ca trực.

    point                    always the house (units.queries.houses_of): the roster goes on with it
    came, people, accounts   as the helper entered them, or somebody put them right: none yet, none known
    """

    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="shifts")
    point = models.ForeignKey("units.ServicePoint", on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="shifts")
    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    cancelled_at = models.DateTimeField(null=True)
    came = models.BooleanField(null=True)
    people = models.IntegerField(null=True)
    accounts = models.IntegerField(null=True)
    counted_at = models.DateTimeField(null=True)
    counted_by_name = models.CharField(max_length=200, blank=True)
    correction = models.CharField(max_length=300, blank=True, help_text="why somebody else put it right")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="shift_once", fields=["helper", "day", "starts"], condition=Q(cancelled_at=None)),
            models.CheckConstraint(name="shift_hours", condition=Q(ends__gt=F("starts"))),
            models.CheckConstraint(
                name="shift_counts",
                condition=Q(people=None, accounts=None) | Q(people__gte=0, accounts__gte=0, counted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="shift_at_point", fields=["point", "day"], condition=Q(cancelled_at=None)),
            models.Index(name="shift_on_day", fields=["day"], condition=Q(cancelled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.starts:%H:%M}"


class Consultation(models.Model):
    """A lawyer advised somebody. That it took place is no secret; all else lies sealed in `note`. Vietnamese: lượt tư vấn."""

    shift = models.ForeignKey(HelpShift, on_delete=models.PROTECT, related_name="consultations")
    noted_at = models.DateTimeField()
    note = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.shift_id} {self.noted_at:%H:%M}"
