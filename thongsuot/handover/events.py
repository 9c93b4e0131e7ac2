"""What the changeover announces."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

CHANGEOVER_OPENED = EventKind("handover.changeover_opened", _("Đã mở đợt chuyển giao"))
PLANNED = EventKind("handover.planned", _("Đã lập bản xem trước"))
CHOSEN = EventKind("handover.chosen", _("Đã chọn đơn vị nhận"))
ASKED = EventKind("handover.asked", _("Đã giao máy chủ làm"))
ANSWERED = EventKind("handover.answered", _("Máy chủ đã làm xong, hoặc nêu lý do chưa làm"))
OWNERS_TOLD = EventKind("handover.owners_told", _("Đã báo cho chủ hồ sơ"))
RUN_BEGUN = EventKind("handover.run_begun", _("Đã bắt đầu chuyển"))
BATCH_MOVED = EventKind("handover.batch_moved", _("Đã chuyển một loạt"))
RUN_STOPPED = EventKind("handover.run_stopped", _("Đã dừng chuyển"))
RUN_ENDED = EventKind("handover.run_ended", _("Đã chuyển xong"))
UNDO_BEGUN = EventKind("handover.undo_begun", _("Đã bắt đầu chuyển trở lại"))
BATCH_PUT_BACK = EventKind("handover.batch_put_back", _("Đã chuyển trở lại một loạt"))
UNDO_ENDED = EventKind("handover.undo_ended", _("Đã chuyển trở lại xong"))
