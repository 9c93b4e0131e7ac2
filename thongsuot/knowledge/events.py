"""What this capability announces. Facts name the question and the version, never who asked."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

ARTICLE_CHANGED = EventKind("knowledge.article_changed", _("Đã sửa chủ đề, cách hỏi khác"))
LOOKED_AGAIN = EventKind("knowledge.looked_again", _("Đã xem lại, vẫn đúng"))
KEEPERS_TOLD = EventKind("knowledge.keepers_told", _("Đã báo người giữ kho xem lại"))
IMPORTED = EventKind("knowledge.imported", _("Đã nhập câu hỏi từ tệp"))

VERSION_DRAFTED = EventKind("knowledge.version_drafted", _("Đã soạn câu trả lời"))
VERSION_CHANGED = EventKind("knowledge.version_changed", _("Đã sửa câu trả lời đang soạn"))
VERSION_SUBMITTED = EventKind("knowledge.version_submitted", _("Đã gửi duyệt câu trả lời"))
VERSION_APPROVED = EventKind("knowledge.version_approved", _("Đã duyệt câu trả lời"))
VERSION_SENT_BACK = EventKind("knowledge.version_sent_back", _("Đã trả lại câu trả lời để sửa"))
VERSION_DROPPED = EventKind("knowledge.version_dropped", _("Đã bỏ câu trả lời đang soạn"))
VERSION_WITHDRAWN = EventKind("knowledge.version_withdrawn", _("Đã thu hồi câu trả lời"))

# Not recorded any more (`AnswerUse` counts them); histories of before still name them.
TOLD = EventKind("knowledge.told", _("Đã trả lời người dân theo bản này"))
JUDGED = EventKind("knowledge.judged", _("Người đọc cho biết có ích hay không"))
