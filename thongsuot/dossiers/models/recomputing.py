"""What a change of the calendar did to the dossiers that were open."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Recomputation(models.Model):
    """Due dates counted again after one change of the calendar; the worker goes through what is open, in order of ids."""

    change_event_id = models.BigIntegerField(unique=True, help_text="of units.days_changed")
    days = ArrayField(models.DateField(), help_text="that came into the calendar or went out of it")
    announced_at = models.DateTimeField()
    announced_by_name = models.CharField(max_length=200)
    to_look_at = models.IntegerField(help_text="open dossiers whose time holds one of the days, when it began")
    looked_at = models.IntegerField(default=0)
    up_to_id = models.BigIntegerField(default=0, help_text="dossiers up to this id were looked at")
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"recomputation of {self.announced_at:%Y-%m-%d}"


class MovedDue(models.Model):
    """One dossier that moved, or that a person must look at."""

    class Outcome(models.TextChoices):
        LATER = "later", _("Hẹn lùi lại")
        EARLIER = "earlier", _("Hẹn sớm hơn")
        BY_HAND = "by_hand", _("Cần người xem lại")

    recomputation = models.ForeignKey(Recomputation, on_delete=models.CASCADE, related_name="moved")
    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    due_before = models.DateTimeField()
    due_after = models.DateTimeField(help_text="for a person: what the calendar would give")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="due_moved_once", fields=["recomputation", "dossier"]),
            models.CheckConstraint(name="due_moved_somewhere", condition=~Q(due_before=models.F("due_after"))),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.outcome}"
