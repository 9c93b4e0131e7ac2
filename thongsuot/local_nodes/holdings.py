"""What a unit that ends holds of local nodes: nothing of its own. A node stands in a house (counters/holdings.py)."""

from __future__ import annotations

from thongsuot.units.moves import stays

stays(
    ("local_nodes.LocalNode.point",), "it stands in the house, which goes on as a point of the successor with all its counters"
)
