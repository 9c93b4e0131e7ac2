import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A post may be at a service point."""

    atomic = False
    dependencies = [
        ("people", "0002_person_without_email"),
        ("units", "0004_facilities"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="point",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="units.servicepoint",
            ),
        ),
        AddIndexConcurrently(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("point__isnull", False)), fields=["point"], name="appointment_point"
            ),
        ),
    ]
