"""What counters announce. No event and no ticket says who waits."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

QUEUE_OPENED = EventKind("counters.queue_opened", _("Đã lập hàng chờ"), public=False)
QUEUE_CHANGED = EventKind("counters.queue_changed", _("Đã sửa hàng chờ"), public=False)
QUEUE_CLOSED = EventKind("counters.queue_closed", _("Đã thôi dùng hàng chờ"), public=False)
COUNTER_OPENED = EventKind("counters.counter_opened", _("Đã lập quầy"), public=False)
COUNTER_CHANGED = EventKind("counters.counter_changed", _("Đã sửa quầy"), public=False)
COUNTER_CLOSED = EventKind("counters.counter_closed", _("Đã thôi dùng quầy"), public=False)
SAT_DOWN = EventKind("counters.sat_down", _("Đã ngồi vào quầy"), public=False)
GOT_UP = EventKind("counters.got_up", _("Đã rời quầy"), public=False)
DEVICE_SET_UP = EventKind("counters.device_set_up", _("Đã khai thiết bị"), public=False)
DEVICE_CODE = EventKind("counters.device_code", _("Đã cấp mã ghép"), public=False)
DEVICE_JOINED = EventKind("counters.device_joined", _("Thiết bị đã ghép với điểm"), public=False)
DEVICE_RETIRED = EventKind("counters.device_retired", _("Đã thôi dùng thiết bị"), public=False)
TAKEN = EventKind("counters.taken", _("Đã lấy số"), public=False)
CALLED = EventKind("counters.called", _("Đã gọi số"), public=False)
CALLED_AGAIN = EventKind("counters.called_again", _("Đã gọi lại số"), public=False)
CAME = EventKind("counters.came", _("Người dân đã đến quầy"), public=False)
ABSENT = EventKind("counters.absent", _("Đã gọi, chưa thấy đến"), public=False)
SENT_ON = EventKind("counters.sent_on", _("Đã chuyển sang hàng chờ khác"), public=False)
DONE = EventKind("counters.done", _("Đã phục vụ xong"), public=False)
RATED = EventKind("counters.rated", _("Lượt phục vụ đã được đánh giá"), public=False)
REASONS_GIVEN = EventKind("counters.reasons_given", _("Đã nêu lý do đánh giá"), public=False)
CANCELLED = EventKind("counters.cancelled", _("Đã hủy số"), public=False)
