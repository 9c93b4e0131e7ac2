"""What this capability announces. Facts hold codes, kinds and dates."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

KEPT = EventKind("personal_store.kept", _("Đã lưu vào kho giấy tờ"))
CHANGED = EventKind("personal_store.changed", _("Giấy tờ đã đổi giá trị"))
FILE_RENEWED = EventKind("personal_store.file_renewed", _("Đã thay bằng bản có chữ ký số"))
CONSENT_GIVEN = EventKind("personal_store.consent_given", _("Đã đồng ý cho dùng lại"))
CONSENT_WITHDRAWN = EventKind("personal_store.consent_withdrawn", _("Đã rút lại đồng ý"))
REUSED = EventKind("personal_store.reused", _("Đã dùng lại trong hồ sơ"))
OFFER_CHANGED = EventKind("personal_store.offer_changed", _("Đã đổi cách dùng giấy tờ"))
