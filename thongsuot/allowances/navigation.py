"""Where the officers' bar leads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.allowances.rules import APPROVE, KEEP
from thongsuot.web import navigation

navigation.staff("allowances:roll", _("Trợ cấp"), icon="fee", duty=KEEP, order=36, match="/can-bo/tro-cap/")
navigation.staff("allowances:runs", _("Chi trả trợ cấp"), icon="fee", duty=APPROVE, order=66, match="/dieu-hanh/tro-cap/")
