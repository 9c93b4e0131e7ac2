"""Finding dossiers by code, name, ID number or telephone; the logbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from thongsuot.dossiers import rules
from thongsuot.dossiers.models import Channel, Dossier, Status, StepRun
from thongsuot.dossiers.queries.worklist import seen_by_units, units_seen
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.text import search_key
from thongsuot.kernel.working_time import DAY, start_of
from thongsuot.procedures import queries as procedures

MOST = 50
FEW_UNITS = 4
NEWEST = 20_000
# What is resolved here, what is here as a partner's leg, then what was only received here. Submissions that wait have no
# reception yet and come first.
_NAMED_IN = """
SELECT id FROM (
  (SELECT id, received_at FROM dossiers_dossier WHERE resolving_unit_id = ANY(%(units)s) AND __FITS__
    ORDER BY received_at DESC NULLS FIRST, id DESC LIMIT %(most)s)
  UNION
  (SELECT id, received_at FROM dossiers_dossier
    WHERE ended_at IS NULL AND step_unit_id = ANY(%(units)s) AND __FITS__
    ORDER BY received_at DESC NULLS FIRST, id DESC LIMIT %(most)s)
  UNION
  (SELECT id, received_at FROM dossiers_dossier
    WHERE receiving_unit_id = ANY(%(units)s) AND receiving_unit_id <> resolving_unit_id AND __FITS__
    ORDER BY received_at DESC NULLS FIRST, id DESC LIMIT %(most)s)
) AS named ORDER BY received_at DESC NULLS FIRST, id DESC LIMIT %(most)s
"""
# Materialized: with the order inside, the planner walks back through all dossiers for a word it takes for a common one.
_NAMED_EVERYWHERE = """
WITH named AS MATERIALIZED (
  SELECT id FROM dossiers_dossier
   WHERE to_tsvector('simple'::regconfig, COALESCE(owner_search, '')) @@ to_tsquery('simple'::regconfig, %(query)s)
     AND (resolving_unit_id = ANY(%(units)s) OR receiving_unit_id = ANY(%(units)s) OR step_unit_id = ANY(%(units)s))
     AND id > %(after)s
) SELECT id FROM named ORDER BY id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, kw_only=True)
class FoundRow:
    id: int
    code: str
    procedure: str
    owner_name: str
    status: Status
    tag: str
    received_at: datetime | None
    due_at: datetime | None


def found(words: str, *, actor: Actor) -> list[FoundRow]:
    """Dossiers of the actor's units, open or not, and those they have now as a partner: newest first, at most 50.

    At most eight queries.

    A code or its beginning, a whole code of the software before; digits for an ID number or a telephone; else words of the
    owner's name, in any order, or their beginnings.
    """
    words = words.strip()
    if not words:
        return []
    mine = units_seen(actor)
    dossiers = Dossier.objects.filter(seen_by_units(mine))
    digits = re.sub(r"[\s.\-]", "", words)
    code = rules.typed_code(words)
    rows: Iterable[Dossier]
    if re.match(r"^([A-Z]\d{2}[.\-]|TS-)", code):
        rows = dossiers.filter(Q(code__startswith=code) | Q(submission_code=code)).order_by("-id")[:MOST]
    elif re.search(r"\d", words) and (old := list(dossiers.filter(code=code))):
        rows = old  # of the software before ours: its codes look as they look
    elif digits.isdigit() and len(digits) >= 9:
        rows = dossiers.filter(Q(owner_id_number=digits) | Q(owner_phone=digits)).order_by("-id")[:MOST]
    elif not (names := [word for word in search_key(words).split() if word][:8]):
        return []
    elif len(mine) <= FEW_UNITS:
        rows = Dossier.objects.filter(pk__in=_named_in(mine, names)).order_by("-id")
    else:
        rows = Dossier.objects.filter(pk__in=_named_everywhere(mine, names)).order_by("-id")
    return [_row(dossier) for dossier in rows]


def _named_in(unit_ids: frozenset[int], names: Sequence[str]) -> list[int]:
    """The newest of a few units, read from indexes that carry the names: the time grows with these units' dossiers alone."""
    like = {f"name{number}": f"% {name}%" for number, name in enumerate(names)}
    fits = " AND ".join(f"(' ' || owner_search) LIKE %({key})s" for key in like)
    with connection.cursor() as cursor:
        cursor.execute(_NAMED_IN.replace("__FITS__", fits), {"units": list(unit_ids), "most": MOST, **like})
        return [row[0] for row in cursor.fetchall()]


def _named_everywhere(unit_ids: frozenset[int], names: Sequence[str]) -> list[int]:
    """The newest of a whole city. Whole words first; only where nothing fits, beginnings of words.

    A common name is found among the newest dossiers; a rare one, or one mistyped, by the index of words.
    """
    found: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM dossiers_dossier")
        (last,) = cursor.fetchone()
        for query in (" & ".join(names), " & ".join(f"{name}:*" for name in names)):
            for after in (max(0, last - NEWEST), 0):
                cursor.execute(_NAMED_EVERYWHERE, {"query": query, "units": list(unit_ids), "after": after, "most": MOST})
                found = [row[0] for row in cursor.fetchall()]
                if len(found) == MOST:
                    return found
            if found:
                return found
    return found


def _row(dossier: Dossier) -> FoundRow:
    return FoundRow(
        id=dossier.pk,
        code=str(dossier),
        procedure=procedures.version(dossier.version_id).name,
        owner_name=dossier.owner_name,
        status=Status(dossier.status),
        tag=rules.TAGS[dossier.status],
        received_at=dossier.received_at,
        due_at=dossier.due_at,
    )


@dataclass(frozen=True, kw_only=True)
class LogbookRow:
    """One line of the logbook: sổ theo dõi hồ sơ. `passed_at`: when the desk gave it on."""

    code: str
    procedure_code: str
    procedure: str
    quantity: int
    owner_name: str
    address: str
    phone: str
    channel: str
    received_at: datetime
    due_at: datetime
    passed_at: datetime | None
    resolved_at: datetime | None
    returned_at: datetime | None
    on_time: bool | None
    return_by: str
    status: str


def logbook(*, unit_ids: frozenset[int], first: date, last: date) -> Iterator[LogbookRow]:
    """Dossiers received from `first` to `last`, in order of reception. One query, read in pieces: also for a whole year."""
    return _lines(_received(unit_ids, first, last).iterator(chunk_size=2000))


def logbook_page(*, unit_ids: frozenset[int], first: date, last: date, limit: int, offset: int) -> list[LogbookRow]:
    """A part of it. One query."""
    return list(_lines(_received(unit_ids, first, last)[offset : offset + limit]))


def logbook_count(*, unit_ids: frozenset[int], first: date, last: date) -> int:
    return int(_received(unit_ids, first, last).count())


_COLUMNS = (
    "code",
    "version_id",
    "owner_name",
    "owner_address",
    "owner_phone",
    "channel",
    "received_at",
    "due_at",
    "passed_at",
    "resolved_at",
    "ended_at",
    "return_by",
    "status",
)


def _received(unit_ids: frozenset[int], first: date, last: date) -> Any:
    starts, ends = start_of(first), start_of(last + DAY)
    first_step = StepRun.objects.filter(dossier=OuterRef("pk"), number=1).values("finished_at")
    found = Dossier.objects.filter(resolving_unit_id__in=unit_ids, received_at__gte=starts, received_at__lt=ends)
    return found.annotate(passed_at=Subquery(first_step)).order_by("received_at", "id").values_list(*_COLUMNS)


def _lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[LogbookRow]:
    channels = {value: str(label) for value, label in Channel.choices}
    returns = {value: str(label) for value, label in Dossier.Return.choices}
    statuses = {value: str(label) for value, label in Status.choices}
    for (
        code,
        version_id,
        owner,
        address,
        phone,
        channel,
        received_at,
        due_at,
        passed_at,
        resolved_at,
        ended_at,
        return_by,
        status,
    ) in rows:
        version = procedures.version(version_id)
        yield LogbookRow(
            code=code,
            procedure_code=version.code,
            procedure=version.name,
            quantity=1,
            owner_name=owner,
            address=address,
            phone=phone,
            channel=channels[channel],
            received_at=received_at,
            due_at=due_at,
            passed_at=passed_at,
            resolved_at=resolved_at,
            returned_at=ended_at if status == Status.RETURNED else None,
            on_time=None if resolved_at is None else rules.resolved_on_time(resolved_at, due_at),
            return_by=returns[return_by],
            status=statuses[status],
        )
