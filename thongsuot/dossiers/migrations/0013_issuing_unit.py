# A number stays in the register of the unit that drew it, when its dossier goes on to another.

import django.contrib.postgres.operations
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('dossiers', '0012_late_by_unit'),
        ('files', '0001_initial'),
        ('units', '0004_facilities'),
    ]

    operations = [
        migrations.AddField(
            model_name='result',
            name='unit',
            field=models.ForeignKey(db_index=False, help_text='in whose register its number stands, when its dossier went on to another unit since', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit'),
        ),
        migrations.AddField(
            model_name='resultchange',
            name='unit',
            field=models.ForeignKey(db_index=False, help_text='in whose register its number stands, when that is another unit than the one that resolved', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='result',
            index=models.Index(condition=models.Q(('unit__isnull', False)), fields=['unit', 'issued_on'], name='result_in_register_of'),
        ),
    ]
