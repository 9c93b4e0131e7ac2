"""What the hotline announces. Facts hold no number of a caller and no words of theirs."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

CALL_CAME = EventKind("hotline.call_came", _("Có cuộc gọi đến"), public=False)
CALL_TOLD = EventKind("hotline.call_told", _("Tổng đài báo về cuộc gọi"), public=False)
CALL_PICKED = EventKind("hotline.call_picked", _("Đã nhận cuộc gọi"), public=False)
CALL_LOST = EventKind("hotline.call_lost", _("Đã kết thúc cuộc gọi không có tin báo kết thúc"), public=False)
CALL_CLASSIFIED = EventKind("hotline.call_classified", _("Đã phân loại cuộc gọi"), public=False)
CALL_CONCLUDED = EventKind("hotline.call_concluded", _("Đã ghi kết quả cuộc gọi"), public=False)
TRANSFER_ASKED = EventKind("hotline.transfer_asked", _("Đã yêu cầu chuyển máy"), public=False)
TRANSFER_SETTLED = EventKind("hotline.transfer_settled", _("Đã có kết quả chuyển máy"), public=False)
HISTORY_OPENED = EventKind("hotline.history_opened", _("Đã mở lịch sử của số gọi đến"), public=False)
RECORDING_HEARD = EventKind("hotline.recording_heard", _("Đã mở bản ghi âm cuộc gọi"), public=False)
CALL_BACK_ASKED = EventKind("hotline.call_back_asked", _("Đã ghi việc gọi lại"), public=False)
CALL_BACK_TAKEN = EventKind("hotline.call_back_taken", _("Đã nhận việc gọi lại"), public=False)
CALL_BACK_TRIED = EventKind("hotline.call_back_tried", _("Gọi lại chưa gặp"), public=False)
CALL_BACK_ENDED = EventKind("hotline.call_back_ended", _("Đã xong việc gọi lại"), public=False)
PRESENCE_CHANGED = EventKind("hotline.presence_changed", _("Đã đổi trạng thái trực"), public=False)
LEFT = EventKind("hotline.left", _("Đã rời bàn trực"), public=False)
LINE_OPENED = EventKind("hotline.line_opened", _("Đã mở đường dây"), public=False)
LINE_CLOSED = EventKind("hotline.line_closed", _("Đã đóng đường dây"), public=False)
SETTINGS_SET = EventKind("hotline.settings_set", _("Đã đặt quy định của tổng đài"), public=False)
SCRIPT_WRITTEN = EventKind("hotline.script_written", _("Đã đặt kịch bản"), public=False)
FORGOTTEN = EventKind("hotline.forgotten", _("Đã xóa số người gọi quá thời hạn giữ"), public=False)
RECORDING_FORGOTTEN = EventKind("hotline.recording_forgotten", _("Đã xóa bản ghi âm quá thời hạn giữ"), public=False)
