"""All addresses, in Vietnamese slugs. Each capability owns what is below its prefix."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from thongsuot.config import health
from thongsuot.config.api import api, docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/docs", docs, name="api_docs"),
    path("api/v1/", api.urls),
    path("", include("thongsuot.web.urls")),
    path("", include("thongsuot.people.urls")),
    path("", include("thongsuot.notices.urls")),
    path("", include("thongsuot.units.urls")),
    path("", include("thongsuot.procedures.urls")),
    path("", include("thongsuot.signing.urls")),
    path("", include("thongsuot.staffing.urls")),
    path("", include("thongsuot.personal_store.urls")),
    path("", include("thongsuot.citizen_reception.urls")),
    path("", include("thongsuot.knowledge.urls")),
    path("", include("thongsuot.dossiers.urls")),
    path("", include("thongsuot.registers.urls")),
    path("", include("thongsuot.allowances.urls")),
    path("", include("thongsuot.counters.urls")),
    path("", include("thongsuot.payments.urls")),
    path("", include("thongsuot.meetings.urls")),
    path("", include("thongsuot.assistance.urls")),
    path("", include("thongsuot.local_nodes.urls")),
    path("", include("thongsuot.feedback.urls")),
    path("", include("thongsuot.handover.urls")),
    path("", include("thongsuot.hotline.urls")),
    path("", include("thongsuot.national_portal.urls")),
    path("", include("thongsuot.indicators.urls")),
    path("", include("thongsuot.open311.urls")),
    path("tai-khoan/", include("thongsuot.people.account_urls")),
]

handler400 = "thongsuot.web.views.bad_request"
handler403 = "thongsuot.web.views.forbidden"
handler404 = "thongsuot.web.views.not_found"
handler500 = "thongsuot.web.views.server_error"
