"""What a lawyer notes of a consultation: sealed at once, opened to that lawyer, and with a reason to who leads legal aid."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.assistance import events, rules
from thongsuot.assistance.actions import errors
from thongsuot.assistance.actions.common import refuse, words_of
from thongsuot.assistance.models import Consultation, Helper, HelpShift
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.text import nfc
from thongsuot.people.actions import log_look_up
from thongsuot.signing.sealing import opened, seal
from thongsuot.units import queries as units


class AidNote(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing of it is ever an event, a log line or a search key."""

    topic: str
    outcome: str
    referred_to: str
    words: str

    @property
    def topic_words(self) -> str:
        return str(rules.Topic(self.topic).label)

    @property
    def outcome_words(self) -> str:
        return str(rules.Outcome(self.outcome).label)


@command
def note_consultation(
    shift_id: int, *, topic: str, outcome: str, referred_to: str = "", words: str = "", actor: Actor, at: datetime
) -> Consultation:
    """By the lawyer whose shift it is, from its day on for a week. Raises NotFound, ShiftNotThere, WeekOver, BadInput."""
    mine = HelpShift.objects.filter(pk=shift_id, helper__kind=Helper.Kind.LAWYER, helper__person=actor.person_id or 0)
    shift = must_exist(mine.select_for_update(of=("self",)).first())
    if (timezone.localdate(at) - shift.day).days > rules.COUNTED_WITHIN:
        raise errors.WeekOver
    if not may_note(shift, at):
        raise errors.ShiftNotThere
    problems: dict[str, str] = {}
    referred_to = words_of(referred_to, "referred_to", problems, most=200, required=outcome == rules.Outcome.REFERRED)
    words = nfc(words)
    if topic not in rules.Topic.values:
        problems["topic"] = _("Hãy chọn một lĩnh vực trong danh sách.")
    if outcome not in rules.Outcome.values:
        problems["outcome"] = _("Hãy chọn một kết quả trong danh sách.")
    if len(words) > rules.NOTE_AT_MOST:
        problems["words"] = _("Ghi chép dài quá %(most)s chữ. Hãy viết ngắn lại.") % {"most": rules.NOTE_AT_MOST}
    refuse(problems)
    note = AidNote(topic=topic, outcome=outcome, referred_to=referred_to, words=words)
    sealed = seal(msgspec.json.encode(note), what=rules.SEALED_FOR)
    one = Consultation.objects.create(shift=shift, noted_at=at, note=sealed)
    record(events.CONSULTED, one, actor=actor, at=at, unit_id=units.unit_of_point(shift.point_id))
    return one


def may_note(shift: HelpShift, at: datetime) -> bool:
    """Its lawyer may still note that somebody was advised."""
    return shift.cancelled_at is None and 0 <= (timezone.localdate(at) - shift.day).days <= rules.COUNTED_WITHIN


def unsealed(one: Consultation) -> AidNote:
    """For who may read it: the caller has asked. Raises DoesNotOpen under another secret key."""
    return msgspec.json.decode(opened(bytes(one.note), what=rules.SEALED_FOR), type=AidNote)


@command
def open_note(consultation_id: int, *, reason: str, actor: Actor, at: datetime) -> AidNote:
    """By who leads legal aid, with a reason that is kept. Raises NotFound, NotYourDuty, BadInput."""
    one = must_exist(Consultation.objects.select_related("shift__helper").filter(pk=consultation_id).first())
    actor.must(rules.LEAD_AID, unit_id=one.shift.helper.unit_id)
    # Of who was advised no account is known: whose notes they are learns that somebody read them.
    about = one.shift.helper.person_id
    log_look_up(one, fields=("legal_note",), reason=reason, about_id=about, actor=actor, at=at)
    return unsealed(one)
