"""Names of duties, the order of calling, how a ticket is written. Pure."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SERVE = "receive dossiers"
ARRANGE = "arrange counters"
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
MOST_ABSENCES = 3  # practice: whoever does not come for so many calls has left
COUNTERS_AT_MOST = 99


class Priority(TextChoices):
    """Why somebody is called before others. The reason is kept; the ticket and the board say nothing of it."""

    OLD = "old", _("Người cao tuổi")
    DISABLED = "disabled", _("Người khuyết tật")
    PREGNANT = "pregnant", _("Phụ nữ mang thai")
    CHILD = "child", _("Người đi cùng trẻ nhỏ")
    MERIT = "merit", _("Người có công")
    URGENT = "urgent", _("Việc khẩn cấp về sức khỏe, an toàn")


def code_of(letter: str, number: int) -> str:
    """As it is called and shown: A 007."""
    return f"{letter} {number:03}"


def after_an_absence(absences: int) -> bool:
    """Whether a ticket that was called so many times in vain waits on, at the end of its queue."""
    return absences < MOST_ABSENCES
