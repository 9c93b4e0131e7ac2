import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('dossiers', '0003_help'),
        ('files', '0001_first_release'),
        ('units', '0001_first_release'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='Agent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('name', models.CharField(max_length=200)),
                    ('address', models.CharField(max_length=300)),
                    ('hours', models.CharField(max_length=200)),
                    ('phone', models.CharField(max_length=20)),
                    ('decision_number', models.CharField(max_length=60)),
                    ('decided_on', models.DateField()),
                    ('suspended_at', models.DateTimeField(null=True)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('decision_number', 'name'), name='agent_decision_once'),
                        models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='agent_period'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Campaign',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200)),
                    ('starts_on', models.DateField()),
                    ('days', models.SmallIntegerField(default=30)),
                    ('target_people', models.IntegerField()),
                    ('target_accounts', models.IntegerField()),
                    ('target_dossiers', models.IntegerField()),
                    ('made_at', models.DateTimeField()),
                    ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('city', 'name', 'starts_on'), name='campaign_once'),
                        models.CheckConstraint(condition=models.Q(('days__gte', 1), ('days__lte', 366)), name='campaign_days'),
                        models.CheckConstraint(condition=models.Q(('target_accounts__gte', 0), ('target_dossiers__gte', 0), ('target_people__gte', 0)), name='campaign_targets'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Helper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('number', models.CharField(max_length=16, unique=True)),
                    ('kind', models.CharField(choices=[('agent', 'Nhân viên đại lý'), ('volunteer', 'Tình nguyện viên'), ('lawyer', 'Luật sư')], max_length=9)),
                    ('full_name', models.CharField(max_length=200)),
                    ('search_name', models.CharField(editable=False, max_length=200)),
                    ('organisation', models.CharField(blank=True, max_length=200)),
                    ('bar_number', models.CharField(blank=True, max_length=30)),
                    ('training', models.CharField(blank=True, max_length=120)),
                    ('trained_on', models.DateField(null=True)),
                    ('may_scan', models.BooleanField(default=False)),
                    ('may_submit', models.BooleanField(default=False)),
                    ('is_head', models.BooleanField(default=False)),
                    ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='helpers', to='assistance.agent')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('person', 'kind'), name='helper_once'),
                        models.CheckConstraint(condition=models.Q(models.Q(('agent__isnull', False), ('kind', 'agent')), models.Q(('kind', 'agent'), _negated=True), _connector='OR'), name='helper_of_agent'),
                        models.CheckConstraint(condition=models.Q(models.Q(('kind', 'lawyer'), _negated=True), models.Q(('bar_number', ''), _negated=True), _connector='OR'), name='helper_lawyer_at_bar'),
                        models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='helper_period'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Consent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=16, unique=True)),
                    ('procedure_code', models.CharField(max_length=20)),
                    ('procedure_name', models.CharField(max_length=500)),
                    ('how', models.CharField(choices=[('account', 'Mã từ tài khoản của người dân'), ('code', 'Mã gửi đến thư hoặc điện thoại của người dân'), ('paper', 'Giấy đồng ý có chữ ký, bản quét kèm theo')], max_length=7)),
                    ('state', models.CharField(choices=[('waiting', 'Chờ nhập mã'), ('open', 'Đang làm'), ('filed', 'Đã nộp'), ('ended', 'Đã thôi')], default='waiting', max_length=7)),
                    ('for_name', models.CharField(max_length=200)),
                    ('identity_level', models.SmallIntegerField(default=0)),
                    ('may_scan', models.BooleanField()),
                    ('may_submit', models.BooleanField()),
                    ('code_digest', models.CharField(blank=True, max_length=64)),
                    ('code_until', models.DateTimeField(null=True)),
                    ('secret', models.CharField(max_length=43, unique=True)),
                    ('made_at', models.DateTimeField()),
                    ('opened_at', models.DateTimeField(null=True)),
                    ('open_until', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(help_text='filed, or ended otherwise', null=True)),
                    ('ended_by', models.CharField(blank=True, choices=[('citizen', 'Người dân thôi nhờ'), ('helper', 'Người giúp kết thúc'), ('time', 'Hết giờ')], max_length=7)),
                    ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.agent')),
                    ('draft', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='dossiers.draft')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('scan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('helper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='assistance.helper')),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('how', 'paper'), ('scan__isnull', False)), models.Q(models.Q(('how', 'paper'), _negated=True), ('scan__isnull', True)), _connector='OR'), name='consent_paper_has_scan'),
                        models.CheckConstraint(condition=models.Q(models.Q(('how', 'account'), ('person__isnull', False)), models.Q(models.Q(('how', 'account'), _negated=True), ('person', None)), _connector='OR'), name='consent_account'),
                        models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['filed', 'ended'])), ('ended_at', None), _connector='OR'), name='consent_ended'),
                    ],
                    'indexes': [
                        models.Index(fields=['helper', '-made_at'], name='consent_of_helper'),
                        models.Index(condition=models.Q(('state__in', ['waiting', 'open'])), fields=['state'], name='consent_running'),
                        models.Index(condition=models.Q(('person__isnull', False)), fields=['person', '-made_at'], name='consent_of_person'),
                        models.Index(condition=models.Q(('state', 'filed')), fields=['ended_at'], name='consent_filed'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CodeTry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('helper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assistance.helper')),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['helper', 'at'], name='code_try_recent'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='HelpRating',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('level', models.SmallIntegerField(choices=[(5, 'Rất hài lòng'), (4, 'Hài lòng'), (3, 'Bình thường'), (2, 'Không hài lòng'), (1, 'Rất không hài lòng')])),
                    ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)),
                    ('rated_at', models.DateTimeField()),
                    ('consent', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rating', to='assistance.consent')),
                ],
            ),
            migrations.CreateModel(
                name='Team',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120)),
                    ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='assistance.campaign')),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('campaign', 'point', 'name'), name='team_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='HelpShift',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('starts', models.TimeField()),
                    ('ends', models.TimeField()),
                    ('cancelled_at', models.DateTimeField(null=True)),
                    ('came', models.BooleanField(null=True)),
                    ('people', models.IntegerField(null=True)),
                    ('accounts', models.IntegerField(null=True)),
                    ('counted_at', models.DateTimeField(null=True)),
                    ('counted_by_name', models.CharField(blank=True, max_length=200)),
                    ('correction', models.CharField(blank=True, help_text='why somebody else put it right', max_length=300)),
                    ('helper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to='assistance.helper')),
                    ('point', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                    ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to='assistance.team')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('cancelled_at', None)), fields=('helper', 'day', 'starts'), name='shift_once'),
                        models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='shift_hours'),
                        models.CheckConstraint(condition=models.Q(models.Q(('accounts', None), ('people', None)), models.Q(('accounts__gte', 0), ('counted_at__isnull', False), ('people__gte', 0)), _connector='OR'), name='shift_counts'),
                    ],
                    'indexes': [
                        models.Index(condition=models.Q(('cancelled_at', None)), fields=['point', 'day'], name='shift_at_point'),
                        models.Index(condition=models.Q(('cancelled_at', None)), fields=['day'], name='shift_on_day'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Consultation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('noted_at', models.DateTimeField()),
                    ('note', models.BinaryField()),
                    ('shift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='assistance.helpshift')),
                ],
            ),
        ),
    ]
