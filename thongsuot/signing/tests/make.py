"""A town whose leader and committee have TEST certificates, files to sign, and foreign authorities."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from thongsuot.files.actions import store
from thongsuot.kernel import typeset
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.actions import open_account
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.signing import actions, authority, pictures, sealing
from thongsuot.signing.models import Certificate
from thongsuot.signing.proofs import new_code
from thongsuot.units.tests.make import MadeCity, make_city

# In tests one guess of a PIN may be cheap; that it is dear elsewhere, test_keys looks at by itself.
DEAR = (sealing.MEMORY_KIB, sealing.PASSES)
sealing.MEMORY_KIB, sealing.PASSES = 8, 1


# Making a key takes longer than all the rest of a test; a town needs four, and no test compares them.
def _eight_keys(new_key: Callable[[], Any] = authority.new_key) -> Iterator[Any]:
    keys = []
    for _ in range(8):
        keys.append(new_key())
        yield keys[-1]
    yield from itertools.cycle(keys)


_keys = _eight_keys()
authority.new_key = lambda: next(_keys)

MONDAY = datetime(2025, 10, 6, 9, 0, tzinfo=VIET_NAM)
PIN, SEAL_PIN = "482913", "705162"
HOUSE = system("cli")
_PAPER = Path(__file__).parents[2] / "dossiers" / "data" / "demo_paper.typ"


@dataclass
class Town:
    """Phường Sông: Hạnh leads, Thu issues with the committee's certificate. Quân manages certificates for the city."""

    city: MadeCity
    people: dict[str, Person] = field(default_factory=dict)
    hanh: Certificate = field(init=False)
    committee: Certificate = field(init=False)

    @property
    def river(self) -> int:
        return self.city.river.pk

    def actor(self, name: str, at: datetime = MONDAY) -> Actor:
        return actor_for(self.people[name], at=at)


def make_town(*, certificates: bool = True) -> Town:
    city = make_city()
    town = Town(city=city)
    for name, unit, kind, title, duties in (
        ("hanh", city.river, "people_committee", "Phó Chủ tịch", ["sign results"]),
        ("thu", city.river, "office", "Văn thư", ["issue results"]),
        ("doi", city.hill, "people_committee", "Phó Chủ tịch", ["sign results", "issue results"]),
        ("quan", city.city, "service_centre", "Quản trị hệ thống", ["manage certificates", "manage people"]),
    ):
        town.people[name] = open_account(
            email=f"{name}@vidu.vn",
            full_name={"hanh": "Phạm Thị Hạnh", "thu": "Trần Thị Thu", "doi": "Vũ Văn Đồi", "quan": "Hồ Quốc Quân"}[name],
            body_id=city.body(unit, kind).pk,
            title=title,
            duties=duties,
            valid_from=date(2025, 7, 1),
            actor=HOUSE,
            at=datetime(2025, 7, 1, 8, tzinfo=VIET_NAM),
        )
    actions.make_authority(actor=HOUSE, at=datetime(2025, 7, 1, 8, tzinfo=VIET_NAM))
    if certificates:
        town.hanh = of_person(town, "hanh")
        town.committee = of_committee(town)
    return town


def of_person(town: Town, name: str, *, starts: datetime | None = None, ends: datetime | None = None) -> Certificate:
    made = actions.issue_test_certificate(
        person_id=town.people[name].pk,
        body_id=town.city.body(town.city.river, "people_committee").pk,
        post="Phó Chủ tịch",
        pin=PIN,
        starts=starts,
        ends=ends,
        actor=HOUSE,
        at=datetime(2025, 7, 2, 8, tzinfo=VIET_NAM),
    )
    return actions.put_image(made.pk, file_id=_picture("hanh"), actor=HOUSE, at=MONDAY)


def of_committee(town: Town) -> Certificate:
    made = actions.issue_test_certificate(
        person_id=None,
        body_id=town.city.body(town.city.river, "people_committee").pk,
        post="",
        pin=SEAL_PIN,
        actor=HOUSE,
        at=datetime(2025, 7, 2, 8, tzinfo=VIET_NAM),
    )
    return actions.put_image(made.pk, file_id=_picture("seal"), actor=HOUSE, at=MONDAY)


@cache
def _drawn(which: str) -> bytes:
    return pictures.handwriting("Phạm Thị Hạnh") if which == "hanh" else pictures.seal()


def _picture(which: str) -> int:
    return store(_drawn(which), name=f"{which}.png", actor=HOUSE, at=MONDAY, purpose="signing.image").pk


@cache
def paper() -> bytes:
    """A typeset result of one page."""
    return typeset.pdf(_PAPER, {"title": "Giấy xác nhận"}, made_at=MONDAY)


def a_file(content: bytes | None = None, *, name: str = "ket-qua.pdf", at: datetime = MONDAY) -> int:
    return store(content or paper(), name=name, actor=HOUSE, at=at, purpose="draft").pk


def bytes_of(file_id: int) -> bytes:
    from thongsuot.files.queries import open_checked

    with open_checked(file_id) as content:
        return content.read()


def sign_both(
    town: Town, file_id: int | None = None, *, filled: dict[str, str] | None = None, at: datetime = MONDAY
) -> tuple[int, int]:
    """Signed by the person, then by the agency over it: ids of the two files."""
    one = actions.sign_as_person(
        a_file() if file_id is None else file_id,
        pin=PIN,
        reason="Ký kết quả",
        actor=town.actor("hanh", at),
        at=at,
        unit_id=town.river,
    )
    two = actions.sign_as_agency(
        one.file_id,
        unit_id=town.river,
        pin=SEAL_PIN,
        reason="Phát hành",
        filled=filled,
        actor=town.actor("thu", at),
        at=at,
    )
    return one.file_id, two.file_id


def issued(town: Town, *, at: datetime = MONDAY) -> bytes:
    """A result as it goes out: signed, numbered, sealed."""
    prepared = actions.prepare(a_file(), code=new_code(), actor=HOUSE, at=at)
    return bytes_of(sign_both(town, prepared, filled={"so": "Số: 07, ngày 06/10/2025"}, at=at)[1])
