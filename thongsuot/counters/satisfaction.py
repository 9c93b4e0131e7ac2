"""How satisfied somebody is with a transaction: the same five levels and reasons at the counter and for a dossier. Pure."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Level(IntegerChoices):
    VERY_SATISFIED = 5, _("Rất hài lòng")
    SATISFIED = 4, _("Hài lòng")
    NEUTRAL = 3, _("Bình thường")
    DISSATISFIED = 2, _("Không hài lòng")
    VERY_DISSATISFIED = 1, _("Rất không hài lòng")


class Reason(TextChoices):
    WAITING = "waiting", _("Thời gian chờ")
    ATTITUDE = "attitude", _("Thái độ phục vụ")
    GUIDANCE = "guidance", _("Hướng dẫn")
    DEADLINE = "deadline", _("Đúng hẹn")
    FEES = "fees", _("Phí, lệ phí")


SATISFIED = (Level.VERY_SATISFIED, Level.SATISFIED)
# Fewer are shown to nobody who might guess from them who said what, and when. At counters it is also whole weeks that are over
# alone (queries.ratings): whoever may choose the days subtracts one sum from another.
SHOWN_FROM = 5
