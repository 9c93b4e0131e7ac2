"""Every letter an owner gets, and that one event makes one letter however often its job runs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.make import MONDAY, forward_to, receive, resolve
from thongsuot.dossiers.tests.test_actions import filed
from thongsuot.kernel.actor import ANYONE, Actor, system
from thongsuot.kernel.events import REACTIONS
from thongsuot.kernel.jobs import react
from thongsuot.kernel.models import Event
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.notices.models import Notice

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.PUBLIC_URL = "https://vidu.vn"


def deliver() -> list[str]:
    """Run every reaction to every event, twice: a worker may be killed between the work and the note of it."""
    for _ in range(2):
        for event in Event.objects.filter(subject="dossiers.dossier").order_by("id"):
            for name in REACTIONS.get(event.name, ()):
                react(event.pk, name)
    return list(Notice.objects.order_by("id").values_list("key", flat=True))


def test_the_whole_way_is_told_once_each(town):
    dossier = receive(town)
    actions.request_supplement(dossier.pk, items=["Bản chính"], actor=town.actor("lan"), at=MONDAY)
    later = MONDAY + timedelta(days=3)
    actions.complete_supplement(dossier.pk, papers=(), answer="x", actor=town.actor("lan", later), at=later)
    dossier = resolve(town, Dossier.objects.get(pk=dossier.pk), at=later + HOUR)
    actions.hand_back(dossier.pk, handed_to="Minh", actor=town.actor("lan", later), at=later + 2 * HOUR)

    assert deliver() == ["received", "supplement_requested", "due_moved", "result_ready", "returned", "rate_invited"]
    first = Notice.objects.get(key="received")
    assert (first.email, first.about_id) == ("minh@vidu.vn", dossier.pk)
    assert dossier.code in first.subject
    assert f"https://vidu.vn/tra-cuu/{dossier.code}/" in first.body
    assert "Bản chính" in Notice.objects.get(key="supplement_requested").body
    invitation = Notice.objects.get(key="rate_invited")
    assert f"https://vidu.vn/tra-cuu/{dossier.code}/danh-gia/" in invitation.body


def test_whoever_has_rated_already_is_not_invited(town):
    dossier = resolve(town, receive(town), at=MONDAY)
    mine = Actor(person_id=None, name="Minh", owns=frozenset({("dossiers.dossier", dossier.pk)}))
    actions.rate(dossier.pk, level=5, actor=mine, at=MONDAY)
    actions.hand_back(dossier.pk, handed_to="Minh", actor=town.actor("lan"), at=MONDAY)

    assert "rate_invited" not in deliver()


def test_an_online_filing_is_answered(town):
    dossier = actions.submit_draft(filed(town).code, actor=ANYONE, at=MONDAY)
    actions.refuse_submission(dossier.pk, reasons=["Không thuộc thẩm quyền của phường"], actor=town.actor("lan"), at=MONDAY)
    assert deliver() == ["submission_received", "refused"]
    assert "Không thuộc thẩm quyền của phường" in Notice.objects.get(key="refused").body


def test_endings_and_delays_are_told(town):
    late = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    actions.reappoint(
        late.pk, new_at=datetime(2025, 10, 15, 17, tzinfo=VIET_NAM), reason="chờ xác minh", actor=town.actor("toan"), at=MONDAY
    )
    actions.request_payment(
        late.pk, reason="Nộp thuế theo Thông báo 15", amount_dong=1_200_000, actor=town.actor("toan"), at=MONDAY
    )
    actions.confirm_payment(late.pk, actor=town.actor("toan"), at=MONDAY + HOUR)
    actions.stop(late.pk, reason="Không đủ điều kiện", actor=town.actor("viet"), at=MONDAY + HOUR)
    gone = receive(town)
    actions.withdraw(gone.pk, actor=town.actor("lan"), at=MONDAY)

    # Paid within the same day: no date moved, so nothing is told of it.
    assert sorted(deliver()) == ["apology", "payment_requested", "received", "received", "stopped", "withdrawn"]
    assert "1.200.000 đồng" in Notice.objects.get(key="payment_requested").body


def test_the_holder_of_a_near_dossier_is_warned_once(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    assert actions.to_warn_of(at=MONDAY) == []
    near = dossier.warn_at + HOUR
    assert actions.to_warn_of(at=near) == [dossier.pk]
    for _ in range(2):
        actions.warn_of_deadline(dossier.pk, actor=system("worker"), at=near)
    assert actions.to_warn_of(at=near) == []
    deliver()
    warning = Notice.objects.get(key="deadline_near")
    assert warning.to_person_id == town.people["toan"].pk
    assert "Thẩm định" in warning.body
