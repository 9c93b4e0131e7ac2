"""Addresses of allowances: communes keep lists, the city pays."""

from django.urls import URLPattern

app_name = "allowances"
urlpatterns: list[URLPattern] = []
