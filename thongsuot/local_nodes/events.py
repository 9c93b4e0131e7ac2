"""What local nodes announce."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

SET_UP = EventKind("local_nodes.set_up", _("Đã khai máy tại chỗ"), public=False)
CODE_GIVEN = EventKind("local_nodes.code_given", _("Đã cấp mã ghép máy tại chỗ"), public=False)
JOINED = EventKind("local_nodes.joined", _("Máy tại chỗ đã ghép với điểm"), public=False)
RETIRED = EventKind("local_nodes.retired", _("Đã thôi dùng máy tại chỗ"), public=False)
RETOLD = EventKind("local_nodes.retold", _("Đã nhận việc làm lúc mất đường truyền"), public=False)
PUT_BACK = EventKind("local_nodes.put_back", _("Số về lại hàng chờ: quầy đã gọi số khác lúc mất đường truyền"), public=False)
CODE_MADE = EventKind("local_nodes.code_made", _("Đã tạo mã tại chỗ"), public=False)
ACTED = EventKind("local_nodes.acted", _("Máy tại chỗ bắt đầu tự chạy"), public=False)
FOLLOWED = EventKind("local_nodes.followed", _("Máy tại chỗ đã theo lại thành phố"), public=False)
FILLED = EventKind("local_nodes.filled", _("Máy tại chỗ đã nhận dữ liệu của điểm"), public=False)
