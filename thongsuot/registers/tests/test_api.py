"""Programs with a key: the same commands and the same traces."""

from __future__ import annotations

import pytest
from django.test import Client

from thongsuot.people.models import LookUp
from thongsuot.people.tests.make import make_token
from thongsuot.registers.models import IssuedPaper, RegisterSearch
from thongsuot.registers.tests.make import NEXT, an_entry, at_the_officer, make_register_town


def client(town, name="toan") -> Client:
    key = make_token(town.people[name], ["keep civil status", "process dossiers"], at=NEXT)
    return Client(headers={"authorization": f"Bearer {key}"})


def test_a_search_is_masked_and_kept_with_its_reason(town, clock):
    entry = an_entry(town)
    program = client(town)

    answer = program.post(
        "/api/v1/registers/entries/search", {"reason": "H98-1", "name": "Mẫu Lò"}, content_type="application/json"
    )

    assert answer.json()["items"][0]["id"] == entry.pk
    assert answer.json()["items"][0]["names"] == ["Lò Thị M•••"]
    assert (RegisterSearch.objects.get().reason, RegisterSearch.objects.get().asked_by) == ("H98-1", ["name"])


@pytest.mark.parametrize("body", [{"name": "Lò"}, {"reason": "", "name": "Lò"}, {"reason": "x"}, {"reason": "x", "born": "?!"}])
def test_a_search_without_reason_or_question_is_refused(town, clock, body):
    answer = client(town).post("/api/v1/registers/entries/search", body, content_type="application/json")

    assert answer.status_code == 422
    assert not RegisterSearch.objects.exists()


def test_an_entry_opens_for_a_reason(town, clock):
    entry = an_entry(town)

    answer = client(town).post(f"/api/v1/registers/entries/{entry.pk}", {"reason": "H98-1"}, content_type="application/json")

    assert answer.json()["people"][0]["full_name"] == "Lò Thị Mẫu"
    assert answer.json()["place"] == "Phường Bến, quận Giữa, thành phố Ví Dụ"
    assert LookUp.objects.get(subject="registers.entry").reason == "H98-1"


def test_an_extract_becomes_the_draft_of_its_dossier(db, clock):
    town = make_register_town("2.000635")
    entry = an_entry(town)
    dossier = at_the_officer(town)

    answer = client(town).post(
        f"/api/v1/registers/entries/{entry.pk}/extract", {"dossier_id": dossier.pk}, content_type="application/json"
    )

    assert answer.json() == {
        "id": IssuedPaper.objects.get().pk,
        "form": "copy",
        "copies": 3,
        "file_id": IssuedPaper.objects.get().file_id,
    }


def test_an_import_says_how_it_stands_and_only_to_its_unit(town, clock):
    done = an_entry(town).import_row.source
    address = f"/api/v1/registers/imports/{done.pk}"

    assert client(town).get(address).json()["stored"] == 1
    key = make_token(town.people["doi"], ["receive dossiers"], at=NEXT)
    assert Client(headers={"authorization": f"Bearer {key}"}).get(address).status_code == 404
