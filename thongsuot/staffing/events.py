"""What staffing announces. Facts hold ids, codes, days and counts: never a name, pay, insured time or why someone leaves."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

POSITION_PUT = EventKind("staffing.position_put", _("Đã ghi vị trí việc làm"), public=False)
RATE_PUT = EventKind("staffing.rate_put", _("Đã ghi mức tính chế độ nghỉ"), public=False)
RATE_CHANGED = EventKind("staffing.rate_changed", _("Đã sửa thời hạn, căn cứ của mức tính chế độ nghỉ"), public=False)
PLAN_MADE = EventKind("staffing.plan_made", _("Đã lập phương án bố trí"), public=False)
PLAN_FILLED = EventKind("staffing.plan_filled", _("Đã nhập phương án từ tệp"), public=False)
PLAN_ACCEPTED = EventKind("staffing.plan_accepted", _("Đã chốt phương án bố trí"), public=False)
PLAN_REPLACED = EventKind("staffing.plan_replaced", _("Phương án được thay bằng phương án mới"), public=False)
MEMBER_ADDED = EventKind("staffing.member_added", _("Đã thêm cán bộ vào danh sách"), public=False)
MEMBERS_IMPORTED = EventKind("staffing.members_imported", _("Đã nhập danh sách cán bộ từ tệp"), public=False)
IMPORT_WITHDRAWN = EventKind("staffing.import_withdrawn", _("Đã rút lần nhập danh sách cán bộ"), public=False)
MEMBER_CHANGED = EventKind("staffing.member_changed", _("Đã sửa thông tin cán bộ"), public=False)
PROPOSED = EventKind("staffing.proposed", _("Đã đề xuất bố trí"), public=False)
APPROVED = EventKind("staffing.approved", _("Một bên đã duyệt bố trí"), public=False)
REFUSED = EventKind("staffing.refused", _("Không duyệt bố trí"), public=False)
WITHDRAWN = EventKind("staffing.withdrawn", _("Đã rút đề xuất bố trí"), public=False)
DECIDED = EventKind("staffing.decided", _("Đã có quyết định bố trí"), public=False)
TOOK_EFFECT = EventKind("staffing.took_effect", _("Bố trí đã có hiệu lực"), public=False)
HELD_UP = EventKind("staffing.held_up", _("Bố trí đến ngày nhưng chưa có hiệu lực được"), public=False)
LEAVE_APPLIED = EventKind("staffing.leave_applied", _("Đã nộp đơn xin nghỉ"), public=False)
LEAVE_FACTS_PUT = EventKind("staffing.leave_facts_put", _("Đã ghi số liệu tính chế độ"), public=False)
LEAVE_PASSED = EventKind("staffing.leave_passed", _("Đơn xin nghỉ đã qua một bước"), public=False)
LEAVE_SENT_BACK = EventKind("staffing.leave_sent_back", _("Đơn xin nghỉ bị trả lại"), public=False)
LEAVE_WITHDRAWN = EventKind("staffing.leave_withdrawn", _("Đã rút đơn xin nghỉ"), public=False)
LEAVE_REFUSED = EventKind("staffing.leave_refused", _("Đơn xin nghỉ không được giải quyết"), public=False)
LEAVE_AGREED = EventKind("staffing.leave_agreed", _("Bên Đảng thống nhất cho nghỉ"), public=False)
LEAVE_DECISION_CANCELLED = EventKind(
    "staffing.leave_decision_cancelled", _("Quyết định nghỉ bị hủy hoặc sửa trước ngày có hiệu lực"), public=False
)
DISTRIBUTED = EventKind("staffing.distributed", _("Đã phân bổ về các đơn vị"), public=False)
DISTRIBUTED_ANEW = EventKind("staffing.distributed_anew", _("Đã sửa phân bổ"), public=False)
