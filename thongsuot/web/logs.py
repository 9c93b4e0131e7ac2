"""What is written about a fault: enough to find it, nothing of whom it happened to."""

from __future__ import annotations

import logging
import re

# PostgreSQL repeats the values it stumbled over: "DETAIL:  Key (email)=(…) already exists.", and the line of SQL with them.
_VALUES = re.compile(r"\n(?:DETAIL|CONTEXT|HINT|STATEMENT):.*|\nLINE \d+:.*(?:\n\s*\^)?")


class Discreet(logging.Formatter):
    """Cuts the lines in which the database quotes values. The constraint's name and the traceback stay."""

    def format(self, record: logging.LogRecord) -> str:
        return _VALUES.sub("", super().format(record))
