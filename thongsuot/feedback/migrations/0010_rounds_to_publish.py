"""The list of what is public already and was answered anew. Begun anew after an interruption, it begins from nothing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0009_public_rounds")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS feedback_to_publish_more", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="feedbackticket",
            index=models.Index(
                condition=models.Q(
                    state__in=["approved", "rated"], published_at__isnull=False, step_due_at__isnull=False, withheld=""
                ),
                fields=["city", "step_due_at"],
                name="feedback_to_publish_more",
            ),
        ),
    ]
