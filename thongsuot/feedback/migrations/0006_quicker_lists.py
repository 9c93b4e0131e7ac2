from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Greatest

STEPS_AT = ("reported_at", "routed_at", "accepted_at", "paused_at", "answered_at", "published_at", "ended_at")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0005_public_decimals")]
    operations = [
        AddIndexConcurrently("feedbackticket", models.Index("city", Greatest(*STEPS_AT).desc(), name="feedback_changed")),
        AddIndexConcurrently("publicpin", models.Index(fields=["category", "-published_at"], name="feedback_pin_cat")),
    ]
