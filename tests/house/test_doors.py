"""Every address walked as a stranger, as a citizen, as an officer of a unit that ended, of another one, and of the unit itself.

Whoever is turned away has changed nothing. The officers hold every duty there is: only the unit tells them apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tests.house.doors import BARE_QUESTIONS, DOORS, LEADS_ON, NO_DOOR, Door
from tests.house.house import House, make_house
from thongsuot.dossiers.tests.make import minh
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.standing import taken_back
from thongsuot.people import rules
from thongsuot.people.models import Appointment, Person

pytestmark = pytest.mark.django_db


def addresses(
    patterns: list[Any] | None = None, names: tuple[str, ...] = (), taken: frozenset[str] = frozenset()
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


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker) -> Iterator[House]:
    """Made once for all doors; each visit is undone."""
    with override_settings(CITY_CODE="98"), taken_back(django_db_blocker, make_house) as made:
        yield made


@dataclass(frozen=True)
class Visit:
    """What came of one request, and whether it left anything behind or gave anything away."""

    status: int
    to_login: bool
    events: int
    reveals: bool

    @property
    def let_in(self) -> bool:
        return self.status not in {401, 403, 404} and not self.to_login

    @property
    def not_taken(self) -> bool:
        """The address does not know this method at all."""
        return self.status == 405


def visit(
    house: House, method: str, name: str, parameters: frozenset[str], *, person: Person | None = None, key: str | None = None
) -> Visit:
    address = reverse(name, kwargs={parameter: value_of(house, name, parameter) for parameter in parameters})
    client = Client(raise_request_exception=False)
    headers = {"authorization": f"Bearer {key}"} if key else {}
    with transaction.atomic():
        if person:
            house.enter(client, person)
        before = Event.objects.count()
        answer = client.generic(method, address, headers=headers)
        events = Event.objects.count() - before
        transaction.set_rollback(True)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    owner = minh()
    secrets = (owner.name, owner.id_number, owner.phone, owner.email, owner.address)
    reveals = "attachment" in answer.headers.get("Content-Disposition", "") or any(s.encode() in content for s in secrets)
    to_login = answer.headers.get("Location", "").startswith(reverse(settings.LOGIN_URL))
    return Visit(status=answer.status_code, to_login=to_login, events=events, reveals=reveals)


def value_of(house: House, name: str, parameter: str) -> Any:
    """Some names of parameters mean different things in different capabilities."""
    for beginning, values in house.values.items():
        if isinstance(values, dict) and name.startswith(beginning) and parameter in values:
            return values[parameter]
    return house.values[parameter]


def test_every_address_has_a_line_and_every_line_an_address():
    names = {name for name, _ in ADDRESSES} - NO_DOOR

    assert names - set(DOORS) == set(), "who may come in here? Add a line to tests/house/doors.py"
    assert set(DOORS) - names == set(), "no such address any more"


def test_no_two_addresses_share_a_name_and_its_parameters():
    """`reverse` would find one of them, and so would this walk."""
    twice = [one for one, count in Counter(addresses()).items() if count > 1]

    assert twice == []


WALKED = [(name, parameters) for name, parameters in ADDRESSES if name in DOORS]


@pytest.mark.parametrize(("name", "parameters"), WALKED, ids=[name for name, _ in WALKED])
def test_the_door_opens_for_whom_it_should_and_for_no_one_else(house, name, parameters):
    for method in ("GET", "POST"):
        walk(house, method, name, parameters)


# Who is sent to a door, and who of them must come in.
COMERS = {
    Door.ANYONE: (["stranger"], ["stranger"]),
    Door.PERSON: (["stranger", "citizen", "own"], ["citizen", "own"]),
    Door.OWNER: (["stranger", "citizen", "other", "owner"], ["owner"]),
    Door.OFFICER: (["stranger", "citizen", "ended", "other", "own"], ["other", "own"]),
    Door.OF_UNIT: (["stranger", "citizen", "ended", "other", "own"], ["own"]),
    Door.OF_CITY: (["stranger", "citizen", "ended", "other", "own", "city"], ["city"]),
}


def walk(house: House, method: str, name: str, parameters: frozenset[str]) -> None:
    door = DOORS[name]
    if door is Door.KEY:
        walk_with_keys(house, method, name, parameters)
        return
    comers, welcome = COMERS[door]
    visits = {
        who: visit(house, method, name, parameters, person=None if who == "stranger" else getattr(house, who)) for who in comers
    }
    for who, came in visits.items():
        assert came.status != 500, (method, who, came)
    if any(came.not_taken for came in visits.values()):
        return
    for who, came in visits.items():
        if who in welcome:
            # A thing that is not there is 404 for all who may ask; a step not begun leads to its beginning.
            fine = came.let_in or name in LEADS_ON or (came.status == 404 and door in {Door.ANYONE, Door.OWNER})
            assert fine, (method, who, came)
        elif door is Door.OWNER:
            assert not came.reveals, (method, who, came)
            assert came.events == 0, (method, who, came)
        elif not (method == "GET" and (name in BARE_QUESTIONS or (door is Door.OF_CITY and who == "own"))):
            # Officers of the unit may read the question that only the city may answer.
            turned_away(method, who, came)


def walk_with_keys(house: House, method: str, name: str, parameters: frozenset[str]) -> None:
    stranger = visit(house, method, name, parameters)
    if stranger.not_taken:
        return
    turned_away(method, "stranger", stranger)
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
    assert not came.reveals, (method, who, came)


def test_the_walk_would_notice_an_open_door(house):
    """The officers of both units differ in nothing but their unit."""
    day = timezone.localdate()

    def held(person: Person) -> set[str]:
        return set(Appointment.objects.get(person=person, valid_from__lte=day).duties)

    assert held(house.own) == held(house.other) == held(house.ended) == set(rules.DUTIES)
    assert visit(house, "GET", "people:person", frozenset({"person_id"}), person=house.own).let_in
    assert house.values["person_id"] != house.own.pk
