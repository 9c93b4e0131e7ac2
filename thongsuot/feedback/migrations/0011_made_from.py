"""A ticket knows the reception entry it was made from: put right to a denunciation there, it is kept close here at once."""

from django.db import migrations, models

FILL = """
UPDATE feedback_feedbackticket t SET made_from = 'reception:' || e.id
FROM citizen_reception_receptionentry e
WHERE t.channel = 'reception' AND t.key = encode(sha256(convert_to('reception:' || e.id, 'UTF8')), 'hex')
"""


class Migration(migrations.Migration):
    dependencies = [("citizen_reception", "0001_first_release"), ("feedback", "0010_rounds_to_publish")]
    operations = [
        migrations.AddField("feedbackticket", "made_from", models.CharField(blank=True, db_default="", default="", max_length=60)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
