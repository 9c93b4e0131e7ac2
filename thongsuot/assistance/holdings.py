"""What a unit that ends holds of helping: its agents and volunteers. What was done stays where it was done."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from thongsuot.assistance import events
from thongsuot.assistance.models import Agent, Helper
from thongsuot.units.moves import OwnRows, register, stays


class _Registered(OwnRows):
    """Whoever keeps the unit's undivided things goes on with them; what ended before the unit did stays."""

    moved, moved_back = events.MOVED, events.MOVED_BACK
    model: type[Agent] | type[Helper]

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.filter(Q(valid_to=None) | Q(valid_to__gt=F("unit__valid_to")))

    def found(self, ids: Collection[int]) -> QuerySet[Any]:
        """Also one whose end is written: of the successor, which goes on, `rows` could not tell that it outlasts it."""
        return self.model._default_manager.filter(pk__in=list(ids))


class Agents(_Registered):
    key = "assistance.agents"
    label = _("Đại lý dịch vụ công trực tuyến")
    columns = ("assistance.Agent.unit",)
    model = Agent


class Helpers(_Registered):
    key = "assistance.helpers"
    label = _("Người giúp: nhân viên đại lý, tình nguyện viên")
    columns = ("assistance.Helper.unit",)
    model = Helper


register(Agents())
register(Helpers())
stays("assistance.Consent.unit", "the log tells where somebody was helped on that day")
stays("assistance.Campaign.city", "the city that led it")
stays("assistance.Team.unit", "figures of a campaign are of the units of its days")
stays(("assistance.Team.point", "assistance.HelpShift.point"), "whoever continues the house finds its roster there")
