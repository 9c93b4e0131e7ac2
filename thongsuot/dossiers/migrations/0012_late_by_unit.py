import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # indexes built without holding everyone up

    dependencies = [
        ('dossiers', '0011_extended_days'),
    ]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['resolving_unit', 'due_at'], include=('id', 'status', 'warn_at', 'answer_due_at'), name='dossier_resolving_due'),
        ),
        django.contrib.postgres.operations.RemoveIndexConcurrently(
            model_name='dossier',
            name='dossier_resolving_open',
        ),
    ]
