"""Old lists come in: every row is somewhere, nothing comes in twice."""

from __future__ import annotations

from datetime import date

import pytest

from thongsuot.allowances import actions
from thongsuot.allowances.actions.errors import AlreadyReceives
from thongsuot.allowances.models import AllowanceImport, AllowanceRow, Beneficiary
from thongsuot.allowances.tests.make import (
    HOUSE,
    MONDAY,
    OCTOBER,
    WORKER,
    a_beneficiary,
    a_row,
    as_csv,
    imported,
    number_of,
    sent,
)
from thongsuot.files.table_imports import ImportNotWaiting, SameFileAgain
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.units.models import Unit

pytestmark = pytest.mark.django_db
TWENTY = [a_row(place) for place in range(1, 21)]


def test_rows_in_are_stored_or_to_correct_or_rejected_and_nothing_enters_before_a_person_says_so(office):
    rows = [*TWENTY, a_row(21, id_number="12"), a_row(22, unit="98002"), a_row(1)]

    one = sent(office, rows)

    assert not Beneficiary.objects.exists()
    assert (one.rows_in, one.good, one.to_correct, one.rejected) == (23, 20, 1, 2)
    actions.start_import(one.pk, actor=office.actor("mai"), at=MONDAY)
    done = actions.store_import(one.pk, actor=WORKER, at=MONDAY)
    assert (done.rows_in, done.good, done.stored, done.to_correct, done.rejected) == (23, 0, 20, 1, 2)
    assert Beneficiary.objects.count() == 20
    reasons = dict(AllowanceRow.objects.exclude(state="stored").values_list("place", "reasons"))
    assert reasons == {22: ["id_number"], 23: ["not_yours"], 24: ["same_row"]}


def test_what_was_stored_is_kept_as_it_means_and_its_row_forgets_the_person(office):
    imported(office, [a_row(1, coefficient="1,75", born="1938", receiver_name="Hồ Thị Thử", receiver_id_number=number_of(9))])

    one = Beneficiary.objects.get()
    assert (one.full_name, one.name_key, one.id_number) == ("Lò Mẫu 1 Thử", "lo mau 1 thu", number_of(1))
    assert (str(one.coefficient), one.born, one.start_month, one.stop_month) == ("1.75", "1938", date(2023, 1, 1), None)
    assert (one.payer, one.account, one.receiver_name) == ("bank", "1000000001", "Hồ Thị Thử")
    row = AllowanceRow.objects.get()
    assert (row.state, row.cells, row.values, row.person_key, row.fingerprint) == ("stored", {}, {}, "", "")


def test_the_same_file_again_is_refused_and_the_same_people_in_another_are_reported(office):
    imported(office, TWENTY)

    with pytest.raises(SameFileAgain):
        sent(office, TWENTY)
    again = imported(office, [*TWENTY, a_row(50)])

    assert (again.rows_in, again.stored, again.rejected) == (21, 1, 20)
    assert set(AllowanceRow.objects.filter(source=again, state="rejected").values_list("reasons", flat=True)[0]) == {"already"}
    assert Beneficiary.objects.count() == 21


def test_a_person_who_stands_twice_in_a_file_in_two_units_is_on_neither_list(office):
    rows = [a_row(1, unit="98001"), a_row(1, unit="98002"), a_row(2, unit="98001"), a_row(2, unit="98001", group="CT-5A")]

    one = sent(office, rows, unit_id=office.city.city.pk)

    assert [(row.state, row.reasons) for row in one.rows.order_by("place")] == [
        ("to_correct", ["twice"]),
        ("to_correct", ["twice"]),
        ("good", []),
        ("good", []),  # two groups are two rights
    ]


def test_who_came_onto_the_roll_between_the_look_and_the_storing_is_rejected_then(office):
    one = sent(office, TWENTY)
    a_beneficiary(office, 3)
    actions.start_import(one.pk, actor=HOUSE, at=MONDAY)

    done = actions.store_import(one.pk, actor=WORKER, at=MONDAY)

    assert (done.stored, done.rejected) == (19, 1)
    assert Beneficiary.objects.filter(id_number=number_of(3)).count() == 1


def test_codes_of_units_are_those_of_the_lists_month(office):
    june = imported(office, [a_row(1, unit="98101")], unit_id=office.city.city.pk, month=date(2025, 6, 1))
    july = sent(office, [a_row(2, unit="98101")], unit_id=office.city.city.pk, month=date(2025, 7, 1))

    assert (june.stored, july.good, july.to_correct) == (1, 0, 1)
    assert Beneficiary.objects.get().unit == Unit.objects.get(code="98101")


def test_a_city_list_without_a_unit_belongs_to_nobody_yet(office):
    assert sent(office, [a_row(1)], unit_id=office.city.city.pk).to_correct == 1


def test_reading_may_be_killed_and_begins_anew(office):
    one = actions.send_file(as_csv(TWENTY), name="a.csv", unit_id=office.river, month=OCTOBER, actor=HOUSE, at=MONDAY)
    AllowanceImport.objects.filter(pk=one.pk).update(rows_in=3)
    for place in (2, 3, 4):
        AllowanceRow.objects.create(source=one, place=place, state="good")

    read = actions.read_file(one.pk, actor=WORKER, at=MONDAY)
    twice = actions.read_file(one.pk, actor=WORKER, at=MONDAY)

    assert (read.rows_in, read.good, twice.good) == (20, 20, 20)


def test_a_file_that_is_no_table_is_refused_whole(office):
    one = actions.send_file(b"a,b\n1,2\n", name="a.csv", unit_id=office.river, month=OCTOBER, actor=HOUSE, at=MONDAY)

    read = actions.read_file(one.pk, actor=WORKER, at=MONDAY)

    assert (read.status, read.rows_in) == ("refused", 0)
    assert "thiếu cột" in read.refusal


def test_only_who_keeps_the_list_of_the_unit_brings_one_in(office):
    for name in ("dao", "khach"):
        with pytest.raises(NotYourDuty):
            actions.send_file(
                as_csv(TWENTY), name="a.csv", unit_id=office.river, month=OCTOBER, actor=office.actor(name), at=MONDAY
            )
    one = sent(office, TWENTY)
    with pytest.raises(NotYourDuty):
        actions.start_import(one.pk, actor=office.actor("dao"), at=MONDAY)
    assert not Beneficiary.objects.exists()


def test_an_import_is_discarded_before_it_is_stored_and_not_after(office):
    one = sent(office, TWENTY)
    actions.discard_import(one.pk, actor=office.actor("mai"), at=MONDAY)
    assert not AllowanceRow.objects.exists()

    done = imported(office, TWENTY)  # what was discarded may be sent again
    with pytest.raises(ImportNotWaiting):
        actions.discard_import(done.pk, actor=office.actor("mai"), at=MONDAY)


def test_nobody_is_on_two_lists_whatever_the_unit(office):
    a_beneficiary(office, 1)

    with pytest.raises(AlreadyReceives):
        actions.add_beneficiary(a_row(1), unit_id=office.hill, actor=office.actor("dao"), at=MONDAY)


def test_facts_of_events_name_nobody(office):
    imported(office, TWENTY)

    told = " ".join(
        str(facts) for facts in Event.objects.filter(name__startswith="allowances.").values_list("facts", flat=True)
    )

    assert "Lò" not in told
    assert "00145" not in told
