"""What an operator has before them: who waits, the call in hand, what to say, who is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from thongsuot.feedback.models import Category, CategoryQuestion, FeedbackTicket
from thongsuot.feedback.queries.reception import kept_close
from thongsuot.hotline.actions.calls import keeping_busy, unfinished
from thongsuot.hotline.actions.common import made_of as all_made_of
from thongsuot.hotline.actions.common import settings_on
from thongsuot.hotline.models import (
    Call,
    CallBack,
    CallChange,
    CallScript,
    CallTicket,
    CallTransfer,
    HotlineLine,
    OperatorPresence,
)
from thongsuot.hotline.queries.figures import bounds
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.knowledge.models import ArticleVersion

WAITING_SHOWN, HISTORY_SHOWN = 12, 20


def lines_of(city_id: int) -> list[HotlineLine]:
    return list(HotlineLine.objects.filter(city=city_id, closed_at=None).order_by("code"))


def seat_of(person_id: int | None) -> OperatorPresence | None:
    if person_id is None:
        return None
    return OperatorPresence.objects.select_related("line").filter(person=person_id, until_at=None).first()


def seats(city_id: int) -> list[tuple[OperatorPresence, bool]]:
    """Who is at a line of the city now, and whether they are in a call. Two queries."""
    rows = list(
        OperatorPresence.objects.filter(line__city=city_id, until_at=None).select_related("line").order_by("person_name")
    )
    busy = set(keeping_busy().filter(city=city_id).values_list("operator_id", flat=True))
    return [(row, row.person_id in busy) for row in rows]


def ringing(city_id: int) -> QuerySet[Call]:
    """Calls that ring and nobody has taken, whoever waits longest first."""
    rows = Call.objects.filter(city=city_id, operator=None, state=Call.State.RINGING)
    return rows.select_related("line", "caller").order_by("came_at", "pk")


def unclaimed(city_id: int) -> QuerySet[Call]:
    """Calls that were answered at a telephone at which nobody was known to sit: somebody has to say what became of them."""
    rows = Call.objects.filter(city=city_id, operator=None, state__in=Call.IN_HAND).exclude(outcome=Call.Outcome.TRANSFERRED)
    return rows.select_related("line", "caller", "category").order_by("came_at", "pk")


def in_hand(person_id: int | None) -> Call | None:
    """The call that keeps this operator, the latest when the exchange gave them two."""
    return unfinished(person_id).select_related("line", "caller", "category").order_by("came_at", "pk").last()


def call_of(call_id: int) -> Call:
    """Raises NotFound."""
    rows = Call.objects.select_related("line", "caller", "category", "ticket", "call_back")
    return must_exist(rows.filter(pk=call_id).first())


def transfers_of(call: Call) -> list[CallTransfer]:
    return list(call.transfers.select_related("unit", "person").order_by("-pk"))


def categories(city_id: int, *, on: date) -> list[Category]:
    return list(Category.objects.filter(in_force(on), city=city_id).order_by("place", "group", "name"))


def questions_of(category_id: int | None, *, on: date) -> list[CategoryQuestion]:
    """What is asked about a category on that day."""
    return list(CategoryQuestion.asked(on).filter(category=category_id)) if category_id is not None else []


def made_of(call: Call) -> list[FeedbackTicket]:
    """Tickets made of the call, in their order; beside a caller a denunciation would tell who denounced."""
    return _shown(all_made_of(call))


def hidden_in(calls: Sequence[Call]) -> frozenset[int]:
    """First tickets of calls of a list whose numbers are not shown there. One query."""
    return kept_close([one.ticket for one in calls if one.ticket])


def answer_of(call: Call) -> str:
    """The question of the answer that was read out; empty: none was."""
    found = ArticleVersion.objects.filter(pk=call.answer_version or 0).values_list("question", flat=True)
    return found.first() or ""


def changes_of(call: Call) -> list[CallChange]:
    return list(call.changes.order_by("-pk"))


def script_for(city_id: int, category_id: int | None, *, on: date) -> CallScript | None:
    """Of the category, else of any matter."""
    wanted = Q(category=None) if category_id is None else Q(category=None) | Q(category=category_id)
    rows = CallScript.objects.filter(in_force(on), wanted, city=city_id)
    return rows.order_by("category").first()  # nulls last: its own goes first


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """An earlier call of the same number."""

    call_id: int
    came_at: datetime
    category: str
    outcome: str
    ticket: str


def history_of(call: Call) -> list[Earlier]:
    """Calls of the number before this one, the latest first; none of a withheld one. Those in which a denunciation was told
    are not among them: a row that lacks its ticket would tell who denounced. Four queries.
    """
    number = getattr(call, "caller", None)
    if number is None:
        return []
    found = Call.objects.filter(caller__number=number.number, city=call.city_id, came_at__lt=call.came_at).exclude(pk=call.pk)
    made = Q(pk__in=found.values("ticket")) | Q(pk__in=CallTicket.objects.filter(call__in=found).values("ticket"))
    hidden = kept_close(list(FeedbackTicket.objects.filter(made).only("state", "made_from")))
    found = found.exclude(ticket__in=hidden).exclude(further_tickets__ticket__in=hidden)
    found = found.select_related("category", "ticket").prefetch_related("further_tickets__ticket").order_by("-came_at")
    rows = list(found[:HISTORY_SHOWN])
    return [
        Earlier(
            call_id=row.pk,
            came_at=row.came_at,
            category=row.category.name if row.category else "",
            outcome=str(row.get_outcome_display()) if row.outcome else "",
            ticket=", ".join(one.number for one in _tickets(row)),
        )
        for row in rows
    ]


def tickets_of(call: Call) -> list[FeedbackTicket]:
    """Sent by whoever gave this number, the latest first; without their names. Two queries."""
    number = getattr(call, "caller", None)
    if number is None:
        return []
    rows = FeedbackTicket.objects.filter(reporter__phone=number.number, city=call.city_id).select_related("category")
    return _shown(list(rows.order_by("-reported_at")[:HISTORY_SHOWN]))


def _tickets(call: Call) -> list[FeedbackTicket]:
    return [one for one in (call.ticket, *(more.ticket for more in call.further_tickets.all())) if one]


def _shown(tickets: Sequence[FeedbackTicket]) -> list[FeedbackTicket]:
    hidden = kept_close(tickets)
    return [one for one in tickets if one.pk not in hidden]


WANTED_AT = Greatest("due_at", "next_try_at")  # as `CallBack.wanted_at`


def call_backs(city_id: int, *, over: bool = False) -> QuerySet[CallBack]:
    """Who is to be called back, whoever is due first; or, over, what became of it, the latest first."""
    rows = CallBack.objects.filter(call__city=city_id, ended_at__isnull=not over).select_related("call__line", "call__caller")
    return rows.order_by("-ended_at", "-pk") if over else rows.order_by(WANTED_AT, "pk")


def call_back_of(call_back_id: int) -> CallBack:
    """Raises NotFound."""
    return must_exist(CallBack.objects.select_related("call__line", "call__caller").filter(pk=call_back_id).first())


def taken_calls(
    city_id: int, *, person_id: int | None, day: date | None = None, call_id: int | None = None, ticket: str = ""
) -> QuerySet[Call]:
    """Of a day, of a number of ours, or those that brought a ticket; of one operator, or of all. Numbers of callers are not
    among what is read, and a ticket that is kept close leads to no call.
    """
    rows = Call.objects.filter(city=city_id)
    if person_id is not None:
        rows = rows.filter(operator=person_id)
    if day is not None:
        first, last = bounds(day)
        rows = rows.filter(came_at__gte=first, came_at__lt=last)
    if call_id is not None:
        rows = rows.filter(pk=call_id)
    if ticket:
        found = _shown(list(FeedbackTicket.objects.filter(city=city_id, number=ticket.upper())))
        further = CallTicket.objects.filter(ticket__in=found).values("call")
        rows = rows.filter(Q(ticket__in=found) | Q(pk__in=further))
    return rows.select_related("line", "category", "ticket").order_by("-came_at", "-pk")


def stuck_calls(city_id: int, *, now: datetime) -> QuerySet[Call]:
    """Answered, and left: by operators who are at no line, or for long without a word of what became of them, whoever it was
    that lifted the receiver.
    """
    before, state = _left_since(city_id, now), Call.State
    rows = Call.objects.filter(city=city_id, answered_at__isnull=False).exclude(state=state.DONE)
    away = Q(operator__isnull=False) & ~Q(operator__in=_seated(city_id))
    left = rows.filter(away | Q(state=state.AFTER, ended_at__lt=before))
    return left.exclude(outcome=Call.Outcome.TRANSFERRED).select_related("line", "category").order_by("came_at", "pk")


def stuck_call_backs(city_id: int, *, now: datetime) -> QuerySet[CallBack]:
    """Taken by somebody who is at no line, or has not called for long."""
    rows = CallBack.objects.filter(call__city=city_id, state=CallBack.State.TAKEN)
    left = ~Q(taken_by__in=_seated(city_id)) | Q(since__lt=_left_since(city_id, now))
    rows = rows.alias(since=Coalesce("taken_at", "made_at")).filter(left)
    return rows.select_related("call").order_by("due_at", "pk")


def _left_since(city_id: int, now: datetime) -> datetime:
    return now - settings_on(city_id, timezone.localdate(now)).stuck


def _seated(city_id: int) -> QuerySet[OperatorPresence, int]:
    return OperatorPresence.objects.filter(line__city=city_id, until_at=None).values_list("person_id", flat=True)
