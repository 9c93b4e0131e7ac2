"""How many people there are, for figures; never who."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate

from thongsuot.kernel.working_time import DAY, VIET_NAM, start_of
from thongsuot.people.models import Person


def registered_per_day(first: date, last: date) -> list[tuple[date, int]]:
    """Accounts of people who hold no post, opened on each of the days, both included. One query."""
    people = Person.objects.filter(joined_at__gte=start_of(first), joined_at__lt=start_of(last + DAY), appointments=None)
    rows = people.annotate(day=TruncDate("joined_at", tzinfo=VIET_NAM)).values_list("day").annotate(n=Count("pk")).order_by()
    found = dict(rows)
    return [(day, found.get(day, 0)) for day in (first + timedelta(days=n) for n in range((last - first).days + 1))]
