"""Refusals of the interface: what happened and what to do next. The standard's own codes are in `answers.told`."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy

from thongsuot.kernel.errors import TellPerson


class BadKey(TellPerson):
    code = "open311.bad_key"
    status = 403
    says = gettext_lazy("Thiếu api_key, hoặc khóa không đúng, hết hạn, đã thu hồi. Hãy xin khóa tại trang /open311/.")


class KeyMayNot(TellPerson):
    code = "open311.key_may_not"
    status = 403
    says = gettext_lazy("Khóa này không có quyền gửi nội dung này. Hãy xin nơi cấp khóa mở thêm quyền.")


class NotTheSender(TellPerson):
    """Nobody learns from it whether there is such a ticket."""

    code = "open311.not_the_sender"
    status = 403
    says = gettext_lazy(
        "Chỉ người gửi phản ánh được bổ sung: hãy dùng api_key đã gửi phản ánh, hoặc ghi secret trong liên kết theo dõi."
    )


class UnknownJurisdiction(TellPerson):
    code = "open311.unknown_jurisdiction"
    status = 404
    says = gettext_lazy("jurisdiction_id này không có ở đây. Hãy bỏ trống, hoặc dùng mã ghi tại trang /open311/.")


class UnknownService(TellPerson):
    code = "open311.unknown_service"
    status = 404
    says = gettext_lazy("service_code này không có, hoặc không còn nhận phản ánh. Hãy lấy danh sách mới tại services.")


class UnknownRequest(TellPerson):
    code = "open311.unknown_request"
    status = 404
    says = gettext_lazy("Không có phản ánh mang service_request_id này. Hãy xem lại số phản ánh.")


class UnknownToken(TellPerson):
    code = "open311.unknown_token"
    status = 404
    says = gettext_lazy("Không có mã tạm này. Hãy dùng đúng token đã nhận khi gửi phản ánh.")


class WrongFormat(TellPerson):
    """A body we do not read: XML, JSON, anything but a form."""

    code = "open311.wrong_format"
    status = 415
    says = gettext_lazy("Hãy gửi dạng application/x-www-form-urlencoded hoặc multipart/form-data, mã hóa UTF-8.")


class TooLarge(TellPerson):
    code = "open311.too_large"
    status = 413
    says = gettext_lazy(
        "Nội dung gửi quá lớn nên chưa được đọc. Hãy gửi ít ảnh hơn. "
        "Ghi api_key trong địa chỉ hoặc trong tiêu đề X-API-Key thì gửi được đến %(most_mb)s MB, "
        "không thì đến %(keyless_mb)s MB."
    )

    def __init__(self) -> None:
        self.most_mb = settings.FEEDBACK_MAX_BYTES // 2**20
        self.keyless_mb = settings.OPEN311_KEYLESS_MAX_BYTES // 2**20


class UpdateIdUsed(TellPerson):
    """What is told twice is one update; what is told anew needs an id of its own, or it would be lost."""

    code = "open311.update_id_used"
    status = 409
    says = gettext_lazy("update_id (hoặc Idempotency-Key) này đã dùng cho một bổ sung khác. Hãy dùng mã mới.")


class OverLimit(TellPerson):
    code = "open311.over_limit"
    status = 429

    def __init__(self, again_at: datetime) -> None:
        self.again_at = again_at

    says = gettext_lazy("Đã gọi quá số lượt cho phép trong một giờ. Hãy gọi lại sau thời gian ghi ở Retry-After.")

    def message(self) -> str:
        return str(self.says)

    def details(self) -> dict[str, object]:
        return {"again_at": self.again_at.isoformat()}


class AlreadyWithdrawn(TellPerson):
    code = "open311.already_withdrawn"
    says = gettext_lazy("Khóa này đã thu hồi trước đó. Không có gì phải làm thêm.")
