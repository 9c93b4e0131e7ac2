"""Where the bars lead: people for administrators, one's own account for everyone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.people.views import point_effects
from thongsuot.units import effects
from thongsuot.web import navigation

effects.on_point_move.told_by("people.posts", point_effects.people_who_follow)
navigation.staff("people:people", _("Người dùng"), icon="user", duty="manage people", order=80)
navigation.person("people:profile", _("Tài khoản"), icon="user", order=10)
navigation.person("people:look_ups", _("Ai đã xem dữ liệu của tôi"), icon="search", order=20)
