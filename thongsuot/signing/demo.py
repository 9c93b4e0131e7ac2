"""Certificates of a demo city, all of the TEST authority: enough to sign, and some lacking, ending and ended to be seen.

The first unit has all; in the second one ends within the month and the clerk has none; in the third one has ended.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from thongsuot.files.actions import store
from thongsuot.kernel.actor import system
from thongsuot.people.demo import DemoInProduction, demo_units, email_of
from thongsuot.people.models import Appointment, Person
from thongsuot.signing import actions, pictures, trust
from thongsuot.signing.models import Certificate, CertificateRequest
from thongsuot.units import queries as units

PIN = "260705"
HOUSE = system("cli")
_YEAR = timedelta(days=365)


def load_demo(city_id: int, *, at: datetime) -> None:
    """Make what is missing; nothing to do the second time. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    if not settings.TEST_CA or Certificate.objects.exists():
        return
    if trust.local() is None:
        actions.make_authority(actor=HOUSE, at=at)
    day, begun = timezone.localdate(at), at - timedelta(days=400)
    for place, unit in enumerate(demo_units(city_id, at=at)):
        committee = units.body(unit.id, "people_committee", as_of=day)
        if committee is None:
            continue
        ends = {0: at + _YEAR, 1: at + timedelta(days=21), 2: at - timedelta(days=9)}[place]
        _issue("hanh", unit if place else None, begun=begun, ends=ends, at=at)
        if place < 2:
            _agency(committee.id, begun=begun, ends=at + _YEAR, at=at)
        if place == 0:
            _issue("thu", None, begun=begun, ends=at + _YEAR, at=at)
        elif place == 1:
            _ask(unit, at=at)


def _issue(who: str, unit: units.UnitRow | None, *, begun: datetime, ends: datetime, at: datetime) -> None:
    person = Person.objects.filter(email=email_of(who, unit)).first()
    post = Appointment.objects.filter(person=person, valid_to=None).first() if person else None
    if person is None or post is None:
        return
    made = actions.issue_test_certificate(
        person_id=person.pk, body_id=post.body_id, post=post.title, pin=PIN, starts=begun, ends=ends, actor=HOUSE, at=at
    )
    _picture(made, pictures.handwriting(person.full_name), "chu-ky-mau.png", at=at)


def _agency(body_id: int, *, begun: datetime, ends: datetime, at: datetime) -> None:
    made = actions.issue_test_certificate(
        person_id=None, body_id=body_id, post="", pin=PIN, starts=begun, ends=ends, actor=HOUSE, at=at
    )
    _picture(made, pictures.seal(), "dau-mau.png", at=at)


def _picture(made: Certificate, content: bytes, name: str, *, at: datetime) -> None:
    file = store(content, name=name, actor=HOUSE, at=at, purpose="signing.image")
    actions.put_image(made.pk, file_id=file.pk, actor=HOUSE, at=at)


def _ask(unit: units.UnitRow, *, at: datetime) -> None:
    """The clerk's request has been at the department for three weeks: it is late, and may be reminded of."""
    person = Person.objects.filter(email=email_of("thu", unit)).first()
    post = Appointment.objects.filter(person=person, valid_to=None).first() if person else None
    if person is None or post is None:
        return
    sent = at - timedelta(days=21)
    asked = actions.ask(
        actions.Asked(kind=CertificateRequest.Kind.NEW, body_id=post.body_id, person_id=person.pk, post=post.title),
        actor=HOUSE,
        at=sent,
    )
    actions.move_request(asked.pk, to=CertificateRequest.State.AT_DEPARTMENT, actor=HOUSE, at=sent)
