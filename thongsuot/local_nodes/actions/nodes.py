"""A node is set up by who arranges the counters of its point, and joined by a code that is typed at it, once."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from thongsuot.counters.actions.common import locked_house, must_work_in
from thongsuot.counters.queries.devices import digest
from thongsuot.counters.rules import ARRANGE
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.codes import new_code
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.local_nodes import events
from thongsuot.local_nodes.actions import errors
from thongsuot.local_nodes.models import LocalNode
from thongsuot.local_nodes.rules import FIRST_NUMBER, JOINING
from thongsuot.units import queries as units

NAME_AT_MOST, ADDRESS_AT_MOST = 80, 200
LATEST_NUMBER = 9_000


class Joinable(NamedTuple):
    """`code` is nowhere kept: who loses it asks for another."""

    node: LocalNode
    code: str


class Joined(NamedTuple):
    """`key` is kept by the node alone."""

    node: LocalNode
    key: str


@command
def set_up_node(
    point_id: int, *, name: str, address: str, first_number: int = FIRST_NUMBER, actor: Actor, at: datetime
) -> Joinable:
    """Raises NotFound, NotYourDuty, BadInput, NodeThere."""
    house_id = units.house_of(point_id)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    name, address = one_line(name), one_line(address).rstrip("/")
    problems = {}
    if not name or len(name) > NAME_AT_MOST:
        problems["name"] = _("Chưa có tên máy. Hãy đặt tên theo chỗ đứng, ví dụ: Máy ở phòng máy chủ.")
    if not _is_address(address):
        problems["address"] = _("Địa chỉ trong mạng của điểm, ví dụ: http://192.168.1.10:8000")
    if not FIRST_NUMBER <= first_number <= LATEST_NUMBER:
        problems["first_number"] = _("Số đầu tiên từ %(first)s đến %(last)s.") % {"first": FIRST_NUMBER, "last": LATEST_NUMBER}
    if problems:
        raise BadInput(problems)
    if LocalNode.objects.filter(point=house_id, retired_at=None).exists():
        raise errors.NodeThere
    code = new_code("NUT")
    node = LocalNode.objects.create(
        point_id=house_id,
        name=name,
        address=address,
        first_number=first_number,
        made_at=at,
        joining_digest=digest(code),
        joining_until=at + JOINING,
    )
    record(events.SET_UP, node, actor=actor, at=at, unit_id=unit_id, address=address)
    return Joinable(node, code)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and not (parts.path or parts.query or parts.fragment or parts.username or len(text) > ADDRESS_AT_MOST)
        )
    except ValueError:
        return False


@command
def ask_node_to_join_again(node_id: int, *, actor: Actor, at: datetime) -> Joinable:
    """For a new machine in its place: the old key ends when the new code is used. Raises NotFound, NotYourDuty."""
    node, unit_id = _arranged(node_id, actor=actor, at=at)
    code = new_code("NUT")
    node.joining_digest, node.joining_until = digest(code), at + JOINING
    node.save(update_fields=["joining_digest", "joining_until"])
    record(events.CODE_GIVEN, node, actor=actor, at=at, unit_id=unit_id)
    return Joinable(node, code)


@command
def join_node(code: str, *, actor: Actor, at: datetime) -> Joined:
    """By the machine itself. A code joins one machine, once, and its database is a new one. Raises WrongNodeCode."""
    written = one_line(code).upper().replace(" ", "-")
    node = LocalNode.objects.select_for_update().filter(joining_digest=digest(written), retired_at=None).first()
    if node is None or node.joining_until <= at:
        raise errors.WrongNodeCode
    key = secrets.token_urlsafe(32)
    node.key_digest, node.joined_at, node.joining_until, node.heard_at = digest(key), at, at, at
    node.database, node.taken_up_to, node.asleep, node.trouble = uuid.uuid4().hex, 0, False, ""
    node.save()
    record(events.JOINED, node, actor=actor, at=at, unit_id=units.unit_of_point(node.point_id))
    return Joined(node, key)


@command
def retire_node(node_id: int, *, actor: Actor, at: datetime) -> LocalNode:
    """It is given nothing and believed nothing any more. Raises NotFound, NotYourDuty."""
    node, unit_id = _arranged(node_id, actor=actor, at=at)
    node.retired_at, node.key_digest = at, ""
    node.save(update_fields=["retired_at", "key_digest"])
    record(events.RETIRED, node, actor=actor, at=at, unit_id=unit_id, name=node.name)
    return node


def hear(node_id: int, *, asleep: bool, at: datetime) -> None:
    """It asked. No event: it asks every two seconds."""
    seen = LocalNode.objects.filter(pk=node_id)
    # A row that changes twice a second for each of a hundred nodes is worth a question first.
    lately = seen.filter(asleep=asleep, heard_at__gt=at - timedelta(seconds=15))
    if not lately.exists():
        seen.update(heard_at=at, asleep=asleep)


def tell_trouble(node_id: int, why: str) -> None:
    """Its lines were refused, and who arranges the counters sees why. No event: it tells them again every two seconds."""
    LocalNode.objects.filter(pk=node_id).exclude(trouble=why[:300]).update(trouble=why[:300])


def _arranged(node_id: int, *, actor: Actor, at: datetime) -> tuple[LocalNode, int]:
    node = must_exist(LocalNode.objects.select_for_update().filter(pk=node_id, retired_at=None).first())
    return node, must_work_in(node.point_id, ARRANGE, actor=actor, at=at)
