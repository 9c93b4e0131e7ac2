"""Where the bars lead: my certificates for whoever signs, all of them for whoever manages them, a check for everyone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.web import home, navigation

navigation.staff(
    "signing:mine", _("Chữ ký số"), icon="check", duty=("sign results", "issue results", "decide receptions"), order=58
)
navigation.staff("signing:coverage", _("Chứng thư"), icon="check", duty="manage certificates", order=84)
home.section("signing.check", lambda request: ("signing/_check_box.html", {}), place="side", order=40)
