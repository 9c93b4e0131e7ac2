"""Every address walked as a stranger, as a citizen, as an officer of another unit, and as one of the unit itself.

Whoever is turned away has changed nothing. The officers hold every duty there is: only the unit tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tests.house.doors import ANYONE, BARE_QUESTIONS, DOORS, KEY, LEADS_ON, NO_DOOR, OF_CITY, OF_UNIT, OFFICER, PERSON
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.make import Town, make_town, receive
from thongsuot.kernel.actor import system
from thongsuot.kernel.models import Event
from thongsuot.notices.models import Notice
from thongsuot.notices.tests.make import make_notice
from thongsuot.people import actions as people
from thongsuot.people import rules
from thongsuot.people.models import Appointment, Person
from thongsuot.people.tests.make import make_citizen, make_officer, make_token
from thongsuot.units.models import Unit

HOUSE = system("cli")
pytestmark = pytest.mark.django_db


def addresses(patterns: list[Any] | None = None, names: tuple[str, ...] = (), taken: frozenset[str] = frozenset()
              ) -> Iterator[tuple[str, frozenset[str]]]:
    """(name, names of its parameters) of every address there is."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        parameters = taken | frozenset(getattr(pattern.pattern, "converters", {})) | frozenset(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = (*names, pattern.namespace) if pattern.namespace else names
            yield from addresses(pattern.url_patterns, inner, parameters)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*names, pattern.name or str(pattern.pattern))), parameters


ADDRESSES = sorted(set(addresses()), key=str)


@dataclass
class House:
    """A town with a thing of every kind in phường Sông, and who comes to the doors."""

    town: Town
    citizen: Person
    own: Person
    other: Person
    city: Person
    own_key: str
    other_key: str
    values: dict[str, Any]


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker) -> Iterator[House]:
    """Made once for all doors; each visit is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_house()
        transaction.set_rollback(True)


def make_house() -> House:
    now = timezone.now()
    town = make_town()
    own, other, city = (with_every_duty(unit) for unit in (town.city.river, town.city.hill, town.city.city))
    lan = town.people["lan"]
    dossier: Dossier = receive(town)
    notice: Notice = make_notice(unit_id=town.river)
    delegation = people.delegate_work(lan.pk, to_person_id=town.people["toan"].pk, unit_id=town.river,
                                      valid_from=timezone.localdate(now), valid_to=timezone.localdate(now) + timedelta(days=3),
                                      reason="nghỉ phép", actor=HOUSE, at=now)
    token = people.create_token(lan.pk, name="máy quét", duties=["receive dossiers"], expires_at=now + timedelta(days=9),
                                actor=HOUSE, at=now)
    return House(
        town=town, citizen=make_citizen(at=now), own=own, other=other, city=city,
        own_key=make_token(own, sorted(rules.DUTIES), at=now), other_key=make_token(other, sorted(rules.DUTIES), at=now),
        values={
            "person_id": lan.pk, "appointment_id": Appointment.objects.get(person=lan).pk, "delegation_id": delegation.pk,
            "token_id": token.token.pk, "notice_id": notice.pk, "dossier_id": dossier.pk, "code": dossier.code,
            "pk": 1, "uidb36": "1", "key": "abc-def", "which": "404",
        },
    )


def with_every_duty(unit: Unit) -> Person:
    """More than the practice allows one person to hold: if even they are kept out, everyone is. Demo: no second factor."""
    title = "Quản trị hệ thống" if unit.level == Unit.Level.PROVINCE else "Công chức tiếp nhận"
    person = make_officer(unit, title=title, at=timezone.now())
    Appointment.objects.filter(person=person).update(duties=sorted(rules.DUTIES))
    Person.objects.filter(pk=person.pk).update(is_demo=True)
    return Person.objects.get(pk=person.pk)


@dataclass(frozen=True)
class Visit:
    """What came of one request, and whether it left anything behind."""

    status: int
    to_login: bool
    events: int

    @property
    def let_in(self) -> bool:
        return self.status not in {401, 403, 404} and not self.to_login

    @property
    def not_taken(self) -> bool:
        """The address does not know this method at all."""
        return self.status == 405


def visit(house: House, method: str, name: str, parameters: frozenset[str], *, person: Person | None = None,
          key: str | None = None) -> Visit:
    address = reverse(name, kwargs={parameter: house.values[parameter] for parameter in parameters})
    client = Client(raise_request_exception=False)
    headers = {"authorization": f"Bearer {key}"} if key else {}
    with transaction.atomic():
        if person:
            client.force_login(person)
        before = Event.objects.count()
        answer = client.generic(method, address, headers=headers)
        events = Event.objects.count() - before
        transaction.set_rollback(True)
    location = answer.headers.get("Location", "")
    login = reverse(settings.LOGIN_URL)
    return Visit(status=answer.status_code, to_login=location.startswith(login), events=events)


def test_every_address_has_a_line_and_every_line_an_address():
    names = {name for name, _ in ADDRESSES} - NO_DOOR

    assert names - set(DOORS) == set(), "who may come in here? Add a line to tests/house/doors.py"
    assert set(DOORS) - names == set(), "no such address any more"


WALKED = [(name, parameters) for name, parameters in ADDRESSES if name in DOORS]


@pytest.mark.parametrize(("name", "parameters"), WALKED, ids=[name for name, _ in WALKED])
def test_the_door_opens_for_whom_it_should_and_for_no_one_else(house, name, parameters):
    for method in ("GET", "POST"):
        walk(house, method, name, parameters)


def walk(house: House, method: str, name: str, parameters: frozenset[str]) -> None:
    door = DOORS[name]
    stranger = visit(house, method, name, parameters)
    if door is KEY:
        if not stranger.not_taken:
            turned_away(method, "stranger", stranger)
            walk_with_keys(house, method, name, parameters)
        return
    visits = {who: visit(house, method, name, parameters, person=person) for who, person in (
        ("citizen", house.citizen), ("other", house.other), ("own", house.own), ("city", house.city))}
    visits["stranger"] = stranger
    for who, came in visits.items():
        assert came.status != 500, (method, who, came)
    if any(came.not_taken for came in visits.values()):
        return
    if door is ANYONE:
        # A step of login that was not begun leads to its beginning; a thing that is not there is 404 for all.
        assert stranger.let_in or stranger.status == 404 or name in LEADS_ON, (method, stranger)
        return
    turned_away(method, "stranger", stranger)
    if door is PERSON:
        for who in ("citizen", "other", "own"):
            assert visits[who].let_in or name in LEADS_ON, (method, who, visits[who])
        return
    bare = method == "GET" and name in BARE_QUESTIONS
    # Officers of the unit may read the question that only the city may answer.
    not_the_unit = ["own"] if method == "POST" else []
    out = {OFFICER: ["citizen"], OF_UNIT: ["citizen", "other"], OF_CITY: ["citizen", "other", *not_the_unit]}[door]
    for who in out:
        if not bare:
            turned_away(method, who, visits[who])
    for who in {OFFICER: ["own", "other"], OF_UNIT: ["own"], OF_CITY: ["city"]}[door]:
        assert visits[who].let_in, (method, who, visits[who])


def walk_with_keys(house: House, method: str, name: str, parameters: frozenset[str]) -> None:
    turned_away(method, "a wrong key", visit(house, method, name, parameters, key="ts_wrong"))
    other = visit(house, method, name, parameters, key=house.other_key)
    own = visit(house, method, name, parameters, key=house.own_key)
    assert other.status != 500, (method, "other", other)
    assert own.status != 500, (method, "own", own)
    if "dossier_id" in parameters:
        # What is wrong with a body may be said before whose the dossier is; what the dossier holds never.
        assert other.status in {403, 404, 422}, (method, "other", other)
        assert other.events == 0
    assert own.let_in, (method, "own", own)


def turned_away(method: str, who: str, came: Visit) -> None:
    assert not came.let_in, (method, who, came)
    assert came.events == 0, (method, who, came)


def test_the_walk_would_notice_an_open_door(house):
    """The officers of both units differ in nothing but their unit."""
    day = timezone.localdate()

    def held(person: Person) -> set[str]:
        return set(Appointment.objects.get(person=person, valid_from__lte=day).duties)

    assert held(house.own) == held(house.other) == set(rules.DUTIES)
    assert visit(house, "GET", "people:person", frozenset({"person_id"}), person=house.own).let_in
    assert house.values["person_id"] != house.own.pk
