"""Categories as services of GeoReport v2, their questions as attributes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Exists, OuterRef

from thongsuot.feedback.models import Category, CategoryQuestion
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import remembered
from thongsuot.open311.answers import Many, Node
from thongsuot.open311.errors import UnknownService

Kind = CategoryQuestion.Kind
LISTS = frozenset({Kind.ONE_OF, Kind.SOME_OF})


@remembered(seconds=5)
def services(city_id: int, on: date, *, by_token: bool) -> Many:
    """What may be reported on that day, in the city's order. One query."""
    asks = CategoryQuestion.asked(on).filter(category=OuterRef("pk"))
    rows = Category.objects.filter(in_force(on), city_id=city_id).annotate(asks=Exists(asks)).order_by("place", "name")
    return Many(
        "service",
        [
            {
                "service_code": row.code,
                "service_name": row.name,
                "description": row.description or None,
                "metadata": row.asks,
                "type": "batch" if by_token else "realtime",
                "keywords": ", ".join(row.keywords) or None,
                "group": row.group,
            }
            for row in rows
        ],
    )


def service(code: str, *, city_id: int, on: date) -> Category:
    """Raises UnknownService."""
    found = Category.objects.filter(in_force(on), city_id=city_id, code=code).first()
    if found is None:
        raise UnknownService
    return found


def definition(category: Category, *, on: date) -> Mapping[str, Node]:
    """One query."""
    rows = CategoryQuestion.asked(on).filter(category=category)
    return {
        "service_code": category.code,
        "attributes": Many("attribute", [_attribute(row, order) for order, row in enumerate(rows, start=1)]),
    }


def _attribute(row: CategoryQuestion, order: int) -> dict[str, Node]:
    told: dict[str, Node] = {
        "variable": True,
        "code": row.code,
        "datatype": str(row.kind),
        "required": row.required,
        "datatype_description": row.hint or None,
        "order": order,
        "description": row.asks,
    }
    if row.kind in LISTS:
        told["values"] = Many("value", [{"key": str(key), "name": str(name)} for key, name in row.answers])
    return told


def changed_on(city_id: int, on: date) -> date:
    """When the services were last others than they are: what a client that keeps them compares."""
    begun = (
        Category.objects.filter(city_id=city_id, valid_from__lte=on)
        .order_by("-valid_from")
        .values_list("valid_from", flat=True)
    )
    ended = Category.objects.filter(city_id=city_id, valid_to__lte=on).order_by("-valid_to").values_list("valid_to", flat=True)
    asked = CategoryQuestion.objects.filter(category__city_id=city_id, ended_on__lte=on).order_by("-ended_on")
    found = [begun.first(), ended.first(), asked.values_list("ended_on", flat=True).first()]
    return max((day for day in found if day), default=on)
