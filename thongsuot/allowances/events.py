"""What allowances announce. Facts hold ids, codes, months and sums: never whom a line is about."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

RATES_PUT = EventKind("allowances.rates_put", _("Đã nạp mức chuẩn và hệ số"), public=False)
ADDED = EventKind("allowances.added", _("Đã thêm người hưởng"), public=False)
CHANGED = EventKind("allowances.changed", _("Đã điều chỉnh"), public=False)
HANDED = EventKind("allowances.handed", _("Đã chuyển sang danh sách của đơn vị khác trong thành phố"), public=False)
STOPPED = EventKind("allowances.stopped", _("Đã cho thôi hưởng"), public=False)
MOVED = EventKind("allowances.moved", _("Đã về danh sách của đơn vị kế tục"), public=False)
MOVED_BACK = EventKind("allowances.moved_back", _("Đã về lại danh sách của đơn vị cũ"), public=False)
IMPORT_SENT = EventKind("allowances.import_sent", _("Đã gửi danh sách cũ"), public=False)
IMPORT_READ = EventKind("allowances.import_read", _("Đã đọc xong danh sách cũ"), public=False)
IMPORT_STARTED = EventKind("allowances.import_started", _("Đã bắt đầu nhập danh sách cũ"), public=False)
IMPORT_DONE = EventKind("allowances.import_done", _("Đã nhập xong danh sách cũ"), public=False)
IMPORT_DISCARDED = EventKind("allowances.import_discarded", _("Đã bỏ danh sách cũ"), public=False)
ROWS_EXPORTED = EventKind("allowances.rows_exported", _("Đã tải các dòng chưa vào danh sách"), public=False)
RUN_OPENED = EventKind("allowances.run_opened", _("Đã mở kỳ chi trả"), public=False)
FROZEN = EventKind("allowances.frozen", _("Đã chốt danh sách chi trả"), public=False)
PLACED = EventKind("allowances.placed", _("Đã xác định đơn vị phụ trách từng dòng"), public=False)
RETURNED = EventKind("allowances.returned", _("Đã trả lại để chốt lại"), public=False)
APPROVED = EventKind("allowances.approved", _("Đã duyệt danh sách chi trả"), public=False)
BATCH_MADE = EventKind("allowances.batch_made", _("Đã lập tệp cho bên chi trả"), public=False)
BATCH_TAKEN = EventKind("allowances.batch_taken", _("Đã tải tệp cho bên chi trả"), public=False)
BATCH_SENT = EventKind("allowances.batch_sent", _("Đã gửi tệp cho bên chi trả"), public=False)
REPORT_SENT = EventKind("allowances.report_sent", _("Đã nhận tệp kết quả của bên chi trả"), public=False)
REPORT_APPLIED = EventKind("allowances.report_applied", _("Đã ghi kết quả của bên chi trả"), public=False)
CONTRADICTION_SETTLED = EventKind("allowances.contradiction_settled", _("Đã xử lý một kết quả trái ngược"), public=False)
CLOSED = EventKind("allowances.closed", _("Đã khóa sổ kỳ chi trả"), public=False)
