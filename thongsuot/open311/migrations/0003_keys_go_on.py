"""A key goes on with another: what that one sent is its too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("open311", "0002_what_an_update_said")]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="first",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="open311.apikey"
            ),
        ),
    ]
