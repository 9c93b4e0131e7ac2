import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('counters', '0001_first_release'),
        ('units', '0001_first_release'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='queue',
            name='name_en',
            field=models.CharField(blank=True, db_default='', max_length=80),
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('kiosk', 'Máy lấy số'), ('rating', 'Máy đánh giá')], max_length=8)),
                ('name', models.CharField(max_length=80)),
                ('joining_digest', models.CharField(max_length=64)),
                ('joining_until', models.DateTimeField()),
                ('key_digest', models.CharField(blank=True, max_length=64)),
                ('made_at', models.DateTimeField()),
                ('joined_at', models.DateTimeField(null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                ('counter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='counters.counter')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('key_digest', ''), _negated=True), fields=('key_digest',), name='device_key_once'),
                    models.UniqueConstraint(fields=('joining_digest',), name='device_joining_once'),
                    models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('point', 'name'), name='device_name_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('counter__isnull', False), ('kind', 'rating')), models.Q(('counter', None), ('kind', 'kiosk')), _connector='OR'), name='device_counter'),
                ],
            },
        ),
        Together(
            migrations.AddField(
                model_name='ticket',
                name='expected',
                field=models.DurationField(null=True),
            ),
            migrations.AddField(
                model_name='ticket',
                name='secret',
                field=models.CharField(max_length=16, null=True, unique=True),
            ),
            migrations.AddField(
                model_name='ticket',
                name='device',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counters.device'),
            ),
            migrations.AddField(
                model_name='ticket',
                name='served_by',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
        ),
        migrations.CreateModel(
            name='TicketRating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SmallIntegerField(choices=[(5, 'Rất hài lòng'), (4, 'Hài lòng'), (3, 'Bình thường'), (2, 'Không hài lòng'), (1, 'Rất không hài lòng')])),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('rated_at', models.DateTimeField()),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rating', to='counters.ticket')),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counters.device')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 5)), name='ticket_rating_level'),
                ],
            },
        ),
    ]
