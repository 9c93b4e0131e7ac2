"""What the law and the practice say of dossiers: pure functions, no database, no clock, no request."""

from thongsuot.dossiers.rules.codes import CODE, DRAFT_CODE, SUBMISSION_CODE, secret_fits, typed_code
from thongsuot.dossiers.rules.filing import may_be_filed_at, missing_papers
from thongsuot.dossiers.rules.pace import (
    CERTIFICATION,
    Due,
    Origin,
    Pace,
    Term,
    due_from,
    due_view,
    extended_due,
    may_be_agreed_longer,
    moved_due,
    pace,
    resolved_on_time,
    warning,
)
from thongsuot.dossiers.rules.pauses import PAUSED, Halts, halts_of_limit, minutes_used, work_due
from thongsuot.dossiers.rules.statuses import ENDED_WITHOUT_RESULT, FINAL, MOVES, TAGS, may_move
from thongsuot.dossiers.rules.steps import leg_steps, steps_left_out

__all__ = [
    "CERTIFICATION",
    "CODE",
    "DRAFT_CODE",
    "ENDED_WITHOUT_RESULT",
    "FINAL",
    "MOVES",
    "PAUSED",
    "SUBMISSION_CODE",
    "TAGS",
    "Due",
    "Halts",
    "Origin",
    "Pace",
    "Term",
    "due_from",
    "due_view",
    "extended_due",
    "halts_of_limit",
    "leg_steps",
    "may_be_agreed_longer",
    "may_be_filed_at",
    "may_move",
    "minutes_used",
    "missing_papers",
    "moved_due",
    "pace",
    "resolved_on_time",
    "secret_fits",
    "steps_left_out",
    "typed_code",
    "warning",
    "work_due",
]
