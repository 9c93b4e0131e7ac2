"""What a unit that ends holds here: nothing goes to a successor (units.moves)."""

from thongsuot.units.moves import stays

stays(
    ("procedures.Competence.city", "procedures.Competence.unit", "procedures.CatalogueImport.city"),
    "a right of one unit ends with it; those of every unit of its level hold for the successor by themselves",
)
