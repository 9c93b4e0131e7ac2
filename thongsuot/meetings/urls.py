"""Addresses of conferences: the hub's under /dieu-hanh/, the sites' under /can-bo/."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.meetings.views import hub, reports, sites

app_name = "meetings"

urlpatterns: list[URLPattern] = [
    path("dieu-hanh/hoi-nghi/", hub.conferences, name="conferences"),
    path("dieu-hanh/hoi-nghi/moi/", hub.plan, name="plan"),
    path("dieu-hanh/hoi-nghi/<int:conference_id>/", hub.board, name="board"),
    path("dieu-hanh/hoi-nghi/<int:conference_id>/bang/", hub.live, name="board_live"),
    path("dieu-hanh/hoi-nghi/<int:conference_id>/sua/", hub.change, name="change"),
    path("dieu-hanh/hoi-nghi/<int:conference_id>/ket-thuc/", hub.end, name="end"),
    path("dieu-hanh/hoi-nghi/<int:conference_id>/huy/", hub.cancel, name="cancel"),
    path("dieu-hanh/hoi-nghi/<int:conference_id>/bao-cao/", reports.report, name="report"),
    path("dieu-hanh/hoi-nghi/<int:conference_id>/bao-cao.xlsx", reports.workbook, name="report_sheet"),
    path("dieu-hanh/hoi-nghi/diem-cau/<int:site_id>/", hub.site, name="hub_site"),
    path("can-bo/hoi-nghi/", sites.sites, name="sites"),
    path("can-bo/hoi-nghi/<int:site_id>/", sites.site, name="site"),
    path("can-bo/hoi-nghi/<int:site_id>/nhip/", sites.beat, name="beat"),
]
