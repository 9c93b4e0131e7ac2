import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial'), ('people', '0002_person_without_email'), ('people', '0003_posts_at_points')]

    initial = True

    dependencies = [
        ('units', '0001_first_release'),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='CacheEntry',
                fields=[
                    ('cache_key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                    ('value', models.TextField()),
                    ('expires', models.DateTimeField(db_index=True)),
                ],
                options={
                    'db_table': 'people_cache',
                },
            ),
            migrations.CreateModel(
                name='Person',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='thư điện tử')),
                    ('full_name', models.CharField(max_length=200, verbose_name='họ tên')),
                    ('search_name', models.CharField(db_index=True, editable=False, max_length=200)),
                    ('sort_name', models.CharField(editable=False, max_length=420)),
                    ('phone', models.CharField(blank=True, max_length=20, verbose_name='điện thoại')),
                    ('id_number', models.CharField(blank=True, max_length=12, verbose_name='số định danh')),
                    ('is_active', models.BooleanField(default=True)),
                    ('inactive_reason', models.CharField(blank=True, max_length=300)),
                    ('is_demo', models.BooleanField(default=False, help_text='made by the demo city; production refuses to start with one')),
                    ('joined_at', models.DateTimeField()),
                    ('session_generation', models.IntegerField(default=0, help_text='raised to end every session of the person at once')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('email', ''), _negated=True), fields=('email',), name='person_email_once'), models.UniqueConstraint(condition=models.Q(('id_number', ''), _negated=True), fields=('id_number',), name='person_id_number_once')],
                },
            ),
            migrations.CreateModel(
                name='ApiToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=100, verbose_name='tên khóa')),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('duties', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                    ('created_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Appointment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('title', models.CharField(max_length=200, verbose_name='chức danh')),
                    ('duties', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, help_text='names from people.rules.DUTIES', size=None)),
                    ('decided_by', models.CharField(blank=True, max_length=200, verbose_name='cơ quan quyết định')),
                    ('decision_number', models.CharField(blank=True, max_length=60, verbose_name='số quyết định')),
                    ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.body')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL)),
                    ('point', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                ],
                options={
                    'indexes': [models.Index(fields=['body', 'valid_from'], name='appointment_body'), models.Index(condition=models.Q(('point__isnull', False)), fields=['point'], name='appointment_point')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='appointment_period')],
                },
            ),
            migrations.CreateModel(
                name='Delegation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('reason', models.CharField(max_length=300, verbose_name='lý do')),
                    ('includes_signing', models.BooleanField(default=False, verbose_name='gồm cả quyền ký kết quả')),
                    ('decision_number', models.CharField(blank=True, max_length=60, verbose_name='số văn bản ủy quyền')),
                    ('from_person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to=settings.AUTH_USER_MODEL)),
                    ('to_person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_taken', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('from_person', models.F('to_person')), _negated=True), name='delegation_to_another'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', False), ('valid_to__gte', models.F('valid_from'))), name='delegation_ends')],
                },
            ),
            migrations.CreateModel(
                name='LookUp',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('by_name', models.CharField(max_length=200)),
                    ('by_post', models.CharField(max_length=200)),
                    ('subject', models.CharField(help_text='what was read: "dossiers.dossier"', max_length=60)),
                    ('subject_id', models.BigIntegerField()),
                    ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                    ('reason', models.CharField(max_length=300, verbose_name='lý do')),
                    ('about', models.ForeignKey(help_text='whose data, when that person has an account', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='look_ups', to=settings.AUTH_USER_MODEL)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['subject', 'subject_id', 'at'], name='look_up_subject'), models.Index(fields=['about', 'at'], name='look_up_about')],
                },
            ),
        ),
    ]
