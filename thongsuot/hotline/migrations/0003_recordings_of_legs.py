"""A recording of each leg of a call is known; a deletion that has begun is, so that nobody holds what is being deleted."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hotline", "0002_ways_out")]
    operations = [
        migrations.AddField("call", "deletion_begun_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="CallRecording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=300)),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("told_at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="further_recordings",
                        to="hotline.call",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("call", "reference"), name="call_recording_once")],
            },
        ),
    ]
