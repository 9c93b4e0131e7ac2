"""The numbers of the law that an administrator sets: what each means, what holds where none was loaded, what makes sense."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Number(NamedTuple):
    label: Promise
    usual: int
    least: int
    most: int


KEYS: dict[str, Number] = {
    "commune_days_per_week": Number(_("Số ngày mỗi tuần người đứng đầu cấp xã trực tiếp tiếp"), 1, 0, 6),
    "city_days_per_month": Number(_("Số ngày mỗi tháng người đứng đầu thành phố trực tiếp tiếp"), 1, 0, 26),
    "agency_days_per_month": Number(_("Số ngày mỗi tháng người đứng đầu cơ quan trực tiếp tiếp"), 1, 0, 26),
    "holiday_make_up": Number(_("Ngày tiếp trùng ngày nghỉ thì tiếp vào ngày làm việc sau đó (1: có, 0: không)"), 1, 0, 1),
    "complaint_handle_days": Number(_("Số ngày để lập phiếu xử lý khiếu nại, kể từ lúc nhận"), 10, 1, 90),
    "denunciation_handle_days": Number(_("Số ngày làm việc để lập phiếu xử lý tố cáo, kể từ lúc nhận"), 7, 1, 90),
    "other_handle_days": Number(_("Số ngày làm việc để lập phiếu xử lý kiến nghị, phản ánh, việc chưa phân loại"), 10, 1, 90),
    "transfer_days": Number(_("Số ngày làm việc để hướng dẫn, chuyển việc thuộc cơ quan khác"), 5, 1, 90),
    "complaint_settle_days": Number(_("Số ngày giải quyết khiếu nại, kể từ lúc tiếp nhận giải quyết"), 30, 1, 365),
    "denunciation_settle_days": Number(_("Số ngày giải quyết tố cáo, kể từ lúc tiếp nhận giải quyết"), 30, 1, 365),
    "complaint_extension_days": Number(_("Số ngày mỗi lần gia hạn giải quyết khiếu nại phức tạp"), 15, 1, 365),
    "complaint_extensions_most": Number(_("Số lần được gia hạn giải quyết khiếu nại"), 1, 0, 10),
    "denunciation_extension_days": Number(_("Số ngày mỗi lần gia hạn giải quyết tố cáo phức tạp"), 30, 1, 365),
    "denunciation_extensions_most": Number(_("Số lần được gia hạn giải quyết tố cáo"), 2, 0, 10),
    "refusal_notice_days": Number(_("Số ngày làm việc để ra thông báo từ chối tiếp, kể từ khi có căn cứ"), 3, 1, 30),
    "online_notice_days": Number(_("Số ngày làm việc phải báo các bên trước phiên tiếp trực tuyến"), 5, 1, 60),
    "online_test_days": Number(_("Số ngày làm việc phải thử đạt mọi điểm trước phiên tiếp trực tuyến"), 1, 1, 60),
    "online_connect_minutes": Number(_("Số phút mọi điểm phải kết nối xong trước phiên tiếp trực tuyến"), 60, 0, 1440),
    "online_recording_needed": Number(_("Ký biên bản phiên trực tuyến phải có bản ghi (1: có, 0: không)"), 1, 0, 1),
    "minutes_keep_days": Number(
        _("Số ngày bảo quản biên bản đã ký của phiên trực tuyến, kể từ khi kết thúc"), 5475, 365, 36_500
    ),
    "disposal_decision_needed": Number(_("Hủy biên bản hết thời hạn bảo quản phải có quyết định (1: có, 0: không)"), 1, 0, 1),
    "forget_days": Number(_("Số ngày giữ tên, liên hệ của người đến và các bên sau khi kết thúc"), 5475, 365, 36_500),
}
