"""From when what became urgent counts; who wants a place masked, beside what is so by its kind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0013_sender_confirmed")]
    operations = [
        migrations.AddField(model_name="feedbackticket", name="urgent_from", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="feedbackticket", name="put_before", field=models.IntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            model_name="feedbackticket",
            name="masked_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("kind", "theo lĩnh vực"),
                    ("sender", "theo ý người gửi"),
                    ("officer", "theo quyết định của cán bộ"),
                ],
                db_default="",
                default="",
                help_text="blank: from before it was known",
                max_length=7,
            ),
        ),
    ]
