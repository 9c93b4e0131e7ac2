"""Leading the hotline is a duty of its own: whose post answers calls and approves feedback led it until now, and gets it.

The worker gives it (`people.tasks.give_owed`): programs of the release before, which may still run, do not know the duty.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

OWED = """
UPDATE people_appointment SET owed = ARRAY['lead hotline']
 WHERE 'approve feedback' = ANY(duties) AND ('answer calls' = ANY(duties) OR title = 'Trưởng tổng đài 1022')
   AND (valid_to IS NULL OR valid_to > CURRENT_DATE)
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_first_release")]
    operations = [
        migrations.AddField(
            "appointment",
            "owed",
            django.contrib.postgres.fields.ArrayField(models.CharField(max_length=40), blank=True, null=True),
        ),
        migrations.RunSQL(OWED, migrations.RunSQL.noop),
    ]
