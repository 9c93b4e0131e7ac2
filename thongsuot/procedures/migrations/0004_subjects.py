import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0003_publishing_decision")]

    operations = [
        migrations.AddField(
            model_name="procedureversion",
            name="subjects",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=24),
                db_default=[],
                default=list,
                help_text="content.Subject; empty: not known",
                size=None,
            ),
        ),
    ]
