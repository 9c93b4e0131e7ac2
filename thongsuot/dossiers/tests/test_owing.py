"""What dossiers owe, asked for by amount."""

from __future__ import annotations

from thongsuot.dossiers.owing import DossierFees
from thongsuot.dossiers.tests.make import MONDAY, make_town, receive


def test_dossiers_that_owe_just_so_much_are_offered_and_no_others(db, settings):
    settings.CITY_CODE = "98"
    town = make_town()
    first, second = receive(town, at=MONDAY), receive(town, at=MONDAY)
    fee = first.fees.get()
    first.fees.create(code="phi", name="Phí", kind="fee", amount_dong=5_000, how="")
    fees, both = DossierFees(), fee.amount_dong + 5_000

    assert [debt.subject_id for debt in fees.owing(town.river, both, most=9)] == [first.pk]
    assert [debt.subject_id for debt in fees.owing(town.river, fee.amount_dong, most=9)] == [second.pk]
    assert sum(line.amount_dong for line in fees.owing(town.river, both, most=9)[0].lines) == both
    assert fees.owing(town.hill, both, most=9) == []
