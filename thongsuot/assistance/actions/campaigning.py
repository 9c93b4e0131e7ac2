"""Campaigns and their teams."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.assistance import events
from thongsuot.assistance.actions import errors
from thongsuot.assistance.actions.common import refuse, save_once, words_of
from thongsuot.assistance.models import Campaign, Team
from thongsuot.assistance.rules import ARRANGE
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.units import queries as units

MOST = 10_000_000
A_WHILE = 731  # days


@command
def start_campaign(
    city_id: int, *, name: str, starts_on: date, days: int, targets: dict[str, int], actor: Actor, at: datetime
) -> Campaign:
    """targets   people, accounts, dossiers. Raises NotYourDuty, BadInput, CampaignNamed."""
    actor.must(ARRANGE, unit_id=city_id)
    said = _clean(name, days, targets)
    if abs((starts_on - timezone.localdate(at)).days) > A_WHILE:
        raise BadInput({"starts_on": _("Ngày bắt đầu cách hôm nay quá hai năm. Hãy xem lại.")})
    if Campaign.objects.filter(city=city_id, name=said["name"], starts_on=starts_on).exists():
        raise errors.CampaignNamed
    one = Campaign(city_id=city_id, starts_on=starts_on, made_at=at, **said)
    save_once(one, errors.CampaignNamed())
    record(events.CAMPAIGN_STARTED, one, actor=actor, at=at, unit_id=city_id, starts_on=starts_on, days=days, **targets)
    return one


@command
def change_campaign(campaign_id: int, *, name: str, days: int, targets: dict[str, int], actor: Actor, at: datetime) -> Campaign:
    """Raises NotFound, NotYourDuty, BadInput, CampaignNamed."""
    one = must_exist(Campaign.objects.select_for_update().filter(pk=campaign_id).first())
    actor.must(ARRANGE, unit_id=one.city_id)
    for field, value in _clean(name, days, targets).items():
        setattr(one, field, value)
    save_once(one, errors.CampaignNamed())
    record(events.CAMPAIGN_CHANGED, one, actor=actor, at=at, unit_id=one.city_id, days=days, **targets)
    return one


def _clean(name: str, days: int, targets: dict[str, int]) -> dict[str, Any]:
    problems: dict[str, str] = {}
    said: dict[str, Any] = {"name": words_of(name, "name", problems, most=200), "days": days}
    if not 1 <= days <= 366:
        problems["days"] = _("Một đợt dài từ 1 đến 366 ngày.")
    for key in ("people", "accounts", "dossiers"):
        said[f"target_{key}"] = targets.get(key, -1)
        if not 0 <= said[f"target_{key}"] <= MOST:
            problems[key] = _("Ghi một số từ 0 trở lên.")
    refuse(problems)
    return said


@command
def form_team(campaign_id: int, *, point_id: int, name: str, actor: Actor, at: datetime) -> Team:
    """At a point, by who manages its unit's helpers. Raises NotFound, NotYourDuty, BadInput, CampaignNamed."""
    one = must_exist(Campaign.objects.filter(pk=campaign_id).first())
    house_id, unit_id = units.house_of(point_id), units.unit_of_point(point_id)
    actor.must(ARRANGE, unit_id=unit_id)
    problems: dict[str, str] = {}
    name = words_of(name, "name", problems, most=120)
    refuse(problems)
    if Team.objects.filter(campaign=one, point=house_id, name=name).exists():
        raise errors.CampaignNamed
    team = Team(campaign=one, unit_id=unit_id, point_id=house_id, name=name)
    save_once(team, errors.CampaignNamed())
    record(events.TEAM_FORMED, team, actor=actor, at=at, unit_id=unit_id, campaign=one.pk)
    return team
