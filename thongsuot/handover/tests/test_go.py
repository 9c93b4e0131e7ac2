"""The go: refused while a new unit has no seal, and nothing moves without it."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from thongsuot.handover import actions, running
from thongsuot.handover.models import NewSeal, Transfer
from thongsuot.handover.queries.inventory import begins
from thongsuot.handover.tests.handing import steering_of
from thongsuot.handover.tests.make import (
    HOUSE,
    JULY,
    JUNE,
    MIDNIGHT,
    decide,
    give_go,
    give_seals,
    make_plan,
    open_for,
    plan_and_run,
    receive,
)
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.units.facts import PlannedSuccessionFact
from thongsuot.units.tests.acting import HERE, PEOPLE, act_as

pytestmark = pytest.mark.django_db
BASIS = "Kết luận số 1 của Ban Chỉ đạo"


@pytest.fixture(autouse=True)
def acting_here(settings) -> None:
    settings.MIDDLEWARE = [HERE if name == PEOPLE else name for name in settings.MIDDLEWARE]


def go(changeover, *, basis=BASIS, actor=HOUSE):
    return actions.give_go(changeover.pk, basis=basis, actor=actor, at=JUNE)


def test_one_unit_without_a_seal_blocks_the_go_and_is_named(eve):
    changeover = open_for(decide(eve))
    with pytest.raises(actions.SealsLacking) as refused:
        go(changeover)
    assert refused.value.names == ["Phường Đồi", "Phường Sông"]
    give_seals(changeover)
    NewSeal.objects.filter(unit=eve.unit("98002")).delete()
    with pytest.raises(actions.SealsLacking) as refused:
        go(changeover)
    assert "1 đơn vị mới chưa có con dấu (Phường Đồi)" in refused.value.message()
    give_seals(changeover)

    assert go(changeover).go_basis == BASIS
    assert [row.name for row in history_of(changeover)][-1] == "handover.go_given"


def test_nothing_moves_without_the_go_nor_when_a_seal_is_lacking_after_it(eve):
    receive(eve, "98101", "phường Bến")
    changeover = open_for(decide(eve))
    planned = actions.plan(changeover.pk, actor=HOUSE, at=MIDNIGHT)

    def run():
        running.run(changeover.pk, plan_hash=planned.plan_hash, actor=HOUSE, now=lambda: MIDNIGHT)

    with pytest.raises(actions.NoGo):
        run()
    give_go(changeover)
    NewSeal.objects.filter(unit=eve.unit("98001")).delete()
    with pytest.raises(actions.SealsLacking):
        run()
    assert not Transfer.objects.filter(moved_at__isnull=False).exists()
    give_seals(changeover)
    run()
    assert Transfer.objects.filter(moved_at__isnull=False).exists()


def test_the_go_needs_a_document_and_whoever_steers(eve):
    changeover = open_for(decide(eve))
    give_seals(changeover)
    with pytest.raises(BadInput):
        go(changeover, basis="  ")
    with pytest.raises(NotYourDuty):
        go(changeover, actor=eve.actor("98101"))


def test_it_is_taken_back_until_something_moved(eve):
    receive(eve, "98101", "phường Bến")
    changeover = open_for(decide(eve))
    give_go(changeover)
    assert actions.take_back_go(changeover.pk, actor=HOUSE, at=JUNE).go_at is None
    plan_and_run(changeover)
    with pytest.raises(actions.AlreadyMoved):
        actions.take_back_go(changeover.pk, actor=HOUSE, at=JULY)
    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)
    assert actions.take_back_go(changeover.pk, actor=HOUSE, at=JULY).go_at is None


def test_a_preview_that_is_thrown_away_takes_the_go_with_it(eve):
    changeover = open_for(decide(eve))
    give_go(changeover)
    actions.plan(changeover.pk, actor=HOUSE, at=JUNE)
    assert actions.forget_plan(changeover.pk, actor=HOUSE, at=JUNE).go_at is None


def test_a_successor_that_was_there_before_goes_on_with_its_seal(eve):
    decide(eve)
    later = date(2025, 8, 1)
    merged = make_plan(
        [PlannedSuccessionFact(old_code="98001", new_code="98002", extent="whole")], number="2/NQ-VD", day=later, new={}
    )
    changeover = open_for(decide(eve, merged, at=JULY), at=JULY)
    assert begins(changeover) == set()
    assert actions.give_go(changeover.pk, basis=BASIS, actor=HOUSE, at=JULY).go_at == JULY


def test_the_page_is_red_until_the_last_seal_then_the_go(eve, client):
    changeover = open_for(decide(eve))
    act_as(steering_of(eve))
    here, seals = (reverse(f"handover:{name}", args=[changeover.pk]) for name in ("changeover", "seals"))

    def shown():
        return client.get(here).content.decode()

    assert "2 đơn vị chưa có con dấu" in shown()
    assert "Còn đơn vị thiếu thì chưa cho chuyển được" in client.get(seals).content.decode()
    refused = client.post(here, {"viec": "cho", "cho-basis": BASIS})
    assert refused.status_code == 422
    assert "2 đơn vị mới chưa có con dấu (Phường Đồi, Phường Sông)" in refused.content.decode()
    for unit in ("98001", "98002"):
        client.post(seals, {"unit_id": eve.unit(unit), "kind": "Dấu ướt", "registration": unit, "received_on": "25/06/2025"})
    assert "2 trên 2 đơn vị mới đã có con dấu" in shown()
    assert "Chưa điền" in client.post(here, {"viec": "cho", "cho-basis": ""}).content.decode()
    assert client.post(here, {"viec": "cho", "cho-basis": BASIS}).status_code == 302
    assert f"theo {BASIS}" in shown()
    client.post(here, {"viec": "thoi"})
    assert "Chờ cho chuyển" in shown()
