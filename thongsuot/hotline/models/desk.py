"""What a city sets up for its hotline, and who is at a line."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.hotline.rules import Settings
from thongsuot.kernel.periods import Dated

_PERIOD = Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))


class HotlineLine(models.Model):
    """A number that people dial, as the exchange calls it. Vietnamese: đường dây của tổng đài."""

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    exchange = models.SlugField(_("tổng đài"), max_length=20)
    code = models.CharField(_("mã đường dây"), max_length=20)
    name = models.CharField(_("tên"), max_length=80)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="hotline_line_once", fields=["exchange", "code"], condition=Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return self.name


class HotlineSetting(Dated):
    """What a city settles for its hotline, for a time, with its basis. Vietnamese: quy định của tổng đài.

    classify_minutes    from the answer, within which a call is classified
    connect_minutes     after which a call that was taken and did not reach the telephone waits for everybody again
    call_back_minutes   within which somebody is called back; most_tries: calls in vain, after which nobody calls again
    retry_minutes       from a call in vain to the next
    stuck_minutes       after which what an operator has left undone is shown to who leads
    lost_minutes        after which the exchange is asked about a call whose end it did not tell
    recording_days, number_days  how long recordings, and numbers of callers, are kept; recording_most_mb: longest one heard
    """

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    classify_minutes = models.IntegerField()
    call_back_minutes = models.IntegerField()
    most_tries = models.IntegerField()
    lost_minutes = models.IntegerField()
    recording_days = models.IntegerField()
    number_days = models.IntegerField()
    recording_most_mb = models.IntegerField()
    connect_minutes = models.IntegerField(db_default=1)
    retry_minutes = models.IntegerField(db_default=30)
    stuck_minutes = models.IntegerField(db_default=30)
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="hotline_setting_once", fields=["city", "valid_from"]),
            models.CheckConstraint(name="hotline_setting_period", condition=_PERIOD),
        ]

    def __str__(self) -> str:
        return f"{self.city_id} from {self.valid_from}"

    @property
    def settings(self) -> Settings:
        return Settings(**{name: getattr(self, name) for name in Settings.RANGES}, basis=self.basis)


class OperatorPresence(models.Model):
    """An operator at a line in one state, from an instant to another. Vietnamese: tổng đài viên trực.

    extension   the telephone they sit at; whoever is in a call is told by the call
    """

    class State(models.TextChoices):
        READY = "ready", _("Sẵn sàng")
        BREAK = "break", _("Tạm nghỉ")
        AFTER_CALL = "after_call", _("Hoàn tất sau cuộc gọi")

    line = models.ForeignKey(HotlineLine, on_delete=models.PROTECT, related_name="presences", db_index=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)
    extension = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="operator_presence_one", fields=["person"], condition=Q(until_at=None)),
            models.UniqueConstraint(name="operator_presence_seat", fields=["line", "extension"], condition=Q(until_at=None)),
        ]
        indexes = [models.Index(name="operator_presence_of_line", fields=["line", "from_at"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"


class CallScript(Dated):
    """What an operator says and asks about a category, for a time; without one: about any matter. Vietnamese: kịch bản."""

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey("feedback.Category", null=True, on_delete=models.PROTECT, related_name="+")
    opening = models.CharField(_("lời mở đầu"), max_length=1000)
    steps = models.JSONField(default=list, help_text="what is asked and said, in order")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="call_script_once", fields=["city", "category", "valid_from"], nulls_distinct=False),
            models.CheckConstraint(name="call_script_period", condition=_PERIOD),
        ]

    def __str__(self) -> str:
        return f"{self.category_id or 'any'} from {self.valid_from}"
