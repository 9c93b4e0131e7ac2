"""What some messages are about is kept close: to whom they went is for nobody who looks after the outbox, for no reason.

A capability says what of its own that is; this one knows none of them.

from thongsuot.notices import close
close.keep("citizen_reception.receptionentry", ids)  # from apps.ready; ids() -> a query of `values("pk")`
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Q, QuerySet

from thongsuot.notices.models import Notice

_kept: dict[str, Callable[[], QuerySet[Any, Any]]] = {}


def keep(subject: str, ids: Callable[[], QuerySet[Any, Any]]) -> None:
    """Add, or replace. `subject`: as `Notice.about_subject` says it."""
    _kept[subject] = ids


def among(notices: Collection[Notice]) -> frozenset[int]:
    """Ids of those of these that are. One query for each kind of thing they are about that may be, of no more than they are."""
    found: set[int] = set()
    for subject, ids in _kept.items():
        about = {one.pk: one.about_id for one in notices if one.about_subject == subject and one.about_id is not None}
        closed = set(ids().filter(pk__in=set(about.values())).values_list("pk", flat=True)) if about else set()
        found |= {pk for pk, about_id in about.items() if about_id in closed}
    return frozenset(found)


def is_close() -> Q:
    """Of notices, to leave them out. It costs no query of its own."""
    found = Q(pk__in=[])
    for subject, ids in _kept.items():
        found |= Q(about_subject=subject, about_id__in=ids())
    return found
