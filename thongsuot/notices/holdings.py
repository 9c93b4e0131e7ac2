"""What a unit that ends holds here: nothing goes to a successor (units.moves)."""

from thongsuot.units.moves import stays

stays("notices.Notice.unit", "on whose behalf it was written; what still waits is sent all the same")
