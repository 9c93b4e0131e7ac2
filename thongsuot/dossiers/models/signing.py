"""How a result was signed: digitally or on paper, with which number, and the batches a leader signs at once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ResultSigning(models.Model):
    """One way of a result from its draft to its number. Falls away when the step is returned or another draft is put in.

    The number is drawn once for a result and kept whatever happens afterwards: a row that follows takes it over.
    """

    class How(models.TextChoices):
        DIGITAL = "digital", _("Ký số")
        PAPER = "paper", _("Ký tay trên giấy")

    result = models.ForeignKey("dossiers.Result", on_delete=models.PROTECT, related_name="signings")
    run = models.ForeignKey("dossiers.StepRun", on_delete=models.PROTECT, related_name="+", help_text="the step of signing")
    draft = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    prepared = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20, blank=True, help_text="of the proof whose QR the prepared file carries")
    signed_how = models.CharField(max_length=10, choices=How, blank=True)
    paper_reason = models.CharField(max_length=300, blank=True)
    signature = models.ForeignKey("signing.Signature", null=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, blank=True)
    issued_on = models.DateField(null=True)
    issued_how = models.CharField(max_length=10, choices=How, blank=True)
    issue_paper_reason = models.CharField(max_length=300, blank=True)
    agency_signature = models.ForeignKey("signing.Signature", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    fallen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="result_signing_one_open", fields=["result"], condition=Q(fallen_at__isnull=True)),
            models.CheckConstraint(name="result_signing_paper_reason", condition=~Q(signed_how="paper") | ~Q(paper_reason="")),
            models.CheckConstraint(
                name="result_signing_digital", condition=~Q(signed_how="digital") | Q(signature__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result_id} {self.signed_how or 'prepared'}"


class SigningBatch(models.Model):
    """What a leader picked to sign with one PIN. The PIN is sealed with a key that only the leader's cookie holds."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    opens_until = models.DateTimeField(help_text="afterwards the PIN is asked again")
    sealed = models.BinaryField(null=True, help_text="gone as soon as the last one is done")

    def __str__(self) -> str:
        return f"batch {self.pk}"


class SigningBatchItem(models.Model):
    """One dossier of a batch and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Đang chờ")
        DONE = "done", _("Đã ký")
        REFUSED = "refused", _("Chưa ký được")

    batch = models.ForeignKey(SigningBatch, on_delete=models.CASCADE, related_name="items")
    place = models.SmallIntegerField()
    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="+")
    step_key = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    message = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="batch_item_once", fields=["batch", "dossier"])]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.dossier_id}"
