"""Lists of feedback that come in and leave: who is competent, who gets an account."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.files.tables import Column

COMPETENCES = (
    Column(key="category", heading=_("Mã lĩnh vực"), example="o-ga", how=_("Như ở trang Lĩnh vực phản ánh."), required=True),
    Column(
        key="place",
        heading=_("Mã nơi xảy ra"),
        example="98001",
        how=_("Mã phường, xã chỉ riêng nơi ấy theo dòng này. Để trống: cả thành phố."),
    ),
    Column(
        key="handler",
        heading=_("Mã đơn vị trả lời"),
        example="98T01",
        how=_("Mã phường, xã, sở, cơ quan. Để trống: đơn vị nơi xảy ra."),
    ),
    Column(
        key="basis",
        heading=_("Căn cứ"),
        example="Quyết định 12/QĐ-UBND",
        how=_("Văn bản giao việc, nhiều nhất 200 ký tự."),
        required=True,
    ),
    Column(
        key="from",
        heading=_("Từ ngày"),
        example="01/01/2026",
        how=_("Ngày bắt đầu, từ hôm nay trở đi. Để trống: theo ngày chọn khi gửi tệp."),
    ),
    Column(key="said", heading=_("Diễn giải"), example="", how=_("Để người đọc dễ hiểu; khi nhập, phần này được bỏ qua.")),
)
ACCOUNTS = (
    Column(
        key="unit", heading=_("Mã đơn vị"), example="98001", how=_("Mã phường, xã, sở, cơ quan của thành phố."), required=True
    ),
    Column(key="name", heading=_("Họ và tên"), example="Lò Thị Mẫu", how=_("Như trên giấy tờ."), required=True),
    Column(
        key="email",
        heading=_("Thư điện tử"),
        example="mau@vidu.vn",
        how=_("Thư công vụ của chính người ấy: để đăng nhập và đặt mật khẩu."),
        required=True,
    ),
    Column(key="phone", heading=_("Điện thoại"), example="0912000999", how=_("Không bắt buộc.")),
    Column(
        key="title",
        heading=_("Chức danh"),
        example="Chuyên viên",
        how=_("Như ở trang phân công nhiệm vụ của đơn vị ấy."),
        required=True,
    ),
    Column(
        key="body",
        heading=_("Phòng của đơn vị"),
        example="",
        how=_("Tên phòng trong đơn vị. Để trống: phòng đầu tiên có chức danh ấy."),
    ),
    Column(
        key="duties",
        heading=_("Việc với phản ánh"),
        example="xử lý; duyệt",
        how=_("Ghi: xử lý, duyệt, hoặc cả hai. Để trống: theo chức danh."),
    ),
)
