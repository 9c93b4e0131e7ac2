"""What a changeover itself says of units stays as it was (units.moves)."""

from thongsuot.units.moves import stays

stays("handover.Changeover.city", "where it was steered from")
stays(
    ("handover.Transfer.from_unit", "handover.Transfer.to_unit", "handover.TransferCount.from_unit"),
    "who handed over to whom; a later changeover has transfers of its own",
)
