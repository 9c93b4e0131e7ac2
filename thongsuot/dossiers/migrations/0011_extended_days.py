from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('dossiers', '0010_paper_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='extended_days',
            field=models.SmallIntegerField(db_default=0, default=0, help_text='working days the limit was made longer by'),
        ),
        migrations.RunSQL(
            'UPDATE dossiers_dossier d SET extended_days = x.days FROM dossiers_extension x WHERE x.dossier_id = d.id',
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
