"""Where the officers' bar leads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.actions.common import MANAGE
from thongsuot.web import navigation

navigation.staff(
    "feedback:categories", _("Phản ánh, kiến nghị"), icon="chat", duty=MANAGE, order=87, match="/quan-tri/phan-anh/"
)
