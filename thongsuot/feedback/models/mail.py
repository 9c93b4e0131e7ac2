"""Letters that came for feedback: that they came and what became of them, nothing of what they said; those that wait."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.models.tickets import FeedbackTicket


class IncomingMail(models.Model):
    """A letter to the address of feedback, taken once however often and by whatever way it comes. Vietnamese: thư phản ánh đến.

    digest   of its Message-ID and sender: the same again is the same letter
    sender   a keyed digest of the address, for limits only: one nobody vouched for is not the same as the true one
    domain   likewise, of letters that count for the limits of the mailbox; blank: those of robots and lists
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
    domain = models.CharField(max_length=32, blank=True, default="", db_default="")
    told = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feedback_mail_became", condition=Q(refused="", ticket__isnull=False) | ~Q(refused="") & Q(ticket=None)
            )
        ]
        indexes = [
            models.Index(name="feedback_mail_told", fields=["sender", "at"], condition=Q(told=True)),
            models.Index(name="feedback_mail_of_sender", fields=["sender", "at"], condition=~Q(domain="")),
            models.Index(name="feedback_mail_of_domain", fields=["domain", "at"], condition=~Q(domain="")),
            models.Index(name="feedback_mail_counted", fields=["at"], condition=~Q(domain="")),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.at:%Y-%m-%d %H:%M}"


class HeldMail(models.Model):
    """A letter that lies in the mailbox and is not taken yet; gone once it is, or once nobody finds it unread there any more.
    Vietnamese: thư phản ánh đang giữ.

    box       a digest of the mailbox and of what its numbers count from (UIDVALIDITY)
    uid       the letter's number there; 0: the mailbox as a whole
    why       blank: it is in hand, or its first tries broke off
    tries     begun and not ended: counted before each, so that a letter that kills the program counts too
    again_at  not before; none: held until an operator has it tried again
    fault     the kind of what went wrong, no word of the letter
    """

    class Why(models.TextChoices):
        SENDER = "sender", _("Một địa chỉ gửi quá nhiều thư trong thời gian ngắn")
        DOMAIN = "domain", _("Một tên miền gửi quá nhiều thư trong một giờ")
        BOX = "box", _("Hộp thư nhận quá nhiều thư trong một giờ")
        FAULT = "fault", _("Đã thử nhiều lần, không nhận được")

    box = models.CharField(max_length=64)
    uid = models.BigIntegerField()
    why = models.CharField(max_length=6, choices=Why, blank=True)
    tries = models.SmallIntegerField(default=0)
    since = models.DateTimeField()
    again_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="feedback_held_once", fields=["box", "uid"]),
            models.CheckConstraint(name="feedback_held_for_good", condition=Q(again_at__isnull=False) | Q(why="fault")),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.why}"
