"""Every address walked by everyone: a stranger, citizens, officers in their posts, officers of other units.

Whoever is turned away has changed nothing. Who must be let in is computed from the duties that each address names.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.template.backends.jinja2 import Template
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import thongsuot
from tests.house.doors import DOORS, LEADS_ON, NO_DOOR, POSTS
from tests.house.doors.kinds import ANYONE, KEY, OWNER, PERSON, Door
from tests.house.house import House, make_house
from thongsuot.config.api import api, operations
from thongsuot.dossiers.tests.make import minh
from thongsuot.kernel.tests.standing import taken_back
from thongsuot.people import middleware, rules
from thongsuot.people.models import Appointment

pytestmark = pytest.mark.django_db

PROGRAM = "program"
# A page, or a refusal, that two saw as it is need not be drawn for the others who may see it.
UNSEEN = patch.object(Template, "render", lambda *_args, **_kwargs: "")
LOGIN, SECOND_FACTOR = reverse(settings.LOGIN_URL), reverse("mfa_index")
SECRETS = [str(said).encode() for said in (minh().name, minh().id_number, minh().phone, minh().email, minh().address)]


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


@pytest.fixture(scope="module")
def monkeypatch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def clients(house, monkeypatch) -> dict[str, Client]:
    """A browser for each who comes; programs come the short way, as in production."""
    monkeypatch.setattr(middleware, "actor_at_the_door", house.at_the_door)
    made = {who: Client(raise_request_exception=False) for who in ["stranger", *house.people, PROGRAM]}
    with override_settings(MIDDLEWARE=settings.API_MIDDLEWARE):
        made[PROGRAM].handler.load_middleware()
    return made


@dataclass(frozen=True)
class Visit:
    """What came of one request, and whether it left anything behind or gave anything away."""

    status: int
    leads_to: str
    events: int
    reveals: bool

    @property
    def let_in(self) -> bool:
        return self.status not in {401, 403, 404} and not self.leads_to.startswith((LOGIN, SECOND_FACTOR))


def visit(client: Client, method: str, address: str, *, cookies: SimpleCookie, **said: Any) -> Visit:
    """Taken back."""
    client.cookies = deepcopy(cookies)
    events = 0

    def count_events(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal events
        events += sql.startswith("SELECT kernel_record(")
        return execute(sql, *rest)

    with transaction.atomic(), connection.execute_wrapper(count_events):
        answer = client.generic(method, address, **said)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    reveals = "attachment" in answer.headers.get("Content-Disposition", "") or any(secret in content for secret in SECRETS)
    leads_to = answer.headers.get("Location", "") or answer.headers.get("HX-Redirect", "")
    return Visit(status=answer.status_code, leads_to=leads_to, events=events, reveals=reveals)


def address_of(house: House, name: str, parameters: frozenset[str]) -> str:
    return reverse(name, kwargs={parameter: value_of(house, name, parameter) for parameter in parameters})


def value_of(house: House, name: str, parameter: str) -> Any:
    """Some names of parameters mean different things in different capabilities."""
    for beginning in sorted(house.values, key=len, reverse=True):
        values = house.values[beginning]
        if isinstance(values, dict) and name.startswith(beginning) and parameter in values:
            return values[parameter]
    return house.values[parameter]


def test_every_address_has_a_line_and_every_line_an_address():
    names = {name for name, _ in ADDRESSES} - NO_DOOR

    assert names - set(DOORS) == set(), "who may come in here? Add a line in tests/house/doors"
    assert set(DOORS) - names == set(), "no such address any more"


def test_no_two_addresses_share_a_name_and_its_parameters():
    """`reverse` would find one of them, and so would this walk."""
    twice = [one for one, count in Counter(addresses()).items() if count > 1]

    assert twice == []


PAGES = [(name, parameters) for name, parameters in ADDRESSES if name in DOORS and DOORS[name] is not KEY]


def is_welcome(house: House, who: str, door: Door) -> bool:
    actor = house.actor(who)
    match door.opens_for:
        case "anyone":
            return True
        case "person":
            return who != "stranger"
        case "owner":
            return who == "owner"
        case "officer":
            return any(map(actor.units_for, door.duties or actor.duties))
        case "of unit":
            return any(actor.may(duty, unit_id=house.town.river) for duty in door.duties)
        case "at point":
            return who in {"clerk", "own"} and any(map(actor.units_for, door.duties))
    over_city = any(actor.may(duty, unit_id=house.town.city.city.pk) for duty in door.duties)
    return over_city or (door.opens_for == "of one" and who == "own")


# Five posts with what they usually bring, beside whoever has none.
POSTS_OR_NONE = ["stranger", "citizen", "clerk", "specialist", "leader", "administrator"]


def comers(house: House, door: Door) -> list[str]:
    """Who is welcome stands first."""
    if door in {ANYONE, PERSON}:
        return sorted(POSTS_OR_NONE, key=lambda who: not is_welcome(house, who, door))
    if door is OWNER:
        return ["owner", *POSTS_OR_NONE]
    everyone = [*POSTS_OR_NONE, "unready", "own", "other", "ended", "lacking"]
    found = sorted(everyone, key=lambda who: not is_welcome(house, who, door))
    return found if is_welcome(house, found[0], door) else ["city", *found]


@pytest.mark.parametrize(("name", "parameters"), PAGES, ids=[name for name, _ in PAGES])
def test_the_door_opens_for_whom_it_should_and_for_no_one_else(house, clients, name, parameters):
    ways = [walk(house, clients, method, name, parameters) for method in ("GET", "POST")]
    assert any(ways), "no way in"


def walk(house: House, clients: dict[str, Client], method: str, name: str, parameters: frozenset[str]) -> bool:
    """Each who comes sends either the GET or the POST by htmx. False: the address does not know the method."""
    door = (POSTS.get(name) if method == "POST" else None) or DOORS[name]
    house.takes_from_the_lacking(door.duties)
    address = address_of(house, name, parameters)
    seen = Counter[bool]()
    for place, who in enumerate(comers(house, door)):
        headers = {"HX-Request": "true"} if (place + (method == "POST")) % 2 else {}
        welcome = is_welcome(house, who, door)
        with UNSEEN if seen[welcome] > 1 and (welcome or door is not OWNER) else nullcontext():
            came = visit(clients[who], method, address, cookies=house.cookies[who], headers=headers)
        seen[welcome] += 1
        where = (method, who, came)
        assert came.status != 500, where
        if welcome:
            if came.status == 405:
                return False
            # A thing that is not there is 404 for all who may ask; a step not begun leads to its beginning.
            fine = came.let_in or name in LEADS_ON or (came.status == 404 and door in {ANYONE, OWNER})
            assert fine, where
        else:
            must_be_turned_away(came, where, asked_to_prove=door is OWNER)
    return True


@pytest.mark.parametrize(("name", "parameters"), PAGES, ids=[name for name, _ in PAGES])
def test_other_methods_open_and_change_nothing(house, clients, name, parameters):
    door, address = DOORS[name], address_of(house, name, parameters)
    welcome, *_, last = comers(house, door)
    changed = visit(clients[welcome], "DELETE", address, cookies=house.cookies[welcome])
    assert changed.status != 500, changed
    assert changed.events == 0, changed
    if not is_welcome(house, last, door):
        looked = visit(clients[last], "HEAD", address, cookies=house.cookies[last])
        assert looked.status == 405 or not looked.let_in or door is OWNER, looked


# As addresses say them, and the first and last days there are: what is reckoned from them would leave the calendar.
DAYS = ("ngay", "tuan", "tu", "den", "so_voi")
FAR = [f"{'&'.join(f'{name}={day}' for name in DAYS)}&so_ngay=7" for day in ("0001-01-01", "9999-12-31")]


def test_no_page_reads_a_day_of_its_address_by_another_name():
    named = re.compile(r"day_of\(\w+(?:\.GET|\.POST)?\.get\(\"([^\"]+)\"")
    code = [path.read_text(encoding="utf-8") for path in Path(thongsuot.__file__).parent.glob("*/views/*.py")]

    assert {name for text in code for name in named.findall(text)} <= set(DAYS)


@pytest.mark.parametrize(("name", "parameters"), PAGES, ids=[name for name, _ in PAGES])
def test_a_day_at_the_end_of_the_calendar_breaks_no_page(house, clients, name, parameters):
    """Of who is welcome there. A day within an address goes the same way."""
    house.takes_from_the_lacking(DOORS[name].duties)
    who = comers(house, DOORS[name])[0]
    addresses = {f"{address_of(house, name, parameters)}?{said}" for said in FAR}
    if "day" in parameters:
        values = {parameter: value_of(house, name, parameter) for parameter in parameters}
        addresses |= {reverse(name, kwargs=values | {"day": day}) for day in ("0001-01-01", "9999-12-31")}
    for address in sorted(addresses):
        came = visit(clients[who], "GET", address, cookies=house.cookies[who])
        assert came.status != 500, (address, came)


def must_be_turned_away(came: Visit, where: object, *, asked_to_prove: bool = False) -> None:
    assert asked_to_prove or not came.let_in, where
    assert came.events == 0, where
    assert not came.reveals, where


DESCRIBED = api.get_openapi_schema()
# Ids of operations that name their module are cut down to the names of the addresses.
MODULE = re.compile(r"^thongsuot_([a-z]+)_api_(dossiers_|partners_|citizens_|tracking_)?")
OPERATIONS = {
    f"api:{MODULE.sub(lambda found: f'{found[1]}_', operation['operationId'])}": (method, operation)
    for method, _, operation in operations(DESCRIBED)
}
UNIT_IN_BODY = {"api:dossiers_submit", "api:dossiers_receive", "api:dossiers_send_papers"}


def example(schema: dict[str, Any], known: dict[str, Any]) -> Any:
    """A body that the description takes, with what is known of the house in its places."""
    if "$ref" in schema:
        schema = DESCRIBED["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    match schema.get("type"):
        case "object":
            names = [name for name in schema.get("properties", ()) if name in known or name in schema.get("required", ())]
            return {name: known.get(name, example(schema["properties"][name], known)) for name in names}
        case "array":
            return [example(schema["items"], known)] * schema.get("minItems", 0)
        case "integer":
            return schema.get("minimum", 1)
    return {"date-time": "2030-01-01T08:00:00+07:00", "date": "2030-01-01"}.get(schema.get("format", ""), "x")


@pytest.mark.parametrize("name", [name for name, door in DOORS.items() if door is KEY])
def test_an_operation_opens_for_good_keys_and_what_is_of_one_unit_for_the_keys_of_that_unit(house, clients, name):
    (parameters,) = [parameters for found, parameters in ADDRESSES if found == name]
    address = address_of(house, name, parameters) + ("?q=Minh" if name == "api:dossiers_find" else "")
    method, operation = OPERATIONS[name]
    described = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    body = json.dumps(example(described, house.known)) if described else ""

    def come(key: str) -> Visit:
        headers = {"authorization": f"Bearer {house.keys[key]}"} if key else {}
        said = {"data": body, "content_type": "application/json", "headers": headers}
        return visit(clients[PROGRAM], method, address, cookies=SimpleCookie(), **said)

    for key in ("", "wrong", "expired", "revoked"):
        came = come(key)
        assert came.status == 401, (key, came)
        must_be_turned_away(came, key)
    own, other, narrow = come("own"), come("other"), come("narrow")
    assert own.let_in, own
    for came in (other, narrow):
        assert came.status not in {401, 500}, came
        assert not came.reveals, came
        if parameters or name in UNIT_IN_BODY:
            assert came.status in {403, 404}, came
            must_be_turned_away(came, came)


def test_the_walk_would_notice_an_open_door(house, clients):
    """Four of those who come differ in nothing but their unit; and whoever lacks a duty holds all the others."""
    everywhere = {tuple(Appointment.objects.get(person=house.people[who]).duties) for who in ("own", "other", "ended", "city")}
    assert everywhere == {tuple(sorted(rules.DUTIES))}
    for who, is_let_in in (("own", True), ("clerk", False)):
        address = address_of(house, "people:person", frozenset({"person_id"}))
        assert visit(clients[who], "GET", address, cookies=house.cookies[who]).let_in is is_let_in
    assert house.values["person_id"] not in {one.pk for one in house.people.values()}
