"""What a validation says, in sentences."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.signing.report import Changed, Verdict

# (kind of note, headline, what to make of it)
VERDICTS: dict[Verdict, tuple[str, Promise, Promise]] = {
    Verdict.GOOD: ("ok", _("Chữ ký hợp lệ"), _("Tệp còn nguyên vẹn và chứng thư của người ký được tin cậy.")),
    Verdict.TEST: (
        "warn",
        _("Chữ ký THỬ NGHIỆM, tệp còn nguyên vẹn"),
        _("Chứng thư do CA THỬ NGHIỆM (TEST) cấp, không có giá trị pháp lý."),
    ),
    Verdict.DOUBTFUL: (
        "warn",
        _("Chưa xác nhận được người ký"),
        _(
            "Chứng thư không thuộc danh sách tin cậy, người ký không giữ chức vụ ghi trong đó, "
            "phần điền thêm chỉ có chữ ký chưa tin cậy, hoặc thuật toán ký đã lạc hậu."
        ),
    ),
    Verdict.BAD: ("bad", _("Chữ ký không còn giá trị"), _("Nội dung đã bị thay đổi sau khi ký, hoặc chứng thư đã bị thu hồi.")),
    Verdict.UNSIGNED: ("info", _("Tệp này không có chữ ký số"), _("Tệp đọc được nhưng không ai ký số lên đó.")),
}
CHANGES: dict[Changed, Promise] = {
    Changed.NOTHING: _("Chữ ký bao trùm toàn bộ tệp."),
    Changed.SIGNED: _("Sau đó chỉ có thêm chữ ký khác và dữ liệu chứng thực."),
    Changed.FILLED: _("Sau đó có điền số, ngày hoặc ô của biểu mẫu, và chữ ký khác."),
    Changed.UNCONFIRMED: _("Sau đó ô của biểu mẫu đã bị sửa mà không chữ ký nào xác nhận."),
    Changed.ANNOTATED: _("Sau đó có thêm ghi chú."),
    Changed.CHANGED: _("Sau đó nội dung đã bị thay đổi."),
}
PROOF_STATES = {
    "valid": ("done", _("Còn giá trị")),
    "corrected": ("done", _("Còn giá trị, đã được đính chính")),
    "replaced": ("end", _("Đã được thay thế")),
    "revoked": ("end", _("Đã bị thu hồi, hủy bỏ")),
}
PROOF_KINDS: dict[str, Promise] = {
    "result": _("Kết quả giải quyết thủ tục hành chính"),
    "result_correction": _("Đính chính kết quả giải quyết thủ tục hành chính"),
    "result_replacement": _("Kết quả cấp thay thế"),
    "result_revocation": _("Thu hồi kết quả giải quyết thủ tục hành chính"),
    "receipt": _("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    "copy": _("Bản sao điện tử"),
    "extract": _("Trích lục"),
}
