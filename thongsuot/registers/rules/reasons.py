"""Why a row is not simply stored, as people read it: what is wrong and what to do. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.files import tables

# Such a row cannot be an entry: it is mended in the file and sent again.
REJECTED: dict[str, Promise] = {
    **tables.REJECTED,
    "no_name": _("Thiếu họ tên. Hãy điền rồi gửi lại."),
    "no_number": _("Thiếu số thứ tự trong quyển. Hãy điền rồi gửi lại."),
    "bad_number": _("Số thứ tự không phải là số. Hãy ghi như 15 hoặc 15b."),
    "old_font": _("Chữ có vẻ gõ bằng phông cũ (TCVN3 hoặc VNI). Hãy chuyển sang Unicode rồi gửi lại."),
    "already": _("Dòng này đã có trong hệ thống, giống hệt: không nhập lần nữa."),
    "dropped": _("Đã loại theo quyết định khi xử lý danh sách cần sửa."),
}
# Such a row waits on the correction list. Those in `NEVER_STAND` must be changed; others may stand when someone says why.
DOUBTS: dict[str, Promise] = {
    "date": _("Có ngày không đọc được hoặc không có trong lịch."),
    "serial_date": _("Có ngày là số của bảng tính, hệ thống tự đổi ra ngày: hãy đối chiếu với sổ giấy."),
    "date_order": _("Thứ tự các ngày không thể đúng."),
    "future": _("Có ngày ở tương lai."),
    "year": _("Không biết năm của quyển sổ."),
    "place_unknown": _("Chưa nhận ra nơi đăng ký."),
    "place_partly": _("Có tên huyện, tỉnh cũ chưa nhận ra trong nơi đăng ký: hãy đối chiếu, có thể là nơi khác cùng tên."),
    "place_several": _("Tên nơi đăng ký hợp với nhiều đơn vị."),
    "place_elsewhere": _("Nơi đăng ký không thuộc địa bàn của đơn vị nhập."),
    "number_taken": _("Số này trong quyển đã có mục khác."),
    "number_twice": _("Trong tệp có hai dòng cùng số, cùng quyển."),
    "person_known": _("Việc hộ tịch của người này có vẻ đã đăng ký ở một mục khác."),
    "person_twice": _("Trong tệp có hai dòng có vẻ của cùng một người."),
    "own_book": _("Quyển này đang ghi trong hệ thống, không nhập thêm vào được: hãy đổi số quyển hoặc loại."),
    "id_number": _("Số giấy tờ không đủ 9 hoặc 12 chữ số."),
    "sex": _("Giới tính không ghi là nam hay nữ."),
}
NEVER_STAND = frozenset({"number_taken", "own_book", "year"})
REASONS: dict[str, Promise] = {**REJECTED, **DOUBTS}


def in_words(codes: Iterable[str]) -> list[str]:
    return [str(REASONS.get(code, code)) for code in codes]
