"""Who is being placed, where each stands, and the cases that move them from one state to the next."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.text import search_key, sort_key
from thongsuot.staffing.models.posts import JobPosition, Qualification, StaffImport


class State(models.TextChoices):
    """Where a person stands in the reorganisation: every one in exactly one of these."""

    WAITING = "waiting", _("Dôi dư, chưa bố trí")
    ASSIGNED = "assigned", _("Bố trí ở đơn vị mới")
    DEPARTMENT = "department", _("Chuyển về sở, ngành")
    SECONDED = "seconded", _("Biệt phái")
    CONTRACT = "contract", _("Hợp đồng")
    EARLY_RETIREMENT = "early_retirement", _("Nghỉ hưu trước tuổi")
    LEAVES = "leaves", _("Thôi việc")


class StaffMember(models.Model):
    """A person in the reorganisation. `person` is the account, if any; pay and insured time stand in leave cases alone.

    unit      where the person works, or worked last; `position` the post held there, if it is one of the catalogue
    old_unit  where from: the pool is listed by it
    until     the first day on which the time of a secondment or a contract has run out: no longer present from then on
    party_managed   holds a post of the Party's beside, or without, a position of the catalogue
    """

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    old_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(JobPosition, null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(null=True)
    party_managed = models.BooleanField(default=False)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    full_name = models.CharField(_("họ tên"), max_length=200)
    search_name = models.CharField(max_length=200, editable=False)
    sort_name = models.CharField(max_length=420, editable=False)
    email = models.EmailField(_("thư điện tử"), blank=True)
    old_title = models.CharField(_("chức danh cũ"), max_length=200, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    waiting_since = models.DateField(null=True, help_text="when the person came into the pool; kept after leaving it")
    qualification = models.CharField(_("trình độ"), max_length=1, choices=Qualification, default=Qualification.UNIVERSITY)
    fields = ArrayField(models.CharField(max_length=60), default=list, help_text="of work the person knows")
    years_in_field = models.PositiveSmallIntegerField(_("số năm trong lĩnh vực"), default=0)
    wish_unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(StaffImport, null=True, on_delete=models.PROTECT, related_name="members")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="staff_member_person_once", fields=["person"]),
            models.UniqueConstraint(name="staff_member_email_once", fields=["city", "email"], condition=~Q(email="")),
            models.CheckConstraint(
                name="staff_member_state",
                condition=Q(
                    state__in=[
                        "waiting",
                        "assigned",
                        "department",
                        "seconded",
                        "contract",
                        "early_retirement",
                        "leaves",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="staff_member_waits_without_post",
                condition=~Q(state="waiting") | Q(position__isnull=True, waiting_since__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="staff_member_unit", fields=["unit", "state"]),
            models.Index(name="staff_member_old_unit", fields=["old_unit", "state"]),
        ]

    def __str__(self) -> str:
        return f"staff member {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.keys()
        super().save(*args, **kwargs)

    def keys(self) -> None:
        self.search_name, self.sort_name = search_key(self.full_name)[:200], sort_key(self.full_name)[:420]


class Placement(models.Model):
    """One case of one person: proposed, approved, decided, in effect from the first instant of a day. Vietnamese: bố trí."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Chờ duyệt")
        APPROVED = "approved", _("Đã duyệt, chờ quyết định")
        DECIDED = "decided", _("Đã có quyết định")
        IN_EFFECT = "in_effect", _("Đã có hiệu lực")
        REFUSED = "refused", _("Không duyệt")
        WITHDRAWN = "withdrawn", _("Đã rút")

    OPEN = (Status.PROPOSED, Status.APPROVED, Status.DECIDED)

    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="placements")
    becomes = models.CharField(max_length=16, choices=State)
    from_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    to_body = models.ForeignKey("units.Body", null=True, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(JobPosition, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("chức danh"), max_length=200, blank=True)
    party_managed = models.BooleanField(default=False, help_text="the new post or the one held, when it was proposed")
    party_post = models.BooleanField(default=False, help_text="the new post is one that the Party manages")
    keeps_posts = models.BooleanField(_("giữ các chức vụ đang có"), default=False)
    effective_on = models.DateField(_("từ ngày"))
    until = models.DateField(_("đến trước ngày"), null=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.PROPOSED)
    note = models.CharField(_("lý do đề xuất"), max_length=500, blank=True)
    closed_reason = models.CharField(max_length=500, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_by_name = models.CharField(max_length=200)
    decision_number = models.CharField(_("số quyết định"), max_length=60, blank=True)
    decided_by = models.CharField(_("cơ quan quyết định"), max_length=200, blank=True)
    decided_on = models.DateField(_("ngày quyết định"), null=True)
    took_effect_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=500, blank=True, help_text="why it could not take effect on its day")
    appointment = models.ForeignKey("people.Appointment", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="placement_one_open", fields=["member"], condition=Q(status__in=["proposed", "approved", "decided"])
            ),
            models.CheckConstraint(
                name="placement_decided_by_a_document",
                condition=~Q(status__in=["decided", "in_effect"])
                | (Q(decided_on__isnull=False) & ~Q(decision_number="") & ~Q(decided_by="")),
            ),
            models.CheckConstraint(
                name="placement_effect_once",
                condition=Q(status="in_effect", took_effect_at__isnull=False)
                | (~Q(status="in_effect") & Q(took_effect_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(name="placement_due", fields=["status", "effective_on"])]

    def __str__(self) -> str:
        return f"placement {self.pk}"


class PlacementApproval(models.Model):
    """One side's yes. Each side once, and no person for both."""

    class Side(models.TextChoices):
        GOVERNMENT = "government", _("Chính quyền (Sở Nội vụ)")
        PARTY = "party", _("Đảng (Ban Tổ chức)")

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="approvals")
    side = models.CharField(max_length=10, choices=Side)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="approval_side_once", fields=["placement", "side"]),
            models.UniqueConstraint(name="approval_one_hand_one_side", fields=["placement", "by"]),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.side}"
