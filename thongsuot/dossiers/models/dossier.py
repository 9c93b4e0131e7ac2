"""The dossier itself: who asks for what, where it stands, when it is due."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Status(models.IntegerChoices):
    """The national code list of processing systems."""

    REGISTERED = 1, _("Mới đăng ký")
    RECEIVED = 2, _("Được tiếp nhận")
    REFUSED_INTAKE = 3, _("Không được tiếp nhận")
    PROCESSING = 4, _("Đang xử lý")
    SUPPLEMENT_REQUESTED = 5, _("Yêu cầu bổ sung giấy tờ")
    PAYMENT_REQUESTED = 6, _("Yêu cầu thực hiện nghĩa vụ tài chính")
    WITHDRAWN = 7, _("Công dân yêu cầu rút hồ sơ")
    STOPPED = 8, _("Dừng xử lý")
    RESOLVED = 9, _("Đã xử lý xong")
    RETURNED = 10, _("Đã trả kết quả")


DECIDED = frozenset({Status.RESOLVED, Status.RETURNED})
"""There is a result: its owner may say how it went, and withdraw no more."""


class Channel(models.IntegerChoices):
    """How it came, with the national codes."""

    COUNTER = 1, _("Trực tiếp")
    ONLINE = 2, _("Trực tuyến")
    POST = 3, _("Bưu chính công ích")


class OwnerKind(models.IntegerChoices):
    """Kind of owner, with the codes of the national portal (LoaiDoiTuong)."""

    CITIZEN = 1, _("Công dân")
    ENTERPRISE = 2, _("Doanh nghiệp")
    STATE_BODY = 3, _("Cơ quan nhà nước")
    ORGANISATION = 4, _("Tổ chức khác")


class Dossier(models.Model):
    """A request from intake to result. Vietnamese: hồ sơ.

    `due_at` is what the law gives and moves only with pauses, extensions and the calendar; `promised_at` is the new
    appointment of an apology and never makes a late dossier on time.
    """

    class Return(models.TextChoices):
        ELECTRONIC = "electronic", _("Bản điện tử")
        COUNTER = "counter", _("Bản điện tử và bản giấy tại quầy")
        POST = "post", _("Bản điện tử và bản giấy qua bưu điện")

    code = models.CharField(_("mã hồ sơ"), max_length=60, unique=True, null=True, help_text="from reception on, for life")
    submission_code = models.CharField(
        _("mã nộp"), max_length=16, unique=True, null=True, help_text="of an online filing, before its code"
    )
    version = models.ForeignKey("procedures.ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    procedure = models.ForeignKey("procedures.Procedure", on_delete=models.PROTECT, related_name="+", db_index=False)
    receiving_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    resolving_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.SmallIntegerField(_("kênh thực hiện"), choices=Channel)
    assisted_by = models.CharField(max_length=200, blank=True)
    status = models.SmallIntegerField(_("trạng thái"), choices=Status)

    owner_kind = models.SmallIntegerField(choices=OwnerKind, default=OwnerKind.CITIZEN)
    owner_name = models.CharField(_("chủ hồ sơ"), max_length=200)
    owner_search = models.CharField(max_length=200, editable=False)
    owner_id_number = models.CharField(_("số định danh"), max_length=20, blank=True)
    owner_phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    owner_email = models.EmailField(_("thư điện tử"), blank=True)
    owner_address = models.CharField(_("nơi ở"), max_length=300, blank=True)
    filer = models.JSONField(null=True, help_text="{name, id_number, phone, relation} when another than the owner files")
    account = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    form = models.JSONField(default=dict, help_text="the e-form, checked against the version's schema")
    quantities = models.JSONField(default=dict, help_text="what fees are counted by: pages, copies")
    return_by = models.CharField(_("nhận kết quả"), max_length=10, choices=Return, default=Return.COUNTER)

    submitted_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True, help_text="until when the desk must answer an online filing")
    received_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("hẹn trả"), null=True)
    # By a leader (Extension), or by the decision that moved it to another unit: lists and the calendar read one row.
    extended_days = models.SmallIntegerField(default=0, db_default=0, help_text="working days the limit was made longer by")
    extended_at = models.DateTimeField(null=True, help_text="when it was made longer, for the first time")
    warn_at = models.DateTimeField(null=True, help_text="from here on it is near its deadline")
    warned_at = models.DateTimeField(null=True, help_text="the holder of the open step was told once")
    promised_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="entered 3, 7, 8 or 10")

    step_no = models.SmallIntegerField(null=True, help_text="index into the version's steps")
    step_unit = models.ForeignKey(
        "units.Unit",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="the partner whose leg is open; null: the desk or the resolving unit has it",
    )
    assignee = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    supplement_count = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="dossier_code_once_received",
                condition=Q(status__in=[1, 3, 5, 6, 7, 8])
                | Q(code__isnull=False, received_at__isnull=False, due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="dossier_received_means_due",
                condition=Q(received_at__isnull=True, due_at__isnull=True) | Q(received_at__isnull=False, due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="dossier_paused_in_5_and_6",
                condition=Q(status__in=[5, 6], paused_at__isnull=False) | (~Q(status__in=[5, 6]) & Q(paused_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="dossier_resolved_has_instant", condition=~Q(status__in=[9, 10]) | Q(resolved_at__isnull=False)
            ),
            models.CheckConstraint(
                name="dossier_final_has_end",
                condition=Q(status__in=[3, 7, 8, 10], ended_at__isnull=False)
                | (~Q(status__in=[3, 7, 8, 10]) & Q(ended_at__isnull=True)),
            ),
        ]
        indexes = [
            # The desks' lists: only what is open, so they stay small however much is stored.
            # Carries what a leader's figures count, so that they are counted without the rows; by day, so that the longest
            # late are found without the others.
            models.Index(
                name="dossier_resolving_due",
                fields=["resolving_unit", "due_at"],
                include=["id", "status", "warn_at", "answer_due_at"],
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(
                name="dossier_receiving_open", fields=["receiving_unit", "due_at"], condition=Q(ended_at__isnull=True)
            ),
            models.Index(
                name="dossier_at_partner",
                fields=["step_unit", "due_at"],
                condition=Q(ended_at__isnull=True, step_unit__isnull=False),
            ),
            models.Index(name="dossier_assignee_open", fields=["assignee", "due_at"], condition=Q(ended_at__isnull=True)),
            # Carries the names: an office's owner is found without the rows, however many are stored (ADR 0012).
            models.Index(
                name="dossier_resolving_names",
                fields=["resolving_unit", "received_at"],
                include=["id", "owner_search"],
            ),
            models.Index(
                name="dossier_received_for_others",
                fields=["receiving_unit", "received_at"],
                include=["id", "owner_search"],
                condition=~Q(receiving_unit=F("resolving_unit")),
            ),
            models.Index(name="dossier_owner_id", fields=["owner_id_number"], condition=~Q(owner_id_number="")),
            models.Index(name="dossier_owner_phone", fields=["owner_phone"], condition=~Q(owner_phone="")),
            GinIndex(SearchVector("owner_search", config="simple"), name="dossier_owner_words"),
        ]

    def __str__(self) -> str:
        return self.code or self.submission_code or f"dossier {self.pk}"
