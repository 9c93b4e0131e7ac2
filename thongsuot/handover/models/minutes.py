"""Minutes of a handover: what one unit gave and another took, signed by both heads and the city as witness."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HandoverMinutes(models.Model):
    """One paper for one pair of units. Vietnamese: biên bản bàn giao.

    number   1 for the handover itself; from 2 on additional ones, each with what was settled since the one before
    content  all that it says, frozen when it was drafted: signed is what was read (queries.minutes.Content)
    digest   sha256 of the content; when what it would say now gives another, it is drafted anew
    file     the PDF with its annexes; after each signature the newly signed one
    paper    the scan, when all signed by hand; `paper_sides` for whom its sender could sign: somebody else closes
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Dự thảo")
        CLOSED = "closed", _("Đã khép")

    changeover = models.ForeignKey("handover.Changeover", on_delete=models.PROTECT, related_name="minutes", db_index=False)
    from_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    place = models.CharField(max_length=200)
    note = models.CharField(max_length=2000, blank=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    paper_sides = ArrayField(models.CharField(max_length=9), default=list)
    drafted_at = models.DateTimeField()
    drafted_by_name = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="minutes_once", fields=["changeover", "from_unit", "to_unit", "number"]),
            models.CheckConstraint(
                name="minutes_closed_has_instant",
                condition=Q(state="closed", closed_at__isnull=False) | Q(state="draft", closed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"minutes {self.number} of {self.from_unit_id} and {self.to_unit_id}"


class HandoverSignature(models.Model):
    """A side has signed: with a certificate, or by hand on the paper that was scanned.

    sealed_at   when the agency of that side put its own signature over it, as an office puts its seal
    """

    class Side(models.TextChoices):
        HANDING = "handing", _("Bên giao")
        RECEIVING = "receiving", _("Bên nhận")
        WITNESS = "witness", _("Chứng kiến")

    minutes = models.ForeignKey(HandoverMinutes, on_delete=models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=9, choices=Side)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    by_hand = models.BooleanField(default=False)
    signed_at = models.DateTimeField()
    signed_on = models.DateField(null=True, help_text="by hand: the day on the paper")
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="minutes_side_signs_once", fields=["minutes", "side"]),
            models.UniqueConstraint(name="minutes_person_signs_once", fields=["minutes", "person"]),
            models.CheckConstraint(name="minutes_sealed_on_screen", condition=Q(sealed_at=None) | Q(by_hand=False)),
        ]

    def __str__(self) -> str:
        return f"{self.side}: {self.name}"
