"""Is the line of a site there? A beat every 3 seconds from 126 sites: one statement each, no history, gaps kept as rows."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import must_exist
from thongsuot.meetings import events
from thongsuot.meetings.actions.common import conference_of, locked_conference, locked_site, phone_of, still_asked
from thongsuot.meetings.models import Conference, Site
from thongsuot.meetings.rules import ATTEND, silent_since

# The gap is counted from the last beat, or from the start of the conference when there was none since. Before the start nothing
# is kept. Of two pages that come back at once the second waits for the row, reads the new beat and finds no gap.
_BEAT = """
WITH here AS (
SELECT s.id, greatest(coalesce(s.seen_at, c.started_at), c.started_at) AS heard, c.state
  FROM meetings_site s JOIN meetings_conference c ON c.id = s.conference_id
 WHERE s.id = %(site)s AND c.state IN ('planned', 'running') AND NOT s.left_out
   FOR UPDATE OF s
), gap AS (
INSERT INTO meetings_drop (site_id, from_at, until_at)
SELECT id, heard, %(at)s FROM here WHERE state = 'running' AND heard < %(silent)s
    ON CONFLICT (site_id, from_at) DO NOTHING
)
UPDATE meetings_site s SET seen_at = greatest(s.seen_at, %(at)s) FROM here WHERE s.id = here.id
"""
_LAST_GAPS = """
WITH here AS (
SELECT s.id, greatest(coalesce(s.seen_at, c.started_at), c.started_at) AS heard
  FROM meetings_site s JOIN meetings_conference c ON c.id = s.conference_id
 WHERE c.id = %(conference)s AND NOT s.left_out
   FOR UPDATE OF s
)
INSERT INTO meetings_drop (site_id, from_at, until_at)
SELECT id, heard, %(at)s FROM here WHERE heard < %(silent)s
    ON CONFLICT (site_id, from_at) DO NOTHING
"""


def beat(site_id: int, *, actor: Actor, at: datetime) -> bool:
    """The page of a site is there. No command: 42 events a second would tell nothing that the gaps do not.

    Returns whether somebody listens: not after the end, nor to a site that was left out. Raises NotFound, NotYourDuty.
    """
    unit_id = must_exist(Site.objects.filter(pk=site_id).values_list("unit_id", flat=True).first())
    actor.must(ATTEND, unit_id=unit_id)
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, {"site": site_id, "at": at, "silent": silent_since(at)})
        return bool(cursor.rowcount)


def keep_last_gaps(conference: Conference, *, at: datetime) -> None:
    """Lines that are gone when the conference ends were away until then."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_GAPS, {"conference": conference.pk, "at": at, "silent": silent_since(at)})


@command
def join_site(site_id: int, *, backup_phone: str, actor: Actor, at: datetime) -> Site:
    """Somebody sits at the site, and can be called when its line is gone. Another may take over.

    Raises NotFound, NotYourDuty, ConferenceNotThere, SiteLeftOut, BadInput.
    """
    locked_conference(conference_of(site_id), Conference.State.PLANNED, Conference.State.RUNNING)
    site = locked_site(site_id)
    actor.must(ATTEND, unit_id=site.unit_id)
    still_asked(site)
    site.backup_phone = phone_of(backup_phone, "backup_phone")
    site.operator_name, site.joined_at = actor.name, at
    site.save(update_fields=["backup_phone", "operator_name", "joined_at"])
    record(events.SITE_JOINED, site, actor=actor, at=at, unit_id=site.unit_id, conference=site.conference_id)
    return site
