"""The words every part of feedback shares: streams, channels, urgency, reasons. Values are stored; labels are shown."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

SENDER = _("Người gửi")  # as whom the history knows whoever reported


class Stream(models.TextChoices):
    """What a ticket is about. Scene and regulation are the two legal kinds, never mixed; a city may open the others."""

    SCENE = "scene", _("Phản ánh hiện trường")
    REGULATION = "regulation", _("Phản ánh, kiến nghị về quy định hành chính")
    WASTE = "waste", _("Phản ánh hành vi gây lãng phí")
    WARNING = "warning", _("Cảnh báo đến người dân")
    INITIATIVE = "initiative", _("Sáng kiến, hiến kế cho thành phố")


class Channel(models.TextChoices):
    APP = "app", _("Ứng dụng, trang web")
    HOTLINE = "hotline", _("Tổng đài 1022")
    EMAIL = "email", _("Thư điện tử")
    ZALO = "zalo", _("Zalo")
    COUNTER = "counter", _("Quầy phục vụ")
    RECEPTION = "reception", _("Tiếp công dân")
    PAPER = "paper", _("Đơn giấy")
    OPEN311 = "open311", _("Phần mềm khác (Open311)")


class Urgency(models.TextChoices):
    NORMAL = "normal", _("Thông thường")
    COMPLEX = "complex", _("Phức tạp: nhiều cơ quan hoặc nhiều bước")
    URGENT = "urgent", _("Khẩn: thiên tai, dịch bệnh, tai nạn, an ninh")


class RefusalReason(models.TextChoices):
    OUTSIDE_SCOPE = "outside_scope", _("Ngoài phạm vi tiếp nhận phản ánh")
    UNCLEAR = "unclear", _("Nội dung chưa rõ")
    NO_PLACE = "no_place", _("Không xác định được nơi xảy ra")
    DUPLICATE = "duplicate", _("Đã có phản ánh về cùng việc này")
    INSULTING = "insulting", _("Lời lẽ xúc phạm")
    PRIVATE_DISPUTE = "private_dispute", _("Tranh chấp dân sự giữa các bên")
    NOT_OWN_PHOTO = "not_own_photo", _("Ảnh không phải do người gửi chụp tại nơi xảy ra")


class ReturnReason(models.TextChoices):
    NOT_OURS = "not_ours", _("Không thuộc thẩm quyền của đơn vị")
    OTHER_PLACE = "other_place", _("Nơi xảy ra thuộc địa bàn khác")
    OTHER_CATEGORY = "other_category", _("Sai lĩnh vực")


class Suspected(models.TextChoices):
    """What a ticket must not be processed as: it has a way of its own, by law."""

    NONE = "", _("Không")
    COMPLAINT = "complaint", _("Khiếu nại")
    DENUNCIATION = "denunciation", _("Tố cáo")


class WithheldReason(models.TextChoices):
    SENSITIVE = "sensitive", _("Nội dung nhạy cảm")
    COMPLEX = "complex", _("Vụ việc phức tạp, còn đang xem xét")
    PRIVATE = "private", _("Liên quan đời tư của người khác")
    ASKED = "asked", _("Người gửi đề nghị không công khai")


class MaskedBy(models.TextChoices):
    """Who wants it that no public page says where something is. By its kind: nobody, its category alone decides."""

    KIND = "kind", _("theo lĩnh vực")
    SENDER = "sender", _("theo ý người gửi")
    OFFICER = "officer", _("theo quyết định của cán bộ")


class PublicPoint(models.IntegerChoices):
    """How near everybody may know where something is, in decimals of a degree: of what points at a home less near."""

    SPOT = 4, _("khoảng 10 m")
    BLOCK = 3, _("khoảng 100 m")
    AREA = 2, _("khoảng 1 km")


class PlaceBy(models.TextChoices):
    """How the ward of a ticket was found: what is said to whoever asks why it came here."""

    MAP = "map", _("Điểm trên bản đồ nằm trong địa giới")
    PHOTO = "photo", _("Vị trí ghi trong ảnh nằm trong địa giới")
    ADDRESS = "address", _("Địa chỉ đã ghi thuộc đơn vị")
    UNIT = "unit", _("Người gửi chọn đơn vị")
    OPERATOR = "operator", _("Người tiếp nhận xác định")
