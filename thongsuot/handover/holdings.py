"""What a changeover itself says of units stays as it was (units.moves)."""

from thongsuot.units.moves import stays

stays("handover.Changeover.city", "where it was steered from")
stays(
    ("handover.Transfer.from_unit", "handover.Transfer.to_unit", "handover.TransferCount.from_unit"),
    "who handed over to whom; a later changeover has transfers of its own",
)
stays(
    (
        "handover.Representative.unit",
        "handover.Sheet.unit",
        "handover.Box.unit",
        "handover.Box.to_unit",
        "handover.Item.unit",
        "handover.Item.to_unit",
        "handover.HeadCount.from_unit",
        "handover.HeadCount.to_unit",
        "handover.NewSeal.unit",
        "handover.HandoverMinutes.from_unit",
        "handover.HandoverMinutes.to_unit",
    ),
    "lists, boxes and minutes are between the units of that day",
)
