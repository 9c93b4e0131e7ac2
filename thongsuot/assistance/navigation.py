"""Where the bars lead: asking for help and giving it, for everybody; arranging it, for who does."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.web import navigation

navigation.person("assistance:mine", _("Nhờ nộp giúp"), icon="user", order=7)
navigation.person("assistance:desk", _("Tôi giúp người khác"), icon="user", order=8)
