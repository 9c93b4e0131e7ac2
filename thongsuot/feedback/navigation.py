"""Where the bars lead: what people report, the tickets an officer works on, what is late; and the part of the home page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.actions.common import APPROVE, HANDLE, MANAGE, TAKE
from thongsuot.feedback.views import public
from thongsuot.web import home, navigation

# Citizens
navigation.citizen(
    "feedback:report", _("Phản ánh"), icon="chat", order=25, match="/phan-anh/", tile=_("Kèm ảnh và vị trí, chưa tới một phút")
)
navigation.person("feedback:mine", _("Phản ánh của tôi"), icon="chat", order=8)
home.section("feedback.public", public.home_part, place="side", order=15)
# Officers
navigation.staff(
    "feedback:inbox", _("Phản ánh"), icon="chat", duty=(TAKE, HANDLE, APPROVE), order=24, match="/can-bo/phan-anh/"
)
navigation.staff("feedback:late", _("Phản ánh quá hạn"), icon="chat", duty="see figures", order=56)
# Administration
navigation.staff(
    "feedback:categories", _("Phản ánh, kiến nghị"), icon="chat", duty=MANAGE, order=87, match="/quan-tri/phan-anh/"
)
# Figures
navigation.staff("feedback:figures", _("Số liệu phản ánh"), icon="chat", duty="see figures", order=58)
