"""What a unit that ends holds here stays as it was (units.moves): a person goes to a new place by a decision of one's own."""

from thongsuot.units.moves import stays

stays(
    ("staffing.StaffingPlan.city", "staffing.StaffImport.city", "staffing.Distribution.city", "staffing.StaffMember.city"),
    "the city in which it was planned",
)
stays(
    ("staffing.PlannedPost.unit", "staffing.DistributionShare.unit"),
    "a plan says what was decided then; the successor gets a plan of its own",
)
stays(
    ("staffing.StaffMember.unit", "staffing.StaffMember.old_unit", "staffing.StaffMember.wish_unit"),
    "where a person worked, and wished to; nobody is moved with a unit, each is placed by a decision",
)
stays(
    ("staffing.Placement.from_unit", "staffing.Placement.to_body", "staffing.LeaveCase.unit"),
    "a case says from where to where it was decided",
)
