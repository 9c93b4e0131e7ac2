"""A movement goes back once; a refund is of a payment or of a movement. Neither waits for who writes meanwhile."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

SENT_BACK = Q(~Q(state="refused"), statement_line__isnull=False)
OF_SOMETHING = Q(payment__isnull=False, statement_line=None) | Q(line=None, payment=None, statement_line__isnull=False)
ONCE = """
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS refund_once_a_movement
    ON payments_refund (statement_line_id) WHERE NOT (state = 'refused') AND statement_line_id IS NOT NULL
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0006_unused_index")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(ONCE, "DROP INDEX CONCURRENTLY IF EXISTS refund_once_a_movement"),
            ],
            state_operations=[
                migrations.AddConstraint(
                    "refund", models.UniqueConstraint(fields=["statement_line"], condition=SENT_BACK, name="refund_once_a_movement")
                ),
            ],
        ),
        AddConstraintNotValid("refund", models.CheckConstraint(condition=OF_SOMETHING, name="refund_of_something")),
        ValidateConstraint("refund", "refund_of_something"),
    ]
