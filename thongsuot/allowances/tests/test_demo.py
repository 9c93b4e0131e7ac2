"""The demo city has people on lists, a month paid but for two, and a month begun."""

from __future__ import annotations

import pytest
from django.utils import timezone

from thongsuot.allowances import demo
from thongsuot.allowances.actions import results
from thongsuot.allowances.models import Beneficiary, PayerReport, Payment, PayRun
from thongsuot.allowances.queries.runs import reconcile
from thongsuot.people.demo import DemoInProduction, load_demo
from thongsuot.units.models import Unit

pytestmark = pytest.mark.django_db


def test_the_demo_is_made_once_and_never_in_production(office, settings):
    at, city = timezone.now(), office.city.city.pk
    Unit.objects.filter(pk=city).update(code="98")
    load_demo(city, at=at)
    came = demo.load_demo(city, at=at)
    assert came == Beneficiary.objects.count() > 0
    assert demo.load_demo(city, at=at) == 0
    assert [run.state for run in PayRun.objects.order_by("month")] == ["settling", "draft"]
    assert Payment.objects.filter(state="failed").count() == demo.FAILED
    assert reconcile(PayRun.objects.order_by("month")[0]).adds_up
    settings.PRODUCTION = True
    with pytest.raises(DemoInProduction):
        demo.load_demo(city, at=at)


def test_a_report_that_somebody_else_applied_meanwhile_is_not_refused(office, monkeypatch):
    """The worker runs while a demo city is loaded: both may read the same file."""
    at, city = timezone.now(), office.city.city.pk
    Unit.objects.filter(pk=city).update(code="98")
    load_demo(city, at=at)
    real = results.apply_report

    def late(report_id, **more):
        real(report_id, **more)  # the other one was faster
        return real(report_id, **more)

    monkeypatch.setattr(results, "apply_report", late)
    assert demo.load_demo(city, at=at) > 0
    assert set(PayerReport.objects.values_list("status", flat=True)) == {"done"}
