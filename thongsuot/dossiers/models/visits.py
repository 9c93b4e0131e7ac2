"""Which number of the waiting room a dossier was brought with."""

from __future__ import annotations

from django.db import models


class Visit(models.Model):
    """A dossier received while a ticket was served; a ticket may bring several. Vietnamese: lượt đến nộp."""

    dossier = models.OneToOneField("dossiers.Dossier", on_delete=models.PROTECT, related_name="visit")
    ticket = models.ForeignKey("counters.Ticket", on_delete=models.PROTECT, related_name="visits")

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.ticket_id}"
