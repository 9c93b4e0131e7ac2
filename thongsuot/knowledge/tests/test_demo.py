"""The demo city's answers: most in use, one that waits, one being written; made once, with a history that holds."""

from __future__ import annotations

from collections import Counter

import pytest

from thongsuot.kernel.history import faults
from thongsuot.kernel.models import Event
from thongsuot.knowledge import demo, queries
from thongsuot.knowledge.models import AnswerUse, Article, ArticleVersion
from thongsuot.people.demo import DemoInProduction, load_demo
from thongsuot.people.tests.make import MONDAY
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.units.tests.make import make_city


def test_answers_in_use_one_that_waits_and_one_being_written(office):
    city = office.city.city.pk
    load_demo(city, at=MONDAY)
    make_procedure("1.001193")
    today = MONDAY.date()

    made = demo.load_demo(city, at=MONDAY)

    states = Counter(ArticleVersion.objects.values_list("state", flat=True))
    assert states == {"approved": made - 2, "submitted": 1, "draft": 1}
    assert made == Article.objects.count() >= 20
    assert queries.search("khai sinh", on=today)[0].procedure_codes == ("1.001193",)
    assert {code for one in Article.objects.all() for code in one.procedure_codes} == {
        "1.001193"
    }  # what is in no catalogue: left out
    assert queries.most_used(on=today, limit=1)[0].question == "Đăng ký khai sinh cho con ở đâu, cần mang gì?"
    assert AnswerUse.objects.filter(kind="hotline").count() == 7
    assert queries.to_review(city, on=today) == []
    events = Event.objects.count()
    assert (demo.load_demo(city, at=MONDAY), Event.objects.count()) == (0, events)
    assert list(faults()) == []


@pytest.mark.django_db
def test_without_somebody_to_approve_none_comes():
    assert demo.load_demo(make_city().city.pk, at=MONDAY) == 0
    assert not Article.objects.exists()


def test_never_in_production(settings, office):
    settings.PRODUCTION = True
    with pytest.raises(DemoInProduction):
        demo.load_demo(office.city.city.pk, at=MONDAY)
