"""Where the officers' bar leads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.hotline.rules import ANSWER, FIGURES, LEAD, MANAGE
from thongsuot.web import navigation

navigation.staff("hotline:desk", _("Tổng đài"), icon="phone", duty=(ANSWER, LEAD), order=24, match="/can-bo/tong-dai/")
navigation.staff("hotline:figures", _("Tổng đài 1022"), icon="phone", duty=FIGURES, order=66, match="/dieu-hanh/tong-dai/")
navigation.staff("hotline:admin", _("Tổng đài 1022"), icon="phone", duty=MANAGE, order=88, match="/quan-tri/tong-dai/")
