"""What was paid without going to the counter: items 3.5a, 3.5b and 3.6, worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from thongsuot.dossiers.actions.taking_in import PAPER
from thongsuot.dossiers.models import Dossier, FeeDue
from thongsuot.dossiers.tests.make import HOUSE, MONDAY, Town, make_officer, make_town, receive
from thongsuot.indicators import counting, words
from thongsuot.indicators.actions import load_rules
from thongsuot.indicators.models import Fact, Noted, ProcedureDay, UnitDay
from thongsuot.indicators.queries.dossiers import behind, count_behind
from thongsuot.indicators.queries.index import ItemRow, index
from thongsuot.indicators.queries.sums import Scope
from thongsuot.kernel.periods import Period
from thongsuot.kernel.tests.clocks import Clock
from thongsuot.kernel.working_time import MINUTE, VIET_NAM
from thongsuot.payments import actions
from thongsuot.payments.models import PaymentLine
from thongsuot.payments.tests.make import GATEWAY, an_account, told
from thongsuot.people.tests.make import logged_in
from thongsuot.web.tests.words import said

OCTOBER = Period(first=date(2025, 10, 1), last=date(2025, 10, 31), now=datetime(2025, 11, 8, 9, tzinfo=VIET_NAM))
SUBJECT = "dossiers.dossier"


def pay_online(dossier: Dossier, at: datetime = MONDAY) -> int:
    """By the gateway; the id of the payment."""
    payment = actions.begin_payment(SUBJECT, dossier.pk, actor=HOUSE, at=at)
    actions.take_notice(told(payment, at=at), actor=GATEWAY, at=at)
    return payment.pk


def pay_cash(town: Town, dossier: Dossier, at: datetime = MONDAY) -> None:
    owed = set(FeeDue.objects.filter(dossier=dossier).values_list("pk", flat=True))
    actions.take_cash(SUBJECT, dossier.pk, owed_ids=owed, actor=town.actor("lan", at), at=at)


@pytest.fixture
def town(db, settings) -> Town:
    settings.CITY_CODE = "98"
    load_rules(actor=HOUSE, at=datetime(2025, 7, 1, 8, tzinfo=VIET_NAM))
    return make_town()


@pytest.fixture
def paid(town) -> dict[str, Dossier]:
    """Six dossiers of October with a charge, and two that have none of ours any more; the account is proved on that Monday."""
    account = an_account(town.river)
    made = {name: receive(town, at=MONDAY) for name in ("gateway", "both", "cash", "owes", "late", "other", "back", "old")}
    pay_online(made["gateway"])
    pay_online(made["both"])
    FeeDue.objects.create(dossier=made["both"], code="phi", name="Phí", kind="fee", amount_dong=5_000, how="")
    pay_cash(town, made["cash"])
    pay_online(made["late"], datetime(2025, 11, 5, 9, tzinfo=VIET_NAM))  # received in October: counts there once it is known
    line = PaymentLine.objects.get(payment=pay_online(made["back"])).pk
    refund = actions.propose_refund(line, how="transfer", reason="Rút", actor=HOUSE, at=MONDAY)
    actions.approve_refund(refund.pk, actor=HOUSE, at=MONDAY)
    actions.pay_refund_by_hand(refund.pk, proof="UNC1", actor=HOUSE, at=MONDAY + MINUTE)
    FeeDue.objects.filter(dossier=made["old"]).update(code=PAPER, paid_at=MONDAY)  # as `taking_in` brings it
    FeeDue.objects.filter(dossier=made["other"]).update(paid_at=MONDAY)  # before it was written down how
    assert account.configured_at
    counting.fold()
    return made


def scope(town: Town, **changes: Any) -> Scope:
    made = town.city
    return Scope(unit_ids=frozenset({made.city.pk, made.river.pk, made.hill.pk}), whole_city=True, **changes)


def items(town: Town, where: Scope | None = None, period: Period = OCTOBER) -> dict[str, ItemRow]:
    found = index(where or scope(town), period).items
    return {code: found[code] for code in ("3.5a", "3.5b", "3.6")}


def known(town: Town, paid: dict[str, Dossier]) -> None:
    """What nobody knew is known after all: cash."""
    FeeDue.objects.filter(dossier=paid["other"]).update(paid_how="cash")
    Noted.objects.create(dossier_id=paid["other"].pk)
    counting.fold()


def test_three_of_six_dossiers_and_the_one_procedure(town, paid):
    known(town, paid)

    found = items(town)

    # In the denominator: gateway, both, cash, owes, late, other. Paid online: gateway, both, late. 6 x 50 %
    assert {code: (item.part, item.whole, str(item.score)) for code, item in found.items()} == {
        "3.5a": (1, 1, "2.00"),
        "3.5b": (1, 1, "2.00"),
        "3.6": (3, 6, "3.00"),
    }
    rows = behind(scope(town), OCTOBER, code="3.6", part="con-lai", limit=9)
    assert {row.id for row in rows} == {paid[name].pk for name in ("cash", "owes", "other")}
    assert {words.why(row, "3.6") for row in rows} == {"Chưa trả, hoặc đã trả tiền mặt."}
    assert counting.recount().good


@pytest.mark.parametrize("narrow", [{}, {"procedure_ids": True}, {"whole_city": False}])
def test_every_way_of_counting_says_the_same(town, paid, narrow):
    known(town, paid)
    if narrow.get("procedure_ids"):
        narrow = {"procedure_ids": frozenset({town.version.procedure_id})}
    where = Scope(**{**scope(town).__dict__, **narrow})

    found = items(town, where)

    assert (found["3.5a"].part, found["3.5b"].part) == (1, 1)
    assert count_behind(where, OCTOBER, code="3.6", part="tu-so") == found["3.6"].part == 3
    assert count_behind(where, OCTOBER, code="3.6", part="mau-so") == found["3.6"].whole == 6


def test_where_nobody_knows_how_something_was_paid_there_is_no_figure(town, paid):
    found = items(town)

    assert found["3.6"].rate is found["3.5b"].rate is None
    assert found["3.6"].reason == found["3.5b"].reason
    assert "chưa biết trả bằng cách nào" in found["3.6"].reason
    assert found["3.5a"].rate == 100  # by accounts, not by dossiers


def test_days_counted_before_there_was_this_count_are_no_data_until_they_are_counted_anew(town, paid):
    known(town, paid)
    Fact.objects.update(paid_online=None)  # as the columns come to an installation that has counted for a year
    for days in (UnitDay, ProcedureDay):
        days.objects.update(paid_online=0, way_known=0)
    assert items(town)["3.6"].rate is None

    Noted.objects.create(dossier_id=paid["owes"].pk)
    counting.fold()
    assert items(town)["3.6"].rate is None  # one dossier made anew does not stand for its day

    assert counting.recount().wrong_facts > 0
    assert (items(town)["3.6"].part, items(town)["3.6"].whole) == (3, 6)


def test_before_its_account_was_proved_and_elsewhere_nothing_can_be_paid_online(town, paid):
    september = Period(first=date(2025, 9, 1), last=date(2025, 9, 30), now=OCTOBER.now)
    hill = Scope(unit_ids=frozenset({town.hill}))

    assert (items(town, period=september)["3.5a"].part, items(town, period=september)["3.5a"].whole) == (0, 1)
    assert (items(town, hill)["3.5a"].part, items(town, hill)["3.5a"].whole) == (0, 1)
    assert items(town, hill)["3.6"].reason == "Trong kỳ không có gì để chia: mẫu số bằng 0."


def test_the_page_shows_the_figure_and_what_is_behind_it(town, paid, monkeypatch):
    known(town, paid)
    monkeypatch.setattr(timezone, "now", Clock(OCTOBER.now))
    mai = logged_in(make_officer(town.city, town.city.city, "people_committee", "mai", "Phó Chủ tịch", ["see figures"]))
    asked = "?tu=01/10/2025&den=31/10/2025"

    assert "3.6 Hồ sơ thanh toán trực tuyến" in said(mai.get(f"/dieu-hanh/chi-so/{asked}"))
    page = said(mai.get(f"/dieu-hanh/chi-so/muc/3.6/tu-so/{asked}"))
    assert "3 hồ sơ" in page
    assert paid["gateway"].code in page
    assert paid["cash"].code not in page
    assert "Đã trả trực tuyến." in page
    assert mai.get(f"/dieu-hanh/chi-so/muc/3.6/tu-so/excel/{asked}").status_code == 200
