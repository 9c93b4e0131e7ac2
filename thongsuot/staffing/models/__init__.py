"""Posts and plans, persons on their way to a place, those who leave, and what is dealt out to units."""

from thongsuot.staffing.models.leaving import LeaveCase, LeaveRate, LeaveStep
from thongsuot.staffing.models.persons import Placement, PlacementApproval, StaffMember
from thongsuot.staffing.models.posts import (
    Distribution,
    DistributionShare,
    JobPosition,
    PlannedPost,
    StaffImport,
    StaffingPlan,
)

__all__ = [
    "Distribution",
    "DistributionShare",
    "JobPosition",
    "LeaveCase",
    "LeaveRate",
    "LeaveStep",
    "Placement",
    "PlacementApproval",
    "PlannedPost",
    "StaffImport",
    "StaffMember",
    "StaffingPlan",
]
