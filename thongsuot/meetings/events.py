"""What conferences announce. That a site's line is there is not told beat by beat: gaps are rows (`Drop`), not history."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

PLANNED = EventKind("meetings.planned", _("Đã lập hội nghị"), public=False)
CHANGED = EventKind("meetings.changed", _("Đã sửa thông tin hội nghị"), public=False)
STARTED = EventKind("meetings.started", _("Đã bắt đầu hội nghị"), public=False)
ENDED = EventKind("meetings.ended", _("Đã kết thúc hội nghị"), public=False)
CANCELLED = EventKind("meetings.cancelled", _("Đã hủy hội nghị"), public=False)
SITE_ADDED = EventKind("meetings.site_added", _("Đã thêm điểm cầu"), public=False)
SITE_LEFT_OUT = EventKind("meetings.site_left_out", _("Đã bỏ điểm cầu khỏi hội nghị"), public=False)
SITE_MOVED = EventKind("meetings.site_moved", _("Điểm cầu đã về đơn vị kế tục"), public=False)
SITE_MOVED_BACK = EventKind("meetings.site_moved_back", _("Điểm cầu đã về lại đơn vị cũ"), public=False)
SITE_JOINED = EventKind("meetings.site_joined", _("Đã nhận trực điểm cầu"), public=False)
SITE_TESTED = EventKind("meetings.site_tested", _("Đã ghi cuộc gọi thử"), public=False)
ROLL_CALL_OPENED = EventKind("meetings.roll_call_opened", _("Đã mở điểm danh"), public=False)
ROLL_CALL_ANSWERED = EventKind("meetings.roll_call_answered", _("Đã trả lời điểm danh"), public=False)
ROLL_CALL_CLOSED = EventKind("meetings.roll_call_closed", _("Đã đóng điểm danh"), public=False)
WORD_ASKED = EventKind("meetings.word_asked", _("Đã xin phát biểu"), public=False)
WORD_WITHDRAWN = EventKind("meetings.word_withdrawn", _("Đã rút lời xin phát biểu"), public=False)
WORD_GIVEN = EventKind("meetings.word_given", _("Đã mời phát biểu"), public=False)
WORD_ENDED = EventKind("meetings.word_ended", _("Đã kết thúc lượt phát biểu"), public=False)
