from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index is built without holding everyone up

    dependencies = [
        ('registers', '0003_internal_notes'),
    ]

    operations = [
        migrations.AddField(
            model_name='book',
            name='closed_on',
            field=models.DateField(help_text='the unit that wrote in it ended: who keeps it writes in one of its own', null=True),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddConstraint(
                    model_name='book',
                    constraint=models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True), ('origin', 'own')), fields=('keeper', 'kind', 'year'), name='own_book_open_once'),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS own_book_open_once ON registers_book (keeper_id, kind, year)"
                    " WHERE closed_on IS NULL AND origin = 'own'",
                    'DROP INDEX CONCURRENTLY IF EXISTS own_book_open_once',
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='book',
            name='own_book_once',
        ),
    ]
