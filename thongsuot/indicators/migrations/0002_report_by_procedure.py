"""An index that answers what was open before a period without reading the rows of every day."""

from __future__ import annotations

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # beside the previous release: nobody waits

    dependencies = [("indicators", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="procedureday",
            index=models.Index(
                fields=["procedure_id", "day"],
                include=["received", "closed", "left_in_time", "submitted", "accepted", "refused", "dropped"],
                name="procedure_day_ever",
            ),
        ),
    ]
