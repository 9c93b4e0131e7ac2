"""The ledger at random: notices in any order and number, cash, refunds, statements, crashes: it always says the truth."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
import pytest
from django.db import transaction
from django.db.models import Case, F, Sum, When

from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import TellPerson
from thongsuot.payments import actions, asking, comparing, gateway
from thongsuot.payments.models import (
    CashShift,
    FeePayment,
    GatewayNotice,
    LedgerEntry,
    PaymentLine,
    PaymentReceipt,
    Refund,
    StatementLine,
)
from thongsuot.payments.stand_in import Bank, NearGateway
from thongsuot.payments.tests.make import DAY, GATEWAY, GOODS, HOUSE, MONDAY, STALL, Office, books, told

TEST = 1_000


class Crash(Exception):
    """The process is gone before the commit."""


class Money:
    """A day at one ward, drawn by a seed."""

    def __init__(self, office: Office, seed: int, patch: pytest.MonkeyPatch) -> None:
        self.office, self.random = office, random.Random(seed)  # noqa: S311 - drawn again alike
        self.now = MONDAY
        self.bank = Bank(clock=lambda: self.now)
        patch.setattr(gateway, "chosen", lambda: NearGateway(self.bank))
        self.said: list[gateway.Notice] = []  # what the bank has told, or will: each may come again
        self.came: dict[str, int] = {}  # money that reached us: {transaction: đồng}
        self.statements = 0
        self.nameless: dict[str, tuple[datetime, int]] = {}  # in the next statements: {transaction: when, đồng}
        self.charges: dict[str, datetime] = {}  # of the bank, in the next statements
        self.undue: dict[str, int] = {}  # of these the gateway told: undue until they are assigned

    def live(self, steps: int) -> None:
        ways = (
            (self.open, 3),
            (self.the_payer_pays_at_the_bank, 5),
            (self.the_payer_transfers_as_the_code_says, 2),
            (self.the_bank_tells_again_in_any_order, 4),
            (self.the_bank_tells_of_a_failure, 1),
            (self.cash, 2),
            (self.time_goes_by, 2),
            (self.propose_a_refund, 2),
            (self.go_on_with_a_refund, 5),
            (self.count_and_bank_a_drawer, 1),
            (self.money_comes_that_names_no_payment, 2),
            (self.assign_it, 5),
            (self.the_bank_takes_a_charge, 1),
            (self.name_what_left, 2),
            (self.the_statement_of_today_comes, 2),
        )
        for _step in range(steps):
            self.random.choices([way for way, _weight in ways], [weight for _way, weight in ways])[0]()
            self.the_ledger_says_the_truth()

    def one_of(self, rows):
        rows = list(rows)
        return self.random.choice(rows) if rows else None

    def payment(self):
        return self.one_of(FeePayment.objects.filter(subject=STALL.subject).exclude(account=None).order_by("pk"))

    def chance(self, one_in: int = 5) -> bool:
        return self.random.randrange(one_in) == 0

    def do(self, command, *args, crash=False, **more):
        """A command as it is run; a "no" is an answer; with `crash` the process dies before the commit."""
        with suppress(TellPerson, Crash), transaction.atomic():
            found = command(*args, **more)
            if crash:
                raise Crash
            return found
        return None

    def tell(self, notice, *, crash=False):
        fresh = told(FeePayment.objects.get(reference=notice.reference), transaction=notice.transaction_id, at=self.now)
        facts = {name: getattr(notice, name) for name in ("amount_dong", "merchant", "state", "how", "at")}
        row = self.do(actions.take_notice, _with(fresh, facts), actor=GATEWAY, at=self.now, crash=crash)
        if row is not None and notice.state == "paid":
            self.came[notice.transaction_id] = notice.amount_dong

    def open(self):
        if self.chance():
            self.bank.faults.append("deaf")
        thing = self.random.randint(1, 3)
        payment = self.do(asking.begin, STALL.subject, thing, actor=ANYONE, now=self.now, crash=self.chance())
        self.bank.faults.clear()
        self.catch_up()
        if payment is not None:
            self.do(asking.pay_address, payment.pk, back_url="http://x/", actor=HOUSE, now=self.now)

    def the_payer_pays_at_the_bank(self):
        if (payment := self.payment()) is not None:
            with suppress(gateway.Refused):
                notice = self.bank.pay(payment.reference, amount_dong=7_000 if self.chance() else 0)
                self.said.append(notice)
                if not self.chance(3):
                    self.tell(notice, crash=self.chance())

    def the_payer_transfers_as_the_code_says(self):
        if (payment := self.payment()) is not None:
            notice = self.bank.transfer("SONG", payment.amount_dong, payment.purpose)
            self.said.append(_with(notice, {"reference": payment.reference}))

    def the_bank_tells_again_in_any_order(self):
        if self.said:
            self.tell(self.random.choice(self.said), crash=self.chance())

    def the_bank_tells_of_a_failure(self):
        if (payment := self.payment()) is not None:
            transaction = f"F{self.random.random()}"
            for _time in range(self.random.randint(1, 2)):
                failed = told(payment, transaction=transaction, state="failed", at=self.now)
                self.do(actions.take_notice, failed, actor=GATEWAY, at=self.now)

    def cash(self):
        thing, lan = self.random.randint(1, 3), self.office.actor("lan", self.now)
        owed = [thing * 10, thing * 10 + 1][: self.random.randint(1, 2)]
        self.do(actions.take_cash, STALL.subject, thing, owed_ids=owed, actor=lan, at=self.now, crash=self.chance())

    def time_goes_by(self):
        self.now += timedelta(minutes=20)
        if self.chance(2):
            self.bank.faults.append(self.random.choice(["deaf", "silent"]))
        if self.chance(3) and (payment := self.payment()) is not None:
            self.do(asking.settle_standing, payment.pk, now=self.now, cancel=False)
        for payment in FeePayment.objects.filter(state="waiting", expires_at__lte=self.now):
            self.do(asking.settle_standing, payment.pk, now=self.now)
        self.bank.faults.clear()
        self.catch_up()

    def propose_a_refund(self):
        line = self.one_of(PaymentLine.objects.filter(subject=STALL.subject, live=True, payment__state="paid").order_by("pk"))
        if line is not None:
            how, toan = self.random.choice(["cash", "gateway", "transfer"]), self.office.actor("toan", self.now)
            self.do(actions.propose_refund, line.pk, how=how, reason="thu nhầm", actor=toan, at=self.now)

    def go_on_with_a_refund(self):
        one = self.one_of(Refund.objects.exclude(payment__subject="payments.feeaccount").order_by("pk"))
        if one is None:
            return
        yes, crash, fault = not self.chance(), self.chance(), self.random.choice(["", "", "deaf", "silent", "no"])
        hong, toan = self.office.actor("hong", self.now), self.office.actor("toan", self.now)
        if one.state == "proposed" and yes:
            self.do(actions.approve_refund, one.pk, actor=hong, at=self.now, crash=crash)
        elif one.state == "proposed":
            self.do(actions.refuse_refund, one.pk, reason="không", actor=hong, at=self.now, crash=crash)
        elif one.state == "refused":
            again = self.do(actions.propose_again, one.pk, reason="nữa", actor=toan, at=self.now, crash=crash)
            assert again is None or one.line_id is None
        elif one.how == "gateway" and one.state == "sent":
            said = self.random.choice(["waiting", "failed", "unknown"])
            self.do(actions.note_refund_standing, one.pk, gateway.Standing(state=said), actor=HOUSE, at=self.now)
        elif one.how == "gateway" and not one.trouble:
            if self.chance():
                self.do(actions.note_refund_standing, one.pk, gateway.Standing(state="waiting"), actor=HOUSE, at=self.now)
                return
            if fault:
                self.bank.faults.append(fault)
            self.do(asking.send_refund, one.pk, now=self.now, crash=crash)
            self.bank.faults.clear()
        else:
            who = self.office.actor("lan", self.now) if one.how == "cash" else toan
            self.do(actions.pay_refund_by_hand, one.pk, proof=f"UNC {one.pk}", actor=who, at=self.now, crash=crash)

    def count_and_bank_a_drawer(self):
        toan = self.office.actor("toan", self.now)
        for shift in CashShift.objects.filter(state="open"):
            self.do(
                actions.close_shift, shift.pk, counts={10_000: self.random.randint(0, 6)}, reason="đếm", actor=toan, at=self.now
            )
        for shift in CashShift.objects.filter(state="closed"):
            self.do(actions.bank_shift, shift.pk, slip_number=f"GN{shift.pk}", actor=toan, at=self.now)

    def money_comes_that_names_no_payment(self):
        transaction, amount = f"VD{len(self.nameless)}", self.random.choice([*GOODS, *[sum(GOODS)] * 4, 7_000])
        self.nameless[transaction] = (self.now, amount)
        if self.chance(2) and (payment := self.payment()) is not None:
            notice = _with(told(payment, at=self.now), {"transaction_id": transaction, "amount_dong": amount, "reference": ""})
            if self.do(actions.take_notice, notice, actor=GATEWAY, at=self.now, crash=self.chance()) is not None:
                self.came[transaction] = self.undue[transaction] = amount

    def assign_it(self):
        if self.chance(2):
            self.the_statement_of_today_comes()
        line = self.one_of(StatementLine.objects.filter(bank_reference__in=self.nameless).order_by("-pk"))
        if line is None:
            return
        for payment in FeePayment.objects.filter(state="waiting", subject=STALL.subject):
            self.do(actions.cancel_payment, payment.pk, actor=HOUSE, at=self.now)  # else the debt is being paid
        fits = [thing for thing in (1, 2, 3) if sum(one.amount_dong for one in STALL.locked(thing).lines) == line.amount_dong]
        thing, toan = self.random.choice(fits or [1, 2, 3]), self.office.actor("toan", self.now)
        to = {"subject": STALL.subject, "subject_id": thing, "reason": "có chứng từ"}
        if self.do(actions.assign_line, line.pk, **to, actor=toan, at=self.now, crash=self.chance()) is not None:
            told_of = [name for name, amount in self.undue.items() if amount == line.amount_dong]
            if told_of:  # of several that are alike it is one of them: names of banks and of gateways differ
                name = line.bank_reference if line.bank_reference in told_of else told_of[0]
                del self.undue[name], self.came[name]
            self.came[line.bank_reference] = line.amount_dong

    def the_bank_takes_a_charge(self):
        self.charges[f"PHI{len(self.charges)}"] = self.now

    def name_what_left(self):
        line = self.one_of(StatementLine.objects.filter(amount_dong__lt=0).order_by("pk"))
        if line is not None and (line.bank_reference in self.charges or line.entries.exists() or line.pays_back):
            what, toan = self.random.choice(["charges", "treasury", "other"]), self.office.actor("toan", self.now)
            self.do(actions.name_outflow, line.pk, what=what, note="x", actor=toan, at=self.now, crash=self.chance())

    def the_statement_of_today_comes(self):
        listed = [row for back in (1, 0) for row in self.bank.day((self.now - back * DAY).date())]
        moved = [row for row in listed if row.amount_dong > 0]
        if not listed and not self.nameless:
            return
        rows = ["Ngày;Số tham chiếu;Ghi có;Ghi nợ;Nội dung"]
        rows += [f"{row.at:%d/%m/%Y};{row.transaction_id};{row.amount_dong};;CK {row.reference}" for row in moved]
        rows += [
            f"{row.at:%d/%m/%Y};{row.transaction_id};;{-row.amount_dong};Hoan {row.reference}"
            for row in listed
            if row not in moved
        ]
        rows += [f"{when:%d/%m/%Y};{name};;11;phi dich vu" for name, when in self.charges.items()]
        for one in Refund.objects.filter(state="done", how="transfer"):
            rows.append(f"{one.done_at:%d/%m/%Y};U{one.pk};;{one.amount_dong};chuyen tien theo unc{one.pk}.")
        for one in LedgerEntry.objects.filter(why="banked", debit="transit"):
            rows.append(f"{one.at:%d/%m/%Y};N{one.shift_id};{one.amount_dong};;Nop tien gn{one.shift_id}")
        for name, (when, amount) in self.nameless.items():
            rows.append(f"{when:%d/%m/%Y};{name};{amount};;nop phi")
        self.statements += 1
        content = "\n".join([*rows, f";;;;{self.statements}"]).encode()
        toan = self.office.actor("toan", self.now)
        statement = self.do(
            actions.bring_statement,
            self.office.account_id,
            content,
            name="so-phu.csv",
            actor=toan,
            at=self.now,
            crash=self.chance(),
        )
        if statement is not None:
            comparing.book_statement(statement.pk, now=self.now)
            self.came |= {row.transaction_id: row.amount_dong for row in moved}
            assert self.received() == sum(self.came.values()) + TEST
            comparing.compare_day(self.now.date(), now=self.now)
        self.catch_up()

    def catch_up(self):
        """What was found by asking came without a notice."""
        for payment in FeePayment.objects.exclude(transaction_id="").filter(subject=STALL.subject, how="gateway"):
            self.came.setdefault(payment.transaction_id, payment.amount_dong)
        for refund in Refund.objects.filter(line=None, how="gateway"):
            self.came.setdefault(refund.transaction_id, refund.amount_dong)

    def received(self) -> int:
        """What came into the account or is announced for it, whatever went out again since."""
        found, out = books(self.office.city.river.pk), Refund.objects.filter(state="done", how__in=["gateway", "transfer"])
        left = LedgerEntry.objects.filter(why="left", credit="bank")
        arrived = LedgerEntry.objects.filter(why="settled", credit="transit")
        return found.get("clearing", 0) + found.get("bank", 0) + total(out) + total(left) - total(arrived)

    def the_ledger_says_the_truth(self):
        found = books(self.office.city.river.pk)
        assert sum(found.values()) == 0
        lines = PaymentLine.objects.filter(payment__state__in=["paid", "returned"])
        agreed = Refund.objects.filter(state__in=["approved", "sent", "done"])
        assert found.get("fees", 0) == total(agreed.filter(line__isnull=False)) - total(lines)
        latest = {(one.payment_id, one.transaction_id): one for one in Refund.objects.filter(line=None).order_by("pk")}
        waits = sum(one.amount_dong for one in latest.values() if one.state in ("proposed", "refused"))
        assert found.get("undue", 0) == -waits - sum(self.undue.values())
        assert found.get("refunds", 0) == -total(Refund.objects.filter(state__in=["approved", "sent"]))
        assert self.received() <= sum(self.came.values()) + TEST
        assert found.get("transit", 0) >= 0
        moves = StatementLine.objects.exclude(entries=None).annotate(booked=Sum(SIGNED))
        assert all(line.booked == line.amount_dong for line in moves)  # a movement is in the books whole, and once
        for owed_id in {line.owed_id for line in lines}:
            assert lines.filter(owed_id=owed_id, subject=STALL.subject, live=True, payment__state="paid").count() <= 1
        numbers = sorted(PaymentReceipt.objects.filter(unit=self.office.city.river.pk).values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        counted = GatewayNotice.objects.filter(outcome__in=["paid", "undue"]).values_list("transaction_id", flat=True)
        assert len(counted) == len(set(counted))


def total(rows) -> int:
    return rows.aggregate(sum=Sum("amount_dong"))["sum"] or 0


SIGNED = Case(
    When(entries__debit="bank", then=F("entries__amount_dong")),
    When(entries__credit="bank", then=0 - F("entries__amount_dong")),
    default=0,
)


def _with(notice, facts):
    return msgspec.structs.replace(notice, **facts)


@pytest.mark.parametrize("seed", range(5))
def test_in_any_order_with_repeats_refunds_and_crashes_it_ends_balanced(office, monkeypatch, seed):
    Money(office, seed, monkeypatch).live(45)
