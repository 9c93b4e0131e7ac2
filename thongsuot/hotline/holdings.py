"""What a unit that ends holds of the hotline: nothing. It is the city's; a call handed on stays with the unit it went to."""

from __future__ import annotations

from thongsuot.units.moves import stays

stays(
    tuple(f"hotline.{name}.city" for name in ("HotlineLine", "HotlineSetting", "CallScript", "Call")),
    "the city that runs the hotline",
)
stays("hotline.CallTransfer.unit", "the unit that was rung on that day: what it did with it is in tickets, which move")
