"""Several agencies on one dossier: the leg of each, what the tax office asks, and the paper that travels between desks."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Leg(models.Model):
    """One visit of a dossier to an agency, with a limit of its own. Vietnamese: chặng của cơ quan.

    Rows exist only for dossiers that several agencies work on, once they left the desk; the resolving unit has legs too.
    `late_minutes` is charged to this leg alone: the next one's limit starts when it gets the dossier.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("Đã xong")
        RETURNED = "returned", _("Trả lại chặng trước")
        ENDED = "ended", _("Kết thúc cùng hồ sơ")

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="legs")
    number = models.SmallIntegerField()
    role = models.CharField(max_length=40, blank=True, help_text="of units; empty: the resolving unit; desk: who received it")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", help_text="whose people do it")
    body = models.ForeignKey("units.Body", null=True, on_delete=models.PROTECT, related_name="+")
    minutes = models.IntegerField(help_text="own limit in working minutes: the sum of its steps")
    handed_over_at = models.DateTimeField()
    starts_at = models.DateTimeField(help_text="from when its limit runs: handed over after 15:00, the next working morning")
    taken_at = models.DateTimeField(null=True)
    taken_by_name = models.CharField(max_length=200, blank=True, help_text="empty: by the system")
    due_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    late_minutes = models.IntegerField(default=0, help_text="working minutes beyond its limit, pauses left out")
    reason = models.CharField(max_length=1000, blank=True, help_text="why it was given back")
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="leg_numbered", fields=["dossier", "number"]),
            models.UniqueConstraint(name="leg_one_open", fields=["dossier"], condition=Q(finished_at__isnull=True)),
            models.CheckConstraint(name="leg_starts_after_hand_over", condition=Q(starts_at__gte=F("handed_over_at"))),
            models.CheckConstraint(name="leg_late_once_finished", condition=Q(late_minutes=0) | Q(finished_at__isnull=False)),
        ]
        indexes = [
            models.Index(name="leg_open_of_unit", fields=["unit", "due_at"], condition=Q(finished_at__isnull=True)),
            models.Index(name="leg_not_taken", fields=["starts_at"], condition=Q(finished_at=None, taken_at=None)),
            models.Index(name="leg_finished", fields=["finished_at"], condition=Q(finished_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} leg {self.number}"


class PaymentNotice(models.Model):
    """What the tax office tells the owner to pay before the result is signed. Vietnamese: thông báo nộp tiền.

    Only the tax office issues it; until proof of payment the dossier stands in status 6.
    """

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="payment_notices")
    leg = models.ForeignKey(Leg, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    amount_dong = models.BigIntegerField()
    pay_by = models.DateField()
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    issued_by_name = models.CharField(max_length=200)
    paid_at = models.DateTimeField(null=True, help_text="when the proof was confirmed here")
    proof_number = models.CharField(max_length=60, blank=True)
    proof_file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="payment_notice_amount", condition=Q(amount_dong__gt=0)),
            models.UniqueConstraint(name="payment_notice_one_open", fields=["dossier"], condition=Q(paid_at__isnull=True)),
            models.CheckConstraint(
                name="payment_notice_paid_with_proof",
                condition=Q(paid_at__isnull=True) | ~Q(proof_number="") | Q(proof_file__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Carriage(models.Model):
    """Papers of dossiers on one trip from desk to desk, with their slip. Vietnamese: phiếu bàn giao hồ sơ giấy.

    The number is of the sender's gap-free series of the year; `code` is what the receiving desk scans or types.
    """

    code = models.CharField(max_length=16, unique=True)
    number = models.IntegerField()
    year = models.SmallIntegerField()
    from_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    items = models.JSONField(default=list, help_text='as printed: [{"debt", "code", "what", "papers"}]')
    carrier = models.CharField(max_length=200, blank=True, help_text="who takes it there: a courier, the post")
    sent_at = models.DateTimeField()
    sent_by_name = models.CharField(max_length=200)
    received_at = models.DateTimeField(null=True)
    received_by_name = models.CharField(max_length=200, blank=True)
    discrepancies = models.CharField(max_length=1000, blank=True, help_text="what did not agree with the slip")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="carriage_numbered", fields=["from_unit", "year", "number"]),
            models.CheckConstraint(name="carriage_between_two", condition=~Q(from_unit=F("to_unit"))),
        ]
        indexes = [
            models.Index(name="carriage_under_way", fields=["to_unit", "sent_at"], condition=Q(received_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.number:04}/{self.year}"


class PaperDebt(models.Model):
    """Paper one desk owes another: the file after its transfer, the result on its way back, or the file of a dossier that ended
    without one. Settled by a carriage; what comes up before the first has left goes with it.

    Vietnamese: hồ sơ giấy phải bàn giao.
    """

    class What(models.TextChoices):
        FILE = "file", _("Hồ sơ giấy")
        RESULT = "result", _("Kết quả bản giấy")
        BACK = "back", _("Hồ sơ giấy trả lại")

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="paper_debts")
    what = models.CharField(max_length=6, choices=What)
    from_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    papers = models.JSONField(default=list, help_text='[{"name", "originals", "copies"}]')
    owed_since = models.DateTimeField()
    due_at = models.DateTimeField()
    carriage = models.ForeignKey(Carriage, null=True, on_delete=models.PROTECT, related_name="debts")
    settled_at = models.DateTimeField(null=True, help_text="received at the other end, or nothing is owed any more")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="paper_debt_one_unsent",
                fields=["dossier", "what"],
                condition=Q(carriage__isnull=True, settled_at__isnull=True),
            ),
            models.CheckConstraint(name="paper_debt_between_two", condition=~Q(from_unit=F("to_unit"))),
        ]
        indexes = [
            models.Index(name="paper_debt_from", fields=["from_unit", "due_at"], condition=Q(settled_at__isnull=True)),
            models.Index(name="paper_debt_to", fields=["to_unit", "due_at"], condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.what}"
