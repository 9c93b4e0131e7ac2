"""Steps of tickets that everybody may know of, in the order in which they happened: the update extension by mySociety."""

from __future__ import annotations

from datetime import datetime

from thongsuot.feedback import events as _feedback  # noqa: F401 - its kinds are declared there
from thongsuot.feedback.models import Answer, FeedbackTicket
from thongsuot.kernel.events import KINDS
from thongsuot.open311 import rules
from thongsuot.open311.answers import Many
from thongsuot.open311.models import StatusUpdate
from thongsuot.open311.queries.tickets import told_to, w3

SAYS_THE_ANSWER = frozenset({"feedback.answered", "feedback.published"})


def updates(
    city_id: int,
    *,
    start: datetime,
    end: datetime,
    numbers: tuple[str, ...] = (),
    key_id: int | None = None,
    first: int = 0,
    size: int = rules.MOST,
) -> Many:
    """Oldest first, so that a client goes on from the last one it has. Two queries.

    The answer's words stand in the steps that gave it, as long as it is published; of any other step its name is said.
    """
    told = FeedbackTicket.objects.filter(told_to(key_id, named=bool(numbers)), drill=False)
    found = StatusUpdate.objects.filter(city_id=city_id, at__gte=start, at__lte=end, ticket__in=told)
    if numbers:
        found = found.filter(ticket__number__in=numbers)
    columns = ("event_id", "kind", "round", "at", "ticket_id", "ticket__number")
    rows = list(found.order_by("at", "id").values_list(*columns)[first : first + size])
    answered = {row[4] for row in rows if row[1] in SAYS_THE_ANSWER}
    said = Answer.objects.filter(ticket_id__in=answered, ticket__published_at__isnull=False, state=Answer.State.APPROVED)
    answers = {(ticket, number): words for ticket, number, words in said.values_list("ticket_id", "round", "public_words")}
    return Many(
        "request_update",
        [
            {
                "update_id": str(event_id),
                "service_request_id": number,
                "status": rules.STATUS_AFTER[kind],
                "updated_datetime": w3(at),
                "description": (kind in SAYS_THE_ANSWER and answers.get((ticket, turn))) or _label(kind),
                "media_url": None,
            }
            for event_id, kind, turn, at, ticket, number in rows
        ],
    )


def _label(kind: str) -> str:
    return str(rules.HANDED_OVER if kind == "feedback.handed_over" else KINDS[kind].label)
