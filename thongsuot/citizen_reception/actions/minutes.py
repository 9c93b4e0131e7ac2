"""After an online reception: where its recording lies; its minutes, signed with the chair's own certificate, or on paper."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime

from django.utils.translation import gettext as _

from thongsuot.citizen_reception import events, printing, rules
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.actions.common import (
    checked_texts,
    checked_words,
    locked_session,
    must_open_files,
    must_see_parties,
)
from thongsuot.citizen_reception.actions.sessions import must_be_able_to_lead, must_be_safe
from thongsuot.citizen_reception.models import OnlineSession
from thongsuot.citizen_reception.queries.access import is_chair, leads, must_lead, session_for
from thongsuot.citizen_reception.queries.keeping import forgotten_at
from thongsuot.citizen_reception.queries.settings import setting
from thongsuot.files.actions import let_go, store
from thongsuot.files.models import StoredFile
from thongsuot.files.storage import Readable
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import local_day
from thongsuot.people.actions import log_look_up
from thongsuot.signing import actions as signing
from thongsuot.signing.queries import choosing

PURPOSE, RECORDING = "reception.minutes", "reception.recording"
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


def _over(session_id: int, actor: Actor, at: datetime, *, also_chair: bool = False) -> OnlineSession:
    """Raises NotFound, NotYourDuty, VisitorKept, SessionNotOver, SessionForgotten, MinutesAreSigned."""
    session = locked_session(session_id, actor=actor, at=at, also_chair=also_chair)
    must_see_parties(session, actor, at)
    if session.state != OnlineSession.State.ENDED:
        raise errors.SessionNotOver
    if forgotten_at(session) is not None:
        raise errors.SessionForgotten
    if session.minutes_signed_at is not None:
        raise errors.MinutesAreSigned
    return session


@command
def keep_recording(
    session_id: int,
    *,
    link: str = "",
    sha256: str = "",
    file: bytes | Readable | None = None,
    file_name: str = "",
    actor: Actor,
    at: datetime,
) -> OnlineSession:
    """Where the recording lies: on a server of the state, by its address and fingerprint; or a stored file, whose fingerprint
    is taken here. Minutes that were drafted before are drawn anew, for they name the fingerprint.

    Raises NotFound, NotYourDuty, VisitorKept, SessionNotOver, MinutesAreSigned, BadInput, what `files` refuses.
    """
    session = _over(session_id, actor, at)
    link, sha256 = one_line(link), one_line(sha256).lower()
    if file is None and not link:
        raise BadInput({"link": _("Hãy ghi đường dẫn của bản ghi trên máy chủ nhà nước, hoặc chọn tệp.")})
    if len(link) > 500:
        raise BadInput({"link": _("Dài quá 500 chữ. Hãy viết ngắn lại.")})
    must_be_safe("link", link)
    if file is None and not _FINGERPRINT.fullmatch(sha256):
        raise BadInput({"sha256": _("Mã SHA-256 có 64 ký tự từ 0 đến 9, từ a đến f. Hãy chép lại từ máy chủ lưu bản ghi.")})
    stored = store(file, name=file_name, actor=actor, at=at, purpose=RECORDING) if file is not None else None
    session.recording_link, session.recording_file = link, stored
    session.recording_sha256 = stored.blob.sha256 if stored is not None else sha256
    fields = ["recording_link", "recording_file", "recording_sha256"]
    if session.minutes_file_id is not None:
        _draw(session, actor, at)
        fields.append("minutes_file")
    session.save(update_fields=fields)
    told = {"sha256": session.recording_sha256, "file": stored.pk if stored else None, "minutes": session.minutes_file_id}
    record(events.RECORDING_KEPT, session, actor=actor, at=at, unit_id=session.unit_id, **told)
    return session


def _draw(session: OnlineSession, actor: Actor, at: datetime) -> None:
    pdf = printing.minutes_pdf(session, at=at)
    session.minutes_file = store(pdf, name=f"bien-ban-tiep-cong-dan-{session.pk}.pdf", actor=actor, at=at, purpose=PURPOSE)


@command
def draft_minutes(session_id: int, *, words: str, actor: Actor, at: datetime) -> OnlineSession:
    """The paper; until it is signed it is made anew as often as needed. Raises NotFound, NotYourDuty, SessionNotOver,
    MinutesAreSigned, BadInput.
    """
    session = _over(session_id, actor, at)
    session.minutes_words = checked_words(
        "words", words, most=rules.WORDS_AT_MOST, empty=_("Hãy ghi diễn biến và kết luận của phiên tiếp.")
    )
    _draw(session, actor, at)
    session.save(update_fields=["minutes_words", "minutes_file"])
    record(events.MINUTES_DRAFTED, session, actor=actor, at=at, unit_id=session.unit_id, file=session.minutes_file_id)
    return session


def _must_be_whole(session: OnlineSession) -> None:
    """Nothing is signed without minutes, nor, where the law of its day asks for a recording, without one.

    Raises NoMinutes, NoRecording.
    """
    if session.minutes_file_id is None:
        raise errors.NoMinutes
    if not session.recording_sha256 and setting("online_recording_needed", on=local_day(session.starts_at)):
        raise errors.NoRecording


def can_be_signed(session: OnlineSession) -> bool:
    """Nothing is missing but the signature."""
    try:
        _must_be_whole(session)
    except (errors.NoMinutes, errors.NoRecording):
        return False
    return session.minutes_signed_at is None


def signing_of(session: OnlineSession) -> str:
    """How the requests to sign its minutes begin."""
    return f"reception.minutes/{session.pk}/"


def signer_of(session: OnlineSession) -> str:
    """Who signs, in words."""
    return session.chair.full_name if session.chair is not None else session.heard_by


def may_sign(actor: Actor, session: OnlineSession, *, on: date) -> bool:
    """The chair, whatever else their duties are; where nobody was named, who leads the unit."""
    if session.chair_id is not None:
        return is_chair(actor, session)
    return leads(actor, session.unit_id, on=on)


@command
def name_chair(session_id: int, *, chair_id: int, heard_by: str = "", reason: str, actor: Actor, at: datetime) -> OnlineSession:
    """Somebody else led it or will, and signs: by who leads the unit, until it is signed. Minutes that were drafted name the
    chair and are drawn anew.

    heard_by   the post, as people read it; left out: as it was
    Raises NotFound, NotYourDuty, VisitorKept, SessionIsOff, MinutesAreSigned, BadInput.
    """
    session = locked_session(session_id, actor=actor, at=at)
    must_lead(actor, session.unit_id, on=local_day(at))
    must_see_parties(session, actor, at)
    if session.state == OnlineSession.State.CANCELLED:
        raise errors.SessionIsOff
    if session.minutes_signed_at is not None:
        raise errors.MinutesAreSigned
    texts = checked_texts(
        OnlineSession, {"heard_by": heard_by, "chair_because": reason}, needed={"chair_because": _("Hãy ghi lý do.")}
    )
    must_be_able_to_lead(chair_id, session.unit_id, at)
    was, session.chair_id = session.chair_id, chair_id
    session.chair_because, session.heard_by = texts["chair_because"], texts["heard_by"] or session.heard_by
    if session.minutes_file_id is not None:
        _draw(session, actor, at)
    session.save(update_fields=["chair", "chair_because", "heard_by", "minutes_file"])
    told = {"was": was, "chair": chair_id, "minutes": session.minutes_file_id}
    record(events.CHAIR_NAMED, session, actor=actor, at=at, unit_id=session.unit_id, **told)
    return session


def sign_minutes(session_id: int, *, pin: str, actor: Actor, at: datetime) -> OnlineSession:
    """With the actor's own certificate. Cryptography runs outside of any transaction, then one command keeps the file.

    Raises NotFound, NotYourDuty, VisitorKept, NotTheChair, NoMinutes, NoRecording, MinutesAreSigned and the refusals of
    `signing`.
    """
    session = session_for(session_id, actor=actor, on=local_day(at))
    if session.minutes_signed_at is not None:
        raise errors.MinutesAreSigned
    must_see_parties(session, actor, at)
    _must_be_whole(session)
    if not may_sign(actor, session, on=local_day(at)):
        raise errors.NotTheChair(signer_of(session))
    assert session.minutes_file_id is not None
    holder = choosing.of_person(actor.person_id, unit_id=session.unit_id, at=at)
    prepared = signing.prepare(session.minutes_file_id, is_test=holder.is_test, actor=actor, at=at)
    try:
        signed = signing.sign_as_person(
            prepared,
            pin=pin,
            reason=_("Ký biên bản phiên tiếp công dân trực tuyến"),
            unit_id=session.unit_id,
            once=f"{signing_of(session)}{session.minutes_file_id}",
            actor=actor,
            at=at,
        )
    except TellPerson:
        if prepared != session.minutes_file_id:
            let_go(prepared, actor=actor, at=at)  # it names people, and nothing would lead to it
        raise
    return _keep_signature(session.pk, before=session.minutes_file_id, after=signed.file_id, actor=actor, at=at)


@command
def _keep_signature(session_id: int, *, before: int, after: int, actor: Actor, at: datetime) -> OnlineSession:
    session = _over(session_id, actor, at, also_chair=True)
    if not may_sign(actor, session, on=local_day(at)):
        raise errors.NotTheChair(signer_of(session))  # another was named in between
    if session.minutes_file_id != before:
        raise errors.NoMinutes  # drafted anew in between: sign what is there now
    session.minutes_file = StoredFile.objects.get(pk=after)
    session.minutes_signed_at, session.minutes_signed_by_name = at, actor.name
    session.save(update_fields=["minutes_file", "minutes_signed_at", "minutes_signed_by_name"])
    record(events.MINUTES_SIGNED, session, actor=actor, at=at, unit_id=session.unit_id, file=after, by_hand=False)
    return session


@command
def keep_paper(session_id: int, scan: bytes | Readable, *, file_name: str, actor: Actor, at: datetime) -> OnlineSession:
    """The printed minutes, signed by the chair by hand: their scan, and who brought it.

    Raises NotFound, NotYourDuty, VisitorKept, NoMinutes, NoRecording, SessionNotOver, MinutesAreSigned, what `files` refuses.
    """
    session = _over(session_id, actor, at, also_chair=True)
    _must_be_whole(session)
    session.minutes_paper = store(scan, name=file_name, actor=actor, at=at, purpose=PURPOSE)
    session.minutes_signed_at, session.minutes_signed_by_name = at, signer_of(session)
    session.minutes_brought_by_name = actor.name
    session.save(update_fields=["minutes_paper", "minutes_signed_at", "minutes_signed_by_name", "minutes_brought_by_name"])
    record(
        events.MINUTES_SIGNED, session, actor=actor, at=at, unit_id=session.unit_id, file=session.minutes_paper_id, by_hand=True
    )
    return session


@command
def open_session(session_id: int, *, fields: Collection[str], reason: str, actor: Actor, at: datetime) -> OnlineSession:
    """Note why somebody sees who takes part, or opens minutes or recording: they show and name people.

    Raises NotFound, NotYourDuty, VisitorKept, MinutesAreKept, BadInput.
    """
    session = session_for(session_id, actor=actor, on=local_day(at))
    if "files" in fields:
        must_open_files(session, actor, at)
    else:
        must_see_parties(session, actor, at)
    log_look_up(session, fields=fields, reason=reason, actor=actor, at=at)
    return session
