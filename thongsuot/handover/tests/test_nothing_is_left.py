"""Minutes and the changeover close over nothing forgotten; what turns up later has its own paper; signers are who they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from thongsuot.dossiers.models import Dossier
from thongsuot.files.tests.make import pdf
from thongsuot.handover import actions, running
from thongsuot.handover.models import Changeover, HandoverMinutes, Item, Representative, Transfer
from thongsuot.handover.queries import owing
from thongsuot.handover.rules import HAND_OVER
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
from thongsuot.handover.tests.make import HOUSE, JULY, JUNE, Eve, plan_and_run, receive
from thongsuot.kernel.errors import NotFound, NotYourDuty

pytestmark = pytest.mark.django_db
BEN, CHO, SONG, DOI = "98101", "98102", "98001", "98002"
LATER = JULY + timedelta(days=3)


def close_pair(eve: Eve, changeover: Changeover, old: str = BEN, new: str = SONG, *, at=JULY) -> HandoverMinutes:
    declare_all(eve, changeover, old, at=at)
    take_all(eve, changeover, new, at=at)
    take_living(eve, changeover, new, at=at)
    minutes = draft(eve, changeover, old, new, at=at)
    sign_paper(minutes, at=at)
    return actions.close_minutes(minutes.pk, actor=head_of(eve, new), at=at)


def take_living(eve: Eve, changeover: Changeover, new: str, *, at=JULY) -> None:
    coming = Transfer.objects.filter(to_unit=eve.unit(new), moved_at__isnull=False, received_at=None, disputed_at=None)
    for kind, from_unit in set(coming.values_list("kind", "from_unit_id")):
        actions.receive_living(
            changeover.pk, from_unit_id=from_unit, to_unit_id=eve.unit(new), kind=kind, actor=head_of(eve, new), at=at
        )


def test_what_no_preview_saw_holds_up_the_minutes_and_the_changeover(opened):
    eve, changeover = opened
    receive(eve, BEN, "phường Bến", count=2)
    declare_all(eve, changeover, BEN)
    with told(actions.NotReady, "2 mục trên hệ thống của bên giao chưa được xem trước"):
        draft(eve, changeover, BEN, SONG)
    assert {row.unit_id: row.unseen for row in owing.owed(changeover) if row.unseen} == {eve.unit(BEN): 2}
    plan_and_run(changeover)
    assert not any(row.unseen for row in owing.owed(changeover))


def test_minutes_are_not_closed_before_the_day_nor_while_things_go_back(opened):
    eve, changeover = opened
    receive(eve, BEN, "phường Bến")
    plan_and_run(changeover)
    declare_all(eve, changeover, BEN)
    take_living(eve, changeover, SONG)
    minutes = draft(eve, changeover, BEN, SONG)
    sign_paper(minutes)
    with pytest.raises(actions.NotInForceYet):
        actions.close_minutes(minutes.pk, actor=head_of(eve, SONG), at=JUNE)
    actions.begin_undo(changeover.pk, actor=HOUSE, at=JULY)
    with pytest.raises(actions.AlreadyRunning):
        actions.close_minutes(minutes.pk, actor=head_of(eve, SONG), at=JULY)
    with pytest.raises(actions.AlreadyRunning):
        draft(eve, changeover, BEN, SONG)
    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)
    assert Dossier.objects.get().resolving_unit_id == eve.unit(BEN)


def test_what_turns_up_after_the_minutes_has_additional_ones_and_what_they_say_stays(opened):
    eve, changeover = opened
    known = put(eve, changeover, BEN, "assets", kind="Khác")
    plan_and_run(changeover)
    close_pair(eve, changeover)
    with pytest.raises(actions.NothingToAdd):
        draft(eve, changeover, BEN, SONG)

    who = head_of(eve, BEN)
    actions.reopen(changeover.pk, unit_id=eve.unit(BEN), klass="assets", why="Tìm thấy thêm", actor=who, at=LATER)
    with pytest.raises(actions.MinutesClosed):
        actions.not_received(changeover.pk, to_unit_id=eve.unit(SONG), item_id=known.pk, actor=head_of(eve, SONG), at=LATER)
    with pytest.raises(actions.Received):
        actions.choose_receiver(changeover.pk, [known.pk], to_unit_id=eve.unit(SONG), actor=who, at=LATER)
    late = put(eve, changeover, BEN, "assets", kind="Khác", name="Máy in", at=LATER)
    receive(eve, BEN, "phường Bến", at=JUNE)  # of the old software, taken in late
    plan_and_run(changeover, at=LATER)
    owes = next(row for row in owing.owed(changeover) if row.unit_id == eve.unit(BEN))
    assert (owes.lists, owes.unsigned, owes.done) == (1, [eve.unit(SONG)], False)
    actions.declare(changeover.pk, unit_id=eve.unit(BEN), klasses=["assets"], actor=who, at=LATER)
    with told(actions.NotReady, "1 trên 2 mục chưa được nhận"):
        draft(eve, changeover, BEN, SONG, at=LATER)
    take_all(eve, changeover, SONG, at=LATER)
    take_living(eve, changeover, SONG, at=LATER)
    more = draft(eve, changeover, BEN, SONG, at=LATER)

    assert more.number == 2
    assert [(one["handed"], one["rows"][0]["code"]) for one in more.content["classes"]] == [(1, late.code)]
    assert [one["handed"] for one in more.content["living"]] == [1]
    sign_paper(more, at=LATER)
    actions.close_minutes(more.pk, actor=head_of(eve, SONG), at=LATER)
    owes = next(row for row in owing.owed(changeover) if row.unit_id == eve.unit(BEN))
    assert owes.done

    actions.dispute(
        changeover.pk,
        what="item",
        row_id=known.pk,
        reason="Hỏng khi mở ra",
        owner="Văn phòng",
        until=LATER.date(),
        actor=head_of(eve, SONG),
        at=LATER + timedelta(hours=1),
    )
    third = draft(eve, changeover, BEN, SONG, at=LATER + timedelta(hours=2))
    assert (third.number, [row["code"] for row in third.content["differences"]]) == (3, [known.code])


def test_a_list_closed_towards_one_receiver_stays_open_towards_the_other(opened):
    eve, changeover = opened
    upper = put(eve, changeover, CHO, "assets", kind="Khác", address="thôn Thượng, phường Chợ")
    plan_and_run(changeover)
    close_pair(eve, changeover, CHO, SONG)
    who = head_of(eve, CHO)
    actions.reopen(changeover.pk, unit_id=eve.unit(CHO), klass="assets", why="Sót", actor=who, at=LATER)
    lower = put(eve, changeover, CHO, "assets", kind="Khác", address="thôn Hạ, phường Chợ", at=LATER)
    assert (upper.to_unit_id, lower.to_unit_id) == (eve.unit(SONG), eve.unit(DOI))
    assert actions.allocate_again(changeover.pk, unit_id=eve.unit(CHO), klass="assets", actor=who, at=LATER) == 0


def test_who_only_lists_and_counts_does_not_sign_for_the_unit(opened):
    eve, changeover = opened
    put(eve, changeover, BEN, "assets", kind="Khác")
    plan_and_run(changeover)
    declare_all(eve, changeover, BEN)
    take_all(eve, changeover, SONG)
    take_living(eve, changeover, SONG)
    minutes = draft(eve, changeover, BEN, SONG)
    head = head_of(eve, SONG)
    deputy = replace(head, duties={HAND_OVER: head.duties[HAND_OVER]})
    by_hand = {"scan": pdf(), "scan_name": "x.pdf", "signers": SIGNERS, "signed_on": JULY.date()}
    with pytest.raises(NotYourDuty):
        actions.sign_minutes(minutes.pk, side="receiving", pin="1", actor=deputy, at=JULY)
    with pytest.raises(NotYourDuty):
        actions.sign_by_hand(minutes.pk, **by_hand, actor=deputy, at=JULY)
    with pytest.raises(NotYourDuty):
        actions.say_heads(
            changeover.pk,
            from_unit_id=eve.unit(BEN),
            to_unit_id=eve.unit(SONG),
            side="receiving",
            people=1,
            computers=1,
            actor=deputy,
            at=JULY,
        )
    actions.sign_by_hand(minutes.pk, **by_hand, actor=head, at=JULY)
    for one in (head, deputy):  # the same side as the sender
        with pytest.raises(actions.SameSideCloses):
            actions.close_minutes(minutes.pk, actor=one, at=JULY)
    assert actions.close_minutes(minutes.pk, actor=head_of(eve, BEN), at=JULY).closed_at == JULY
    assert set(minutes.signatures.values_list("signed_on", flat=True)) == {JULY.date()}


def test_two_heads_of_one_name_both_sign_by_hand(opened):
    eve, changeover = opened
    plan_and_run(changeover)
    put(eve, changeover, BEN, "assets", kind="Khác")
    declare_all(eve, changeover, BEN)
    take_all(eve, changeover, SONG)
    take_living(eve, changeover, SONG)
    minutes = draft(eve, changeover, BEN, SONG)
    same = SIGNERS | {"receiving": (SIGNERS["handing"][0], SIGNERS["receiving"][1])}
    signed = actions.sign_by_hand(
        minutes.pk, scan=pdf(), scan_name="x.pdf", signers=same, signed_on=JULY.date(), actor=steering_of(eve), at=JULY
    )
    assert signed.signatures.count() == 3


def test_parts_are_changed_by_joining_them_and_a_division_happens_once(opened):
    eve, changeover = opened
    who = head_of(eve, CHO)
    whole = put(eve, changeover, CHO, "archives", quantity="10", **ARCHIVES)
    parts = [actions.Part(to_unit_id=eve.unit(code), quantity=Decimal(5)) for code in (SONG, DOI)]
    one, _two = actions.divide_item(whole.pk, parts=parts, actor=who, at=JUNE)
    with pytest.raises(NotFound):
        actions.divide_item(whole.pk, parts=parts, actor=who, at=JUNE)
    with pytest.raises(actions.PartOfWhole):
        actions.strike_item(one.pk, actor=who, at=JUNE)
    actions.join_again(whole.pk, actor=who, at=JUNE)
    with pytest.raises(actions.PartOfWhole):  # nor does it come back beside the whole
        actions.strike_item(one.pk, actor=who, at=JUNE)
    with pytest.raises(NotFound):
        actions.join_again(whole.pk, actor=who, at=JUNE)
    counted = Item.objects.filter(changeover=changeover, divided_at=None, struck_at=None)
    assert [row.quantity for row in counted] == [10]


def test_what_lies_in_a_sealed_box_is_not_changed_from_afar(opened):
    eve, changeover = opened
    who = head_of(eve, CHO)
    item = put(eve, changeover, CHO, "archives", quantity="1", address="thôn Thượng, phường Chợ", **ARCHIVES)
    box = actions.open_box(changeover.pk, unit_id=eve.unit(CHO), to_unit_id=eve.unit(SONG), actor=who, at=JUNE)
    actions.put_in(box.pk, codes=[item.code], actor=who, at=JUNE)
    actions.move_box(box.pk, step="seal", said="NP-1", actor=who, at=JUNE)
    parts = [actions.Part(to_unit_id=eve.unit(code), quantity=Decimal("0.5")) for code in (SONG, DOI)]
    for change in (
        lambda: actions.strike_item(item.pk, actor=who, at=JUNE),
        lambda: actions.divide_item(item.pk, parts=parts, actor=who, at=JUNE),
        lambda: actions.choose_receiver(changeover.pk, [item.pk], to_unit_id=eve.unit(DOI), actor=who, at=JUNE),
    ):
        with told(actions.InASealedBox, box.code):
            change()
    item.refresh_from_db()
    assert (item.box_id, item.to_unit_id) == (box.pk, eve.unit(SONG))


def test_who_hands_over_is_let_go_also_after_all_is_closed(opened):
    eve, changeover = opened
    named = actions.name_representative(
        changeover.pk,
        unit_id=eve.unit(BEN),
        email=eve.people[BEN].email,
        title="Chủ tịch",
        heads=True,
        actor=steering_of(eve),
        at=JULY,
    )
    Changeover.objects.filter(pk=changeover.pk).update(state=Changeover.State.CLOSED, closed_at=JULY)
    with pytest.raises(NotYourDuty):
        actions.end_representative(named.pk, actor=head_of(eve, BEN), at=LATER)
    actions.end_representative(named.pk, actor=steering_of(eve), at=LATER)
    assert Representative.objects.get().ended_at == LATER


def test_a_preview_is_forgotten_so_that_its_decision_can_be_withdrawn(opened):
    eve, changeover = opened
    receive(eve, BEN, "phường Bến")
    actions.plan(changeover.pk, actor=HOUSE, at=JUNE)
    actions.forget_plan(changeover.pk, actor=steering_of(eve), at=JUNE)
    assert not Transfer.objects.exists()
    with pytest.raises(actions.PlanOutdated):
        actions.begin_run(changeover.pk, plan_hash=changeover.plan_hash or "x", actor=HOUSE, at=JULY)
    plan_and_run(changeover)
    with pytest.raises(actions.SomethingMoved):
        actions.forget_plan(changeover.pk, actor=steering_of(eve), at=JULY)
