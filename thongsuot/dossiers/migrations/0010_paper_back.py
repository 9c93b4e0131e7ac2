from django.db import migrations, models

UNSENT = models.UniqueConstraint(condition=models.Q(('carriage__isnull', True), ('settled_at__isnull', True)), fields=('dossier', 'what'), name='paper_debt_one_unsent')


class Migration(migrations.Migration):
    atomic = False  # an index built without holding everyone up

    dependencies = [
        ('dossiers', '0009_extension'),
        ('units', '0002_agencies'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='paperdebt',
            name='paper_debt_once',
        ),
        migrations.AlterField(
            model_name='paperdebt',
            name='what',
            field=models.CharField(choices=[('file', 'Hồ sơ giấy'), ('result', 'Kết quả bản giấy'), ('back', 'Hồ sơ giấy trả lại')], max_length=6),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddConstraint(model_name='paperdebt', constraint=UNSENT)],
            database_operations=[
                migrations.RunSQL(
                    'CREATE UNIQUE INDEX CONCURRENTLY paper_debt_one_unsent ON dossiers_paperdebt (dossier_id, what)'
                    ' WHERE carriage_id IS NULL AND settled_at IS NULL',
                    reverse_sql='DROP INDEX paper_debt_one_unsent',
                ),
            ],
        ),
    ]
