"""The dossiers of a demo city."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from thongsuot.dossiers import demo, demo_papers
from thongsuot.dossiers.models import Digitisation, Dossier, ResultChange, Status, StepRun
from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.history import faults
from thongsuot.kernel.tests.standing import Standing, standing
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.demo import DemoInProduction, email_of
from thongsuot.people.models import Person
from thongsuot.people.tests.make import make_citizen, make_officer
from thongsuot.personal_store.models import StoredPaper
from thongsuot.procedures.content import Paper
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.units.tests.make import MadeCity, make_city

FRIDAY = datetime(2026, 3, 20, 16, 0, tzinfo=VIET_NAM)
SCHEMA = {
    "type": "object",
    "title": "Tờ khai",
    "additionalProperties": False,
    "required": ["ten", "ngay", "so"],
    "properties": {
        "ten": {"type": "string", "title": "Tên", "maxLength": 60},
        "so": {"type": "integer", "title": "Số", "minimum": 2, "maximum": 50},
        "ngay": {"type": "string", "format": "date", "title": "Ngày", "x-not-future": True},
    },
}


def make_ward() -> MadeCity:
    """Two wards with people for all that dossiers need."""
    city = make_city()
    for code, days in (("1.004873", 3), ("1.001612", 3), ("1.004884", 5), ("1.001776", 10)):
        make_procedure(
            code,
            city_id=city.city.pk,
            name=f"Thủ tục {code}",
            limit=Limit(days, LimitUnit.WORKING_DAYS),
            form_schema=SCHEMA,
            papers=(Paper(code="giay", name="Giấy chứng minh"),),
        )
    for kind, title in (
        ("service_centre", "Công chức tiếp nhận"),
        ("office", "Chánh Văn phòng"),
        ("office", "Công chức tư pháp - hộ tịch"),
        ("people_committee", "Phó Chủ tịch"),
        ("office", "Văn thư"),
    ):
        make_officer(city.river, kind=kind, title=title)
        make_officer(city.hill, kind=kind, title=title)
    return city


@pytest.fixture
def ward(db: None) -> MadeCity:
    return make_ward()


@dataclass
class Loaded:
    """A ward with its demo dossiers: how many were made, and what was told on the way."""

    ward: MadeCity
    made: int
    told: list[tuple[int, int]]


def load() -> Loaded:
    ward, told = make_ward(), list[tuple[int, int]]()
    make_citizen("Trần Văn Minh", email=email_of("minh", None))
    return Loaded(ward, demo.load_demo(ward.city.pk, at=FRIDAY, progress=lambda done, total: told.append((done, total))), told)


@pytest.fixture(scope="module")
def standing_demo(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing[Loaded]]:
    yield from standing(request, django_db_blocker, load)


@pytest.fixture
def loaded(standing_demo: Standing[Loaded], db: None) -> Loaded:
    return standing_demo.own()


def test_dossiers_of_every_kind_are_made_once(loaded):
    made = loaded.made

    assert made == Dossier.objects.count() > 30
    assert loaded.told[-1] == (made, made)
    statuses = set(Dossier.objects.values_list("status", flat=True))
    assert statuses >= {
        Status.REGISTERED,
        Status.REFUSED_INTAKE,
        Status.PROCESSING,
        Status.SUPPLEMENT_REQUESTED,
        Status.PAYMENT_REQUESTED,
        Status.WITHDRAWN,
        Status.RESOLVED,
        Status.RETURNED,
    }
    assert demo.load_demo(loaded.ward.city.pk, at=FRIDAY) == 0
    assert Dossier.objects.count() == made


def test_their_past_is_whole_and_nothing_happens_after_now(loaded):
    assert list(faults()) == []
    assert not Dossier.objects.filter(received_at__gt=FRIDAY).exists()
    assert not StepRun.objects.filter(finished_at__gt=FRIDAY).exists()
    codes = list(Dossier.objects.exclude(code=None).order_by("received_at").values_list("code", flat=True))
    assert codes == sorted(codes)


def test_nobody_in_it_can_be_a_living_person(loaded):
    numbers = Dossier.objects.values_list("owner_id_number", flat=True)
    assert {number[3] for number in numbers} <= {"4", "5"}


def test_production_never_has_them(ward, settings):
    settings.PRODUCTION = True

    with pytest.raises(DemoInProduction):
        demo.load_demo(ward.city.pk, at=FRIDAY)
    assert not Dossier.objects.exists()


def test_a_citizens_store_scans_to_check_and_a_corrected_result_are_there(loaded):
    ward, minh = loaded.ward, Person.objects.get(email=email_of("minh", None))

    assert demo_papers.load_demo_papers(ward.city.pk, at=FRIDAY) > 0
    assert demo_papers.load_demo_papers(ward.city.pk, at=FRIDAY) == 0

    assert StoredPaper.objects.filter(account=minh).exists()
    assert Digitisation.objects.filter(state="waiting").count() >= 3
    assert ResultChange.objects.filter(state="issued").exists()
    assert list(faults()) == []
