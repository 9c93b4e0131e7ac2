"""The 526 health stations of Hà Nội as a file: one of each commune of before, names and places made up but for the commune."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date

from thongsuot.kernel.text import slug
from thongsuot.units import facility_sheets, queries
from thongsuot.units.models import Succession, Unit
from thongsuot.units.tests.make import THE_DAY


def a_register() -> str:
    """One station of each old commune, as a file. Where a commune was split, the new unit is written beside it."""
    split = Counter(Succession.objects.exclude(extent="land_only").values_list("old_unit_id", flat=True))
    keepers = dict(Succession.objects.filter(keeps_records=True).values_list("old_unit_id", "new_unit__code"))
    named = dict(Succession.objects.filter(old_unit__code="00340").values_list("old_unit_id", "old_unit__code"))
    out = io.StringIO()
    sheet = csv.DictWriter(out, facility_sheets.COLUMNS)
    sheet.writeheader()
    for unit in Unit.objects.filter(level="commune", valid_to=THE_DAY, parent__parent__code="01").order_by("code"):
        name = queries.unit_row(unit.pk, as_of=date(2025, 6, 30)).name
        sheet.writerow(
            {
                "code": f"TYT-{unit.code}-{slug(name)}"[:20],
                "name": f"Trạm y tế {name}",
                "valid_from": "2025-07-01",
                # The house of Yên Sở stands in what is Yên Sở again, though most of its people are elsewhere.
                **({"unit_code": named.get(unit.pk) or keepers[unit.pk]} if split[unit.pk] > 1 else {"old_code": unit.code}),
            }
        )
    return out.getvalue()
