"""How components became electronic: taken from the owner's store, or scanned at the desk and looked over by a second person."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ReusedComponent(models.Model):
    """A component that came from the personal store: which paper, its number and date as they were then."""

    component = models.OneToOneField("dossiers.Component", on_delete=models.PROTECT, related_name="reused")
    reuse = models.OneToOneField("personal_store.Reuse", on_delete=models.PROTECT, related_name="+")
    paper_code = models.CharField(_("mã giấy tờ"), max_length=20)
    number = models.CharField(max_length=40, blank=True)
    issued_on = models.DateField(null=True)
    is_result = models.BooleanField(help_text="an earlier result stands for this component: MaKetQuaThayThe")

    def __str__(self) -> str:
        return f"{self.component_id} from {self.paper_code}"


class Digitisation(models.Model):
    """One scan of a component, with what is known of the file, who looked it over and what became of it. Vietnamese: số hóa.

    A rejected scan stays, with its reason; the paper is scanned again and that is another row.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ kiểm tra")
        NOT_PICKED = "not_picked", _("Không chọn kiểm tra")
        ACCEPTED = "accepted", _("Đạt")
        REJECTED = "rejected", _("Phải quét lại")

    component = models.ForeignKey("dossiers.Component", on_delete=models.PROTECT, related_name="scans")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+", db_index=False)
    pages = models.IntegerField(null=True, help_text="sheets' sides as the officer counted them")
    images = models.IntegerField(null=True, help_text="pages of the file")
    dpi = models.IntegerField(null=True, help_text="the lowest found in the file; null: the file does not say")
    in_colour = models.BooleanField(null=True)
    pdf_version = models.CharField(max_length=8, blank=True)
    scanned_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    scanned_by_name = models.CharField(max_length=200)
    scanned_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State)
    checked_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    checked_by_name = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by_name = models.CharField(max_length=200, blank=True)
    stored_code = models.CharField(_("mã giấy tờ trong kho"), max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="digitisation_one_good", fields=["component"], condition=~Q(state="rejected")),
            models.CheckConstraint(name="digitisation_rejected_with_reason", condition=~Q(state="rejected") | ~Q(reason="")),
            models.CheckConstraint(
                name="digitisation_checked_by_another",
                condition=Q(checked_by__isnull=True) | Q(scanned_by__isnull=True) | ~Q(checked_by=F("scanned_by")),
            ),
        ]
        indexes = [
            models.Index(name="digitisation_to_check", fields=["unit", "scanned_at"], condition=Q(state="waiting")),
            models.Index(name="digitisation_to_sign", fields=["unit", "scanned_at"], condition=Q(signed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.component_id} {self.state}"
