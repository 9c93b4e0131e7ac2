"""The catalogue of positions, how many persons a plan gives to each, and numbers dealt out to units."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.units.models import Body, UnitName


class Qualification(models.TextChoices):
    """In rising order."""

    SECONDARY = "1", _("trung cấp")
    COLLEGE = "2", _("cao đẳng")
    UNIVERSITY = "3", _("đại học")
    POSTGRADUATE = "4", _("sau đại học")


class JobPosition(models.Model):
    """A kind of post in a commune's government. Vietnamese: vị trí việc làm."""

    class Group(models.TextChoices):
        LEADERSHIP = "leadership", _("lãnh đạo, quản lý")
        SPECIALIST = "specialist", _("chuyên môn")
        SHARED = "shared", _("chuyên môn dùng chung")
        SUPPORT = "support", _("hỗ trợ, phục vụ")

    KINDS = (
        (UnitName.Kind.COMMUNE.value, _("xã")),
        (UnitName.Kind.WARD.value, _("phường")),
        (UnitName.Kind.SPECIAL_ZONE.value, _("đặc khu")),
    )

    code = models.CharField(_("mã vị trí"), max_length=12, unique=True)
    name = models.CharField(_("tên vị trí"), max_length=200)
    group = models.CharField(_("nhóm"), max_length=10, choices=Group)
    body_kind = models.CharField(_("cơ quan"), max_length=24, choices=Body.Kind)
    title = models.CharField(_("chức danh khi bổ nhiệm"), max_length=200, help_text="as in people.rules.TITLES")
    applies_to = ArrayField(models.CharField(max_length=12), help_text="kinds of units in which it exists")
    mandatory = models.BooleanField(_("bắt buộc có người"), default=True)
    headcount = models.PositiveSmallIntegerField(_("số người thường có"), default=1)
    party_managed = models.BooleanField(_("diện cấp ủy quản lý"), default=False)
    qualification = models.CharField(max_length=1, choices=Qualification, default=Qualification.UNIVERSITY)
    fields = ArrayField(models.CharField(max_length=60), default=list, help_text="of work, as persons' fields name them")
    in_use = models.BooleanField(default=True)
    checked = models.BooleanField(default=False, help_text="false: to be compared with the text of the decision")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="position_group", condition=Q(group__in=["leadership", "specialist", "shared", "support"])
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StaffingPlan(models.Model):
    """How many persons each unit gets in each position, by a decision that says the total. Vietnamese: phương án bố trí.

    An accepted one counts from `effective_on` until the next accepted one does.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Đang soạn")
        ACCEPTED = "accepted", _("Đã chốt")
        REPLACED = "replaced", _("Đã thay")

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("tên phương án"), max_length=200)
    decision_number = models.CharField(_("số quyết định"), max_length=60)
    total_persons = models.PositiveIntegerField(_("tổng số người theo quyết định"))
    total_units = models.PositiveIntegerField(_("số đơn vị theo quyết định"))
    effective_on = models.DateField(_("áp dụng từ ngày"))
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="plan_one_accepted", fields=["city", "effective_on"], condition=Q(state="accepted")),
            models.CheckConstraint(name="plan_accepted_at", condition=Q(state="draft") | Q(accepted_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.decision_number


class PlannedPost(models.Model):
    """A line of a plan: so many persons in this position of this unit."""

    plan = models.ForeignKey(StaffingPlan, on_delete=models.CASCADE, related_name="posts")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(JobPosition, on_delete=models.PROTECT, related_name="+")
    persons = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="planned_post_once", fields=["plan", "unit", "position"]),
        ]
        indexes = [models.Index(name="planned_post_unit", fields=["unit"])]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.position_id}: {self.persons}"


class StaffImport(models.Model):
    """A list that came in as a file, whole or not at all. One of persons goes again whole, while nothing was done with them."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("Phương án bố trí")
        MEMBERS = "members", _("Danh sách cán bộ")

    kind = models.CharField(max_length=8, choices=Kind)
    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(StaffingPlan, null=True, on_delete=models.PROTECT, related_name="imports")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Distribution(models.Model):
    """A number of persons dealt out to units; the parts add up, or it is not kept. Vietnamese: phân bổ."""

    class Group(models.TextChoices):
        NON_SPECIALISED = "non_specialised", _("Người hoạt động không chuyên trách")
        WORKERS = "workers", _("Người lao động")
        BOTH = "both", _("Người hoạt động không chuyên trách và người lao động")
        OFFICIALS = "officials", _("Cán bộ, công chức, viên chức")

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("nội dung"), max_length=200)
    group = models.CharField(_("đối tượng"), max_length=15, choices=Group)
    basis = models.CharField(_("căn cứ"), max_length=200, blank=True)
    total = models.PositiveIntegerField(_("tổng số người"))
    effective_on = models.DateField(_("áp dụng từ ngày"))
    saved_at = models.DateTimeField()
    saved_by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.title


class DistributionShare(models.Model):
    """What one unit receives."""

    distribution = models.ForeignKey(Distribution, on_delete=models.CASCADE, related_name="shares")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    persons = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="share_once", fields=["distribution", "unit"]),
            models.CheckConstraint(name="share_of_someone", condition=Q(persons__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.persons}"
