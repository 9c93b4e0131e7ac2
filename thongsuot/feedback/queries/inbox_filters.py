"""What of the desks' lists of tickets is shown, as an address says it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from thongsuot.feedback.words import Channel, Stream, Urgency
from thongsuot.kernel.text import search_key
from thongsuot.kernel.working_time import DAY, start_of

# The full-text index has this very expression.
_HAS_WORDS = "to_tsvector('simple'::regconfig, COALESCE(t.search_key, '')) @@ plainto_tsquery('simple'::regconfig, %(words)s)"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What of a list is shown, as its address says it."""

    category: int | None = None
    urgency: str = ""
    channel: str = ""
    stream: str = ""
    ward: int | None = None
    words: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def any(self) -> bool:
        return self != Filters()

    def sql(self, parameters: dict[str, Any]) -> str:
        parts = ["TRUE"]
        named: dict[str, Any] = {"category_id": self.category, "place_unit_id": self.ward}
        named |= {"urgency": self.urgency, "channel": self.channel, "stream": self.stream}
        for column, value in named.items():
            if value:
                parts.append(f"t.{column} = %(f_{column})s")
                parameters[f"f_{column}"] = value
        if self.first:
            parts.append("t.reported_at >= %(first)s")
            parameters["first"] = start_of(self.first)
        if self.last:
            parts.append("t.reported_at < %(last)s")
            parameters["last"] = start_of(self.last + DAY)
        if number := number_in(self.words):
            parts.append("t.number = %(number)s")
            parameters["number"] = number
        elif words := search_key(self.words):
            parts.append(_HAS_WORDS)
            parameters["words"] = words[:200]
        return " AND ".join(parts)


_NUMBER = re.compile(r"(?:PA|THU)\d{2}-\d{2}-\d{6,}", re.IGNORECASE)


def number_in(text: str) -> str:
    """The number of a ticket, when that is what was typed."""
    return text.strip().upper() if _NUMBER.fullmatch(text.strip()) else ""


def filters_from(asked: dict[str, str], *, number_of: Any, day_of: Any) -> Filters:
    """What an address asks for; nonsense is left out."""

    def among(name: str, known: Collection[str]) -> str:
        return asked.get(name, "") if asked.get(name, "") in known else ""

    return Filters(
        category=number_of(asked.get("linh_vuc", "")) or None,
        urgency=among("muc", Urgency.values),
        channel=among("kenh", Channel.values),
        stream=among("luong", Stream.values),
        ward=number_of(asked.get("phuong", "")) or None,
        words=asked.get("q", "").strip()[:200],
        first=day_of(asked.get("tu", "")),
        last=day_of(asked.get("den", "")),
    )
