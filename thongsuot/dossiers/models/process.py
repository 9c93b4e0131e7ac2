"""How a dossier runs through the e-process: steps, pauses, supplements, opinions."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class StepRun(models.Model):
    """One line of the control slip: a step given to someone until it was finished. A step returned to runs again."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Đã xong")
        RETURNED = "returned", _("Trả lại bước trước")
        ENDED = "ended", _("Kết thúc cùng hồ sơ")

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="runs")
    number = models.SmallIntegerField()
    step_no = models.SmallIntegerField()
    step_key = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    duty = models.CharField(max_length=40)
    assignee = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    assignee_name = models.CharField(max_length=200, blank=True)
    minutes = models.IntegerField(help_text="limit in working minutes; 0: not counted")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="step_run_numbered", fields=["dossier", "number"]),
            models.UniqueConstraint(name="step_run_one_open", fields=["dossier"], condition=Q(finished_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} #{self.number} {self.step_key}"


class Pause(models.Model):
    """A time in which the clock stood: statuses 5 and 6."""

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="pauses")
    status = models.SmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="pause_one_open", fields=["dossier"], condition=Q(ends_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.dossier_id} from {self.starts_at:%Y-%m-%d %H:%M}"


class Extension(models.Model):
    """The limit made longer, once, by a leader. Vietnamese: kéo dài thời hạn giải quyết."""

    dossier = models.OneToOneField("dossiers.Dossier", on_delete=models.PROTECT, related_name="extension")
    days = models.SmallIntegerField(help_text="working days added")
    reason = models.CharField(max_length=1000)
    agreement = models.CharField(
        max_length=300, blank=True, help_text="by which paper the filer agreed to more days than the procedure gives"
    )
    extended_at = models.DateTimeField()
    extended_by_name = models.CharField(max_length=200)
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="extension_makes_longer", condition=Q(days__gt=0, due_after__gt=F("due_before"))),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} +{self.days}"


class SupplementRequest(models.Model):
    """All that is missing, said once and in writing. Vietnamese: phiếu yêu cầu bổ sung."""

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="supplements")
    slip_number = models.IntegerField()
    items = ArrayField(models.CharField(max_length=500))
    reason = models.CharField(max_length=1000, blank=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    requested_by_name = models.CharField(max_length=200)
    answer_until = models.DateTimeField(help_text="without an answer by then the agency may stop the dossier")
    status_before = models.SmallIntegerField()
    completed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="supplement_one_open", fields=["dossier"], condition=Q(completed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} supplement {self.slip_number}"


class Opinion(models.Model):
    """Another body is asked and answers. The clock goes on."""

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="opinions")
    body = models.ForeignKey("units.Body", on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=1000)
    asked_at = models.DateTimeField()
    asked_by_name = models.CharField(max_length=200)
    answer_until = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=2000, blank=True)
    silence_basis = models.CharField(
        max_length=300, blank=True, default="", help_text="the text by which silence past the date is agreement"
    )
    by_silence = models.BooleanField(default=False, help_text="nobody answered: agreement by `silence_basis`")
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="opinion_silence_with_basis", condition=Q(by_silence=False) | ~Q(silence_basis="")),
        ]
        indexes = [
            models.Index(name="opinion_open", fields=["answer_until"], condition=Q(answered_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} asked {self.body_id}"
