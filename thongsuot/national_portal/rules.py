"""What the portal is told, of which events, in what order, and how long we wait after a failure: pure functions.

Sources: the record of the national portal's dossier sync (names and code lists as used by city systems). What was not seen in
its text is marked in `data/schema.json` and `data/services.json`, which are data and can be put right without a new program.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers.models import Status
from thongsuot.kernel.events import instant_in
from thongsuot.kernel.working_time import VIET_NAM

# Events the portal is told of, with the status they lead to; None: the status stays, or goes back to where a pause began.
TOLD: dict[str, Status | None] = {
    "dossiers.received": Status.RECEIVED,
    "dossiers.refused": Status.REFUSED_INTAKE,
    "dossiers.forwarded": Status.PROCESSING,
    "dossiers.supplement_requested": Status.SUPPLEMENT_REQUESTED,
    "dossiers.supplemented": None,
    "dossiers.payment_requested": Status.PAYMENT_REQUESTED,
    "dossiers.payment_confirmed": None,
    "dossiers.fee_collected": None,
    "dossiers.fee_paid_online": None,
    "dossiers.reappointed": None,
    "dossiers.extended": None,
    "dossiers.due_recomputed": None,
    "dossiers.moved": None,
    "dossiers.moved_back": None,
    "dossiers.withdrawn": Status.WITHDRAWN,
    "dossiers.stopped": Status.STOPPED,
    "dossiers.resolved": Status.RESOLVED,
    "dossiers.returned": Status.RETURNED,
    "dossiers.result_changed": None,
    "dossiers.result_voided": None,
}
RESUMES = frozenset({"dossiers.supplemented", "dossiers.payment_confirmed"})
# A dossier that ends before it was received is told once, when it ends.
ENDS = frozenset({"dossiers.refused", "dossiers.withdrawn", "dossiers.stopped"})
# A result that was issued holds no more, or another paper holds in its place.
CHANGES_RESULT = frozenset({"dossiers.result_changed", "dossiers.result_voided"})
# What has no progress of its own: the record alone, and only when the portal takes such lists in that status.
FEE_PAID = frozenset({"dossiers.fee_collected", "dossiers.fee_paid_online"})
RECORD_ONLY = FEE_PAID | CHANGES_RESULT
# The appointment moves while the status stays: only the record holds NgayHenTra.
MOVES_DUE = frozenset({"dossiers.extended", "dossiers.due_recomputed"})
# Told only when the decision gave it another date: where it is resolved goes with the next record.
MOVES_UNIT = frozenset({"dossiers.moved", "dossiers.moved_back"})
COLLECTED = {"kinds": list(TOLD), "ends": list(ENDS), "moves": list(MOVES_UNIT)}
# Each opens the next line of the control slip.
OPENS_STEP = frozenset({"dossiers.received", "dossiers.forwarded", "dossiers.step_returned", "dossiers.resolved"})
# Lists of fees and of results are accepted in these statuses alone.
TAKES_LISTS = frozenset({Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED, Status.RESOLVED})

# Seconds to wait after the first failure, the second, …; the last one goes on for ever.
LADDER = (10, 30, 60, 120, 300, 600, 1200, 1800)
JITTER = 0.25
FAULTS_BEFORE_ALARM = 3
# The longest rung of the ladder has been tried twice by then.
LAG_BEFORE_ALARM = timedelta(hours=1)
# A few refusals are people's daily work; so many of one unit say that the portal, or what we send it, has changed.
HELD_BEFORE_ALARM = 10

FAULTS: dict[str, Promise | str] = {
    "timeout": _("không trả lời kịp"),
    "connection": _("không kết nối được"),
    "dropped": _("đứt giữa chừng"),
    "server": _("máy chủ của Cổng báo lỗi"),
    "login": _("không cấp phiên làm việc"),
    "unreadable": _("trả lời không đọc được"),
}
# What the program did not foresee, about one dossier: tried again as after a fault, but no sign that the portal is away.
UNFORESEEN = "unforeseen"


def wait(attempts: int, *, luck: float) -> timedelta:
    """How long to wait after the `attempts`-th failure in a row (from 1). `luck` in 0..1 spreads those that failed together."""
    seconds = LADDER[min(max(attempts, 1), len(LADDER)) - 1]
    return timedelta(seconds=seconds * (1 - JITTER + 2 * JITTER * luck))


def reference(code: str, number: int, part: str, *, mark: str, again: int = 0) -> str:
    """Under this the portal is asked, however often we ask: the same message twice is one message.

    mark    of the event itself: after a restore the same code and number may belong to another event, which is another message
    again   how often people had it told once more: what the portal lost must not be answered from its memory
    """
    return f"{code}/{number}/{part}/{mark}" + (f".{again}" if again else "")


def file_reference(code: str, sha256: str, *, again: int = 0) -> str:
    """A file of a dossier is sent under the same reference with every message that shows it."""
    return f"{code}/file/{sha256[:16]}" + (f".{again}" if again else "")


_PERSONAL = re.compile(
    r"[^\s@<>,;:]+@[^\s@<>,;:]+"  # an e-mail address
    r"|\b[A-Za-z]{1,2}\d{6,8}\b"  # a passport
    r"|\d[\d .-]{6,}\d"  # an ID number, a telephone
)


def scrubbed(text: str, *, people: Iterable[str] = ()) -> str:
    """What a portal says of a refusal, fit for a page: what could be a person's is taken out.

    people   names, numbers and addresses of those the dossier speaks of
    """
    said = " ".join(unicodedata.normalize("NFC", text).split())
    # The longest first: a name may begin with another one.
    for one in sorted({" ".join(each.split()) for each in people if each.strip()}, key=len, reverse=True):
        said = re.sub(re.escape(one), "•••", said, flags=re.IGNORECASE)
    return _PERSONAL.sub("•••", said)[:300]


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One event of a dossier's history, as the sync reads it."""

    number: int
    mark: str  # beginning of its hash
    name: str
    at: datetime
    actor_name: str
    actor_post: str
    unit_id: int | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a dossier stood right after an event."""

    status: Status
    before: Status
    due_at: datetime | None
    received_at: datetime | None
    resolved_at: datetime | None
    returned_at: datetime | None
    refused_at: datetime | None
    ended_at: datetime | None
    step: int  # which line of the control slip is open, from 1; 0 before reception
    reason: str


def standing(history: Sequence[Happening], number: int) -> Standing:
    """The dossier as of event `number`, from its history alone. `history` is whole and in order."""
    status = before = running = Status.REGISTERED
    due_at = received_at = resolved_at = returned_at = refused_at = ended_at = None
    step, reason = 0, ""
    for event in history:
        if event.number > number:
            break
        before = status
        new = TOLD.get(event.name)
        if new is not None:
            status = new
        elif event.name in RESUMES:
            status = running
        if status not in (Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED):
            running = status
        if event.name in OPENS_STEP:
            step += 1
        if event.name in TOLD:  # a date left to a person (due_left_to_person) has not moved
            due_at = instant_in(event.facts, "due_at" if event.name == "dossiers.received" else "due_after") or due_at
        reason = _reason(event.facts)
        if event.name == "dossiers.received":
            received_at = event.at
        elif status == Status.RESOLVED and new is not None:
            resolved_at = event.at
        elif status == Status.RETURNED and new is not None:
            returned_at = event.at
        elif event.name == "dossiers.refused":
            refused_at = event.at
        if event.name in ENDS or event.name == "dossiers.returned":
            ended_at = event.at
    return Standing(
        status=status,
        before=before,
        due_at=due_at,
        received_at=received_at,
        resolved_at=resolved_at,
        returned_at=returned_at,
        refused_at=refused_at,
        ended_at=ended_at,
        step=step,
        reason=reason,
    )


def changes_record(name: str, stands: Standing) -> bool:
    """Whether an event is told by the dossier's whole record, or by its line of progress alone."""
    if name in RECORD_ONLY:
        return stands.status in TAKES_LISTS
    return name in MOVES_DUE | MOVES_UNIT or stands.status != stands.before


def _reason(facts: Mapping[str, Any]) -> str:
    reasons = facts.get("reasons")
    return "; ".join(map(str, reasons)) if isinstance(reasons, list) else str(facts.get("reason") or facts.get("note") or "")


def compact(at: datetime | None) -> str:
    """`yyyyMMddHHmmss` in local time: the older service. Empty for None."""
    return at.astimezone(VIET_NAM).strftime("%Y%m%d%H%M%S") if at else ""


def iso(at: datetime | None) -> str:
    """ISO 8601 with the offset, whole seconds: the newer service. Empty for None."""
    return at.astimezone(VIET_NAM).isoformat(timespec="seconds") if at else ""


TIMES = {"compact": compact, "iso": iso}
