"""Where the bars lead: filing and following for citizens; the officer's desk, the counter, the figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.counters import serving
from thongsuot.dossiers.views import agency_effects, recomputing
from thongsuot.procedures.rules import DUTIES
from thongsuot.units import effects
from thongsuot.web import navigation

navigation.staff("dossiers:inbox", _("Việc của tôi"), icon="dossier", duty=DUTIES, order=10)
navigation.staff("dossiers:signing_queue", _("Chờ ký"), icon="check", duty="sign results", order=15)
navigation.staff("dossiers:intake", _("Tiếp nhận"), icon="ticket", duty="receive dossiers", order=20)
navigation.staff("dossiers:opinions", _("Ý kiến"), icon="chat", duty="process dossiers", order=30)
navigation.staff("dossiers:at_partners", _("Liên thông"), icon="unit", duty=("assign dossiers", "review dossiers"), order=32)
navigation.staff(
    "dossiers:carriages", _("Giao nhận giấy"), icon="dossier", duty=("receive dossiers", "issue results"), order=35
)
navigation.staff("dossiers:logbook", _("Sổ theo dõi"), icon="calendar", duty=DUTIES, order=40)
navigation.staff("dossiers:results", _("Sổ kết quả"), icon="seal", duty=DUTIES, order=42)
navigation.staff("dossiers:digitising", _("Số hóa"), icon="scan", duty="receive dossiers", order=44)
navigation.staff("dossiers:leading", _("Điều hành"), icon="unit", duty="see figures", order=50)
navigation.staff("dossiers:recomputations", _("Tính lại hẹn"), icon="clock", duty="manage calendar", order=86)
serving.way_on("dossiers.intake", _("Tiếp nhận hồ sơ"), "dossiers:intake", order=10)
serving.way_on("dossiers.search", _("Tìm hồ sơ để trả kết quả"), "dossiers:search", order=20)
effects.on_calendar.told_by("dossiers.due_dates", recomputing.effect)
effects.on_serving.told_by("dossiers.legs", agency_effects.serving)
effects.on_agency_end.told_by("dossiers.open", agency_effects.agency_end)

navigation.citizen("dossiers:file", _("Nộp hồ sơ"), icon="dossier", order=12, tile=_("Trực tuyến, mọi lúc"))
navigation.citizen("dossiers:track", _("Tra cứu"), icon="clock", order=20, tile=_("Bằng mã trên giấy hẹn"))
navigation.person("dossiers:mine", _("Hồ sơ của tôi"), icon="dossier", order=5)
navigation.search(
    "not-found", "dossiers:track", param="ma", label=_("Mã hồ sơ"), hint=_("Ví dụ: H26.107-261120-0011"), button=_("Tra cứu")
)
