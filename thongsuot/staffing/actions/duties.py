"""What a post taken up by placement brings: what such posts usually bring, but nothing that only administrators give."""

from __future__ import annotations

from datetime import date

from thongsuot.people import rules as people_rules
from thongsuot.staffing.models import Placement


def duties_of(placement: Placement, *, on: date) -> list[str]:
    """Empty for a post without duties in this system: a driver needs no account."""
    body = placement.to_body
    if body is None:
        return []
    usual = people_rules.usual_duties(placement.title, body.kind, body.unit.level, on=on)
    return [duty for duty in usual if duty not in people_rules.OF_ADMINISTRATORS]
