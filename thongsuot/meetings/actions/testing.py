"""Test calls: the hub notes them, or the site itself."""

from __future__ import annotations

from datetime import datetime

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.meetings import events
from thongsuot.meetings.actions.common import conference_of, locked_conference, locked_site, still_asked, words_of
from thongsuot.meetings.models import Conference, SiteTest
from thongsuot.meetings.rules import ATTEND, HOLD


@command
def note_test(
    site_id: int, *, picture_ok: bool, sound_ok: bool, line_ok: bool, note: str = "", actor: Actor, at: datetime
) -> SiteTest:
    """The latest one counts. Raises NotFound, NotYourDuty, ConferenceNotThere, SiteLeftOut, BadInput."""
    conference = locked_conference(conference_of(site_id))
    site = locked_site(site_id)
    if not actor.may(HOLD, unit_id=conference.city_id):
        actor.must(ATTEND, unit_id=site.unit_id)
    locked_conference(conference.pk, Conference.State.PLANNED, Conference.State.RUNNING)
    still_asked(site)
    test = SiteTest.objects.create(
        site=site,
        at=at,
        picture_ok=picture_ok,
        sound_ok=sound_ok,
        line_ok=line_ok,
        note=words_of(note, "note", most=300, required=False),
        by_name=actor.name,
    )
    record(events.SITE_TESTED, site, actor=actor, at=at, unit_id=site.unit_id, test=test.pk, passed=test.passed)
    return test
