from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

RECEIVED_MEANS_DUE = models.CheckConstraint(
    condition=models.Q(
        models.Q(('due_at__isnull', True), ('received_at__isnull', True)),
        models.Q(('due_at__isnull', False), ('received_at__isnull', False)),
        _connector='OR',
    ),
    name='dossier_received_means_due',
)


class Migration(migrations.Migration):
    dependencies = [
        ('dossiers', '0013_issuing_unit'),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='extended_at',
            field=models.DateTimeField(help_text='when it was made longer, for the first time', null=True),
        ),
        migrations.RunSQL(
            'UPDATE dossiers_dossier d SET extended_at = x.extended_at FROM dossiers_extension x WHERE x.dossier_id = d.id',
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RemoveField(
            model_name='dossier',
            name='step_due_at',
        ),
        AddConstraintNotValid(model_name='dossier', constraint=RECEIVED_MEANS_DUE),
        ValidateConstraint(model_name='dossier', name='dossier_received_means_due'),
    ]
