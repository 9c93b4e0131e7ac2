"""Lists of the old unit, boxes, receipts of the new one: nothing without a receiver, nothing counted twice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db.models import QuerySet

from thongsuot.files.rules import FileType
from thongsuot.files.table_rows import RowsRefused
from thongsuot.handover import actions, reactions, sheets
from thongsuot.handover.models import Box, Item, Sheet
from thongsuot.handover.queries import inventory, owing, speaking
from thongsuot.handover.rules.classes import classes
from thongsuot.handover.tests.handing import (
    ARCHIVES,
    declare_all,
    head_of,
    put,
    steering_of,
    take_all,
    told,
)
from thongsuot.handover.tests.make import HOUSE, JULY, JUNE
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.events import Happened
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.notices.models import Notice
from thongsuot.units.heirs import Rule
from thongsuot.units.models import Unit

pytestmark = pytest.mark.django_db


def test_each_listed_thing_goes_by_rule_or_waits_for_a_person(opened):
    eve, changeover = opened

    whole = put(eve, changeover, "98101", "assets", kind="Khác", name="Máy phát điện")
    by_address = put(eve, changeover, "98102", "premises", name="Nhà văn hóa", use="Trụ sở thứ hai", address="thôn Thượng")
    unclear = put(eve, changeover, "98102", "archives", quantity="12,5", **ARCHIVES)
    seal = put(eve, changeover, "98102", "seals", kind="Dấu ướt", registration="12/ĐK")

    assert (whole.code, whole.to_unit_id, whole.rule) == ("98101.TS.00001", eve.unit("98001"), Rule.WHOLE)
    assert (by_address.to_unit_id, by_address.rule) == (eve.unit("98001"), Rule.PLACE)
    assert (unclear.to_unit_id, unclear.rule, unclear.quantity) == (None, Rule.NOBODY, Decimal("12.5"))
    assert set(unclear.candidates) == {eve.unit("98001"), eve.unit("98002")}
    assert (seal.to_unit_id, seal.rule) == (eve.city.pk, Rule.ISSUER)
    assert inventory.undecided_items(changeover, eve.unit("98102")) == 1

    count = actions.choose_receiver(
        changeover.pk, [unclear.pk], to_unit_id=eve.unit("98002"), why="Giữ trọn phông", actor=steering_of(eve), at=JUNE
    )

    unclear.refresh_from_db()
    assert (count, unclear.to_unit_id, unclear.rule) == (1, eve.unit("98002"), Rule.PERSON)
    assert (
        actions.allocate_again(changeover.pk, unit_id=eve.unit("98102"), klass="archives", actor=steering_of(eve), at=JUNE) == 0
    )  # a person's word stays
    with pytest.raises(actions.CannotReceive):
        actions.choose_receiver(changeover.pk, [whole.pk], to_unit_id=eve.unit("98104"), actor=steering_of(eve), at=JUNE)


def test_only_who_speaks_for_the_old_unit_lists_and_only_the_new_one_receives(opened):
    eve, changeover = opened
    item = put(eve, changeover, "98101", "assets", kind="Khác")

    with pytest.raises(NotYourDuty):
        put_as = head_of(eve, "98103")
        actions.strike_item(item.pk, actor=put_as, at=JUNE)
    with pytest.raises(NotYourDuty):
        actions.receive(changeover.pk, to_unit_id=eve.unit("98001"), code=item.code, actor=head_of(eve, "98002"), at=JULY)
    with pytest.raises(NotYourDuty):
        actions.declare(changeover.pk, unit_id=eve.unit("98101"), klasses=["assets"], actor=eve.actor("98001", JULY), at=JULY)

    # Named, the same person hands over for the unit that is gone.
    actions.name_representative(
        changeover.pk,
        unit_id=eve.unit("98101"),
        email=eve.people["98101"].email,
        title="Chủ tịch UBND Phường Bến",
        heads=True,
        actor=steering_of(eve),
        at=JUNE,
    )
    assert not eve.actor("98101", JULY).duties  # its own duties ended with the unit
    assert (
        actions.declare(changeover.pk, unit_id=eve.unit("98101"), klasses=["assets"], actor=eve.actor("98101", JULY), at=JULY)
        == 1
    )
    with pytest.raises(actions.SheetDeclared):
        actions.strike_item(item.pk, actor=eve.actor("98101", JULY), at=JULY)


def test_a_declared_list_is_opened_again_with_a_reason_only(opened):
    eve, changeover = opened
    put(eve, changeover, "98101", "assets", kind="Khác")
    declare_all(eve, changeover, "98101")
    with pytest.raises(actions.SheetDeclared):
        put(eve, changeover, "98101", "assets", kind="Khác")
    with pytest.raises(BadInput):
        actions.reopen(changeover.pk, unit_id=eve.unit("98101"), klass="assets", why=" ", actor=head_of(eve, "98101"), at=JUNE)
    actions.reopen(
        changeover.pk, unit_id=eve.unit("98101"), klass="assets", why="Sót kho", actor=head_of(eve, "98101"), at=JUNE
    )
    put(eve, changeover, "98101", "assets", kind="Khác")
    owes = {row.unit_id: row for row in owing.owed(changeover)}
    assert owes[eve.unit("98101")].lists == 1
    assert owes[eve.unit("98102")].lists == len(classes())


def test_a_box_is_filled_sealed_carried_opened_and_counted_as_one(opened):
    eve, changeover = opened
    mine, theirs = head_of(eve, "98101"), head_of(eve, "98001")
    one = put(eve, changeover, "98101", "archives", quantity="0,6", **ARCHIVES)
    two = put(eve, changeover, "98101", "archives", quantity="0,4", **ARCHIVES)
    other = put(eve, changeover, "98103", "assets", kind="Khác")
    box = actions.open_box(changeover.pk, unit_id=one.unit_id, to_unit_id=eve.unit("98001"), actor=mine, at=JUNE)

    with told(actions.NotForThisBox, "98103.TS.00001"):
        actions.put_in(box.pk, codes=[one.code, other.code], actor=mine, at=JUNE)
    assert not box.items.exists()  # all or none
    actions.put_in(box.pk, codes=[one.code.lower(), two.code, two.code], actor=mine, at=JUNE)
    with pytest.raises(BadInput):
        actions.move_box(box.pk, step="seal", actor=mine, at=JUNE)
    actions.move_box(box.pk, step="seal", said="NP-001", actor=mine, at=JUNE)
    with pytest.raises(actions.WrongStep):
        actions.put_in(box.pk, codes=[one.code], actor=mine, at=JUNE)
    actions.move_box(box.pk, step="carry", said="Xe 29C-000.00", actor=mine, at=JUNE)
    with pytest.raises(NotYourDuty):
        actions.move_box(box.pk, step="arrive", actor=mine, at=JULY)
    with pytest.raises(actions.NotComing):
        actions.receive(changeover.pk, to_unit_id=box.to_unit_id, code=box.code, actor=theirs, at=JULY)
    actions.move_box(box.pk, step="arrive", actor=theirs, at=JULY)
    actions.move_box(box.pk, step="open", actor=theirs, at=JULY)

    counted = actions.receive(changeover.pk, to_unit_id=box.to_unit_id, code=box.code, actor=theirs, at=JULY)
    again = actions.receive(changeover.pk, to_unit_id=box.to_unit_id, code=one.code, actor=theirs, at=JULY)

    assert [row.code for row in counted] == [one.code, two.code]
    assert again == []
    steps = [event.facts.get("step") for event in history_of(Box.objects.get(pk=box.pk)) if event.facts.get("step")]
    assert steps == ["seal", "carry", "arrive", "open"]


def test_what_comes_in_a_box_with_a_broken_seal_is_counted_piece_by_piece(opened):
    eve, changeover = opened
    mine, theirs = head_of(eve, "98101"), head_of(eve, "98001")
    one = put(eve, changeover, "98101", "assets", kind="Khác")
    box = actions.open_box(changeover.pk, unit_id=one.unit_id, to_unit_id=eve.unit("98001"), actor=mine, at=JUNE)
    actions.put_in(box.pk, codes=[one.code], actor=mine, at=JUNE)
    for step, said, who in (("seal", "NP", mine), ("carry", "An", mine), ("arrive_broken", "", theirs), ("open", "", theirs)):
        actions.move_box(box.pk, step=step, said=said, actor=who, at=JULY)
    with told(actions.NotComing, "không còn nguyên"):
        actions.receive(changeover.pk, to_unit_id=box.to_unit_id, code=box.code, actor=theirs, at=JULY)
    assert actions.receive(changeover.pk, to_unit_id=box.to_unit_id, code=one.code, actor=theirs, at=JULY)


def test_a_wrong_code_says_what_to_do_and_changes_nothing(opened):
    eve, changeover = opened
    item = put(eve, changeover, "98103", "assets", kind="Khác")
    for code, words in (("ZZZ", "không có trong bảng kê nào"), (item.code, "không giao về đơn vị này")):
        with told(actions.NotComing, words):
            actions.receive(changeover.pk, to_unit_id=eve.unit("98001"), code=code, actor=head_of(eve, "98001"), at=JULY)
    with pytest.raises(BadInput):
        actions.receive(changeover.pk, to_unit_id=eve.unit("98001"), code=" ", actor=head_of(eve, "98001"), at=JULY)
    item.refresh_from_db()
    assert item.received_at is None


def test_a_dispute_has_a_reason_a_person_and_a_day_and_is_settled_once(opened):
    eve, changeover = opened
    theirs = head_of(eve, "98001")
    item = put(eve, changeover, "98101", "assets", kind="Khác")
    until = JULY.date() + timedelta(days=10)
    take_all(eve, changeover, "98001")
    for said in ({"reason": ""}, {"owner": " "}, {"until": None}, {"until": date(2025, 6, 1)}, {"until": date(2030, 1, 1)}):
        said_all = {"reason": "Thiếu", "owner": "Phòng Kinh tế", "until": until} | said
        with pytest.raises(BadInput):
            actions.dispute(changeover.pk, what="item", row_id=item.pk, **said_all, actor=theirs, at=JULY)

    actions.dispute(
        changeover.pk, what="item", row_id=item.pk, reason="Thiếu", owner="Phòng Kinh tế", until=until, actor=theirs, at=JULY
    )

    (tally,) = inventory.tallies(changeover, to_unit_id=eve.unit("98001"))
    assert (tally.handed, tally.received, tally.disputed, tally.open, tally.unsettled) == (1, 0, 1, 0, 1)
    with told(actions.NotComing, "khác biệt"):
        actions.receive(changeover.pk, to_unit_id=eve.unit("98001"), code=item.code, actor=theirs, at=JULY)
    settled = {"what": "item", "row_id": item.pk, "settlement": "found", "note": "Để ở kho cũ", "actor": theirs, "at": JULY}
    actions.settle(changeover.pk, **settled)
    with pytest.raises(NotFound):
        actions.settle(changeover.pk, **settled)
    (tally,) = inventory.tallies(changeover, to_unit_id=eve.unit("98001"))
    assert (tally.received, tally.disputed, tally.unsettled) == (1, 0, 0)


def test_a_thing_is_divided_only_into_parts_that_add_up_and_can_be_joined_again(opened):
    eve, changeover = opened
    item = put(eve, changeover, "98102", "projects", decision="1/QĐ", investor="UBND", stage="Đang thi công",
               amount_dong="1.000.000.000", remaining_dong="300.000.000", name="Đường liên thôn")  # fmt: skip
    who = head_of(eve, "98102")

    def part(code: str, quantity: str, amount: int, remaining: int) -> actions.Part:
        return actions.Part(to_unit_id=eve.unit(code), quantity=Decimal(quantity), amount_dong=amount, remaining_dong=remaining)

    with pytest.raises(BadInput) as refused:
        actions.divide_item(
            item.pk, parts=[part("98001", "1", 600_000_000, 0), part("98002", "1", 400_000_000, 0)], actor=who, at=JUNE
        )
    assert "lệch 1" in refused.value.problems["quantity"]  # one project cannot be two
    assert "300.000.000" in refused.value.problems["remaining_dong"]

    metres = put(eve, changeover, "98102", "archives", quantity="10", **ARCHIVES)
    parts = [
        actions.Part(to_unit_id=eve.unit("98001"), quantity=Decimal("7.25")),
        actions.Part(to_unit_id=eve.unit("98002"), quantity=Decimal("2.75")),
    ]
    made = actions.divide_item(metres.pk, parts=parts, actor=who, at=JUNE)
    assert sum(one.quantity for one in made) == 10
    listed = inventory.items(changeover, from_unit_id=eve.unit("98102"), klass="archives")
    assert {one.code for one in listed} == {one.code for one in made}
    actions.join_again(metres.pk, actor=who, at=JUNE)
    assert [one.code for one in listed.all()] == [metres.code]


def test_premises_one_or_two_seats_each_and_the_surplus_by_six_clear(opened):
    eve, changeover = opened
    for use in ("Trụ sở tập trung", "Trụ sở thứ hai", "Dôi dư"):
        put(eve, changeover, "98101", "premises", name=use, use=use)
    plan = inventory.premises_plan(changeover, [eve.unit("98001"), eve.unit("98002")])
    assert {(one.unit_id, one.seats, one.good) for one in plan.units} == {
        (eve.unit("98001"), 2, True),
        (eve.unit("98002"), 0, False),
    }
    ((item, none),) = plan.surplus
    assert none is None
    six = {"person": "Nguyễn Văn An", "work": "Đấu giá", "answers_for": "Phòng Kinh tế", "product": "Hợp đồng"}
    for said, by_day in (
        (six, date(2027, 1, 1)),
        (six | {"authority": "UBND thành phố"}, date(2030, 1, 1)),
        (six | {"authority": "UBND thành phố"}, None),
    ):
        with pytest.raises(BadInput):
            actions.plan_surplus(item.pk, by_day=by_day, said=said, actor=steering_of(eve), at=JUNE)
    actions.plan_surplus(
        item.pk, by_day=date(2027, 1, 1), said=six | {"authority": "UBND thành phố"}, actor=steering_of(eve), at=JUNE
    )
    done = actions.surplus_done(item.pk, note="Đã bán theo QĐ 1", actor=steering_of(eve), at=JULY)
    assert done.done_at == JULY


def test_hanoi_232_premises_for_126_units_are_106_with_two_and_20_with_one(opened):
    eve, changeover = opened
    first = put(eve, changeover, "98101", "premises", name="Trụ sở", use="Trụ sở tập trung")
    wards = Unit.objects.bulk_create(
        Unit(code=f"97{place:03}", level="commune", parent=eve.city, valid_from=changeover.effective_on) for place in range(126)
    )
    seats = [ward for place, ward in enumerate(wards) for _seat in range(2 if place < 106 else 1)]
    Item.objects.all().delete()
    Item.objects.bulk_create(
        Item(
            changeover=changeover,
            sheet_id=first.sheet_id,
            unit_id=first.unit_id,
            klass="premises",
            code=f"T{place}",
            name="Trụ sở",
            quantity=1,
            details={"use": "Trụ sở tập trung"},
            to_unit=ward,
            rule=Rule.WHOLE,
            listed_at=JUNE,
        )
        for place, ward in enumerate(seats)
    )

    plan = inventory.premises_plan(changeover, [ward.pk for ward in wards])

    assert (plan.total, plan.with_seats(2), plan.with_seats(1)) == (232, 106, 20)
    assert all(one.good for one in plan.units)


def test_a_spreadsheet_is_taken_whole_or_not_at_all_and_once(opened):
    eve, changeover = opened
    klass = classes()["archives"]
    columns = sheets.columns_of(klass)
    rows = [["Hộp 1", "1,2", "UBND", "1990", "1999", "Chưa chỉnh lý", "3", "", "", "", "", "phố Bến", "Ẩm mốc"]]
    book = sheets.tables.template("x", columns, rows=[*rows, ["", "x", "UBND", "1999", "1990", "Đẹp", *[""] * 7]])
    who, unit = head_of(eve, "98101"), eve.unit("98101")

    def come_in(content: bytes, name: str = "bang-ke.xlsx") -> list[Item]:
        return actions.import_list(changeover.pk, content, name=name, unit_id=unit, klass="archives", actor=who, at=JUNE)

    with pytest.raises(RowsRefused) as refusal:
        come_in(book)
    (bad,) = refusal.value.rows
    assert bad.place == 3
    assert set(bad.problems) == {"Tên", "Số lượng (mét giá)", "Mức chỉnh lý", "Đến năm"}

    good = sheets.tables.template("x", columns, rows=rows)
    (item,) = come_in(good)
    assert (item.quantity, item.details["boxes"], item.state_text) == (Decimal("1.2"), 3, "Ẩm mốc")
    with pytest.raises(actions.TakenAlready):
        come_in(good)
    out = sheets.exported(klass, inventory.items(changeover, klass="archives").select_related("person"))
    said = [
        [row.cells for row in sheets.tables.rows_of(BytesIO(book), columns, content_type=FileType.XLSX)] for book in (good, out)
    ]
    assert said[0] == said[1]
    assert Item.objects.filter(changeover=changeover).count() == 1


def test_who_is_named_gets_a_letter_that_leads_to_the_page(opened):
    eve, changeover = opened
    actions.name_representative(
        changeover.pk,
        unit_id=eve.unit("98101"),
        email=eve.people["98101"].email,
        title="Chủ tịch UBND Phường Bến",
        heads=True,
        actor=steering_of(eve),
        at=JUNE,
    )
    event = Event.objects.filter(name="handover.representative_named").latest("pk")
    happened = Happened(id=event.pk, name=event.name, subject=event.subject, subject_id=event.subject_id, facts=event.facts)
    reactions.tell_representative(happened)
    reactions.tell_representative(happened)  # at least once
    notice = Notice.objects.get(key="named_to_hand_over")
    assert "Phường Bến" in notice.subject
    assert "/can-bo/ban-giao/" in notice.body


def test_a_receipt_is_not_wiped_when_a_difference_was_settled_as_found_meanwhile(opened, monkeypatch):
    eve, changeover = opened
    item = put(eve, changeover, "98101", "assets", kind="Khác")
    new, who = eve.unit("98001"), head_of(eve, "98001")
    actions.receive(changeover.pk, to_unit_id=new, code=item.code, actor=who, at=JULY)
    lock = QuerySet.select_for_update

    def slow(rows, *args, **kwargs):
        if rows.model is Sheet:  # while it waited for the list
            Item.objects.filter(pk=item.pk).update(
                disputed_at=JULY,
                dispute_reason="Thiếu",
                dispute_owner="Văn phòng",
                dispute_until=JULY.date(),
                settled_at=JULY,
                settlement="found",
            )
        return lock(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", slow)
    with pytest.raises(NotFound):
        actions.not_received(changeover.pk, to_unit_id=new, item_id=item.pk, actor=who, at=JULY)


def test_who_was_named_and_whose_account_is_closed_speaks_for_nobody_in_any_answer(opened):
    eve, changeover = opened
    old, person = eve.unit("98101"), eve.people["98101"]
    actions.name_representative(
        changeover.pk, unit_id=old, email=person.email, title="Chủ tịch", heads=True, actor=HOUSE, at=JULY
    )
    actor = Actor(person_id=person.pk, name=person.full_name)
    assert speaking.units_of(actor, [changeover]) == {changeover.pk: {old}}
    person.is_active = False
    person.save()

    assert not speaking.speaks_for(actor, changeover, old)
    assert not speaking.heads(actor, changeover, old)
    assert speaking.units_of(actor, [changeover]) == {changeover.pk: frozenset()}
