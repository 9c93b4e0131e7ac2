"""A city that is loaded has categories, limits and numbers of feedback from the first day."""

from __future__ import annotations

from thongsuot.config.loading import STEPS
from thongsuot.feedback.models import Category, Competence, Setting, TimeLimit
from thongsuot.feedback.rules.numbers import KEYS
from thongsuot.people.tests.make import MONDAY
from thongsuot.units.tests.make import make_city


def test_loading_fills_in_what_is_reported_and_again_changes_nothing(db):
    make_city()
    (step,) = [step for step in STEPS if "phản ánh" in step.vietnamese and not step.demo]
    counts = []
    for _twice in range(2):
        step.run("98", MONDAY, lambda *_said: None)
        counts.append([model.objects.count() for model in (Category, Competence, TimeLimit, Setting)])

    assert counts[0] == counts[1]
    assert min(counts[0]) > 0
    assert counts[0][-1] == len(KEYS)
