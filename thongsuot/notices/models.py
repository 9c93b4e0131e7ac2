"""What is told to people outside our pages: as it was told, by which ways, whether it got there, and in whose words."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Dated
from thongsuot.notices import rules
from thongsuot.people.drafted import Drafted

WAYS = list(rules.WAYS.items())


class Trouble(models.TextChoices):
    """Why a delivery failed. Never the partner's own words: they quote addresses."""

    BAD_ADDRESS = "bad_address", _("Địa chỉ thư viết chưa đúng")
    BAD_NUMBER = "bad_number", _("Số điện thoại không nhận được tin nhắn")
    REFUSED_ADDRESS = "refused_address", _("Nơi nhận không có địa chỉ này")
    REFUSED_CONTENT = "refused_content", _("Nơi nhận từ chối nội dung thư")
    REFUSED_NUMBER = "refused_number", _("Cổng tin nhắn từ chối số điện thoại này")
    REFUSED_WORDS = "refused_words", _("Cổng tin nhắn từ chối nội dung hoặc mẫu tin")
    REFUSED_US = "refused_us", _("Cổng tin nhắn không nhận khóa của hệ thống")
    SERVER = "server", _("Máy chủ thư chưa nhận")
    GATEWAY = "gateway", _("Cổng tin nhắn chưa nhận")
    NOT_DELIVERED = "not_delivered", _("Nhà mạng báo không tới máy người nhận")
    TOO_LATE = "too_late", _("Chưa gửi được thì tin đã hết hạn dùng")


class Notice(models.Model):
    """One message to one person, with its words as they were written that day. Vietnamese: tin báo.

    How it stands is the best of its deliveries, copied here for lists. QUEUED waits for a job; HELD waits for the end of the
    quiet hours; SENT was taken by the mail server or the gateway, DELIVERED reached the telephone; FAILED is given up, for
    good, by every way; KEPT was never to leave the house (no way is connected, the person has no address or declined) and is
    read on our pages.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Đang chờ gửi")
        HELD = "held", _("Giữ đến hết giờ yên lặng")
        SENT = "sent", _("Đã gửi")
        DELIVERED = "delivered", _("Đã tới nơi")
        FAILED = "failed", _("Không gửi được")
        KEPT = "kept", _("Lưu tại đây")

    class Channel(models.TextChoices):
        EMAIL = "email", _("Thư điện tử")
        PHONE = "phone", _("Điện thoại")
        NONE = "none", _("Không có địa chỉ")

    Trouble = Trouble

    to_name = models.CharField(_("người nhận"), max_length=200)
    to_person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=5, choices=Channel)
    email = models.CharField(_("thư điện tử"), max_length=254, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    key = models.CharField(max_length=40, help_text="which letter: kinds.LETTERS")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    about_subject = models.CharField(max_length=60, blank=True, help_text='what it speaks of: "dossiers.dossier"')
    about_id = models.BigIntegerField(null=True)
    about_code = models.CharField(max_length=60, blank=True, db_default="", help_text="as its reader knows it: H26.107-…")
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False, help_text="on whose behalf"
    )
    version = models.ForeignKey(
        "notices.LetterVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="whose words; null: the shipped ones, version 1",
    )
    send_key = models.CharField(max_length=100, help_text="the caller's name for this one message: asked twice, told once")
    state = models.CharField(max_length=9, choices=State)
    attempts = models.SmallIntegerField(default=0)
    trouble = models.CharField(max_length=16, choices=Trouble, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField(null=True)
    useful_until = models.DateTimeField(
        null=True, help_text="not sent from then on, and what was sealed is forgotten; null: always"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="notice_once", fields=["send_key"]),
            models.CheckConstraint(name="notice_sent_has_instant", condition=Q(sent_at__isnull=False) | ~Q(state="sent")),
            models.CheckConstraint(name="notice_failed_has_trouble", condition=~Q(trouble="") | ~Q(state="failed")),
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

    def is_over(self, at: datetime) -> bool:
        return self.useful_until is not None and self.useful_until <= at


class Delivery(models.Model):
    """One notice by one way: never twice by the same, unless somebody asks for it in as many words. Vietnamese: lượt gửi.

    RESERVE is tried when the ways before it in its chain failed for good; KEPT: the way was disconnected meanwhile; DECLINED:
    the person does not want this kind by this way.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Đang chờ gửi")
        HELD = "held", _("Giữ đến hết giờ yên lặng")
        RESERVE = "reserve", _("Dự phòng")
        SENT = "sent", _("Đã gửi")
        DELIVERED = "delivered", _("Đã tới nơi")
        FAILED = "failed", _("Không gửi được")
        REFUSED = "refused", _("Nơi nhận từ chối")
        KEPT = "kept", _("Chưa nối")
        DECLINED = "declined", _("Người nhận chọn không nhận")

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    way = models.CharField(max_length=4, choices=WAYS)
    chain = models.SmallIntegerField()
    place = models.SmallIntegerField(help_text="within the chain")
    state = models.CharField(max_length=9, choices=State)
    words = models.TextField(blank=True, help_text="what this way says; empty: subject and body of the notice")
    sealed = models.TextField(
        blank=True,
        db_default="",
        help_text="what goes out when words and body show their secrets as dots: encrypted, until sent",
    )
    template = models.CharField(
        max_length=40, blank=True, help_text="Zalo's id of the template; words are its parameters, JSON"
    )
    # Drawn by lot and not made of ids: after a restore an id may come to another message.
    reference = models.CharField(max_length=40, help_text="by which the gateway knows that it was asked before")
    gateway_id = models.CharField(max_length=100, blank=True)
    attempts = models.SmallIntegerField(default=0)
    trouble = models.CharField(max_length=16, choices=Trouble, blank=True)
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="delivery_once_by_way", fields=["notice", "way"]),
            models.UniqueConstraint(name="delivery_reference", fields=["reference"]),
            models.CheckConstraint(
                name="delivery_waits", condition=Q(state__in=["queued", "held"]) | Q(next_attempt_at__isnull=True)
            ),
            models.CheckConstraint(
                name="delivery_sent", condition=Q(sent_at__isnull=False) | ~Q(state__in=["sent", "delivered"])
            ),
            models.CheckConstraint(name="delivery_trouble", condition=~Q(trouble="") | ~Q(state__in=["failed", "refused"])),
        ]
        indexes = [models.Index(name="delivery_waiting", fields=["way"], condition=Q(state__in=["queued", "held"]))]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.way}"


class ZaloToken(models.Model):
    """What Zalo lets us in with, renewed by a job: each renewing token is good once. One row; both lie encrypted."""

    access = models.TextField()
    renewing = models.TextField()
    begun_with = models.BinaryField(max_length=32, help_text="digest of the setting it began with: another setting begins anew")
    ends_at = models.DateTimeField()
    renewed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ends_at:%Y-%m-%d %H:%M}"


class DeliveryReport(models.Model):
    """What a gateway told us later of one delivery, each once. Vietnamese: báo cáo giao tin."""

    class Outcome(models.TextChoices):
        DELIVERED = "delivered", _("Đã tới nơi")
        FAILED = "failed", _("Không tới nơi")

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="reports")
    outcome = models.CharField(max_length=9, choices=Outcome)
    said_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    digest = models.BinaryField(max_length=32, help_text="of what was signed: the same one again changes nothing")

    class Meta:
        constraints = [models.UniqueConstraint(name="delivery_report_once", fields=["digest"])]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.outcome}"


class LetterVersion(Drafted):
    """The words of a letter, by every way, from a day on: drafted by one person, approved by another. Vietnamese: bản mẫu tin.

    Version 1 is not here: it is what the system ships (`data/letters/`).
    """

    key = models.CharField(max_length=40)
    subject = models.CharField(_("tiêu đề thư"), max_length=200)
    body = models.TextField(_("nội dung thư"))
    sms = models.TextField(_("nội dung SMS"))
    zalo_template = models.CharField(_("mã mẫu Zalo"), max_length=40, blank=True)
    zalo_values = models.JSONField(default=dict, help_text="{parameter of Zalo's template: text with our places}")

    class Meta:
        constraints = [
            *Drafted.rules("letter_version", of=["city", "key"]),
            models.CheckConstraint(name="letter_version_after_shipped", condition=Q(number__gt=1)),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"

    @property
    def facts(self) -> dict[str, str]:
        return {"key": self.key}


class QuietHours(Dated):
    """When nobody's telephone rings for the city, from a day on. Without a row `data/quiet_hours.csv` holds."""

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    starts = models.TimeField(_("từ giờ"))
    ends = models.TimeField(_("đến giờ"))
    ways = ArrayField(models.CharField(max_length=4, choices=WAYS), default=list)
    basis = models.CharField(_("căn cứ"), max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(name="quiet_hours_from", fields=["city", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.starts} {self.ends}"


class LetterRoute(Dated):
    """In which order the ways of one letter are tried, from a day on. Without a row the letter's own (`kinds.LETTERS`)."""

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=40)
    route = models.CharField(max_length=12, choices=list(rules.ROUTE_LABELS.items()))

    class Meta:
        constraints = [models.UniqueConstraint(name="letter_route_from", fields=["city", "key", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.key} {self.route}"


class OptOut(models.Model):
    """Somebody does not want letters of an optional kind by a way: an account, or an address. Ended when wanted again."""

    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    address = models.CharField(
        max_length=254, blank=True, help_text="mail address, or telephone as kept; of whoever has no account"
    )
    kind = models.CharField(max_length=20, help_text="kinds.OPTIONAL")
    way = models.CharField(max_length=4, choices=WAYS)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="opt_out_person", fields=["person", "kind", "way"], condition=Q(ended_at=None, person__isnull=False)
            ),
            models.UniqueConstraint(
                name="opt_out_address", fields=["address", "kind", "way"], condition=Q(ended_at=None) & ~Q(address="")
            ),
            models.CheckConstraint(name="opt_out_of_somebody", condition=Q(person__isnull=False) ^ ~Q(address="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.way}"
