from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('kernel', '0001_initial')]

    initial = True

    dependencies = [
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='HistorySeal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('last_event_id', models.BigIntegerField(unique=True)),
                    ('events', models.BigIntegerField(help_text='events covered by this seal alone')),
                    ('sealed_at', models.DateTimeField()),
                    ('hash', models.BinaryField(max_length=32)),
                ],
            ),
            migrations.CreateModel(
                name='Answered',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('caller', models.CharField(max_length=64)),
                    ('key', models.CharField(max_length=200)),
                    ('body_hash', models.BinaryField(max_length=32)),
                    ('status', models.SmallIntegerField()),
                    ('answer', models.JSONField()),
                    ('answered_at', models.DateTimeField(db_index=True)),
                ],
                options={
                    'verbose_name': 'yêu cầu đã trả lời',
                    'constraints': [models.UniqueConstraint(fields=('caller', 'key'), name='answered_once')],
                },
            ),
            migrations.CreateModel(
                name='Event',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('subject', models.CharField(max_length=60)),
                    ('subject_id', models.BigIntegerField()),
                    ('number', models.IntegerField()),
                    ('name', models.CharField(max_length=60)),
                    ('at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField()),
                    ('actor_id', models.BigIntegerField(null=True)),
                    ('actor_name', models.CharField(max_length=200)),
                    ('actor_post', models.CharField(max_length=200)),
                    ('via', models.CharField(max_length=10)),
                    ('unit_id', models.BigIntegerField(null=True)),
                    ('facts', models.JSONField()),
                    ('hash', models.BinaryField(max_length=32)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('subject', 'subject_id', 'number'), name='event_numbered_per_subject')],
                },
            ),
        ),
    ]
