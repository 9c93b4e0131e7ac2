"""What came in by Open311."""

from __future__ import annotations

from thongsuot.open311.models import SentRequest


def sent_by_token(token: str, *, city_id: int) -> str | None:
    """The number of the request a token was given for."""
    found = SentRequest.objects.filter(token=token, ticket__city_id=city_id)
    return found.values_list("ticket__number", flat=True).first()
