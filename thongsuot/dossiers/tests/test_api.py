"""The API: the same commands and rules as the pages; every no is problem details."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.make import HOUSE, PDF, make_town
from thongsuot.people.actions import create_token, revoke_token
from thongsuot.people.models import LookUp

BODY = {
    "procedure": "9.000001",
    "receiving_unit": "98001",
    "owner": {"name": "Hoàng Văn Minh", "phone": "0912345678", "id_number": "001412345678"},
    "papers": [{"code": "giay-chung-nhan"}],
    "quantities": {"copies": 2},
}


class Program:
    """A program with a key of one officer."""

    def __init__(self, secret: str) -> None:
        self.client, self.secret = Client(), secret

    def post(self, path, body, **headers):
        content = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.post(
            f"/api/v1{path}",
            content,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}", **headers},
        )

    def get(self, path):
        return self.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.secret}"})


def key_of(town, name):
    person, at = town.people[name], timezone.now()
    duties = list(town.actor(name, at).duties)
    return create_token(person.pk, name="chương trình", duties=duties, expires_at=at + timedelta(days=1), actor=HOUSE, at=at)


@pytest.fixture
def lan(town):
    return Program(key_of(town, "lan").secret)


def test_a_program_receives_a_dossier_and_anyone_tracks_it(lan):
    answer = lan.post("/dossiers", BODY)
    assert answer.status_code == 201
    received = answer.json()
    assert received["fees"] == [{"code": "le-phi", "name": "Lệ phí cấp giấy", "amount_dong": 16000}]
    assert received["status"] == 2

    tracked = Client().get(f"/api/v1/track/{received['code'].lower()}").json()
    assert (tracked["status"], tracked["code"]) == (2, received["code"])
    assert "Minh" not in json.dumps(tracked)
    assert "0912" not in json.dumps(tracked)


def test_the_same_key_twice_is_one_dossier_and_another_body_is_a_conflict(lan):
    first = lan.post("/dossiers", BODY, **{"Idempotency-Key": "k-1"})
    again = lan.post("/dossiers", BODY, **{"Idempotency-Key": "k-1"})
    other = lan.post("/dossiers", {**BODY, "quantities": {"copies": 9}}, **{"Idempotency-Key": "k-1"})
    assert first.json() == again.json()
    assert other.status_code == 409
    assert other.json()["type"] == "urn:thongsuot:kernel.key_used_with_other_body"
    assert Dossier.objects.count() == 1


def test_a_batch_answers_in_order(lan):
    answer = lan.post("/dossiers/batch", {"items": [BODY, {**BODY, "papers": []}, {"x": 1}, BODY]})
    items = answer.json()["items"]
    assert ["code" in item for item in items] == [True, False, False, True]
    assert items[1]["refused"]["missing"] == ["giay-chung-nhan"]
    assert Dossier.objects.count() == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"procedure": 5}',
        b"\xff\xfe",
        b"[" * 20000,
        b'{"items": []}',
        json.dumps({**BODY, "surprise": 1}).encode(),
        json.dumps({**BODY, "receiving_unit": "../../etc"}).encode(),
        json.dumps({**BODY, "owner": {"name": "<script>alert(1)</script>", "phone": "x"}}).encode(),
        json.dumps({**BODY, "quantities": {"copies": -1}}).encode(),
        json.dumps({**BODY, "quantities": {"copies": 10**9}}).encode(),
        json.dumps({**BODY, "owner": {"name": "A\u0000"}, "papers": []}).encode(),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence_and_stores_nothing(lan, body):
    answer = lan.post("/dossiers", body)
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["detail"]
    assert not Dossier.objects.exists()


def test_a_body_of_ten_megabytes_is_refused(lan):
    answer = lan.post("/dossiers", b'{"procedure": "' + b"9" * 10_000_000 + b'"}')
    assert answer.status_code in (400, 413)
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"procedure": "9.999999"}, 404),
        ({"receiving_unit": "99999"}, 404),
        ({"receiving_unit": "98002"}, 403),
        ({"channel": 2}, 201),
        ({"papers": [{"code": "giay-chung-nhan", "how": "waived"}]}, 422),
        ({"papers": [{"code": "giay-chung-nhan", "file_id": 12345}]}, 422),
    ],
)
def test_rules_answer_with_their_own_status(lan, change, status):
    assert lan.post("/dossiers", {**BODY, **change}).status_code == status
    assert Dossier.objects.count() == (status == 201)


def test_without_a_good_key_nothing_opens(town):
    key = key_of(town, "lan")
    assert Client().post("/api/v1/dossiers", "{}", content_type="application/json").status_code == 401
    assert Program("ts_nonsense").get("/dossiers").status_code == 401
    revoke_token(key.token.pk, actor=HOUSE, at=timezone.now())
    assert Program(key.secret).get("/dossiers").status_code == 401


def test_a_dossier_runs_to_its_result_through_the_api(town, lan):
    dossier_id = lan.post("/dossiers", BODY).json()["id"]
    programs = {name: Program(key_of(town, name).secret) for name in ("toan", "viet", "hanh", "thu")}
    file_id = (
        programs["toan"]
        .client.post(
            "/api/v1/files",
            {"file": SimpleUploadedFile("ket-qua.pdf", PDF)},
            headers={"Authorization": f"Bearer {programs['toan'].secret}"},
        )
        .json()["id"]
    )

    def move(program, name, body):
        answer = program.post(f"/dossiers/{dossier_id}/{name}", body)
        assert answer.status_code == 200, answer.content
        return answer.json()

    move(lan, "forward", {"step": "tiep-nhan"})
    move(programs["viet"], "forward", {"step": "phan-cong", "to_person": town.people["toan"].pk})
    move(programs["toan"], "result", {"title": "Giấy", "file_id": file_id})
    move(programs["toan"], "forward", {"step": "tham-dinh"})
    move(programs["viet"], "forward", {"step": "soat"})
    move(programs["hanh"], "forward", {"step": "ky"})
    assert move(programs["thu"], "forward", {"step": "vao-so"})["status"] == 9
    assert move(lan, "hand-back", {"handed_to": "Minh"})["status"] == 10
    history = lan.get(f"/dossiers/{dossier_id}/history").json()["items"]
    assert [line["name"] for line in history][-1] == "dossiers.returned"


def test_a_move_with_a_key_is_made_once(lan):
    dossier_id = lan.post("/dossiers", BODY).json()["id"]
    body, header = {"items": ["Bản chính"]}, {"Idempotency-Key": "s-1"}
    first = lan.post(f"/dossiers/{dossier_id}/request-supplement", body, **header)
    again = lan.post(f"/dossiers/{dossier_id}/request-supplement", body, **header)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert lan.post(f"/dossiers/{dossier_id}/request-supplement", body).status_code == 409


def test_another_units_officer_learns_nothing(town, lan):
    dossier = lan.post("/dossiers", BODY).json()
    stranger = Program(key_of(town, "doi").secret)
    assert stranger.get(f"/dossiers/{dossier['id']}").status_code == 404
    assert stranger.post(f"/dossiers/{dossier['id']}/withdraw", {}).status_code == 404
    assert stranger.get("/dossiers/find?q=Minh").json()["items"] == []
    assert stranger.get("/dossiers?queue=tat-ca").json()["items"] == []


@pytest.mark.parametrize("what", ["", "/history", "/components"])
def test_who_looks_by_a_program_leaves_the_trace_that_a_page_leaves(town, lan, what):
    one = lan.post("/dossiers", BODY).json()
    for _ in range(2):
        assert lan.get(f"/dossiers/{one['id']}{what}").status_code == 200
    looked = LookUp.objects.get(subject="dossiers.dossier", subject_id=one["id"])
    assert (looked.by_id, looked.reason) == (town.people["lan"].pk, one["code"])


def test_lists_and_search_mask_and_find(lan):
    dossier = lan.post("/dossiers", BODY).json()
    shown = lan.get(f"/dossiers/{dossier['id']}").json()
    assert (shown["owner_id_number"], shown["owner_phone"]) == ("0014•••••678", "09•• ••• •78")
    for words in ("hoang minh", "Minh Hoàng", "0912 345 678", dossier["code"].lower(), "001412345678"):
        assert [row["id"] for row in lan.get(f"/dossiers/find?q={words}").json()["items"]] == [dossier["id"]]
    assert lan.get("/dossiers/find?q=xuan").json()["items"] == []
    listed = lan.get("/dossiers").json()
    assert listed["counts"]["can-lam"] == 1
    assert lan.get("/dossiers?queue=khong-co").status_code == 422
    assert lan.get("/dossiers/0").status_code == 404
    assert lan.get("/dossiers/99999999999999999999").status_code in (404, 422)


def test_the_description_names_every_operation(db):
    make_town()
    schema = Client().get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    assert {
        "/api/v1/dossiers",
        "/api/v1/dossiers/batch",
        "/api/v1/track/{code}",
        "/api/v1/dossiers/{dossier_id}/forward",
    } <= schema["paths"].keys()
