"""The list of what was late at a unit that has it no more."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0011_made_from")]
    operations = [
        AddIndexConcurrently(
            model_name="routing",
            index=models.Index(
                condition=models.Q(late_at__isnull=False), fields=["ticket", "round"], name="feedback_left_late"
            ),
        )
    ]
