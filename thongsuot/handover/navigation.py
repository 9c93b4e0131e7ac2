"""Where the bars lead."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.handover.rules import DUTY
from thongsuot.web import navigation

navigation.staff("handover:changeovers", _("Chuyển giao"), icon="unit", duty=DUTY, order=80)
