"""Indexes alone: nobody who writes meanwhile waits; begun anew after an interruption, it begins from nothing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Greatest

STEPS_AT = ("reported_at", "routed_at", "accepted_at", "paused_at", "answered_at", "published_at", "ended_at")
FOUND = [
    ("feedbackticket", models.Index(name="feedback_steps", fields=["step_rung_at"], condition=Q(step_due_at__isnull=False))),
    ("feedbackticket", models.Index(name="feedback_drills", fields=["city", "-reported_at"], condition=Q(drill=True))),
    ("ticketleg", models.Index(name="feedback_leg_handler", fields=["handler_id"], condition=Q(handler_id__isnull=False))),
    ("feedbackticket", models.Index("city", Greatest(*STEPS_AT).desc(), name="feedback_changed")),
    ("publicpin", models.Index(name="feedback_pin_cat", fields=["category", "-published_at"])),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0005_public_decimals")]
    operations = [
        step
        for model, index in FOUND
        for step in (
            migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}", migrations.RunSQL.noop),
            AddIndexConcurrently(model, index),
        )
    ]
