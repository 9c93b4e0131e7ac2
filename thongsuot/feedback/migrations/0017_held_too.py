"""What citizen reception has too, among a million tickets. Begun anew after an interruption, it begins from nothing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0016_step_from")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS feedback_held_too", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "feedbackticket",
            models.Index(
                name="feedback_held_too",
                fields=["made_from"],
                condition=models.Q(state="handed_over") | ~models.Q(made_from=""),
            ),
        ),
    ]
