"""Money that names no payment: a person says whose debt it pays, and all of it is as if it had named it."""

from __future__ import annotations

import pytest

from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.payments import actions, comparing
from thongsuot.payments.actions import errors
from thongsuot.payments.models import (
    Difference,
    FeeAccount,
    FeePayment,
    GatewayNotice,
    LedgerEntry,
    PaymentReceipt,
    Refund,
    StatementLine,
)
from thongsuot.payments.queries.reconciling import may_pay, nameless
from thongsuot.payments.tests.make import GATEWAY, HOUSE, MONDAY, STALL, a_stall, books, opened, told
from thongsuot.people.tests.make import logged_in
from thongsuot.web.tests.words import said


def came(office, amount: int = 50_000, *, purpose: str = "nop phi", reference: str = "FT1") -> StatementLine:
    """A movement of that Monday, in the statement and gone through the books."""
    content = f"Ngày;Số tham chiếu;Số tiền;Nội dung\n06/10/2025;{reference};{amount};{purpose}\n"
    statement = actions.bring_statement(office.account_id, content.encode(), name="a.csv", actor=HOUSE, at=MONDAY)
    comparing.book_statement(statement.pk, now=MONDAY)
    return StatementLine.objects.get(statement=statement)


def assign(office, line: StatementLine, *, thing: int = 1, by: str = "toan", reason: str = "có chứng từ") -> FeePayment:
    return actions.assign_line(
        line.pk, subject=STALL.subject, subject_id=thing, reason=reason, actor=office.actor(by), at=MONDAY
    )


def test_it_pays_the_debt_with_receipts_and_is_no_difference_any_more(db, office):
    line = came(office)
    comparing.compare_day(line.booked_on, now=MONDAY, fetch=False)
    assert Difference.objects.get(gone_at=None, bank_dong=50_000).kind == "not_ours"

    payment = assign(office, line)

    assert (payment.state, payment.how, payment.amount_dong) == ("paid", "transfer", 50_000)
    assert PaymentReceipt.objects.filter(line__payment=payment).count() == 2
    assert not STALL.locked(1).lines
    assert not nameless([office.city.river.pk]).exists()
    comparing.compare_day(line.booked_on, now=MONDAY, fetch=False)
    assert not Difference.objects.filter(gone_at=None, bank_dong=50_000).exists()
    assert comparing.book_statement(line.statement_id, now=MONDAY)  # again: nothing more
    assert LedgerEntry.objects.filter(statement_line=line).count() == 1


def test_what_the_gateway_told_without_a_name_is_counted_once_in_either_order(db, office):
    before = books(office.city.river.pk)
    waiting = opened(3)
    actions.cancel_payment(waiting.pk, actor=HOUSE, at=MONDAY)

    def tell() -> GatewayNotice:
        return actions.take_notice(told(waiting, transaction="FT1", amount_dong=50_000, reference=""), actor=GATEWAY, at=MONDAY)

    assert tell().outcome == "unknown"
    assert books(office.city.river.pk)["undue"] == -50_000
    assign(office, came(office))
    after = books(office.city.river.pk)
    assert (after.get("undue", 0), after.get("clearing", 0)) == (before.get("undue", 0), before.get("clearing", 0))
    assert after["bank"] - before.get("bank", 0) == 50_000
    assert tell().outcome == "known"

    # The bank calls the same money by a name of its own.
    told_first = told(waiting, transaction="GW7", amount_dong=50_000, reference="")
    assert actions.take_notice(told_first, actor=GATEWAY, at=MONDAY).outcome == "unknown"
    assign(office, came(office, reference="FT3"), thing=3)
    after = books(office.city.river.pk)
    assert (after.get("undue", 0), after.get("clearing", 0)) == (before.get("undue", 0), before.get("clearing", 0))

    assign(office, came(office, reference="FT2"), thing=2)
    late = told(waiting, transaction="FT2", amount_dong=50_000, reference="")
    assert actions.take_notice(late, actor=GATEWAY, at=MONDAY).outcome == "known"


def test_each_refusal_leaves_everything_as_it_was(db, office):
    line, other = came(office), came(office, 7_000, reference="FT2")
    opened(2)

    def refused(error: type[Exception], row: StatementLine = line, **more: object) -> None:
        before = (LedgerEntry.objects.count(), FeePayment.objects.count(), PaymentReceipt.objects.count())
        with pytest.raises(error):
            assign(office, row, **more)
        row.refresh_from_db()
        assert (LedgerEntry.objects.count(), FeePayment.objects.count(), PaymentReceipt.objects.count()) == before
        assert row.reference == ""

    refused(BadInput, reason=" ")
    refused(NotYourDuty, by="dao")  # keeps the fees of another ward
    refused(NotYourDuty, by="lan")
    refused(errors.MoneyDiffers, other)
    refused(errors.PaymentWaiting, thing=2)
    STALL.unit_id = office.city.hill.pk
    refused(errors.MoneyOfAnotherUnit)
    STALL.unit_id = office.city.river.pk
    actions.take_cash(STALL.subject, 3, owed_ids={30, 31}, actor=office.actor("lan"), at=MONDAY)
    refused(errors.NothingOwed, thing=3)
    assign(office, line)
    with pytest.raises(errors.MoneyCounted):
        assign(office, line, thing=2)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_for_one_debt_leave_one_payment(settings):
    settings.CITY_CODE = "98"
    with a_stall() as office:
        first, second = came(office), came(office, reference="FT2")
        faults = at_once(lambda: assign(office, first), lambda: assign(office, second))
    assert [type(fault) for fault in faults] == [errors.NothingOwed]
    assert FeePayment.objects.filter(subject=STALL.subject, state="paid").count() == 1
    assert nameless([office.city.river.pk]).count() == 1


def test_the_page_offers_the_named_one_first_and_gives_the_receipt(db, office, clock):
    line = came(office, purpose="NGUYEN VAN A nop phi H98.01-251006-0002")
    came(office, 7_000, reference="FT2")
    toan, dao = (logged_in(office.people[name]) for name in ("toan", "dao"))
    assert "nop phi H98.01-251006-0002" in said(toan.get("/can-bo/thu-phi/tien-ve/"))
    assert "Không có tiền nào chưa rõ khoản" in said(dao.get("/can-bo/thu-phi/tien-ve/"))
    assert dao.get(f"/can-bo/thu-phi/tien-ve/{line.pk}/").status_code == 404
    assert [debt.subject_id for debt in may_pay(line)] == [2, 1, 3]
    nothing = nameless([office.city.river.pk]).exclude(pk=line.pk).get()
    assert "Không có hồ sơ nào" in said(toan.get(f"/can-bo/thu-phi/tien-ve/{nothing.pk}/"))

    page = f"/can-bo/thu-phi/tien-ve/{line.pk}/"
    assert toan.post(page, {"debt": f"{STALL.subject}:2", "reason": "x"}).status_code == 422
    assert toan.post(page, {"viec": "gan", "debt": f"{STALL.subject}:2"}).status_code == 422
    assert toan.post(page, {"viec": "gan", "debt": f"{STALL.subject}:9", "reason": "x"}).status_code == 422
    assert toan.post(page, {"viec": "gan", "debt": f"{STALL.subject}:2", "reason": "có chứng từ"}).status_code == 302
    assert not STALL.locked(2).lines
    assert toan.get(page).status_code == 404


def test_what_finds_no_debt_goes_back_to_its_sender_when_another_agrees(db, office, clock):
    line = came(office, 7_000)
    comparing.compare_day(line.booked_on, now=MONDAY, fetch=False)
    toan, hong = (logged_in(office.people[name]) for name in ("toan", "hong"))
    page = f"/can-bo/thu-phi/tien-ve/{line.pk}/"
    assert toan.post(page, {"viec": "tra"}).status_code == 422
    answer = toan.post(page, {"viec": "tra", "back": "không rõ ai, ngân hàng trả về số đã chuyển"})
    refund = Refund.objects.get(statement_line=line)
    at = f"/can-bo/thu-phi/hoan/{refund.pk}/"
    assert answer["Location"] == at
    assert (Difference.objects.get(bank_dong=7_000).explanation or "").endswith(f"{refund.reference}.")
    assert "Đang đề nghị trả lại" in said(toan.get("/can-bo/thu-phi/tien-ve/"))
    assert toan.get(page)["Location"] == at
    assert toan.post(at, {"viec": "duyet"}).status_code in (400, 403, 409)  # nobody decides alone
    with pytest.raises(errors.MoneyGoesBack):
        actions.propose_return(line.pk, reason="x", actor=office.actor("toan"), at=MONDAY)
    assert not line.entries.exists()

    # Not agreed: it waits for its debt again. Proposed again and agreed: it is undue, and goes back by a transfer.
    assert (
        hong.post(at, {"viec": "khong", "decision_reason": "hỏi ngân hàng đã", "reason": "hỏi ngân hàng đã"}).status_code == 302
    )
    assert "Gán tiền cho hồ sơ" in said(toan.get(page))
    again = actions.propose_return(line.pk, reason="ngân hàng không rõ", actor=office.actor("toan"), at=MONDAY)
    before = books(office.city.river.pk)
    assert "Tiền chưa rõ khoản" in said(hong.get("/can-bo/thu-phi/hoan/"))
    assert hong.post(f"/can-bo/thu-phi/hoan/{again.pk}/", {"viec": "duyet"}).status_code == 302
    owed = books(office.city.river.pk)
    assert (owed["bank"] - before.get("bank", 0), owed["refunds"] - before.get("refunds", 0)) == (7_000, -7_000)
    assert not nameless([office.city.river.pk]).exists()
    assert toan.post(f"/can-bo/thu-phi/hoan/{again.pk}/", {"viec": "tra", "proof": "UNC 12"}).status_code == 302
    assert (
        books(office.city.river.pk) == {**before, "refunds": before.get("refunds", 0)} or books(office.city.river.pk) == before
    )
    assert "UNC 12" in said(toan.get(f"/can-bo/thu-phi/hoan/{again.pk}/"))
    assert comparing.book_statement(line.statement_id, now=MONDAY)  # again: nothing more
    with pytest.raises(errors.MoneyCounted):
        assign(office, line)


def test_what_goes_back_was_told_by_the_gateway_too_and_is_undue_once(db, office):
    before = books(office.city.river.pk)
    waiting = opened(3)
    nameless_notice = told(waiting, transaction="GW8", amount_dong=9_000, reference="")
    assert actions.take_notice(nameless_notice, actor=GATEWAY, at=MONDAY).outcome == "unknown"
    refund = actions.propose_return(came(office, 9_000).pk, reason="x", actor=office.actor("toan"), at=MONDAY)
    actions.approve_refund(refund.pk, actor=office.actor("hong"), at=MONDAY)
    actions.pay_refund_by_hand(refund.pk, proof="UNC", actor=office.actor("toan"), at=MONDAY)
    after = books(office.city.river.pk)
    assert {name: after.get(name, 0) - before.get(name, 0) for name in after} == dict.fromkeys(after, 0)


def test_a_return_not_agreed_to_does_not_hide_the_notice_of_the_money(db, office):
    waiting = opened(1)
    refund = actions.propose_return(came(office, 50_000, reference="FT9").pk, reason="x", actor=office.actor("toan"), at=MONDAY)
    actions.refuse_refund(refund.pk, reason="hỏi lại", actor=office.actor("hong"), at=MONDAY)
    assert actions.take_notice(told(waiting, transaction="FT9"), actor=GATEWAY, at=MONDAY).outcome == "paid"


def test_what_was_told_before_the_account_moved_goes_back_out_of_those_books(db, office):
    river, hill = office.city.river.pk, office.city.hill.pk
    waiting = opened(3)
    actions.take_notice(told(waiting, transaction="GW8", amount_dong=9_000, reference=""), actor=GATEWAY, at=MONDAY)
    before = books(river)
    FeeAccount.objects.filter(pk=office.account_id).update(unit=hill)
    refund = actions.propose_return(came(office, 9_000).pk, reason="x", actor=HOUSE, at=MONDAY)
    actions.approve_refund(refund.pk, actor=office.actor("dao"), at=MONDAY)
    actions.pay_refund_by_hand(refund.pk, proof="UNC", actor=HOUSE, at=MONDAY)
    after = books(river)
    assert (after.get("undue", 0) - before["undue"], after.get("clearing", 0) - before["clearing"]) == (9_000, -9_000)
    assert not any(books(hill).values())


@pytest.mark.django_db(transaction=True)
def test_two_alike_at_once_take_one_announcement_once(settings):
    settings.CITY_CODE = "98"
    with a_stall() as office:
        waiting = opened(3)
        actions.cancel_payment(waiting.pk, actor=HOUSE, at=MONDAY)
        before = books(office.city.river.pk)
        actions.take_notice(told(waiting, transaction="GW1", amount_dong=50_000, reference=""), actor=GATEWAY, at=MONDAY)
        lines = came(office), came(office, reference="FT2")
        faults = at_once(lambda: assign(office, lines[0], thing=1), lambda: assign(office, lines[1], thing=2))
    after = books(office.city.river.pk)
    assert (faults, after.get("undue", 0), after.get("clearing", 0)) == ([], before.get("undue", 0), before.get("clearing", 0))


@pytest.mark.django_db(transaction=True)
def test_assigned_and_sent_back_at_once_only_one_holds(settings):
    settings.CITY_CODE = "98"
    with a_stall() as office:
        line = came(office)
        faults = at_once(
            lambda: assign(office, line),
            lambda: actions.propose_return(line.pk, reason="x", actor=office.actor("toan"), at=MONDAY),
        )
    assert [type(fault) for fault in faults] in ([errors.MoneyCounted], [errors.MoneyGoesBack])
