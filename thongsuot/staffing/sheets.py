"""Lists of staffing as tables: their columns."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from thongsuot.files.tables import Column

MOST_ROWS = 20_000

# Headings are Vietnamese whatever language the reader has: files travel between offices.
PLAN: tuple[Column, ...] = (
    Column(
        key="unit",
        heading="Mã đơn vị",
        example="00070",
        required=True,
        how=gettext_lazy("Mã 5 chữ số của xã, phường, đặc khu."),
    ),
    Column(key="unit_name", heading="Tên đơn vị", example="Phường Ví Dụ", how=gettext_lazy("Để dễ đọc, không dùng khi nhập.")),
    Column(
        key="position", heading="Mã vị trí", example="VT17", required=True, how=gettext_lazy("Theo danh mục vị trí việc làm.")
    ),
    Column(
        key="position_name",
        heading="Tên vị trí",
        example="Tư pháp, hộ tịch",
        how=gettext_lazy("Để dễ đọc, không dùng khi nhập."),
    ),
    Column(key="persons", heading="Số người", example="2", required=True, how=gettext_lazy("Số nguyên; 0 là không bố trí.")),
)
MEMBERS: tuple[Column, ...] = (
    Column(key="full_name", heading="Họ tên", example="Nguyễn Thị Ví Dụ", required=True, how=gettext_lazy("Như trên giấy tờ.")),
    Column(
        key="email",
        heading="Thư điện tử",
        example="vidu@vidu.vn",
        how=gettext_lazy("Để mở tài khoản khi nhận việc. Ai đã có tài khoản thì ghi đúng thư của tài khoản ấy."),
    ),
    Column(
        key="unit",
        heading="Mã đơn vị",
        example="00070",
        required=True,
        how=gettext_lazy("Nơi đang hoặc từng công tác, theo mã vào ngày của danh sách."),
    ),
    Column(key="old_title", heading="Chức danh cũ", example="Công chức địa chính", how=gettext_lazy("Không bắt buộc.")),
    Column(
        key="state",
        heading="Tình trạng",
        example="Dôi dư, chưa bố trí",
        how=gettext_lazy("Để trống là dôi dư, chưa bố trí. Người đã bố trí thì ghi cả mã vị trí."),
    ),
    Column(key="position", heading="Mã vị trí", example="", how=gettext_lazy("Vị trí đang giữ, theo danh mục.")),
    Column(
        key="qualification",
        heading="Trình độ",
        example="Đại học",
        how=gettext_lazy("Trung cấp, cao đẳng, đại học hoặc sau đại học; để trống là đại học."),
    ),
    Column(
        key="fields", heading="Lĩnh vực", example="luật; hành chính", how=gettext_lazy("Các lĩnh vực, ngăn bằng dấu chấm phẩy.")
    ),
    Column(key="years", heading="Số năm trong lĩnh vực", example="8", how=gettext_lazy("Số nguyên.")),
    Column(key="wish", heading="Nguyện vọng về đơn vị", example="", how=gettext_lazy("Mã đơn vị mới, nếu có.")),
)
KINDS = {"phuong-an": PLAN, "can-bo": MEMBERS}


def whole_number(text: str, *, most: int) -> int | None:
    """None when it is none, or more than can be."""
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        return None
    return int(text) if int(text) <= most else None
