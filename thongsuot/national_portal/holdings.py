"""What a unit that ends holds here: nothing goes to a successor (units.moves)."""

from thongsuot.units.moves import stays

stays(
    ("national_portal.Lane.unit", "national_portal.UnitAccess.unit"),
    "where a message goes out: the next one of a dossier goes by the unit that has it then",
)
