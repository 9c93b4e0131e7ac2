"""Freezing, files, results, retries, in any order and however often: nobody is paid twice and it always adds up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from thongsuot.allowances import actions
from thongsuot.allowances.models import PayAttempt, PayBatch, PayerReportRow, Payment, PayRun
from thongsuot.allowances.queries import runs as queries
from thongsuot.allowances.queries.checks import check
from thongsuot.allowances.tests.make import MONDAY, OCTOBER, WORKER, Office, a_row, answer, imported, make_office
from thongsuot.kernel.errors import TellPerson

PEOPLE = 8
BITS = st.integers(0, 2**PEOPLE - 1)


class Presses(RuleBasedStateMachine):
    """One month of a few people. The world outside: which attempts really paid is what the payer last said of each."""

    office: Office
    run_id: int

    def __init__(self) -> None:
        super().__init__()
        self.at = MONDAY

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

    @initialize(ready=st.sampled_from([False, True, True]))
    def begin(self, ready):
        """Most begin where the payers have their files: by chance few would come so far."""
        if ready:
            self.freeze()
            self.approve("binh")
            self.make_files()
            for place in range(2):
                self.send(place)
            assert self.run_row.state == "sent"

    @rule()
    def freeze(self):
        def order() -> None:
            actions.freeze_run(self.run_id, actor=self.actor("an"), at=self.at)

        self.press(order)

    @rule(who=st.sampled_from(["an", "binh", "binh", "mai"]))
    def approve(self, who):
        self.press(lambda: actions.approve_run(self.run_id, actor=self.actor(who), at=self.at))

    @rule()
    def give_back(self):
        self.press(lambda: actions.return_run(self.run_id, reason="x", actor=self.actor("binh"), at=self.at))

    @rule()
    def make_files(self):
        self.press(lambda: actions.make_batches(self.run_id, actor=self.actor("an"), at=self.at))

    @rule(bits=st.one_of(st.none(), BITS))
    def retry(self, bits):
        ids = sorted(Payment.objects.filter(run=self.run_id).values_list("pk", flat=True))
        chosen = None if bits is None else [pk for place, pk in enumerate(ids) if bits >> place & 1]
        self.press(lambda: actions.make_retry(self.run_id, payment_ids=chosen, actor=self.actor("an"), at=self.at))

    @rule(pick=st.integers(0, 9))
    def send(self, pick):
        numbers = list(PayBatch.objects.filter(run=self.run_id).order_by("number"))
        if numbers:
            batch = numbers[pick % len(numbers)]
            self.press(lambda: actions.mark_sent(batch.pk, actor=self.actor("an"), at=self.at))

    @rule(pick=st.integers(0, 9), said=BITS, paid=BITS, times=st.integers(1, 2))
    def payer_says(self, pick, said, paid, times):
        """Lines of a batch, some paid, some not; maybe late, the opposite of before, or the same file twice."""
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
                done = actions.apply_report(report.pk, actor=WORKER, at=self.at)
                assert done.rows_in == len(outcomes)

            self.press(order)

    @rule(pick=st.integers(0, 9), accept=st.booleans())
    def settle(self, pick, accept):
        rows = list(PayerReportRow.objects.filter(report__run=self.run_id, state="contradicts").order_by("pk"))
        if rows:
            row = rows[pick % len(rows)]
            self.press(
                lambda: actions.settle_contradiction(row.pk, outcome="accept" if accept else "dismiss", note="hỏi", actor=self.actor("an"), at=self.at)
            )

    @rule()
    def close(self):
        self.press(lambda: actions.close_run(self.run_id, actor=self.actor("binh"), at=self.at))

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
                max_examples=10,
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
