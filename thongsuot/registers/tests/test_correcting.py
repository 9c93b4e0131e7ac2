"""The correction list: one proposes, another decides, and every row is counted in one place at every moment."""

from __future__ import annotations

import pytest

from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.registers import actions
from thongsuot.registers.actions import errors
from thongsuot.registers.models import Entry, ImportRow, Proposal, RegisterImport
from thongsuot.registers.tests.make import NEXT, a_row, an_entry, imported, keeper, make_register_town


def propose(town, row, *, way=Proposal.Way.STORE, by="toan", settled=(), place=None, why="trang 12", **changes):
    return actions.propose_correction(
        row.pk,
        way=way,
        cells={**row.cells, **changes},
        place_unit_id=place,
        settled=settled,
        why=why,
        actor=keeper(town, by),
        at=NEXT,
    )


def decide(town, proposal, *, by="tam", accept=True, note=""):
    return actions.decide_correction(proposal.pk, accept=accept, note=note, actor=keeper(town, by), at=NEXT)


def counts() -> tuple[int, int, int, int]:
    one = RegisterImport.objects.latest("id")
    return one.rows_in, one.stored, one.to_correct, one.rejected


def unclear(town, **changes) -> ImportRow:
    imported(town, [a_row(**changes)])
    return ImportRow.objects.latest("id")


def test_a_row_mended_by_one_and_approved_by_another_is_stored(town):
    row = unclear(town, child_born="31/02/2004")
    assert counts() == (1, 0, 1, 0)

    decide(town, propose(town, row, child_born="29/02/2004"))

    assert counts() == (1, 1, 0, 0)
    assert Entry.objects.get().people.get(role="child").born == "2004-02-29"


def test_a_doubt_that_stands_is_settled_by_name(town):
    row = unclear(town, child_sex="?")
    with pytest.raises(errors.StillDoubtful):
        propose(town, row)

    decide(town, propose(town, row, settled=["sex"]))

    assert counts() == (1, 1, 0, 0)
    assert Entry.objects.get().people.get(role="child").sex == ""


def test_the_place_is_chosen_among_the_units_it_may_have_been(town):
    from thongsuot.units.models import Unit

    row = unclear(town, place="Tiểu khu 4")
    market = Unit.objects.get(code="98102")

    decide(town, propose(town, row, place=market.pk))

    entry = Entry.objects.get()
    assert entry.book.place_name == "Phường Chợ, Quận Giữa, Thành phố Ví Dụ"
    assert entry.place_written == "Tiểu khu 4"


def test_a_number_that_is_taken_cannot_stand(town):
    an_entry(town)
    row = unclear(town, child_name="Lò Văn Hai", child_born="2003")
    assert row.reasons == ["number_taken"]

    with pytest.raises(errors.StillDoubtful):
        propose(town, row, settled=["number_taken"])
    decide(town, propose(town, row, number="15b"))

    assert sorted(str(entry) for entry in Entry.objects.all()) == ["15", "15b"]


def test_a_row_may_be_dropped_and_stays_readable(town):
    row = unclear(town, child_born="31/02/2004")

    decide(town, propose(town, row, way=Proposal.Way.REJECT, why="ghi trùng dòng 3"))

    row.refresh_from_db()
    assert counts() == (1, 0, 0, 1)
    assert (row.state, row.reasons) == ("rejected", ["date", "dropped"])
    assert row.cells["child_name"] == "Lò Thị Mẫu"


def test_who_proposed_does_not_decide(town):
    proposal = propose(town, unclear(town, child_born="31/02/2004"), child_born="2004")

    with pytest.raises(errors.SecondPersonNeeded):
        decide(town, proposal, by="toan")

    assert counts() == (1, 0, 1, 0)
    assert not Entry.objects.exists()


def test_the_head_who_reviews_may_decide_but_not_propose(town):
    row = unclear(town, child_born="31/02/2004")
    with pytest.raises(NotYourDuty):
        propose(town, row, by="viet", child_born="2004")

    decide(town, propose(town, row, child_born="2004"), by="viet")

    assert counts() == (1, 1, 0, 0)


def test_returned_it_needs_a_reason_and_another_proposal(town):
    row = unclear(town, child_born="31/02/2004")
    proposal = propose(town, row, child_born="2004")
    with pytest.raises(BadInput):
        decide(town, proposal, accept=False)

    decide(town, proposal, accept=False, note="xem lại trang 13")

    assert counts() == (1, 0, 1, 0)
    decide(town, propose(town, row, child_born="28/02/2004"))
    assert [one.outcome for one in row.proposals.order_by("id")] == ["returned", "accepted"]


def test_the_uncorrected_row_sent_again_is_known(town):
    row = unclear(town, child_born="31/02/2004")
    decide(town, propose(town, row, child_born="28/02/2004"))

    again = imported(town, [a_row(child_born="31/02/2004"), a_row(number="16", child_name="Lò Văn Hai")])

    assert (again.rows_in, again.stored, again.to_correct, again.rejected) == (2, 1, 0, 1)


def test_a_row_that_waits_sent_again_waits_once(town):
    unclear(town, child_born="31/02/2004")

    again = imported(town, [a_row(child_born="31/02/2004"), a_row(number="16", child_name="Lò Văn Hai")])

    assert (again.stored, again.to_correct, again.rejected) == (1, 0, 1)


def test_another_unit_sees_and_decides_nothing(town):
    row = unclear(town, child_born="31/02/2004")
    proposal = propose(town, row, child_born="2004")

    for act in (lambda: propose(town, row, by="doi"), lambda: decide(town, proposal, by="doi")):
        with pytest.raises(NotYourDuty):
            act()


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_store_one_entry(settings):
    settings.CITY_CODE = "98"
    town = make_register_town()
    proposal = propose(town, unclear(town, child_born="31/02/2004"), child_born="2004")

    faults = at_once(lambda: decide(town, proposal, by="tam"), lambda: decide(town, proposal, by="viet"))

    assert [type(fault) for fault in faults] == [errors.AlreadyProposed]
    assert Entry.objects.count() == 1
    assert counts() == (1, 1, 0, 0)
