"""What the lists behind figures are called, and why a ticket is in one."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from thongsuot.feedback.rules.legs import Fault

BEHIND_WORDS: dict[str, Promise] = {
    "nhan": gettext_lazy("Phản ánh đã nhận"),
    "tra-loi": gettext_lazy("Phản ánh đã trả lời"),
    "dung-han": gettext_lazy("Trả lời đúng hạn"),
    "tre": gettext_lazy("Trả lời quá hạn"),
    "dang-cho": gettext_lazy("Đang chờ trả lời"),
    "qua-han": gettext_lazy("Đang quá hạn"),
    "tra-lai": gettext_lazy("Đơn vị trả lại"),
    "tu-choi": gettext_lazy("Không tiếp nhận"),
    "mo-lai": gettext_lazy("Được mở lại"),
    "danh-gia": gettext_lazy("Có đánh giá"),
    "xu-ly": gettext_lazy("Phải xử lý trong kỳ"),
    "xu-ly-dung-han": gettext_lazy("Xử lý đúng hạn theo mục 5.2"),
    "xu-ly-tre": gettext_lazy("Xử lý quá hạn theo mục 5.2"),
    "xu-ly-chua-tot": gettext_lazy("Bị chê, mở lại hoặc quá hạn"),
}
FAULTS: dict[str, Promise] = {
    Fault.REFUSE: gettext_lazy("Từ chối quá hạn."),
    Fault.ASK: gettext_lazy("Yêu cầu bổ sung lần đầu quá hạn."),
    Fault.ANSWER: gettext_lazy("Trả lời quá hạn."),
    Fault.PUBLISH: gettext_lazy("Công khai quá hạn."),
}
