"""Where the bars lead: answers for everyone, for officers while somebody asks, the stock for those who keep it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.knowledge.rules import APPROVE, KEEP
from thongsuot.web import navigation

navigation.citizen("knowledge:index", _("Hỏi đáp"), icon="chat", order=30)
navigation.staff("knowledge:look_up", _("Hỏi đáp"), icon="chat", order=93)
navigation.staff("knowledge:stock", _("Kho hỏi đáp"), icon="chat", duty=(KEEP, APPROVE), order=94)
