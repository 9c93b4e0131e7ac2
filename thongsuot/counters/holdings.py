"""What a unit that ends holds of counters: nothing of its own. They stand in a house, and the house goes on (units.points)."""

from __future__ import annotations

from thongsuot.units.moves import stays

stays(
    ("counters.Queue.point", "counters.Counter.point", "counters.Ticket.point", "counters.Device.point"),
    "they belong to the house, which goes on as a point of the successor; whoever runs that serves them, from the same instant",
)
