"""A town whose registers are kept by Toàn and Tâm; old registers as files; everyone in them is invented."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from thongsuot import procedures
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.make import MONDAY, Town, forward_to, make_town, receive
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.people.models import Appointment
from thongsuot.procedures.content import FeeRule, Step
from thongsuot.registers import actions
from thongsuot.registers.models import Entry, Kind, RegisterImport
from thongsuot.registers.rules.columns import COLUMNS

HOUSE = system("worker")
NEXT = MONDAY + timedelta(hours=2)
PLACE = "Phường Bến, quận Giữa, thành phố Ví Dụ"
STEPS = (
    Step(key="tiep-nhan", name="Tiếp nhận", duty="receive dossiers", minutes=60, body_kind="service_centre"),
    Step(key="tham-dinh", name="Thẩm tra", duty="process dossiers", minutes=180, body_kind="office"),
    Step(key="ky", name="Ký", duty="sign results", minutes=180, body_kind="people_committee"),
    Step(key="vao-so", name="Vào sổ", duty="issue results", minutes=60, body_kind="office"),
    Step(key="tra", name="Trả kết quả", duty="hand back results", minutes=60, counted=False, body_kind="service_centre"),
)
_COPY_FEE = FeeRule(
    code="copy",
    name="Phí cấp bản sao",
    kind="fee",
    basis="Thông tư ví dụ",
    valid_from=MONDAY.date().replace(month=1, day=1),
    form="per_copy",
    amount_dong=8000,
)


def shipped(code: str) -> dict[str, Any]:
    """What the product ships for a procedure: its e-form and an example of good answers."""
    folder = Path(procedures.__file__).parent / "data" / "procedures"
    whole: dict[str, Any] = json.loads((folder / f"{code}.json").read_text())
    return {"form": whole["versions"][0]["form"], "good": whole["examples"]["good"]}


def make_register_town(code: str = "1.001193") -> Town:
    """The town of dossiers with one procedure of civil status, whose officers keep the registers of phường Sông."""
    town = make_town(
        code=code,
        limit=Limit(1, LimitUnit.WORKING_DAYS),
        steps=STEPS,
        papers=(),
        fee_rules=(_COPY_FEE,) if code.startswith("2.") else (),
        form_schema=shipped(code)["form"],
    )
    for name in ("toan", "tam"):
        Appointment.objects.filter(person=town.people[name]).update(duties=["keep civil status", "process dossiers"])
    return town


def keeper(town: Town, name: str = "toan", at: datetime = NEXT) -> Actor:
    return town.actor(name, at)


def at_the_officer(town: Town, *, at: datetime = MONDAY, **answers: Any) -> Dossier:
    """A dossier of the town's procedure, received and given to who drafts its result."""
    # The examples play in 2026; this town stands still in October 2025.
    earlier = {"child_born_on": "2025-09-20", "died_on": "2025-10-03"}
    good = shipped(town.version.procedure.code)["good"]
    form = {**good, **{key: day for key, day in earlier.items() if key in good}, **answers}
    dossier = receive(town, at=at, papers=(), form=form, quantities={})
    return forward_to(town, dossier, "tham-dinh", at=at)


def a_row(kind: Kind = Kind.BIRTH, **changes: str) -> dict[str, str]:
    """A good row of an old register. Of a kind's columns, by key."""
    rows: dict[Kind, dict[str, str]] = {
        Kind.BIRTH: {
            "number": "15",
            "book": "01/2004",
            "registered_on": "12/05/2004",
            "place": PLACE,
            "child_name": "Lò Thị Mẫu",
            "child_sex": "nữ",
            "child_born": "02/05/2004",
            "birthplace": "Nhà hộ sinh",
            "mother_name": "Hồ Thị Thử",
            "mother_born": "1979",
            "father_name": "Lò Văn Ví",
            "requester": "Lò Văn Ví",
            "requester_relation": "cha",
        },
        Kind.MARRIAGE: {
            "number": "7",
            "book": "01/2001",
            "registered_on": "20/10/2001",
            "place": PLACE,
            "wife_name": "Hồ Thị Thử",
            "wife_born": "03/08/1979",
            "husband_name": "Lò Văn Ví",
            "husband_born": "1975",
        },
        Kind.DEATH: {
            "number": "3",
            "book": "01/1999",
            "registered_on": "05/01/1999",
            "place": PLACE,
            "dead_name": "Lò Văn Cụ",
            "dead_sex": "nam",
            "dead_born": "1921",
            "died_on": "03/01/1999",
        },
    }
    return {**rows[kind], **changes}


def as_csv(rows: Iterable[Mapping[str, str]], kind: Kind = Kind.BIRTH) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([str(column.heading) for column in COLUMNS[kind]])
    for row in rows:
        writer.writerow([row.get(column.key, "") for column in COLUMNS[kind]])
    return target.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Mapping[str, Any]], kind: Kind = Kind.BIRTH, change: Any = None) -> bytes:
    """`change(book, sheet)` makes it worse before it is saved."""
    book = Workbook()
    sheet = book.active
    sheet.append([str(column.heading) for column in COLUMNS[kind]])
    for row in rows:
        sheet.append([row.get(column.key) for column in COLUMNS[kind]])
    if change:
        change(book, sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sent(town: Town, content: bytes, *, kind: Kind = Kind.BIRTH, name: str = "so.csv", at: datetime = NEXT) -> RegisterImport:
    """Sent and read: it waits for a look."""
    one = actions.send_file(content, name=name, unit_id=town.river, kind=kind, actor=keeper(town), at=at)
    return actions.read_file(one.pk, actor=HOUSE, at=at)


def imported(town: Town, rows: Iterable[Mapping[str, str]], *, kind: Kind = Kind.BIRTH, at: datetime = NEXT) -> RegisterImport:
    """Sent, read and stored."""
    one = sent(town, as_csv(rows, kind), kind=kind, at=at)
    actions.start_import(one.pk, actor=keeper(town), at=at)
    return actions.store_all(one.pk, actor=HOUSE, at=at)


def an_entry(town: Town, kind: Kind = Kind.BIRTH, **changes: str) -> Entry:
    done = imported(town, [a_row(kind, **changes)], kind=kind)
    assert done.stored == 1, list(done.rows.values_list("reasons", flat=True))
    return Entry.objects.latest("id")
