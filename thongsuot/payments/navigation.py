"""Where the officers' bar leads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.payments.views.common import EVERYBODY
from thongsuot.web import navigation

navigation.staff("payments:shifts", _("Thu phí"), icon="fee", duty=EVERYBODY, order=24, match="/can-bo/thu-phi/")
navigation.staff(
    "payments:progress", _("Tài khoản thu phí"), icon="fee", duty="see figures", order=57, match="/dieu-hanh/tai-khoan-thu-phi/"
)
