"""The code with which an officer comes in at a node."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.hashers import make_password

from thongsuot.counters.rules import SERVE
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.local_nodes import events
from thongsuot.local_nodes.models import HallCode
from thongsuot.local_nodes.rules import CODE_DIGITS


@command
def make_hall_code(*, actor: Actor, at: datetime) -> str:
    """One's own, told once; the one of before ends when the node hears of it. Raises NotYourDuty."""
    actor.must_somewhere(SERVE)
    if actor.person_id is None:
        raise NotYourDuty(SERVE)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    said = {"digest": make_password(code), "made_at": at}
    row, _made = HallCode.objects.update_or_create(person_id=actor.person_id, defaults=said)
    record(events.CODE_MADE, row, actor=actor, at=at)
    return code
