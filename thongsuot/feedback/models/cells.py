"""What the public map is drawn from: a pin for each published ticket, and how many lie in each square of the ground."""

from __future__ import annotations

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q

from thongsuot.feedback.models.catalogue import Category
from thongsuot.feedback.models.tickets import FeedbackTicket


class PublicPin(models.Model):
    """A published ticket, as lists and the map choose it; without a place when it is masked. Vietnamese: ghim công khai.

    Kept by `actions.cells.keep` alone.

    month   of its publishing, the first day
    open    answered once and opened again: not answered now
    """

    ticket = models.OneToOneField(FeedbackTicket, primary_key=True, on_delete=models.PROTECT, related_name="pin")
    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    open = models.BooleanField()
    published_at = models.DateTimeField()
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        indexes = [
            GistIndex(Func(F("longitude"), F("latitude"), function="point"), name="feedback_pin_point"),
            models.Index(
                name="feedback_pin_new",
                fields=["city", "-published_at"],
                include=["latitude", "longitude", "category", "open"],
            ),
            models.Index(name="feedback_pin_cat", fields=["category", "-published_at"]),
            models.Index(name="feedback_pin_open", fields=["city", "-published_at"], condition=Q(open=True)),
        ]

    def __str__(self) -> str:
        return f"pin of {self.ticket_id}"


class PublicCell(models.Model):
    """How many pins lie in one square of the map (Web Mercator, 2^level squares a side). Vietnamese: ô bản đồ."""

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    level = models.SmallIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    open = models.BooleanField()
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="feedback_cell_once",
                fields=["city", "level", "x", "y", "category", "month", "open"],
                include=["count"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="feedback_cell_count", condition=Q(count__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.level}/{self.x}/{self.y}: {self.count}"
