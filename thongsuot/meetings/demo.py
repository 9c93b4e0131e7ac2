"""Conferences of a demo city: one that is over, with all that happens in an hour, and one to come. Never in production."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.meetings import actions
from thongsuot.meetings.models import Conference, Site
from thongsuot.people.demo import DemoInProduction, email_of
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for

HOUSE = system("cli")
OPERATOR = replace(HOUSE, name="Cán bộ trực (mẫu)")
LINK = "https://hop.example.vn/thanh-pho"
HUB_PHONE = "02400000000"
MINUTE = timedelta(minutes=1)


def load_demo(city_id: int, *, at: datetime) -> int:
    """Make both, once; how many came. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    hub = _hub(at)
    if hub is None or Conference.objects.filter(city=city_id).exists():
        return 0
    day = timezone.localdate(at)
    _held(city_id, hub=hub, starts_at=datetime.combine(day - timedelta(days=4), time(8), VIET_NAM))
    actions.plan_conference(
        city_id,
        title="Hội nghị trực tuyến giao ban tháng (mẫu)",
        starts_at=datetime.combine(day + timedelta(days=8), time(8), VIET_NAM),
        hub_phone=HUB_PHONE,
        link=LINK,
        actor=hub,
        at=at,
    )
    return 2


def _hub(at: datetime) -> Actor | None:
    person = Person.objects.filter(email=email_of("quantri", None)).first()
    return actor_for(person, at=at) if person is not None else None


def _held(city_id: int, *, hub: Actor, starts_at: datetime) -> None:
    """Tested the day before, two roll calls, one speaker; one site comes late, one is lost for minutes, one until the end."""
    conference = actions.plan_conference(
        city_id,
        title="Hội nghị trực tuyến triển khai nhiệm vụ quý (mẫu)",
        starts_at=starts_at,
        hub_phone=HUB_PHONE,
        link=LINK,
        actor=hub,
        at=starts_at - timedelta(days=8),
    )
    sites = list(Site.objects.filter(conference=conference).order_by("pk"))
    late, lost, gone = (sites * 3)[:3]
    for place, site in enumerate(sites):
        phone, day_before = f"0240000{place:04d}", starts_at - timedelta(days=1)
        actions.join_site(site.pk, backup_phone=phone, actor=OPERATOR, at=day_before)
        for sound in (False, True) if place % 40 == 7 else (True,):
            actions.note_test(site.pk, picture_ok=True, sound_ok=sound, line_ok=True, actor=OPERATOR, at=day_before)
    _heard(conference, at=starts_at - MINUTE, but=[late.pk])
    actions.start_conference(conference.pk, actor=hub, at=starts_at)
    _heard(conference, at=starts_at + MINUTE, but=[late.pk])
    actions.beat(late.pk, actor=OPERATOR, at=starts_at + 5 * MINUTE)
    call = actions.open_roll_call(conference.pk, actor=hub, at=starts_at + 6 * MINUTE)
    for place, site in enumerate(sites):
        by_phone = site.pk == lost.pk
        actions.answer_roll_call(
            call.pk,
            site_id=site.pk,
            people=8 + place % 23,
            leader="Chủ tịch Ủy ban nhân dân" if place % 3 else "Phó Chủ tịch Ủy ban nhân dân",
            by_phone=by_phone,
            actor=hub if by_phone else OPERATOR,
            at=starts_at + 7 * MINUTE,
        )
    actions.close_roll_call(call.pk, actor=hub, at=starts_at + 8 * MINUTE)
    _heard(conference, at=starts_at + 12 * MINUTE, but=[])
    actions.beat(lost.pk, actor=OPERATOR, at=starts_at + 15 * MINUTE)
    asked = actions.ask_to_speak(late.pk, topic="Kinh phí quý sau", actor=OPERATOR, at=starts_at + 20 * MINUTE)
    actions.give_word(asked.pk, actor=hub, at=starts_at + 21 * MINUTE)
    actions.end_word(asked.pk, actor=hub, at=starts_at + 25 * MINUTE)
    _heard(conference, at=starts_at + 60 * MINUTE, but=[gone.pk])
    actions.end_conference(conference.pk, actor=hub, at=starts_at + 60 * MINUTE)


def _heard(conference: Conference, *, at: datetime, but: list[int]) -> None:
    """The beats of all those minutes, of which only the last is remembered anyway."""
    Site.objects.filter(conference=conference).exclude(pk__in=but).update(seen_at=at)
