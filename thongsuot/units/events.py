"""What units announce."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

LOADED = EventKind("units.loaded", _("Đã nạp đơn vị hành chính"))
DECISION_DRAFTED = EventKind("units.decision_drafted", _("Đã soạn quyết định sắp xếp đơn vị"))
DECISION_EDITED = EventKind("units.decision_edited", _("Đã sửa quyết định sắp xếp đơn vị"))
DECISION_CHECKED = EventKind("units.decision_checked", _("Đã kiểm tra quyết định sắp xếp đơn vị"))
DECISION_APPROVED = EventKind("units.decision_approved", _("Đã duyệt quyết định sắp xếp đơn vị"))
DECISION_WITHDRAWN = EventKind("units.decision_withdrawn", _("Đã rút quyết định sắp xếp đơn vị"))
PART_DESCRIBED = EventKind("units.part_described", _("Đã mô tả phần chuyển sang đơn vị mới"))
KEEPER_NAMED = EventKind("units.keeper_named", _("Đã chỉ định nơi giữ phần không chia được"))
IDENTIFIED = EventKind("units.identified", _("Đã gán mã định danh điện tử"))
BODIES_SET_UP = EventKind("units.bodies_set_up", _("Đã lập các cơ quan của đơn vị"))
AGENCY_SET_UP = EventKind("units.agency_set_up", _("Đã lập cơ quan nhận hoặc giải quyết hồ sơ"))
AGENCY_CHANGED = EventKind("units.agency_changed", _("Đã đổi thông tin cơ quan"))
AGENCY_ENDED = EventKind("units.agency_ended", _("Đã kết thúc cơ quan"))
SERVING_PUT = EventKind("units.serving_put", _("Đã giao cơ quan phối hợp cho đơn vị"))
SERVING_ENDED = EventKind("units.serving_ended", _("Đã thôi giao cơ quan phối hợp"))
POINT_OPENED = EventKind("units.point_opened", _("Đã mở điểm phục vụ"))
POINT_CHANGED = EventKind("units.point_changed", _("Đã đổi thông tin điểm phục vụ"))
POINT_MOVED = EventKind("units.point_moved", _("Đã chuyển cơ quan quản lý điểm phục vụ"))
POINT_CONTINUED = EventKind("units.point_continued", _("Điểm phục vụ đã về đơn vị mới"))
POINT_TAKEN_BACK = EventKind("units.point_taken_back", _("Điểm phục vụ đã về lại đơn vị cũ"))
HOURS_SET = EventKind("units.hours_set", _("Đã đặt giờ làm việc"))
DAYS_LOADED = EventKind("units.days_loaded", _("Đã nạp lịch nghỉ, làm bù"))
DAYS_CHANGED = EventKind("units.days_changed", _("Đã đổi ngày nghỉ, ngày làm bù"))
BOUNDARIES_IMPORTED = EventKind("units.boundaries_imported", _("Đã nhập ranh giới"))
