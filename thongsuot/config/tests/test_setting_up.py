"""What the operator does from the command line: files read in, the first account."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.utils import timezone

from thongsuot.allowances.actions.errors import RateIsUsed
from thongsuot.allowances.loading import load_rates
from thongsuot.allowances.tests.make import a_row, as_csv
from thongsuot.config import loading
from thongsuot.config.setting_up import approve_decision, import_file, open_administrator
from thongsuot.config.terminal import Step
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.units import actions as unit_actions
from thongsuot.units import sheets
from thongsuot.units.facts import PlannedUnitFact
from thongsuot.units.models import Boundary, Decision, Facility
from thongsuot.units.tests.make import make_city
from thongsuot.units.tests.test_decisions_again import SEPTEMBER
from thongsuot.units.tests.test_reorganising import (
    GOOD,
    HOUSE,
    JUNE,
    STANDING,
    a_plan,
    approved,
    eve,  # noqa: F401 - a fixture
    pair,
)


@pytest.fixture
def city(db, settings):
    settings.CITY_CODE = "98"
    return make_city()


def square(code: str, west: float) -> dict[str, object]:
    ring = [[west, 21.0], [west + 0.01, 21.0], [west + 0.01, 21.01], [west, 21.01], [west, 21.0]]
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def test_the_first_administrator_may_open_all_other_accounts_and_sets_a_password_once(city, client):
    address = open_administrator("hoa@vidu.vn", "Trương Mỹ Hoa", at=timezone.now())

    person = Person.objects.get(email="hoa@vidu.vn")
    assert actor_for(person, at=timezone.now()).may("manage people", unit_id=city.city.pk)
    assert not person.has_usable_password()
    assert address.startswith("http://localhost:8000/")
    assert client.get(address.removeprefix("http://localhost:8000"), follow=True).status_code == 200


def test_outlines_are_stored_and_what_is_left_out_is_named(city, tmp_path):
    file = tmp_path / "ranh-gioi.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [square("98001", 105.8), square("00000", 105.9)]}))

    left_out = import_file("boundaries", file, at=timezone.now(), work=Step("thử"))

    assert Boundary.objects.get().unit_id == city.river.pk
    assert len(left_out) == 1
    assert "00000" in left_out[0]


def test_a_broken_row_of_procedures_is_named_with_its_place(city, tmp_path):
    file = tmp_path / "thu-tuc.json"
    file.write_text(json.dumps([{"code": "9.000009"}]))

    left_out = import_file("procedures", file, at=timezone.now(), work=Step("thử"))

    assert len(left_out) == 1
    assert left_out[0].startswith("1  ")


def test_facilities_of_a_file_are_taken_in_and_what_is_left_out_is_named(city, tmp_path, capsys):
    file = tmp_path / "co-so.csv"
    file.write_text(
        "code,name,unit_code,valid_from\nT1,Trạm y tế Bến,98001,2025-07-01\nT2,Trạm y tế Xa,98777,2025-07-01\n",
        encoding="utf-8",
    )

    left_out = import_file("facilities", file, at=timezone.now(), work=Step("thử"))

    assert Facility.objects.get().code == "T1"
    assert len(left_out) == 1
    assert left_out[0].startswith("co-so.csv  Dòng 3: Mã 98777")
    assert import_file("facilities", file, at=timezone.now(), work=Step("thử")) == left_out
    assert "0 cơ sở mới, 1 đã có" in capsys.readouterr().out


def test_every_row_of_an_old_list_that_was_left_out_is_named_by_its_place(city, tmp_path, capsys):
    load_rates(at=timezone.now())
    file = tmp_path / "danh-sach.csv"
    file.write_bytes(as_csv([a_row(1, unit="98001"), *(a_row(place, unit="98001", id_number="1") for place in range(2, 152))]))

    left_out = import_file("allowances", file, at=timezone.now(), work=Step("thử"))

    assert len(left_out) == 150
    assert left_out[-1].startswith("danh-sach.csv:152  Số định danh không đủ 12 chữ số.")
    assert "151 dòng = 1 vào danh sách + 150 cần sửa + 0 loại" in capsys.readouterr().out


def test_a_rate_that_a_frozen_month_used_is_told_and_the_rest_of_the_house_is_loaded(city, monkeypatch, capsys):
    def used(*, at):
        raise RateIsUsed("KT-6C, 01/07/2021")

    monkeypatch.setattr(loading.allowances, "load_rates", used)

    piece = next(one for one in loading.STEPS if one.english == "rates of monthly allowances")

    assert piece.run("98", timezone.now(), lambda *_progress: None) == 0
    assert "KT-6C, 01/07/2021" in capsys.readouterr().out


def test_a_file_goes_on_after_a_decision_that_is_approved_already(eve, tmp_path):  # noqa: F811
    approved()
    second = a_plan(
        (PlannedUnitFact(what="changes", code="98001", level="commune", kind="xa", name="Sông"),),
        (pair("98001", "98001"),),
        number="2/NQ-VD",
        effective_on=SEPTEMBER,
    )
    file = tmp_path / "hai.csv"
    file.write_text(sheets.written([GOOD, replace(second, successions=())], STANDING))
    told = import_file("decisions", file, at=JUNE, work=Step("x"))
    assert [line.split("  ")[0] for line in told] == ["1/NQ-VD"]
    assert "không còn ở trạng thái soạn" in told[0]
    assert Decision.objects.get(number="2/NQ-VD").province.code == "98"  # it only renames, and is the city's all the same


def test_the_operator_approves_a_decision_of_no_single_province(eve):  # noqa: F811
    unit_actions.draft_decision(replace(GOOD, province_code=""), actor=HOUSE, at=JUNE)
    assert approve_decision(GOOD.number, at=JUNE).state == Decision.State.APPROVED
