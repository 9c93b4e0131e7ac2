"""Minutes close only when handed = received + disputed, both heads agree, all three signed, and nothing changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from thongsuot.files.queries import open_checked
from thongsuot.handover import actions, running
from thongsuot.handover.models import Changeover, HandoverMinutes, Item, Transfer
from thongsuot.handover.queries import inventory, owing
from thongsuot.handover.rules.classes import classes
from thongsuot.handover.tests.handing import (
    ARCHIVES,
    SIGNERS,
    declare_all,
    draft,
    head_of,
    put,
    sign_paper,
    steering_of,
    take_all,
    told,
)
from thongsuot.handover.tests.make import (
    HOUSE,
    JULY,
    JUNE,
    MIDNIGHT,
    Eve,
    decide,
    make_eve,
    make_plan,
    open_for,
    plan_and_run,
    receive,
)
from thongsuot.kernel import clock
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.people.actions import appoint, open_account
from thongsuot.people.queries import actor_for
from thongsuot.signing import actions as signing
from thongsuot.signing.validation import validate
from thongsuot.units import queries as units
from thongsuot.units.actions import set_up_bodies
from thongsuot.units.facts import BodyFact, PlannedSuccessionFact
from thongsuot.units.models import Body
from thongsuot.units.tests.acting import HERE, PEOPLE, act_as

pytestmark = pytest.mark.django_db
BEN, SONG = "98101", "98001"


def missing(changeover: Changeover, eve: Eve, old: str = BEN, new: str = SONG) -> str:
    with pytest.raises(actions.NotReady) as refused:
        draft(eve, changeover, old, new)
    return refused.value.message()


def test_minutes_wait_for_every_list_every_receipt_and_every_thing_that_moves(opened):
    eve, changeover = opened
    receive(eve, BEN, "phường Bến", count=3)
    item = put(eve, changeover, BEN, "assets", kind="Khác")
    assert "chưa xác nhận bảng kê" in missing(changeover, eve)
    declare_all(eve, changeover, BEN)
    assert "1 trên 1 mục chưa được nhận" in missing(changeover, eve)
    take_all(eve, changeover, SONG)
    actions.plan(changeover.pk, actor=HOUSE, at=JUNE)
    assert "mục trên hệ thống chưa chuyển" in missing(changeover, eve)
    plan_and_run(changeover)
    assert "chưa được nhận" in missing(changeover, eve)
    for tally in inventory.living(changeover, from_unit_id=eve.unit(BEN), to_unit_id=eve.unit(SONG)):
        actions.receive_living(
            changeover.pk,
            from_unit_id=eve.unit(BEN),
            to_unit_id=eve.unit(SONG),
            kind=tally.key,
            actor=head_of(eve, SONG),
            at=JULY,
        )

    minutes = draft(eve, changeover, BEN, SONG)

    (assets,) = minutes.content["classes"]
    assert (assets["handed"], assets["received"], assets["rows"][0]["code"]) == (1, 1, item.code)
    dossiers = next(row for row in minutes.content["living"] if "Hồ sơ" in row["label"])
    assert (dossiers["handed"], dossiers["received"], len(dossiers["codes"])) == (3, 3, 3)


def a_closed_pair(eve: Eve, changeover: Changeover) -> HandoverMinutes:
    put(eve, changeover, BEN, "assets", kind="Khác")
    lost = put(eve, changeover, BEN, "assets", kind="Khác", name="Máy chiếu")
    declare_all(eve, changeover, BEN)
    actions.dispute(
        changeover.pk,
        what="item",
        row_id=lost.pk,
        reason="Không thấy",
        owner="Văn phòng",
        until=JULY.date() + timedelta(days=7),
        actor=head_of(eve, SONG),
        at=JULY,
    )
    take_all(eve, changeover, SONG)
    minutes = draft(eve, changeover, BEN, SONG)
    sign_paper(minutes)
    return actions.close_minutes(minutes.pk, actor=head_of(eve, SONG), at=JULY)


def test_closed_minutes_stand_and_what_is_settled_later_is_in_additional_ones(opened):
    eve, changeover = opened
    closed = a_closed_pair(eve, changeover)
    first, lost = Item.objects.filter(changeover=changeover).order_by("code")

    assert closed.content["differences"][0]["owner"] == "Văn phòng"
    with pytest.raises(actions.MinutesClosed):
        actions.not_received(changeover.pk, to_unit_id=eve.unit(SONG), item_id=first.pk, actor=head_of(eve, SONG), at=JULY)
    with pytest.raises(actions.NothingToAdd):
        draft(eve, changeover, BEN, SONG)
    later = JULY + timedelta(days=3)
    actions.settle(
        changeover.pk,
        what="item",
        row_id=lost.pk,
        settlement="found",
        note="Để ở nhà văn hóa",
        actor=head_of(eve, SONG),
        at=later,
    )

    more = draft(eve, changeover, BEN, SONG, at=later)

    assert (more.number, [row["code"] for row in more.content["differences"]]) == (2, [lost.code])
    assert more.content["classes"] == []
    closed.refresh_from_db()
    assert closed.content["differences"][0]["settlement"] == ""  # never edited
    sign_paper(more, at=later)
    actions.close_minutes(more.pk, actor=head_of(eve, SONG), at=later)


def test_what_changes_after_the_draft_must_be_drafted_anew_before_it_is_signed_or_closed(opened):
    eve, changeover = opened
    item = put(eve, changeover, BEN, "assets", kind="Khác")
    declare_all(eve, changeover, BEN)
    take_all(eve, changeover, SONG)
    minutes = draft(eve, changeover, BEN, SONG)
    with pytest.raises(actions.NotAllSigned):
        actions.close_minutes(minutes.pk, actor=head_of(eve, SONG), at=JULY)
    sign_paper(minutes)
    disputing = {"what": "item", "row_id": item.pk, "reason": "Hỏng", "owner": "Văn phòng", "until": JULY.date()}
    actions.dispute(changeover.pk, **disputing, actor=head_of(eve, SONG), at=JULY)

    with pytest.raises(actions.MinutesOutdated):
        actions.close_minutes(minutes.pk, actor=head_of(eve, SONG), at=JULY)
    again = draft(eve, changeover, BEN, SONG)

    assert (again.pk, again.signatures.count(), again.paper) == (minutes.pk, 0, None)
    with told(BadInput, "ba người khác nhau"):
        actions.sign_by_hand(
            again.pk,
            scan=b"",
            scan_name="x.pdf",
            signers=SIGNERS | {"witness": SIGNERS["handing"]},
            signed_on=JULY.date(),
            actor=HOUSE,
            at=JULY,
        )


def test_nothing_goes_back_once_minutes_are_closed_and_the_changeover_closes_when_nothing_is_owed(opened):
    eve, changeover = opened
    receive(eve, BEN, "phường Bến")
    plan_and_run(changeover)
    for transfer in Transfer.objects.filter(changeover=changeover, moved_at__isnull=False):
        Transfer.objects.filter(pk=transfer.pk).update(received_at=JULY, received_by_name="Sông")
    with pytest.raises(actions.CannotClose):
        actions.close_changeover(changeover.pk, actor=steering_of(eve), at=JULY)
    a_closed_pair(eve, changeover)

    with pytest.raises(actions.MinutesClosed):
        running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)

    for row in owing.owed(changeover):
        sheets = inventory.sheets(changeover, row.unit_id)
        left = [key for key in classes() if key not in sheets or sheets[key].declared_at is None]
        if left:
            actions.declare(changeover.pk, unit_id=row.unit_id, klasses=left, actor=HOUSE, at=JULY)
    for row in owing.owed(changeover):
        for to_unit in row.unsigned:
            minutes = actions.draft_minutes(
                changeover.pk, from_unit_id=row.unit_id, to_unit_id=to_unit, place="Hà Nội", actor=HOUSE, at=JULY
            )
            sign_paper(minutes)
            actions.close_minutes(minutes.pk, actor=HOUSE, at=JULY)
    closed = actions.close_changeover(changeover.pk, actor=steering_of(eve), at=JULY)
    assert closed.state == Changeover.State.CLOSED
    with pytest.raises(actions.ChangeoverClosed):
        put(eve, changeover, BEN, "assets", kind="Khác", at=JULY)


def test_district_1_hands_4030_metres_over_to_four_wards_and_ten_people_take_nine_computers(settings):
    """2,570 m arranged and 1,460 m not: the same sums after over four wards; heads that differ hold the minutes up."""
    settings.CITY_CODE = "98"
    eve = make_eve()
    new = {"98001": "Một", "98002": "Hai", "98003": "Ba", "98004": "Bốn"}
    pairs = [PlannedSuccessionFact(old_code=f"9810{n}", new_code=f"9800{n}", extent="whole") for n in range(1, 5)]
    changeover = open_for(decide(eve, make_plan(pairs, new=new)))
    quarter, district = head_of(eve, "980"), eve.unit("980")
    done = put(eve, changeover, "980", "archives", quantity="2570", **ARCHIVES)
    rough = put(eve, changeover, "980", "archives", quantity="1460", **(ARCHIVES | {"arranged": "Chưa chỉnh lý"}))

    def parts(*metres: str) -> list[actions.Part]:
        return [actions.Part(to_unit_id=eve.unit(code), quantity=Decimal(one)) for code, one in zip(new, metres, strict=True)]

    with told(BadInput, "lệch 1"):
        actions.divide_item(done.pk, parts=parts("700", "600", "700", "571"), actor=quarter, at=JUNE)
    actions.divide_item(done.pk, parts=parts("700", "600", "700", "570"), actor=quarter, at=JUNE)
    actions.divide_item(rough.pk, parts=parts("400.5", "359.5", "400", "300"), actor=quarter, at=JUNE)
    after = {code: sum(one.quantity for one in inventory.items(changeover, to_unit_id=eve.unit(code))) for code in new}
    assert sum(after.values()) == Decimal(4030)
    assert after["98001"] == Decimal("1100.5")

    # Ten people of the district go to the first ward, nine of them with a computer.
    units_bodies = {code: Body.objects.filter(unit=eve.unit(code), kind="office").latest("pk") for code in ("98101", "98001")}
    old_body = Body.objects.create(unit_id=district, kind="office", name="Văn phòng Quận", valid_from=date(2024, 1, 1))
    for place in range(10):
        person = open_account(
            email=f"nguoi{place}@vidu.vn",
            full_name=f"Lê Văn {place}",
            body_id=old_body.pk,
            title="Chuyên viên",
            duties=[],
            valid_from=date(2024, 1, 1),
            actor=HOUSE,
            at=JUNE,
        )
        appoint(
            person.pk,
            body_id=units_bodies["98001"].pk,
            title="Chuyên viên",
            duties=[],
            valid_from=changeover.effective_on,
            actor=HOUSE,
            at=JUNE,
        )
        if place < 9:
            computer = put(
                eve, changeover, "980", "computers", name="Máy tính", serial=f"SN{place}", person=f"nguoi{place}@vidu.vn"
            )
            assert computer.to_unit_id == eve.unit("98001")
    declare_all(eve, changeover, "980")
    for code in new:
        take_all(eve, changeover, code)

    def say(side: str, who: str, people: int, computers: int) -> None:
        actions.say_heads(
            changeover.pk,
            from_unit_id=district,
            to_unit_id=eve.unit("98001"),
            side=side,
            people=people,
            computers=computers,
            actor=head_of(eve, who),
            at=JULY,
        )

    assert "chưa ghi tổng số" in missing(changeover, eve, "980", "98001")
    say("handing", "980", 10, 9)
    say("receiving", "98001", 10, 8)
    assert "bên nhận 10 người, 8 máy" in missing(changeover, eve, "980", "98001")
    with pytest.raises(NotYourDuty):
        say("handing", "98001", 10, 8)
    say("receiving", "98001", 10, 9)
    minutes = draft(eve, changeover, "980", "98001")
    assert minutes.content["heads"] == {"people": 10, "computers": 9}
    archives = next(row for row in minutes.content["classes"] if row["key"] == "archives")
    assert archives["quantity"] == "1.100,5"
    assert [(row["label"], row["quantity"]) for row in archives["states"]] == [
        ("Chỉnh lý hoàn chỉnh", "700"),
        ("Chỉnh lý sơ bộ", "0"),
        ("Chưa chỉnh lý", "400,5"),
    ]


PIN = "260705"


def test_minutes_signed_electronically_by_three_sealed_verify_and_close(opened, client, monkeypatch, settings):
    eve, changeover = opened
    put(eve, changeover, BEN, "assets", kind="Khác")
    declare_all(eve, changeover, BEN)
    take_all(eve, changeover, SONG)
    signing.make_authority(actor=HOUSE, at=JUNE)
    committee = BodyFact(kind="people_committee", name="UBND Thành phố Ví Dụ")
    set_up_bodies(eve.city.pk, [committee], actor=HOUSE, at=JUNE)
    for one in Body.objects.filter(kind="people_committee", unit__in=[eve.unit(SONG), eve.city.pk]):
        signing.issue_test_certificate(person_id=None, body_id=one.pk, post="", pin=PIN, starts=JULY, actor=HOUSE, at=JULY)
    sides = {"handing": "98003", "receiving": SONG, "witness": "98"}
    people = {}
    body = Body.objects.filter(unit=eve.unit(SONG), kind="people_committee").latest("pk")
    for side in sides:
        person = open_account(
            email=f"{side}@vidu.vn",
            full_name=f"Phạm {side}",
            body_id=body.pk,
            title="Chủ tịch",
            duties=["hand over", "sign results"],
            valid_from=changeover.effective_on,
            actor=HOUSE,
            at=JUNE,
        )
        signing.issue_test_certificate(
            person_id=person.pk, body_id=body.pk, post="Chủ tịch", pin=PIN, starts=JULY, actor=HOUSE, at=JULY
        )
        people[side] = person
    # The old head has a post in the new ward by now, and was named to hand over.
    actions.name_representative(
        changeover.pk,
        unit_id=eve.unit(BEN),
        email="handing@vidu.vn",
        title="Chủ tịch UBND Phường Bến",
        heads=True,
        actor=steering_of(eve),
        at=JULY,
    )
    at = JULY + timedelta(minutes=5)
    minutes = draft(eve, changeover, BEN, SONG, at=at)
    actors = {side: actor_for(person, at=at) for side, person in people.items()}
    actors["witness"] = replace(steering_of(eve), person_id=people["witness"].pk, name="Phạm witness")

    with pytest.raises(NotYourDuty):
        actions.sign_minutes(minutes.pk, side="handing", pin=PIN, actor=actors["witness"], at=at)
    for side in ("handing", "receiving", "witness"):
        actions.sign_minutes(minutes.pk, side=side, pin=PIN, actor=actors[side], at=at)
        with pytest.raises(actions.SignedByThem):
            actions.sign_minutes(minutes.pk, side=side, pin=PIN, actor=actors[side], at=at)

        if side == "handing":
            with pytest.raises(actions.NotToSeal):  # before all three have signed
                actions.seal_minutes(minutes.pk, side="handing", pin=PIN, actor=actors["receiving"], at=at)

    clerk = replace(actors["receiving"], duties={**actors["receiving"].duties, "issue results": frozenset({eve.unit(SONG)})})
    with pytest.raises(NotYourDuty):
        actions.seal_minutes(minutes.pk, side="receiving", pin=PIN, actor=actors["receiving"], at=at)
    settings.MIDDLEWARE = [HERE if name == PEOPLE else name for name in settings.MIDDLEWARE]
    monkeypatch.setattr(clock, "now", lambda: at)
    try:
        act_as(clerk)
        page = reverse("handover:minutes", args=(changeover.pk, eve.unit(BEN), eve.unit(SONG)))
        assert "Đóng dấu cơ quan trước khi khép" in client.get(page).content.decode()
        assert client.post(page, {"viec": "dau", "side": "receiving", "pin": "0"}).status_code == 422
        assert client.post(page, {"viec": "dau", "side": "receiving", "pin": PIN}).status_code == 302
        assert "đóng dấu 01/07/2025" in " ".join(client.get(page).content.decode().split())
    finally:
        act_as(ANYONE)
    with pytest.raises(actions.NotToSeal):
        actions.seal_minutes(minutes.pk, side="receiving", pin=PIN, actor=clerk, at=at)
    city = replace(actors["witness"], duties={**actors["witness"].duties, "issue results": frozenset({eve.city.pk})})
    actions.seal_minutes(minutes.pk, side="witness", pin=PIN, actor=city, at=at)

    minutes.refresh_from_db()
    with open_checked(minutes.file_id) as file:
        pdf = file.read()
    report = validate(pdf, at=at)
    assert len(report.signatures) == 5
    assert {row.side for row in minutes.signatures.all() if row.sealed_at} == {"receiving", "witness"}
    assert all(one.intact and one.trusted for one in report.signatures)
    assert {row.title for row in minutes.signatures.all()} >= {"Chủ tịch UBND Phường Bến"}
    closed = actions.close_minutes(minutes.pk, actor=actors["receiving"], at=at)
    assert closed.state == HandoverMinutes.State.CLOSED
    assert units.unit_row(eve.unit(BEN), as_of=JUNE.date()).full_name in closed.content["from"]["name"]
    assert at > MIDNIGHT
