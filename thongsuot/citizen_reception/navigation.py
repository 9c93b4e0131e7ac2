"""Where the bars lead."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.citizen_reception.rules import DUTY, MANAGE
from thongsuot.web import home, navigation

navigation.staff("citizen_reception:register", _("Tiếp công dân"), icon="user", duty=DUTY, order=37, match="/can-bo/tiep-dan/")
navigation.staff(
    "citizen_reception:numbers", _("Tiếp công dân"), icon="user", duty=MANAGE, order=89, match="/quan-tri/tiep-cong-dan/"
)
home.section("citizen_reception.when", lambda request: ("citizen_reception/_home_box.html", {}), place="side", order=40)
