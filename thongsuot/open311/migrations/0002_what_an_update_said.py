from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("open311", "0001_first_release")]

    operations = [
        migrations.AddField(
            model_name="sentupdate",
            name="said",
            field=models.CharField(blank=True, db_default="", max_length=64),
        ),
    ]
