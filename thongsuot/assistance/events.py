"""What helping announces. Facts hold ids, codes and days: no name, nothing of what a lawyer heard."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

AGENT_REGISTERED = EventKind("assistance.agent_registered", _("Đã ghi đại lý dịch vụ công"), public=False)
AGENT_CHANGED = EventKind("assistance.agent_changed", _("Đã sửa thông tin đại lý"), public=False)
AGENT_SUSPENDED = EventKind("assistance.agent_suspended", _("Đã tạm dừng đại lý"), public=False)
AGENT_RESUMED = EventKind("assistance.agent_resumed", _("Đại lý hoạt động lại"), public=False)
AGENT_ENDED = EventKind("assistance.agent_ended", _("Đã ghi ngày thôi của đại lý"), public=False)
AGENT_KEPT = EventKind("assistance.agent_kept", _("Đã bỏ ngày thôi của đại lý"), public=False)
HELPER_ADDED = EventKind("assistance.helper_added", _("Đã ghi người giúp"), public=False)
HELPER_CHANGED = EventKind("assistance.helper_changed", _("Đã sửa thông tin người giúp"), public=False)
HELPER_ENDED = EventKind("assistance.helper_ended", _("Đã ghi ngày thôi của người giúp"), public=False)
HELPER_KEPT = EventKind("assistance.helper_kept", _("Đã bỏ ngày thôi của người giúp"), public=False)
MOVED = EventKind("assistance.moved", _("Đã về đơn vị kế tục"), public=False)
MOVED_BACK = EventKind("assistance.moved_back", _("Đã về lại đơn vị cũ (việc giúp người dân)"), public=False)
CONSENTED = EventKind("assistance.consented", _("Đã đồng ý nhờ nộp giúp"))
CODE_ASKED = EventKind("assistance.code_asked", _("Đã gửi mã đồng ý cho người dân"))
PAPER_TAKEN = EventKind("assistance.paper_taken", _("Đã nhận giấy đồng ý có chữ ký"))
OPENED = EventKind("assistance.opened", _("Người giúp đã bắt đầu nộp giúp"))
FILED = EventKind("assistance.filed", _("Hồ sơ nộp giúp đã được nộp"))
ENDED = EventKind("assistance.ended", _("Việc nộp giúp đã kết thúc"))
NAME_FORGOTTEN = EventKind("assistance.name_forgotten", _("Đã xóa tên người được giúp, hết hạn giữ"), public=False)
RATED = EventKind("assistance.rated", _("Đã đánh giá người giúp"))
SHIFT_PUT = EventKind("assistance.shift_put", _("Đã xếp ca trực"), public=False)
SHIFT_TAKEN_OFF = EventKind("assistance.shift_taken_off", _("Đã bỏ ca trực"), public=False)
SHIFT_COUNTED = EventKind("assistance.shift_counted", _("Đã ghi kết quả ca trực"), public=False)
SHIFT_CORRECTED = EventKind("assistance.shift_corrected", _("Đã sửa kết quả ca trực"), public=False)
CONSULTED = EventKind("assistance.consulted", _("Đã có một lượt tư vấn pháp luật"), public=False)
CAMPAIGN_STARTED = EventKind("assistance.campaign_started", _("Đã lập đợt cao điểm"), public=False)
CAMPAIGN_CHANGED = EventKind("assistance.campaign_changed", _("Đã sửa đợt cao điểm"), public=False)
TEAM_FORMED = EventKind("assistance.team_formed", _("Đã lập đội tình nguyện"), public=False)
