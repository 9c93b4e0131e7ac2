"""Counts kept beside the dossiers, so that a dashboard over millions reads a few thousand rows."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """Dossiers received on a day, resolved by a unit, now in a status. A worker folds the changes in; readers add both."""

    day = models.DateField()
    unit_id = models.BigIntegerField()
    channel = models.SmallIntegerField()
    status = models.SmallIntegerField()
    on_time = models.BooleanField(null=True, help_text="known once resolved")
    dossiers = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="tally_once",
                fields=["day", "unit_id", "channel", "status", "on_time"],
                nulls_distinct=False,
            ),
        ]
        indexes = [
            # A year of a city is summed from the index alone.
            models.Index(name="tally_summed", fields=["day", "unit_id"], include=["channel", "status", "on_time", "dossiers"]),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.unit_id} {self.status}: {self.dossiers}"


class TallyChange(models.Model):
    """One change not yet folded in. Only added and taken away whole: writers never wait for each other."""

    day = models.DateField()
    unit_id = models.BigIntegerField()
    channel = models.SmallIntegerField()
    status = models.SmallIntegerField()
    on_time = models.BooleanField(null=True)
    change = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.day} {self.unit_id} {self.status}: {self.change:+d}"
