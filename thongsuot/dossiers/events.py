"""What dossiers announce. Facts hold ids, codes and dates; `public` ones are shown to the owner."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

SUBMITTED = EventKind("dossiers.submitted", _("Đã nộp trực tuyến"))
RECEIVED = EventKind("dossiers.received", _("Đã tiếp nhận"))
REFUSED = EventKind("dossiers.refused", _("Không tiếp nhận"))
FORWARDED = EventKind("dossiers.forwarded", _("Đã chuyển bước"))
REASSIGNED = EventKind("dossiers.reassigned", _("Đã đổi người xử lý"), public=False)
STEP_RETURNED = EventKind("dossiers.step_returned", _("Đã trả lại bước trước"), public=False)
OPINION_ASKED = EventKind("dossiers.opinion_asked", _("Đã hỏi ý kiến cơ quan khác"))
OPINION_GIVEN = EventKind("dossiers.opinion_given", _("Đã có ý kiến trả lời"))
SUPPLEMENT_REQUESTED = EventKind("dossiers.supplement_requested", _("Yêu cầu bổ sung, đồng hồ dừng"))
SUPPLEMENTED = EventKind("dossiers.supplemented", _("Đã bổ sung, chạy tiếp"))
PAYMENT_REQUESTED = EventKind("dossiers.payment_requested", _("Yêu cầu thực hiện nghĩa vụ tài chính, đồng hồ dừng"))
PAYMENT_CONFIRMED = EventKind("dossiers.payment_confirmed", _("Đã thực hiện nghĩa vụ tài chính, chạy tiếp"))
FEE_COLLECTED = EventKind("dossiers.fee_collected", _("Đã thu phí, lệ phí tại quầy"))
REAPPOINTED = EventKind("dossiers.reappointed", _("Xin lỗi và hẹn lại ngày trả kết quả"))
WITHDRAWN = EventKind("dossiers.withdrawn", _("Đã rút hồ sơ"))
STOPPED = EventKind("dossiers.stopped", _("Đã dừng giải quyết"))
DRAFTED = EventKind("dossiers.drafted", _("Đã có dự thảo kết quả"), public=False)
PREPARED = EventKind("dossiers.prepared", _("Đã chuẩn bị tệp để ký số"), public=False)
SIGNED = EventKind("dossiers.signed", _("Đã ký kết quả"))
NUMBERED = EventKind("dossiers.numbered", _("Đã lấy số cho kết quả"), public=False)
RESOLVED = EventKind("dossiers.resolved", _("Đã có kết quả"))
RETURNED = EventKind("dossiers.returned", _("Đã trả kết quả"))
RATED = EventKind("dossiers.rated", _("Đã đánh giá"))
DRAFT_STARTED = EventKind("dossiers.draft_started", _("Đã bắt đầu khai"), public=False)
DRAFT_SAVED = EventKind("dossiers.draft_saved", _("Đã lưu tờ khai"), public=False)
COMPONENT_ADDED = EventKind("dossiers.component_added", _("Đã thêm giấy tờ"))
WARNED = EventKind("dossiers.warned", _("Đã báo sắp đến hạn cho người giữ hồ sơ"), public=False)
SETTING_PUT = EventKind("dossiers.setting_put", _("Đã đặt thông số"), public=False)
