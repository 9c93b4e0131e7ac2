"""Who leads an online session, named by its unit, is told what is theirs, and their page says what they do there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thongsuot.citizen_reception import actions
from thongsuot.citizen_reception.models import OnlineSession
from thongsuot.citizen_reception.rules import LEAD
from thongsuot.citizen_reception.tests.make import MONDAY, STARTS, a_session, came
from thongsuot.files.tests.make import pdf
from thongsuot.kernel import clock as clocks
from thongsuot.kernel.events import REACTIONS
from thongsuot.kernel.jobs import react
from thongsuot.kernel.models import Event
from thongsuot.kernel.text import instant
from thongsuot.notices.models import Notice
from thongsuot.people.models import Appointment
from thongsuot.people.tests.make import browser_of
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def deliver(monkeypatch, settings):
    """Every reaction to every event of sessions, twice; (to, body) of what was told since the last time."""
    settings.PUBLIC_URL = "https://vidu.vn"
    monkeypatch.setattr(clocks, "now", lambda: MONDAY)
    known: set[int] = set()

    def run():
        for _twice in range(2):
            for event in Event.objects.filter(subject="citizen_reception.onlinesession").order_by("pk"):
                for name in REACTIONS.get(event.name, ()):
                    react(event.pk, name)
        letters = Notice.objects.filter(key="reception_session").exclude(pk__in=known).order_by("pk")
        told = [(one.email, one.body) for one in letters]
        known.update(letters.values_list("pk", flat=True))
        return told

    return run


@pytest.fixture
def chair(office):
    """Hạnh leads and receives nobody: no bar of hers leads here."""
    Appointment.objects.filter(person=office.people["hanh"]).update(duties=[LEAD])
    return office.people["hanh"]


def ends(session):
    OnlineSession.objects.filter(pk=session.pk).update(state="ended", started_at=STARTS, ended_at=STARTS)


def test_a_chair_without_the_duty_hears_of_plan_move_minutes_and_end_each_once(office, chair, deliver):
    viet = office.actor("viet")
    session = a_session(office, chair_id=chair.pk)

    ((to, body),) = deliver()
    assert to == "hanh@vidu.vn"
    for needed in (
        f"TT-{session.pk}",
        instant(STARTS),
        "ký biên bản",
        f"https://vidu.vn/can-bo/tiep-dan/truc-tuyen/{session.pk}/",
    ):
        assert needed in body, needed

    moved = STARTS + timedelta(days=1)
    actions.change_session(session.pk, starts_at=moved, reason="Bão", actor=viet, at=MONDAY)
    ((_to, body),) = deliver()
    assert "dời sang" in body
    assert instant(moved) in body

    ends(session)
    actions.draft_minutes(session.pk, words="Kết luận.", actor=viet, at=STARTS)
    assert deliver() == [], "without a recording it cannot be signed"
    for _again in range(2):
        actions.keep_recording(session.pk, file=pdf(), file_name="ghi.pdf", actor=viet, at=STARTS)
    ((_to, body),) = deliver()
    assert "Biên bản đã lập, chờ bạn ký." in body

    off = a_session(office, chair_id=chair.pk)
    actions.cancel_session(off.pk, reason="Hoãn", actor=viet, at=MONDAY)
    ((_to, body),) = deliver()
    assert "đã hủy" in body


def test_of_two_chairs_each_is_told_and_nobody_of_what_they_did_themselves(office, deliver):
    hanh, viet = office.actor("hanh"), office.actor("viet")
    session = a_session(office, chair_id=viet.person_id)
    assert deliver() == [], "Viết planned it"

    actions.name_chair(session.pk, chair_id=office.people["thu"].pk, reason="Ốm", actor=hanh, at=MONDAY)
    told = dict(deliver())
    assert set(told) == {"viet@vidu.vn", "thu@vidu.vn"}
    assert "không phải ký nữa" in told["viet@vidu.vn"]
    assert "chờ bạn ký" not in told["thu@vidu.vn"]

    ends(session)
    actions.draft_minutes(session.pk, words="Kết luận.", actor=viet, at=STARTS)
    actions.keep_recording(session.pk, file=pdf(), file_name="ghi.pdf", actor=viet, at=STARTS)
    deliver()
    actions.name_chair(session.pk, chair_id=viet.person_id, reason="Khỏi ốm", actor=hanh, at=STARTS)
    assert "chờ bạn ký" in dict(deliver())["viet@vidu.vn"]


def test_the_letter_tells_nothing_of_a_denunciation(office, chair, deliver):
    entry = came(office, kind="denunciation")
    a_session(office, title="Tiếp Lò Thị Kín", entry_id=entry.pk, chair_id=chair.pk)

    ((_to, body),) = deliver()
    for secret in ("Lò", "tố cáo", "Tố cáo", "Tiếp Lò"):
        assert secret not in body


def test_their_page_says_what_they_do_there_and_leads_nowhere_they_may_not_go(office, chair, clock):
    viet, browser = office.actor("viet"), browser_of(chair)
    session = a_session(office, chair_id=chair.pk)
    here = f"/can-bo/tiep-dan/truc-tuyen/{session.pk}/"
    shown = said(browser.get(here))
    assert "Bạn chủ trì phiên này" in shown
    assert "Cán bộ tiếp công dân của Phường Sông chuẩn bị" in shown
    for button in ("Bắt đầu phiên", "Hủy phiên", "Ghi bên này"):
        assert button not in shown
    parties = browser.post(f"{here}cac-ben/", {"reason": "Chuẩn bị chủ trì"})
    assert "Lò Văn Diện" in said(parties)
    assert 'href="/can-bo/tiep-dan/truc-tuyen/"' not in parties.text

    ends(session)
    actions.draft_minutes(session.pk, words="Kết luận.", actor=viet, at=STARTS)
    assert "Biên bản chờ bạn ký" not in said(browser.get(here))
    actions.keep_recording(session.pk, file=pdf(), file_name="ghi.pdf", actor=viet, at=STARTS)
    shown = said(browser.get(here))
    assert "Biên bản chờ bạn ký" in shown
    assert "Ký số" in shown
    assert "Biên bản chờ bạn ký" not in said(browser_of(office.people["viet"]).get(here))

    actions.keep_paper(session.pk, pdf(), file_name="ky.pdf", actor=office.actor("hanh", STARTS), at=STARTS)
    assert "Bạn không còn việc gì ở trang này" in said(browser.get(here))
