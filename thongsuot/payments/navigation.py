"""Where the officers' bar leads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.payments.actions.cash import KEEP
from thongsuot.payments.actions.paying import TAKE
from thongsuot.payments.actions.refunding import APPROVE
from thongsuot.web import navigation

navigation.staff("payments:shifts", _("Thu tiền"), icon="fee", duty=(TAKE, KEEP), order=24, match="/can-bo/thu-tien/")
navigation.staff("payments:refunds", _("Hoàn phí"), icon="fee", duty=(APPROVE, KEEP), order=25, match="/can-bo/hoan-phi/")
navigation.staff("payments:reconciling", _("Đối soát"), icon="fee", duty=KEEP, order=26, match="/can-bo/doi-soat/")
navigation.staff(
    "payments:accounts", _("Tài khoản thu phí"), icon="fee", duty=KEEP, order=27, match="/can-bo/tai-khoan-thu-phi/"
)
navigation.staff(
    "payments:progress", _("Tài khoản thu phí"), icon="fee", duty="see figures", order=57, match="/dieu-hanh/tai-khoan-thu-phi/"
)
