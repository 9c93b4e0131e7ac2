"""The papers of a signature may go when their owner's time is over; its line stays."""

import django.db.models.deletion
from django.db import migrations, models


def paper() -> models.ForeignKey:
    return models.ForeignKey("files.storedfile", django.db.models.deletion.PROTECT, null=True, related_name="+")


class Migration(migrations.Migration):
    dependencies = [("files", "0001_first_release"), ("signing", "0001_first_release")]
    operations = [
        migrations.AlterField("signature", "signed", paper()),
        migrations.AlterField("signature", "source", paper()),
    ]
