"""Addresses of staffing: officers only."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.staffing.views import board, leaving, persons, placements, plans

app_name = "staffing"

urlpatterns: list[URLPattern] = [
    path("dieu-hanh/bo-tri/", board.board, name="board"),
    path("dieu-hanh/bo-tri/don-vi/<int:unit_id>/", board.unit, name="unit"),
    path("dieu-hanh/bo-tri/don-vi/<int:unit_id>/vi-tri/<int:position_id>/", board.candidates, name="candidates"),
    path("dieu-hanh/bo-tri/doi-du/", board.pool, name="pool"),
    path("dieu-hanh/bo-tri/vi-tri/", board.positions, name="positions"),
    path("dieu-hanh/bo-tri/vi-tri/them/", board.new_position, name="new_position"),
    path("dieu-hanh/bo-tri/vi-tri/<int:position_id>/", board.position, name="position"),
    path("dieu-hanh/bo-tri/phuong-an/", plans.plans, name="plans"),
    path("dieu-hanh/bo-tri/phuong-an/<int:plan_id>/", plans.plan, name="plan"),
    path("dieu-hanh/bo-tri/phan-bo/", plans.distributions, name="distributions"),
    path("dieu-hanh/bo-tri/phan-bo/moi/", plans.new_distribution, name="new_distribution"),
    path("dieu-hanh/bo-tri/phan-bo/<int:distribution_id>/", plans.distribution, name="distribution"),
    path("dieu-hanh/bo-tri/mau-<slug:kind>.xlsx", plans.template, name="template"),
    path("dieu-hanh/bo-tri/can-bo/", persons.members, name="members"),
    path("dieu-hanh/bo-tri/can-bo/them/", persons.add_member, name="add_member"),
    path("dieu-hanh/bo-tri/can-bo/nhap/", persons.import_members, name="import_members"),
    path("dieu-hanh/bo-tri/can-bo/<int:member_id>/", persons.member, name="member"),
    path("dieu-hanh/bo-tri/can-bo/<int:member_id>/sua/", persons.edit_member, name="edit_member"),
    path("dieu-hanh/bo-tri/can-bo/<int:member_id>/de-xuat/", placements.propose, name="propose"),
    path("dieu-hanh/bo-tri/can-bo/<int:member_id>/xin-nghi/", leaving.apply, name="apply"),
    path("dieu-hanh/bo-tri/duyet/", placements.placements, name="placements"),
    path("dieu-hanh/bo-tri/duyet/<int:placement_id>/", placements.placement, name="placement"),
    path("dieu-hanh/bo-tri/nghi/", leaving.leaves, name="leaves"),
    path("dieu-hanh/bo-tri/nghi/<int:leave_id>/", leaving.leave, name="leave"),
    path("can-bo/bo-tri-cua-toi/", persons.mine, name="mine"),
]
