from django.db import migrations, models

ONCE = models.UniqueConstraint(condition=models.Q(("email", ""), _negated=True), fields=("email",), name="person_email_once")


class Migration(migrations.Migration):
    """An account may be without an address. The new index is made before the old one goes, and holds up no writer."""

    atomic = False
    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddConstraint(model_name="person", constraint=ONCE)],
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS person_email_once ON people_person (email) WHERE NOT (email = '')",
                    "DROP INDEX CONCURRENTLY IF EXISTS person_email_once",
                )
            ],
        ),
        migrations.AlterField(
            model_name="person",
            name="email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="thư điện tử"),
        ),
    ]
