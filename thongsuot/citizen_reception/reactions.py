"""What follows from what happens to entries and sessions: whoever must go on learns it. Runs in the worker, maybe twice."""

from __future__ import annotations

from thongsuot.citizen_reception import actions, events, letters
from thongsuot.citizen_reception.models import OnlineSession, ReceptionEntry
from thongsuot.kernel import clock
from thongsuot.kernel.events import Happened, on
from thongsuot.kernel.models import Event


def _tell_arrived(happened: Happened) -> None:
    """Ended or sent on meanwhile: nothing is said."""
    entry = ReceptionEntry.objects.get(pk=happened.subject_id)
    if entry.is_open and entry.due_at is not None and not happened.facts.get("again"):
        letters.tell_officers(entry, "vừa chuyển đến đơn vị", send_key=f"{happened.name}/{happened.id}", at=clock.now())


@on(events.TAKEN_OVER)
def tell_taken_over(happened: Happened) -> None:
    _tell_arrived(happened)


@on(events.TRANSFERRED)
def tell_transferred(happened: Happened) -> None:
    _tell_arrived(happened)


State = OnlineSession.State
_CHAIR = (
    "Bạn được ghi là người chủ trì phiên này và ký biên bản. Ở trang của phiên bạn xem được việc chuẩn bị, các bên, "
    "biên bản, bản ghi; ký khi phiên kết thúc."
)
_TO_SIGN = "Biên bản đã lập, chờ bạn ký."


def _session(happened: Happened) -> OnlineSession:
    return OnlineSession.objects.select_related("entry").get(pk=happened.subject_id)


def _tell_chair(happened: Happened, session: OnlineSession, what: str, *, key: str = "") -> None:
    """Not of what they did themselves."""
    chair = session.chair_id
    if chair is not None and chair != Event.objects.values_list("actor_id", flat=True).get(pk=happened.id):
        key = key or f"{happened.name}/{happened.id}"
        letters.tell_about_session(session, [chair], what, send_key=key, at=clock.now())


@on(events.SESSION_PLANNED)
def tell_chair_of_plan(happened: Happened) -> None:
    session = _session(happened)
    if session.state == State.PLANNED:
        _tell_chair(happened, session, _CHAIR)


@on(events.CHAIR_NAMED)
def tell_chairs(happened: Happened) -> None:
    """Who is it now, and who was it before."""
    session, was = _session(happened), happened.facts.get("was")
    if session.chair_id != happened.facts["chair"]:
        return  # another was named since, and is told by that
    if was != session.chair_id:
        _tell_chair(happened, session, f"{_CHAIR} {_TO_SIGN}" if actions.can_be_signed(session) else _CHAIR)
        if isinstance(was, int):
            said = "Người khác được ghi là người chủ trì phiên này. Bạn không phải chủ trì, không phải ký nữa."
            key = f"{happened.name}/{happened.id}/was"
            letters.tell_about_session(session, [was], said, send_key=key, at=clock.now())


@on(events.SESSION_CHANGED)
def tell_chair_of_change(happened: Happened) -> None:
    session = _session(happened)
    if session.state == State.PLANNED:
        _tell_chair(happened, session, "Phiên dời sang ngày, giờ này. Các bên sẽ được mời lại.")


@on(events.SESSION_CANCELLED)
def tell_chair_of_end(happened: Happened) -> None:
    _tell_chair(happened, _session(happened), "Phiên này đã hủy. Bạn không phải làm gì.")


def _tell_to_sign(happened: Happened) -> None:
    """Once for each chair, however often the minutes are drawn anew."""
    session = _session(happened)
    if actions.can_be_signed(session):
        _tell_chair(happened, session, _TO_SIGN, key=f"citizen_reception.to_sign/{session.pk}")


@on(events.MINUTES_DRAFTED)
def tell_to_sign_drafted(happened: Happened) -> None:
    _tell_to_sign(happened)


@on(events.RECORDING_KEPT)
def tell_to_sign_recorded(happened: Happened) -> None:
    _tell_to_sign(happened)
