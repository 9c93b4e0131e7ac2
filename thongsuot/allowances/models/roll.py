"""The roll: base amounts and groups as dated data, and the people who receive."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Dated
from thongsuot.units.models import one_at_a_time


class BaseAmount(Dated):
    """The amount that coefficients multiply (mức chuẩn trợ giúp xã hội), from a day on."""

    amount_dong = models.IntegerField()
    basis = models.CharField(max_length=300)
    checked = models.BooleanField(default=False, help_text="compared with the text of the document")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="base_amount_one_at_a_time",
                expressions=[(Func(F("valid_from"), F("valid_to"), function="daterange"), RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount_dong} {self.valid_from}"


class BenefitGroup(models.Model):
    """A group of people the law gives an allowance (nhóm đối tượng).

    social  coefficient x base amount
    merit   people with merit: the amount stands in each person's decision
    """

    class Kind(models.TextChoices):
        SOCIAL = "social", _("Bảo trợ xã hội")
        MERIT = "merit", _("Người có công")

    code = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=6, choices=Kind)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class GroupRate(Dated):
    """The coefficient of a group, from a day on. A merit group has none.

    becomes  the group that the law puts in its place from `valid_to` on
    """

    group = models.ForeignKey(BenefitGroup, on_delete=models.PROTECT, related_name="rates")
    coefficient = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    basis = models.CharField(max_length=300)
    checked = models.BooleanField(default=False)
    becomes = models.ForeignKey(BenefitGroup, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            one_at_a_time("group_rate_one_at_a_time", "group"),
            models.CheckConstraint(
                name="group_rate_becomes_when_it_ends", condition=Q(becomes=None) | Q(valid_to__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.coefficient} {self.valid_from}"


class Payer(models.TextChoices):
    BANK = "bank", _("Ngân hàng")
    POST = "post", _("Bưu điện")


class Beneficiary(models.Model):
    """One person's right to one allowance (người hưởng). A person in two groups has two rows.

    coefficient  the person's own, instead of the group's
    amount_dong  the person's own amount: of merit people, or where a decision fixed it
    start_month  the first month paid; stop_month: the first month not paid any more
    born         as far as it is known: 1958-03-12, 1958-03 or 1958
    follows      the row that was stopped because its group became this one's
    """

    class Stop(models.TextChoices):
        DIED = "died", _("Đã mất")
        MOVED = "moved", _("Chuyển đi nơi khác ngoài thành phố")
        ENDED = "ended", _("Không còn thuộc diện hưởng")
        GROUP = "group", _("Chuyển sang nhóm khác")
        DOUBLE = "double", _("Trùng người hưởng")
        WISH = "wish", _("Tự nguyện thôi hưởng")

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(BenefitGroup, on_delete=models.PROTECT, related_name="+")
    full_name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    id_number = models.CharField(max_length=12)
    born = models.CharField(max_length=10, blank=True)
    address = models.CharField(max_length=300, blank=True)
    coefficient = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    amount_dong = models.IntegerField(null=True)
    start_month = models.DateField()
    stop_month = models.DateField(null=True)
    stop_reason = models.CharField(max_length=8, choices=Stop, blank=True)
    payer = models.CharField(max_length=4, choices=Payer)
    bank = models.CharField(max_length=100, blank=True)
    account = models.CharField(max_length=30, blank=True)
    cash_point = models.CharField(max_length=200, blank=True)
    receiver_name = models.CharField(max_length=200, blank=True)
    receiver_id_number = models.CharField(max_length=12, blank=True)
    receiver_paper = models.CharField(max_length=200, blank=True)
    source = models.ForeignKey("allowances.AllowanceImport", null=True, on_delete=models.PROTECT, related_name="+")
    source_place = models.IntegerField(null=True)
    added_at = models.DateTimeField()
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followers")

    class Meta:
        constraints = [
            # The whole city, whatever the unit: nobody stands on two lists.
            models.UniqueConstraint(name="beneficiary_once", fields=["id_number", "group"], condition=Q(stop_month=None)),
            models.CheckConstraint(
                name="beneficiary_stops_for_a_reason",
                condition=Q(stop_month=None, stop_reason="")
                | (Q(stop_month__isnull=False, stop_month__gte=F("start_month")) & ~Q(stop_reason="")),
            ),
            models.CheckConstraint(
                name="beneficiary_paid_somewhere",
                condition=(Q(payer="bank") & ~Q(account="")) | (Q(payer="post") & ~Q(cash_point="")),
            ),
        ]
        indexes = [
            models.Index(name="beneficiary_unit", fields=["unit", "id"]),
            models.Index(name="beneficiary_name", fields=["name_key"]),
            models.Index(name="beneficiary_number", fields=["id_number"]),
            models.Index(name="beneficiary_source", fields=["source", "source_place"]),
        ]

    def __str__(self) -> str:
        return f"TC-{self.pk:06d}"
