"""What this capability announces. Facts name the letter and the channel, never the person or the address."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

QUEUED = EventKind("notices.queued", _("Đã soạn tin báo"))
SENT = EventKind("notices.sent", _("Máy chủ thư đã nhận"))
POSTPONED = EventKind("notices.postponed", _("Chưa gửi được, sẽ thử lại"))
FAILED = EventKind("notices.failed", _("Không gửi được"))
KEPT = EventKind("notices.kept", _("Lưu tại đây, không gửi ra ngoài"))
QUEUED_AGAIN = EventKind("notices.queued_again", _("Gửi lại"))
