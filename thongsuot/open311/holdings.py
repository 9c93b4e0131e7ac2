"""When units end: keys, terms, updates and counts are the city's, and cities end by a law of their own."""

from __future__ import annotations

from thongsuot.units.moves import stays

for _column in ("ApiKey.city", "AccessTerms.city", "StatusUpdate.city", "Usage.city"):
    stays(f"open311.{_column}", "of the whole city: what a successor is to go on with is arranged there, by its own people")
