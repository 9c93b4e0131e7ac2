"""When and where a unit receives citizens, days that differ, and the limits of the law."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Dated


class ReceptionSetting(Dated):
    """One number of the law, for a time: how many days are asked, how long before a notice. `checked`: its text was seen."""

    key = models.CharField(max_length=40)
    value = models.IntegerField()
    basis = models.CharField(max_length=300)
    checked = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="reception_setting_from", fields=["key", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"


class ReceptionDay(Dated):
    """A day that comes again on which a unit receives citizens. Vietnamese: ngày tiếp công dân.

    week      which of the month's such weekdays: 0 every one, 1 to 4, 5 the last
    by_head   the head of the unit receives in person: only such a day counts for how often the law asks it
    point     a service point; `place` is what else there is to say, or the whole address without one
    """

    class Weekday(models.IntegerChoices):
        MONDAY = 1, _("Thứ hai")
        TUESDAY = 2, _("Thứ ba")
        WEDNESDAY = 3, _("Thứ tư")
        THURSDAY = 4, _("Thứ năm")
        FRIDAY = 5, _("Thứ sáu")
        SATURDAY = 6, _("Thứ bảy")

    class Week(models.IntegerChoices):
        EVERY = 0, _("Mọi tuần")
        FIRST = 1, _("Tuần đầu của tháng")
        SECOND = 2, _("Tuần thứ hai của tháng")
        THIRD = 3, _("Tuần thứ ba của tháng")
        FOURTH = 4, _("Tuần thứ tư của tháng")
        LAST = 5, _("Tuần cuối của tháng")

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    weekday = models.SmallIntegerField(choices=Weekday)
    week = models.SmallIntegerField(choices=Week, default=Week.EVERY)
    starts = models.TimeField()
    ends = models.TimeField()
    point = models.ForeignKey("units.ServicePoint", null=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=300, blank=True)
    receiver = models.CharField(max_length=200)
    by_head = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reception_day_once",
                fields=["unit", "weekday", "week", "starts", "receiver"],
                condition=Q(valid_to=None),
            ),
            models.CheckConstraint(name="reception_day_hours", condition=Q(ends__gt=F("starts"))),
            models.CheckConstraint(name="reception_day_weekday", condition=Q(weekday__range=(1, 6), week__range=(0, 5))),
            models.CheckConstraint(name="reception_day_somewhere", condition=Q(point__isnull=False) | ~Q(place="")),
            models.CheckConstraint(name="reception_day_period", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))),
        ]

    def __str__(self) -> str:
        return f"{self.weekday}/{self.week} {self.starts:%H:%M}"


class DayChange(models.Model):
    """One day of a schedule is not as usual: held on another day, or not at all. The latest of a day counts."""

    day_of = models.ForeignKey(ReceptionDay, on_delete=models.PROTECT, related_name="changes")
    day = models.DateField()
    moved_to = models.DateField(null=True)
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(name="reception_day_changed_once", fields=["day_of", "day"])]

    def __str__(self) -> str:
        return f"{self.day} {self.moved_to or '-'}"
