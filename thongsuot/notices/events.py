"""What this capability announces. Facts name the letter, the way and the trouble, never the person or the address."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

FORGOTTEN = EventKind("notices.forgotten", _("Đã xóa tên, địa chỉ người nhận, hết hạn giữ"), public=False)
QUEUED = EventKind("notices.queued", _("Đã soạn tin báo"))
HELD = EventKind("notices.held", _("Giữ đến hết giờ yên lặng"))
RELEASED = EventKind("notices.released", _("Giờ yên lặng đã đổi, gửi sớm hơn"))
SENT = EventKind("notices.sent", _("Nơi chuyển đã nhận"))
DELIVERED = EventKind("notices.delivered", _("Đã tới người nhận"))
POSTPONED = EventKind("notices.postponed", _("Chưa gửi được, sẽ thử lại"))
FAILED = EventKind("notices.failed", _("Không gửi được"))
REPORTED = EventKind("notices.reported", _("Có thêm báo cáo giao tin, không đổi kết quả"))
NEXT_WAY = EventKind("notices.next_way", _("Chuyển sang cách gửi dự phòng"))
KEPT = EventKind("notices.kept", _("Lưu tại đây, không gửi ra ngoài"))
NOT_WANTED = EventKind("notices.not_wanted", _("Không gửi: người nhận đã chọn không nhận loại tin này"))
USE_ENDED = EventKind("notices.use_ended", _("Tin hết hạn dùng"))
QUEUED_AGAIN = EventKind("notices.queued_again", _("Gửi lại"))
ZALO_TOKEN_RENEWED = EventKind("notices.zalo_token_renewed", _("Đã gia hạn khóa Zalo"))

# Of the words of letters, of what the city and each person chose.
VERSION_DRAFTED = EventKind("notices.version_drafted", _("Đã soạn bản mới của mẫu tin"))
VERSION_CHANGED = EventKind("notices.version_changed", _("Đã sửa bản đang soạn"))
VERSION_SUBMITTED = EventKind("notices.version_submitted", _("Đã gửi duyệt"))
VERSION_APPROVED = EventKind("notices.version_approved", _("Đã duyệt mẫu tin"))
VERSION_WITHDRAWN = EventKind("notices.version_withdrawn", _("Đã thu hồi bản duyệt chưa dùng"))
VERSION_SENT_BACK = EventKind("notices.version_sent_back", _("Đã trả lại để sửa"))
VERSION_DROPPED = EventKind("notices.version_dropped", _("Đã bỏ bản đang soạn"))
QUIET_HOURS_SET = EventKind("notices.quiet_hours_set", _("Đã đặt giờ yên lặng"))
QUIET_HOURS_WITHDRAWN = EventKind("notices.quiet_hours_withdrawn", _("Đã bỏ giờ yên lặng chưa dùng"))
ROUTE_WITHDRAWN = EventKind("notices.route_withdrawn", _("Đã bỏ cách gửi chưa dùng"))
ROUTE_SET = EventKind("notices.route_set", _("Đã đặt cách gửi của mẫu tin"))
DECLINED = EventKind("notices.declined", _("Chọn không nhận loại tin này"))
WANTED_AGAIN = EventKind("notices.wanted_again", _("Chọn nhận lại loại tin này"))
