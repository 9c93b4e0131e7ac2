"""Addresses of citizen reception: the schedule for everybody, the register for officers, the city's view."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.citizen_reception.views import administration, figures, register, schedule, sessions

app_name = "citizen_reception"

urlpatterns: list[URLPattern] = [
    path("tiep-cong-dan/", schedule.public, name="public"),
    path("tiep-cong-dan/<str:code>/", schedule.unit, name="unit"),
    path("can-bo/tiep-dan/", register.register, name="register"),
    path("can-bo/tiep-dan/so.xlsx", register.sheet, name="sheet"),
    path("can-bo/tiep-dan/moi/", register.add, name="add"),
    path("can-bo/tiep-dan/<int:entry_id>/", register.entry, name="entry"),
    path("can-bo/tiep-dan/<int:entry_id>/nguoi-den/", register.visitor, name="visitor"),
    path("can-bo/tiep-dan/<int:entry_id>/tep/<int:file_id>/", register.file, name="file"),
    path("can-bo/tiep-dan/lich/", schedule.schedule, name="schedule"),
    path("can-bo/tiep-dan/lich/moi/", schedule.add_day, name="add_day"),
    path("can-bo/tiep-dan/lich/<int:day_id>/", schedule.day, name="day"),
    path("can-bo/tiep-dan/truc-tuyen/", sessions.sessions, name="sessions"),
    path("can-bo/tiep-dan/truc-tuyen/moi/", sessions.plan, name="plan"),
    path("can-bo/tiep-dan/truc-tuyen/<int:session_id>/", sessions.session, name="session"),
    path("can-bo/tiep-dan/truc-tuyen/<int:session_id>/cac-ben/", sessions.parties, name="parties"),
    path("can-bo/tiep-dan/truc-tuyen/<int:session_id>/tep/<int:file_id>/", sessions.session_file, name="session_file"),
    path("can-bo/tiep-dan/so-lieu/", figures.figures, name="figures"),
    path("can-bo/tiep-dan/so-lieu.xlsx", figures.figures_sheet, name="figures_sheet"),
    path("dieu-hanh/tiep-cong-dan/", schedule.city, name="city"),
    path("quan-tri/tiep-cong-dan/", administration.numbers, name="numbers"),
    path("quan-tri/tiep-cong-dan/<str:key>/", administration.number, name="number"),
]
