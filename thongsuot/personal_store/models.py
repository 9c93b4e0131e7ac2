"""What a person or organisation was given, whether it may be used again, and every time it was."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StoredPaper(models.Model):
    """One paper of an owner: an ID number or enterprise code, an account, or both. Vietnamese: giấy tờ trong kho."""

    class Kind(models.TextChoices):
        RESULT = "result", _("Kết quả giải quyết")
        DIGITISED = "digitised", _("Giấy tờ đã số hóa")
        E_COPY = "e_copy", _("Bản sao điện tử có chứng thực")

    class State(models.TextChoices):
        VALID = "valid", _("Còn giá trị")
        CORRECTED = "corrected", _("Đã được đính chính")
        REPLACED = "replaced", _("Đã được thay thế")
        REVOKED = "revoked", _("Đã bị thu hồi")

    class Signature(models.TextChoices):
        NONE = "none", _("Chưa ký số")
        PERSON = "person", _("Chữ ký số của người có thẩm quyền")
        AGENCY = "agency", _("Chữ ký số của cơ quan")
        BOTH = "both", _("Chữ ký số của người có thẩm quyền và của cơ quan")

    code = models.CharField(_("mã giấy tờ"), max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    source = models.CharField(max_length=60, unique=True, help_text="where it came from: dossiers.result/12")

    owner_id_number = models.CharField(_("số định danh"), max_length=20, blank=True)
    account = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    procedure_code = models.CharField(max_length=20, help_text="whose list of papers knows `paper_code`")
    paper_code = models.CharField(max_length=40, blank=True, help_text="as the component was called; empty for a result")
    type_code = models.CharField(max_length=40, blank=True, help_text="national code of the result, where known")
    title = models.CharField(_("tên giấy tờ"), max_length=500)
    title_key = models.CharField(max_length=500, editable=False)
    number = models.CharField(_("số"), max_length=40, blank=True)
    issuing_unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    issuing_body = models.CharField(_("cơ quan cấp"), max_length=300, blank=True)
    issued_on = models.DateField(_("ngày cấp"), null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True, help_text="the first day on which it holds no longer")
    scope = models.CharField(_("phạm vi sử dụng"), max_length=300, blank=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+", db_index=False)
    signature = models.CharField(max_length=10, choices=Signature, default=Signature.NONE)
    proof_code = models.CharField(max_length=40, blank=True)

    dossier_id = models.BigIntegerField(null=True)
    dossier_code = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.VALID)
    state_reason = models.CharField(max_length=500, blank=True)
    state_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaces")
    is_offered = models.BooleanField(default=True, help_text="the owner lets it be offered in new dossiers")
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="stored_paper_has_owner", condition=~Q(owner_id_number="") | Q(account__isnull=False)),
            models.CheckConstraint(
                name="stored_paper_change_has_reason",
                condition=Q(state="valid") | (Q(state_at__isnull=False) & ~Q(state_reason="")),
            ),
        ]
        indexes = [
            models.Index(name="stored_paper_owner", fields=["owner_id_number"], condition=~Q(owner_id_number="")),
            models.Index(name="stored_paper_dossier", fields=["dossier_id"], condition=Q(dossier_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.code


class ReuseConsent(models.Model):
    """The owner agrees that one paper is used in one dossier. Vietnamese: đồng ý cho dùng lại."""

    class How(models.TextChoices):
        TICKED = "ticked", _("Chọn trên trang nộp hồ sơ")
        SPOKEN = "spoken", _("Nói tại quầy")
        WRITTEN = "written", _("Ký trên giấy")
        AUTHORISED = "authorised", _("Người được ủy quyền đồng ý, có giấy ủy quyền")

    paper = models.ForeignKey(StoredPaper, on_delete=models.PROTECT, related_name="consents")
    procedure_code = models.CharField(max_length=20)
    how = models.CharField(max_length=10, choices=How)
    note = models.CharField(max_length=300, blank=True)
    given_at = models.DateTimeField()
    noted_by_id = models.BigIntegerField(null=True)
    noted_by_name = models.CharField(max_length=200, blank=True)
    unit_id = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.paper_id} {self.how}"


class Reuse(models.Model):
    """A paper was used again: in which dossier, by whom, with which consent. Its owner reads it. Vietnamese: lượt dùng lại."""

    paper = models.ForeignKey(StoredPaper, on_delete=models.PROTECT, related_name="uses")
    consent = models.OneToOneField(ReuseConsent, on_delete=models.PROTECT, related_name="use")
    dossier_id = models.BigIntegerField(db_index=True)
    dossier_code = models.CharField(max_length=60)
    procedure = models.CharField(max_length=500)
    unit_id = models.BigIntegerField()
    unit_name = models.CharField(max_length=300)
    by_name = models.CharField(max_length=200)
    by_post = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="reuse_once_per_dossier", fields=["paper", "dossier_id"])]

    def __str__(self) -> str:
        return f"{self.paper_id} in {self.dossier_code}"
