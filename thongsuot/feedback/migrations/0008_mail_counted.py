"""How many letters came of late, from whom. Nobody who writes meanwhile waits; begun anew after an interruption, it begins from
nothing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

COUNTED = {
    "feedback_mail_of_sender": ["sender", "at"],
    "feedback_mail_of_domain": ["domain", "at"],
    "feedback_mail_counted": ["at"],
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0007_mail_held")]
    operations = [
        step
        for name, fields in COUNTED.items()
        for step in (
            migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop),
            AddIndexConcurrently("incomingmail", models.Index(name=name, fields=fields, condition=~Q(domain=""))),
        )
    ]
