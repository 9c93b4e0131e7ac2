"""What a unit that ends holds here: nothing goes to a successor (units.moves)."""

from thongsuot.units.moves import stays

stays("personal_store.StoredPaper.issuing_unit", "who issued the paper then")
