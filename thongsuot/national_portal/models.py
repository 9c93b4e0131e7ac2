"""What is still to be told to the national portal, what it was told, and whether it can be reached from each unit.

Nothing personal lies here: ids, numbers, codes and instants. What a message says is built when it is sent.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Lane(models.Model):
    """One dossier on its way to the portal: its messages go one after the other. Vietnamese: hàng gửi.

    One row for each dossier, kept for good: it says whether the portal knows the dossier and up to which event.
    """

    class State(models.TextChoices):
        IDLE = "idle", _("Đã đồng bộ")
        WAITING = "waiting", _("Đang chờ gửi")
        HELD = "held", _("Cần người xem")

    class Trouble(models.TextChoices):
        NONE = "", _("Chưa đến lượt")
        NETWORK = "network", _("Chưa kết nối được với Cổng")
        REFUSED = "refused", _("Cổng không nhận")
        UNFIT = "unfit", _("Không đúng mẫu dữ liệu của Cổng")
        DAMAGED = "damaged", _("Tệp kết quả không đọc được")

    dossier = models.OneToOneField("dossiers.Dossier", primary_key=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    next_try_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True, help_text="when the oldest thing not told yet happened")
    attempts = models.IntegerField(default=0, help_text="in vain, since the last one that was accepted")
    trouble = models.CharField(max_length=8, choices=Trouble, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error = models.CharField(max_length=300, blank=True, help_text="as the portal said it, long numbers taken out")
    known_since = models.DateTimeField(null=True, help_text="when the portal first accepted the dossier")
    told_number = models.IntegerField(default=0, help_text="number of the last event of its history that was accepted")
    told_status = models.SmallIntegerField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="lane_held_for_a_reason", condition=~Q(state="held") | ~Q(trouble="")),
            models.CheckConstraint(name="lane_known_once_told", condition=Q(told_number=0) | Q(known_since__isnull=False)),
        ]
        indexes = [
            # Only what is open: they stay small however many dossiers there are.
            models.Index(name="lane_due", fields=["next_try_at"], condition=Q(state="waiting")),
            models.Index(name="lane_open_of_unit", fields=["unit", "waiting_since"], condition=~Q(state="idle")),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.state}"


class Message(models.Model):
    """One event of a dossier's history that the portal is told of. `number` is its number in that history."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ gửi")
        ACCEPTED = "accepted", _("Cổng đã nhận")
        CARRIED = "carried", _("Đi cùng tin sau")

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.IntegerField()
    kind = models.CharField(max_length=60, help_text="name of the event")
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.SmallIntegerField(default=0)
    accepted_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=60, blank=True, help_text="the portal's own number for it, when it gives one")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="message_once", fields=["dossier", "number"]),
            models.CheckConstraint(
                name="message_accepted_has_instant", condition=Q(state="waiting") | Q(accepted_at__isnull=False)
            ),
        ]
        indexes = [models.Index(name="message_waiting", fields=["dossier", "number"], condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.dossier_id} #{self.number} {self.kind}"


class Collected(models.Model):
    """How far the history has been read. One row.

    An event's id is drawn before its transaction ends, so a smaller id may appear after a larger one. `upto` is passed only
    when every transaction that could still bring an id up to `next_upto` has ended (queries: sql/collect.sql).
    """

    upto = models.BigIntegerField(default=0)
    next_upto = models.BigIntegerField(default=0)
    next_horizon = models.BigIntegerField(default=0, help_text="transaction id")

    def __str__(self) -> str:
        return f"up to {self.upto}"


class UnitAccess(models.Model):
    """Whether dossiers of a unit get through to the portal, and whether they are meant to."""

    unit = models.OneToOneField("units.Unit", primary_key=True, on_delete=models.PROTECT, related_name="+")
    last_ok_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    last_fault_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=20, blank=True, help_text="a key of rules.FAULTS")
    faults = models.IntegerField(default=0, help_text="in a row")
    off_since = models.DateTimeField(null=True)
    off_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="access_off_for_a_reason", condition=Q(off_since__isnull=True) | ~Q(off_reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}"
