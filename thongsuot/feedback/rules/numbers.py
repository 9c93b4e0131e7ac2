"""The numbers a city sets for feedback: what each means, and between which values it makes sense."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Number(NamedTuple):
    label: Promise
    least: int
    most: int


KEYS: dict[str, Number] = {
    "returns_most": Number(_("Số lần đơn vị được trả lại một phản ánh, sau đó người tiếp nhận quyết định"), 0, 10),
    "extensions_most": Number(_("Số lần gia hạn trong một lượt xử lý"), 0, 10),
    "extension_days": Number(_("Số ngày nhiều nhất một lần gia hạn được lùi hạn trả lời"), 1, 180),
    "extension_decide_hours": Number(
        _("Số giờ làm việc sau hạn, còn đồng ý được đề nghị gia hạn đã xin trước hạn; phản ánh vẫn tính là quá hạn"),
        0,
        80,
    ),
    "ask_days": Number(_("Số ngày làm việc người gửi có để bổ sung, quá thì phản ánh khép lại"), 1, 60),
    "asks_most": Number(_("Số lần yêu cầu bổ sung trong một lượt xử lý"), 0, 10),
    "reopen_days": Number(_("Số ngày sau khi trả lời, người gửi được báo chưa hài lòng để xử lý lại"), 0, 365),
    "reopens_most": Number(_("Số lần một phản ánh được mở lại"), 0, 10),
    "messages_day": Number(_("Số lời nhắn người gửi viết được vào một phản ánh trong một ngày"), 1, 500),
    "photos_most": Number(_("Số ảnh mỗi lần gửi"), 1, 20),
    "words_least": Number(_("Số ký tự ít nhất của nội dung"), 1, 200),
    "person_hour": Number(_("Số phản ánh một người gửi được trong một giờ"), 1, 1000),
    "network_hour": Number(_("Số phản ánh gửi được từ một địa chỉ mạng trong một giờ"), 1, 100_000),
    "place_day": Number(_("Số phản ánh một người gửi được trong một ngày về một lĩnh vực tại cùng một nơi"), 1, 100),
    "mail_sender_day": Number(_("Số thư phản ánh nhận từ một địa chỉ trong một ngày; thư đến thêm thì chờ"), 1, 10_000),
    "mail_domain_hour": Number(_("Số thư phản ánh nhận từ một tên miền trong một giờ; thư đến thêm thì chờ"), 1, 100_000),
    "mail_box_hour": Number(_("Số thư phản ánh cả hộp thư nhận trong một giờ; thư đến thêm thì chờ"), 1, 100_000),
    "mail_tries": Number(_("Số lần thử nhận một thư bị lỗi, sau đó giữ lại cho người tiếp nhận"), 2, 20),
    "forget_days": Number(_("Số ngày giữ tên, liên hệ của người gửi sau khi phản ánh kết thúc"), 30, 3650),
    "heat_least": Number(_("Số phản ánh ít nhất để một ô hiện trên bản đồ nhiệt của cán bộ"), 1, 100),
    "index_refuse": Number(_("Mục 5.2 của bộ chỉ số: số ngày làm việc để từ chối"), 1, 60),
    "index_ask": Number(_("Mục 5.2 của bộ chỉ số: số ngày làm việc để yêu cầu bổ sung lần đầu"), 1, 60),
    "index_answer": Number(_("Mục 5.2 của bộ chỉ số: số ngày làm việc để trả lời, không kể gia hạn"), 1, 60),
    "index_publish": Number(_("Mục 5.2 của bộ chỉ số: số ngày làm việc để công khai sau khi có trả lời"), 1, 60),
}
