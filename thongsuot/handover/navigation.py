"""Where the bars lead."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.handover.rules import DUTY, HAND_OVER
from thongsuot.web import navigation

navigation.staff("handover:handovers", _("Bàn giao"), icon="unit", duty=HAND_OVER, order=78)
navigation.staff("handover:changeovers", _("Chuyển giao"), icon="unit", duty=DUTY, order=80)
