"""What a payer says it paid is never paid again unseen: contradictions hold a line back, a batch can be withdrawn."""

from __future__ import annotations

import pytest

from thongsuot.allowances import actions
from thongsuot.allowances.actions import errors
from thongsuot.allowances.models import PayBatch, PayerReportRow, Payment, PayRun
from thongsuot.allowances.queries import runs as queries
from thongsuot.allowances.tests.make import MONDAY, a_row, answer, approved, imported, out, states, told
from thongsuot.kernel.errors import BadInput, NotYourDuty

pytestmark = pytest.mark.django_db
PEOPLE = [a_row(place) for place in (1, 3, 5, 7)]  # all to the bank


@pytest.fixture
def sent_out(office):
    imported(office, PEOPLE)
    return office, out(office)


def ids_of(run: PayRun) -> list[int]:
    return sorted(Payment.objects.filter(run=run).values_list("pk", flat=True))


def say(office, run: PayRun, batch: int, outcomes: dict[int, str]) -> None:
    told(office, run, answer(run, batch, outcomes))


def settle(office, outcome: str) -> PayerReportRow:
    row = PayerReportRow.objects.filter(state="contradicts").earliest("pk")
    return actions.settle_contradiction(row.pk, outcome=outcome, note="sao kê", actor=office.actor("an"), at=MONDAY)


def retry(office, run: PayRun, ids: list[int] | None = None) -> PayBatch:
    (batch,) = actions.make_retry(run.pk, payment_ids=ids, actor=office.actor("an"), at=MONDAY)
    return batch


def send(office, batch: PayBatch) -> None:
    actions.mark_sent(batch.pk, actor=office.actor("an"), at=MONDAY)


def test_who_a_payer_says_it_paid_after_all_is_not_in_the_next_batch(sent_out):
    office, run = sent_out
    first, second, *_rest = ids = ids_of(run)
    say(office, run, 1, dict.fromkeys(ids, "paid") | {first: "failed", second: "failed"})
    say(office, run, 1, {first: "paid"})

    with pytest.raises(errors.Unsettled) as refusal:
        retry(office, run, [first, second])
    assert str(Payment.objects.get(pk=first).beneficiary) in refusal.value.message()
    batch = retry(office, run)

    assert list(batch.attempts.values_list("payment_id", flat=True)) == [second]
    with pytest.raises(errors.Unsettled):  # nobody else is left
        retry(office, run)
    assert [row.unsettled for row in queries.lines(run, queries.Asked(state="failed"), limit=9)] == [True]
    settle(office, "accept")
    assert states(run)[first] == "paid"


def test_a_batch_is_not_sent_while_a_payer_says_that_one_of_it_was_paid(sent_out):
    office, run = sent_out
    first, second, *_rest = ids = ids_of(run)
    say(office, run, 1, dict.fromkeys(ids, "failed"))
    batch = retry(office, run)
    say(office, run, 1, {first: "paid"})

    with pytest.raises(errors.Unsettled):
        send(office, batch)
    with pytest.raises(errors.WouldPayTwice):
        settle(office, "accept")  # it waits in the batch that was not sent
    with pytest.raises(NotYourDuty):
        actions.withdraw_batch(batch.pk, actor=office.actor("mai"), at=MONDAY)
    actions.withdraw_batch(batch.pk, actor=office.actor("an"), at=MONDAY)

    assert set(states(run).values()) == {"failed"}
    assert Payment.objects.get(pk=second).reason == "Sai số tài khoản"
    settle(office, "accept")
    again = retry(office, run)
    assert (batch.number, again.number, again.lines) == (2, 3, 3)
    with pytest.raises(errors.RunNotThere):
        send(office, batch)
    send(office, again)
    say(office, run, again.number, dict.fromkeys(ids[1:], "paid"))
    assert set(states(run).values()) == {"paid"}


def test_a_withdrawn_batch_that_was_paid_all_the_same_is_a_contradiction(sent_out):
    office, run = sent_out
    first, *_rest = ids = ids_of(run)
    say(office, run, 1, dict.fromkeys(ids, "failed"))
    batch = retry(office, run)
    actions.withdraw_batch(batch.pk, actor=office.actor("an"), at=MONDAY)

    say(office, run, batch.number, {first: "paid"})

    assert PayerReportRow.objects.get().why == ["withdrawn"]
    assert retry(office, run).lines == len(ids) - 1


def test_a_batch_that_was_answered_is_not_withdrawn_and_its_answer_is_read_again(sent_out):
    office, run = sent_out
    ids = ids_of(run)
    say(office, run, 1, dict.fromkeys(ids, "failed"))
    batch = retry(office, run)
    content = answer(run, batch.number, dict.fromkeys(ids, "paid"))
    assert told(office, run, content).rejected == len(ids)  # nobody noted that it was sent

    with pytest.raises(errors.BatchWasAnswered):
        actions.withdraw_batch(batch.pk, actor=office.actor("an"), at=MONDAY)
    send(office, batch)

    assert told(office, run, content).applied == len(ids)
    with pytest.raises(errors.SameReportAgain):
        told(office, run, content)


def test_the_months_first_files_and_sent_ones_are_not_withdrawn(office):
    imported(office, PEOPLE)
    run = approved(office)
    (batch,) = actions.make_batches(run.pk, actor=office.actor("an"), at=MONDAY)
    for _time in range(2):
        with pytest.raises(errors.RunNotThere):
            actions.withdraw_batch(batch.pk, actor=office.actor("an"), at=MONDAY)
        if batch.sent_at is None:
            send(office, batch)
            batch.refresh_from_db()


def test_nobody_is_paid_again_while_a_payers_file_is_being_read(sent_out):
    office, run = sent_out
    first, *_rest = ids = ids_of(run)
    say(office, run, 1, dict.fromkeys(ids, "failed"))
    batch = retry(office, run, ids[1:])
    actions.send_report(run.pk, answer(run, 1, {first: "paid"}), name="x.csv", actor=office.actor("an"), at=MONDAY)

    for order in (
        lambda: retry(office, run),
        lambda: send(office, batch),
        lambda: actions.withdraw_batch(batch.pk, actor=office.actor("an"), at=MONDAY),
    ):
        with pytest.raises(errors.ReportIsRead):
            order()


def test_what_was_paid_twice_is_noted_and_stands_in_the_months_report(sent_out):
    office, run = sent_out
    first, *_rest = ids = ids_of(run)
    say(office, run, 1, dict.fromkeys(ids, "paid") | {first: "failed"})
    batch = retry(office, run)
    send(office, batch)
    say(office, run, 1, {first: "paid"})
    with pytest.raises(errors.NotPaidTwice):
        settle(office, "paid_twice")  # the second has not been answered
    with pytest.raises(BadInput):
        settle(office, "maybe")
    say(office, run, batch.number, {first: "paid"})

    row = settle(office, "paid_twice")

    assert row.state == "paid_twice"
    assert states(run)[first] == "paid"
    found = queries.reconcile(run)
    assert found.adds_up
    ((one,), dong) = (found.twice, found.twice_dong)
    assert (one.code, one.note, dong) == (str(Payment.objects.get(pk=first).beneficiary), "sao kê", 750_000)


def test_when_one_of_two_comes_back_the_line_stays_paid_by_the_other(sent_out):
    office, run = sent_out
    first, *_rest = ids = ids_of(run)
    say(office, run, 1, dict.fromkeys(ids, "paid") | {first: "failed"})
    batch = retry(office, run)
    send(office, batch)
    say(office, run, batch.number, {first: "paid"})
    say(office, run, 1, {first: "paid"})
    settle(office, "paid_twice")
    say(office, run, batch.number, {first: "failed"})  # the second sum was given back

    settle(office, "accept")

    assert states(run)[first] == "paid"
    assert queries.reconcile(run).twice == []
    with pytest.raises(errors.NothingFailed):
        retry(office, run)
