"""What changed since others asked last, by all instants. Begun anew after an interruption, it begins from nothing."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Greatest

STEPS_AT = ("reported_at", "routed_at", "accepted_at", "paused_at", "answered_at", "published_at", "ended_at", "changed_at")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0019_changed_at")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS feedback_last_change", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "feedbackticket", models.Index("city", Greatest(*STEPS_AT).desc(), name="feedback_last_change")
        ),
        RemoveIndexConcurrently("feedbackticket", "feedback_changed"),
    ]
