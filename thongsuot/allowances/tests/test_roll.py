"""Who stands on the roll, since when and until when: late lists, stops to come, ended units, a freeze at the same moment."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction

from thongsuot.allowances import actions, tasks
from thongsuot.allowances.actions import errors
from thongsuot.allowances.models import AllowanceRow, Beneficiary, PayRun
from thongsuot.allowances.queries.imports import by_reason, months_of_imports, out_with_reasons
from thongsuot.allowances.queries.roll import beneficiary_for
from thongsuot.allowances.tests.make import (
    HOUSE,
    MONDAY,
    OCTOBER,
    WORKER,
    a_beneficiary,
    a_row,
    answer,
    as_csv,
    frozen,
    imported,
    make_office,
    number_of,
    out,
    sent,
    told,
)
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

pytestmark = pytest.mark.django_db
SEPTEMBER, NOVEMBER, DECEMBER = date(2025, 9, 1), date(2025, 11, 1), date(2025, 12, 1)
EVE = datetime(2025, 6, 25, 9, tzinfo=VIET_NAM)


def reasons_of(one) -> list[tuple[str, list[str]]]:
    return list(one.rows.order_by("place").values_list("state", "reasons"))


def stop(office, one: Beneficiary, month: date, who: str = "mai") -> Beneficiary:
    return actions.stop_beneficiary(one.pk, stop_month=month, reason="died", actor=office.actor(who), at=MONDAY)


# -- late lists --------------------------------------------------------------------------------------------------------


def test_who_died_does_not_come_back_on_a_late_list(office):
    stop(office, a_beneficiary(office, 1), OCTOBER)

    late = imported(office, [a_row(1), a_row(2)])

    assert (late.stored, late.to_correct) == (1, 1)
    assert reasons_of(late)[0] == ("to_correct", ["stopped:10/2025"])
    ((_row, why),) = out_with_reasons(late)
    assert why.startswith("Người này đã thôi hưởng từ 10/2025.")
    assert frozen(office).lines == 1


def test_who_is_granted_it_anew_comes_in_with_a_new_month(office):
    stop(office, a_beneficiary(office, 1), SEPTEMBER)

    again = imported(office, [a_row(1, start="10/2025")])

    assert again.stored == 1
    assert frozen(office).lines == 1


def test_a_stop_to_come_keeps_the_same_person_of_a_late_list_out(office):
    stop(office, a_beneficiary(office, 1), DECEMBER)  # paid until then

    assert reasons_of(imported(office, [a_row(1)])) == [("rejected", ["already"])]
    assert frozen(office).lines == 1


def test_who_was_stopped_between_the_look_and_the_storing_is_judged_then(office):
    one = sent(office, [a_row(1)])
    stop(office, a_beneficiary(office, 1), OCTOBER)
    actions.start_import(one.pk, actor=office.actor("mai"), at=MONDAY)

    done = actions.store_import(one.pk, actor=WORKER, at=MONDAY)

    assert (done.stored, done.to_correct) == (0, 1)


def test_rows_of_one_person_that_overlap_are_refused_by_their_codes_and_not_by_the_database(office):
    first = stop(office, a_beneficiary(office, 1), DECEMBER)
    second = Beneficiary.objects.get(pk=a_beneficiary(office, 1, start="12/2025").pk)
    Beneficiary.objects.filter(pk=second.pk).update(start_month=OCTOBER)  # by a hand in the database
    run = actions.open_run(office.city.city.pk, month=OCTOBER, actor=office.actor("an"), at=MONDAY)

    with pytest.raises(errors.StandsTwice) as refusal:
        actions.freeze_run(run.pk, actor=office.actor("an"), at=MONDAY)

    assert f"{first} và {second}" in refusal.value.message()
    assert PayRun.objects.get().state == "draft"


def test_a_row_that_says_another_unit_or_amount_is_to_correct_and_names_the_unit(office):
    imported(office, [a_row(1), a_row(2), a_row(3, amount="900.000")])
    rows = [a_row(1, unit="98002"), a_row(2, unit="98001", coefficient="2"), a_row(3, unit="98001", amount="900000")]

    merged = sent(office, rows, unit_id=office.city.city.pk)

    assert reasons_of(merged) == [
        ("to_correct", [f"other_unit:{office.river}"]),
        ("to_correct", [f"other_amount:{office.river}"]),
        ("rejected", ["already"]),
    ]
    assert "danh sách của Phường Sông" in next(why for _row, why in out_with_reasons(merged))
    assert sum(count for _words, count in by_reason(merged)) == 3


def test_an_old_list_sent_again_after_its_people_moved_is_known_and_nothing_to_correct(office):
    imported(office, [a_row(1, unit="98101")], unit_id=office.city.city.pk, month=date(2025, 6, 1))
    Beneficiary.objects.update(unit=office.river)  # as the holdings do: phường Bến went whole to phường Sông

    again = sent(office, [a_row(1, unit="98101", bank="Khác")], unit_id=office.city.city.pk, month=date(2025, 6, 1))

    assert reasons_of(again) == [("rejected", ["already"])]


def test_all_lists_of_a_month_are_summed_up(office):
    imported(office, [a_row(1), a_row(2), a_row(3, id_number="1")])
    sent(office, [a_row(11)], unit_id=office.hill)

    (month,) = months_of_imports(unit_ids=[office.river, office.hill])

    assert (month.files, month.waiting, month.rows_in) == (2, 1, 4)
    assert month.rows_in == month.stored + month.to_correct + month.rejected + month.good


def test_what_rows_said_that_did_not_come_in_is_forgotten_after_90_days(office, clock):
    one = imported(office, [a_row(1), a_row(2, id_number="1")])
    waits = sent(office, [a_row(3)], unit_id=office.hill)
    clock.now = MONDAY + timedelta(days=89)
    tasks.forget_rows(0)
    assert AllowanceRow.objects.exclude(cells={}).count() == 2

    clock.now = MONDAY + timedelta(days=91)
    tasks.forget_rows(0)
    tasks.forget_rows(0)

    assert AllowanceRow.objects.exclude(cells={}, values={}, person_key="", fingerprint="").count() == 0
    assert reasons_of(one)[1] == ("to_correct", ["id_number"])
    assert Event.objects.filter(name="allowances.rows_forgotten").count() == 1
    waits.refresh_from_db()
    assert (waits.status, waits.rows.count()) == ("discarded", 0)  # nobody wanted it


# -- stops -------------------------------------------------------------------------------------------------------------


def test_a_stop_to_come_is_brought_forward_and_taken_back(office):
    one = stop(office, a_beneficiary(office, 1), DECEMBER)
    said = {**a_row(1, account="99998888"), "full_name": one.full_name}
    actions.change_beneficiary(one.pk, said, actor=office.actor("mai"), at=MONDAY)
    assert stop(office, one, NOVEMBER).stop_month == NOVEMBER

    resumed = actions.resume_beneficiary(one.pk, actor=office.actor("mai"), at=MONDAY)

    assert (resumed.stop_month, resumed.stop_reason) == (None, "")
    with pytest.raises(errors.NotStopping):
        actions.resume_beneficiary(one.pk, actor=office.actor("mai"), at=MONDAY)


def test_a_stop_in_a_frozen_month_stands(office):
    one = stop(office, a_beneficiary(office, 1), OCTOBER)
    a_beneficiary(office, 2)
    frozen(office)

    for order in (
        lambda: stop(office, one, NOVEMBER),
        lambda: actions.resume_beneficiary(one.pk, actor=office.actor("mai"), at=MONDAY),
        lambda: actions.hand_to_unit(one.pk, to_unit_id=office.hill, actor=office.actor("mai"), at=MONDAY),
        lambda: actions.change_beneficiary(one.pk, a_row(1, account="11112222"), actor=office.actor("mai"), at=MONDAY),
    ):
        with pytest.raises(errors.HasStopped):
            order()


def test_a_stop_is_not_taken_back_beside_a_later_row_of_the_same_right(office):
    one = stop(office, a_beneficiary(office, 1), NOVEMBER)
    a_beneficiary(office, 1, start="12/2025")

    with pytest.raises(errors.AlreadyReceives):
        actions.resume_beneficiary(one.pk, actor=office.actor("mai"), at=MONDAY)
    assert stop(office, one, DECEMBER).stop_month == DECEMBER  # the other begins then
    with pytest.raises(errors.AlreadyReceives):
        stop(office, one, date(2026, 1, 1))


def test_who_has_stopped_and_was_not_paid_can_still_have_another_account(office):
    one, _other = a_beneficiary(office, 1), a_beneficiary(office, 2)
    run = out(office)
    line = run.payments.get(beneficiary=one)
    told(office, run, answer(run, 1, {line.pk: "failed"}))
    stop(office, one, NOVEMBER)
    frozen(office, NOVEMBER)
    said = {**a_row(1), "full_name": one.full_name, "account": "55556666"}

    with pytest.raises(errors.HasStopped):
        actions.change_beneficiary(one.pk, {**said, "amount": "999000"}, actor=office.actor("mai"), at=MONDAY)
    actions.change_beneficiary(one.pk, said, actor=office.actor("mai"), at=MONDAY)

    actions.make_retry(run.pk, actor=office.actor("an"), at=MONDAY)
    line.refresh_from_db()
    assert line.account == "55556666"


# -- ended units -------------------------------------------------------------------------------------------------------


def test_lists_of_an_ended_unit_are_kept_by_its_keeper_and_by_nobody_else(office):
    bridge = Unit.objects.get(code="98101")  # phường Bến: whole to phường Sông
    waits = actions.send_file(
        as_csv([a_row(1), a_row(2)]), name="a.csv", unit_id=bridge.pk, month=date(2025, 6, 1), actor=HOUSE, at=EVE
    )
    actions.read_file(waits.pk, actor=WORKER, at=EVE)
    mai, dao = office.actor("mai"), office.actor("dao")

    with pytest.raises(NotYourDuty):
        actions.start_import(waits.pk, actor=dao, at=MONDAY)
    actions.start_import(waits.pk, actor=mai, at=MONDAY)
    actions.store_import(waits.pk, actor=WORKER, at=MONDAY)

    one = Beneficiary.objects.get(id_number=number_of(1))
    assert one.unit == bridge
    assert beneficiary_for(one.pk, actor=mai) == one
    with pytest.raises(NotFound):
        beneficiary_for(one.pk, actor=dao)
    actions.open_beneficiary(one.pk, reason="đối chiếu", actor=mai, at=MONDAY)
    assert stop(office, one, NOVEMBER).stop_month == NOVEMBER
    with pytest.raises(NotYourDuty):
        stop(office, one, NOVEMBER, who="dao")
    late = actions.send_file(as_csv([a_row(3)]), name="b.csv", unit_id=bridge.pk, month=date(2025, 6, 1), actor=mai, at=MONDAY)
    assert actions.read_file(late.pk, actor=WORKER, at=MONDAY).good == 1


# -- a month's bounds --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("month", [date(1999, 12, 1), date(2026, 1, 1), date(2205, 7, 1)])
def test_a_month_far_away_is_not_opened(office, month):
    with pytest.raises(BadInput):
        actions.open_run(office.city.city.pk, month=month, actor=office.actor("an"), at=MONDAY)


def test_a_draft_is_discarded_and_the_month_can_be_opened_again(office):
    a_beneficiary(office, 1)
    run = actions.open_run(office.city.city.pk, month=DECEMBER, actor=office.actor("an"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.discard_run(run.pk, actor=office.actor("mai"), at=MONDAY)

    actions.discard_run(run.pk, actor=office.actor("an"), at=MONDAY)

    run = frozen(office)
    with pytest.raises(errors.RunNotThere):
        actions.discard_run(run.pk, actor=office.actor("an"), at=MONDAY)


# -- at the same moment ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_who_is_added_while_the_month_is_being_frozen_waits_and_comes_into_the_next(settings):
    settings.CITY_CODE = "98"
    office = make_office()
    a_beneficiary(office, 1)
    run = actions.open_run(office.city.city.pk, month=OCTOBER, actor=office.actor("an"), at=MONDAY)
    an, mai = office.actor("an"), office.actor("mai")
    frozen_but_open, said = threading.Event(), []

    def freeze() -> None:
        try:
            with transaction.atomic():
                actions.freeze_run(run.pk, actor=an, at=MONDAY)
                frozen_but_open.set()
                threading.Event().wait(0.7)
        finally:
            connection.close()

    def add() -> None:
        try:
            frozen_but_open.wait(10)
            actions.add_beneficiary(a_row(2, start="10/2025"), unit_id=office.river, actor=mai, at=MONDAY)
        except errors.MonthIsFrozen as refusal:
            said.append(refusal.earliest)
        finally:
            connection.close()

    threads = [threading.Thread(target=freeze), threading.Thread(target=add)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (said, Beneficiary.objects.count()) == ([NOVEMBER], 1)
    units.clear_caches()
