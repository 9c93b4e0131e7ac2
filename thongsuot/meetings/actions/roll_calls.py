"""Roll calls: the hub opens one, every site answers, the hub closes it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.meetings import events
from thongsuot.meetings.actions import errors
from thongsuot.meetings.actions.common import held, locked_conference, locked_site, still_asked, words_of
from thongsuot.meetings.models import Conference, RollCall, RollCallAnswer
from thongsuot.meetings.rules import ATTEND, HOLD, MOST_PEOPLE


@command
def open_roll_call(conference_id: int, *, actor: Actor, at: datetime) -> RollCall:
    """As many as wanted, one at a time. Raises NotFound, NotYourDuty, ConferenceNotThere, RollCallIsOpen."""
    conference = held(conference_id, Conference.State.RUNNING, actor=actor)
    if RollCall.objects.filter(conference=conference, closed_at=None).exists():
        raise errors.RollCallIsOpen
    last = RollCall.objects.filter(conference=conference).aggregate(last=Max("number"))["last"] or 0
    opened = RollCall.objects.create(conference=conference, number=last + 1, opened_at=at, opened_by_name=actor.name)
    record(events.ROLL_CALL_OPENED, conference, actor=actor, at=at, unit_id=conference.city_id, number=opened.number)
    return opened


@command
def answer_roll_call(
    roll_call_id: int, *, site_id: int, people: int, leader: str, by_phone: bool = False, actor: Actor, at: datetime
) -> RollCallAnswer:
    """While it is open an answer can be put right; the site's history keeps what was said before.

    by_phone  the hub writes down what a site told it; without, the site answers itself
    Raises NotFound, NotYourDuty, SiteLeftOut, RollCallClosed, BadInput.
    """
    conference_id = _conference_of(roll_call_id)
    conference = locked_conference(conference_id)
    site = locked_site(site_id)
    if site.conference_id != conference_id:
        raise NotFound
    if by_phone:
        actor.must(HOLD, unit_id=conference.city_id)
    else:
        actor.must(ATTEND, unit_id=site.unit_id)
    still_asked(site)
    roll_call = RollCall.objects.get(pk=roll_call_id)  # after the lock: it may have been closed meanwhile
    if roll_call.closed_at is not None:
        raise errors.RollCallClosed
    if not 0 <= people <= MOST_PEOPLE:
        raise BadInput({"people": _("Số người phải từ 0 đến %(most)s.") % {"most": MOST_PEOPLE}})
    answer, _made = RollCallAnswer.objects.update_or_create(
        roll_call=roll_call,
        site=site,
        defaults={
            "people": people,
            "leader": words_of(leader, "leader", most=200),
            "by_phone": by_phone,
            "at": at,
            "by_name": actor.name,
        },
    )
    facts = {"number": roll_call.number, "people": people, "by_phone": by_phone}
    record(events.ROLL_CALL_ANSWERED, site, actor=actor, at=at, unit_id=site.unit_id, **facts)
    return answer


@command
def close_roll_call(roll_call_id: int, *, actor: Actor, at: datetime) -> RollCall:
    """What comes later is refused. Raises NotFound, NotYourDuty, RollCallClosed."""
    conference = held(_conference_of(roll_call_id), actor=actor)
    roll_call = RollCall.objects.get(pk=roll_call_id)
    if roll_call.closed_at is not None:
        raise errors.RollCallClosed
    roll_call.closed_at, roll_call.closed_by_name = at, actor.name
    roll_call.save(update_fields=["closed_at", "closed_by_name"])
    facts = {"number": roll_call.number, "answers": roll_call.answers.count()}
    record(events.ROLL_CALL_CLOSED, conference, actor=actor, at=at, unit_id=conference.city_id, **facts)
    return roll_call


def _conference_of(roll_call_id: int) -> int:
    found = must_exist(RollCall.objects.filter(pk=roll_call_id).values_list("conference_id", flat=True).first())
    return found
