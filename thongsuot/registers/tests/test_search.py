"""Searching finds: by each thing that may be known of an entry, and under the names a place once had."""

from __future__ import annotations

from datetime import date

import pytest

from thongsuot.dossiers.tests.make import MONDAY
from thongsuot.registers import actions
from thongsuot.registers.models import Book, Entry, ImportRow, Proposal
from thongsuot.registers.queries.search import search, wanted_of
from thongsuot.registers.tests.make import NEXT, a_row, as_csv, at_the_officer, imported, keeper, make_register_town, sent
from thongsuot.registers.tests.test_correcting import decide
from thongsuot.registers.tests.test_entering import register, text_of
from thongsuot.units import queries as units
from thongsuot.units.models import UnitName

UNKNOWN_PROVINCE = "Phường Bến, quận Giữa, tỉnh Hà Xưa"


def found(town, **said) -> list[int]:
    return [row.id for row in search(wanted_of(said), actor=keeper(town)).rows]


@pytest.mark.parametrize(
    "said",
    [
        {"place": "bến giữa"},
        {"place": "Phường Bến, quận Giữa"},
        {"born": "02/05/2004"},
        {"born": "2004"},
        {"id_number": "001304000111"},
        {"number": "15", "book": "01/2004"},
        {"number": "15/2004"},
        {"name": "mau lo", "place": "Bến", "kind": "birth", "year": "2004"},
    ],
)
def test_an_entry_is_found_by_what_is_known_of_it_and_no_other(town, said):
    other = a_row(
        number="16",
        book="02/2003",
        registered_on="12/06/2003",
        child_name="Hà Văn Khác",
        child_born="01/06/2003",
        place="Phường Chợ, quận Giữa, thành phố Ví Dụ",
    )
    imported(town, [a_row(child_id="001304000111"), other])
    assert Entry.objects.count() == 2

    assert found(town, **said) == [Entry.objects.get(number=15).pk]


def proposed(town, row: ImportRow, **more) -> Proposal:
    return actions.propose_correction(
        row.pk, way=Proposal.Way.STORE, cells=row.cells, why="đã xem sổ giấy", actor=keeper(town), at=NEXT, **more
    )


def test_a_province_that_nobody_knows_waits_for_a_person_and_then_stands_on_the_paper_and_is_found(db):
    town = make_register_town("2.000635")
    imported(town, [a_row(place=UNKNOWN_PROVINCE)])
    row = ImportRow.objects.get()
    assert (row.state, row.reasons) == ("doubtful", ["place_partly"])

    decide(town, proposed(town, row, settled=["place_partly"]))

    entry = Entry.objects.get()
    assert entry.book.place.code == "98101"
    assert found(town, place="Hà Xưa") == found(town, place="Ví Dụ") == [entry.pk]
    dossier = at_the_officer(town)
    text = text_of(actions.draft_paper(entry.pk, dossier_id=dossier.pk, actor=keeper(town), at=NEXT))
    assert "Ủy ban nhân dân phường Bến, quận Giữa, tỉnh Hà Xưa" in text


def test_a_street_called_like_a_kind_is_no_doubt(town):
    one = sent(town, as_csv([a_row(place="số 5 phố Quán Sứ, phường Bến, quận Giữa, thành phố Ví Dụ")]))

    assert one.good == 1


def test_entries_before_and_after_a_rename_carry_the_name_of_their_day(town):
    first = register(town, at_the_officer(town))
    renamed = date(2025, 10, 6)
    UnitName.objects.filter(unit_id=town.river, valid_to=None).update(valid_to=renamed)
    UnitName.objects.create(unit_id=town.river, kind="phuong", name="Sông Mới", full_name="Phường Sông Mới", valid_from=renamed)
    units.clear_caches()
    second = register(town, at_the_officer(town, at=MONDAY, child_name="Trần Thị Hai"))

    assert Book.objects.count() == 1
    assert first.place == "Phường Sông, Thành phố Ví Dụ"
    assert second.place == "Phường Sông Mới, Thành phố Ví Dụ"
    assert second.pk in found(town, place="Sông Mới")
