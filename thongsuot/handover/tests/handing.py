"""Two sides of a handover: who speaks for the old unit and who for the new one; lists and receipts through commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from thongsuot.files.tests.make import pdf
from thongsuot.handover import actions
from thongsuot.handover.models import Changeover, HandoverMinutes, Item
from thongsuot.handover.rules import DUTY, HAND_OVER, SIGN
from thongsuot.handover.rules.classes import classes, read_line
from thongsuot.handover.tests.make import JULY, JUNE, Eve, decide, make_eve, open_for
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import TellPerson

ARCHIVES = {"fonds": "UBND", "from_year": "1976", "to_year": "2025", "arranged": "Chỉnh lý hoàn chỉnh"}


def make_opened() -> tuple[Eve, Changeover]:
    """The eve, its decision approved and the changeover opened."""
    eve = make_eve()
    return eve, open_for(decide(eve))


def head_of(eve: Eve, *codes: str, name: str = "", duty: str = HAND_OVER) -> Actor:
    """Who may speak for these units."""
    return Actor(
        person_id=eve.people[codes[0]].pk if codes[0] in eve.people else None,
        name=name or f"Đứng đầu {codes[0]}",
        post="Chủ tịch",
        duties=dict.fromkeys((duty, SIGN), frozenset(eve.unit(code) for code in codes)),
    )


def steering_of(eve: Eve) -> Actor:
    return Actor(person_id=None, name="Hồ Quốc Quân", post="Tổ trưởng", duties={DUTY: frozenset({eve.city.pk})})


def put(eve: Eve, changeover: Changeover, code: str, klass: str, *, at: datetime = JUNE, **cells: str) -> Item:
    """One thing on a list of the old unit."""
    line, wrong = read_line(classes()[klass], {"name": "Ví dụ", **cells})
    assert line is not None, wrong
    return actions.list_item(changeover.pk, unit_id=eve.unit(code), klass=klass, line=line, actor=head_of(eve, code), at=at)


def declare_all(eve: Eve, changeover: Changeover, code: str, *, at: datetime = JUNE) -> None:
    actions.declare(changeover.pk, unit_id=eve.unit(code), klasses=list(classes()), actor=head_of(eve, code), at=at)


def take_all(eve: Eve, changeover: Changeover, to_code: str, *, at: datetime = JULY) -> int:
    """Everything that comes to a unit is counted in."""
    ids = Item.objects.filter(changeover=changeover, to_unit=eve.unit(to_code)).values_list("pk", flat=True)
    return actions.receive_picked(
        changeover.pk, to_unit_id=eve.unit(to_code), item_ids=list(ids), actor=head_of(eve, to_code), at=at
    )


def draft(eve: Eve, changeover: Changeover, old: str, new: str, *, at: datetime = JULY) -> HandoverMinutes:
    return actions.draft_minutes(
        changeover.pk,
        from_unit_id=eve.unit(old),
        to_unit_id=eve.unit(new),
        place="Trụ sở UBND Phường Sông",
        actor=head_of(eve, new),
        at=at,
    )


SIGNERS = {
    "handing": ("Nguyễn Văn An", "Chủ tịch UBND Phường Bến"),
    "receiving": ("Trần Thị Bình", "Chủ tịch UBND Phường Sông"),
    "witness": ("Hồ Quốc Quân", "Tổ trưởng Tổ chuyển giao"),
}


def sign_paper(minutes: HandoverMinutes, *, at: datetime = JULY) -> HandoverMinutes:
    """Signed by hand by all three, and scanned by the city."""
    city = frozenset({minutes.changeover.city_id})
    return actions.sign_by_hand(
        minutes.pk,
        scan=pdf(),
        scan_name="bien-ban.pdf",
        signers=SIGNERS,
        signed_on=at.date(),
        actor=Actor(person_id=None, name="Hồ Quốc Quân", post="Tổ trưởng", duties={DUTY: city}),
        at=at,
    )


@contextmanager
def told(kind: type[TellPerson], words: str) -> Iterator[None]:
    """Refused in these words."""
    with pytest.raises(kind) as refused:
        yield
    assert words in refused.value.message()
