"""Where the bars lead: asking for help and giving it, for everybody; arranging it, for who does."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.assistance.rules import ARRANGE, LEAD_AID
from thongsuot.web import home, navigation

EITHER = (ARRANGE, LEAD_AID)
navigation.staff("assistance:roster", _("Lịch trực giúp dân"), icon="calendar", duty=EITHER, order=70)
navigation.staff("assistance:legal_aid", _("Trợ giúp pháp lý"), icon="lock", duty=LEAD_AID, order=71)
navigation.staff("assistance:campaigns", _("Đợt cao điểm"), icon="up", duty=ARRANGE, order=72)
navigation.staff("assistance:helpers", _("Người giúp"), icon="user", duty=EITHER, order=69)
home.section("assistance.near", lambda request: ("assistance/_near_box.html", {}), place="side", order=30)

navigation.person("assistance:mine", _("Nhờ nộp giúp"), icon="user", order=7)
navigation.person("assistance:desk", _("Tôi giúp người khác"), icon="user", order=8)
