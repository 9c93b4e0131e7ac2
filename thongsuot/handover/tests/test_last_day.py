"""The last day of an ended unit: what was open at its instant, where it went; the same before the day and long after."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from pypdf import PdfReader

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import Dossier, Status
from thongsuot.handover.queries.last_day import last_day
from thongsuot.handover.tests.handing import head_of, make_opened, steering_of
from thongsuot.handover.tests.make import JULY, JUNE, plan_and_run, receive
from thongsuot.kernel import clock
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.units.tests.acting import HERE, PEOPLE, act_as

pytestmark = pytest.mark.django_db
CHO = "98102"  # divided between Sông and Đồi
EVENING = datetime(2025, 6, 30, 18, tzinfo=VIET_NAM)


@pytest.fixture
def opened():
    eve, changeover = make_opened()
    receive(eve, CHO, "thôn Thượng, phường Chợ", count=3)
    receive(eve, CHO, "thôn Hạ, phường Chợ", count=2, at=JUNE + timedelta(days=1))
    receive(eve, CHO, "phường Chợ")  # nobody can tell which part
    ready, given = receive(eve, CHO, "thôn Thượng, phường Chợ", count=2, at=JUNE + timedelta(hours=3))
    for one in (ready, given):
        Dossier.objects.filter(pk=one.pk).update(status=Status.RESOLVED, resolved_at=JUNE + timedelta(days=2))
    dossiers.hand_back(given.pk, handed_to="Minh", actor=eve.actor(CHO), at=JUNE + timedelta(days=5))
    return eve, changeover


def counts(found):
    return found.pending, found.uncollected, found.unanswered


def test_before_the_day_it_says_how_far_they_are(opened):
    eve, changeover = opened
    found = last_day(changeover, eve.unit(CHO), at=EVENING)
    assert not found.is_over
    assert counts(found) == (6, 1, 0)
    assert [(one.unit_id, one.previewed) for one in found.places] == [(None, False)]
    assert found.without_receiver == 7
    told = {line.day: line.counts for line in found.days}
    assert len(told) == 10
    assert told[JUNE.date()] == (6, 0, 0, 6, 0)
    assert told[JUNE.date() + timedelta(days=1)] == (2, 0, 0, 8, 0)
    assert told[JUNE.date() + timedelta(days=2)] == (0, 2, 0, 6, 2)
    assert told[JUNE.date() + timedelta(days=5)] == (0, 0, 1, 6, 1)


def test_after_the_day_it_tells_the_same_instant_whatever_successors_did_since(opened):
    eve, changeover = opened
    plan_and_run(changeover)
    moved = Dossier.objects.filter(resolving_unit=eve.unit("98001"), status=Status.RECEIVED).first()
    Dossier.objects.filter(pk=moved.pk).update(status=Status.RESOLVED, resolved_at=JULY)
    found = last_day(changeover, eve.unit(CHO), at=JULY + timedelta(days=90))
    assert found.is_over
    assert counts(found) == (6, 1, 0)
    assert {(one.unit_id, one.moved): (one.pending, one.uncollected) for one in found.places} == {
        (None, False): (1, 0),
        (eve.unit("98001"), True): (3, 1),
        (eve.unit("98002"), True): (2, 0),
    }
    assert found.without_receiver == 1
    (line,) = found.by_procedure
    assert (line.code, line.pending, line.oldest) == ("9.000001", 6, JUNE)
    assert (
        line.late
        == found.late
        == sum(one.due_at < found.until for one in Dossier.objects.exclude(status__gte=9)) + (moved.due_at < found.until)
    )


def test_it_is_shown_to_who_hands_over_and_printed(opened, settings, monkeypatch, client):
    eve, changeover = opened
    settings.CITY_CODE = "98"
    settings.MIDDLEWARE = [HERE if name == PEOPLE else name for name in settings.MIDDLEWARE]
    monkeypatch.setattr(clock, "now", lambda: JULY)
    plan_and_run(changeover)
    address = f"/can-bo/ban-giao/{changeover.pk}/giao/{eve.unit(CHO)}/ngay-cuoi/"
    try:
        act_as(steering_of(eve))
        page = client.get(address).content.decode()
        assert "Chưa chọn nơi nhận" in page
        assert "Đã chuyển về Phường Sông" in page
        pdf = client.get(f"{address}in/")
        assert pdf["Content-Type"] == "application/pdf"
        words = " ".join(part.extract_text() for part in PdfReader(io.BytesIO(pdf.content)).pages)
        assert "30/06/2025" in words
        assert "Đã chuyển về Phường Đồi" in words
        assert "Số liệu tạm tính" not in words
        act_as(head_of(eve, "98103"))
        assert client.get(address).status_code == 403
    finally:
        act_as(ANYONE)


def test_a_unit_that_finished_everything_has_nothing_to_hand_over(opened):
    eve, changeover = opened
    found = last_day(changeover, eve.unit("98101"), at=EVENING)
    assert (found.open, found.without_receiver, found.places, found.by_procedure) == (0, 0, [], [])
