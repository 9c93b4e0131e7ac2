"""People for tests, made by the commands that make real ones. They stand on the made-up city of units/tests/make.py."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from thongsuot.kernel.actor import ANYONE, Actor, system
from thongsuot.people import actions, queries
from thongsuot.people.models import Person
from thongsuot.people.second_factor import has_one
from thongsuot.units.models import Body, Unit

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
# After the day the two-level government began, on a working Monday.
MONDAY = datetime(2025, 11, 17, 9, tzinfo=VIET_NAM)
PASSWORD = "mật khẩu dài và riêng 7"
_numbers = itertools.count(1)


def make_citizen(
    name: str = "Trần Văn Minh",
    *,
    email: str | None = None,
    password: str | None = None,
    verified: bool = True,
    at: datetime = MONDAY,
) -> Person:
    """Without a password (hashing one takes its time): enter with `logged_in`. With PASSWORD: through the login page too."""
    return actions.register_citizen(
        email=email or f"nguoi-dan-{next(_numbers)}@vidu.vn",
        full_name=name,
        password=password,
        email_verified=verified,
        actor=ANYONE,
        at=at,
    )


def make_officer(
    unit: Unit,
    *,
    name: str = "Nguyễn Thị Lan",
    kind: str = "service_centre",
    title: str = "Công chức tiếp nhận",
    duties: Collection[str] | None = None,
    email: str | None = None,
    since: date = date(2025, 7, 1),
    until: date | None = None,
    password: str | None = None,
    at: datetime = MONDAY,
) -> Person:
    """An officer with one post in the unit's body of that kind. `duties` None: those the post usually brings."""
    return actions.open_account(
        email=email or f"can-bo-{next(_numbers)}@vidu.vn",
        full_name=name,
        password=password,
        body_id=Body.objects.filter(unit=unit, kind=kind).latest("valid_from").pk,
        title=title,
        duties=duties,
        valid_from=since,
        valid_to=until,
        actor=system("cli"),
        at=at,
    )


def make_administrator(unit: Unit, *, name: str = "Lê Quản Trị", at: datetime = MONDAY) -> Person:
    """Manages people in a commune; in a city everything an administrator can."""
    return make_officer(unit, name=name, title="Quản trị hệ thống", at=at)


def actor(person: Person, *, at: datetime = MONDAY) -> Actor:
    return queries.actor_for(person, at=at)


def make_token(person: Person, duties: Collection[str], *, at: datetime = MONDAY, until: datetime | None = None) -> str:
    """The secret of a key of that person. Expires after 30 days."""
    new = actions.create_token(
        person.pk, name="thử", duties=duties, expires_at=until or at + timedelta(days=30), actor=actor(person, at=at), at=at
    )
    return new.secret


def with_second_factor(person: Person) -> Person:
    """Signers and administrators reach no page for officers without one."""
    TOTP.activate(person, generate_totp_secret())
    return person


def logged_in(person: Person, **settings: str) -> Client:
    """A browser of the person, past login and second factor."""
    client = Client(**settings)
    client.force_login(person)
    return client


def browser_of(person: Person) -> Client:
    """An officer's, past login and the second factor: their own, or one made now."""
    return logged_in(person if has_one(person) else with_second_factor(person))
