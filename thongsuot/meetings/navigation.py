"""Where the officers' bar leads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.meetings.rules import ATTEND, HOLD
from thongsuot.web import navigation

navigation.staff("meetings:sites", _("Hội nghị"), icon="chat", duty=ATTEND, order=38, match="/can-bo/hoi-nghi/")
navigation.staff(
    "meetings:conferences", _("Hội nghị trực tuyến"), icon="chat", duty=HOLD, order=68, match="/dieu-hanh/hoi-nghi/"
)
