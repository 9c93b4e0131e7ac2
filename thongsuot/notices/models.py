"""What is told to people outside our pages, as it was told, and whether it got there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """One message to one person, with its words as they were written that day. Vietnamese: tin báo.

    QUEUED waits for a job; SENT was taken by the mail server; FAILED is given up, for good; KEPT was never to leave the
    house (no mail server is set, or the person has no address) and is read on our pages.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Đang chờ gửi")
        SENT = "sent", _("Đã gửi")
        FAILED = "failed", _("Không gửi được")
        KEPT = "kept", _("Lưu tại đây")

    class Channel(models.TextChoices):
        EMAIL = "email", _("Thư điện tử")
        PHONE = "phone", _("Điện thoại")
        NONE = "none", _("Không có địa chỉ")

    class Trouble(models.TextChoices):
        """Why a delivery failed. Never the server's own words: they quote addresses."""

        BAD_ADDRESS = "bad_address", _("Địa chỉ thư viết chưa đúng")
        REFUSED_ADDRESS = "refused_address", _("Nơi nhận không có địa chỉ này")
        REFUSED_CONTENT = "refused_content", _("Nơi nhận từ chối nội dung thư")
        SERVER = "server", _("Máy chủ thư chưa nhận")

    to_name = models.CharField(_("người nhận"), max_length=200)
    to_person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=5, choices=Channel)
    email = models.CharField(_("thư điện tử"), max_length=254, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    key = models.CharField(max_length=40, help_text="which letter: letters.LETTERS")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    about_subject = models.CharField(max_length=60, blank=True, help_text='what it speaks of: "dossiers.dossier"')
    about_id = models.BigIntegerField(null=True)
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False, help_text="on whose behalf"
    )
    send_key = models.CharField(max_length=100, help_text="the caller's name for this one message: asked twice, told once")
    state = models.CharField(max_length=6, choices=State)
    attempts = models.SmallIntegerField(default=0)
    trouble = models.CharField(max_length=16, choices=Trouble, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="notice_once", fields=["send_key"]),
            models.CheckConstraint(name="notice_sent_has_instant", condition=Q(sent_at__isnull=False) | ~Q(state="sent")),
            models.CheckConstraint(name="notice_failed_has_trouble", condition=~Q(trouble="") | ~Q(state="failed")),
            models.CheckConstraint(
                name="notice_waits_while_queued",
                condition=Q(state="queued", channel="email") | (~Q(state="queued") & Q(next_attempt_at=None)),
            ),
        ]
        indexes = [
            models.Index(name="notice_outbox", fields=["unit", "state", "-id"]),
            models.Index(name="notice_person", fields=["to_person", "-id"], condition=Q(to_person__isnull=False)),
            models.Index(name="notice_email", fields=["email", "-id"], condition=~Q(email="")),
            models.Index(name="notice_phone", fields=["phone", "-id"], condition=~Q(phone="")),
            models.Index(name="notice_about", fields=["about_subject", "about_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.pk}"
