"""A ward with a proved account, and a stall whose goods people owe for: what stands above `payments` in these tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from thongsuot.kernel.actor import ANYONE, Actor, system
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.payments import actions, debts
from thongsuot.payments.debts import Debt, Owed
from thongsuot.payments.gateway import Notice
from thongsuot.payments.models import BankStatement, FeeAccount, FeePayment, LedgerEntry, PaymentLine
from thongsuot.people.actions import open_account
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.units.tests.make import MadeCity, make_city

HOUSE = system("cli")
GATEWAY = system("gateway")
MONDAY = datetime(2025, 10, 6, 8, tzinfo=VIET_NAM)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CAST = (
    ("lan", "river", "service_centre", ["receive dossiers"]),
    ("hoa", "river", "service_centre", ["receive dossiers"]),
    ("hong", "river", "service_centre", ["receive dossiers", "approve refunds"]),
    ("toan", "river", "service_centre", ["keep fees"]),
    ("dao", "hill", "service_centre", ["receive dossiers", "keep fees", "approve refunds"]),
    ("phi", "city", "service_centre", ["keep fees", "see figures"]),
)
GOODS = (20_000, 30_000)


@dataclass
class Stall:
    """Things that owe, each two fees, until they are paid or returned: nothing of its own is stored. See `debts.Debts`."""

    subject = "payments.stall"
    gives_receipts = True
    unit_id: int = 0
    closed: set[int] = field(default_factory=set)  # nothing is taken for these any more

    def locked(self, subject_id: int) -> Debt:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(77, %s)", [subject_id])
        over = Q(live=True, payment__state="paid") | Q(refunds__state="done")
        paid = PaymentLine.objects.filter(over, subject=self.subject).values_list("owed_id", flat=True)
        lines = [
            Owed(id=subject_id * 10 + place, code=f"P{place}", name=f"Phí {place}", kind="fee", amount_dong=amount)
            for place, amount in enumerate(GOODS)
            if subject_id * 10 + place not in set(paid) and subject_id not in self.closed
        ]
        return Debt(
            subject=self.subject,
            subject_id=subject_id,
            code=f"H98.01-251006-{subject_id:04}",
            unit_id=self.unit_id,
            at_unit_id=self.unit_id,
            payer_name="Trần Văn Minh",
            lines=lines,
        )

    def owing(self, unit_id: int, amount_dong: int, *, most: int) -> list[Debt]:
        found = [self.locked(thing) for thing in range(1, 4)] if unit_id == self.unit_id else []
        return [debt for debt in found if sum(line.amount_dong for line in debt.lines) == amount_dong][:most]

    def page(self, subject_id: int) -> str:
        return ""

    def paid(self, subject_id: int, receipts: Mapping[int, int], *, how: str, actor: Actor, at: datetime) -> None:
        pass

    def returned(self, subject_id: int, owed_id: int, *, reason: str, actor: Actor, at: datetime) -> None:
        pass


STALL = Stall()


@dataclass
class Office:
    city: MadeCity
    account_id: int = 0
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def account(self) -> FeeAccount:
        return FeeAccount.objects.get(pk=self.account_id)

    def actor(self, name: str, at: datetime = MONDAY) -> Actor:
        return actor_for(self.people[name], at=at)


def make_office() -> Office:
    office = Office(make_city())
    for name, where, kind, duties in CAST:
        office.people[name] = open_account(
            email=f"{name}@vidu.vn",
            full_name=f"Trần Thị {name.title()}",
            body_id=office.city.body(getattr(office.city, where), kind).pk,
            title="Chuyên viên",
            duties=duties,
            valid_from=datetime(2025, 7, 1).date(),
            actor=HOUSE,
            at=datetime(2025, 7, 1, 8, tzinfo=VIET_NAM),
        )
    office.account_id = an_account(office.city.river.pk).pk
    return office


@contextmanager
def a_stall() -> Iterator[Office]:
    """The office with its stall, for tests whose commands run at once."""
    office = make_office()
    STALL.unit_id, STALL.closed = office.city.river.pk, set()
    debts.register(STALL)
    try:
        yield office
    finally:
        debts.forget(STALL.subject)


def an_account(unit_id: int, *, number: str = "1133666688", merchant: str = "SONG", at: datetime = MONDAY) -> FeeAccount:
    """Declared, on the platform, proved by its test transaction."""
    account = actions.declare_account(
        unit_id, bank_bin="970436", number=number, holder="UBND phường Sông", merchant=merchant, actor=HOUSE, at=at
    )
    payment = actions.begin_test_payment(account.pk, actor=HOUSE, at=at)
    actions.take_notice(told(payment, transaction=f"TEST{merchant}", at=at), actor=GATEWAY, at=at)
    return FeeAccount.objects.get(pk=account.pk)


def opened(thing: int = 1, *, at: datetime = MONDAY) -> FeePayment:
    payment = actions.begin_payment(STALL.subject, thing, actor=ANYONE, at=at)
    assert isinstance(payment, FeePayment)
    return payment


_nonces = iter(range(10**9))


def told(payment: FeePayment, *, transaction: str = "", at: datetime = MONDAY, **said: object) -> Notice:
    """What the gateway says of a payment: paid, unless told otherwise."""
    account = payment.account
    assert account is not None
    facts = {
        "transaction_id": transaction or f"NH{payment.reference}",
        "amount_dong": payment.amount_dong,
        "merchant": account.merchant,
        "state": "paid",
        "at": at,
        "reference": payment.reference,
        "nonce": f"nonce-of-a-test-{next(_nonces):08}",
        "sent_at": at,
        **said,
    }
    return Notice(**facts)  # type: ignore[arg-type]  # made of what Notice has


def books(unit_id: int) -> dict[str, int]:
    """Every account of a unit that is not empty: debits less credits."""
    found: dict[str, int] = {}
    for debit, credit, amount in LedgerEntry.objects.filter(unit=unit_id).values_list("debit", "credit", "amount_dong"):
        found[debit] = found.get(debit, 0) + amount
        found[credit] = found.get(credit, 0) - amount
    return {account: amount for account, amount in found.items() if amount}


def table(*rows: str, day: str = "06/10/2025") -> str:
    """A statement as a table: reference;in;out;purpose of one day."""
    return "\n".join(["Ngày;Số tham chiếu;Ghi có;Ghi nợ;Nội dung", *(f"{day};{row}" for row in rows)])


def brought(office: Office, content: str, *, by: str = "toan", at: datetime = MONDAY) -> BankStatement:
    """Brought in; not in the books yet."""
    return actions.bring_statement(office.account_id, content.encode(), name="a.csv", actor=office.actor(by), at=at)
