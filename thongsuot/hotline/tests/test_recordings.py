"""Recordings leg by leg: none is lost, all are heard, held and deleted; what is being deleted nobody holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thongsuot.hotline import actions, asking, tasks
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.common import recordings_of
from thongsuot.hotline.exchange import Sound
from thongsuot.hotline.models import Call, CallerNumber, CallRecording, RecordingHold
from thongsuot.hotline.rules import USUAL
from thongsuot.hotline.tests.make import DAY, MINUTE, MONDAY, NUMBER, ended, ringing, talking, told, url
from thongsuot.kernel.models import Event
from thongsuot.people.tests.make import browser_of
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=USUAL.recording_days) + DAY
WHY = "Công văn 12/CQĐT"


@pytest.fixture
def hanh(office):
    return office.actor("hanh")


def made(core) -> str:
    kept, _notice = core.ring("1022", NUMBER)
    core.answer(kept.call_id, "101")
    return core.hang_up(kept.call_id).recording


@pytest.fixture
def call(office, core):
    """Of two legs, each recorded and told by itself."""
    office.sits()
    call = ended(talking(office), MONDAY + MINUTE)
    for minute in (2, 3):
        told("recorded", call.exchange_id, MONDAY + minute * MINUTE, recording=made(core), recording_type="audio/wav")
    call.refresh_from_db()
    return call


def test_each_leg_is_kept_and_told_again_it_is_the_same(office, call):
    first, second = (one.reference for one in recordings_of(call))
    assert first != second

    for reference in (first, second):
        told("recorded", call.exchange_id, MONDAY + 4 * MINUTE, recording=reference)

    assert [one.reference for one in recordings_of(call)] == [first, second]


def test_each_leg_is_heard(office, core, call, clock):
    browser, page = browser_of(office.people["lan"]), url("recording", call.pk)
    browser.post(page, {"reason": "Nghe lại"})
    shown = browser.get(page)
    assert "Chặng 2" in said(shown)
    further = CallRecording.objects.get()
    assert f"{url('sound', call.pk)}?chang={further.pk}" in shown.content.decode()
    core.forget_recording(recordings_of(call)[0].reference)

    assert browser.get(url("sound", call.pk)).status_code == 404
    assert browser.get(url("sound", call.pk), {"chang": further.pk}).status_code == 200
    assert browser.get(url("sound", call.pk), {"chang": further.pk + 1}).status_code == 404


def test_all_legs_are_deleted_and_one_that_stays_keeps_the_other_from_nothing(office, core, call, clock):
    first, second = (one.reference for one in recordings_of(call))
    clock.now = LATER
    core.faults.append("no")  # the first
    tasks.forget(0)
    call.refresh_from_db()
    assert [one.reference for one in recordings_of(call)] == [first]
    assert (call.deletion_trouble, call.recording_deleted_at) == ("refused", None)
    page = said(browser_of(office.people["an"]).get(url("recordings")))
    assert first in page
    assert second not in page

    tasks.forget(0)

    call.refresh_from_db()
    assert (recordings_of(call), call.recording_deleted_at, call.deletion_trouble) == ([], LATER, "")
    assert not CallRecording.objects.exists()


def test_the_second_alone_is_asked_for_again(office, core, call, clock):
    _first, second = (one.reference for one in recordings_of(call))
    clock.now = LATER
    core.faults += ["", "", "no"]  # the first goes and is seen gone
    tasks.forget(0)
    call.refresh_from_db()
    assert (call.recording, [one.reference for one in recordings_of(call)]) == ("", [second])

    tasks.forget(0)

    assert not CallRecording.objects.exists()


def test_told_of_a_line_that_is_closed_it_is_taken_all_the_same(office, core):
    office.sits()
    call = ended(talking(office), MONDAY + MINUTE)
    actions.conclude(call.pk, outcome="answered", actor=office.actor("lan"), at=MONDAY + MINUTE)
    actions.leave(actor=office.actor("lan"), at=MONDAY + MINUTE)
    actions.close_line(office.line.pk, actor=office.actor("an"), at=MONDAY + MINUTE)

    assert told("recorded", call.exchange_id, MONDAY + 2 * MINUTE, recording="r/1.wav").recording == "r/1.wav"
    with pytest.raises(errors.UnknownLine):
        ringing(MONDAY + 3 * MINUTE)


# -- held, or being deleted ------------------------------------------------------------------------------------------------


def test_what_is_being_deleted_nobody_holds_and_what_was_seen_there_may_be(office, core, call, hanh, clock, monkeypatch):
    clock.now = LATER
    refused = []

    def meanwhile(self, reference):
        with pytest.raises(errors.RecordingGoing) as no:
            actions.hold_recording(call.pk, reason=WHY, actor=hanh, at=LATER)
        refused.append(no.value.message())
        gone(self, reference)

    gone = type(core).forget_recording
    monkeypatch.setattr(type(core), "forget_recording", meanwhile)

    asking.forget(call.pk, at=LATER)

    assert len(refused) == 2
    assert not RecordingHold.objects.exists()
    assert Event.objects.filter(name="hotline.recording_going").count() == 1


@pytest.mark.parametrize(("fault", "holdable"), [("no", True), ("deaf", False)])
def test_in_vain_it_may_be_held_again_unless_nobody_knows(office, core, call, hanh, clock, fault, holdable):
    clock.now = LATER
    core.faults += [fault] * 2
    tasks.forget(0)
    browser = browser_of(office.people["hanh"])

    answer = browser.post(url("recording", call.pk), {"viec": "giu", "reason": WHY})

    assert RecordingHold.objects.exists() is holdable
    assert holdable or "đang xóa" in said(answer)


def test_held_first_nothing_is_asked_of_the_exchange(office, core, call, hanh, monkeypatch):
    """The hold comes after the look and before the deletion begins: the lock decides."""
    monkeypatch.setattr(
        asking, "must_not_be_held", lambda call: actions.hold_recording(call.pk, reason=WHY, actor=hanh, at=LATER)
    )
    monkeypatch.setattr(type(core), "forget_recording", lambda *_said: pytest.fail("asked"))

    with pytest.raises(errors.RecordingHeld):
        asking.forget(call.pk, at=LATER)


def test_a_hold_that_outlived_its_recording_is_released(office, core, call, hanh, clock):
    """As a program of before could leave it."""
    actions.hold_recording(call.pk, reason=WHY, actor=hanh, at=MONDAY + DAY)
    CallRecording.objects.all().delete()
    Call.objects.update(recording="", recording_type="", recording_deleted_at=MONDAY + DAY)
    browser, page = browser_of(office.people["hanh"]), url("recording", call.pk)
    assert page in browser.get(url("call", call.pk)).content.decode()
    assert "không còn ở tổng đài" in said(browser.get(page))
    assert browser_of(office.people["lan"]).get(page).status_code == 404

    assert browser.post(page, {"viec": "thoi-giu"}).status_code == 302

    assert RecordingHold.objects.get().released_at is not None
    assert browser.get(page).status_code == 404
    clock.now = MONDAY + timedelta(days=USUAL.number_days) + DAY
    tasks.forget(0)
    assert not CallerNumber.objects.exists()


# -- an exchange without ranges --------------------------------------------------------------------------------------------


class Whole:
    """It sends all there is, whatever part was asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def recording(self, reference, *, first, at_most, whole=0):
        if len(self.content) > whole:
            return Sound(content=b"", first=0, total=whole + 1)
        return Sound(content=self.content[first:], first=first, total=len(self.content))


def test_longer_than_is_asked_for_at_once_and_without_ranges_it_is_heard(office, call, clock, monkeypatch):
    content = bytes(range(256)) * (2 * asking.A_PIECE // 256 + 1)
    monkeypatch.setattr("thongsuot.hotline.exchange.chosen", lambda: Whole(content))
    browser, sound = browser_of(office.people["lan"]), url("sound", call.pk)
    browser.post(url("recording", call.pk), {"reason": "Nghe lại"})

    assert b"".join(browser.get(sound).streaming_content) == content
    piece = browser.get(sound, headers={"Range": "bytes=4-9"})
    assert (piece.content, piece.headers["Content-Range"]) == (content[4:10], f"bytes 4-9/{len(content)}")
    monkeypatch.setattr("thongsuot.hotline.exchange.chosen", lambda: Whole(bytes(USUAL.recording_most_bytes + 1)))
    assert browser.get(sound).status_code == 413
