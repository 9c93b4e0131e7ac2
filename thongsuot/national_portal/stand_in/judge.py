"""Does the stand-in have what happened, once and in order? Reckoned from the history alone, by other means than the program's.

Nothing here asks `rules`, `collecting` or `payloads`: whoever changes what the portal is told changes it here too. It is for a
stand-in of which nothing was told again by hand (actions.mend): that is there twice, as it was asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from thongsuot.dossiers.models import Dossier, Result
from thongsuot.kernel.models import Event
from thongsuot.national_portal.stand_in.core import StandIn

# By hand from the list of statuses.
_LEADS_TO = {
    "received": 2,
    "refused": 3,
    "forwarded": 4,
    "supplement_requested": 5,
    "payment_requested": 6,
    "withdrawn": 7,
    "stopped": 8,
    "resolved": 9,
    "returned": 10,
}
_RESUMES = frozenset({"supplemented", "payment_confirmed"})
_DATED_ANEW = frozenset({"extended", "due_recomputed", "moved", "moved_back"})
_TOLD_AS_IT_IS = _DATED_ANEW | {"reappointed"}
_RUNS = frozenset({1, 2, 4})
_TAKES_LISTS = frozenset({5, 6, 9})
_ENDS_BEFORE_RECEPTION = frozenset({3, 7, 8})
MOST_EXAMPLES = 5


@dataclass
class Verdict:
    """What was compared, and where the two differ: `lost`, `out_of_order`, `otherwise` hold some codes."""

    dossiers: int = 0
    messages: int = 0
    doubled: int = 0
    differing: int = 0
    lost: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.doubled or self.differing)


def lines(history: Iterable[tuple[int, str]]) -> list[tuple[int, int]]:
    """(number, name) of every event of a dossier -> (number, status after it) of each line the portal should have, in order."""
    found, running, status, received = [], 0, 1, False
    for number, name in history:
        if name in _RESUMES:
            status = running
        elif name in _LEADS_TO:
            status = _LEADS_TO[name]
        elif name not in _TOLD_AS_IT_IS:
            continue
        if status in _RUNS:
            running = status
        received = received or name == "received"
        if received or status in _ENDS_BEFORE_RECEPTION:
            found.append((number, status))
    return found


def record_calls(history: Iterable[tuple[int, str]]) -> list[tuple[int, str, int]]:
    """(number, service, status in it) of every record the portal should have of a dossier, in order."""
    found, running, status, received = [], 0, 1, False
    for number, name in history:
        before = status
        if name in _RESUMES:
            status = running
        elif name in _LEADS_TO:
            status = _LEADS_TO[name]
        elif name in {"fee_collected", "fee_paid_online"}:
            if received and status in _TAKES_LISTS:
                found.append((number, "result" if status == 9 else "status", status))
            continue
        elif name in {"result_changed", "result_voided"}:
            found += [(number, "result", 9)] if status in {9, 10} else []
            found += [(number, "status", 10)] if status == 10 else []
            continue
        elif name not in _TOLD_AS_IT_IS:
            continue
        if status in _RUNS:
            running = status
        received = received or name == "received"
        if not (received or status in _ENDS_BEFORE_RECEPTION):
            continue
        if not found:
            found.append((number, "create", status))
        elif status != before or name in _DATED_ANEW:
            found.append((number, "result" if status == 9 else "status", status))
    return found


def verdict(stand_in: StandIn) -> Verdict:
    """Every dossier of the database against everything that arrived. Reads both whole."""
    made, came, records = Verdict(), defaultdict(list), defaultdict(list)
    seen: Counter[tuple[str, str, str]] = Counter()
    for reference, service, status in stand_in.arrivals():
        code, number, *_rest = reference.split("/")
        # Not by the reference: that is there once by the stand-in's own doing.
        seen[code, number, service] += 1
        if service == "progress":
            came[code].append((int(number), status))
        else:
            records[code].append((int(number), service, status))
    made.messages = seen.total()
    made.doubled = sum(times > 1 for times in seen.values())
    without_file = stand_in.results_without_file()
    electronic = set(Result.objects.filter(file__isnull=False).values_list("dossier_id", flat=True))
    codes = {
        pk: (code or submission_code or "", status)
        for pk, code, submission_code, status in Dossier.objects.values_list("pk", "code", "submission_code", "status")
    }
    for pk, history in _histories():
        code, status = codes[pk]
        expected = lines(history)
        made.dossiers += bool(expected)
        if expected:
            whole = records.get(code, []) == record_calls(history) and stand_in.status_of(code) == status
            whole = whole and not (pk in electronic and code in without_file)
            _compare(made, code, expected, came.get(code, []), whole=whole)
        elif code in came or code in records:
            _differs(made, made.otherwise, code)
    return made


def _compare(made: Verdict, code: str, expected: list[tuple[int, int]], came: list[tuple[int, int]], *, whole: bool) -> None:
    """`whole`: every record came, in order, and each result with its files."""
    if set(expected) - set(came):
        _differs(made, made.lost, code)
    elif came != expected:
        _differs(made, made.out_of_order if sorted(came) == expected else made.otherwise, code)
    elif not whole:
        _differs(made, made.otherwise, code)


def _differs(made: Verdict, examples: list[str], code: str) -> None:
    made.differing += 1
    if len(examples) < MOST_EXAMPLES:
        examples.append(code)


def _histories() -> Iterator[tuple[int, list[tuple[int, str]]]]:
    rows = Event.objects.filter(subject="dossiers.dossier").order_by("subject_id", "number")
    events = rows.values_list("subject_id", "number", "name", "facts__due_after").iterator(20_000)
    for pk, group in groupby(events, key=lambda row: row[0]):
        yield (
            pk,
            [
                (number, name.split(".")[1])
                for _pk, number, name, due_after in group
                if due_after is not None or not name.startswith("dossiers.moved")  # moved with its date: nothing to tell
            ],
        )


__all__ = ["Verdict", "lines", "record_calls", "verdict"]
