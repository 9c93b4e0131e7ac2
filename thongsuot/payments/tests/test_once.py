"""The same money by two ways, an earlier payment that may be paid, answers that say nothing: counted once, or asked again."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
import pytest

from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.events import Happened
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.kernel.working_time import start_of
from thongsuot.payments import actions, asking, comparing, debts, gateway, reactions, tasks
from thongsuot.payments.actions import errors
from thongsuot.payments.gateway import Checked, Listed, Refused, Standing, Unreachable
from thongsuot.payments.models import FeeAccount, FeePayment, GatewayNotice, Refund
from thongsuot.payments.queries.reconciling import paid_on
from thongsuot.payments.stand_in import Bank, NearGateway
from thongsuot.payments.tests.make import (
    DAY,
    GATEWAY,
    GOODS,
    HOUSE,
    MINUTE,
    MONDAY,
    STALL,
    books,
    brought,
    make_office,
    opened,
    table,
    told,
)

Outcome, State = GatewayNotice.Outcome, FeePayment.State


def asked(thing: int = 1, *, at: datetime = MONDAY) -> FeePayment:
    payment = asking.begin(STALL.subject, thing, actor=ANYONE, now=at)
    asking.pay_address(payment.pk, back_url="http://x/", actor=ANYONE, now=at)
    return payment


def state_of(payment: FeePayment) -> str:
    return FeePayment.objects.get(pk=payment.pk).state


def booked(office, *rows: str, at: datetime = MONDAY) -> None:
    content = "\n".join(["Ngày;Số tham chiếu;Số tiền;Nội dung", *rows])
    statement = actions.bring_statement(office.account_id, content.encode(), name="a.csv", actor=HOUSE, at=at)
    comparing.book_statement(statement.pk, now=at)


@pytest.mark.django_db(transaction=True)
def test_told_and_asked_at_the_same_instant_it_is_counted_once(settings, monkeypatch):
    """Both stand before the debt's lock together, unless one waited for the other before: then the wall falls."""
    settings.CITY_CODE = "98"
    office, bank = make_office(), Bank(clock=lambda: MONDAY)
    monkeypatch.setattr(gateway, "chosen", lambda: NearGateway(bank))
    STALL.unit_id, STALL.closed = office.city.river.pk, set()
    debts.register(STALL)
    wall, locked = threading.Barrier(2), STALL.locked

    def together(subject_id):
        with suppress(threading.BrokenBarrierError):
            wall.wait(1)
        return locked(subject_id)

    try:
        payment = asked()
        notice = told(payment, transaction=bank.pay(payment.reference).transaction_id)
        wall.reset()
        monkeypatch.setattr(STALL, "locked", together)
        faults = at_once(
            lambda: actions.take_notice(notice, actor=GATEWAY, at=MONDAY),
            lambda: asking.settle_standing(payment.pk, now=MONDAY, cancel=False),
        )
    finally:
        debts.forget(STALL.subject)
    assert faults == []
    assert state_of(payment) == State.PAID
    assert not Refund.objects.filter(line=None).exists()
    assert "undue" not in books(office.city.river.pk)


def test_an_account_declared_again_under_its_code_is_proved(office):
    actions.close_account(office.account_id, reason="đổi ngân hàng", actor=HOUSE, at=MONDAY)

    account = actions.declare_account(
        office.city.river.pk, bank_bin="970436", number="2222", holder="UBND", merchant="SONG", actor=HOUSE, at=MONDAY + DAY
    )
    test = actions.begin_test_payment(account.pk, actor=HOUSE, at=MONDAY + DAY)
    assert actions.take_notice(told(test, at=MONDAY + DAY), actor=GATEWAY, at=MONDAY + DAY).outcome == Outcome.PAID
    account.refresh_from_db()
    assert account.state == "configured"
    nobodys = told(opened(), transaction="N", reference="TS9999999", at=MONDAY + DAY)
    assert actions.take_notice(nobodys, actor=GATEWAY, at=MONDAY + DAY).outcome == Outcome.UNKNOWN
    assert account.entries.filter(why="undue").count() == 1  # in the books of the open one


def test_an_answer_without_a_code_is_of_no_account_that_has_none(office):
    actions.declare_account(
        office.city.hill.pk, bank_bin="970436", number="99887766", holder="UBND xã Đồi", actor=HOUSE, at=MONDAY
    )
    assert FeeAccount.objects.filter(merchant="").exists()

    assert actions.take_notice(told(opened(), merchant=""), actor=GATEWAY, at=MONDAY).outcome == Outcome.PAID


def test_nobody_pays_twice_because_the_gateway_was_silent(office, bank, clock):
    """Paid in the fourteenth minute, the notice is lost: no other payment is opened before the gateway has said so."""
    payment, later = asked(), MONDAY + 16 * MINUTE
    bank.pay(payment.reference)
    bank.faults.extend(["deaf", "deaf"])
    clock.now = later
    tasks.end_waiting(0)
    with pytest.raises(errors.EarlierUnsettled) as no:
        asking.begin(STALL.subject, 1, actor=ANYONE, now=later)
    assert payment.reference in no.value.message()
    with pytest.raises(errors.EarlierUnsettled):  # the command itself asks nobody, and opens nothing
        actions.begin_payment(STALL.subject, 1, actor=ANYONE, at=later)
    assert [one.state for one in FeePayment.objects.filter(subject=STALL.subject)] == [State.WAITING]

    assert asking.begin(STALL.subject, 1, actor=ANYONE, now=later).pk == payment.pk
    assert state_of(payment) == State.PAID


def test_when_the_amount_changed_the_old_order_is_closed_at_the_gateway(office, bank, monkeypatch):
    payment = asked()
    monkeypatch.setattr("thongsuot.payments.tests.make.GOODS", (25_000, 30_000))

    fresh = asking.begin(STALL.subject, 1, actor=ANYONE, now=MONDAY + MINUTE)

    assert (fresh.amount_dong, state_of(payment)) == (55_000, State.EXPIRED)
    with pytest.raises(Refused):
        bank.pay(payment.reference)


def test_another_sum_paid_for_the_earlier_one_goes_back_and_a_new_one_opens(office, bank):
    payment = asked()
    bank.pay(payment.reference, amount_dong=7_000)

    fresh = asking.begin(STALL.subject, 1, actor=ANYONE, now=MONDAY + 16 * MINUTE)

    assert (state_of(payment), state_of(fresh)) == (State.EXPIRED, State.WAITING)
    assert Refund.objects.get(line=None).amount_dong == 7_000


def test_what_covers_only_a_part_of_what_is_owed_now_is_opened_anew(office, monkeypatch):
    monkeypatch.setattr("thongsuot.payments.tests.make.GOODS", GOODS[:1])
    part = opened()
    monkeypatch.undo()

    assert opened(at=MONDAY + MINUTE).amount_dong == sum(GOODS)
    assert state_of(part) == State.CANCELLED


def test_failures_told_twice_are_no_money_that_was_told(office):
    payment = opened()
    for _time in range(2):
        actions.take_notice(told(payment, transaction="F1", state="failed"), actor=GATEWAY, at=MONDAY)
    booked(office, f"06/10/2025;FT1;{sum(GOODS)};{payment.purpose}")
    assert state_of(payment) == State.PAID
    found = comparing.differences_of(MONDAY.date(), now=MONDAY)
    assert not [one for one in found if one.payment_id == payment.pk]  # nor does the gateway miss it

    row = actions.take_notice(told(payment, transaction="GW1"), actor=GATEWAY, at=MONDAY)

    assert (row.outcome, row.state) == (Outcome.KNOWN, "paid")
    assert not Refund.objects.filter(line=None).exists()


GOOD = Standing(state="paid", transaction_id="A", amount_dong=1, merchant="SONG", at=MONDAY)
WRONG = (
    {"transaction_id": ""},
    {"transaction_id": "x" * 65},
    {"transaction_id": "a\0"},
    {"amount_dong": 0},
    {"amount_dong": 10**13},
    {"merchant": "x" * 41},
    {"merchant": "\0"},
    {"at": Standing(state="paid").at},
    {"at": datetime(2025, 10, 6)},
)


class Says:
    """A gateway that answers what it is told to, or stumbles."""

    def __init__(self, answer) -> None:
        self.answer = answer

    def _say(self, *_args, **_more):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    begin = standing = cancel = refund = day = _say


@pytest.mark.parametrize("wrong", WRONG)
def test_an_answer_that_cannot_be_kept_is_none(wrong):
    standing = Checked(Says(msgspec.structs.replace(GOOD, **wrong)))
    for ask in (standing.standing, standing.cancel):
        with pytest.raises(Unreachable):
            ask("R")
    row = Listed(reference="", transaction_id="A", merchant="SONG", amount_dong=-1, at=MONDAY)
    if wrong != {"amount_dong": 10**13}:
        with pytest.raises(Unreachable):
            Checked(Says([row, msgspec.structs.replace(row, **wrong)])).day(MONDAY.date())


def test_a_good_answer_passes_and_one_that_says_no_money_came_needs_nothing_more():
    assert Checked(Says(GOOD)).standing("R") == GOOD
    assert Checked(Says(Standing(state="waiting"))).cancel("R").state == "waiting"
    row = Listed(reference="", transaction_id="A", merchant="", amount_dong=-1, at=datetime(2025, 10, 6, tzinfo=UTC))
    assert Checked(Says([row])).day(MONDAY.date()) == [row]
    with pytest.raises(Unreachable):
        Checked(Says(Standing(state="paid"))).refund("R", transaction_id="A", amount_dong=1)


def test_a_paid_one_without_a_name_does_not_end_the_payment(office, bank, monkeypatch, caplog):
    payment = asked()
    monkeypatch.setattr(gateway, "chosen", lambda: Checked(Says(msgspec.structs.replace(GOOD, transaction_id=""))))

    asking.settle_standing(payment.pk, now=MONDAY + DAY)

    assert state_of(payment) == State.WAITING
    assert f"answer about {payment.reference} cannot be kept" in caplog.text


def test_one_that_fails_keeps_no_other_from_its_turn(office, bank, clock, monkeypatch, caplog):
    first, second = asked(1), asked(2, at=MONDAY + MINUTE)

    class Stumbles(Says):
        def cancel(self, reference):
            if reference == first.reference:
                raise RuntimeError("Failing row contains (Trần Văn Minh)")
            return Standing(state="cancelled")

    monkeypatch.setattr(gateway, "chosen", lambda: Stumbles(None))
    clock.now = MONDAY + DAY
    with caplog.at_level(logging.ERROR):
        tasks.end_waiting(0)

    assert (state_of(first), state_of(second)) == (State.WAITING, State.EXPIRED)
    assert f"settle_standing of {first.pk} failed: RuntimeError" in caplog.text
    assert "Minh" not in caplog.text


def test_a_transfer_was_paid_on_the_day_the_bank_booked_it(office):
    payment = opened()
    booked(office, f"06/10/2025;FT1;{sum(GOODS)};{payment.purpose}", at=MONDAY + 2 * DAY)

    paid = FeePayment.objects.get(pk=payment.pk)
    assert (paid.paid_at, paid.known_at) == (start_of(MONDAY.date()), MONDAY + 2 * DAY)
    assert payment.pk in paid_on(MONDAY.date()).values_list("pk", flat=True)


def test_an_order_the_gateway_never_got_is_given_up_at_once(office, bank, monkeypatch):
    payment = opened()
    bank.faults.append("deaf")
    with pytest.raises(errors.GatewaySilent):
        asking.pay_address(payment.pk, back_url="http://x/", actor=ANYONE, now=MONDAY)
    monkeypatch.setattr(gateway, "chosen", lambda: Says(Refused("404")))

    assert asking.give_up(payment.pk, actor=ANYONE, now=MONDAY).state == State.CANCELLED


def test_an_order_the_gateway_will_not_close_still_waits(office, bank):
    payment = asked()
    bank.faults.append("no")
    with pytest.raises(errors.StillPayable):
        asking.give_up(payment.pk, actor=ANYONE, now=MONDAY)
    bank.faults.append("no")
    asking.settle_standing(payment.pk, now=MONDAY + DAY)
    assert state_of(payment) == State.WAITING


def test_given_up_after_another_sum_was_paid_it_is_over(office, bank):
    payment = asked()
    bank.pay(payment.reference, amount_dong=7_000)

    assert asking.give_up(payment.pk, actor=ANYONE, now=MONDAY).state == State.CANCELLED
    assert Refund.objects.get(line=None).amount_dong == 7_000
    actions.take_cash(STALL.subject, 1, owed_ids=[10, 11], actor=office.actor("lan"), at=MONDAY)


def test_the_one_that_late_money_takes_the_place_of_is_closed_at_the_gateway(office, bank, clock):
    late, fresh = opened(), asked(at=MONDAY + 16 * MINUTE)
    actions.take_notice(told(late), actor=GATEWAY, at=MONDAY + 17 * MINUTE)
    assert (state_of(late), state_of(fresh)) == (State.PAID, State.CANCELLED)

    happened = Happened(id=0, name="payments.cancelled", subject="payments.feepayment", subject_id=fresh.pk, facts={})
    for _time in range(2):
        reactions.close_at_the_gateway(happened)

    with pytest.raises(Refused):
        bank.pay(fresh.reference)
    assert state_of(fresh) == State.CANCELLED


def test_the_second_time_somebody_pays_is_counted_once_whichever_tells_of_it_first(db, office):
    payment = opened(1)
    for _told_twice in range(2):
        actions.take_notice(told(payment, transaction="T1"), actor=GATEWAY, at=MONDAY)
    for reference in ("B1", "B2"):  # the bank has names of its own
        comparing.book_statement(brought(office, table(f"{reference};{payment.amount_dong};;{payment.purpose}")).pk, now=MONDAY)
    assert Refund.objects.filter(line=None).count() == 1
    again = actions.take_notice(told(payment, transaction="T2"), actor=GATEWAY, at=MONDAY)
    assert (again.outcome, Refund.objects.filter(line=None).count()) == (Outcome.KNOWN, 1)
