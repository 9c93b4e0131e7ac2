"""What some messages are about is kept close: to whom they went is for nobody who looks after the outbox, for no reason.

A capability says what of its own that is; this one knows none of them.

from thongsuot.notices import close
close.keep("citizen_reception.receptionentry", ids)  # from apps.ready; ids() -> a query of one column
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

_kept: dict[str, Callable[[], QuerySet[Any, Any]]] = {}


def keep(subject: str, ids: Callable[[], QuerySet[Any, Any]]) -> None:
    """Add, or replace. `subject`: as `Notice.about_subject` says it."""
    _kept[subject] = ids


def is_close() -> Q:
    """Of notices. It costs no query of its own."""
    found = Q(pk__in=[])
    for subject, ids in _kept.items():
        found |= Q(about_subject=subject, about_id__in=ids())
    return found
