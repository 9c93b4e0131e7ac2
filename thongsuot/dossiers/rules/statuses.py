"""The ten national statuses: which follows which, and how their tags look."""

from __future__ import annotations

from thongsuot.dossiers.models.dossier import Status

# Allowed moves between the ten national statuses (a sensible reading; the portal's own table was not seen).
# 5 -> 1: a supplement asked before reception leads back to the desk. None leaves 3, 7, 8, 10.
MOVES: dict[Status, frozenset[Status]] = {
    Status.REGISTERED: frozenset(
        {Status.RECEIVED, Status.REFUSED_INTAKE, Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED, Status.WITHDRAWN}
    ),
    Status.RECEIVED: frozenset(
        {Status.PROCESSING, Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED, Status.WITHDRAWN, Status.STOPPED}
    ),
    Status.REFUSED_INTAKE: frozenset(),
    Status.PROCESSING: frozenset(
        {Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED, Status.WITHDRAWN, Status.STOPPED, Status.RESOLVED}
    ),
    Status.SUPPLEMENT_REQUESTED: frozenset(
        {Status.REGISTERED, Status.RECEIVED, Status.PROCESSING, Status.WITHDRAWN, Status.STOPPED}
    ),
    Status.PAYMENT_REQUESTED: frozenset(
        {Status.REGISTERED, Status.RECEIVED, Status.PROCESSING, Status.RESOLVED, Status.WITHDRAWN, Status.STOPPED}
    ),
    Status.WITHDRAWN: frozenset(),
    Status.STOPPED: frozenset(),
    Status.RESOLVED: frozenset({Status.RETURNED}),
    Status.RETURNED: frozenset(),
}
FINAL = frozenset(status for status, moves in MOVES.items() if not moves)
ENDED_WITHOUT_RESULT = FINAL - {Status.RETURNED}

# Kind of the status tag (look: ring, half, two bars, full, dash).
TAGS = {1: "new", 2: "new", 3: "end", 4: "go", 5: "wait", 6: "wait", 7: "end", 8: "end", 9: "done", 10: "done"}


def may_move(before: int, after: int) -> bool:
    return Status(after) in MOVES[Status(before)]
