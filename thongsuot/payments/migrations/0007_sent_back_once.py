"""A movement goes back once. Nobody who writes meanwhile waits; begun anew after an interruption, it begins from nothing."""

from django.db import migrations, models
from django.db.models import Q

SENT_BACK = Q(~Q(state="refused"), statement_line__isnull=False)
DROP = "DROP INDEX CONCURRENTLY IF EXISTS refund_once_a_movement"
ONCE = """
CREATE UNIQUE INDEX CONCURRENTLY refund_once_a_movement
    ON payments_refund (statement_line_id) WHERE NOT (state = 'refused') AND statement_line_id IS NOT NULL
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0006_unused_index")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP, ONCE], [DROP])],
            state_operations=[
                migrations.AddConstraint(
                    "refund",
                    models.UniqueConstraint(fields=["statement_line"], condition=SENT_BACK, name="refund_once_a_movement"),
                ),
            ],
        ),
    ]
