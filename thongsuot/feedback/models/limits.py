"""Limits of time and numbers a city sets, dated, with their basis. None of them is a constant."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.words import Stream, Urgency
from thongsuot.kernel.periods import Dated


class TimeLimit(Dated):
    """How long one step of one kind of ticket may take. Vietnamese: thời hạn. Each step here has a clock that runs; by when
    refusing and the first question are in time says item 5.2, by numbers of the city (`Setting`: index_refuse, index_ask).

    urgency   blank: whatever the urgency
    to_check  the text was not read: shown wherever the limit is
    """

    class Step(models.TextChoices):
        CLASSIFY = "classify", _("Phân loại và chuyển")
        GUIDE = "guide", _("Tổng đài xác định thẩm quyền")
        RECEIVE = "receive", _("Đơn vị nhận việc, kiểm tra tại chỗ")
        ANSWER = "answer", _("Xử lý và trả lời")
        CHASE = "chase", _("Xử lý xong sau khi đã quá hạn lần đầu")
        PUBLISH = "publish", _("Công khai sau khi có trả lời")

    class Measure(models.TextChoices):
        MINUTES = "minutes", _("phút")
        WORKING_HOURS = "working_hours", _("giờ làm việc")
        WORKING_DAYS = "working_days", _("ngày làm việc")
        CALENDAR_DAYS = "calendar_days", _("ngày")

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(_("luồng"), max_length=10, choices=Stream)
    urgency = models.CharField(_("mức độ"), max_length=7, choices=Urgency, blank=True)
    step = models.CharField(_("bước"), max_length=8, choices=Step)
    value = models.IntegerField(_("thời hạn"))
    measure = models.CharField(_("tính theo"), max_length=13, choices=Measure)
    basis = models.CharField(_("căn cứ"), max_length=200)
    to_check = models.BooleanField(_("cần đối chiếu văn bản"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feedback_limit_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="feedback_limit_value", condition=Q(value__gt=0)),
            models.UniqueConstraint(name="feedback_limit_once", fields=["city", "stream", "urgency", "step", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.urgency} {self.step}: {self.value} {self.measure}"


class Setting(Dated):
    """A number of feedback a city sets (`rules.numbers.KEYS`). Vietnamese: tham số."""

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    value = models.IntegerField()
    basis = models.CharField(_("căn cứ"), max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feedback_setting_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.UniqueConstraint(name="feedback_setting_once", fields=["city", "key", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"
