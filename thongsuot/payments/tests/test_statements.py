"""What banks write, read: MT940 and tables, whole or not at all; movements into the books; the three lists of a day."""

from __future__ import annotations

import pytest

from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.payments import actions, asking, comparing
from thongsuot.payments.actions.errors import StatementUnreadable
from thongsuot.payments.models import BankStatement, Difference, FeePayment, LedgerEntry, StatementLine
from thongsuot.payments.statements import read
from thongsuot.payments.tests.make import DAY, GATEWAY, GOODS, HOUSE, MONDAY, STALL, books, brought, opened, table, told

MT940 = """:20:SAOKE
:25:970436/1133666688
:28C:1/1
:60F:C251006VND1000000,
:61:2510061006C50000,NTRFREF1//FT25279001
:86:CK {reference} NGUYEN VAN A chuyen khoan
:61:2510061006D20000,NTRFREF2//FT25279002
:86:Hoan phi
:62F:C251006VND1030000,
"""
CSV = """Ngân hàng X;;;;
Ngày giao dịch;Số tham chiếu;Số tiền ghi có (VND);Số tiền ghi nợ (VND);Nội dung giao dịch
06/10/2025 08:15;FT1;50.000;;CK {reference} 0123
06/10/2025;FT2;;20.000;Hoan phi
;;50.000;20.000;Tổng cộng
"""


def lines(content: str):
    return [(one.booked_on.isoformat(), one.amount_dong, one.bank_reference) for one in read(content.encode()).lines]


def test_mt940_and_a_table_say_the_same():
    first = read(MT940.format(reference="TS234567M").encode())
    assert lines(MT940) == [("2025-10-06", 50_000, "FT25279001"), ("2025-10-06", -20_000, "FT25279002")]
    assert (first.opening_dong, first.closing_dong) == (1_000_000, 1_030_000)
    assert "TS234567M" in first.lines[0].purpose
    assert lines(CSV) == [("2025-10-06", 50_000, "FT1"), ("2025-10-06", -20_000, "FT2")]


@pytest.mark.parametrize(
    "table",
    [
        'date,reference,credit,debit,description\n2025-10-06,FT1,"50,000.00",,x\n2025-10-06,FT2,,"20,000.00",x\n',
        "Ngày\tSố CT\tPhát sinh có\tPhát sinh nợ\tDiễn giải\n06-10-2025\tFT1\t50000\t\tx\n06-10-2025\tFT2\t\t20000\tx\n",
        "\ufeffNgày;Mã giao dịch;Số tiền;Nội dung\n06.10.2025;FT1;+50.000 VND;x\n06.10.2025;FT2;-20.000 đ;x\n",
    ],
)
def test_tables_as_banks_write_them(table):
    assert lines(table) == [("2025-10-06", 50_000, "FT1"), ("2025-10-06", -20_000, "FT2")]


def test_two_movements_of_one_reference_are_told_apart():
    table = "Ngày;Số tham chiếu;Số tiền;Nội dung\n06/10/2025;FT1;1000;a\n06/10/2025;FT1;1000;b\n"
    assert [one.number for one in read(table.encode()).lines] == [1, 2]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02",
        b"PK\x03\x04 a workbook",
        b"hello\nworld\n",
        CSV.replace("50.000;;CK", "50.00x;;CK").encode(),
        CSV.replace("06/10/2025 08:15", "31/02/2025").encode(),
        CSV.replace("FT1", "").encode(),
        "Ngày;Số tham chiếu;Số tiền;Nội dung\n".encode(),
        "Ngày;Số tham chiếu;Số tiền;N/C;Nội dung\n06/10/2025;1;1000;X;a\n".encode(),
        "Ngày;Số tham chiếu;Số tiền;Ghi có;Nội dung\n06/10/2025;1;1000;1000;a\n".encode(),
        "Ngày;Số tham chiếu;Số tiền;Nội dung;Số dư\n06/10/2025;1;1000;a;5000\n06/10/2025;2;1000;b;4500\n".encode(),
        f"Ngày;Số tham chiếu;Số tiền;Nội dung\n06/10/2025;1;{10**19};a\n".encode(),
        'Ngày;Số tham chiếu;Số tiền;Nội dung\n06/10/2025;1;1000;"'.encode() + b"x" * 140_000,
        MT940.replace("C50000,", f"C{10**14}{9},"[:16]).encode(),
        MT940.replace("VND1030000", "VND1030001").encode(),
        MT940.replace("VND", "USD").encode(),
        MT940.replace("C50000,", "C50000,5").encode(),
        b":20:x\n:61:nonsense\n",
        b"Ng" + b"x" * (5 * 2**20),
        "Ngày;Số tham chiếu;Số tiền;Nội dung;Số tài khoản\n06/10/2025;1;1;a;11111\n06/10/2025;2;1;a;22222\n".encode(),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(content):
    with pytest.raises(StatementUnreadable) as refused:
        read(content)
    assert refused.value.message().startswith("Không đọc được sổ phụ: ")


def test_movements_come_in_once_whatever_files_they_are_in(office):
    brought(office, table("FT1;50000;;a"))
    brought(office, table("FT1;50000;;a", "FT2;1000;;b"))

    assert list(StatementLine.objects.order_by("pk").values_list("bank_reference", flat=True)) == ["FT1", "FT2"]
    with pytest.raises(StatementUnreadable):
        brought(office, table("FT1;50000;;a"))  # the same file
    with pytest.raises(StatementUnreadable):
        brought(office, table("FT2;2000;;b", "FT3;1000;;c"))
    assert not StatementLine.objects.filter(bank_reference="FT3").exists()


def test_signs_as_banks_write_them():
    """What left stands with a sign of its own, with a letter beside it, or in a balance that goes down."""
    signed = (
        "Ngày;Số tham chiếu;Ghi có;Ghi nợ;Nội dung;Số dư\n06/10/2025;FT1;50.000;;x;150.000\n06/10/2025;FT2;;-20.000;x;130.000\n"
    )
    lettered = "Ngày;Số tham chiếu;Số tiền;N/C;Nội dung\n06/10/2025;FT1;50.000;C;x\n06/10/2025;FT2;20.000;N;x\n"
    upwards = "Ngày;Số tham chiếu;Số tiền;Nội dung;Số dư\n06/10/2025;FT1;50.000;x;130.000\n06/10/2025;FT2;-20.000;x;80.000\n"
    for content in (signed, lettered, upwards, signed + "Tổng cộng;;50.000;20.000;;\n", lettered.replace("\n", "\r")):
        assert lines(content) == [("2025-10-06", 50_000, "FT1"), ("2025-10-06", -20_000, "FT2")]


def mt940(*moves: str, opening: int, closing: int, day: str = "251006") -> str:
    """One block: its moves are C5000,NTRFREF//FT1 with :86: in the next line."""
    rows = "".join(f":61:{day}{day[2:]}{move}\n:86:phi chuyen tien\n" for move in moves)
    return f":20:S\n:25:1133666688\n:28C:1/1\n:60F:C251005VND{opening},\n{rows}:62F:C{day}VND{closing},\n"


def test_a_reversed_credit_goes_out_and_each_block_is_checked_by_its_own_balances():
    first = mt940("C500,NTRFA//F1", "RC200,NTRFB//F2", "RD100,NTRFC//F3", opening=1_000, closing=1_400)
    second = mt940("D400,NTRFA//F4", opening=1_400, closing=1_000, day="251007")
    found = read((first + second).encode())
    assert [one.amount_dong for one in found.lines] == [500, -200, 100, -400]
    assert (found.opening_dong, found.closing_dong, str(found.first_day)) == (1_000, 1_000, "2025-10-06")
    with pytest.raises(StatementUnreadable):
        read((first + second.replace("VND1000,", "VND999,")).encode())
    with pytest.raises(StatementUnreadable):
        read((first + second.replace("1133666688", "99")).encode())


def test_a_day_without_a_movement_is_brought_by_its_balances(office):
    statement = brought(office, mt940(opening=1_000, closing=1_000))
    assert (statement.first_day, statement.lines.count(), statement.content) == (MONDAY.date(), 0, "")
    later = read(mt940(opening=1_000, closing=1_000, day="251007").encode())
    assert str(later.first_day) == "2025-10-07"  # not the day its opening balance was the closing one of
    with pytest.raises(StatementUnreadable):
        brought(office, mt940(opening=1_000, closing=1_001))


def test_fees_without_a_reference_are_told_apart_in_files_that_go_on_and_known_in_files_that_repeat(office):
    fee = "D11,NTRFNONREF"
    brought(office, mt940(fee, opening=1_000, closing=989))
    brought(office, mt940(fee, "D5,NTRFNONREF", opening=989, closing=973))  # the afternoon alone, with an equal fee
    assert sorted(StatementLine.objects.values_list("amount_dong", flat=True)) == [-11, -11, -5]
    brought(office, mt940(fee, fee, "D5,NTRFNONREF", opening=1_000, closing=973))  # the whole day
    assert StatementLine.objects.count() == 3

    brought(office, table("-;;11;phi", "A1;5;;x", day="07/10/2025"))
    with pytest.raises(StatementUnreadable) as refused:
        brought(office, table("-;;11;phi", "A2;5;;x", day="07/10/2025"))
    assert "trọn ngày" in refused.value.why
    brought(office, table("-;;11;phi", "A1;5;;x", "A2;5;;x", day="07/10/2025"))
    assert StatementLine.objects.filter(booked_on__day=7).count() == 3

    line = StatementLine.objects.get(booked_on__day=7, amount_dong=-11)
    StatementLine.objects.filter(pk=line.pk).update(bank_reference="NONREF")  # as an earlier release wrote it
    brought(office, table("-;;11;phi", "A1;5;;x", "A2;5;;x", "A3;1;;x", day="07/10/2025"))
    assert StatementLine.objects.filter(booked_on__day=7).count() == 4


def test_a_day_in_the_other_form_of_file_with_other_references_does_not_come_in_twice(office):
    brought(office, table("FT1;500;;a", "FT2;;200;b"))
    with pytest.raises(StatementUnreadable) as refused:
        brought(office, mt940("C500,NTRFA//X1", "D200,NTRFB//X2", opening=1_000, closing=1_300))
    assert "mẫu khác" in refused.value.why
    assert StatementLine.objects.count() == 2


def test_another_accounts_statement_is_refused(office):
    with pytest.raises(StatementUnreadable):
        brought(office, MT940.replace("1133666688", "99999999"))
    with pytest.raises(NotYourDuty):
        brought(office, MT940, by="dao")
    assert not BankStatement.objects.exists()


def test_a_transfer_nobody_announced_pays_by_its_reference(office):
    payment = opened()
    statement = brought(office, table(f"FT1;{sum(GOODS)};;CK {payment.purpose} tu 0123"))

    comparing.book_statement(statement.pk, now=MONDAY)
    comparing.book_statement(statement.pk, now=MONDAY)

    paid = FeePayment.objects.get(pk=payment.pk)
    assert (paid.state, paid.how) == ("paid", "transfer")
    assert books(office.city.river.pk)["bank"] == sum(GOODS)


def test_what_the_gateway_announced_is_settled_when_it_arrives(office):
    payment = opened()
    actions.take_notice(told(payment), actor=GATEWAY, at=MONDAY)
    statement = brought(office, table(f"FT1;{sum(GOODS)};;{payment.purpose}", f"FT2;{sum(GOODS)};;{payment.purpose}"))

    comparing.book_statement(statement.pk, now=MONDAY)

    found = books(office.city.river.pk)
    assert (found["bank"], found["clearing"], found["undue"]) == (2 * sum(GOODS), 1_000, -sum(GOODS))


def test_a_drawers_money_arrives_by_its_slip(office):
    actions.take_cash(STALL.subject, 1, owed_ids=[10, 11], actor=office.actor("lan"), at=MONDAY)
    shift = FeePayment.objects.get(how="cash").shift
    actions.close_shift(shift.pk, counts={50_000: 1}, actor=office.actor("lan"), at=MONDAY)
    actions.bank_shift(shift.pk, slip_number="GN01", actor=office.actor("toan"), at=MONDAY)
    statement = brought(office, table("FT1;50000;;Nop tien GN01"))

    comparing.book_statement(statement.pk, now=MONDAY)

    found = books(office.city.river.pk)
    assert found["bank"] == 50_000
    assert "transit" not in found
    assert not [one for one in comparing.differences_of(MONDAY.date(), now=MONDAY) if one.bank_dong == 50_000]


def pay_at(bank, thing: int, *, tell: bool = True):
    payment = opened(thing)
    asking.pay_address(payment.pk, back_url="http://x/", actor=HOUSE, now=MONDAY)
    notice = bank.pay(payment.reference)
    if tell:
        actions.take_notice(told(payment, transaction=notice.transaction_id), actor=GATEWAY, at=MONDAY)
    return payment


def found_of():
    rows = Difference.objects.filter(day=MONDAY.date(), gone_at=None).order_by("kind", "key")
    return [(row.kind, row.payment.subject_id if row.payment else None) for row in rows if row.payment_id != TESTED[0]]


TESTED = [0]  # the payment that proved the account: the bank of these tests never saw it


@pytest.fixture(autouse=True)
def tested(request):
    if "office" in request.fixturenames:
        request.getfixturevalue("office")
        TESTED[0] = FeePayment.objects.get(subject="payments.feeaccount").pk


def test_each_planted_difference_of_a_day_is_found_explained_and_gone(office, bank):
    """Missing here, missing at the bank, paid twice, another amount, another unit: found once, and gone when it is settled."""
    good, missing, double, short = (pay_at(bank, thing) for thing in (1, 2, 3, 4))
    unheard = pay_at(bank, 5, tell=False)
    again = bank.transfer("SONG", sum(GOODS), double.purpose)
    actions.take_notice(
        told(double, transaction=again.transaction_id, reference="", purpose=again.purpose), actor=GATEWAY, at=MONDAY
    )
    rows = [f"A{one.pk};{amount};;{one.purpose}" for one, amount in ((good, 50_000), (double, 50_000), (short, 49_000))]
    statement = brought(office, table(*rows, f"A{unheard.pk};50000;;ck khong ro", "B1;50000;;" + double.purpose))
    comparing.book_statement(statement.pk, now=MONDAY)

    comparing.compare_day(MONDAY.date(), now=MONDAY)

    assert found_of() == [
        ("amount", 4),
        ("double", 3),
        ("double", 3),
        ("not_banks", 2),
        ("not_ours", None),  # what the bank has without a word of ours
        ("not_ours", 5),  # what the gateway lists and did not tell
    ]
    explained = Difference.objects.filter(kind="double", explained_at__isnull=False)
    assert explained.count() == 2  # their refund is proposed

    asking.settle_standing(unheard.pk, now=MONDAY, cancel=False)
    later = brought(office, table(f"A{missing.pk};50000;;{missing.purpose}"), at=MONDAY + DAY)
    comparing.book_statement(later.pk, now=MONDAY + DAY)
    comparing.compare_day(MONDAY.date(), now=MONDAY + DAY)

    assert ("not_banks", 2) not in found_of()
    assert found_of().count(("not_ours", None)) == 1


def test_money_in_another_units_account_is_a_difference_of_the_unit(office, bank):
    from thongsuot.payments.tests.make import an_account

    hill = an_account(office.city.hill.pk, number="99887766", merchant="DOI")
    payment = pay_at(bank, 1)
    statement = actions.bring_statement(
        hill.pk, table(f"FT1;50000;;{payment.purpose}").encode(), name="a", actor=office.actor("dao"), at=MONDAY
    )
    comparing.book_statement(statement.pk, now=MONDAY)

    comparing.compare_day(MONDAY.date(), now=MONDAY)

    assert ("unit", 1) in found_of()
    assert LedgerEntry.objects.filter(unit=office.city.hill.pk, credit="undue").exists()


def test_a_difference_is_explained_by_who_keeps_the_fees_of_its_unit(office, bank):
    payment = pay_at(bank, 1)
    brought(office, table("FT9;1;;khac"))
    comparing.compare_day(MONDAY.date(), now=MONDAY)
    row = Difference.objects.get(kind="not_banks", payment=payment)

    with pytest.raises(NotYourDuty):
        actions.explain_difference(row.pk, explanation="mai về", actor=office.actor("dao"), at=MONDAY)
    with pytest.raises(BadInput):
        actions.explain_difference(row.pk, explanation=" ", actor=office.actor("toan"), at=MONDAY)
    actions.explain_difference(row.pk, explanation="mai về", actor=office.actor("toan"), at=MONDAY)
    comparing.compare_day(MONDAY.date(), now=MONDAY)

    assert Difference.objects.get(pk=row.pk).explanation == "mai về"


def test_a_gateway_that_does_not_answer_leaves_its_last_list(office, bank):
    pay_at(bank, 1)
    comparing.compare_day(MONDAY.date(), now=MONDAY)
    before = found_of()
    bank.faults.append("deaf")

    comparing.compare_day(MONDAY.date(), now=MONDAY)

    assert found_of() == before


def test_two_equal_fees_of_the_afternoon_after_one_of_the_morning_are_two_more(office):
    fee = "D11,NTRFNONREF"
    brought(office, mt940(fee, opening=1_000, closing=989))
    brought(office, mt940(fee, fee, opening=989, closing=967))
    assert sorted(StatementLine.objects.values_list("number", "amount_dong")) == [(1, -11), (2, -11), (3, -11)]
