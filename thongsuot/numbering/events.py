"""What numbering announces."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

CANCELLED = EventKind("numbering.cancelled", _("Đã hủy một số"), public=False)
