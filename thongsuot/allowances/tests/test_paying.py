"""A month: frozen once, approved by a second person, paid by banks and the post, answered for, reconciled."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from thongsuot.allowances import actions
from thongsuot.allowances.actions import errors
from thongsuot.allowances.models import (
    BaseAmount,
    Beneficiary,
    GroupRate,
    PayAttempt,
    PayBatch,
    PayerReportRow,
    Payment,
    PayRun,
)
from thongsuot.allowances.queries import runs as queries
from thongsuot.allowances.queries.checks import check
from thongsuot.allowances.rules import amount_dong
from thongsuot.allowances.tests.make import (
    MONDAY,
    OCTOBER,
    WORKER,
    a_beneficiary,
    a_row,
    answer,
    approved,
    frozen,
    imported,
    lines_of,
    make_office,
    out,
    states,
    told,
)
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import faults
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.units import queries as units

pytestmark = pytest.mark.django_db
NOVEMBER = date(2025, 11, 1)
PEOPLE = [a_row(place, unit="98001" if place % 3 else "98002") for place in range(1, 31)]


@pytest.fixture
def listed(office):
    imported(office, PEOPLE, unit_id=office.city.city.pk)
    return office


def test_everybody_of_the_month_is_frozen_once_with_unit_and_amount(listed):
    a_beneficiary(listed, 101, group="NCC-TB", amount="2.055.000")
    a_beneficiary(listed, 102, coefficient="2,75")
    a_beneficiary(listed, 103, start="11/2025")  # not yet
    actions.stop_beneficiary(Beneficiary.objects.earliest("pk").pk, stop_month=OCTOBER, reason="died", actor=WORKER, at=MONDAY)

    run = frozen(listed)

    base = BaseAmount.objects.get(valid_from__lte=OCTOBER, valid_to__gt=OCTOBER)
    rates = dict(GroupRate.objects.values_list("group_id", "coefficient"))
    assert (run.state, run.lines) == ("frozen", 29 + 2)
    for line in Payment.objects.select_related("beneficiary"):
        one = line.beneficiary
        coefficient = one.coefficient if one.coefficient is not None else rates[one.group_id]
        assert line.amount_dong == amount_dong(own=one.amount_dong, coefficient=coefficient, base=base.amount_dong)
        assert line.unit_id == line.answering_unit_id == one.unit_id
    assert run.total_dong == sum(Payment.objects.values_list("amount_dong", flat=True)) == 29 * 750_000 + 2_055_000 + 1_375_000


def test_the_base_of_the_month_counts(listed):
    for month in (date(2025, 12, 1), date(2026, 1, 1)):
        frozen(listed, month, at=datetime(month.year, month.month, 6, 9, tzinfo=VIET_NAM))

    first, second = PayRun.objects.order_by("month")
    assert (first.total_dong, second.total_dong) == (30 * 750_000, 30 * 810_000)


def test_a_group_without_a_rate_in_the_month_is_refused_with_its_name(listed):
    a_beneficiary(listed, 101, group="CT-5C")  # until July 2025
    run = actions.open_run(listed.city.city.pk, month=OCTOBER, actor=listed.actor("an"), at=MONDAY)

    with pytest.raises(errors.NoAmount) as refusal:
        actions.freeze_run(run.pk, actor=listed.actor("an"), at=MONDAY)

    assert refusal.value.details() == {"count": 1, "groups": ["CT-5C"], "becomes": ["CT-5C → HT-1"]}
    assert not Payment.objects.exists()


def test_months_follow_each_other(listed):
    city = listed.city.city.pk
    actions.open_run(city, month=OCTOBER, actor=listed.actor("an"), at=MONDAY)
    with pytest.raises(errors.LastRunIsOpen):
        actions.open_run(city, month=NOVEMBER, actor=listed.actor("an"), at=MONDAY)
    actions.freeze_run(PayRun.objects.get().pk, actor=listed.actor("an"), at=MONDAY)
    with pytest.raises(errors.MonthsInOrder):
        actions.open_run(city, month=date(2025, 12, 1), actor=listed.actor("an"), at=MONDAY)
    with pytest.raises(errors.MonthsInOrder):
        actions.open_run(city, month=OCTOBER, actor=listed.actor("an"), at=MONDAY)
    assert actions.open_run(city, month=NOVEMBER, actor=listed.actor("an"), at=MONDAY).month == NOVEMBER


def test_nobody_to_pay_is_no_month(office):
    run = actions.open_run(office.city.city.pk, month=OCTOBER, actor=office.actor("an"), at=MONDAY)

    with pytest.raises(errors.NobodyToPay):
        actions.freeze_run(run.pk, actor=office.actor("an"), at=MONDAY)


def test_who_froze_does_not_approve_and_a_commune_does_neither(listed):
    run = actions.open_run(listed.city.city.pk, month=OCTOBER, actor=listed.actor("binh"), at=MONDAY)
    for name in ("mai", "khach"):
        with pytest.raises(NotYourDuty):
            actions.freeze_run(run.pk, actor=listed.actor(name), at=MONDAY)
    actions.freeze_run(run.pk, actor=listed.actor("binh"), at=MONDAY)
    with pytest.raises(errors.SecondPersonNeeded):
        actions.approve_run(run.pk, actor=listed.actor("binh"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.approve_run(run.pk, actor=listed.actor("an"), at=MONDAY)
    with pytest.raises(errors.RunNotThere):
        actions.make_batches(run.pk, actor=listed.actor("an"), at=MONDAY)  # nothing leaves unapproved
    assert PayRun.objects.get().state == "frozen"


def test_what_changes_after_the_freeze_counts_from_the_next_month(listed):
    frozen(listed)
    one = Beneficiary.objects.earliest("pk")
    before = Payment.objects.get(beneficiary=one).account
    row = {**a_row(1, account="99998888"), "bank": "Khác"}

    with pytest.raises(errors.MonthIsFrozen):
        actions.stop_beneficiary(one.pk, stop_month=OCTOBER, reason="died", actor=listed.actor("mai"), at=MONDAY)
    with pytest.raises(errors.MonthIsFrozen):
        actions.add_beneficiary(a_row(200, start="10/2025"), unit_id=listed.river, actor=listed.actor("mai"), at=MONDAY)
    actions.change_beneficiary(one.pk, row, actor=listed.actor("mai"), at=MONDAY)
    actions.add_beneficiary(a_row(200, start="11/2025"), unit_id=listed.river, actor=listed.actor("mai"), at=MONDAY)

    assert Payment.objects.get(beneficiary=one).account == before
    november = frozen(listed, NOVEMBER)
    assert Payment.objects.get(run=november, beneficiary=one).account == "99998888"
    assert november.lines == 31


def test_the_check_explains_who_is_missing_and_who_is_new(listed):
    approved(listed)
    gone = Beneficiary.objects.earliest("pk")
    actions.stop_beneficiary(gone.pk, stop_month=NOVEMBER, reason="moved", actor=listed.actor("mai"), at=MONDAY)
    a_beneficiary(listed, 200, start="11/2025")

    found = check(frozen(listed, NOVEMBER))

    assert [(row.id, row.reason) for row in found.missing] == [(gone.pk, "moved")]
    assert (found.new, found.lines, found.sum_of_units, found.twice, found.two_units) == (1, 30, 30, 0, [])
    assert found.good


def test_whoever_is_missing_without_a_reason_keeps_the_list_from_being_approved(listed):
    approved(listed)
    run = frozen(listed, NOVEMBER)
    lost = Payment.objects.filter(run=run).earliest("pk")
    lost.delete()  # by a hand in the database: no command could
    PayRun.objects.filter(pk=run.pk).update(lines=29, total_dong=29 * 750_000)

    found = check(PayRun.objects.get(pk=run.pk))

    assert [row.id for row in found.unexplained] == [lost.beneficiary_id]
    with pytest.raises(errors.NotWhole):
        actions.approve_run(run.pk, actor=listed.actor("binh"), at=MONDAY)


def test_a_person_in_two_units_keeps_the_list_from_being_approved_and_it_goes_back(listed):
    one = Beneficiary.objects.get(id_number=a_row(3)["id_number"])
    other = a_beneficiary(listed, 3, group="CT-5A")  # another group, another unit
    run = frozen(listed)

    assert check(run).two_units == [[one.pk, other.pk]]
    with pytest.raises(errors.NotWhole):
        actions.approve_run(run.pk, actor=listed.actor("binh"), at=MONDAY)
    with pytest.raises(BadInput):
        actions.return_run(run.pk, reason=" ", actor=listed.actor("binh"), at=MONDAY)
    actions.return_run(run.pk, reason="một người hai nơi", actor=listed.actor("binh"), at=MONDAY)
    actions.hand_to_unit(one.pk, to_unit_id=listed.river, actor=listed.actor("dao"), at=MONDAY)
    actions.freeze_run(run.pk, actor=listed.actor("an"), at=MONDAY)
    with pytest.raises(errors.NotAccepted):  # the number stands in two social groups
        actions.approve_run(run.pk, actor=listed.actor("binh"), at=MONDAY)
    figures = check(PayRun.objects.get()).figures
    assert actions.approve_run(run.pk, accepted=figures, actor=listed.actor("binh"), at=MONDAY).lines == 31


def test_the_database_itself_refuses_a_second_line_and_a_second_attempt(listed):
    run = out(listed)
    line = Payment.objects.filter(run=run).earliest("pk")
    attempt = PayAttempt.objects.get(payment=line)
    later = PayBatch.objects.create(run=run, number=99, payer="bank", lines=0, total_dong=0, made_at=MONDAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(**{**_copied(line), "beneficiary_id": line.beneficiary_id})
    with pytest.raises(IntegrityError), transaction.atomic():
        PayAttempt.objects.create(batch=later, payment=line)
    PayAttempt.objects.filter(pk=attempt.pk).update(state="paid")
    with pytest.raises(IntegrityError), transaction.atomic():
        PayAttempt.objects.create(batch=later, payment=line)


def _copied(line: Payment) -> dict[str, object]:
    return {f.attname: getattr(line, f.attname) for f in Payment._meta.concrete_fields if f.attname != "id"}


def test_files_go_to_bank_and_post_with_sums_and_a_fingerprint(listed):
    run = approved(listed)

    bank, post = actions.make_batches(run.pk, actor=listed.actor("an"), at=MONDAY)

    assert [(one.number, one.payer, one.lines, one.total_dong) for one in (bank, post)] == [
        (1, "bank", 15, 15 * 750_000),
        (2, "post", 15, 15 * 750_000),
    ]
    told_bank, told_post = lines_of(bank), lines_of(post)
    assert {line["Số tài khoản"] for line in told_bank} == set(
        Payment.objects.filter(payer="bank").values_list("account", flat=True)
    )
    assert {line["Điểm chi trả"] for line in told_post} == {"Bưu cục Bến"}
    assert sum(int(line["Số tiền"]) for line in [*told_bank, *told_post]) == run.total_dong
    assert bank.file is not None
    assert bank.file.blob.sha256 == bank.sha256
    with pytest.raises(errors.RunNotThere):
        actions.make_batches(run.pk, actor=listed.actor("an"), at=MONDAY)


def test_results_settle_each_line_once_and_the_same_again_changes_nothing(listed):
    run = out(listed)
    ids = sorted(Payment.objects.filter(payer="bank").values_list("pk", flat=True))
    outcomes = dict.fromkeys(ids, "paid") | {ids[0]: "failed"}

    first = told(listed, run, answer(run, 1, outcomes))
    with pytest.raises(errors.SameReportAgain):
        actions.send_report(run.pk, answer(run, 1, outcomes), name="x.csv", actor=listed.actor("an"), at=MONDAY)
    again = told(listed, run, answer(run, 1, dict(reversed(outcomes.items()))))

    assert (first.rows_in, first.applied, first.known, first.contradicting, first.rejected) == (15, 15, 0, 0, 0)
    assert (again.rows_in, again.applied, again.known) == (15, 0, 15)
    found = queries.reconcile(PayRun.objects.get())
    assert (found.city.paid, found.city.failed, found.city.waiting) == (14, 1, 15)
    assert found.adds_up
    assert Payment.objects.get(pk=ids[0]).reason == "Sai số tài khoản"
    assert PayRun.objects.get().state == "settling"


def test_rows_that_cannot_be_used_are_told_and_change_nothing(listed):
    run = out(listed)
    one, other = Payment.objects.filter(payer="bank").order_by("pk")[:2]
    content = (
        "Mã chi trả,Kết quả,Số tiền\n"
        f"202510.1.{one.pk},Đã trả,1\n"  # another sum
        f"202509.1.{one.pk},Đã trả,\n"  # another month
        f"202510.2.{one.pk},Đã trả,\n"  # another batch
        "202510.1.999999999,Đã trả,\n"
        f"202510.1.{other.pk},có lẽ,\n"
        "xyz,Đã trả,\n"
        "TỔNG CỘNG,,750000\n"
    ).encode()

    report = told(listed, run, content)

    assert (report.rows_in, report.rejected) == (6, 6)
    why = [row.why[0] for row in PayerReportRow.objects.order_by("place")]
    assert why == ["amount", "unknown", "unknown", "unknown", "outcome", "reference"]
    assert set(states(run).values()) == {"waiting"}


def test_a_report_that_cannot_be_read_counts_for_nothing(listed):
    run = out(listed)
    report = actions.send_report(run.pk, b"a,b\n1,2\n", name="x.csv", actor=listed.actor("an"), at=MONDAY)

    actions.read_report(report.pk, actor=WORKER, at=MONDAY)
    actions.read_report(report.pk, actor=WORKER, at=MONDAY)

    report.refresh_from_db()
    assert report.status == "refused"
    assert set(states(run).values()) == {"waiting"}


def test_what_failed_is_listed_and_paid_again_where_the_roll_says_now(listed):
    run = out(listed)
    ids = sorted(Payment.objects.filter(payer="bank").values_list("pk", flat=True))
    told(listed, run, answer(run, 1, dict.fromkeys(ids, "paid") | {ids[0]: "failed", ids[1]: "failed"}))
    assert [row.id for row in queries.lines(run, queries.Asked(state="failed"), limit=10)] == ids[:2]
    one = Payment.objects.get(pk=ids[0]).beneficiary
    said = {**a_row(1), "full_name": one.full_name, "payer": "Bưu điện", "account": "", "bank": "", "cash_point": "Bưu cục Mới"}
    actions.change_beneficiary(one.pk, said, actor=WORKER, at=MONDAY)

    retries = actions.make_retry(run.pk, actor=listed.actor("an"), at=MONDAY)

    assert [(batch.number, batch.payer, batch.lines, batch.is_retry) for batch in retries] == [
        (3, "bank", 1, True),
        (4, "post", 1, True),
    ]
    assert [line["Điểm chi trả"] for line in lines_of(retries[1])] == ["Bưu cục Mới"]
    assert (states(run)[ids[0]], states(run)[ids[1]], states(run)[ids[2]]) == ("waiting", "waiting", "paid")
    with pytest.raises(errors.NothingFailed):
        actions.make_retry(run.pk, actor=listed.actor("an"), at=MONDAY)
    for batch in retries:
        actions.mark_sent(batch.pk, actor=listed.actor("an"), at=MONDAY)
    told(listed, run, answer(run, 4, {ids[0]: "paid"}))
    assert states(run)[ids[0]] == "paid"
    assert queries.reconcile(PayRun.objects.get()).adds_up


def test_some_of_the_failed_are_paid_again_and_what_was_paid_never_is(listed):
    run = out(listed)
    ids = sorted(Payment.objects.filter(payer="bank").values_list("pk", flat=True))
    told(listed, run, answer(run, 1, dict.fromkeys(ids, "failed") | {ids[0]: "paid"}))

    (batch,) = actions.make_retry(run.pk, payment_ids=ids[:3], actor=listed.actor("an"), at=MONDAY)

    assert sorted(batch.attempts.values_list("payment_id", flat=True)) == ids[1:3]


def test_a_late_result_that_contradicts_waits_for_a_person_and_never_pays_twice(listed):
    run = out(listed)
    line = Payment.objects.filter(payer="bank").earliest("pk")
    told(listed, run, answer(run, 1, {line.pk: "failed"}))
    (retry,) = actions.make_retry(run.pk, actor=listed.actor("an"), at=MONDAY)
    actions.mark_sent(retry.pk, actor=listed.actor("an"), at=MONDAY)

    late = told(listed, run, answer(run, 1, {line.pk: "paid"}))

    assert (late.contradicting, states(run)[line.pk]) == (1, "waiting")
    row = PayerReportRow.objects.get()
    with pytest.raises(errors.WouldPayTwice):
        actions.settle_contradiction(row.pk, outcome="accept", note="gọi ngân hàng", actor=listed.actor("an"), at=MONDAY)
    told(listed, run, answer(run, retry.number, {line.pk: "failed"}))  # the bank stopped the second one
    actions.settle_contradiction(row.pk, outcome="accept", note="gọi ngân hàng", actor=listed.actor("an"), at=MONDAY)
    assert states(run)[line.pk] == "paid"
    with pytest.raises(errors.NothingFailed):
        actions.make_retry(run.pk, actor=listed.actor("an"), at=MONDAY)


def test_money_that_came_back_is_settled_and_can_be_paid_again(listed):
    run = out(listed)
    line = Payment.objects.filter(payer="bank").earliest("pk")
    told(listed, run, answer(run, 1, {line.pk: "paid"}))
    told(listed, run, answer(run, 1, {line.pk: "failed"}, reason="Hoàn trả"))
    row = PayerReportRow.objects.get()

    with pytest.raises(BadInput):
        actions.settle_contradiction(row.pk, outcome="accept", note="", actor=listed.actor("an"), at=MONDAY)
    actions.settle_contradiction(row.pk, outcome="accept", note="sao kê ngày 9", actor=listed.actor("an"), at=MONDAY)

    assert states(run)[line.pk] == "failed"
    assert actions.make_retry(run.pk, actor=listed.actor("an"), at=MONDAY)[0].lines == 1


def test_a_month_closes_when_every_result_is_there(listed):
    run = out(listed)
    for number, payer in ((1, "bank"), (2, "post")):
        ids = Payment.objects.filter(payer=payer).values_list("pk", flat=True)
        if number == 2:
            with pytest.raises(errors.StillWaiting):
                actions.close_run(run.pk, actor=listed.actor("binh"), at=MONDAY)
        told(listed, run, answer(run, number, dict.fromkeys(ids, "paid")))

    closed = actions.close_run(run.pk, actor=listed.actor("binh"), at=MONDAY)

    assert closed.state == "closed"
    assert queries.reconcile(closed).city.paid == 30
    with pytest.raises(errors.RunNotThere):
        actions.make_retry(run.pk, actor=listed.actor("an"), at=MONDAY)
    assert not list(faults())


def test_reconciling_asks_as_often_for_many_units_as_for_few(listed, django_assert_num_queries):
    run = frozen(listed)
    queries.reconcile(run)
    with django_assert_num_queries(4):
        found = queries.reconcile(run)
    assert [one.name for one in found.units] == ["Phường Đồi", "Phường Sông"]
    assert [one.sums.lines for one in found.units] == [10, 20]


@pytest.mark.django_db(transaction=True)
def test_two_who_freeze_at_once_freeze_once(settings):
    settings.CITY_CODE = "98"
    office = make_office()
    imported(office, PEOPLE, unit_id=office.city.city.pk)
    run = actions.open_run(office.city.city.pk, month=OCTOBER, actor=office.actor("an"), at=MONDAY)
    actor, refused = office.actor("an"), []

    def freeze() -> None:
        try:
            actions.freeze_run(run.pk, actor=actor, at=MONDAY + timedelta(seconds=1))
        except errors.RunNotThere as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=freeze) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(refused), Payment.objects.count()) == (1, 30)
    units.clear_caches()
