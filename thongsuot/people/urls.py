"""Addresses of the pages about people. Login itself: account_urls.py."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.people.views import delegations, identity, national_identity, own, people, tokens

app_name = "people"

urlpatterns: list[URLPattern] = [
    path("tai-khoan/", own.profile, name="profile"),
    path("tai-khoan/sua/", own.edit, name="edit_profile"),
    path("tai-khoan/ai-da-xem/", own.look_ups, name="look_ups"),
    path("tai-khoan/dang-xuat-moi-noi/", own.log_out_everywhere, name="log_out_everywhere"),
    path("gia-lap/vneid/", national_identity.stand_in, name="stand_in_vneid"),
    path("can-bo/doi-chieu-giay-to/", identity.confirm_identity, name="confirm_identity"),
    path("quan-tri/nguoi-dung/", people.people, name="people"),
    path("quan-tri/nguoi-dung/them/", people.open_account, name="open_account"),
    path("quan-tri/nguoi-dung/<int:person_id>/", people.person, name="person"),
    path("quan-tri/nguoi-dung/<int:person_id>/sua/", people.edit_person, name="edit_person"),
    path("quan-tri/nguoi-dung/<int:person_id>/bo-nhiem/", people.appoint, name="appoint"),
    path("quan-tri/nguoi-dung/<int:person_id>/chuc-vu/<int:appointment_id>/ket-thuc/", people.end_post, name="end_post"),
    path(
        "quan-tri/nguoi-dung/<int:person_id>/chuc-vu/<int:appointment_id>/nhiem-vu/", people.change_duties, name="change_duties"
    ),
    path("quan-tri/nguoi-dung/<int:person_id>/mat-khau/", people.password_link, name="password_link"),
    path("quan-tri/nguoi-dung/<int:person_id>/lop-thu-hai/", people.reset_second_factor, name="reset_second_factor"),
    path("quan-tri/nguoi-dung/<int:person_id>/dong-phien/", people.end_sessions, name="end_sessions"),
    path("quan-tri/nguoi-dung/<int:person_id>/khoa/", people.deactivate, name="deactivate"),
    path("quan-tri/nguoi-dung/<int:person_id>/mo/", people.reactivate, name="reactivate"),
    path("quan-tri/uy-quyen/", delegations.delegations, name="delegations"),
    path("quan-tri/uy-quyen/them/", delegations.delegate, name="delegate"),
    path("quan-tri/uy-quyen/<int:delegation_id>/ket-thuc/", delegations.end_delegation, name="end_delegation"),
    path("quan-tri/khoa-api/", tokens.tokens, name="tokens"),
    path("quan-tri/khoa-api/<int:token_id>/thu-hoi/", tokens.revoke, name="revoke_token"),
]
