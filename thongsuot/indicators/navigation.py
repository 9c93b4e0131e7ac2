"""Where the bars lead: the figures for leaders, an officer's own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.indicators.actions import ARRANGE
from thongsuot.procedures.rules import DUTIES
from thongsuot.web import navigation

navigation.staff("indicators:own", _("Chỉ số của tôi"), icon="clock", duty=DUTIES, order=45)
navigation.staff("indicators:index", _("Chỉ số"), icon="up", duty="see figures", order=55)
navigation.staff("indicators:report", _("Báo cáo"), icon="print", duty="see figures", order=57)
# Administration
navigation.staff("indicators:items", _("Bộ chỉ số"), icon="up", duty=ARRANGE, order=88, match="/quan-tri/chi-so/")
