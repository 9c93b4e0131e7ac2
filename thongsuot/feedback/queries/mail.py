"""Letters that wait in the mailbox."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from thongsuot.feedback.models import HeldMail

WHOLE = 0  # stands for the mailbox itself where letters have numbers


def held_now(*, at: datetime) -> QuerySet[HeldMail]:
    """Letters that wait; the longest waiting first."""
    return _now(at).exclude(uid=WHOLE).order_by("since", "uid")


def whole_rests(*, at: datetime) -> HeldMail | None:
    """Nothing more is taken for a while."""
    return _now(at).filter(uid=WHOLE).first()


def _now(at: datetime) -> QuerySet[HeldMail]:
    return HeldMail.objects.exclude(why="").filter(Q(again_at=None) | Q(again_at__gt=at))
