"""A planned pause: reading goes on, sending waits. A file in the data folder is the switch: every process sees it at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, kw_only=True)
class Pause:
    """From when until when nothing can be sent."""

    starts_at: datetime
    ends_at: datetime


def _file() -> Path:
    return Path(settings.DATA_DIR) / "maintenance.json"


def begin(*, starts_at: datetime, ends_at: datetime) -> Pause:
    """Both instants carry their zone. Holds at once: the file is the switch, the instants are what people read."""
    pause = Pause(starts_at=starts_at, ends_at=ends_at)
    written = _file().with_suffix(".new")
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_text(json.dumps({"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}))
    written.replace(_file())
    return pause


def end() -> None:
    _file().unlink(missing_ok=True)


def announced() -> Pause | None:
    """The pause in force. A file that cannot be read counts as none: a slip of the pen must not close the city."""
    try:
        facts = json.loads(_file().read_text())
        return Pause(starts_at=datetime.fromisoformat(facts["starts_at"]), ends_at=datetime.fromisoformat(facts["ends_at"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, OSError):
        return None


def stores_nothing(view: View) -> View:
    """A view, the outermost of its decorators, that is asked by POST only so that what is asked stands in no address, and so in
    no log, history or referrer: it is reading, and goes on in a pause."""
    view.stores_nothing = True  # type: ignore[attr-defined]  # a function bears what is said of it
    return view


def is_reading(path: str) -> bool:
    try:
        return bool(getattr(resolve(path).func, "stores_nothing", False))
    except Resolver404:
        return False
