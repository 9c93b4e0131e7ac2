import django.db.models.deletion
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('meetings', '0001_meetings')]

    initial = True

    dependencies = [
        ('units', '0001_first_release'),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='Conference',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=200)),
                    ('starts_at', models.DateTimeField()),
                    ('link', models.CharField(blank=True, max_length=500)),
                    ('hub_phone', models.CharField(max_length=20)),
                    ('state', models.CharField(choices=[('planned', 'Sắp họp'), ('running', 'Đang họp'), ('ended', 'Đã kết thúc'), ('cancelled', 'Đã hủy')], default='planned', max_length=9)),
                    ('made_at', models.DateTimeField()),
                    ('made_by_name', models.CharField(max_length=200)),
                    ('started_at', models.DateTimeField(null=True)),
                    ('started_by_name', models.CharField(blank=True, max_length=200)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('ended_by_name', models.CharField(blank=True, max_length=200)),
                    ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['city', '-starts_at'], name='conference_of_city')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['running', 'ended']), _negated=True), ('started_at__isnull', False), _connector='OR'), name='conference_runs_once_started'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['ended', 'cancelled'])), models.Q(('ended_at__isnull', True), ('state__in', ['planned', 'running'])), _connector='OR'), name='conference_over_has_an_end'), models.CheckConstraint(condition=models.Q(('link', ''), ('link__startswith', 'https://'), _connector='OR'), name='conference_link_is_safe')],
                },
            ),
            migrations.CreateModel(
                name='RollCall',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.IntegerField()),
                    ('opened_at', models.DateTimeField()),
                    ('opened_by_name', models.CharField(max_length=200)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('closed_by_name', models.CharField(blank=True, max_length=200)),
                    ('conference', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roll_calls', to='meetings.conference')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('conference', 'number'), name='roll_call_number_once'), models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('conference',), name='roll_call_one_open')],
                },
            ),
            migrations.CreateModel(
                name='Site',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('left_out', models.BooleanField(default=False)),
                    ('operator_name', models.CharField(blank=True, max_length=200)),
                    ('backup_phone', models.CharField(blank=True, max_length=20)),
                    ('joined_at', models.DateTimeField(null=True)),
                    ('seen_at', models.DateTimeField(null=True)),
                    ('conference', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='meetings.conference')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('left_out', False)), fields=('conference', 'unit'), name='site_once')],
                },
            ),
            migrations.CreateModel(
                name='RollCallAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('people', models.IntegerField()),
                    ('leader', models.CharField(max_length=200)),
                    ('by_phone', models.BooleanField()),
                    ('at', models.DateTimeField()),
                    ('by_name', models.CharField(max_length=200)),
                    ('roll_call', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='meetings.rollcall')),
                    ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='meetings.site')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('roll_call', 'site'), name='roll_call_answer_once'), models.CheckConstraint(condition=models.Q(('people__gte', 0)), name='roll_call_answer_people')],
                },
            ),
            migrations.CreateModel(
                name='Drop',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('from_at', models.DateTimeField()),
                    ('until_at', models.DateTimeField()),
                    ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='drops', to='meetings.site')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('site', 'from_at'), name='drop_once'), models.CheckConstraint(condition=models.Q(('until_at__gt', models.F('from_at'))), name='drop_lasts')],
                },
            ),
            migrations.CreateModel(
                name='SiteTest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('picture_ok', models.BooleanField()),
                    ('sound_ok', models.BooleanField()),
                    ('line_ok', models.BooleanField()),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('by_name', models.CharField(max_length=200)),
                    ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tests', to='meetings.site')),
                ],
            ),
            migrations.CreateModel(
                name='SpeakRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('topic', models.CharField(max_length=200)),
                    ('asked_at', models.DateTimeField()),
                    ('asked_by_name', models.CharField(max_length=200)),
                    ('given_at', models.DateTimeField(null=True)),
                    ('over_at', models.DateTimeField(null=True)),
                    ('conference', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='speak_requests', to='meetings.conference')),
                    ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='speak_requests', to='meetings.site')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('over_at', None)), fields=('site',), name='speak_request_one_a_site'), models.UniqueConstraint(condition=models.Q(('given_at__isnull', False), ('over_at', None)), fields=('conference',), name='speak_request_one_speaks')],
                },
            ),
        ),
    ]
