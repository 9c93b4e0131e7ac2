"""Letters that came for feedback: that they came and what became of them, nothing of what they said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.models.tickets import FeedbackTicket


class IncomingMail(models.Model):
    """A letter to the address of feedback, taken once however often and by whatever way it comes. Vietnamese: thư phản ánh đến.

    digest   of its Message-ID and sender: the same again is the same letter
    sender   a keyed digest of the address, for the limit of answers only
    ticket   what it became, or was a reply to; none: `refused` says why
    told     the sender was answered that it was not taken
    """

    class Refused(models.TextChoices):
        AUTOMATIC = "automatic", _("Thư trả lời tự động hoặc báo không gửi được")
        LIST = "list", _("Thư gửi hàng loạt")
        SPAM = "spam", _("Máy chủ thư cho là thư rác hoặc giả mạo")
        OWN = "own", _("Thư do chính hệ thống gửi")
        NO_SENDER = "no_sender", _("Không có địa chỉ người gửi dùng được")
        UNREADABLE = "unreadable", _("Không đọc được")
        TOO_LARGE = "too_large", _("Quá lớn")
        TOO_MANY = "too_many", _("Một người gửi quá nhiều")
        UNFIT = "unfit", _("Thiếu hoặc sai nội dung")

    digest = models.CharField(max_length=64, unique=True)
    sender = models.CharField(max_length=32, blank=True)
    ticket = models.ForeignKey(FeedbackTicket, null=True, on_delete=models.PROTECT, related_name="+")
    refused = models.CharField(max_length=10, choices=Refused, blank=True)
    told = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feedback_mail_became", condition=Q(refused="", ticket__isnull=False) | ~Q(refused="") & Q(ticket=None)
            )
        ]
        indexes = [models.Index(name="feedback_mail_told", fields=["sender", "at"], condition=Q(told=True))]

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.at:%Y-%m-%d %H:%M}"
