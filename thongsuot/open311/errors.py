"""Refusals of the interface: what happened and what to do next. The standard's own codes are in `answers.told`."""

from __future__ import annotations

from datetime import datetime

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
