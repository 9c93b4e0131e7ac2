"""Where the bars lead: the figures for leaders, an officer's own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.procedures.rules import DUTIES
from thongsuot.web import navigation

navigation.staff("indicators:own", _("Chỉ số của tôi"), icon="clock", duty=DUTIES, order=45)
navigation.staff("indicators:index", _("Chỉ số"), icon="up", duty="see figures", order=55)
navigation.staff("indicators:report", _("Báo cáo"), icon="print", duty="see figures", order=57)
