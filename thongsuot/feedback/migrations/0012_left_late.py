"""The list of what was late at a unit that has it no more. Begun anew after an interruption, it begins from nothing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0011_made_from")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS feedback_left_late", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="routing",
            index=models.Index(
                condition=models.Q(late_at__isnull=False), fields=["ticket", "round"], name="feedback_left_late"
            ),
        )
    ]
