"""What indicators announces: that the rules by which it counts were put in place."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

ITEM_PUT = EventKind("indicators.item_put", _("Đã đặt chỉ số thành phần"), public=False)
STREAMS_SET = EventKind("indicators.streams_set", _("Đã đặt luồng phản ánh được tính ở chỉ số"), public=False)
BAND_PUT = EventKind("indicators.band_put", _("Đã đặt mức xếp loại"), public=False)
EXPORT_ASKED = EventKind("indicators.export_asked", _("Đã yêu cầu xuất danh sách"), public=False)
