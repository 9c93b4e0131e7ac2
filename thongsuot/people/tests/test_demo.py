"""People of a demo city."""

import pytest
from django.test import Client
from django.utils import timezone

from thongsuot.kernel.contact import is_id_number
from thongsuot.kernel.history import faults
from thongsuot.people import demo, queries, rules
from thongsuot.people.models import Person

CHAIN = (
    "receive dossiers",
    "assign dossiers",
    "process dossiers",
    "review dossiers",
    "sign results",
    "issue results",
    "hand back results",
)


def test_a_demo_city_has_someone_for_every_step_in_each_of_its_units_and_loads_once(city, django_assert_max_num_queries):
    now = timezone.now()
    told = []
    accounts = demo.load_demo(city.city.pk, at=now, progress=lambda done, total: told.append((done, total)))
    assert [account.email for account in accounts][:2] == ["minh@demo.thongsuot.vn", "lan@demo.thongsuot.vn"]
    assert told[-1][0] == told[-1][1]
    units = demo.demo_units(city.city.pk, at=now)
    assert [unit.name for unit in units] == ["Đồi", "Sông"]
    for unit in units:
        for duty in CHAIN:
            assert queries.staff_with_duty(duty, unit.id, on=timezone.localdate(now)), (unit.name, duty)
    of_city = Person.objects.filter(email__in=["quantri@demo.thongsuot.vn", "lanhdao@demo.thongsuot.vn"])
    city_duties = {duty for person in of_city for duty in queries.actor_for(person, at=now).duties}
    assert city_duties == {*rules.ADMINISTRATOR, *rules.LEADER_OF_CITY, "approve letters"}
    assert not Person.objects.filter(is_demo=False).exists()
    assert len(set(Person.objects.values_list("full_name", flat=True))) == Person.objects.count()

    before = Person.objects.count()
    with django_assert_max_num_queries(60):
        demo.load_demo(city.city.pk, at=now)
    assert Person.objects.count() == before
    assert list(faults()) == []


def test_the_citizen_of_the_demo_has_a_number_that_nobody_living_can_have(city):
    demo.load_demo(city.city.pk, at=timezone.now())
    minh = Person.objects.get(email="minh@demo.thongsuot.vn")
    assert is_id_number(minh.id_number)
    assert minh.id_number[3] in "45"  # born in the 22nd century


def test_demo_people_log_in_with_the_common_password_and_reach_their_pages(city):
    demo.load_demo(city.city.pk, at=timezone.now())
    client = Client()
    client.post("/tai-khoan/dang-nhap/", {"login": "quantri@demo.thongsuot.vn", "password": demo.PASSWORD})
    assert client.get("/quan-tri/nguoi-dung/").status_code == 200


def test_production_has_no_demo_people(city, settings):
    settings.PRODUCTION = True
    with pytest.raises(demo.DemoInProduction):
        demo.load_demo(city.city.pk, at=timezone.now())
    assert not Person.objects.exists()
