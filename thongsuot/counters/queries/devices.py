"""Machines of a hall: which are there, and which one holds a key."""

from __future__ import annotations

import hashlib

from thongsuot.counters.models import Device
from thongsuot.kernel.actor import Actor

COOKIE = "thiet_bi"  # where a machine's browser holds its key
YEAR = 365 * 24 * 3600
VIA = {Device.Kind.KIOSK: "kiosk", Device.Kind.RATING: "rating"}


def digest(secret: str) -> str:
    """As which a code or a key is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def by_key(key: str) -> Device | None:
    """The machine whose browser holds the key. One query; none without a key."""
    if not key:
        return None
    return Device.objects.filter(key_digest=digest(key), retired_at=None).select_related("counter").first()


def as_actor(device: Device) -> Actor:
    """Whoever stands at it stays unknown: the machine acts."""
    return Actor(person_id=None, name=device.name, via=VIA[Device.Kind(device.kind)])


def devices_of(house_id: int) -> list[Device]:
    """Those in use, by name. One query."""
    return list(Device.objects.filter(point=house_id, retired_at=None).select_related("counter").order_by("name", "pk"))
