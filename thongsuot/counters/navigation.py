"""Where the officers' bar leads; what moving a service point takes along."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.counters.rules import ARRANGE, CITY, SERVE
from thongsuot.counters.views import opening, point_effects
from thongsuot.units import effects
from thongsuot.units import opening as opening_of_points
from thongsuot.web import navigation

effects.on_point_move.told_by("counters.hall", point_effects.counters_that_follow)
opening_of_points.told_by(opening.openings)
navigation.staff("counters:city_settings", _("Quy định của điểm"), icon="ticket", duty=CITY, order=85)
navigation.staff("counters:load", _("Tải các điểm"), icon="ticket", duty="see figures", order=53)
navigation.staff("counters:points", _("Quầy"), icon="ticket", duty=(SERVE, ARRANGE), order=22, match="/can-bo/quay/")
navigation.staff("counters:rosters", _("Trực quầy"), icon="ticket", duty="see figures", order=54)
navigation.person("counters:mine", _("Số chờ, giờ hẹn"), icon="ticket", order=7)
