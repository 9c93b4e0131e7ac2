"""Loading a small city: what it gets, and that loading again changes nothing."""

from __future__ import annotations

import pytest

from thongsuot.kernel.models import Event
from thongsuot.units import loading, queries
from thongsuot.units.models import Body
from thongsuot.units.tests.make import LOADED_AT, LOADER, THE_DAY, make_city, make_city_facts

pytestmark = pytest.mark.django_db


def test_a_small_city_is_complete():
    made = make_city()
    assert made.river.agency_identifier == "H98.104"
    assert [body.name for body in queries.bodies_of(made.river.pk, as_of=THE_DAY)] == [
        "Hội đồng nhân dân",
        "Ủy ban nhân dân",
        "Văn phòng HĐND và UBND",
        "Phòng Kinh tế, Hạ tầng và Đô thị",
        "Phòng Văn hóa - Xã hội",
        "Trung tâm Phục vụ hành chính công",
    ]
    assert made.point(made.river).managements.get().managed_by == made.body(made.river, Body.Kind.SERVICE_CENTRE)


def test_loading_again_changes_nothing():
    make_city()
    events = Event.objects.count()

    again = loading.load(make_city_facts(), actor=LOADER, at=LOADED_AT)
    city = loading.load_city("98", at=LOADED_AT, actor=LOADER)

    assert not again.changed
    assert not city.changed
    assert Event.objects.count() == events
