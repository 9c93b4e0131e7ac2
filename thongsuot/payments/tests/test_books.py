"""The books and the receipts of the units whose fees one keeps, on pages: in order, whole, and only theirs."""

from __future__ import annotations

from thongsuot.payments import actions
from thongsuot.payments.models import LedgerEntry, PaymentReceipt
from thongsuot.payments.queries import books as queries
from thongsuot.payments.tests.make import DAY, GATEWAY, GOODS, MONDAY, STALL, books, opened, told
from thongsuot.people.tests.make import logged_in
from thongsuot.web.tests.words import said

TODAY, ALL = MONDAY.date(), sum(GOODS)


def test_balances_are_what_the_entries_say_and_sum_up_to_nothing(office):
    river = office.city.river.pk
    actions.take_notice(told(opened()), actor=GATEWAY, at=MONDAY)
    actions.take_cash(STALL.subject, 2, owed_ids=[20], actor=office.actor("lan"), at=MONDAY + DAY)

    rows = queries.balances([river], first=TODAY + DAY, last=TODAY + DAY)

    assert {row.account: row.after for row in rows if row.after} == books(river)
    assert sum(row.before for row in rows) == sum(row.after for row in rows) == 0
    fees = next(row for row in rows if row.account == LedgerEntry.Account.FEES)
    assert (fees.before, fees.debit, fees.credit) == (-ALL - 1_000, 0, GOODS[0])  # with the test of the account
    assert [one.amount_dong for one in queries.entries("fees", [river], first=TODAY + DAY, last=TODAY + DAY)] == [GOODS[0]]
    assert not queries.balances([office.city.hill.pk], first=TODAY, last=TODAY)


def test_the_pages_lead_from_an_account_to_its_entries_and_from_a_number_to_its_receipt(office, clock):
    actions.take_cash(STALL.subject, 1, owed_ids=[10, 11], actor=office.actor("lan"), at=MONDAY)
    PaymentReceipt.objects.filter(number=2).update(void_at=MONDAY, void_reason="hoàn")
    toan, dao, lan = (logged_in(office.people[name]) for name in ("toan", "dao", "lan"))
    page = toan.get("/can-bo/thu-phi/so-sach/")
    assert "Tiền mặt trong ca" in said(page)
    assert "/can-bo/thu-phi/so-sach/cash/?tu=01%2F10%2F2025" in page.content.decode()
    cash = said(toan.get("/can-bo/thu-phi/so-sach/cash/"))
    assert "Thu tiền mặt" in cash
    assert "H98.01-251006-0001" in cash
    assert "Không có bút toán nào" in said(toan.get("/can-bo/thu-phi/so-sach/cash/?tu=01/09/2025&den=02/09/2025"))
    assert toan.get("/can-bo/thu-phi/so-sach/gold/").status_code == 404

    found = said(toan.get("/can-bo/thu-phi/bien-lai/"))
    assert "1 biên lai còn giá trị, cộng 20.000" in found
    assert "2/2025" in found
    assert "Đã hủy" in found
    for name in ("so-sach", "bien-lai"):
        at = f"/can-bo/thu-phi/{name}/"
        assert "H98.01" not in said(dao.get(at))
        assert dao.get(at, {"don_vi": office.city.river.pk}).status_code == 404
        assert lan.get(at).status_code == 403
        assert "Ngày cuối ở trước ngày đầu" in said(toan.get(at, {"tu": "06/10/2025", "den": "01/10/2025"}))


def test_a_long_list_is_on_one_page_to_be_printed(office, clock):
    for number in range(60):
        LedgerEntry.objects.create(
            unit_id=office.city.river.pk, at=MONDAY, why="counted", debit="cash", credit="differences", amount_dong=number + 1
        )
    toan, page = logged_in(office.people["toan"]), "/can-bo/thu-phi/so-sach/differences/"
    assert "60 đ" not in said(toan.get(page))
    assert "để in" in said(toan.get(page))
    assert "60 đ" in said(toan.get(page + "?tat-ca=1"))
