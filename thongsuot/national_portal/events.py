"""What the sync announces. What was sent is no event of a dossier's history: the lane and its messages say it."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

RESENT = EventKind("national_portal.resent", _("Đã yêu cầu gửi lại Cổng Dịch vụ công quốc gia"), public=False)
TOLD_AGAIN = EventKind(
    "national_portal.told_again", _("Đã yêu cầu báo lại từ đầu cho Cổng Dịch vụ công quốc gia"), public=False
)
SET_RIGHT = EventKind(
    "national_portal.set_right", _("Đã yêu cầu báo lại bản ghi mới nhất cho Cổng Dịch vụ công quốc gia"), public=False
)
SWITCHED_OFF = EventKind("national_portal.switched_off", _("Đã tạm dừng đồng bộ của đơn vị"), public=False)
SWITCHED_ON = EventKind("national_portal.switched_on", _("Đã mở lại đồng bộ của đơn vị"), public=False)
