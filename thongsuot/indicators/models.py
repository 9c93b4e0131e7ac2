"""What is counted and how much it is worth: facts kept by events, totals of days, the dated items and bands of the index."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Dated


class Fact(models.Model):
    """What the figures need to know of one dossier, and nothing of the person. Written by `sql/facts.sql` alone.

    Nothing here depends on the period looked at: every figure of any period is a count over these columns.

    closed_at    the instant judged: of the result (9), else of the hand-over (10), else of the end (8, 3, 7)
    in_time      how it is judged at that instant; None while it is open
    late_at      from when it counts as late while it is open; None: never (its clock stands still, or it closed before)
    left_on      the day on which it stops to be "open and in time": it closed or became late
    """

    dossier_id = models.BigIntegerField(primary_key=True)
    unit_id = models.BigIntegerField()
    procedure_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    channel = models.SmallIntegerField()
    status = models.SmallIntegerField()
    submitted_on = models.DateField(null=True)
    received_at = models.DateTimeField(null=True)
    received_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)
    in_time = models.BooleanField(null=True)
    late_at = models.DateTimeField(null=True)
    left_on = models.DateField(null=True)
    waiting_from = models.DateTimeField(null=True, help_text="the clock stands, or stood when it ended, since then")
    supplements = models.SmallIntegerField()
    supplement_on = models.DateField(null=True, help_text="day of the first request")
    spent_minutes = models.IntegerField(null=True, help_text="working minutes from reception to the result, without pauses")
    paper_result = models.BooleanField(help_text="the procedure gives a result")
    eligible = models.BooleanField(help_text="of a procedure that is offered fully online")
    charged = models.BooleanField()
    e_result = models.BooleanField()
    digitised = models.BooleanField()
    reused = models.BooleanField()
    linked = models.BooleanField()
    complained = models.BooleanField(db_default=False, help_text="a ticket about regulations speaks of it")
    population = models.BooleanField()
    synced = models.BooleanField()
    paid_online = models.BooleanField(null=True, help_text="null: counted before this was, or nobody knows how it was paid")
    rated_on = models.DateField(null=True)
    level = models.SmallIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(name="fact_unit_received", fields=["unit_id", "received_on"]),
            models.Index(name="fact_received", fields=["received_on", "dossier_id"]),
            models.Index(name="fact_closed", fields=["closed_on", "unit_id", "dossier_id"]),
            models.Index(name="fact_rated", fields=["rated_on"], condition=Q(rated_on__isnull=False)),
            # What is open: small however much is stored.
            models.Index(name="fact_open", fields=["unit_id", "late_at"], condition=Q(closed_on__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"dossier {self.dossier_id}"


class Noted(models.Model):
    """A dossier of which an event was recorded and whose fact is not yet made anew. Only added and taken away whole."""

    dossier_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"dossier {self.dossier_id}"


class DayTotals(models.Model):
    """Counts of one day: `measures.MEASURES` says what each is and which day of a dossier it goes by."""

    day = models.DateField()
    received = models.BigIntegerField()
    counter = models.BigIntegerField()
    online = models.BigIntegerField()
    post = models.BigIntegerField()
    accepted = models.BigIntegerField()
    paper_result = models.BigIntegerField()
    e_result = models.BigIntegerField()
    online_full = models.BigIntegerField()
    eligible = models.BigIntegerField()
    eligible_online = models.BigIntegerField()
    charged = models.BigIntegerField()
    way_known = models.BigIntegerField(db_default=0, help_text="of those charged: how they were paid, if they were, is known")
    paid_online = models.BigIntegerField(db_default=0)
    digitised = models.BigIntegerField()
    reused = models.BigIntegerField()
    linked = models.BigIntegerField()
    population = models.BigIntegerField()
    synced = models.BigIntegerField()
    closed = models.BigIntegerField()
    closed_in_time = models.BigIntegerField()
    early = models.BigIntegerField()
    on_the_day = models.BigIntegerField()
    result_late = models.BigIntegerField()
    withdrawn = models.BigIntegerField()
    stopped = models.BigIntegerField()
    spent_minutes = models.BigIntegerField()
    left_in_time = models.BigIntegerField()
    supplements = models.BigIntegerField()
    rated = models.BigIntegerField()
    satisfied = models.BigIntegerField()
    disliked = models.BigIntegerField()
    submitted = models.BigIntegerField()
    refused = models.BigIntegerField()
    dropped = models.BigIntegerField()

    class Meta:
        abstract = True


class UnitDay(DayTotals):
    """A day of one resolving unit. The city is the sum of its units."""

    unit_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="unit_day_once", fields=["unit_id", "day"])]

    def __str__(self) -> str:
        return f"unit {self.unit_id} {self.day}"


class ProcedureDay(DayTotals):
    """A day of one procedure in all units; a field is the sum of its procedures."""

    procedure_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="procedure_day_once", fields=["procedure_id", "day"])]
        indexes = [
            # What was open before a period is a sum over all days before it: read from here, never from the wide rows.
            models.Index(
                name="procedure_day_ever",
                fields=["procedure_id", "day"],
                include=["received", "closed", "left_in_time", "submitted", "accepted", "refused", "dropped"],
            ),
        ]

    def __str__(self) -> str:
        return f"procedure {self.procedure_id} {self.day}"


class IndexItem(Dated):
    """One item of the quality index for a time. Vietnamese: chỉ số thành phần. Words and formula: `items.py`."""

    code = models.CharField(max_length=12)
    group = models.CharField(max_length=4)
    place = models.SmallIntegerField(help_text="order on pages")
    points = models.DecimalField(_("điểm tối đa"), max_digits=5, decimal_places=2)
    threshold = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, help_text="per cent from which all points are given"
    )
    basis = models.CharField(max_length=300)
    checked = models.BooleanField(default=False, help_text="false: the text was not read for it")
    streams = models.CharField(
        max_length=60,
        blank=True,
        db_default="",
        help_text="of items about feedback: which streams count; blank: regulation alone",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="index_item_from", fields=["code", "valid_from"]),
            models.CheckConstraint(name="index_item_points", condition=Q(points__gte=0)),
            models.CheckConstraint(name="index_item_period", condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from"))),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.points}"


class IndexBand(Dated):
    """From how many points a total is called excellent, good and so on, for a time. Vietnamese: mức xếp loại."""

    key = models.CharField(max_length=12)
    floor = models.DecimalField(max_digits=5, decimal_places=2)
    basis = models.CharField(max_length=300)
    checked = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="index_band_from", fields=["key", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.key} >= {self.floor}"


class Export(models.Model):
    """A list too long to be made while someone waits. Made by the worker, fetched by who asked for it, swept after days."""

    asked_by = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    title = models.CharField(max_length=300)
    wanted = models.JSONField(help_text="what was asked: item, part, units, days")
    rows = models.IntegerField()
    done = models.IntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    content = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(name="export_asked", fields=["asked_by", "-asked_at"])]

    def __str__(self) -> str:
        return f"{self.title} ({self.done}/{self.rows})"
