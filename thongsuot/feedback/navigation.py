"""Where the bars lead: the tickets an officer works on; what is late, for who leads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.actions.common import APPROVE, HANDLE, TAKE
from thongsuot.web import navigation

navigation.staff(
    "feedback:inbox", _("Phản ánh"), icon="chat", duty=(TAKE, HANDLE, APPROVE), order=24, match="/can-bo/phan-anh/"
)
navigation.staff("feedback:late", _("Phản ánh quá hạn"), icon="chat", duty="see figures", order=56)
