"""Where the bars lead: the outbox for administrators, one's own messages for everyone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.web import navigation

navigation.staff("notices:outbox", _("Tin gửi"), icon="chat", duty="see outbox", order=95)
navigation.person("notices:own", _("Tin nhắn"), icon="chat", order=15)
