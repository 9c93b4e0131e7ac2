"""What is done about an entry: its slip, a refusal in time, another unit that goes on, receipts, what became of it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.citizen_reception import events, printing, rules
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.actions.common import (
    came_here,
    checked_words,
    locked_entry,
    must_see,
    put_due,
    tell,
    too_long,
)
from thongsuot.citizen_reception.models import ReceptionEntry, ReceptionSlip, ReceptionTransfer
from thongsuot.citizen_reception.queries.access import must_lead
from thongsuot.citizen_reception.queries.register import units_to_send_to
from thongsuot.citizen_reception.queries.settings import setting
from thongsuot.files.actions import store
from thongsuot.kernel import text
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.deadlines import Limit, LimitUnit, due_at
from thongsuot.kernel.errors import BadInput, NotYourDuty, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import local_day
from thongsuot.notices.rules import Recipient
from thongsuot.numbering.actions import draw
from thongsuot.units import queries as units

Way, State, Ended, Form = ReceptionEntry.Way, ReceptionEntry.State, ReceptionEntry.Ended, ReceptionSlip.Form
PURPOSE = "reception.slip"
# What the letter says in Vietnamese; of a denunciation too, for it goes to who came, and it names no kind.
_TOLD = {
    Way.ACCEPTED: "Nội dung bạn trình bày đã được tiếp nhận để giải quyết.",
    Way.GUIDED: "Nội dung này thuộc thẩm quyền của %(body)s. Hãy gửi đến cơ quan đó.",
    Way.TRANSFERRED: "Nội dung này đã được chuyển đến %(body)s để giải quyết.",
    Way.REFUSED: "Đơn vị từ chối tiếp, đã có thông báo bằng văn bản. Hãy đến nhận hoặc gọi để biết lý do.",
}


@command
def note_grounds(entry_id: int, *, grounds: str, since: datetime, actor: Actor, at: datetime) -> ReceptionEntry:
    """There are grounds to refuse: from `since` on the days for the written notice run.

    Raises NotFound, NotYourDuty, AlreadyHandled, VisitorKept, GroundsKnown, BadInput.
    """
    entry = locked_entry(entry_id, actor=actor, at=at)
    if entry.way or not entry.is_open:
        raise errors.AlreadyHandled
    must_see(entry, actor, at)
    if entry.grounds_at is not None:
        raise errors.GroundsKnown
    _put_grounds(entry, grounds, since, at)
    entry.save(update_fields=["grounds", "grounds_at", "refusal_due_at"])
    told = {"since": entry.grounds_at, "due": entry.refusal_due_at}
    record(events.GROUNDS_NOTED, entry, actor=actor, at=at, unit_id=entry.unit_id, **told)
    return entry


def _put_grounds(entry: ReceptionEntry, grounds: str, since: datetime, at: datetime) -> None:
    """Raises BadInput."""
    grounds = one_line(grounds)
    if not grounds:
        raise BadInput({"grounds": _("Hãy ghi căn cứ từ chối: điều khoản nào, vì sao.")})
    if len(grounds) > 1000:
        raise BadInput({"grounds": too_long(1000)})
    if not entry.received_at <= since <= at:
        raise BadInput({"since": _("Căn cứ có từ lúc tiếp đến bây giờ. Hãy xem lại ngày, giờ.")})
    days, calendar = (
        setting("refusal_notice_days", on=local_day(since)),
        units.working_calendar(entry.unit_id, on=local_day(since)),
    )
    entry.grounds, entry.grounds_at = grounds, since
    entry.refusal_due_at = rules.refusal_due_at(since, days, calendar)


@command
def handle(
    entry_id: int,
    *,
    way: str,
    words: str,
    body: str = "",
    to_unit_id: int | None = None,
    since: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> ReceptionEntry:
    """Make the slip, once in each unit. Accepted, it goes on; guided, refused, or transferred out of the city, it is done here;
    transferred to a unit of the city, it is that unit's to handle from now on.

    words       what the slip says; of a refusal without grounds noted before, the grounds
    body        where it is guided or transferred to; left out: the competent body it was classified with
    to_unit_id  the unit of the city it is transferred to, in place of `body`
    since       when the grounds of a refusal arose, unless they were noted before: the days of its notice run from then
    Raises NotFound, NotYourDuty, AlreadyHandled, NotClassified, VisitorKept, SessionAhead, BadInput.
    """
    entry = locked_entry(entry_id, actor=actor, at=at)
    if entry.way or not entry.is_open:
        raise errors.AlreadyHandled
    if not entry.kind:
        raise errors.NotClassified
    must_see(entry, actor, at)  # the slip names who came
    if way not in Way.values:
        raise BadInput({"way": _("Hãy chọn cách xử lý.")})
    words = checked_words("words", words, most=rules.WORDS_AT_MOST, empty=_("Hãy ghi nội dung xử lý, phiếu in ra có phần này."))
    to_unit = _unit_to(entry, to_unit_id, at) if way == Way.TRANSFERRED and to_unit_id is not None else ""
    body = to_unit or one_line(body) or entry.competent_body
    if len(body) > 200:
        raise BadInput({"body": too_long(200)})
    if way in {Way.GUIDED, Way.TRANSFERRED}:
        if not body:
            raise BadInput({"body": _("Hãy ghi tên cơ quan có thẩm quyền.")})
        entry.competent_body = body
    if way == Way.REFUSED and entry.grounds_at is None:
        if since is None:
            raise BadInput({"since": _("Hãy ghi căn cứ từ chối có từ ngày, giờ nào: hạn ra thông báo tính từ lúc đó.")})
        _put_grounds(entry, words[:1000], since, at)
    entry.way, entry.handled_words, entry.handled_at = way, words, at
    entry.state = State.ACCEPTED if way == Way.ACCEPTED else State.CLOSED
    entry.closed_at = None if way == Way.ACCEPTED else at
    was_due = entry.due_at
    if was_due is not None and was_due < at:
        entry.late_since = entry.late_since or was_due  # what runs next is due at another instant
    if way == Way.ACCEPTED:
        put_due(entry, at)
    entry.save()
    slip = _slip(entry, Form.HANDLING, actor=actor, at=at)
    told = tell(
        entry,
        _recipient(entry),
        code=str(entry),
        what=_TOLD[Way(way)] % {"body": body} + _until(entry),
        key=f"{events.HANDLED.name}/{entry.pk}/{slip.pk}",
        actor=actor,
        at=at,
    )
    if to_unit_id is not None and to_unit:
        return _arrived(entry, to_unit_id, slip, told=told, actor=actor, at=at)
    record(
        events.HANDLED,
        entry,
        actor=actor,
        at=at,
        unit_id=entry.unit_id,
        way=way,
        slip=slip.number,
        told=told,
        due=entry.refusal_due_at,
    )
    return entry


def _until(entry: ReceptionEntry) -> str:
    """Until when what was accepted is to be settled, where a law says."""
    if entry.state != State.ACCEPTED or entry.due_at is None:
        return ""
    return f" Hạn giải quyết: ngày {text.day(local_day(entry.due_at))}."


def _unit_to(entry: ReceptionEntry, to_unit_id: int, at: datetime) -> str:
    """Its name. Raises BadInput, SessionAhead."""
    _must_have_no_session_ahead(entry)
    if entry.transfers.filter(from_unit=entry.unit_id, to_unit=to_unit_id).exists():
        said = _("Đơn vị của bạn đã chuyển lượt tiếp này đến đó một lần. Hãy chọn đơn vị khác, hoặc giải quyết.")
        raise BadInput({"to_unit": said})
    found = dict(units_to_send_to(entry, on=local_day(at)))
    if to_unit_id not in found:
        raise BadInput({"to_unit": errors.NobodyReceives(entry.kind).message()})
    return found[to_unit_id]


def _must_have_no_session_ahead(entry: ReceptionEntry) -> None:
    if entry.sessions.filter(ended_at=None).exists():
        raise errors.SessionAhead


def _arrived(
    entry: ReceptionEntry, to_unit_id: int, slip: ReceptionSlip, *, told: bool, actor: Actor, at: datetime
) -> ReceptionEntry:
    """The other unit has it as if it had come there now: to classify, to handle, with days of its own. Number and book stay."""
    from_unit_id = entry.unit_id
    ReceptionTransfer.objects.create(
        entry=entry,
        from_unit_id=from_unit_id,
        to_unit_id=to_unit_id,
        slip=slip,
        words=entry.handled_words,
        due_at=entry.due_at,
        refusal_due_at=entry.refusal_due_at,
        at=at,
        by_name=actor.name,
    )
    entry.unit_id, entry.state, entry.closed_at = to_unit_id, State.RECEIVED, None
    entry.way, entry.handled_words, entry.handled_at = "", "", None
    entry.competence, entry.competent_body = ReceptionEntry.Competence.UNCLEAR, ""
    entry.grounds, entry.grounds_at, entry.refusal_due_at = "", None, None
    put_due(entry, at)
    entry.save()
    told_of = {"from_unit": from_unit_id, "to_unit": to_unit_id, "slip": slip.number, "told": told, "due": entry.due_at}
    record(events.TRANSFERRED, entry, actor=actor, at=at, unit_id=to_unit_id, **told_of)
    return entry


@command
def extend(entry_id: int, *, reason: str, actor: Actor, at: datetime) -> ReceptionEntry:
    """A complex matter gets the law's days more, as often as it allows, before its time is over; who leads the unit decides,
    who came is told. Raises NotFound, NotYourDuty, NotAccepted, TooLateToExtend, NoMoreTime, BadInput.
    """
    entry = locked_entry(entry_id, actor=actor, at=at)
    day = local_day(at)
    must_lead(actor, entry.unit_id, on=day)
    if entry.state != State.ACCEPTED or entry.due_at is None or entry.handled_at is None or entry.kind not in rules.EXTEND:
        raise errors.NotAccepted
    if at > entry.due_at:
        raise errors.TooLateToExtend
    days, most = (setting(key, on=local_day(entry.handled_at)) for key in rules.EXTEND[entry.kind])
    if entry.extensions >= most:
        raise errors.NoMoreTime(most)
    entry.extended_because = checked_words("reason", one_line(reason), most=300, empty=_("Hãy ghi lý do."))
    calendar = units.working_calendar(entry.unit_id, on=day)
    before, entry.due_at = entry.due_at, due_at(entry.due_at, Limit(days, LimitUnit.CALENDAR_DAYS), calendar)
    entry.extensions += 1
    entry.save(update_fields=["due_at", "extensions", "extended_because"])
    told = tell(
        entry,
        _recipient(entry),
        code=str(entry),
        what=f"Việc phức tạp nên được gia hạn.{_until(entry)}",
        key=f"{events.EXTENDED.name}/{entry.pk}/{entry.extensions}",
        actor=actor,
        at=at,
    )
    record(events.EXTENDED, entry, actor=actor, at=at, unit_id=entry.unit_id, due=entry.due_at, was=before, told=told)
    return entry


@command
def fill_due(entry_id: int, *, actor: Actor, at: datetime) -> ReceptionEntry:
    """By the house alone: what was open before due instants were kept gets the one of the step that runs, by the law of the day
    on which that began. Raises NotYourDuty, NotFound."""
    if not actor.trusted:
        raise NotYourDuty(rules.DUTY)
    rows = ReceptionEntry.objects.select_for_update(of=("self",)).exclude(state=State.CLOSED)
    entry = must_exist(rows.filter(pk=entry_id, due_at=None).first())
    put_due(entry, entry.handled_at if entry.state == State.ACCEPTED and entry.handled_at else came_here(entry))
    entry.save(update_fields=["due_at"])
    record(events.DUE_FILLED, entry, actor=actor, at=at, unit_id=entry.unit_id, due=entry.due_at)
    return entry


@command
def end_entry(entry_id: int, *, because: str, reason: str, actor: Actor, at: datetime) -> ReceptionEntry:
    """It ends without a result: withdrawn, the same as another, a mistake; or it is no complaint and no denunciation, and
    whoever handed it over goes on with it (they listen to `citizen_reception.given_back`).

    Raises NotFound, NotYourDuty, AlreadyHandled, VisitorKept, NothingHandedOver, SessionAhead, BadInput.
    """
    entry = locked_entry(entry_id, actor=actor, at=at)
    if not entry.is_open:
        raise errors.AlreadyHandled
    must_see(entry, actor, at)
    if because not in Ended.values:
        raise BadInput({"because": _("Hãy chọn vì sao kết thúc.")})
    reason = checked_words("reason", reason, most=1000, empty=_("Hãy ghi lý do."))
    _must_have_no_session_ahead(entry)
    about = {"about": entry.about_subject, "about_id": entry.about_id}
    entry.ended_because, entry.result, entry.state, entry.closed_at = because, reason, State.CLOSED, at
    if because == Ended.RETURNED:
        if entry.about_id is None:
            raise errors.NothingHandedOver
        entry.about_subject, entry.about_id = "", None  # it may be handed over again, and is a new line then
        entry.save()
        record(events.GIVEN_BACK, entry, actor=actor, at=at, unit_id=entry.unit_id, **about)
        return entry
    entry.save()
    told = tell(
        entry,
        _recipient(entry),
        code=str(entry),
        what="Lượt tiếp này đã kết thúc, không giải quyết tiếp. Nếu bạn không đồng ý, hãy liên hệ nơi tiếp.",
        key=f"{events.ENDED.name}/{entry.pk}",
        actor=actor,
        at=at,
    )
    record(events.ENDED, entry, actor=actor, at=at, unit_id=entry.unit_id, because=because, told=told)
    return entry


@command
def make_receipt(entry_id: int, *, actor: Actor, at: datetime) -> ReceptionSlip:
    """A receipt of all papers handed in so far. Raises NotFound, NotYourDuty, VisitorKept, NothingHandedIn."""
    entry = locked_entry(entry_id, actor=actor, at=at)
    must_see(entry, actor, at)
    if not entry.papers.exists():
        raise errors.NothingHandedIn
    slip = _slip(entry, Form.RECEIPT, actor=actor, at=at)
    record(events.RECEIPT_MADE, entry, actor=actor, at=at, unit_id=entry.unit_id, slip=slip.number)
    return slip


@command
def close_entry(entry_id: int, *, result: str, actor: Actor, at: datetime) -> ReceptionEntry:
    """What became of what was accepted; who came is told. Raises NotFound, NotYourDuty, NotAccepted, VisitorKept, BadInput."""
    entry = locked_entry(entry_id, actor=actor, at=at)
    if entry.state != State.ACCEPTED:
        raise errors.NotAccepted
    must_see(entry, actor, at)
    entry.result = checked_words("result", result, most=rules.WORDS_AT_MOST, empty=_("Hãy ghi kết quả giải quyết."))
    entry.state, entry.closed_at = State.CLOSED, at
    entry.save(update_fields=["result", "state", "closed_at"])
    told = tell(
        entry,
        _recipient(entry),
        code=str(entry),
        # Another may read it over a shoulder: of a denunciation the words themselves are not sent.
        what="Đã có kết quả giải quyết. Hãy liên hệ nơi tiếp để nhận."
        if entry.is_kept_close
        else f"Kết quả giải quyết: {entry.result}",
        key=f"{events.CLOSED.name}/{entry.pk}",
        actor=actor,
        at=at,
    )
    record(events.CLOSED, entry, actor=actor, at=at, unit_id=entry.unit_id, told=told)
    return entry


def _recipient(entry: ReceptionEntry) -> Recipient:
    return Recipient(name=entry.visitor.name, email=entry.visitor.email, phone=entry.visitor.phone)


def _slip(entry: ReceptionEntry, form: ReceptionSlip.Form, *, actor: Actor, at: datetime) -> ReceptionSlip:
    """Numbered first, for the paper bears the number; the series waits for the typesetting of one page."""
    year = local_day(at).year
    number, _given_at = draw(f"reception.{form.value}", unit_id=entry.unit_id, bucket=str(year), at=at)
    pdf = printing.slip_pdf(entry, form=form, number=number, by=actor, at=at)
    name = f"{'phieu-xu-ly' if form == Form.HANDLING else 'giay-bien-nhan'}-{number}-{year}.pdf"
    return ReceptionSlip.objects.create(
        entry=entry,
        form=form,
        series_unit=entry.unit_id,
        year=year,
        number=number,
        file=store(pdf, name=name, actor=actor, at=at, purpose=PURPOSE),
        made_at=at,
        made_by_name=actor.name,
    )
