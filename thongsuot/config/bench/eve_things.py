"""What the old units have beside the system on the eve: archives, assets, the computers their people take along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Sum
from django.utils import timezone

from thongsuot.config.bench.eve import DAY, GROUPS, Eve
from thongsuot.handover import actions
from thongsuot.handover.models import Changeover, Item
from thongsuot.handover.queries.inventory import COUNTED, begins
from thongsuot.handover.queries.transfers import heirs_of
from thongsuot.handover.rules.classes import Listed
from thongsuot.kernel.actor import system

HOUSE = system("cli")
ASSETS, BLOCKS = 20, 12  # of each old unit
STATES = ("Chỉnh lý hoàn chỉnh", "Chỉnh lý sơ bộ", "Chưa chỉnh lý")
_PLACE = """
INSERT INTO people_appointment (person_id, body_id, title, duties, decided_by, decision_number, valid_from)
SELECT p.person_id, b.id, 'Chuyên viên', ARRAY['receive dossiers', 'process dossiers', 'hand back results'], '', '', %(day)s
  FROM unnest(%(people)s::bigint[], %(units)s::bigint[]) AS p(person_id, unit_id)
  JOIN units_body b ON b.unit_id = p.unit_id AND b.kind = 'service_centre' AND b.valid_to IS NULL
"""


def place_people(eve: Eve) -> int:
    """Everybody has a post in a successor from the first day. Returns how many people."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.person_id, b.unit_id FROM people_appointment a JOIN units_body b ON b.id = a.body_id"
            " WHERE b.unit_id = ANY(%s) ORDER BY a.person_id",
            [eve.unit_ids],
        )
        people, towards = [], []
        for person_id, old in cursor.fetchall():
            heirs = heirs_of(old, DAY)
            people.append(person_id)
            towards.append(heirs[person_id % len(heirs)])
        cursor.execute(_PLACE, {"people": people, "units": towards, "day": DAY})
    return len(people)


def give_go(changeover: Changeover, at: datetime) -> int:
    """Every new unit has its seal, so it may begin. Returns how many units."""
    units = begins(changeover)
    for unit_id in units:
        actions.note_new_seal(
            changeover.pk,
            unit_id=unit_id,
            kind="Dấu ướt",
            registration=str(unit_id),
            received_on=timezone.localdate(at),
            actor=HOUSE,
            at=at,
        )
    actions.give_go(changeover.pk, basis="Kết luận của Ban Chỉ đạo", actor=HOUSE, at=at)
    return len(units)


def list_things(eve: Eve, changeover: Changeover, at: datetime) -> int:
    """Every old unit lists what it has, by the command its page calls. Returns how many things."""
    emails: dict[int, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.unit_id, p.email FROM people_appointment a JOIN units_body b ON b.id = a.body_id"
            " JOIN people_person p ON p.id = a.person_id WHERE b.unit_id = ANY(%s) ORDER BY p.id",
            [eve.unit_ids],
        )
        for unit_id, email in cursor.fetchall():
            emails[unit_id].append(email)
    count = 0
    for place, unit_id in enumerate(eve.unit_ids):
        of_class = {
            "archives": list(_archives(place, eve.communes.get(unit_id, ""))),
            "assets": list(_assets(place, eve.communes.get(unit_id, ""))),
            "computers": [
                Listed(name="Máy tính", quantity=Decimal(1), details={"serial": email}, person_email=email)
                for number, email in enumerate(emails[unit_id])
                if number % 10  # nine of ten have one
            ],
        }
        for klass, lines in of_class.items():
            if lines:
                made = actions.import_items(
                    changeover.pk, unit_id=unit_id, klass=klass, lines=lines, sha256="", actor=HOUSE, at=at
                )
                count += len(made)
    return count


def _archives(place: int, address: str) -> Iterator[Listed]:
    for number in range(BLOCKS):
        yield Listed(
            name=f"Khối tài liệu {number + 1}",
            quantity=Decimal((place * 7 + number * 13) % 400 + 5) / 4,
            details={"fonds": "UBND", "from_year": 1990, "to_year": 2025, "arranged": STATES[number % 3]},
            address=f"tổ dân phố số {number % GROUPS + 1}, {address}" if address and number % 4 else "",
        )


def _assets(place: int, address: str) -> Iterator[Listed]:
    for number in range(ASSETS):
        cost = 1_000_000 * ((place * 3 + number * 11) % 90 + 1)
        yield Listed(
            name=f"Tài sản {number + 1}",
            quantity=Decimal(1),
            amount_dong=cost,
            remaining_dong=cost // 3,
            details={"kind": "Khác"},
            state_text="Nguyên trạng",
            address=f"tổ dân phố số {number % GROUPS + 1}, {address}" if address and number % 4 else "",
        )


Sums = dict[str, tuple[int, Decimal, int]]


def sums(changeover: Changeover) -> Sums:
    """{class: (things, quantity, đồng)} of all that is counted."""
    rows = Item.objects.filter(COUNTED, changeover=changeover).order_by().values_list("klass")
    return {
        klass: (n, quantity, dong or 0)
        for klass, n, quantity, dong in rows.annotate(n=Count("id"), q=Sum("quantity"), d=Sum("amount_dong"))
    }


def decide_rest(changeover: Changeover, at: datetime) -> int:
    """A person chooses for what no rule decides, list by list. Returns how many things."""
    waiting: dict[tuple[int, str], list[int]] = defaultdict(list)
    lost = Item.objects.filter(COUNTED, changeover=changeover, to_unit=None)
    for pk, unit_id, klass in lost.values_list("pk", "unit_id", "klass"):
        waiting[unit_id, klass].append(pk)
    for (unit_id, _klass), ids in waiting.items():
        actions.choose_receiver(changeover.pk, ids, to_unit_id=heirs_of(unit_id, DAY)[0], why="Giữ trọn", actor=HOUSE, at=at)
    return sum(len(ids) for ids in waiting.values())


def count_in(changeover: Changeover, at: datetime) -> int:
    """Every new unit counts in what came to it. Returns how many things."""
    coming: dict[int, list[int]] = defaultdict(list)
    for pk, to_unit in Item.objects.filter(COUNTED, changeover=changeover).values_list("pk", "to_unit_id"):
        coming[to_unit].append(pk)
    count = 0
    for to_unit, ids in coming.items():
        for first in range(0, len(ids), 500):
            count += actions.receive_picked(
                changeover.pk, to_unit_id=to_unit, item_ids=ids[first : first + 500], actor=HOUSE, at=at
            )
    return count
