"""Where the bars lead: the outbox and the words of letters for who looks after them, one's own messages for everyone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.web import navigation

navigation.staff("notices:outbox", _("Tin gửi"), icon="chat", duty="see outbox", order=95)
navigation.staff("notices:letters", _("Mẫu tin"), icon="chat", duty=("write letters", "approve letters"), order=96)
navigation.person("notices:own", _("Tin nhắn"), icon="chat", order=15)
