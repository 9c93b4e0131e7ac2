"""What the catalogue announces. The subject is the procedure, so that its page tells its whole history."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

VERSION_PUBLISHED = EventKind("procedures.version_published", _("Đã công bố phiên bản mới"))
COMPETENCE_GRANTED = EventKind("procedures.competence_granted", _("Đã giao thẩm quyền"))
COMPETENCE_ENDED = EventKind("procedures.competence_ended", _("Đã chấm dứt thẩm quyền"))
PROCEDURE_ENDED = EventKind("procedures.ended", _("Đã bãi bỏ thủ tục"))
IMPORTED = EventKind("procedures.imported", _("Đã nhập danh mục thủ tục"))
PROCESS_DRAFTED = EventKind("procedures.process_drafted", _("Đã lưu bản thảo quy trình"))
PROCESS_DISCARDED = EventKind("procedures.process_discarded", _("Đã bỏ bản thảo quy trình"))
