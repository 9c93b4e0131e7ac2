"""A small city with people on its lists; everyone in them is invented: no number could be anybody's."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from thongsuot.allowances import actions, loading
from thongsuot.allowances.models import AllowanceImport, Beneficiary, PayBatch, Payment, PayRun
from thongsuot.allowances.queries.checks import check
from thongsuot.allowances.rules import KEEP
from thongsuot.allowances.rules.outcomes import reference
from thongsuot.allowances.rules.roll import COLUMNS
from thongsuot.files import queries as files
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.actions import open_account
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.units.tests.make import MadeCity, make_city

HOUSE = system("cli")
WORKER = system("worker")
MONDAY = datetime(2025, 10, 6, 9, tzinfo=VIET_NAM)
OCTOBER = date(2025, 10, 1)
APPROVER = "approve allowances"


@dataclass
class Office:
    """Thành phố Ví Dụ: Mai keeps the list of phường Sông, Đào of phường Đồi; An pays for the city, Bình approves."""

    city: MadeCity
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def river(self) -> int:
        return self.city.river.pk

    @property
    def hill(self) -> int:
        return self.city.hill.pk

    def actor(self, name: str, at: datetime = MONDAY) -> Actor:
        return actor_for(self.people[name], at=at)


def make_office() -> Office:
    office = Office(make_city())
    loading.load_rates(at=MONDAY)
    city = office.city
    for name, unit, kind, duties in (
        ("mai", city.river, "culture_society_office", [KEEP]),
        ("dao", city.hill, "culture_society_office", [KEEP]),
        ("an", city.city, "service_centre", [KEEP]),
        ("binh", city.city, "service_centre", [KEEP, APPROVER]),
        ("khach", city.river, "office", ["process dossiers"]),
    ):
        office.people[name] = open_account(
            email=f"{name}@vidu.vn",
            full_name=f"Trần Thị {name.title()}",
            body_id=city.body(unit, kind).pk,
            title="Chuyên viên",
            duties=duties,
            valid_from=date(2025, 7, 1),
            actor=HOUSE,
            at=datetime(2025, 7, 1, 8, tzinfo=VIET_NAM),
        )
    return office


def number_of(place: int) -> str:
    """Of the 22nd century: nobody's."""
    return f"0014{58_000_000 + place:08d}"


def a_row(place: int = 1, **changes: str) -> dict[str, str]:
    """A good row of an old list, by the keys of its columns; those of odd places go to the bank."""
    row = {
        "full_name": f"Lò Mẫu {place} Thử",
        "id_number": number_of(place),
        "born": "12/03/1938",
        "address": f"Số {place}, phường Sông",
        "group": "KT-6C",
        "start": "01/2023",
        "payer": "Ngân hàng" if place % 2 else "Bưu điện",
        "bank": "Ngân hàng Ví Dụ" if place % 2 else "",
        "account": f"10{place:08d}" if place % 2 else "",
        "cash_point": "" if place % 2 else "Bưu cục Bến",
    }
    return {**row, **changes}


def as_csv(rows: Iterable[Mapping[str, str]]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([str(column.heading) for column in COLUMNS])
    for row in rows:
        writer.writerow([row.get(column.key, "") for column in COLUMNS])
    return target.getvalue().encode("utf-8-sig")


def sent(
    office: Office,
    rows: Iterable[Mapping[str, str]],
    *,
    unit_id: int | None = None,
    month: date = OCTOBER,
    at: datetime = MONDAY,
) -> AllowanceImport:
    """Sent by the house and read: it waits for a look."""
    one = actions.send_file(
        as_csv(rows), name="danh-sach.csv", unit_id=unit_id or office.river, month=month, actor=HOUSE, at=at
    )
    return actions.read_file(one.pk, actor=WORKER, at=at)


def imported(
    office: Office,
    rows: Iterable[Mapping[str, str]],
    *,
    unit_id: int | None = None,
    month: date = OCTOBER,
    at: datetime = MONDAY,
) -> AllowanceImport:
    """Sent, read and stored."""
    one = sent(office, rows, unit_id=unit_id, month=month, at=at)
    actions.start_import(one.pk, actor=HOUSE, at=at)
    return actions.store_import(one.pk, actor=WORKER, at=at)


def a_beneficiary(office: Office, place: int = 900, **changes: str) -> Beneficiary:
    return actions.add_beneficiary(a_row(place, **changes), unit_id=office.river, actor=HOUSE, at=MONDAY)


def frozen(office: Office, month: date = OCTOBER, *, at: datetime = MONDAY) -> PayRun:
    """Opened and frozen by An, every line placed."""
    run = actions.open_run(office.city.city.pk, month=month, actor=office.actor("an", at), at=at)
    run = actions.freeze_run(run.pk, actor=office.actor("an", at), at=at)
    return run if run.placed_at else actions.place_lines(run.pk, actor=WORKER, at=at)


def approved(office: Office, month: date = OCTOBER, *, at: datetime = MONDAY) -> PayRun:
    run = frozen(office, month, at=at)
    return actions.approve_run(run.pk, accepted=check(run).figures, actor=office.actor("binh", at), at=at)


def out(office: Office, month: date = OCTOBER, *, at: datetime = MONDAY) -> PayRun:
    """Approved, its files made and sent."""
    run = approved(office, month, at=at)
    for batch in actions.make_batches(run.pk, actor=office.actor("an", at), at=at):
        actions.mark_sent(batch.pk, actor=office.actor("an", at), at=at)
    return PayRun.objects.get(pk=run.pk)


def lines_of(batch: PayBatch) -> list[dict[str, str]]:
    """The payer's file as the payer reads it, without the line of sums."""
    assert batch.file_id is not None
    with files.open_checked(batch.file_id) as file:
        text = file.read().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))[:-1]


def answer(run: PayRun, batch: int, outcomes: Mapping[int, str], *, reason: str = "Sai số tài khoản") -> bytes:
    """A payer's file: outcome by payment."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(["Mã chi trả", "Kết quả", "Lý do"])
    for payment_id, outcome in outcomes.items():
        words = "Đã trả" if outcome == "paid" else "Không trả được"
        writer.writerow([reference(run.month, batch, payment_id), words, "" if outcome == "paid" else reason])
    return target.getvalue().encode()


def told(office: Office, run: PayRun, content: bytes, *, at: datetime = MONDAY, name: str = "ket-qua.csv"):
    """A payer's file, sent and applied."""
    report = actions.send_report(run.pk, content, name=name, actor=office.actor("an", at), at=at)
    return actions.apply_report(report.pk, actor=WORKER, at=at)


def states(run: PayRun) -> dict[int, str]:
    return dict(Payment.objects.filter(run=run).values_list("pk", "state"))
