"""Where the officers' bar leads; what moving a service point takes along."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.counters.rules import ARRANGE, SERVE
from thongsuot.counters.views import point_effects
from thongsuot.units import effects
from thongsuot.web import navigation

effects.on_point_move.told_by("counters.hall", point_effects.counters_that_follow)
navigation.staff("counters:load", _("Tải các điểm"), icon="ticket", duty="see figures", order=53)
navigation.staff("counters:points", _("Quầy"), icon="ticket", duty=(SERVE, ARRANGE), order=22, match="/can-bo/quay/")
