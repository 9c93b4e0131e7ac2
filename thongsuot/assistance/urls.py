"""Addresses of helping: a citizen's under /tai-khoan/, a helper's under /tro-giup/, who arranges under /dieu-hanh/."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.assistance.views import campaigns, citizens, helpers, public, register, rosters

app_name = "assistance"

urlpatterns: list[URLPattern] = [
    path("tai-khoan/nho-giup/", citizens.mine, name="mine"),
    path("tai-khoan/nho-giup/moi/", citizens.consent, name="consent"),
    path("tai-khoan/nho-giup/<int:consent_id>/", citizens.mine_one, name="mine_one"),
    path("nho-giup/<slug:secret>/", citizens.by_secret, name="by_secret"),
    path("tro-giup/", helpers.desk, name="desk"),
    path("tro-giup/chua-co-tai-khoan/", helpers.without_account, name="without_account"),
    path("tro-giup/phien/<int:session_id>/", helpers.session, name="session"),
    path("tro-giup/phien/<int:session_id>/phieu/", helpers.slip, name="slip"),
    path("tro-giup/nhat-ky/", helpers.log, name="log"),
    path("tro-giup/nhat-ky.xlsx", helpers.log_sheet, name="log_sheet"),
    path("tro-giup/ca/<int:shift_id>/", rosters.shift, name="shift"),
    path("nguoi-giup/", public.near, name="near"),
    path("dot-cao-diem/<int:campaign_id>/", campaigns.public, name="campaign_public"),
    path("dieu-hanh/nguoi-giup/", register.helpers, name="helpers"),
    path("dieu-hanh/nguoi-giup/moi/", register.add_helper, name="add_helper"),
    path("dieu-hanh/nguoi-giup/nhap/", register.import_register, name="import"),
    path("dieu-hanh/nguoi-giup/nhap/mau.xlsx", register.template, name="template"),
    path("dieu-hanh/nguoi-giup/<int:helper_id>/", register.helper, name="helper"),
    path("dieu-hanh/nguoi-giup/dai-ly/", register.agents, name="agents"),
    path("dieu-hanh/nguoi-giup/dai-ly/moi/", register.register_agent, name="register_agent"),
    path("dieu-hanh/nguoi-giup/dai-ly/<int:agent_id>/", register.agent, name="agent"),
    path("dieu-hanh/nguoi-giup/nhat-ky/", register.city_log, name="city_log"),
    path("dieu-hanh/nguoi-giup/nhat-ky.xlsx", register.city_log_sheet, name="city_log_sheet"),
    path("dieu-hanh/nguoi-giup/giay/<int:consent_id>/", register.paper, name="paper"),
    path("dieu-hanh/lich-truc/", rosters.roster, name="roster"),
    path("dieu-hanh/lich-truc/<int:shift_id>/", rosters.correct, name="correct"),
    path("dieu-hanh/tro-giup-phap-ly/", rosters.legal_aid, name="legal_aid"),
    path("dieu-hanh/tro-giup-phap-ly/<int:note_id>/", rosters.note, name="note"),
    path("dieu-hanh/dot-cao-diem/", campaigns.campaigns, name="campaigns"),
    path("dieu-hanh/dot-cao-diem/moi/", campaigns.start, name="start_campaign"),
    path("dieu-hanh/dot-cao-diem/<int:campaign_id>/", campaigns.campaign, name="campaign"),
    path("dieu-hanh/dot-cao-diem/<int:campaign_id>/sua/", campaigns.change, name="change_campaign"),
]
