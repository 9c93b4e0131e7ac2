"""What the registers announce. Facts hold ids, codes, numbers of books: never whom an entry is about."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

ENTERED = EventKind("registers.entered", _("Đã ghi vào sổ hộ tịch"), public=False)
ANNOTATED = EventKind("registers.annotated", _("Đã ghi chú vào sổ hộ tịch"), public=False)
CANCELLED = EventKind("registers.cancelled", _("Đã hủy mục trong sổ theo quyết định"), public=False)
PAPER_DRAFTED = EventKind("registers.paper_drafted", _("Đã lập giấy từ sổ hộ tịch"), public=False)
PAPER_ISSUED = EventKind("registers.paper_issued", _("Đã cấp giấy từ sổ hộ tịch"), public=False)
SEARCHED = EventKind("registers.searched", _("Đã tra cứu sổ hộ tịch"), public=False)
EXPORTED = EventKind("registers.exported", _("Đã kết xuất một quyển sổ"), public=False)
REJECTS_EXPORTED = EventKind("registers.rejects_exported", _("Đã tải các dòng bị loại của tệp sổ cũ"), public=False)
IMPORT_SENT = EventKind("registers.import_sent", _("Đã gửi tệp sổ cũ"), public=False)
IMPORT_READ = EventKind("registers.import_read", _("Đã đọc xong tệp sổ cũ"), public=False)
IMPORT_STARTED = EventKind("registers.import_started", _("Đã bắt đầu nhập sổ cũ"), public=False)
IMPORT_STORED = EventKind("registers.import_stored", _("Đã nhập một phần sổ cũ"), public=False)
IMPORT_DONE = EventKind("registers.import_done", _("Đã nhập xong sổ cũ"), public=False)
IMPORT_DISCARDED = EventKind("registers.import_discarded", _("Đã bỏ tệp sổ cũ"), public=False)
CORRECTION_PROPOSED = EventKind("registers.correction_proposed", _("Đã đề xuất cách sửa một dòng"), public=False)
CORRECTION_DECIDED = EventKind("registers.correction_decided", _("Đã quyết định về một dòng cần sửa"), public=False)
BOOK_MOVED = EventKind("registers.book_moved", _("Sổ đã về nơi giữ mới"))
BOOK_MOVED_BACK = EventKind("registers.book_moved_back", _("Sổ đã về lại nơi giữ cũ"))
IMPORT_MOVED = EventKind("registers.import_moved", _("Tệp sổ cũ đã về nơi giữ mới"))
IMPORT_MOVED_BACK = EventKind("registers.import_moved_back", _("Tệp sổ cũ đã về lại nơi giữ cũ"))
