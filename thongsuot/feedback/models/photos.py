"""Pictures of tickets: the original for handlers, a copy without any facts of its own for everybody."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.models.life import Answer, Message
from thongsuot.feedback.models.tickets import FeedbackTicket
from thongsuot.feedback.pictures.fingerprints import band_indexes


class Photo(models.Model):
    """One picture. Vietnamese: ảnh.

    original   as handed in, for handlers; its position and instant are read once and stay here
    shown      the copy without facts, made by the worker: what handlers and the sender see on pages
    public     the copy that is published, blurred where somebody said; none before publishing
    blurs      boxes [left, top, width, height], shares of the upright picture
    signs      why a person should look whether it is the sender's own (`pictures.facts.Sign`)
    """

    class Role(models.TextChoices):
        REPORT = "report", _("Ảnh người gửi")
        REPLY = "reply", _("Ảnh bổ sung")
        BEFORE = "before", _("Trước khi xử lý")
        AFTER = "after", _("Sau khi xử lý")

    ticket = models.ForeignKey(FeedbackTicket, on_delete=models.PROTECT, related_name="photos")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="photos")
    answer = models.ForeignKey(Answer, null=True, on_delete=models.PROTECT, related_name="photos")
    role = models.CharField(max_length=6, choices=Role)
    original = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    shown = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    public = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    taken_at = models.DateTimeField(null=True)
    signs = ArrayField(models.CharField(max_length=20), default=list)
    broken = models.BooleanField(default=False, help_text="could not be drawn: no copy of it exists")
    fingerprint = models.BigIntegerField(null=True)
    blurs = models.JSONField(default=list)
    kept_back = models.BooleanField(default=False, help_text="never published")
    kept_why = models.CharField(max_length=300, blank=True, db_default="", help_text="the reason its sender is told")

    class Meta:
        indexes = [
            models.Index(name="feedback_photos", fields=["ticket", "role"]),
            *band_indexes("fingerprint", "feedback_photo_like"),
        ]
        constraints = [
            models.CheckConstraint(name="feedback_photo_kept_back", condition=Q(kept_back=False) | Q(public=None)),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.ticket_id}"
