"""What signing announces. Facts hold ids, serials, codes and days; never a PIN, never a name of a citizen."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

AUTHORITY_MADE = EventKind("signing.authority_made", _("Đã lập cơ quan chứng thực THỬ NGHIỆM"), public=False)
CERTIFICATE_ISSUED = EventKind("signing.certificate_issued", _("Đã cấp chứng thư chữ ký số"), public=False)
CERTIFICATE_ADDED = EventKind("signing.certificate_added", _("Đã nhập chứng thư chữ ký số"), public=False)
CERTIFICATE_STATE = EventKind("signing.certificate_state", _("Đã đổi trạng thái chứng thư"), public=False)
CERTIFICATE_IMAGE = EventKind("signing.certificate_image", _("Đã đổi hình chữ ký, hình dấu"), public=False)
CERTIFICATE_WARNED = EventKind("signing.certificate_warned", _("Đã báo chứng thư sắp hết hạn"), public=False)
REQUESTED = EventKind("signing.requested", _("Đã lập đề nghị về chứng thư"), public=False)
REQUEST_MOVED = EventKind("signing.request_moved", _("Đề nghị về chứng thư đã sang bước khác"), public=False)
REMINDED = EventKind("signing.reminded", _("Đã gửi công văn đôn đốc"), public=False)
PIN_WRONG = EventKind("signing.pin_wrong", _("Nhập sai mã PIN"), public=False)
PIN_RIGHT = EventKind("signing.pin_right", _("Đã nhập đúng mã PIN sau lần sai"), public=False)
PIN_CHANGED = EventKind("signing.pin_changed", _("Đã đổi mã PIN"), public=False)
PAPERS_LET_GO = EventKind("signing.papers_let_go", _("Đã hủy văn bản đã ký, hết thời hạn giữ"))  # facts: source, signed
SIGNED = EventKind("signing.signed", _("Đã ký số"))  # facts: source, signed, certificate, kind, level
PROOF_REGISTERED = EventKind("signing.proof_registered", _("Đã cấp mã xác thực"))
PROOF_CORRECTED = EventKind("signing.proof_corrected", _("Giấy tờ mang mã xác thực đã được đính chính"))
PROOF_ENDED = EventKind("signing.proof_ended", _("Mã xác thực không còn giá trị"))
ROOT_TRUSTED = EventKind("signing.root_trusted", _("Đã thêm cơ quan chứng thực vào danh sách tin cậy"), public=False)
ROOT_ENDED = EventKind("signing.root_ended", _("Đã bỏ cơ quan chứng thực khỏi danh sách tin cậy"), public=False)
CERTIFICATE_LEFT = EventKind("signing.certificate_left", _("Đơn vị kết thúc, chứng thư chờ thu hồi"), public=False)
CERTIFICATE_CAME_BACK = EventKind(
    "signing.certificate_came_back", _("Thôi đề nghị thu hồi vì đơn vị còn hoạt động"), public=False
)
