import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index built without holding everyone up

    dependencies = [
        ('dossiers', '0004_agencies'),
    ]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(condition=models.Q(('ended_at__isnull', True), ('step_unit__isnull', False)), fields=['step_unit', 'due_at'], name='dossier_at_partner'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='opinion',
            index=models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['answer_until'], name='opinion_open'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='opinion',
            constraint=models.CheckConstraint(condition=models.Q(('by_silence', False), models.Q(('silence_basis', ''), _negated=True), _connector='OR'), name='opinion_silence_with_basis'),
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='opinion',
            name='opinion_silence_with_basis',
        ),
    ]
