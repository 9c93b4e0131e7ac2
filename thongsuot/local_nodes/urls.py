"""Addresses of local nodes: /nut-tai-cho/ is where nodes ask, and what a node shows of itself."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.local_nodes.views import arranging, at_node, city

app_name = "local_nodes"

urlpatterns: list[URLPattern] = [
    path("nut-tai-cho/", at_node.home, name="home"),
    path("nut-tai-cho/vao/", at_node.come_in, name="come_in"),
    path("nut-tai-cho/may/", at_node.machine, name="machine"),
    path("nut-tai-cho/ghep/", city.join, name="join"),
    path("nut-tai-cho/hoi/", city.ask, name="ask"),
    path("can-bo/quay/<int:point_id>/may-tai-cho/", arranging.node, name="node"),
    path("can-bo/ma-tai-cho/", arranging.hall_code, name="hall_code"),
]
