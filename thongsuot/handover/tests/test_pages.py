"""The changeover steered from its pages: preview, run, what waits for a person, back again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from thongsuot.dossiers.models import Dossier
from thongsuot.handover import tasks
from thongsuot.handover.models import Changeover, Transfer
from thongsuot.handover.rules import DUTY
from thongsuot.handover.tests.make import JULY, JUNE, Eve, decide, give_go, open_for, receive
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.models import Event
from thongsuot.notices.models import Notice
from thongsuot.units.tests.acting import HERE, PEOPLE, act_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def acting_here(settings) -> None:
    settings.MIDDLEWARE = [HERE if name == PEOPLE else name for name in settings.MIDDLEWARE]


@pytest.fixture
def steering(eve: Eve) -> Actor:
    return Actor(person_id=None, name="Hồ Quốc Quân", duties={DUTY: frozenset({eve.city.pk})})


@pytest.fixture
def work() -> Callable[[], None]:
    """What the worker would do: the newest question, in as many jobs as it takes."""

    def do() -> None:
        asked = Event.objects.filter(name="handover.asked").latest("pk")
        tasks.do(asked.subject_id, what=asked.facts["what"], plan_hash=asked.facts["hash"])
        while Changeover.objects.get(pk=asked.subject_id).asked:
            tasks.do(asked.subject_id, what=asked.facts["what"], plan_hash=asked.facts["hash"], begun=True)

    return do


def page(client: Client, name: str, *args: int) -> str:
    response = client.get(reverse(f"handover:{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_from_the_approved_decision_to_the_last_thing_and_back(eve, steering, work, client, monkeypatch):
    (sure,) = receive(eve, "98101", "phường Bến")
    (unclear,) = receive(eve, "98102", "số 9, phường Chợ")
    decision = decide(eve)
    act_as(steering)
    monkeypatch.setattr(clock, "now", lambda: JULY)
    assert decision.number in page(client, "changeovers")
    opened = client.post(reverse("handover:changeovers"), {"quyet_dinh": decision.pk})
    one = Changeover.objects.get()
    here = reverse("handover:changeover", args=[one.pk])
    assert opened.headers["Location"] == here

    client.post(here, {"viec": "plan"})
    assert "Đang xem lại" in page(client, "changeover", one.pk)
    assert "Máy chủ đang làm" in page(client, "changeover", one.pk)
    work()
    one.refresh_from_db()
    shown = page(client, "changeover", one.pk)
    assert "Toàn bộ đơn vị cũ về một đơn vị mới" in shown
    assert one.plan_hash[:12] in shown
    assert client.get(reverse("handover:state", args=[one.pk])).headers["HX-Refresh"] == "true"

    client.post(here, {"viec": "run", "ma": one.plan_hash})
    work()
    assert "Chưa cho chuyển nên chưa chuyển gì" in page(client, "changeover", one.pk)
    assert Dossier.objects.get(pk=sure.pk).resolving_unit_id == eve.unit("98101")
    give_go(one)
    client.post(here, {"viec": "run", "ma": one.plan_hash})
    work()
    assert Dossier.objects.get(pk=sure.pk).resolving_unit_id == eve.unit("98001")
    waiting = page(client, "undecided", one.pk)
    assert unclear.code in waiting
    assert "Phường Sông" in waiting
    transfer = Transfer.objects.get(to_unit=None)
    listed = reverse("handover:undecided", args=[one.pk]) + f"?don_vi={eve.unit('98102')}"
    refused = client.post(listed, {"to_unit_id": eve.unit("98002")})
    assert refused.status_code == 422
    assert "Chưa chọn mục nào" in refused.content.decode()
    client.post(listed, {"muc": transfer.pk, "to_unit_id": eve.unit("98002"), "why": "Chủ hồ sơ ở phố Hạ"})
    found = reverse("handover:undecided", args=[one.pk]) + f"?ma={unclear.code[:-2].lower()}"
    assert "Đang định: Phường Đồi" in client.get(found).content.decode()  # a slip is put right before it moves
    client.post(found, {"muc": transfer.pk, "to_unit_id": eve.unit("98001"), "why": "x"})
    client.post(found, {"muc": transfer.pk, "to_unit_id": eve.unit("98002"), "why": "Chủ hồ sơ ở phố Hạ"})
    assert "Không có mục chưa chuyển nào" in client.get(reverse("handover:undecided", args=[one.pk]) + "?ma=X").content.decode()
    one.refresh_from_db()
    client.post(here, {"viec": "run", "ma": one.plan_hash})
    work()
    assert Dossier.objects.get(pk=unclear.pk).resolving_unit_id == eve.unit("98002")
    assert "Khớp." in page(client, "reconciled", one.pk)
    assert "Mọi mục đã có nơi nhận" in page(client, "undecided", one.pk)
    assert "Do người có trách nhiệm chọn" in page(client, "unit", one.pk, eve.unit("98102"))

    client.post(here, {"viec": "undo"})
    work()
    assert set(Dossier.objects.values_list("resolving_unit_id", flat=True)) == {eve.unit("98101"), eve.unit("98102")}


def test_a_preview_that_is_out_of_date_moves_nothing_and_says_so(eve, steering, work, client, monkeypatch):
    receive(eve, "98101", "phường Bến")
    one = open_for(decide(eve))
    give_go(one)
    act_as(steering)
    here = reverse("handover:changeover", args=[one.pk])
    client.post(here, {"viec": "plan"})
    work()
    one.refresh_from_db()
    seen = one.plan_hash
    monkeypatch.setattr(clock, "now", lambda: JUNE)
    client.post(here, {"viec": "run", "ma": seen})
    work()
    assert "có hiệu lực từ ngày 01/07/2025" in page(client, "changeover", one.pk)
    receive(eve, "98101", "phường Bến")  # the old unit still works
    monkeypatch.setattr(clock, "now", lambda: JULY)
    client.post(here, {"viec": "run", "ma": seen})
    work()

    assert "Từ lần xem trước đã có thay đổi" in page(client, "changeover", one.pk)
    assert not Transfer.objects.filter(moved_at__isnull=False).exists()


def test_owners_are_told_once(eve, client):
    (dossier,) = receive(eve, "98101", "phường Bến")
    one = open_for(decide(eve))
    from thongsuot.handover.tests.make import plan_and_run

    plan_and_run(one)
    for _again in range(3):
        tasks.tell_owners(one.pk)

    (letter,) = Notice.objects.filter(key="moved")
    assert dossier.code in letter.subject
    assert "Phường Bến" in letter.body
    assert "Phường Sông" in letter.body
    assert letter.unit_id == eve.unit("98001")


def test_only_who_steers_sees_it(eve, client):
    one = open_for(decide(eve), at=JUNE)
    act_as(Actor(person_id=None, name="Lan", duties={DUTY: frozenset({eve.unit("98101")})}))

    for name, args in (("changeovers", ()), ("changeover", (one.pk,)), ("undecided", (one.pk,)), ("reconciled", (one.pk,))):
        assert client.get(reverse(f"handover:{name}", args=args)).status_code in (302, 403)
    client.post(reverse("handover:changeover", args=[one.pk]), {"viec": "plan"})
    one.refresh_from_db()
    assert one.asked == ""
