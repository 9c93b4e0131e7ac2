"""What the pages share: who comes in, what words and signs a state has."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.meetings.queries.board import Line, Tested
from thongsuot.meetings.rules import HOLD
from thongsuot.meetings.words import lasting, second
from thongsuot.units import queries as units
from thongsuot.units.queries import UnitRow
from thongsuot.web.request import actor_of

# Of a conference, a line, a test: which sign, which words.
STATE_TAGS = {"planned": "new", "running": "go", "ended": "end", "cancelled": "bad"}
LINE_WORDS: dict[Line, Promise] = {
    Line.CONNECTED: _("Đang nối"),
    Line.LOST: _("Mất đường truyền"),
    Line.ABSENT: _("Chưa vào"),
}
TEST_WORDS: dict[Tested, Promise] = {
    Tested.PASSED: _("Đã thử đạt"),
    Tested.FAILED: _("Thử chưa đạt"),
    Tested.NEVER: _("Chưa thử"),
}

# What every template here may use.
WORDS: dict[str, Any] = {
    "line_words": LINE_WORDS,
    "test_words": TEST_WORDS,
    "tags": STATE_TAGS,
    "lasting": lasting,
    "since": second,
}


def hub_actor(request: HttpRequest) -> tuple[Actor, UnitRow]:
    """An operator of the city's hub, and the city. Raises NotYourDuty."""
    actor = actor_of(request)
    return actor, units.city_of_duty(actor, HOLD, on=clock.today())
