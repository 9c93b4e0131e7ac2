"""Where the bars lead, and what units bring to the home page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.units.views import maps as views_of_maps
from thongsuot.units.views import public
from thongsuot.web import home, maps, navigation, site

navigation.citizen("units:find", _("Phường, xã mới"), icon="pin", order=30)
navigation.staff("units:manage", _("Đơn vị"), icon="unit", duty="manage units", order=82)
navigation.staff("units:agencies", _("Cơ quan phối hợp"), icon="unit", duty="manage units", order=83)
navigation.staff("units:decisions", _("Sắp xếp đơn vị"), icon="unit", duty="manage units", order=81)
navigation.staff("units:facilities", _("Trạm y tế"), icon="unit", duty="manage units", order=83)
navigation.staff("units:calendar", _("Lịch"), icon="calendar", duty="manage calendar", order=84)
home.section("units.find", public.home_part, place="main", order=10)
site.city_named_by(public.city_name)
maps.laid_by(maps.Laid("units:outlines", "units:where", "units:manage", box=views_of_maps.box, outlined=views_of_maps.outlined))
