"""Freezing, files, results, retries, in any order and however often: nobody is paid twice and it always adds up.

Beside what is stored the machine remembers what the payers said, as the world outside knows it: whoever they say they paid is
not paid again before a person has asked them.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from thongsuot.allowances import actions
from thongsuot.allowances.models import PayAttempt, PayBatch, PayerReport, PayerReportRow, Payment, PayRun
from thongsuot.allowances.queries import runs as queries
from thongsuot.allowances.queries.checks import check
from thongsuot.allowances.tests.make import MONDAY, OCTOBER, WORKER, Office, a_row, answer, imported, make_office
from thongsuot.kernel.errors import TellPerson

PEOPLE = 8
WHO = ["an", "binh", "binh", "mai"]
BITS = st.integers(0, 2**PEOPLE - 1)


class Presses(RuleBasedStateMachine):
    """One month of a few people.

    said_paid  the attempts (batch, payment) of which a payer's last word is that it paid them, and that nobody has settled
    """

    office: Office
    run_id: int

    def __init__(self) -> None:
        super().__init__()
        self.at = MONDAY
        self.said_paid: set[tuple[int, int]] = set()

    def press(self, order) -> None:
        self.at += timedelta(minutes=1)
        try:
            with transaction.atomic():
                order()
        except TellPerson as refusal:
            assert refusal.message()

    @property
    def run_row(self) -> PayRun:
        return PayRun.objects.get(pk=self.run_id)

    def actor(self, name: str):
        return self.office.actor(name, MONDAY)

    @initialize(begun=st.sampled_from(["", "sent", "failed", "failed"]))
    def begin(self, begun):
        """Most begin where the payers have their files, or could pay nobody: by chance few would come so far."""
        if not begun:
            return
        self.freeze()
        self.approve("binh")
        self.make_files()
        for place in range(2):
            self.send(place)
        assert self.run_row.state == "sent"
        if begun == "failed":
            for place in range(2):
                self.payer_says(place, said=2**PEOPLE - 1, paid=0, times=1, read=True)
            assert set(Payment.objects.filter(run=self.run_id).values_list("state", flat=True)) == {"failed"}

    @rule(what=st.sampled_from(["freeze", "approve", "give_back", "make_files", "close", "reopen"]), who=st.sampled_from(WHO))
    def press_for_the_month(self, what, who):
        """One rule for the buttons of the month as a whole: most of the time they are refused."""
        if what == "approve":
            self.approve(who)
        else:
            getattr(self, what)()

    def freeze(self):
        def order() -> None:
            actions.freeze_run(self.run_id, actor=self.actor("an"), at=self.at)

        self.press(order)

    def approve(self, who):
        self.press(lambda: actions.approve_run(self.run_id, actor=self.actor(who), at=self.at))

    def nobody_said_to_be_paid(self, batch: PayBatch) -> None:
        """Of what goes out again no payer says that it was paid by another batch."""
        going = set(batch.attempts.values_list("payment_id", flat=True))
        assert not going & {payment for number, payment in self.said_paid if number != batch.number}

    def give_back(self):
        self.press(lambda: actions.return_run(self.run_id, reason="x", actor=self.actor("binh"), at=self.at))

    def make_files(self):
        self.press(lambda: actions.make_batches(self.run_id, actor=self.actor("an"), at=self.at))

    @rule(bits=st.one_of(st.none(), BITS))
    def retry(self, bits):
        ids = sorted(Payment.objects.filter(run=self.run_id).values_list("pk", flat=True))
        chosen = None if bits is None else [pk for place, pk in enumerate(ids) if bits >> place & 1]

        def order() -> None:
            for batch in actions.make_retry(self.run_id, payment_ids=chosen, actor=self.actor("an"), at=self.at):
                self.nobody_said_to_be_paid(batch)

        self.press(order)

    @rule(pick=st.integers(0, 9))
    def withdraw(self, pick):
        numbers = list(PayBatch.objects.filter(run=self.run_id, is_retry=True).order_by("number"))
        if numbers:
            batch = numbers[pick % len(numbers)]
            self.press(lambda: actions.withdraw_batch(batch.pk, actor=self.actor("an"), at=self.at))

    @rule(pick=st.integers(0, 9))
    def send(self, pick):
        numbers = list(PayBatch.objects.filter(run=self.run_id).order_by("number"))
        if numbers:
            batch = numbers[pick % len(numbers)]

            def order() -> None:
                if actions.mark_sent(batch.pk, actor=self.actor("an"), at=self.at).is_retry:
                    self.nobody_said_to_be_paid(batch)

            self.press(order)

    @rule(
        pick=st.integers(0, 9), said=BITS, paid=BITS, times=st.integers(1, 2), read=st.sampled_from([True, True, True, False])
    )
    def payer_says(self, pick, said, paid, times, read):
        """Lines of a batch, some paid, some not; maybe late, the opposite of before, twice, or not read yet."""
        batches = list(PayBatch.objects.filter(run=self.run_id).order_by("number"))
        number = batches[pick % len(batches)].number if batches else 1
        ids = sorted(Payment.objects.filter(run=self.run_id).values_list("pk", flat=True))
        outcomes = {pk: "paid" if paid >> place & 1 else "failed" for place, pk in enumerate(ids) if said >> place & 1}
        if not outcomes:
            return
        content = answer(self.run_row, number, outcomes)
        for _time in range(times):

            def order() -> None:
                report = actions.send_report(self.run_id, content, name="x.csv", actor=self.actor("an"), at=self.at)
                self.hear(number, outcomes)
                if read:
                    done = actions.apply_report(report.pk, actor=WORKER, at=self.at)
                    assert done.rows_in == len(outcomes)

            self.press(order)

    @rule(bits=BITS)
    def payer_finds_it_did_pay(self, bits):
        """Lines that it had said it could not pay: the commonest contradiction."""
        tries = list(PayAttempt.objects.filter(batch__run=self.run_id, state="failed").order_by("pk").select_related("batch"))
        found = {one.payment_id: one.batch.number for place, one in enumerate(tries) if bits >> place % PEOPLE & 1}
        for number in sorted(set(found.values())):
            outcomes = {payment: "paid" for payment, batch in found.items() if batch == number}

            def order(number: int = number, outcomes: dict[int, str] = outcomes) -> None:
                content = answer(self.run_row, number, outcomes)
                report = actions.send_report(self.run_id, content, name="x.csv", actor=self.actor("an"), at=self.at)
                self.hear(number, outcomes)
                actions.apply_report(report.pk, actor=WORKER, at=self.at)

            self.press(order)

    def hear(self, number: int, outcomes: dict[int, str]) -> None:
        """Of attempts that there are: about the others nobody was asked to pay anything."""
        asked = set(
            PayAttempt.objects.filter(batch__run=self.run_id, batch__number=number).values_list("payment_id", flat=True)
        )
        for payment in asked & outcomes.keys():
            word = (number, payment)
            self.said_paid.discard(word)
            if outcomes[payment] == "paid":
                self.said_paid.add(word)

    @rule(pick=st.integers(0, 9))
    def read(self, pick):
        """The worker comes to a file that was sent before."""
        waiting = list(PayerReport.objects.filter(run=self.run_id, status="reading").order_by("pk"))
        if waiting:
            self.press(lambda: actions.apply_report(waiting[pick % len(waiting)].pk, actor=WORKER, at=self.at))

    @rule(pick=st.integers(0, 9), outcome=st.sampled_from(["accept", "dismiss", "paid_twice"]))
    def settle(self, pick, outcome):
        rows = list(PayerReportRow.objects.filter(report__run=self.run_id, state="contradicts").order_by("pk"))
        if not rows:
            return
        row = rows[pick % len(rows)]

        def order() -> None:
            actions.settle_contradiction(row.pk, outcome=outcome, note="hỏi", actor=self.actor("an"), at=self.at)
            assert row.attempt is not None
            word = (row.attempt.batch.number, row.attempt.payment_id)
            self.said_paid.discard(word)  # a person asked: what is true is what is stored now
            if outcome == "paid_twice" or PayAttempt.objects.get(pk=row.attempt_id).state == "paid":
                self.said_paid.add(word)

        self.press(order)

    def close(self):
        failed = queries.reconcile(self.run_row).city

        def order() -> None:
            unpaid, dong = failed.failed, failed.failed_dong
            actions.close_run(self.run_id, unpaid=unpaid, unpaid_dong=dong, actor=self.actor("binh"), at=self.at)

        self.press(order)

    def reopen(self):
        self.press(lambda: actions.reopen_run(self.run_id, reason="x", actor=self.actor("binh"), at=self.at))

    @invariant()
    def never_twice_and_always_adds_up(self):
        run = self.run_row
        payments = list(Payment.objects.filter(run=run))
        assert len(payments) == run.lines == (0 if run.state == "draft" else PEOPLE)
        assert queries.reconcile(run).adds_up
        if payments:
            assert check(run).good
        attempts = list(PayAttempt.objects.filter(payment__run=run))
        for payment in payments:
            own = [one.state for one in attempts if one.payment_id == payment.pk]
            assert sum(state in {"paid", "waiting"} for state in own) <= 1
            if own:
                assert payment.state == next((state for state in own if state != "failed"), "failed")
            else:
                assert payment.state == "waiting"
        if run.state in {"draft", "frozen"}:
            assert not attempts
        if run.state == "draft":
            self.said_paid.clear()  # another list: other lines, other references
        if run.state == "closed":
            assert all(payment.state != "waiting" for payment in payments)


@pytest.mark.django_db
def test_nobody_is_paid_twice_whatever_is_pressed():
    with transaction.atomic():
        office = make_office()
        imported(office, [a_row(place) for place in range(1, PEOPLE + 1)])
        run = actions.open_run(office.city.city.pk, month=OCTOBER, actor=office.actor("an"), at=MONDAY)

        class InThisOffice(Presses):
            def __init__(self) -> None:
                super().__init__()
                self.office, self.run_id = office, run.pk
                self.point = transaction.savepoint()

            def teardown(self) -> None:
                transaction.savepoint_rollback(self.point)

        run_state_machine_as_test(
            InThisOffice,
            settings=settings(
                max_examples=8,
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
