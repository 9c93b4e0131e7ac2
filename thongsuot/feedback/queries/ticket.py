"""One ticket as its handlers see it: who may open it, what belongs to it, what may be done now and by whom."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.citizen_reception.queries import register as reception
from thongsuot.feedback.actions.common import (
    APPROVE,
    HANDLE,
    TAKE,
    TOLD,
    UNANSWERED,
    WITH_OPERATOR,
    WITH_UNIT,
    handles,
    late_since,
    number_of,
    reaches_sender,
)
from thongsuot.feedback.actions.handling import asked_in_round, extended_in_round
from thongsuot.feedback.actions.placing import way_of
from thongsuot.feedback.models import (
    Answer,
    AnswerTemplate,
    CategoryQuestion,
    Escalation,
    Extension,
    FeedbackTicket,
    InternalNote,
    Message,
    Photo,
    Rating,
    Routing,
)
from thongsuot.feedback.models.tickets import OPEN
from thongsuot.feedback.rules.routing import Placed, Way
from thongsuot.feedback.words import PlaceBy, Stream
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

State = FeedbackTicket.State
DUTIES = (TAKE, HANDLE, APPROVE)
_TALKS = frozenset(State.values) - {State.REFUSED, State.HANDED_OVER, State.MERGED, State.CLOSED}


def seen_by(actor: Actor) -> Q:
    """Tickets an officer may open: of the city they take for, of their units and those these answer for, and what was merged
    into one of theirs."""
    mine = frozenset().union(*(actor.units_for(duty) for duty in DUTIES))
    if mine and actor.day is not None:
        mine |= units.kept_by(mine, on=actor.day)
    return Q(city__in=actor.units_for(TAKE)) | Q(unit__in=mine) | Q(parent__unit__in=mine)


def seen_among(ticket_ids: Collection[int], *, actor: Actor) -> frozenset[int]:
    """Those of these that the actor may open. One query."""
    rows = FeedbackTicket.objects.filter(pk__in=ticket_ids)
    return frozenset((rows if actor.trusted else rows.filter(seen_by(actor))).values_list("pk", flat=True))


def access_ticket(ticket_id: int, *, actor: Actor) -> FeedbackTicket:
    """Raises NotFound: what one may not see is not there."""
    rows = FeedbackTicket.objects.select_related("category", "handler", "taken_by", "parent", "about_dossier", "reporter")
    if not actor.trusted:
        rows = rows.filter(seen_by(actor))
    return must_exist(rows.filter(pk=ticket_id).first())


@dataclass(frozen=True)
class TicketPage:
    """What a page asks of a ticket, each once."""

    ticket: FeedbackTicket
    now: datetime

    @cached_property
    def routings(self) -> list[Routing]:
        return list(self.ticket.routings.select_related("routed_by").order_by("-routed_at", "-pk"))

    @cached_property
    def messages(self) -> list[Message]:
        photos = Prefetch("photos", Photo.objects.order_by("pk"))
        return list(self.ticket.messages.select_related("by").prefetch_related(photos).order_by("at", "pk"))

    @cached_property
    def notes(self) -> list[InternalNote]:
        return list(self.ticket.notes.select_related("by").order_by("-at", "-pk"))

    @cached_property
    def replies(self) -> list[Answer]:
        rows = self.ticket.replies.select_related("written_by", "decided_by")
        return list(rows.order_by("-written_at", "-pk"))

    @cached_property
    def waiting(self) -> Answer | None:
        return next((one for one in self.replies if one.state == Answer.State.SUBMITTED), None)

    @cached_property
    def approved(self) -> Answer | None:
        told = [one for one in self.replies if one.state == Answer.State.APPROVED]
        return max(told, key=lambda one: one.round, default=None)

    @cached_property
    def earlier(self) -> list[Answer]:
        """Answers of the rounds before, the first one first."""
        told = [one for one in self.replies if one.state == Answer.State.APPROVED and one != self.approved]
        return sorted(told, key=lambda one: one.round)

    @property
    def earlier_rounds(self) -> list[Answer]:
        """Those the sender was not satisfied with."""
        return [one for one in self.replies if one.state == Answer.State.APPROVED and one.round < self.ticket.round]

    @property
    def to_publish(self) -> bool:
        """Answered and not public, or answered anew; of what is closed only what was public once."""
        ticket, told = self.ticket, self.approved
        if told is None or (ticket.published_at is not None and told.public_words):
            return False
        return ticket.state in TOLD or (ticket.state == State.CLOSED and any(one.published_at for one in self.replies))

    @cached_property
    def extensions(self) -> list[Extension]:
        return list(self.ticket.asked_extensions.select_related("asked_by", "decided_by").order_by("-asked_at", "-pk"))

    @cached_property
    def extension(self) -> Extension | None:
        """The one that waits for a decision."""
        return next((one for one in self.extensions if one.granted is None), None)

    @cached_property
    def asks_left(self) -> bool:
        """Whether the sender may be asked once more in this round."""
        return asked_in_round(self.ticket) < number_of("asks_most", self.ticket, self.now)

    @cached_property
    def returns_left(self) -> bool:
        """Whether a unit may give it back once more."""
        ticket = self.ticket
        return not ticket.operator_decides and ticket.returns < number_of("returns_most", ticket, self.now)

    @cached_property
    def extensions_left(self) -> bool:
        """Whether this round may get more time once more."""
        return extended_in_round(self.ticket) < number_of("extensions_most", self.ticket, self.now)

    @cached_property
    def rungs(self) -> list[Escalation]:
        return list(self.ticket.escalations.order_by("-climbed_at", "-pk"))

    @cached_property
    def photos(self) -> list[Photo]:
        return list(self.ticket.photos.order_by("role", "pk"))

    @cached_property
    def ratings(self) -> list[Rating]:
        return list(Rating.objects.filter(ticket=self.ticket).order_by("-round"))

    @cached_property
    def children(self) -> list[tuple[int, str, datetime]]:
        return list(self.ticket.children.order_by("pk").values_list("pk", "number", "reported_at")[:300])

    @cached_property
    def answers(self) -> list[tuple[str, str]]:
        """What the category asked, and what was answered, in words."""
        if self.ticket.category_id is None or not self.ticket.answers:
            return []
        rows = CategoryQuestion.objects.filter(category_id=self.ticket.category_id).order_by("place", "pk")
        return [(row.asks, _said(row, self.ticket.answers[row.code])) for row in rows if row.code in self.ticket.answers]

    @cached_property
    def names(self) -> dict[int, str]:
        """Of every unit the page speaks of."""
        ids: set[int | None] = {self.ticket.city_id, self.ticket.unit_id, self.ticket.place_unit_id}
        for rows in (self.routings, self.messages, self.notes, self.replies):
            ids |= {one.unit_id for one in rows}
        found = units.unit_rows({one for one in ids if one is not None}, as_of=timezone.localdate(self.now))
        return {pk: row.full_name for pk, row in found.items()}

    @property
    def seen(self) -> str:
        """What the reader saw: sent along with each form, so that nobody acts on what somebody else changed meanwhile."""
        ticket, waiting = self.ticket, self.waiting
        asked = self.extension.pk if self.extension else 0
        parts = (ticket.state, ticket.unit_id or 0, ticket.handler_id or 0, ticket.round, waiting.pk if waiting else 0, asked)
        return ".".join(map(str, parts))


def _said(question: CategoryQuestion, answer: object) -> str:
    names = dict(question.answers) if isinstance(question.answers, list) else {}
    many = answer if isinstance(answer, list) else [answer]
    return ", ".join(str(names.get(one, one)) for one in many)


def proposal(ticket: FeedbackTicket, *, at: datetime) -> Way:
    """Where the rules would send it, and why; `unit_id` None where they do not say."""
    by = PlaceBy(ticket.place_by) if ticket.place_by else None
    return way_of(
        Placed(unit_id=ticket.place_unit_id, by=by),
        ticket.category,
        named=None,
        of_dossier=ticket.about_dossier.resolving_unit_id if ticket.about_dossier else None,
        city_id=ticket.city_id,
        on=timezone.localdate(at),
    )


def answering_units(city_id: int, *, at: datetime) -> list[tuple[str, list[tuple[int, str]]]]:
    """Who may be sent a ticket, in groups for a select: the communes, the agencies, the city itself. Remembered reads."""
    day = timezone.localdate(at)
    communes = wards(city_id, at=at)
    agencies = [(row.id, row.full_name) for row in units.agencies_of(city_id, on=day)]
    groups = [(str(_("Phường, xã, đặc khu")), communes), (str(_("Cơ quan")), agencies)]
    groups.append((str(_("Thành phố")), [(city_id, units.unit_row(city_id, as_of=day).full_name)]))
    return [(name, rows) for name, rows in groups if rows]


def receiving_units(city_id: int, *, at: datetime) -> list[tuple[str, list[tuple[int, str]]]]:
    """Of these, in the same groups, where somebody receives citizens; of a denunciation the command asks for more."""
    receive = dict(reception.receiving_units("complaint", on=timezone.localdate(at)))
    groups = [(name, [one for one in rows if one[0] in receive]) for name, rows in answering_units(city_id, at=at)]
    return [(name, rows) for name, rows in groups if rows]


def wards(city_id: int, *, at: datetime) -> list[tuple[int, str]]:
    rows = units.units_under(city_id, as_of=timezone.localdate(at))
    return [(row.id, row.full_name) for row in rows if row.level == Unit.Level.COMMUNE]


def templates_for(unit_ids: frozenset[int], *, city_id: int, category_id: int | None = None) -> list[AnswerTemplate]:
    """Of these units and the city's; those of the category first. One query."""
    rows = AnswerTemplate.objects.filter(unit__in={*unit_ids, city_id}, dropped_at=None).select_related("category")
    return sorted(rows, key=lambda row: (row.category_id != category_id or category_id is None, row.title))


# -- what may be done ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Action:
    """`main`: what the moment asks for; `now`: one press without a form; `danger`: hard to undo."""

    key: str
    label: str
    main: bool = False
    now: bool = False
    danger: bool = False


@dataclass(frozen=True, kw_only=True)
class _Way:
    label: Promise
    may: Callable[[FeedbackTicket, Actor, TicketPage], bool]
    main: bool = False
    now: bool = False
    danger: bool = False


def takes(ticket: FeedbackTicket, actor: Actor) -> bool:
    return actor.may(TAKE, unit_id=ticket.city_id)


def of_unit(ticket: FeedbackTicket, actor: Actor) -> bool:
    unit_id = ticket.unit_id
    return unit_id is not None and (actor.may(HANDLE, unit_id=unit_id) or actor.may(APPROVE, unit_id=unit_id))


def approves(ticket: FeedbackTicket, actor: Actor) -> bool:
    """The answer: the unit's own; opened again, the city's."""
    if actor.may(APPROVE, unit_id=ticket.city_id):
        return True
    return not ticket.higher_review and ticket.unit_id is not None and actor.may(APPROVE, unit_id=ticket.unit_id)


def _reviews(ticket: FeedbackTicket, actor: Actor, page: TicketPage) -> bool:
    """Opened again, it is somebody else's who has not decided about it before."""
    if page.waiting is None or not approves(ticket, actor):
        return False
    return not ticket.higher_review or all(one.decided_by_id != actor.person_id for one in page.earlier_rounds)


def publishes(ticket: FeedbackTicket, actor: Actor) -> bool:
    return takes(ticket, actor) or actor.may(APPROVE, unit_id=ticket.unit_id or ticket.city_id)


def may_merge(ticket: FeedbackTicket, actor: Actor) -> bool:
    worked_on = ticket.unit_id is not None and actor.may(HANDLE, unit_id=ticket.unit_id)
    return ticket.state in OPEN and not (ticket.suspected or ticket.drill) and (worked_on or takes(ticket, actor))


def _before_unit(ticket: FeedbackTicket) -> bool:
    return ticket.state in WITH_OPERATOR


def _may_take_over(ticket: FeedbackTicket, actor: Actor) -> bool:
    other = ticket.taken_by_id is not None and ticket.taken_by_id != actor.person_id
    return other and actor.may(APPROVE, unit_id=ticket.city_id)


def _movable(ticket: FeedbackTicket) -> bool:
    return ticket.state in WITH_OPERATOR or ticket.state in WITH_UNIT


_WORKING = frozenset({State.ACCEPTED, State.IN_PROGRESS})
WAYS: dict[str, _Way] = {
    "tiep-nhan": _Way(
        label=_("Nhận xem"),
        main=True,
        now=True,
        may=lambda t, a, p: takes(t, a) and _before_unit(t) and t.taken_by_id is None,
    ),
    "nhan-thay": _Way(
        label=_("Nhận thay"),
        may=lambda t, a, p: takes(t, a) and _before_unit(t) and _may_take_over(t, a),
    ),
    "chuyen": _Way(label=_("Chuyển đơn vị"), main=True, may=lambda t, a, p: takes(t, a) and _movable(t) and not t.suspected),
    "nhan": _Way(label=_("Nhận phản ánh"), main=True, now=True, may=lambda t, a, p: of_unit(t, a) and t.state == State.ROUTED),
    "bat-dau": _Way(
        label=_("Bắt đầu xử lý"), main=True, now=True, may=lambda t, a, p: of_unit(t, a) and t.state == State.ACCEPTED
    ),
    "tra-loi": _Way(label=_("Trả lời"), main=True, may=lambda t, a, p: handles(t, a) and t.state in _WORKING),
    "duyet": _Way(
        label=_("Duyệt trả lời"),
        main=True,
        may=lambda t, a, p: _reviews(t, a, p) and p.waiting is not None and p.waiting.written_by_id != a.person_id,
    ),
    "duyet-gia-han": _Way(
        label=_("Duyệt gia hạn"),
        main=True,
        may=lambda t, a, p: (
            p.extension is not None
            and p.extension.asked_by_id != a.person_id
            and t.state in {*_WORKING, State.ASKED}
            and (actor_approves(t, a))
        ),
    ),
    "cong-khai": _Way(label=_("Công khai"), main=True, may=lambda t, a, p: publishes(t, a) and p.to_publish and not t.drill),
    "chuyen-tiep-dan": _Way(
        label=_("Chuyển tiếp công dân"), may=lambda t, a, p: takes(t, a) and _before_unit(t) and not t.drill
    ),
    "khong-phai": _Way(
        label=_("Không phải khiếu nại, tố cáo"), may=lambda t, a, p: takes(t, a) and _before_unit(t) and bool(t.suspected)
    ),
    "khan": _Way(label=_("Xem mức độ khẩn"), main=True, may=lambda t, a, p: handles(t, a) and t.urgent_claimed and _movable(t)),
    "phan-loai": _Way(label=_("Phân loại"), may=lambda t, a, p: takes(t, a) and _movable(t)),
    "noi-xay-ra": _Way(label=_("Xác định nơi xảy ra"), may=lambda t, a, p: takes(t, a) and _movable(t)),
    "ho-so": _Way(
        label=_("Hồ sơ được nói đến"),
        may=lambda t, a, p: takes(t, a) and not t.drill and bool(t.about_dossier_id or t.stream == Stream.REGULATION),
    ),
    "giao": _Way(label=_("Giao người xử lý"), may=lambda t, a, p: of_unit(t, a) and t.state in {*WITH_UNIT, State.ASKED}),
    "xac-nhan": _Way(
        label=_("Xác nhận địa chỉ thư"),
        may=lambda t, a, p: t.reporter.unverified and t.reporter.forgotten_at is None and handles(t, a),
    ),
    "hoi": _Way(
        label=_("Yêu cầu bổ sung"),
        may=lambda t, a, p: handles(t, a) and _movable(t) and reaches_sender(t) and p.asks_left,
    ),
    "nhan-tin": _Way(
        label=_("Nhắn người gửi"),
        may=lambda t, a, p: handles(t, a) and t.state in _TALKS and reaches_sender(t),
    ),
    "ghi-chu": _Way(label=_("Ghi chú nội bộ"), may=lambda t, a, p: handles(t, a)),
    "gia-han": _Way(
        label=_("Xin gia hạn"),
        may=lambda t, a, p: (
            handles(t, a) and t.state in _WORKING and p.extension is None and not late_since(t, p.now) and p.extensions_left
        ),
    ),
    "rut-tra-loi": _Way(label=_("Rút trả lời để sửa"), may=lambda t, a, p: p.waiting is not None and handles(t, a)),
    "viet-lai": _Way(label=_("Trả lại để viết lại"), may=lambda t, a, p: _reviews(t, a, p)),
    "nghi": _Way(
        label=_("Báo khiếu nại, tố cáo"), may=lambda t, a, p: handles(t, a) and _movable(t) and not (t.suspected or t.drill)
    ),
    "tra-lai": _Way(
        label=_("Trả lại nơi tiếp nhận"),
        may=lambda t, a, p: of_unit(t, a) and t.state in {State.ROUTED, State.ACCEPTED} and p.returns_left,
    ),
    "tach": _Way(label=_("Tách khỏi phản ánh đã gộp"), may=lambda t, a, p: t.parent is not None and _may_part(t, a)),
    "che": _Way(
        label=_("Che hoặc thôi che nơi xảy ra"),
        may=lambda t, a, p: publishes(t, a) and t.state not in UNANSWERED and not t.drill,
    ),
    "khong-cong-khai": _Way(
        label=_("Không công khai"), danger=True, may=lambda t, a, p: publishes(t, a) and t.state in TOLD and not t.withheld
    ),
    "thoi-cong-khai": _Way(
        label=_("Thôi công khai"), danger=True, may=lambda t, a, p: publishes(t, a) and t.published_at is not None
    ),
    "tu-choi": _Way(
        label=_("Không tiếp nhận"),
        danger=True,
        may=lambda t, a, p: takes(t, a) and (_movable(t) or t.state == State.ASKED) and not t.suspected,
    ),
}


def actor_approves(ticket: FeedbackTicket, actor: Actor) -> bool:
    """More time: by who approves for the unit, or for the city."""
    of = (ticket.unit_id, ticket.city_id)
    return any(unit_id is not None and actor.may(APPROVE, unit_id=unit_id) for unit_id in of)


def _may_part(ticket: FeedbackTicket, actor: Actor) -> bool:
    parent: Any = ticket.parent
    worked_on = parent.unit_id is not None and actor.may(HANDLE, unit_id=parent.unit_id)
    return parent.state in OPEN and (worked_on or takes(parent, actor))


def next_actions(page: TicketPage, *, actor: Actor) -> list[Action]:
    """What this actor can do with it now. The command has the last word."""
    return [
        Action(key=key, label=str(way.label), main=way.main, now=way.now, danger=way.danger)
        for key, way in WAYS.items()
        if way.may(page.ticket, actor, page)
    ]
