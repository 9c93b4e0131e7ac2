"""Sending: lanes are taken under lock, many at once, each in order; what is acknowledged is stored before the lock is given up.

A worker that is killed gives its locks back: what it sent without storing the answer is sent again under the same reference,
and the portal answers as before. Nothing is lost and nothing doubled.
"""

from __future__ import annotations

import logging
import random
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from django.db import connection, transaction
from django.db.models import Q

from thongsuot.files import queries as files
from thongsuot.national_portal import records, rules
from thongsuot.national_portal.models import Lane, Message, UnitAccess
from thongsuot.national_portal.payloads import Call, Plan, plans
from thongsuot.national_portal.portal import Portal, Refused, Unreachable

log = logging.getLogger(__name__)

LANES_A_BATCH = 64
LANES_FIRST = 8
MESSAGES_A_LANE = 20
# After so many faults in a row and no success between them the portal counts as away: the others are not even tried.
AWAY_AFTER = 6

Luck = Callable[[], float]


@dataclass
class Round:
    """What came of sending: messages accepted, lanes that met a fault, lanes put before people, lanes left as they were."""

    accepted: int = 0
    faults: int = 0
    held: int = 0
    untried: int = 0
    lanes: int = 0

    def __iadd__(self, other: Round) -> Round:
        for name in ("accepted", "faults", "held", "untried", "lanes"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


@dataclass
class _Sent:
    """What came of one lane: the messages the portal has accepted, and what stopped it."""

    lane: Lane
    done: list[tuple[Plan, str]] = field(default_factory=list)
    tried: bool = False
    fault: str = ""
    refused: Refused | None = None
    unfit: list[str] = field(default_factory=list)
    damaged: bool = False
    stopped_at: Plan | None = None


class _Weather:
    """Seen by all threads of a batch: how the portal and each unit's access to it are doing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._row = 0
        self._units: set[int] = set()

    def is_fine(self, unit_id: int) -> bool:
        with self._lock:
            return self._row < AWAY_AFTER and unit_id not in self._units

    def good(self) -> None:
        with self._lock:
            self._row = 0

    def bad(self, unit_id: int) -> None:
        with self._lock:
            self._row += 1
            self._units.add(unit_id)


def send_batch(portal: Portal, *, at: datetime, most: int = LANES_A_BATCH, luck: Luck = random.random) -> Round:
    """Send what is due of up to `most` dossiers; one transaction. Nothing due: a round of nothing."""
    with transaction.atomic():
        lanes = _claimed(at, most)
        if not lanes:
            return Round()
        todo = plans(lanes, most=MESSAGES_A_LANE)
        weather = _Weather()

        def run(lane: Lane) -> _Sent:
            return _send_lane(portal, lane, todo.get(lane.dossier_id, []), weather)

        if portal.parallel > 1:
            with ThreadPoolExecutor(max_workers=min(portal.parallel, len(lanes))) as pool:
                sent = list(pool.map(run, lanes))
        else:
            sent = [run(lane) for lane in lanes]
        return _store(sent, todo, at=at, luck=luck)


def send_due(
    portal: Portal,
    *,
    clock: Callable[[], datetime],
    batches: int = 1000,
    luck: Luck = random.random,
    time_is_up: Callable[[], bool] = lambda: False,
) -> Round:
    """Batch after batch until nothing is due, the portal is away, so many batches are done, or the time is up."""
    total = Round()
    for number in range(batches):
        # A few first: while the portal is away, nothing is read for the many that would not be sent anyway.
        made = send_batch(portal, at=clock(), most=LANES_A_BATCH if number else LANES_FIRST, luck=luck)
        total += made
        if not made.lanes or (made.faults and not made.accepted) or time_is_up():
            break
    return total


def _claimed(at: datetime, most: int) -> list[Lane]:
    """Lanes whose time has come, longest waiting first, that no other worker holds. Units switched off are left alone."""
    off = UnitAccess.objects.filter(off_since__isnull=False).values("unit_id")
    due = Lane.objects.filter(state=Lane.State.WAITING, next_try_at__lte=at).exclude(unit_id__in=off)
    return list(due.order_by("next_try_at", "dossier_id").select_for_update(skip_locked=True, of=("self",))[:most])


def _send_lane(portal: Portal, lane: Lane, todo: Sequence[Plan], weather: _Weather) -> _Sent:
    """One dossier's messages in order, until one is not accepted. Runs in a thread: touches no database."""
    sent = _Sent(lane)
    for plan in todo:
        if plan.calls and not weather.is_fine(lane.unit_id):
            break
        sent.tried, sent.stopped_at = True, plan
        try:
            if plan.error is not None:
                raise plan.error
            answer = ""
            for call in plan.calls:
                sent.unfit = records.unfit(call.kind, call.record)
                if sent.unfit:
                    return sent
                answer = _said(portal, call) or answer
        except Unreachable as trouble:
            weather.bad(lane.unit_id)
            sent.fault = trouble.fault
            return sent
        except Refused as refusal:
            weather.good()  # it can be reached, and it has an opinion
            sent.refused = refusal
            return sent
        except files.FileDamaged:
            sent.damaged = True
            return sent
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            # Without its words: they may hold what was sent.
            log.error("dossier %s not told: %s at %s:%s", lane.dossier_id, type(error).__name__, place.filename, place.lineno)
            sent.fault = rules.UNFORESEEN
            return sent
        if plan.calls:
            weather.good()
        sent.done.append((plan, answer))
        sent.stopped_at = None
    return sent


def _said(portal: Portal, call: Call) -> str:
    """Ask one thing; the portal's id for it. A result takes its files with it first, one for each of its papers."""
    record = call.record
    if call.files:
        papers = []
        for (row, reference), one in zip(call.files, record["DanhSachGiayToKetQua"], strict=True):
            with files.open_row(row) as file:
                taken = portal.upload(name=row.name, content=file.read(), reference=reference)
            papers.append({**one, "GiayToId": taken.id})
        record = {**record, "DanhSachGiayToKetQua": papers}
    ask = {"create": portal.create, "status": portal.status, "result": portal.result, "progress": portal.progress}
    try:
        answer = ask[call.service](record, reference=call.reference)
    except Refused:
        if not call.known:
            raise
        answer = ask[call.known](record, reference=call.reference.replace(f"/{call.service}/", f"/{call.known}/"))
    if not answer.ok:
        raise Refused(answer)
    return answer.id


def _store(sent: Iterable[_Sent], todo: dict[int, list[Plan]], *, at: datetime, luck: Luck) -> Round:
    """Keep what came of it: three statements for all messages and lanes of the batch, and one for each unit."""
    made, messages, lanes = Round(), [], []
    ok: set[int] = set()
    answered: set[int] = set()
    faults: dict[int, str] = {}
    for one in sent:
        lane = one.lane
        made.lanes += 1
        for plan, answer in one.done:
            message = plan.message
            message.state = Message.State.ACCEPTED if plan.calls else Message.State.CARRIED
            message.accepted_at, message.answer, message.attempts = at, answer[:60], message.attempts + 1
            messages.append(message)
            lane.told_number, lane.told_status, lane.told_at = message.number, plan.status, at
            if plan.calls:
                lane.known_since = lane.known_since or at
                ok.add(lane.unit_id)
            lane.attempts, lane.trouble, lane.error_code, lane.error = 0, "", "", ""
            made.accepted += 1
        if one.stopped_at is not None:
            stopped = one.stopped_at.message
            stopped.attempts = min(stopped.attempts + 1, 32_000)
            messages.append(stopped)
            _stop(one, made, at=at, luck=luck)
            if one.fault and one.fault != rules.UNFORESEEN:
                faults.setdefault(lane.unit_id, one.fault)
            elif one.refused:
                answered.add(lane.unit_id)
        elif not one.tried and todo.get(lane.dossier_id):
            made.untried += 1
            lane.next_try_at = at + rules.wait(1, luck=luck())  # its turn did not come: soon, and without counting
        rest = todo.get(lane.dossier_id, [])[len(one.done) :]
        if rest:
            lane.waiting_since = rest[0].message.happened_at
        elif len(one.done) < MESSAGES_A_LANE:
            # Whatever came in between finds the lane idle and wakes it (sql/wake_lanes.sql).
            lane.state, lane.waiting_since = Lane.State.IDLE, None
        lanes.append(lane)
    _keep(messages, lanes)
    _note_access(ok, answered, faults, at=at)
    return made


def _keep(messages: Sequence[Message], lanes: Sequence[Lane]) -> None:
    """Two statements, however many rows: Django's bulk_update would write a CASE for each row and column."""
    told = [
        {"id": m.pk, "state": m.state, "accepted_at": m.accepted_at, "answer": m.answer, "attempts": m.attempts}
        for m in messages
    ]
    rows = [{name: getattr(lane, name) for name in _LANE_COLUMNS} for lane in lanes]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_MESSAGES, [_encode(told).decode()])
        cursor.execute(_KEEP_LANES, [_encode(rows).decode()])


_LANE_COLUMNS = {
    "dossier_id": "bigint",
    "state": "text",
    "next_try_at": "timestamptz",
    "waiting_since": "timestamptz",
    "attempts": "int",
    "trouble": "text",
    "error_code": "text",
    "error": "text",
    "known_since": "timestamptz",
    "told_number": "int",
    "told_status": "smallint",
    "told_at": "timestamptz",
}
_encode = msgspec.json.Encoder().encode
_KEEP_MESSAGES = """
UPDATE national_portal_message AS m
   SET state = x.state, accepted_at = x.accepted_at, answer = x.answer, attempts = x.attempts
  FROM jsonb_to_recordset(%s) AS x(id bigint, state text, accepted_at timestamptz, answer text, attempts smallint)
 WHERE m.id = x.id
"""
_KEEP_LANES = (
    "UPDATE national_portal_lane AS l SET "  # noqa: S608 - names of our own columns
    + ", ".join(f"{name} = x.{name}" for name in _LANE_COLUMNS if name != "dossier_id")
    + " FROM jsonb_to_recordset(%s) AS x("
    + ", ".join(f"{name} {kind}" for name, kind in _LANE_COLUMNS.items())
    + ") WHERE l.dossier_id = x.dossier_id"
)


def _stop(one: _Sent, made: Round, *, at: datetime, luck: Luck) -> None:
    lane = one.lane
    lane.attempts += 1
    lane.error_code = lane.error = ""
    if one.fault:
        made.faults += 1
        lane.trouble, lane.error_code = Lane.Trouble.NETWORK, one.fault
        lane.next_try_at = at + rules.wait(lane.attempts, luck=luck())
        return
    made.held += 1
    lane.state = Lane.State.HELD
    if one.refused is not None:
        lane.trouble = Lane.Trouble.REFUSED
        lane.error_code = one.refused.answer.error_code[:40]
        lane.error = rules.scrubbed(one.refused.answer.message, people=one.stopped_at.people if one.stopped_at else ())
    elif one.unfit:
        lane.trouble, lane.error = Lane.Trouble.UNFIT, ", ".join(one.unfit)[:300]
    else:
        lane.trouble = Lane.Trouble.DAMAGED


def _note_access(ok: set[int], answered: set[int], faults: dict[int, str], *, at: datetime) -> None:
    """The heartbeat of each unit. When a unit gets through again, nobody of it waits out a ladder.

    ok         something was accepted; answered: the portal said no, so it can be reached
    """
    seen = sorted(ok | answered | faults.keys())
    if not seen:
        return
    UnitAccess.objects.bulk_create([UnitAccess(unit_id=unit_id) for unit_id in seen], ignore_conflicts=True)
    back = Q()
    for access in UnitAccess.objects.filter(unit_id__in=seen).order_by("unit_id").select_for_update():
        if access.unit_id in ok:
            access.last_ok_at = at
        if access.unit_id in faults:
            access.failing_since = access.failing_since or at
            access.last_fault_at, access.fault, access.faults = at, faults[access.unit_id], access.faults + 1
        elif access.failing_since is not None:
            # A dossier that failed oftener than its unit in a row is the trouble itself: it goes on climbing.
            back |= Q(unit_id=access.unit_id, attempts__lte=access.faults)
            access.failing_since, access.fault, access.faults = None, "", 0
        access.save()
    if back:
        waiting = Lane.objects.filter(back, state=Lane.State.WAITING, next_try_at__gt=at)
        # Those that another worker holds are being sent right now.
        Lane.objects.filter(pk__in=list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True))).update(
            next_try_at=at
        )
