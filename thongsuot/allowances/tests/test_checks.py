"""What an approver must have seen, how a month is given back, closed and opened again; rates that are put right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from thongsuot.allowances import actions
from thongsuot.allowances.actions import errors
from thongsuot.allowances.loading import load_rates
from thongsuot.allowances.models import BaseAmount, Beneficiary, BenefitGroup, GroupRate, PayBatch, Payment, PayRun
from thongsuot.allowances.queries import runs as queries
from thongsuot.allowances.queries.checks import check
from thongsuot.allowances.queries.groups import to_change
from thongsuot.allowances.rules import rates
from thongsuot.allowances.tests.make import (
    HOUSE,
    MONDAY,
    OCTOBER,
    WORKER,
    a_beneficiary,
    a_row,
    answer,
    approved,
    frozen,
    imported,
    number_of,
    out,
    sent,
    states,
    told,
)
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import faults
from thongsuot.kernel.models import Event
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.units.models import Unit

pytestmark = pytest.mark.django_db
JUNE, JULY, NOVEMBER = date(2025, 6, 1), date(2025, 7, 1), date(2025, 11, 1)
EVE = datetime(2025, 6, 25, 9, tzinfo=VIET_NAM)
MIDNIGHT = datetime(2025, 7, 1, 0, 5, tzinfo=VIET_NAM)
PEOPLE = [a_row(place, unit="98001" if place % 3 else "98002") for place in range(1, 13)]


@pytest.fixture
def listed(office):
    imported(office, PEOPLE, unit_id=office.city.city.pk)
    return office


def approve(office, run, accepted=""):
    return actions.approve_run(run.pk, accepted=accepted, actor=office.actor("binh"), at=MONDAY)


# -- what stands out ---------------------------------------------------------------------------------------------------


def test_who_is_due_and_not_in_the_list_must_be_accepted_by_the_approver(listed):
    run = frozen(listed)
    imported(listed, [a_row(50)])  # after the freeze, receiving for years

    found = check(run)

    assert (found.before, found.good, found.figures) == (None, True, "1-0-0-0")
    assert [row.id for row in found.left_out] == [Beneficiary.objects.get(id_number=number_of(50)).pk]
    for accepted in ("", "0-0-0-0", "2-0-0-0"):
        with pytest.raises(errors.NotAccepted):
            approve(listed, run, accepted)
    approve(listed, run, "1-0-0-0")
    facts = Event.objects.get(name="allowances.approved").facts
    assert facts["accepted"] == {"left_out": 1, "files_waiting": 0, "rows_out": 0, "social_twice": 0}


def test_lists_that_wait_and_rows_that_did_not_come_in_must_be_accepted(listed):
    imported(listed, [a_row(50), a_row(51, id_number="1"), a_row(52, start="")])
    sent(listed, [a_row(60)], unit_id=listed.hill)

    assert check(frozen(listed)).figures == "0-1-2-0"


def test_a_row_that_was_mended_and_came_in_is_not_counted_any_more(listed):
    imported(listed, [a_row(50, start="")])
    imported(listed, [a_row(50)])

    assert not check(frozen(listed)).stands_out


def test_a_list_frozen_last_month_does_not_come_up_again(listed):
    imported(listed, [a_row(51, id_number="1")])
    approved(listed)

    assert not check(frozen(listed, NOVEMBER, at=MONDAY)).stands_out


def test_one_number_in_two_social_groups_is_listed_and_accepted_and_pairs_that_may_be_are_not(listed):
    a_beneficiary(listed, 1, group="CT-5A")
    a_beneficiary(listed, 2, group="DT-4")  # with KT-6C: allowed
    a_beneficiary(listed, 4, group="NCC-TB", amount="2.055.000")  # no social one

    found = check(frozen(listed))

    assert (found.lines, found.people, found.figures) == (15, 12, "0-0-0-1")
    (one,) = found.social_twice
    assert (one.groups, len(one.ids)) == (["CT-5A", "KT-6C"], 2)
    assert number_of(1) not in str(one)
    reconciled = queries.reconcile(PayRun.objects.get())
    assert (reconciled.people, sum(unit.people for unit in reconciled.units)) == (12, 12)
    assert sum(unit.sums.lines for unit in reconciled.units) == 15


def test_lines_nobody_decided_on_are_not_two_units(office):
    rows = [a_row(1, unit="98102", address="chỗ nào đó"), a_row(1, unit="98101", group="DT-4")]
    imported(office, rows, unit_id=office.city.city.pk, month=JUNE, at=EVE)
    run = actions.open_run(office.city.city.pk, month=JULY, actor=office.actor("an", MIDNIGHT), at=MIDNIGHT)
    actions.freeze_run(run.pk, actor=office.actor("an", MIDNIGHT), at=MIDNIGHT)

    found = check(actions.place_lines(run.pk, actor=WORKER, at=MIDNIGHT))

    assert (found.undecided, found.two_units, found.good) == (1, [], True)


# -- a month given back, closed, opened again --------------------------------------------------------------------------


def test_an_approved_month_goes_back_until_a_file_was_sent(listed):
    run = approved(listed)
    bank, _post = actions.make_batches(run.pk, actor=listed.actor("an"), at=MONDAY)

    back = actions.return_run(run.pk, reason="thiếu người", actor=listed.actor("binh"), at=MONDAY)

    assert (back.state, back.approved_by, back.lines) == ("draft", None, 0)
    assert not Payment.objects.exists()
    assert not PayBatch.objects.exists()
    actions.freeze_run(run.pk, actor=listed.actor("an"), at=MONDAY)
    approve(listed, run)
    bank, _post = actions.make_batches(run.pk, actor=listed.actor("an"), at=MONDAY)
    actions.mark_sent(bank.pk, actor=listed.actor("an"), at=MONDAY)
    with pytest.raises(errors.AlreadyLeft):
        actions.return_run(run.pk, reason="x", actor=listed.actor("binh"), at=MONDAY)
    assert not list(faults())


def test_a_month_goes_back_with_few_statements_and_not_under_a_later_one(listed, django_assert_max_num_queries):
    run = frozen(listed)
    later = actions.open_run(listed.city.city.pk, month=NOVEMBER, actor=listed.actor("an"), at=MONDAY)
    with pytest.raises(errors.LaterMonthIsOpen):
        actions.return_run(run.pk, reason="x", actor=listed.actor("binh"), at=MONDAY)
    actions.discard_run(later.pk, actor=listed.actor("an"), at=MONDAY)

    with django_assert_max_num_queries(12) as asked:
        actions.return_run(run.pk, reason="x", actor=listed.actor("binh"), at=MONDAY)

    assert not any(query["sql"].startswith("SELECT") and "allowances_payment" in query["sql"] for query in asked)


def test_the_books_close_on_what_was_seen_unpaid_and_open_again_for_it(listed):
    run = out(listed)
    for number, payer in ((1, "bank"), (2, "post")):
        ids = list(Payment.objects.filter(payer=payer).values_list("pk", flat=True))
        told(listed, run, answer(run, number, dict.fromkeys(ids, "paid") | {ids[0]: "failed"}))
    binh = listed.actor("binh")

    for unpaid in ({}, {"unpaid": 2}, {"unpaid": 1, "unpaid_dong": 750_000}):
        with pytest.raises(errors.UnpaidNotAccepted) as refusal:
            actions.close_run(run.pk, **unpaid, actor=binh, at=MONDAY)
    assert "2 khoản chưa trả được, 1.500.000 đồng" in refusal.value.message()
    actions.close_run(run.pk, unpaid=2, unpaid_dong=1_500_000, actor=binh, at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.reopen_run(run.pk, reason="x", actor=listed.actor("an"), at=MONDAY)
    with pytest.raises(BadInput):
        actions.reopen_run(run.pk, reason=" ", actor=binh, at=MONDAY)
    actions.reopen_run(run.pk, reason="có tài khoản mới", actor=binh, at=MONDAY)

    for batch in actions.make_retry(run.pk, actor=listed.actor("an"), at=MONDAY):
        actions.mark_sent(batch.pk, actor=listed.actor("an"), at=MONDAY)
        told(listed, run, answer(run, batch.number, dict.fromkeys(batch.attempts.values_list("payment_id", flat=True), "paid")))
    assert set(states(run).values()) == {"paid"}
    assert actions.close_run(run.pk, actor=binh, at=MONDAY).state == "closed"


def test_the_books_do_not_close_while_a_payers_file_is_being_read(listed):
    run = out(listed)
    for number, payer in ((1, "bank"), (2, "post")):
        ids = list(Payment.objects.filter(payer=payer).values_list("pk", flat=True))
        told(listed, run, answer(run, number, dict.fromkeys(ids, "paid")))
    content = answer(run, 1, {ids[0]: "failed"})
    actions.send_report(run.pk, content, name="x.csv", actor=listed.actor("an"), at=MONDAY)

    with pytest.raises(errors.ReportIsRead):
        actions.close_run(run.pk, actor=listed.actor("binh"), at=MONDAY)


# -- a list for signing ------------------------------------------------------------------------------------------------


def test_a_units_list_for_signing_is_taken_out_by_who_keeps_it_alone(listed):
    run = frozen(listed)
    with pytest.raises(NotYourDuty):
        actions.take_out_sheet(run.pk, listed.river, actor=listed.actor("dao"), at=MONDAY)

    actions.take_out_sheet(run.pk, listed.river, actor=listed.actor("mai"), at=MONDAY)

    lines = list(queries.sheet_lines(run, listed.river))
    assert len(lines) == 8
    assert lines[0][1:] == ["Lò Mẫu 1 Thử", "Người khuyết tật nặng", 750_000, "Lò Mẫu 1 Thử", ""]
    assert Event.objects.filter(name="allowances.sheet_taken", unit_id=listed.river).count() == 1


# -- groups that become others -----------------------------------------------------------------------------------------


@pytest.fixture
def june_list(office):
    """A real list of June: many of the 80-year-olds whose group ended with it."""
    rows = [
        a_row(1, unit="98101", group="CT-5C"),
        a_row(2, unit="98102", group="CT-5C", address="phường Đồi"),
        a_row(3, unit="98101", group="KT-6C"),
        a_row(4, unit="98101", group="CT-5C"),
    ]
    imported(office, rows, unit_id=office.city.city.pk, month=JUNE, at=EVE)
    gone = Beneficiary.objects.get(id_number=number_of(4))
    actions.stop_beneficiary(gone.pk, stop_month=JULY, reason="died", actor=HOUSE, at=EVE)
    actions.add_beneficiary(a_row(5, group="CT-5C"), unit_id=office.river, actor=office.actor("mai", MIDNIGHT), at=MIDNIGHT)
    leaving = Beneficiary.objects.get(id_number=number_of(5))
    actions.stop_beneficiary(leaving.pk, stop_month=date(2025, 9, 1), reason="moved", actor=HOUSE, at=MIDNIGHT)
    return office


def july(office) -> PayRun:
    return actions.open_run(office.city.city.pk, month=JULY, actor=office.actor("an", MIDNIGHT), at=MIDNIGHT)


def test_july_with_people_whose_group_became_another_is_frozen_after_one_press(june_list):
    run, an = july(june_list), june_list.actor("an", MIDNIGHT)
    with pytest.raises(errors.NoAmount) as refusal:
        actions.freeze_run(run.pk, actor=an, at=MIDNIGHT)
    assert "CT-5C → HT-1" in refusal.value.message()
    assert [(one.code, one.becomes_code, one.people) for one in to_change(run)] == [("CT-5C", "HT-1", 3)]
    with pytest.raises(NotYourDuty):
        actions.change_groups(run.pk, actor=june_list.actor("mai", MIDNIGHT), at=MIDNIGHT)

    assert actions.change_groups(run.pk, actor=an, at=MIDNIGHT) == {"CT-5C > HT-1": 3}

    with pytest.raises(errors.NoGroupChanges):
        actions.change_groups(run.pk, actor=an, at=MIDNIGHT)
    assert actions.freeze_run(run.pk, actor=an, at=MIDNIGHT).total_dong == 3 * 500_000 + 750_000
    old = Beneficiary.objects.get(id_number=number_of(1), group__code="CT-5C")
    new = Beneficiary.objects.get(follows=old)
    assert (old.stop_month, old.stop_reason, new.group.code, new.start_month) == (JULY, "group", "HT-1", JULY)
    for name in ("unit_id", "full_name", "id_number", "born", "address", "payer", "bank", "account", "cash_point"):
        assert getattr(new, name) == getattr(old, name)
    leaving = Beneficiary.objects.get(id_number=number_of(5), group__code="HT-1")
    assert (leaving.stop_month, leaving.stop_reason) == (date(2025, 9, 1), "moved")
    assert Beneficiary.objects.filter(id_number=number_of(4)).count() == 1  # the dead stay where they were
    assert Event.objects.get(name="allowances.groups_changed").facts["went"] == {"CT-5C > HT-1": 3}
    assert not list(faults())


def test_who_stands_in_the_new_group_already_has_it_once(june_list):
    actions.add_beneficiary(
        a_row(1, group="HT-1", start="07/2025"), unit_id=june_list.river, actor=june_list.actor("mai", MIDNIGHT), at=MIDNIGHT
    )
    run, an = july(june_list), june_list.actor("an", MIDNIGHT)

    actions.change_groups(run.pk, actor=an, at=MIDNIGHT)
    actions.freeze_run(run.pk, actor=an, at=MIDNIGHT)

    assert Payment.objects.filter(id_number=number_of(1)).count() == 1
    assert Event.objects.get(name="allowances.groups_changed").facts["known"] == 1


def test_a_row_that_went_over_is_not_resumed_beside_the_new_one(june_list):
    run = july(june_list)
    actions.change_groups(run.pk, actor=june_list.actor("an", MIDNIGHT), at=MIDNIGHT)
    old = Beneficiary.objects.get(id_number=number_of(1), group__code="CT-5C")

    with pytest.raises(errors.AlreadyReceives):
        actions.resume_beneficiary(old.pk, actor=HOUSE, at=MIDNIGHT)


# -- rates -------------------------------------------------------------------------------------------------------------


def put(**changes) -> int:
    """The shipped data with the base of 2024 or the group KT-6C changed."""
    bases, groups = rates.shipped_bases(), rates.shipped_groups()
    base = {name: value for name, value in changes.items() if hasattr(bases[0], name)}
    bases[0] = replace(bases[0], **base) if "coefficient" not in changes else bases[0]
    group = {name: value for name, value in changes.items() if name != "amount_dong"}
    groups = [replace(one, **group) if one.code == "KT-6C" and "amount_dong" not in changes else one for one in groups]
    return actions.put_rates(bases, groups, actor=HOUSE, at=MONDAY)


def test_a_rate_is_put_right_as_long_as_no_frozen_month_used_it(listed):
    assert load_rates(at=MONDAY) == 0
    assert put(amount_dong=510_000) == 1
    assert put(coefficient=Decimal("1.75"), basis="Điều 7", checked=True) == 2  # and the base back as it is shipped
    rate = GroupRate.objects.get(group__code="KT-6C")
    assert (rate.coefficient, rate.basis, rate.checked) == (Decimal("1.75"), "Điều 7", True)
    assert load_rates(at=MONDAY) == 1
    frozen(listed)

    for changes in (
        {"amount_dong": 510_000},
        {"coefficient": Decimal(2)},
        {"coefficient": Decimal("1.5"), "valid_to": OCTOBER},
    ):
        with pytest.raises(errors.RateIsUsed) as refusal, transaction.atomic():
            put(**changes)
    assert "KT-6C" in refusal.value.message()
    assert put(coefficient=Decimal("1.5"), checked=True) == 1  # compared with the text: no sum changes
    assert put(coefficient=Decimal("1.5"), checked=True, valid_to=date(2026, 1, 1)) == 1  # ends after what was frozen


def test_two_amounts_never_hold_at_once(office):
    group = BenefitGroup.objects.get(code="KT-6C")
    for make in (
        lambda: BaseAmount.objects.create(amount_dong=1, valid_from=date(2025, 1, 1), basis="x"),
        lambda: GroupRate.objects.create(group=group, coefficient=1, valid_from=date(2025, 1, 1), basis="x"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()
    assert Unit.objects.filter(pk=office.river).exists()
