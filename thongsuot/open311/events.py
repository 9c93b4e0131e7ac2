"""What Open311 announces. Facts hold ids and numbers alone."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

KEY_MADE = EventKind("open311.key_made", _("Đã cấp khóa Open311"), public=False)
KEY_WITHDRAWN = EventKind("open311.key_withdrawn", _("Đã thu hồi khóa Open311"), public=False)
TERMS_CHANGED = EventKind("open311.terms_changed", _("Đã đổi điều kiện kết nối Open311"), public=False)
SENT = EventKind("open311.sent", _("Phản ánh gửi qua phần mềm khác"), public=False)
UPDATE_SENT = EventKind("open311.update_sent", _("Bổ sung gửi qua phần mềm khác"), public=False)
