"""A result that was given out is corrected, replaced or revoked: a small way of its own, seen by everyone it concerns."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ResultChange(models.Model):
    """One change of an issued result, from its reason to its hand-back. Vietnamese: đính chính, cấp thay thế, thu hồi.

    It changes the paper that holds at that time: the result itself, or the latest change of it (`follows`).
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Đính chính")
        REPLACEMENT = "replacement", _("Cấp thay thế")
        REVOCATION = "revocation", _("Thu hồi")

    class State(models.TextChoices):
        DRAFTING = "drafting", _("Soạn dự thảo")
        REVIEW = "review", _("Chờ soát")
        SIGNING = "signing", _("Chờ ký")
        ISSUING = "issuing", _("Chờ vào sổ")
        ISSUED = "issued", _("Đã phát hành")
        RETURNED = "returned", _("Đã trả")
        DROPPED = "dropped", _("Đã bỏ")

    OPEN = (State.DRAFTING, State.REVIEW, State.SIGNING, State.ISSUING)
    DONE = (State.ISSUED, State.RETURNED)

    result = models.ForeignKey("dossiers.Result", on_delete=models.PROTECT, related_name="changes")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFTING)
    reason = models.CharField(_("lý do"), max_length=500)
    basis = models.CharField(_("căn cứ"), max_length=300)
    title = models.CharField(max_length=300, blank=True)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by_name = models.CharField(max_length=200)
    drafted_by_name = models.CharField(max_length=200, blank=True)
    returned_reason = models.CharField(max_length=500, blank=True, help_text="why the reviewer or the signer sent it back")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by_name = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(null=True)
    signer_name = models.CharField(max_length=200, blank=True)
    signer_post = models.CharField(max_length=200, blank=True)
    by_person = models.BooleanField(default=False, help_text="carries the signer's digital signature")
    by_agency = models.BooleanField(default=False, help_text="carries the agency's digital signature")
    proof_code = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey(
        "units.Unit",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="in whose register its number stands, when that is another unit than the one that resolved",
    )
    number = models.CharField(_("số"), max_length=40, blank=True)
    issued_on = models.DateField(null=True)
    handed_to = models.CharField(max_length=200, blank=True)
    handed_at = models.DateTimeField(null=True)
    dropped_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="result_change_one_open",
                fields=["result"],
                condition=Q(state__in=["drafting", "review", "signing", "issuing"]),
            ),
            models.CheckConstraint(
                name="result_change_number_once_issued",
                condition=Q(state__in=["issued", "returned"], issued_on__isnull=False) & ~Q(number="")
                | ~Q(state__in=["issued", "returned"]) & Q(number=""),
            ),
            models.CheckConstraint(name="result_change_with_reason", condition=~Q(reason="") & ~Q(basis="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.result_id}"
