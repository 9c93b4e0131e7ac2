"""What a unit that ends holds here: nothing goes to a successor (units.moves)."""

from thongsuot.units.moves import stays

stays(
    ("people.Appointment.body", "people.Delegation.unit"),
    "a post ends with its body, and with it who stands in; the successor appoints anew",
)
stays(
    "people.Appointment.point",
    "whoever works at the point works for the unit in which the house goes on, looked up through its points (units_points_of)",
)
