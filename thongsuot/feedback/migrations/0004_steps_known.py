"""Steps that were late before anybody was told of steps stand in the lists: a letter for each at once would help nobody.

Alone in its transaction: no lock on the whole table while its rows are written.
"""

from django.db import migrations

KNOWN = "UPDATE feedback_feedbackticket SET step_for = step_due_at WHERE step_due_at < now() AND step_for IS NULL"


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_figures")]
    operations = [migrations.RunSQL(KNOWN, migrations.RunSQL.noop)]
