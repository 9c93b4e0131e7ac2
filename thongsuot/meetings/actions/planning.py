"""A conference from its plan to its end, and which units have a site in it."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import one_line
from thongsuot.meetings import events
from thongsuot.meetings.actions import errors
from thongsuot.meetings.actions.common import conference_of, held, locked_site, phone_of, words_of
from thongsuot.meetings.actions.presence import keep_last_gaps
from thongsuot.meetings.models import Conference, RollCall, Site, SpeakRequest
from thongsuot.meetings.queries.planning import invitable, may_be_invited
from thongsuot.meetings.rules import HOLD

State = Conference.State


def _link_of(text: str) -> str:
    """Raises BadInput."""
    link = one_line(text)
    if not link:
        return ""
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or len(link) > 500 or " " in link:
        raise BadInput({"link": _("Địa chỉ phải bắt đầu bằng https://. Hãy chép lại từ hệ thống hội nghị của thành phố.")})
    return link


def _later(starts_at: datetime, at: datetime) -> datetime:
    """Raises BadInput."""
    if starts_at <= at:
        raise BadInput({"starts_at": _("Giờ bắt đầu đã qua. Hãy ghi giờ sau lúc này.")})
    return starts_at


@command
def plan_conference(
    city_id: int,
    *,
    title: str,
    starts_at: datetime,
    hub_phone: str,
    link: str = "",
    agencies: bool = False,
    actor: Actor,
    at: datetime,
) -> Conference:
    """With every commune in force on the day it is held as a site; with `agencies` those of the city too.

    Raises NotYourDuty, BadInput.
    """
    actor.must(HOLD, unit_id=city_id)
    conference = Conference.objects.create(
        city_id=city_id,
        title=words_of(title, "title", most=200),
        starts_at=_later(starts_at, at),
        link=_link_of(link),
        hub_phone=phone_of(hub_phone, "hub_phone"),
        made_at=at,
        made_by_name=actor.name,
    )
    asked = invitable(city_id, on=timezone.localtime(starts_at).date(), agencies=agencies)
    Site.objects.bulk_create([Site(conference=conference, unit_id=unit.id) for unit in asked])
    record(events.PLANNED, conference, actor=actor, at=at, unit_id=city_id, sites=len(asked))
    return conference


@command
def change_conference(
    conference_id: int, *, title: str, starts_at: datetime, hub_phone: str, link: str, actor: Actor, at: datetime
) -> Conference:
    """While it runs, words, link and telephone only: it has started when it did.

    Raises NotFound, NotYourDuty, ConferenceNotThere, BadInput.
    """
    conference = held(conference_id, State.PLANNED, State.RUNNING, actor=actor)
    if conference.state == State.PLANNED and starts_at != conference.starts_at:
        conference.starts_at = _later(starts_at, at)
    conference.title = words_of(title, "title", most=200)
    conference.link = _link_of(link)
    conference.hub_phone = phone_of(hub_phone, "hub_phone")
    conference.save(update_fields=["title", "starts_at", "link", "hub_phone"])
    record(events.CHANGED, conference, actor=actor, at=at, unit_id=conference.city_id)
    return conference


@command
def add_site(conference_id: int, *, unit_id: int, actor: Actor, at: datetime) -> Site:
    """A unit of the city that was left out, or an agency. Raises NotFound, NotYourDuty, ConferenceNotThere, AlreadyASite."""
    conference = held(conference_id, State.PLANNED, actor=actor)
    if not may_be_invited(unit_id, conference):
        raise BadInput({"unit": _("Đơn vị này không thuộc thành phố vào ngày họp. Hãy chọn trong danh sách.")})
    site = Site.objects.filter(conference=conference, unit_id=unit_id).order_by("left_out", "pk").first()
    if site is not None and not site.left_out:
        raise errors.AlreadyASite
    if site is None:
        site = Site.objects.create(conference=conference, unit_id=unit_id)
    else:
        site.left_out = False
        site.save(update_fields=["left_out"])
    record(events.SITE_ADDED, site, actor=actor, at=at, unit_id=unit_id, conference=conference.pk)
    return site


@command
def leave_out_site(site_id: int, *, actor: Actor, at: datetime) -> Site:
    """Its tests stay with it; it can be added again. Raises NotFound, NotYourDuty, ConferenceNotThere, SiteLeftOut."""
    conference = held(conference_of(site_id), State.PLANNED, actor=actor)
    site = locked_site(site_id)
    if site.left_out:
        raise errors.SiteLeftOut
    site.left_out = True
    site.save(update_fields=["left_out"])
    record(events.SITE_LEFT_OUT, site, actor=actor, at=at, unit_id=site.unit_id, conference=conference.pk)
    return site


@command
def start_conference(conference_id: int, *, actor: Actor, at: datetime) -> Conference:
    """From now on gaps of lines are kept. Raises NotFound, NotYourDuty, ConferenceNotThere, NoSites."""
    conference = held(conference_id, State.PLANNED, actor=actor)
    if not conference.sites.filter(left_out=False).exists():
        raise errors.NoSites
    conference.state, conference.started_at, conference.started_by_name = State.RUNNING, at, actor.name
    conference.save(update_fields=["state", "started_at", "started_by_name"])
    record(events.STARTED, conference, actor=actor, at=at, unit_id=conference.city_id)
    return conference


@command
def end_conference(conference_id: int, *, actor: Actor, at: datetime) -> Conference:
    """What is open ends with it: the roll call, the word, the gaps of lines that are gone.

    Raises NotFound, NotYourDuty, ConferenceNotThere.
    """
    conference = held(conference_id, State.RUNNING, actor=actor)
    keep_last_gaps(conference, at=at)
    RollCall.objects.filter(conference=conference, closed_at=None).update(closed_at=at, closed_by_name=actor.name)
    SpeakRequest.objects.filter(conference=conference, over_at=None).update(over_at=at)
    conference.state, conference.ended_at, conference.ended_by_name = State.ENDED, at, actor.name
    conference.save(update_fields=["state", "ended_at", "ended_by_name"])
    record(events.ENDED, conference, actor=actor, at=at, unit_id=conference.city_id)
    return conference


@command
def cancel_conference(conference_id: int, *, actor: Actor, at: datetime) -> Conference:
    """One that has not started. Raises NotFound, NotYourDuty, ConferenceNotThere."""
    conference = held(conference_id, State.PLANNED, actor=actor)
    conference.state, conference.ended_at, conference.ended_by_name = State.CANCELLED, at, actor.name
    conference.save(update_fields=["state", "ended_at", "ended_by_name"])
    record(events.CANCELLED, conference, actor=actor, at=at, unit_id=conference.city_id)
    return conference
