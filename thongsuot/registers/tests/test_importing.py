"""Old registers come in: nothing before a look, everything counted, nothing twice, nothing mended in silence."""

from __future__ import annotations

from datetime import date

import pytest

from thongsuot.files import table_imports
from thongsuot.files.table_imports import ImportNotWaiting, SameFileAgain
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.registers import actions
from thongsuot.registers.models import Book, Entry, EntryPerson, ImportRow, Kind, RegisterImport
from thongsuot.registers.tests.make import HOUSE, NEXT, a_row, an_entry, as_csv, as_xlsx, imported, keeper, sent


def figures(one: RegisterImport) -> tuple[int, int, int, int, int]:
    return one.rows_in, one.good, one.stored, one.to_correct, one.rejected


def why(one: RegisterImport) -> dict[int, list[str]]:
    return {row.place: row.reasons for row in one.rows.order_by("place") if row.reasons}


def test_a_preview_says_what_each_row_is_and_puts_nothing_into_the_registers(town):
    rows = [a_row(), a_row(number="16", child_name="Lò Văn Hai", child_born="31/02/2004"), a_row(number="", child_name="Lò Ba")]

    one = sent(town, as_csv(rows))

    assert one.status == RegisterImport.Status.PREVIEWED
    assert figures(one) == (3, 1, 0, 1, 1)
    assert why(one) == {3: ["date"], 4: ["no_number"]}
    assert not Entry.objects.exists()
    assert not Book.objects.exists()


def test_what_is_good_is_stored_with_the_old_name_of_its_place(town):
    done = imported(town, [a_row()])

    entry = Entry.objects.get()
    assert figures(done) == (1, 0, 1, 0, 0)
    assert (entry.number, entry.registered_on, entry.state) == (15, "2004-05-12", "valid")
    assert entry.book.place_name == "Phường Bến, Quận Giữa, Thành phố Ví Dụ"
    assert entry.book.place.code == "98101"
    assert entry.keeper_id == town.river
    assert entry.place_written == "Phường Bến, quận Giữa, thành phố Ví Dụ"
    assert [(one.role, one.born) for one in entry.people.order_by("id")] == [
        ("child", "2004-05-02"),
        ("mother", "1979"),
        ("father", ""),
    ]
    assert done.rows.get().cells == {}


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_register_comes_in_as_csv_and_as_a_workbook(town, kind):
    one = sent(town, as_xlsx([a_row(kind)], kind), kind=kind, name="so.xlsx")

    assert figures(one) == (1, 1, 0, 0, 0), why(one)
    assert figures(imported(town, [a_row(kind)], kind=kind)) == (1, 0, 1, 0, 0)


def test_the_same_file_again_changes_nothing(town):
    done = imported(town, [a_row()])

    with pytest.raises(SameFileAgain) as refusal:
        sent(town, as_csv([a_row()]))

    assert refusal.value.import_id == done.pk
    assert RegisterImport.objects.count() == 1
    assert Entry.objects.count() == 1


def test_the_same_rows_in_another_file_change_nothing_either(town):
    imported(town, [a_row()])

    again = imported(town, [a_row(), a_row(number="16", child_name="Lò Văn Hai")])

    assert figures(again) == (2, 0, 1, 0, 1)
    assert why(again) == {2: ["already"]}
    assert Entry.objects.count() == 2


def test_a_file_may_come_again_after_it_was_discarded(town):
    one = sent(town, as_csv([a_row()]))
    actions.discard_import(one.pk, actor=keeper(town), at=NEXT)

    assert figures(sent(town, as_csv([a_row()]))) == (1, 1, 0, 0, 0)
    assert ImportRow.objects.count() == 1


def test_a_place_that_is_unclear_or_elsewhere_waits_for_a_person(town):
    rows = [
        a_row(place="Khu phố 4"),
        a_row(number="16", child_name="Lò Hai", place=""),
        a_row(number="17", child_name="Lò Ba", place="phường Đồi, thành phố Ví Dụ"),
    ]

    one = sent(town, as_csv(rows))

    assert figures(one) == (3, 0, 0, 3, 0)
    assert [reasons[0].startswith("place_") for reasons in why(one).values()] == [True, True, True]


def test_rows_that_name_no_place_take_the_one_chosen_for_the_file(town):
    one = actions.send_file(
        as_csv([a_row(place="")]),
        name="so.csv",
        unit_id=town.river,
        kind=Kind.BIRTH,
        default_place="Phường Bến, Quận Giữa, Thành phố Ví Dụ",
        actor=keeper(town),
        at=NEXT,
    )

    assert figures(actions.read_file(one.pk, actor=HOUSE, at=NEXT)) == (1, 1, 0, 0, 0)


def test_one_number_claimed_twice_makes_both_rows_unclear(town):
    one = sent(town, as_csv([a_row(), a_row(child_name="Lò Văn Hai", child_born="2003")]))

    assert why(one) == {2: ["number_twice"], 3: ["number_twice"]}


def test_a_number_that_is_taken_and_a_person_who_is_known_wait_for_a_person(town):
    an_entry(town)

    one = sent(town, as_csv([a_row(birthplace="Ở nhà"), a_row(number="99", birthplace="Ở nhà")]))

    assert why(one) == {2: ["number_taken", "person_known", "person_twice"], 3: ["person_known", "person_twice"]}


def test_a_row_twice_in_one_file_counts_once(town):
    done = imported(town, [a_row(), a_row()])

    assert figures(done) == (2, 0, 1, 0, 1)


def test_reading_killed_midway_and_begun_again_counts_every_row_once(town, monkeypatch):
    monkeypatch.setattr(table_imports, "BATCH", 2)
    rows = [a_row(number=str(number), child_name=f"Lò Thị Số {number}") for number in range(1, 6)]
    one = actions.send_file(as_csv(rows), name="so.csv", unit_id=town.river, kind=Kind.BIRTH, actor=keeper(town), at=NEXT)
    calls = []

    def dies(sent, checked):
        calls.append(1)
        if len(calls) == 2:
            raise ConnectionError
        return write(sent, checked)

    write = table_imports.write_rows
    monkeypatch.setattr(table_imports, "write_rows", dies)
    with pytest.raises(ConnectionError):
        actions.read_file(one.pk, actor=HOUSE, at=NEXT)

    assert figures(actions.read_file(one.pk, actor=HOUSE, at=NEXT)) == (5, 5, 0, 0, 0)


def test_two_readings_at_once_count_every_row_once(town, monkeypatch):
    monkeypatch.setattr(table_imports, "BATCH", 2)
    rows = [a_row(number=str(number), child_name=f"Lò Thị Số {number}") for number in range(1, 6)]
    one = actions.send_file(as_csv(rows), name="so.csv", unit_id=town.river, kind=Kind.BIRTH, actor=keeper(town), at=NEXT)
    write, calls = table_imports.write_rows, []

    def another_begins(sent, checked):
        calls.append(1)
        if len(calls) == 2:
            actions.read_file(one.pk, actor=HOUSE, at=NEXT)
        return write(sent, checked)

    monkeypatch.setattr(table_imports, "write_rows", another_begins)

    assert figures(actions.read_file(one.pk, actor=HOUSE, at=NEXT)) == (5, 5, 0, 0, 0)
    assert ImportRow.objects.count() == 5


def test_a_file_whose_reading_never_ends_may_be_discarded_and_sent_again(town):
    one = actions.send_file(as_csv([a_row()]), name="so.csv", unit_id=town.river, kind=Kind.BIRTH, actor=keeper(town), at=NEXT)

    actions.discard_import(one.pk, actor=keeper(town), at=NEXT)

    assert actions.read_file(one.pk, actor=HOUSE, at=NEXT).status == "discarded"
    assert figures(sent(town, as_csv([a_row()]))) == (1, 1, 0, 0, 0)


def test_storing_killed_midway_goes_on_where_it_was(town, monkeypatch):
    from thongsuot.registers.actions import importing

    monkeypatch.setattr(importing, "BATCH", 2)
    one = sent(town, as_csv([a_row(number=str(n), child_name=f"Lò Thị Số {n}") for n in range(1, 6)]))
    actions.start_import(one.pk, actor=keeper(town), at=NEXT)
    half = actions.store_batch(one.pk, actor=HOUSE, at=NEXT)

    assert figures(half) == (5, 3, 2, 0, 0)
    assert figures(actions.store_all(one.pk, actor=HOUSE, at=NEXT)) == (5, 0, 5, 0, 0)
    assert EntryPerson.objects.count() == 15


def test_an_officer_of_another_unit_can_neither_send_nor_start(town):
    stranger = town.actor("doi")
    with pytest.raises(NotYourDuty):
        actions.send_file(as_csv([a_row()]), name="so.csv", unit_id=town.river, kind=Kind.BIRTH, actor=stranger, at=NEXT)
    one = sent(town, as_csv([a_row()]))

    with pytest.raises(NotYourDuty):
        actions.start_import(one.pk, actor=stranger, at=NEXT)

    assert RegisterImport.objects.get().status == RegisterImport.Status.PREVIEWED


def test_what_was_not_looked_at_is_not_stored(town):
    one = actions.send_file(as_csv([a_row()]), name="so.csv", unit_id=town.river, kind=Kind.BIRTH, actor=keeper(town), at=NEXT)

    with pytest.raises(ImportNotWaiting):
        actions.start_import(one.pk, actor=keeper(town), at=NEXT)


def test_days_stay_as_little_known_as_the_old_book_knew_them(town):
    entry = an_entry(town, child_born="5/2004", mother_born="không rõ", father_born="1975")

    assert list(entry.people.order_by("id").values_list("born", flat=True)) == ["2004-05", "", "1975"]
    assert entry.entered_at.date() == date(2025, 10, 6)
