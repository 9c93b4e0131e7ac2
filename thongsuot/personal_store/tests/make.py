"""Papers in stores, made by the real commands."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from typing import Any

from thongsuot.files.actions import store as store_file
from thongsuot.files.tests.make import pdf
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.personal_store.actions import NewPaper, keep
from thongsuot.personal_store.models import StoredPaper

MONDAY = datetime(2025, 10, 6, 9, 0, tzinfo=VIET_NAM)
HOUSE = system("worker")
MINH = "001412345678"  # belongs to the 22nd century, so to nobody
_numbers = itertools.count(1)


def make_paper(*, at: datetime = MONDAY, **changes: Any) -> StoredPaper:
    """A birth certificate of Minh, by ID number alone."""
    file = store_file(pdf(), name="giay.pdf", actor=HOUSE, at=at, purpose="dossiers.result")
    paper = keep(
        NewPaper(
            **{
                "kind": "result",
                "source": f"tests/{next(_numbers)}",
                "owner_id_number": MINH,
                "account_id": None,
                "procedure_code": "9.000009",
                "title": "Giấy khai sinh",
                "number": "12",
                "issuing_body": "Phường Sông",
                "issued_on": date(2025, 10, 1),
                "file_id": file.pk,
                **changes,
            }
        ),
        actor=HOUSE,
        at=at,
    )
    assert paper is not None
    return paper


def acting(person: Person, at: datetime = MONDAY) -> Actor:
    return actor_for(person, at=at)
