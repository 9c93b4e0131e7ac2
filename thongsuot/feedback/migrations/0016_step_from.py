"""When the step that runs began, so that another limit counts from then."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0015_steps_with_a_clock")]
    operations = [migrations.AddField("feedbackticket", "step_from", models.DateTimeField(null=True))]
