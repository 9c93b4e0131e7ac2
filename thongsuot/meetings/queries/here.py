"""What a site sees of its conference: one statement, for it is asked with every beat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

_NOW = """
SELECT c.state, s.left_out, r.id, r.number, a.people, a.leader, a.by_phone, q.id, q.topic, q.given_at,
       (SELECT count(*) FROM meetings_speakrequest w
         WHERE w.conference_id = c.id AND w.over_at IS NULL AND w.given_at IS NULL AND (w.asked_at, w.id) < (q.asked_at, q.id))
  FROM meetings_site s
  JOIN meetings_conference c ON c.id = s.conference_id
  LEFT JOIN meetings_rollcall r ON r.conference_id = c.id AND r.closed_at IS NULL
  LEFT JOIN meetings_rollcallanswer a ON a.roll_call_id = r.id AND a.site_id = s.id
  LEFT JOIN meetings_speakrequest q ON q.site_id = s.id AND q.over_at IS NULL
 WHERE s.id = %s
"""


@dataclass(frozen=True, kw_only=True)
class Call:
    """The open roll call and what the site said to it; `people` None: nothing yet."""

    id: int
    number: int
    people: int | None
    leader: str
    by_phone: bool


@dataclass(frozen=True, kw_only=True)
class Word:
    """The site's open request; `before`: how many wait longer."""

    id: int
    topic: str
    given_at: datetime | None
    before: int


@dataclass(frozen=True, kw_only=True)
class Here:
    state: str
    left_out: bool
    call: Call | None
    word: Word | None


def here(site_id: int) -> Here:
    """Of a site that is there (`queries.planning.site_for`)."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW, [site_id])
        row = cursor.fetchone()
    state, left_out, call, number, people, leader, by_phone, word, topic, given_at, before = row
    return Here(
        state=state,
        left_out=left_out,
        call=Call(id=call, number=number, people=people, leader=leader or "", by_phone=bool(by_phone)) if call else None,
        word=Word(id=word, topic=topic, given_at=given_at, before=before) if word else None,
    )
