"""Those who leave: the case with its stages, and the dated rates by which the tool advises on the amount."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Dated
from thongsuot.staffing.models.persons import Placement, StaffMember


class LeaveKind(models.TextChoices):
    EARLY_RETIREMENT = "early_retirement", _("Nghỉ hưu trước tuổi")
    LEAVING = "leaving", _("Thôi việc")
    DOWNSIZING = "downsizing", _("Tinh giản biên chế")
    NON_SPECIALISED = "non_specialised", _("Người hoạt động không chuyên trách nghỉ")


class Stage(models.TextChoices):
    """Where the case lies now: the desk that has to act, in the order of the path."""

    APPLICATION = "application", _("Đơn của cá nhân")
    UNIT_HEAD = "unit_head", _("Thủ trưởng đơn vị")
    COUNCIL = "council", _("Hội đồng xét")
    HOME_AFFAIRS = "home_affairs", _("Cơ quan nội vụ thẩm định")
    DECISION = "decision", _("Quyết định")
    PAYMENT = "payment", _("Chi trả")
    INSURANCE = "insurance", _("Bảo hiểm xã hội")
    SETTLED = "settled", _("Đã giải quyết xong")
    WITHDRAWN = "withdrawn", _("Đã rút đơn")
    REFUSED = "refused", _("Không được giải quyết")


# By a number of the code: a range of one number needs no extension (units.models.one_at_a_time).
_CODE = Func(F("code"), Value(0), function="hashtextextended")


class LeaveRate(Dated):
    """One line of a calculation, for a time: pay x factor x quantity. All figures are data; `checked`: the text was seen.

    over_months, upto_months    for persons who are more than, and at most, so many months before retirement age
    month_from, month_to        for leaves in these months after the reorganisation began
    quantity, limit             what is counted, and how `limit` bounds it: see rules.leaving.quantity_of
    """

    class Quantity(models.TextChoices):
        MONTHS_EARLY = "months_early", _("số tháng nghỉ sớm")
        YEARS_EARLY = "years_early", _("số năm nghỉ sớm")
        MONTHS_INSURED = "months_insured", _("số tháng đóng bảo hiểm")
        YEARS_INSURED = "years_insured", _("số năm đóng bảo hiểm")
        FIRST_YEARS_INSURED = "first_years_insured", _("đủ số năm đóng bảo hiểm đầu")
        FURTHER_YEARS_INSURED = "further_years_insured", _("số năm đóng bảo hiểm tiếp theo")
        MONTHS_SERVED = "months_served", _("số tháng công tác")
        YEARS_SERVED = "years_served", _("số năm công tác")
        FIXED = "fixed", _("mức cố định")

    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=16, choices=LeaveKind)
    place = models.PositiveSmallIntegerField(help_text="order of the lines")
    label = models.CharField(max_length=200)
    over_months = models.PositiveSmallIntegerField(null=True)
    upto_months = models.PositiveSmallIntegerField(null=True)
    month_from = models.PositiveSmallIntegerField(null=True)
    month_to = models.PositiveSmallIntegerField(null=True)
    quantity = models.CharField(max_length=24, choices=Quantity)
    limit = models.PositiveSmallIntegerField(null=True)
    factor = models.DecimalField(max_digits=6, decimal_places=3)
    basis = models.CharField(max_length=200)
    checked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="leave_rate_once", fields=["code", "valid_from"]),
            models.CheckConstraint(name="leave_rate_positive", condition=Q(factor__gt=0)),
            models.CheckConstraint(
                name="leave_rate_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            ExclusionConstraint(
                name="leave_rate_one_at_a_time",
                expressions=[
                    (Func(_CODE, _CODE, Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func(F("valid_from"), F("valid_to"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.code


class LeaveCase(models.Model):
    """A person's application to leave, from the paper to the insurance book. Vietnamese: hồ sơ xin nghỉ.

    pay_dong and what follows are sensitive: for whoever has the duty in that unit, and for the person.
    party_managed   the person held a post that the Party manages: its side must agree before the decision
    advised_lines   how the advised sum came about when it was decided: whatever rates and facts say later, this stands
    """

    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="leave_cases")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", help_text="whose head sees it first")
    kind = models.CharField(_("diện nghỉ"), max_length=16, choices=LeaveKind)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.UNIT_HEAD)
    applied_on = models.DateField(_("ngày nộp đơn"))
    leaves_on = models.DateField(_("nghỉ từ ngày"))
    reorganised_on = models.DateField(_("ngày sắp xếp có hiệu lực"))
    reason = models.CharField(_("nguyện vọng, lý do"), max_length=500, blank=True)
    pay_dong = models.PositiveBigIntegerField(_("tiền lương, phụ cấp tháng hiện hưởng"), null=True)
    months_insured = models.PositiveSmallIntegerField(_("số tháng đóng bảo hiểm xã hội"), null=True)
    months_served = models.PositiveSmallIntegerField(_("số tháng công tác"), null=True)
    retires_on = models.DateField(_("ngày đủ tuổi nghỉ hưu"), null=True)
    party_managed = models.BooleanField(default=False)
    party_agreed_at = models.DateTimeField(null=True)
    party_agreed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    advised_dong = models.PositiveBigIntegerField(null=True, help_text="what the tool worked out when it was decided")
    advised_lines = models.JSONField(default=list)
    decided_dong = models.PositiveBigIntegerField(_("số tiền theo quyết định"), null=True)
    settled_at = models.DateTimeField(null=True)
    placement = models.OneToOneField(Placement, null=True, on_delete=models.PROTECT, related_name="leave_case")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="leave_case_one_open", fields=["member"], condition=~Q(stage__in=["settled", "withdrawn", "refused"])
            ),
            models.CheckConstraint(
                name="leave_case_settled",
                condition=Q(stage="settled", settled_at__isnull=False) | (~Q(stage="settled") & Q(settled_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="leave_case_paid_by_a_decision",
                condition=~Q(stage__in=["payment", "insurance", "settled"])
                | Q(decided_dong__isnull=False, placement__isnull=False),
            ),
            models.CheckConstraint(
                name="leave_case_party_agreed",
                condition=Q(party_agreed_at__isnull=True, party_agreed_by__isnull=True)
                | Q(party_agreed_at__isnull=False, party_agreed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="leave_case_of_both_sides",
                condition=Q(party_managed=False)
                | ~Q(stage__in=["payment", "insurance", "settled"])
                | Q(party_agreed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="leave_case_retires_later", condition=Q(retires_on__isnull=True) | Q(retires_on__gte=F("leaves_on"))
            ),
        ]
        indexes = [models.Index(name="leave_case_stage", fields=["stage", "applied_on"])]

    def __str__(self) -> str:
        return f"leave case {self.pk}"


class LeaveStep(models.Model):
    """What one desk did, or the Party's side, or who took the decision back."""

    class Outcome(models.TextChoices):
        PASSED = "passed", _("Đã chuyển bước sau")
        SENT_BACK = "sent_back", _("Trả lại")
        WITHDRAWN = "withdrawn", _("Rút đơn")
        REFUSED = "refused", _("Không thống nhất")
        AGREED = "agreed", _("Bên Đảng thống nhất")
        CANCELLED = "cancelled", _("Hủy hoặc sửa quyết định")

    case = models.ForeignKey(LeaveCase, on_delete=models.PROTECT, related_name="steps")
    stage = models.CharField(max_length=12, choices=Stage)
    outcome = models.CharField(max_length=9, choices=Outcome)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, help_text="id of the person; the name stands beside it")
    by_name = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage} {self.outcome}"
