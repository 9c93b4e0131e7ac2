"""Minutes of an online reception: drafted from what is there, signed with the chair's own certificate, or on paper."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.citizen_reception import events, printing, rules
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.actions.common import checked_words, locked_session
from thongsuot.citizen_reception.models import OnlineSession
from thongsuot.citizen_reception.queries.access import must_receive, session_for
from thongsuot.files.actions import store
from thongsuot.files.models import StoredFile
from thongsuot.files.storage import Readable
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.working_time import local_day
from thongsuot.signing import actions as signing
from thongsuot.signing.queries import choosing

PURPOSE = "reception.minutes"


def _over(session_id: int, actor: Actor, at: datetime) -> OnlineSession:
    """Raises NotFound, NotYourDuty, SessionNotOver, MinutesAreSigned."""
    session = locked_session(session_id, actor=actor, at=at)
    if session.state != OnlineSession.State.ENDED:
        raise errors.SessionNotOver
    if session.minutes_signed_at is not None:
        raise errors.MinutesAreSigned
    return session


@command
def draft_minutes(session_id: int, *, words: str, actor: Actor, at: datetime) -> OnlineSession:
    """The paper; until it is signed it is made anew as often as needed. Raises NotFound, NotYourDuty, SessionNotOver,
    MinutesAreSigned, BadInput.
    """
    session = _over(session_id, actor, at)
    session.minutes_words = checked_words(
        "words", words, most=rules.WORDS_AT_MOST, empty=_("Hãy ghi diễn biến và kết luận của phiên tiếp.")
    )
    pdf = printing.minutes_pdf(session, at=at)
    session.minutes_file = store(pdf, name=f"bien-ban-tiep-cong-dan-{session.pk}.pdf", actor=actor, at=at, purpose=PURPOSE)
    session.save(update_fields=["minutes_words", "minutes_file"])
    record(events.MINUTES_DRAFTED, session, actor=actor, at=at, unit_id=session.unit_id, file=session.minutes_file_id)
    return session


def sign_minutes(session_id: int, *, pin: str, actor: Actor, at: datetime) -> OnlineSession:
    """With the actor's own certificate. Cryptography runs outside of any transaction, then one command keeps the file.

    Raises NotFound, NotYourDuty, NoMinutes, MinutesAreSigned and the refusals of `signing`.
    """
    session = session_for(session_id, actor=actor, on=local_day(at))
    must_receive(actor, session.unit_id, on=local_day(at))
    if session.minutes_signed_at is not None:
        raise errors.MinutesAreSigned
    if session.minutes_file_id is None:
        raise errors.NoMinutes
    holder = choosing.of_person(actor.person_id, unit_id=session.unit_id, at=at)
    prepared = signing.prepare(session.minutes_file_id, is_test=holder.is_test, actor=actor, at=at)
    signed = signing.sign_as_person(
        prepared,
        pin=pin,
        reason=_("Ký biên bản phiên tiếp công dân trực tuyến"),
        unit_id=session.unit_id,
        once=f"reception.minutes/{session.pk}/{session.minutes_file_id}",
        actor=actor,
        at=at,
    )
    return _keep_signature(session.pk, before=session.minutes_file_id, after=signed.file_id, actor=actor, at=at)


@command
def _keep_signature(session_id: int, *, before: int, after: int, actor: Actor, at: datetime) -> OnlineSession:
    session = _over(session_id, actor, at)
    if session.minutes_file_id != before:
        raise errors.NoMinutes  # drafted anew in between: sign what is there now
    session.minutes_file = StoredFile.objects.get(pk=after)
    session.minutes_signed_at, session.minutes_signed_by_name = at, actor.name
    session.save(update_fields=["minutes_file", "minutes_signed_at", "minutes_signed_by_name"])
    record(events.MINUTES_SIGNED, session, actor=actor, at=at, unit_id=session.unit_id, file=after, by_hand=False)
    return session


@command
def keep_paper(session_id: int, scan: bytes | Readable, *, file_name: str, actor: Actor, at: datetime) -> OnlineSession:
    """The printed minutes, signed by hand: their scan. Raises NotFound, NotYourDuty, NoMinutes, SessionNotOver,
    MinutesAreSigned, what `files` refuses.
    """
    session = _over(session_id, actor, at)
    if session.minutes_file_id is None:
        raise errors.NoMinutes
    session.minutes_paper = store(scan, name=file_name, actor=actor, at=at, purpose=PURPOSE)
    session.minutes_signed_at, session.minutes_signed_by_name = at, actor.name
    session.save(update_fields=["minutes_paper", "minutes_signed_at", "minutes_signed_by_name"])
    record(
        events.MINUTES_SIGNED, session, actor=actor, at=at, unit_id=session.unit_id, file=session.minutes_paper_id, by_hand=True
    )
    return session
