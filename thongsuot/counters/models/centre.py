"""How the centre at a point is set up: when it opens, its sections, its room and machines, who works when, who was trained."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Dated

_PERIOD = Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))


class OpeningHours(Dated):
    """When a point is open, for a time. Vietnamese: giờ mở cửa.

    week  seven lists, Monday first, of spans ["07:30", "11:30"] in order (rules.opening)
    """

    point = models.ForeignKey("units.ServicePoint", on_delete=models.PROTECT, related_name="+")
    week = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="opening_hours_once", fields=["point"], condition=Q(valid_to=None)),
            models.CheckConstraint(name="opening_hours_period", condition=_PERIOD),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} from {self.valid_from}"


class OpeningException(models.Model):
    """A day on which a point opens otherwise, and why. Vietnamese: ngày mở cửa khác thường. No spans: it is closed."""

    point = models.ForeignKey("units.ServicePoint", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    spans = models.JSONField(default=list)
    reason = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="opening_exception_once", fields=["point", "day"], condition=Q(withdrawn_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.day}"


class HallSettings(Dated):
    """What the practice leaves to each place, for a time; without `point`: for all that have none of their own.

    ahead_a_day          numbers that one person may take by telephone in a day
    early_minutes, late_minutes  around the hour of a booking, within which it is checked in
    days_ahead           how far ahead one may book
    expires_minutes      after closing, when who still waits is told that it is over
    least_area_m2        of premises; 0: not asked
    most_absences        calls in vain after which a number has left
    """

    point = models.ForeignKey("units.ServicePoint", null=True, on_delete=models.PROTECT, related_name="+")
    ahead_a_day = models.IntegerField()
    early_minutes = models.IntegerField()
    late_minutes = models.IntegerField()
    days_ahead = models.IntegerField()
    expires_minutes = models.IntegerField()
    least_area_m2 = models.IntegerField(default=0)
    most_absences = models.IntegerField(default=3, db_default=3)
    basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="hall_settings_once", fields=["point"], condition=Q(valid_to=None), nulls_distinct=False
            ),
            models.CheckConstraint(name="hall_settings_period", condition=_PERIOD),
        ]

    def __str__(self) -> str:
        return f"{self.point_id or 'all'} from {self.valid_from}"


class Section(Dated):
    """A part of the centre with its fields; counters belong to it. Vietnamese: bộ phận.

    fields  codes of procedures.Field; posts: how many people are meant to work in it
    """

    point = models.ForeignKey("units.ServicePoint", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    fields = ArrayField(models.CharField(max_length=120), default=list)
    posts = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="section_name_once", fields=["point", "name"], condition=Q(valid_to=None)),
            models.CheckConstraint(name="section_period", condition=_PERIOD),
            models.CheckConstraint(name="section_posts", condition=Q(posts__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name


class Premises(Dated):
    """How big the room of a point is, for a time. Vietnamese: trụ sở, diện tích."""

    point = models.ForeignKey("units.ServicePoint", on_delete=models.PROTECT, related_name="+")
    area_m2 = models.IntegerField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="premises_once", fields=["point"], condition=Q(valid_to=None)),
            models.CheckConstraint(name="premises_period", condition=_PERIOD),
            models.CheckConstraint(name="premises_area", condition=Q(area_m2__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.area_m2} m2"


class Equipment(models.Model):
    """A thing of the centre that can break. Vietnamese: trang thiết bị. Its history says how it fared.

    code     on its label
    counter  where it stands; holder: who answers for it; none: the centre
    """

    class Kind(models.TextChoices):
        COMPUTER = "computer", _("Máy vi tính")
        PRINTER = "printer", _("Máy in")
        SCANNER = "scanner", _("Máy quét")
        KIOSK = "kiosk", _("Máy lấy số")
        SCREEN = "screen", _("Màn hình, bảng gọi số")
        SPEAKER = "speaker", _("Loa gọi")
        RATING = "rating", _("Máy đánh giá hài lòng")
        CAMERA = "camera", _("Camera")
        OTHER = "other", _("Thiết bị khác")

    class State(models.TextChoices):
        GOOD = "good", _("Dùng tốt")
        WORN = "worn", _("Dùng được, cần thay")
        BROKEN = "broken", _("Hỏng, chờ sửa")
        RETIRED = "retired", _("Thôi dùng")

    point = models.ForeignKey("units.ServicePoint", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State, default=State.GOOD)
    counter = models.ForeignKey("counters.Counter", null=True, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="equipment_code_once", fields=["point", "code"], condition=~Q(state="retired"))
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RosterEntry(models.Model):
    """A person at a counter in one opening span of a day, as planned. Vietnamese: ca trực."""

    point = models.ForeignKey("units.ServicePoint", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    starts = models.TimeField()
    counter = models.ForeignKey("counters.Counter", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="roster_one_at_a_counter", fields=["counter", "day", "starts"]),
            models.UniqueConstraint(name="roster_one_of_a_person", fields=["person", "day", "starts"]),
        ]
        indexes = [models.Index(name="roster_of_a_day", fields=["point", "day"])]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.day} {self.starts}"


class Training(models.Model):
    """An officer was trained for fields of procedures: when, and what shows it. Vietnamese: tập huấn.

    fields  codes of procedures.Field; none: all
    """

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    fields = ArrayField(models.CharField(max_length=120), default=list)
    trained_on = models.DateField()
    evidence = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.trained_on}"
