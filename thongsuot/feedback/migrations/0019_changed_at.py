"""When a ticket changed, where no other instant says it. Empty of what was before: then the others say it, as they did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0018_denunciations_unsearched")]
    operations = [
        migrations.AddField(
            "feedbackticket",
            "changed_at",
            models.DateTimeField(null=True, help_text="its last step of which no other instant tells"),
        ),
    ]
