"""Who speaks: sites ask, the hub gives the word in the order they asked, or to whom it wants; one at a time."""

from __future__ import annotations

from datetime import datetime

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import must_exist
from thongsuot.meetings import events
from thongsuot.meetings.actions import errors
from thongsuot.meetings.actions.common import conference_of, held, locked_conference, locked_site, still_asked, words_of
from thongsuot.meetings.models import Conference, SpeakRequest
from thongsuot.meetings.rules import ATTEND


@command
def ask_to_speak(site_id: int, *, topic: str, actor: Actor, at: datetime) -> SpeakRequest:
    """One request of a site waits at a time. Raises NotFound, NotYourDuty, ConferenceNotThere, SiteLeftOut, AlreadyAsked."""
    conference = locked_conference(conference_of(site_id))
    site = locked_site(site_id)
    actor.must(ATTEND, unit_id=site.unit_id)
    if conference.state != Conference.State.RUNNING:
        raise errors.ConferenceNotThere(conference.state)
    still_asked(site)
    if SpeakRequest.objects.filter(site=site, over_at=None).exists():
        raise errors.AlreadyAsked
    asked = SpeakRequest.objects.create(
        conference=conference,
        site=site,
        topic=words_of(topic, "topic", most=200),
        asked_at=at,
        asked_by_name=actor.name,
    )
    record(events.WORD_ASKED, site, actor=actor, at=at, unit_id=site.unit_id, request=asked.pk)
    return asked


@command
def withdraw_request(request_id: int, *, actor: Actor, at: datetime) -> SpeakRequest:
    """By the site, until it has the word. Raises NotFound, NotYourDuty, RequestOver, IsSpeaking."""
    found = _found(request_id)
    locked_conference(found.conference_id)
    site = locked_site(found.site_id)
    actor.must(ATTEND, unit_id=site.unit_id)
    found.refresh_from_db()
    if found.over_at is not None:
        raise errors.RequestOver
    if found.speaks:
        raise errors.IsSpeaking
    found.over_at = at
    found.save(update_fields=["over_at"])
    record(events.WORD_WITHDRAWN, site, actor=actor, at=at, unit_id=site.unit_id, request=found.pk)
    return found


@command
def give_word(request_id: int, *, actor: Actor, at: datetime) -> SpeakRequest:
    """Of two hubs at once the first is heard. Raises NotFound, NotYourDuty, ConferenceNotThere, RequestOver, SomebodySpeaks."""
    found = _found(request_id)
    conference = held(found.conference_id, Conference.State.RUNNING, actor=actor)
    found.refresh_from_db()  # after the lock
    if found.over_at is not None:
        raise errors.RequestOver
    if SpeakRequest.objects.filter(conference=conference, given_at__isnull=False, over_at=None).exists():
        raise errors.SomebodySpeaks
    found.given_at = at
    found.save(update_fields=["given_at"])
    record(events.WORD_GIVEN, conference, actor=actor, at=at, unit_id=conference.city_id, site=found.site_id)
    return found


@command
def end_word(request_id: int, *, actor: Actor, at: datetime) -> SpeakRequest:
    """The next one can be called. Raises NotFound, NotYourDuty, RequestOver, NotSpeaking."""
    found = _found(request_id)
    conference = held(found.conference_id, actor=actor)
    found.refresh_from_db()
    if found.over_at is not None:
        raise errors.RequestOver
    if not found.speaks:
        raise errors.NotSpeaking
    found.over_at = at
    found.save(update_fields=["over_at"])
    record(events.WORD_ENDED, conference, actor=actor, at=at, unit_id=conference.city_id, site=found.site_id)
    return found


def _found(request_id: int) -> SpeakRequest:
    found = must_exist(SpeakRequest.objects.filter(pk=request_id).first())
    return found
