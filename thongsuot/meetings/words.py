"""How pages and sheets say how long something lasted, and when to the second."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _


def lasting(length: timedelta) -> str:
    """To the second: 1 giờ 2 phút, 3 phút 5 giây, 8 giây."""
    seconds = round(length.total_seconds())
    hours, minutes, rest = seconds // 3600, seconds % 3600 // 60, seconds % 60
    if hours:
        return _("%(hours)s giờ %(minutes)s phút") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("%(minutes)s phút %(seconds)s giây") % {"minutes": minutes, "seconds": rest}
    return _("%(seconds)s giây") % {"seconds": rest}


def second(at: datetime) -> str:
    """A line's faults are told by the second: 08:10:05 20/11/2026."""
    return f"{timezone.localtime(at):%H:%M:%S %d/%m/%Y}"
