"""What this capability announces."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

DISCARDED = EventKind("files.discarded", _("Đã bỏ tệp, hết hạn giữ"), public=False)
STORED = EventKind("files.stored", _("Đã lưu tệp"))  # facts: sha256, size, content_type, purpose
