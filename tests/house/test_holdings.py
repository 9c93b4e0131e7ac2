"""A capability that forgets what its units hold cannot be merged: every column that names a unit is moved, or said to stay."""

from __future__ import annotations

from django.apps import apps
from django.db.models import ForeignKey

from thongsuot.units.models import Body, ServicePoint, Unit
from thongsuot.units.moves import HOLDINGS, STAYS, in_order

NAMED = (Unit, Body, ServicePoint)


def columns() -> set[str]:
    """Every column of ours that points to a unit, a body or a service point, as "app.Model.field"."""
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("thongsuot.")
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model in NAMED
    }


def moved() -> set[str]:
    return {column for holding in HOLDINGS.values() for column in holding.columns}


def test_every_column_that_names_a_unit_is_moved_or_said_to_stay():
    assert sorted(columns() - moved() - STAYS.keys()) == []


def test_what_is_declared_is_there():
    assert sorted((moved() | STAYS.keys()) - columns()) == []


def test_nothing_both_moves_and_stays():
    assert sorted(moved() & STAYS.keys()) == []


def test_a_reason_is_given_for_what_stays():
    assert [column for column, why in STAYS.items() if len(why) < 10] == []


def test_every_holding_comes_after_those_it_follows():
    order = [holding.key for holding in in_order()]

    assert sorted(order) == sorted(HOLDINGS)
    assert all(order.index(one) < order.index(holding.key) for holding in HOLDINGS.values() for one in holding.follows)
