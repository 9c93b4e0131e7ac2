"""What programs do for citizens: file online, and hand on how satisfied they were."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from thongsuot.dossiers.models import Dossier, Draft, FeeDue, Rating
from thongsuot.dossiers.tests.make import HOUSE, MONDAY, PDF, make_officer, receive, resolve
from thongsuot.dossiers.tests.test_api import Program, key_of
from thongsuot.people.actions import create_token


@pytest.fixture
def portal(town):
    """The program of a portal, with its one duty in the whole city."""
    person = make_officer(town.city, town.city.city, "service_centre", "cong", "Phần mềm cổng", ["submit dossiers"])
    at = timezone.now()
    key = create_token(
        person.pk, name="cổng", duties=["submit dossiers"], expires_at=at + timedelta(days=1), actor=HOUSE, at=at
    )
    return Program(key.secret)


def filing(portal: Program, **changes) -> dict:
    upload = SimpleUploadedFile("giay.pdf", PDF, content_type="application/pdf")
    file_id = portal.client.post(
        "/api/v1/files", {"file": upload}, headers={"Authorization": f"Bearer {portal.secret}"}
    ).json()["id"]
    return {
        "procedure": "9.000001",
        "unit": "98001",
        "owner": {"name": "Hoàng Văn Minh", "phone": "0912345678"},
        "papers": [{"code": "giay-chung-nhan", "file_id": file_id}],
        **changes,
    }


def test_a_portal_files_for_a_citizen_and_the_desk_receives_it(town, portal):
    answer = portal.post("/dossiers/submissions", filing(portal), **{"Idempotency-Key": "n-1"})

    assert answer.status_code == 201
    dossier = Dossier.objects.get()
    assert (dossier.status, dossier.channel, dossier.account_id) == (1, 2, None)
    assert answer.json()["submission_code"] == dossier.submission_code
    assert dossier.components.get().how == "uploaded"
    lan = Program(key_of(town, "lan").secret)
    accepted = lan.post(f"/dossiers/{dossier.pk}/accept", {})
    assert (accepted.status_code, accepted.json()["status"]) == (200, 2)


def test_control_characters_are_dropped_as_a_page_would(town, portal):
    owner = {"name": "Hoàng\0 Văn Minh", "phone": "0912345678"}

    assert portal.post("/dossiers/submissions", filing(portal, owner=owner)).status_code == 201
    assert Dossier.objects.get().owner_name == "Hoàng Văn Minh"
    assert portal.post("/dossiers/submissions", filing(portal, form={"x\0": "\0"})).status_code < 500
    assert portal.post("/dossiers/submissions", filing(portal, procedure="9.0\0")).status_code == 404


def test_the_same_filing_twice_is_one_dossier(town, portal):
    body = filing(portal)
    first = portal.post("/dossiers/submissions", body, **{"Idempotency-Key": "n-1"})
    again = portal.post("/dossiers/submissions", body, **{"Idempotency-Key": "n-1"})

    assert first.json() == again.json()
    assert Dossier.objects.count() == 1


def test_without_the_duty_nothing_is_filed(town):
    lan = Program(key_of(town, "lan").secret)

    answer = lan.post("/dossiers/submissions", filing(lan))

    assert answer.status_code == 403
    assert not Dossier.objects.exists()
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"owner": {"name": "Hoàng Văn Minh"}}, {"papers": []}, {"papers": [{"code": "x\0", "file_id": 1}]}, {"unit": "00000"}],
)
def test_a_filing_that_our_pages_would_refuse_is_refused_and_leaves_nothing(town, portal, changes):
    answer = portal.post("/dossiers/submissions", {**filing(portal), **changes})

    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"]
    assert not Dossier.objects.exists()
    assert not Draft.objects.exists()


def test_the_owner_rates_with_four_digits_once(town):
    dossier = resolve(town, receive(town), at=MONDAY)
    address, body = f"/api/v1/track/{dossier.code}/rating", {"secret": "5678", "level": 4, "reasons": ["waiting"]}

    first = Client().post(address, json.dumps(body), content_type="application/json")
    again = Client().post(address, json.dumps(body), content_type="application/json")

    assert first.status_code == 201
    assert again.status_code == 409
    assert (Rating.objects.get().level, Rating.objects.get().reasons) == (4, ["waiting"])


def test_wrong_digits_rate_nothing_and_soon_close_the_door(town):
    dossier = resolve(town, receive(town), at=MONDAY)
    address, body = f"/api/v1/track/{dossier.code}/rating", {"secret": "0000", "level": 1}

    answers = [Client().post(address, json.dumps(body), content_type="application/json").status_code for _ in range(6)]

    assert all(400 <= status < 500 for status in answers)
    assert Client().post(address, json.dumps({**body, "secret": "5678"}), content_type="application/json").status_code == 429
    assert not Rating.objects.exists()


def test_a_fee_is_taken_once_with_a_receipt(town):
    dossier = receive(town)
    lan = Program(key_of(town, "lan").secret)

    taken = lan.post(f"/dossiers/{dossier.pk}/collect-fee", {"code": "le-phi"})
    again = lan.post(f"/dossiers/{dossier.pk}/collect-fee", {"code": "le-phi"})
    unknown = lan.post(f"/dossiers/{dossier.pk}/collect-fee", {"code": "khac"})

    assert (taken.status_code, again.status_code, unknown.status_code) == (200, 409, 404)
    assert FeeDue.objects.get().receipt_number == 1
