"""The list with which questions come in, and as which they leave. No database."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.files.tables import Column

COLUMNS = (
    Column(
        key="question",
        heading=_("Câu hỏi"),
        example="Đăng ký khai sinh cho con ở đâu?",
        how=_("Viết như người dân hỏi. Câu đã có trong kho thì sửa ở trang của câu đó."),
        required=True,
    ),
    Column(
        key="answer",
        heading=_("Trả lời"),
        example="Bạn đăng ký tại UBND xã, phường nơi cư trú của cha hoặc mẹ.\n\n- Giấy chứng sinh\n- Căn cước của cha, mẹ",
        how=_("Đoạn cách nhau một dòng trống; mỗi ý một dòng, bắt đầu bằng gạch và dấu cách; đường dẫn: [chữ](https://…)."),
        required=True,
    ),
    Column(
        key="spoken",
        heading=_("Câu nói qua điện thoại"),
        example="Anh chị đến phường nơi cha hoặc mẹ cư trú, mang giấy chứng sinh và căn cước.",
        how=_("Một, hai câu ngắn để đọc cho người gọi."),
        required=True,
    ),
    Column(
        key="basis",
        heading=_("Căn cứ"),
        example="Luật Hộ tịch, Điều 13",
        how=_("Văn bản hoặc nguồn của câu trả lời."),
        required=True,
    ),
    Column(key="topics", heading=_("Chủ đề"), example="Hộ tịch", how=_("Cách nhau bằng dấu phẩy.")),
    Column(key="other_ways", heading=_("Cách hỏi khác"), example="làm giấy khai sinh", how=_("Mỗi cách một dòng trong ô.")),
    Column(
        key="procedure_codes", heading=_("Mã thủ tục"), example="1.001193", how=_("Mã trong danh mục, cách nhau bằng dấu phẩy.")
    ),
    Column(key="unit", heading=_("Mã đơn vị"), example="", how=_("Để trống: cả thành phố. Mã xã, phường: chỉ nơi đó.")),
    Column(
        key="look_again_on",
        heading=_("Xem lại vào ngày"),
        example="31/12/2026",
        how=_("Ghi ngày/tháng/năm; để trống: chưa hẹn xem lại."),
    ),
)
