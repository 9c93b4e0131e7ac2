"""Where the bars lead: one's own papers, in the menu under one's name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.web import navigation

navigation.person("personal_store:papers", _("Giấy tờ của tôi"), icon="dossier", order=6)
