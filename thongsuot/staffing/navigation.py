"""Where the bars lead: the board for those who place people, one's own state for everyone with a post."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.staffing.rules import MANAGE, PARTY, PROPOSE
from thongsuot.web import navigation

navigation.staff("staffing:board", _("Bố trí cán bộ"), icon="user", duty=(MANAGE, PROPOSE, PARTY), order=82)
navigation.staff("staffing:mine", _("Bố trí, nghỉ"), icon="user", order=59)
