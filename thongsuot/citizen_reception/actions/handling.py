"""What is done about an entry: its slip, a refusal in time, the receipt of papers, what became of it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.citizen_reception import events, printing, rules
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.actions.common import checked_words, locked_entry, tell, too_long
from thongsuot.citizen_reception.actions.registering import must_see
from thongsuot.citizen_reception.models import ReceptionEntry, ReceptionSlip
from thongsuot.citizen_reception.queries.settings import setting
from thongsuot.files.actions import store
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import local_day
from thongsuot.notices.rules import Recipient
from thongsuot.numbering.actions import draw
from thongsuot.units import queries as units

Way, State, Form = ReceptionEntry.Way, ReceptionEntry.State, ReceptionSlip.Form
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

    Raises NotFound, NotYourDuty, AlreadyHandled, GroundsKnown, BadInput.
    """
    entry = locked_entry(entry_id, actor=actor, at=at)
    if entry.way:
        raise errors.AlreadyHandled
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
def handle(entry_id: int, *, way: str, words: str, body: str = "", actor: Actor, at: datetime) -> ReceptionEntry:
    """Make the slip, once. Accepted, it goes on; guided, transferred or refused, it is done here.

    words   what the slip says; of a refusal without grounds noted before, the grounds
    body    where it is guided or transferred to; left out: the competent body it was classified with
    Raises NotFound, NotYourDuty, AlreadyHandled, NotClassified, VisitorKept, BadInput.
    """
    entry = locked_entry(entry_id, actor=actor, at=at)
    if entry.way:
        raise errors.AlreadyHandled
    if not entry.kind:
        raise errors.NotClassified
    must_see(entry, actor, at)  # the slip names who came
    if way not in Way.values:
        raise BadInput({"way": _("Hãy chọn cách xử lý.")})
    words = checked_words("words", words, most=rules.WORDS_AT_MOST, empty=_("Hãy ghi nội dung xử lý, phiếu in ra có phần này."))
    body = one_line(body) or entry.competent_body
    if len(body) > 200:
        raise BadInput({"body": too_long(200)})
    if way in {Way.GUIDED, Way.TRANSFERRED} and not body:
        raise BadInput({"body": _("Hãy ghi tên cơ quan có thẩm quyền.")})
    entry.competent_body = body if way in {Way.GUIDED, Way.TRANSFERRED} else entry.competent_body
    if way == Way.REFUSED and entry.grounds_at is None:
        _put_grounds(entry, words[:1000], at, at)
    entry.way, entry.handled_words, entry.handled_at = way, words, at
    entry.state = State.ACCEPTED if way == Way.ACCEPTED else State.CLOSED
    entry.closed_at = None if way == Way.ACCEPTED else at
    entry.save()
    slip = _slip(entry, Form.HANDLING, actor=actor, at=at)
    told = tell(
        entry,
        _recipient(entry),
        code=str(entry),
        what=_TOLD[Way(way)] % {"body": body},
        key=f"{events.HANDLED.name}/{entry.pk}",
        actor=actor,
        at=at,
    )
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
    """What became of what was accepted; who came is told. Raises NotFound, NotYourDuty, NotAccepted, BadInput."""
    entry = locked_entry(entry_id, actor=actor, at=at)
    if entry.state != State.ACCEPTED:
        raise errors.NotAccepted
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
