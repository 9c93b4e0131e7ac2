"""What pages and others ask about local nodes."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from thongsuot.counters.queries.devices import digest
from thongsuot.local_nodes.models import LocalNode, Standing
from thongsuot.local_nodes.rules import CUT_AFTER


def node_of(house_id: int) -> LocalNode | None:
    """The one in use."""
    return LocalNode.objects.filter(point=house_id, retired_at=None).first()


def by_key(key: str) -> LocalNode | None:
    return LocalNode.objects.filter(key_digest=digest(key), retired_at=None).first() if key else None


def cut_off(node: LocalNode, at: datetime) -> bool:
    """Nothing was heard of it for a while, and it had not said goodbye."""
    return node.heard_at is not None and not node.asleep and at - node.heard_at > CUT_AFTER


def standing() -> Standing | None:
    """In a node: how it stands."""
    return Standing.objects.first()


def pass_for(device_id: int, key_digest: str) -> str:
    """With which a machine of the hall, known to the city, is known at the node: both know the digest of the node's key."""
    return salted_hmac("local_nodes.machine", str(device_id), secret=key_digest, algorithm="sha256").hexdigest()


def is_pass(written: str, device_id: int, key_digest: str) -> bool:
    return constant_time_compare(written, pass_for(device_id, key_digest))


class NodesOfHouses:
    """What counters ask (counters/away.py)."""

    def address(self, house_id: int, path: str, device_id: int | None) -> str:
        node = node_of(house_id)
        if node is None or node.heard_at is None:
            return ""
        if device_id is None:
            return node.address + path
        said = {"may": device_id, "ve": pass_for(device_id, node.key_digest), "toi": path}
        return f"{node.address}/nut-tai-cho/may/?{urlencode(said)}"

    def page(self, point_id: int) -> tuple[str, str]:
        return _("Máy tại chỗ: khi mất đường truyền"), reverse("local_nodes:node", args=[point_id])

    def cut_off(self, house_id: int, at: datetime) -> bool:
        node = node_of(house_id)
        return node is not None and cut_off(node, at)
