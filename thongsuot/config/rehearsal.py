"""Days played in minutes: in a marked data folder a request may say what time it is (`X-Simulated-At`).

Two things must agree: the setting THONGSUOT_SIMULATED_CLOCK and the file `rehearsal` in the data folder, which only the
commands that build such a folder put there. Production refuses both (config/checks.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from thongsuot.config.terminal import Trouble
from thongsuot.kernel import clock
from thongsuot.web.faults import problem

HEADER = "X-Simulated-At"
MARK = "rehearsal"
NOW = "rehearsal-now"  # what time it is for the jobs, written by whoever plays
_KEY = "HTTP_X_SIMULATED_AT"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def mark(data_dir: Path, what: str) -> None:
    """From now on this folder holds a rehearsal, for ever. Raises Trouble for a folder that holds something else."""
    if is_marked(data_dir):
        return
    if data_dir.exists() and any(data_dir.iterdir()):
        raise Trouble(
            f"{data_dir} đã có dữ liệu khác. Hãy chọn một thư mục mới: không diễn tập trên dữ liệu thật. "
            "(The folder holds other data: choose a new one.)"
        )
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / MARK).write_text(f"{what}\n")


def is_marked(data_dir: Path) -> bool:
    return (data_dir / MARK).is_file()


def refuse_simulated_clock_elsewhere() -> None:
    """Raises Trouble when the clock would be simulated where real dossiers may be."""
    if settings.SIMULATED_CLOCK and (settings.PRODUCTION or not is_marked(settings.DATA_DIR)):
        raise Trouble(
            "THONGSUOT_SIMULATED_CLOCK chỉ dùng trong thư mục diễn tập do `thongsuot replay` lập, không khi vận hành thật. "
            "(A simulated clock works only in the folder of a rehearsal, never in production.)"
        )


def with_simulated_time(application: Application) -> Application:
    """Every request is answered as if it came at the instant in its header; without the header, now."""
    refuse_simulated_clock_elsewhere()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        said = environ.get(_KEY)
        if said is None:
            return application(environ, start_response)
        instant = _instant(said)
        if instant is None:
            refused = problem(
                400,
                "config.simulated_at",
                _("Thời điểm giả định trong %(header)s phải có múi giờ, ví dụ 2025-07-01T08:00:00+07:00.") % {"header": HEADER},
            )
            start_response("400 Bad Request", list(refused.items()))
            return [refused.content]
        with clock.standing_at(instant):
            return application(environ, start_response)

    return answer


def follow_what_is_played() -> None:
    """In a process of background jobs: the time is what whoever plays wrote last; before that, the machine's."""
    refuse_simulated_clock_elsewhere()
    if settings.SIMULATED_CLOCK:
        clock.follow(_PlayedTime(settings.DATA_DIR / NOW, clock.now()))


class _PlayedTime:
    """Reads the file again after a tenth of a second: jobs ask several times each."""

    def __init__(self, file: Path, before: datetime) -> None:
        self._file, self._until, self._instant = file, 0.0, before

    def __call__(self) -> datetime:
        if time.monotonic() >= self._until:
            self._until = time.monotonic() + 0.1
            said = self._file.read_text().strip() if self._file.is_file() else ""
            self._instant = _instant(said) or self._instant
        return self._instant


def _instant(text: str) -> datetime | None:
    try:
        instant = parse_datetime(text)
    except ValueError:
        return None
    return instant if instant is not None and instant.tzinfo is not None else None
