"""What a unit that ends holds of counters: nothing of its own. They stand in a house, and the house goes on (units.points)."""

from __future__ import annotations

from thongsuot.units.moves import stays

stays(
    tuple(
        f"counters.{name}.point"
        for name in (
            *("Queue", "Counter", "Ticket", "Device", "OpeningHours", "OpeningException", "HallSettings", "Section"),
            *("Premises", "Equipment", "RosterEntry", "VoiceSet"),
        )
    ),
    "they belong to the house, which goes on as a point of the successor; whoever runs that serves them, from the same instant",
)
