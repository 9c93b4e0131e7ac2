import django.db.models.deletion
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('numbering', '0001_initial')]

    initial = True

    dependencies = [
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='Series',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=30)),
                    ('unit_id', models.BigIntegerField()),
                    ('bucket', models.CharField(help_text='"2026" or "261120"', max_length=10)),
                    ('last', models.BigIntegerField()),
                    ('last_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('kind', 'unit_id', 'bucket'), name='series_once')],
                },
            ),
            migrations.CreateModel(
                name='CancelledNumber',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.BigIntegerField()),
                    ('reason', models.CharField(max_length=300)),
                    ('cancelled_at', models.DateTimeField()),
                    ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cancelled', to='numbering.series')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('series', 'number'), name='number_cancelled_once')],
                },
            ),
        ),
    ]
