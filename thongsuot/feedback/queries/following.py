"""What the sender of a ticket sees of it: where it is and why, what was said, what may be done. No name, no internal note."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback.actions import asked_until, may_reopen, reopen_until
from thongsuot.feedback.models import Answer, Extension, FeedbackTicket, Message, Photo, Rating, Reporter, Routing
from thongsuot.feedback.queries.settings import setting
from thongsuot.feedback.rules import masking
from thongsuot.feedback.words import ReturnReason
from thongsuot.kernel.text import instant
from thongsuot.units import queries as units

State = FeedbackTicket.State
TAGS = {
    State.NEW: "new",
    State.VALIDATING: "new",
    State.ASKED: "wait",
    State.REFUSED: "end",
    State.ROUTED: "go",
    State.ACCEPTED: "go",
    State.IN_PROGRESS: "go",
    State.ANSWERED: "go",
    State.APPROVED: "done",
    State.PUBLISHED: "done",
    State.RATED: "done",
    State.CLOSED: "end",
    State.MERGED: "go",
    State.HANDED_OVER: "end",
}
WORKED_ON = frozenset({State.ROUTED, State.ACCEPTED, State.IN_PROGRESS, State.ANSWERED})
ANSWERED = frozenset({State.APPROVED, State.PUBLISHED, State.RATED, State.CLOSED})
CANNOT_WRITE = frozenset({State.REFUSED, State.HANDED_OVER, State.MERGED, State.CLOSED})


@dataclass(frozen=True, kw_only=True)
class Step:
    """As the macro `timeline` draws it."""

    state: str
    title: str
    lines: list[str]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message of the talk, and its pictures' ids."""

    who: str
    words: str
    at: datetime
    photos: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class SeenAnswer:
    unit: str
    words: str
    at: datetime
    done: bool
    photos: list[Photo]


@dataclass(frozen=True, kw_only=True)
class Followed:
    """One ticket for its sender. `worked`: the one that is worked on, its parent when it was merged. Of that one they see where
    it is and what was answered, as everybody may read it; what its own sender and handlers wrote to each other stays with them.

    note     how it stands: kind, title, sentence
    reopen   until when it may be opened again, and how often still; None: no more
    """

    ticket: FeedbackTicket
    worked: FeedbackTicket
    unit: str
    tag: str
    state: str
    note: tuple[str, str, str]
    due: str
    steps: list[Step]
    talk: list[Said]
    answers: list[SeenAnswer]
    photos: list[Photo]
    may_write: bool
    may_rate: bool
    rating: Rating | None
    reopen: tuple[datetime, int] | None


def mine(person_id: int) -> QuerySet[FeedbackTicket]:
    """What an account sent, the newest first."""
    rows = FeedbackTicket.objects.filter(reporter__person_id=person_id).select_related("category", "parent")
    return rows.order_by("-reported_at", "-pk")


def followed(ticket: FeedbackTicket, *, now: datetime) -> Followed:
    worked = ticket.parent or ticket
    own = worked.pk == ticket.pk
    routings = list(worked.routings.order_by("routed_at", "pk"))
    extensions = list(worked.asked_extensions.filter(granted=True).order_by("decided_at"))
    answers = list(worked.replies.filter(state=Answer.State.APPROVED).order_by("-round").prefetch_related("photos"))
    messages = list(ticket.messages.order_by("at", "pk").prefetch_related("photos"))
    ratings = {one.round: one for one in ticket.ratings.all()}
    rating = ratings.get(worked.round)
    answered = worked.state in ANSWERED and worked.answered_at is not None
    return Followed(
        ticket=ticket,
        worked=worked,
        unit=_unit(worked.unit_id, now),
        tag=TAGS[State(worked.state)],
        state=str(ticket.get_state_display() if ticket.parent_id else worked.get_state_display()),
        note=_note(ticket, worked, routings, messages, now, settled=not answers or answers[0].done),
        due=due_words(worked, now, own=own),
        steps=_steps(ticket, worked, routings, extensions, answers, now),
        talk=[
            Said(
                who=_("Bạn") if one.by_sender else _unit(one.unit_id or worked.city_id, now),
                words=one.words,
                at=one.at,
                photos=[photo.pk for photo in one.photos.all()],
            )
            for one in messages
        ],
        answers=[
            SeenAnswer(
                unit=_unit(one.unit_id, now),
                words=one.words if own else masking.words_for_others(one.public_words, one.words, worked.reporter.name),
                at=one.decided_at or one.written_at,
                done=one.done,
                photos=[photo for photo in one.photos.all() if own or photo.public_id],
            )
            for one in answers
        ],
        photos=list(ticket.photos.filter(role=Photo.Role.REPORT).order_by("pk")),
        may_write=ticket.state not in CANNOT_WRITE,
        may_rate=answered and rating is None,
        rating=rating,
        reopen=_reopen(worked, ticket.reporter, now),
    )


def may_see(ticket: FeedbackTicket, photo_id: int) -> Photo | None:
    """A picture the sender may see: their own, and those of answers they were given; of another's ticket what is public."""
    found = Photo.objects.filter(pk=photo_id, ticket_id__in=[ticket.pk, ticket.parent_id or ticket.pk]).first()
    if found is None:
        return None
    own = found.ticket_id == ticket.pk and found.role in {Photo.Role.REPORT, Photo.Role.REPLY}
    given = found.answer_id is not None and Answer.objects.filter(pk=found.answer_id, state=Answer.State.APPROVED).exists()
    return found if own or (given and (found.ticket_id == ticket.pk or found.public_id)) else None


def _unit(unit_id: int | None, now: datetime) -> str:
    return units.unit_row(unit_id, as_of=timezone.localdate(now)).full_name if unit_id else ""


def due_words(ticket: FeedbackTicket, now: datetime, *, own: bool = True) -> str:
    """Who does what until when; "" when nothing is waited for. `own`: whoever reads it sent this very one."""
    if ticket.state == State.ASKED and own and (until := asked_until(ticket)) is not None:
        then = (
            _("Hãy trả lời trước %(when)s. Sau đó nơi tiếp nhận xem tiếp với những gì đã có.")
            if ticket.suspected
            else _("Hãy trả lời trước %(when)s. Sau đó, nếu chưa có bổ sung, phản ánh không được tiếp nhận.")
        )
        return then % {"when": instant(until)}
    if ticket.state in WORKED_ON and ticket.due_at:
        return _("%(unit)s trả lời trước %(when)s.") % {"unit": _unit(ticket.unit_id, now), "when": instant(ticket.due_at)}
    if ticket.state in {State.NEW, State.VALIDATING} and ticket.step_due_at:
        return _("Nơi tiếp nhận của thành phố xem và chuyển đến đơn vị giải quyết trước %(when)s.") % {
            "when": instant(ticket.step_due_at)
        }
    return ""


def _note(
    ticket: FeedbackTicket,
    worked: FeedbackTicket,
    routings: list[Routing],
    messages: list[Message],
    now: datetime,
    *,
    settled: bool,
) -> tuple[str, str, str]:
    """How it stands and why, in words of the person who waits."""
    if ticket.state == State.REFUSED:
        why = ticket.refusal_words or _("Chúng tôi đã hỏi thêm mà chưa nhận được bổ sung trong thời hạn.")
        title = _("Phản ánh không được tiếp nhận: %(reason)s.") % {"reason": ticket.get_refusal_display()}
        return "warn", title, _("%(why)s Nếu việc vẫn còn, bạn có thể gửi phản ánh mới.") % {"why": _ended(why)}
    if ticket.state == State.HANDED_OVER:
        return (
            "info",
            _("Nội dung này là khiếu nại hoặc tố cáo nên đã chuyển sang tiếp công dân."),
            _("Luật có cách giải quyết riêng, thời hạn riêng. Nơi tiếp công dân sẽ báo cho bạn."),
        )
    if ticket.state == State.ASKED:
        asked = next((one.words for one in reversed(messages) if one.asks), "")
        return "warn", _("Cần bạn bổ sung:"), asked
    if worked.state in ANSWERED:
        told = ("ok", _("Đã có trả lời.")) if settled else ("warn", _("Đã có trả lời: việc này chưa giải quyết được."))
        return *told, _what_is_public(worked)
    merged = (
        _("Nhiều người đã phản ánh cùng việc này, nên được giải quyết chung. Bạn nhận được trả lời như mọi người.")
        if ticket.parent_id
        else ""
    )
    if worked.suspected:
        return "info", _("Nơi tiếp nhận đang xem nội dung này thuộc loại việc nào."), merged
    if worked.state in WORKED_ON and worked.due_at and now > worked.due_at:
        return (
            "bad",
            _("Việc này đã quá hạn trả lời. Chúng tôi xin lỗi bạn."),
            _("Lãnh đạo đơn vị và thành phố đã được báo. %(unit)s phải trả lời sớm nhất có thể.")
            % {"unit": _unit(worked.unit_id, now)},
        )
    returned = next((one for one in reversed(routings) if one.returned_at and one.return_reason), None)
    if returned is not None and worked.state in {State.NEW, State.VALIDATING, State.ROUTED}:
        title, now_with = _returned(returned, worked, now)
        return "info", title, " ".join(filter(None, [now_with, merged]))
    if worked.state in {State.NEW, State.VALIDATING}:
        return "info", _("Nơi tiếp nhận của thành phố đang xem phản ánh của bạn."), merged
    titles = {
        State.ROUTED: _("Đã chuyển đến %(unit)s, đang chờ đơn vị nhận."),
        State.ACCEPTED: _("%(unit)s đã nhận việc này."),
        State.IN_PROGRESS: _("%(unit)s đang giải quyết việc này."),
        State.ANSWERED: _("%(unit)s đã viết trả lời, đang chờ lãnh đạo duyệt."),
        State.ASKED: _("%(unit)s đang hỏi thêm người gửi đầu tiên về việc này."),  # of somebody who hangs on that one
    }
    return "info", titles[State(worked.state)] % {"unit": _unit(worked.unit_id, now)}, merged


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _what_is_public(worked: FeedbackTicket) -> str:
    if worked.published_at is not None:
        return _("Câu hỏi và trả lời được công khai, không nêu tên và liên hệ của bạn.")
    if worked.withheld:
        return _("Phản ánh và trả lời không được công khai. Lý do: %(reason)s.") % {"reason": worked.get_withheld_display()}
    return _("Nếu phản ánh được công khai, tên và liên hệ của bạn không được nêu.")


def _returned(routing: Routing, worked: FeedbackTicket, now: datetime) -> tuple[str, str]:
    """Which unit said that it is not theirs, and who has it now."""
    who = {"unit": _unit(routing.unit_id, now)}
    title = {
        ReturnReason.NOT_OURS: _("%(unit)s cho biết việc này không thuộc thẩm quyền của mình."),
        ReturnReason.OTHER_PLACE: _("%(unit)s cho biết nơi xảy ra thuộc địa bàn khác."),
        ReturnReason.OTHER_CATEGORY: _("%(unit)s cho biết việc này thuộc lĩnh vực khác."),
    }[ReturnReason(routing.return_reason)]
    if worked.unit_id is not None:
        return title % who, _("Nay %(unit)s giải quyết.") % {"unit": _unit(worked.unit_id, now)}
    return title % who, _("Nơi tiếp nhận của thành phố đang chọn lại đơn vị giải quyết. Bạn không phải gửi lại.")


def _steps(
    ticket: FeedbackTicket,
    worked: FeedbackTicket,
    routings: list[Routing],
    extensions: list[Extension],
    answers: list[Answer],
    now: datetime,
) -> list[Step]:
    """What happened, oldest first; then what is to come."""
    found = [Step(state="done", title=_("Bạn đã gửi phản ánh"), lines=[], at=ticket.reported_at)]

    def add(title: str, at: datetime | None, *lines: str) -> None:
        if at is not None:
            found.append(Step(state="done", title=title, lines=[line for line in lines if line], at=at))

    if ticket.parent_id:
        add(_("Đã gộp với phản ánh khác về cùng việc"), ticket.ended_at)
    rounds = {one.round: one.routed_at for one in reversed(routings)}
    for number, since in rounds.items():
        if number > 1:
            add(_("Được giải quyết lại: có người cho biết việc chưa xong"), since)
    for one in routings:
        unit = {"unit": _unit(one.unit_id, now)}
        because = _("Vì: %(why)s.") % {"why": one.get_because_display()}
        add(_("Đã chuyển đến %(unit)s") % unit, one.routed_at, because)
        add(_("%(unit)s đã nhận") % unit, one.accepted_at)
        if one.return_reason:
            words = one.return_words if worked.pk == ticket.pk else ""
            add(_("%(unit)s đã trả lại") % unit, one.returned_at, str(one.get_return_reason_display()), words)
    for more in extensions:
        why = more.reason if worked.pk == ticket.pk else masking.words_for_others("", more.reason, worked.reporter.name)
        add(_("Đã gia hạn đến %(until)s") % {"until": instant(more.new_due_at)}, more.decided_at, why)
    for reply in answers:
        add(_("%(unit)s đã trả lời") % {"unit": _unit(reply.unit_id, now)}, reply.decided_at)
    add(_("Đã công khai"), worked.published_at)
    for rating in ticket.ratings.all():
        add(_("Bạn đã đánh giá: %(level)s") % {"level": rating.get_level_display()}, rating.at)
    if ticket.state in {State.REFUSED, State.HANDED_OVER, State.CLOSED}:
        add(str(ticket.get_state_display()), ticket.ended_at)
    found.sort(key=lambda step: step.at)
    told = [Step(state=s.state, title=s.title, lines=[instant(s.at), *s.lines], at=s.at) for s in found]
    if due := due_words(worked, now, own=worked.pk == ticket.pk):
        told.append(Step(state="next", title=_("Tiếp theo"), lines=[due], at=now))
    return told


def _reopen(ticket: FeedbackTicket, sender: Reporter, now: datetime) -> tuple[datetime, int] | None:
    if not may_reopen(ticket, now, sender=sender):
        return None
    left = setting("reopens_most", city_id=ticket.city_id, on=timezone.localdate(now)) + 1 - ticket.round
    return reopen_until(ticket, now, sender=sender), left
