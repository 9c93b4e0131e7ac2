"""Each answer knows when it was public; why a picture is kept back; urgency that a sender claims."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0008_mail_counted")]
    operations = [
        migrations.AddField(
            model_name="answer",
            name="published_at",
            field=models.DateTimeField(
                help_text="when it was public for the first time; stays when it is taken off", null=True
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="corrected_at",
            field=models.DateTimeField(help_text="when it was published again in other words", null=True),
        ),
        migrations.AddField(
            model_name="feedbackticket",
            name="urgent_claimed",
            field=models.BooleanField(db_default=False, default=False, help_text="its sender says so, no officer decided yet"),
        ),
        migrations.AddField(
            model_name="photo",
            name="kept_why",
            field=models.CharField(blank=True, db_default="", help_text="the reason its sender is told", max_length=300),
        ),
    ]
