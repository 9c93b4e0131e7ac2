"""What payments announce. Facts name ids, references, amounts and days; never who paid."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

ACCOUNT_DECLARED = EventKind("payments.account_declared", _("Đã khai báo tài khoản thu phí"), public=False)
ACCOUNT_CHANGED = EventKind("payments.account_changed", _("Đã sửa tài khoản thu phí"), public=False)
ACCOUNT_ON_PLATFORM = EventKind(
    "payments.account_on_platform", _("Cổng thanh toán đã cấp mã cho tài khoản thu phí"), public=False
)
ACCOUNT_CONFIGURED = EventKind("payments.account_configured", _("Tài khoản thu phí đạt giao dịch thử"), public=False)
ACCOUNT_MOVED = EventKind("payments.account_moved", _("Tài khoản thu phí chuyển về đơn vị kế thừa"), public=False)
ACCOUNT_MOVED_BACK = EventKind("payments.account_moved_back", _("Tài khoản thu phí trở về đơn vị cũ"), public=False)
ACCOUNT_CLOSED = EventKind("payments.account_closed", _("Đã đóng tài khoản thu phí"), public=False)

BEGUN = EventKind("payments.begun", _("Đã mở khoản thanh toán"), public=False)
ASKED = EventKind("payments.asked", _("Đã gửi khoản thanh toán sang cổng"), public=False)
PAID = EventKind("payments.paid", _("Khoản thanh toán đã trả"), public=False)
FAILED = EventKind("payments.failed", _("Khoản thanh toán không thành"), public=False)
EXPIRED = EventKind("payments.expired", _("Khoản thanh toán quá giờ"), public=False)
CANCELLED = EventKind("payments.cancelled", _("Đã hủy khoản thanh toán"), public=False)
TOLD = EventKind("payments.told", _("Cổng báo về một giao dịch"), public=False)
UNDUE = EventKind("payments.undue", _("Tiền về không ứng với khoản phải thu"), public=False)

SHIFT_OPENED = EventKind("payments.shift_opened", _("Đã mở ca thu tiền"), public=False)
SHIFT_CLOSED = EventKind("payments.shift_closed", _("Đã kết ca thu tiền"), public=False)
SHIFT_BANKED = EventKind("payments.shift_banked", _("Đã nộp tiền của ca vào ngân hàng"), public=False)

REFUND_PROPOSED = EventKind("payments.refund_proposed", _("Đã đề nghị hoàn phí"), public=False)
REFUND_APPROVED = EventKind("payments.refund_approved", _("Đã duyệt hoàn phí"), public=False)
REFUND_REFUSED = EventKind("payments.refund_refused", _("Không duyệt hoàn phí"), public=False)
REFUND_SENT = EventKind("payments.refund_sent", _("Đã yêu cầu cổng trả lại tiền"), public=False)
REFUND_DONE = EventKind("payments.refund_done", _("Đã trả lại tiền"), public=False)

STATEMENT_BROUGHT = EventKind("payments.statement_brought", _("Đã nhập sổ phụ ngân hàng"), public=False)
LINE_BOOKED = EventKind("payments.line_booked", _("Đã ghi sổ một dòng của sổ phụ"), public=False)
LINE_ASSIGNED = EventKind("payments.line_assigned", _("Đã gán tiền về cho khoản phải thu"), public=False)
OUTFLOW_NAMED = EventKind("payments.outflow_named", _("Đã ghi vì sao tiền ra khỏi tài khoản"), public=False)
DAY_FETCHED = EventKind("payments.day_fetched", _("Đã lấy danh sách giao dịch của cổng"), public=False)
DAY_COMPARED = EventKind("payments.day_compared", _("Đã đối soát thu phí trong ngày"), public=False)
DIFFERENCE_EXPLAINED = EventKind("payments.difference_explained", _("Đã giải trình chênh lệch đối soát"), public=False)
