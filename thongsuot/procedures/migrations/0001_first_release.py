import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('procedures', '0001_initial'), ('procedures', '0002_process_draft'), ('procedures', '0003_publishing_decision'), ('procedures', '0004_subjects')]

    initial = True

    dependencies = [
        ('units', '0001_first_release'),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='Field',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(help_text='the name as a slug', max_length=120, unique=True)),
                    ('name', models.CharField(max_length=200, verbose_name='tên lĩnh vực')),
                    ('search_name', models.CharField(max_length=200)),
                    ('sort_name', models.CharField(max_length=420)),
                ],
            ),
            migrations.CreateModel(
                name='Procedure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=20, unique=True, verbose_name='mã thủ tục')),
                    ('name', models.CharField(max_length=1000, verbose_name='tên thủ tục')),
                    ('search_key', models.CharField(help_text='name, other names, code, field; a blank before each word', max_length=1500)),
                    ('sort_name', models.CharField(max_length=2100)),
                    ('kind', models.CharField(choices=[('national', 'theo mã quốc gia'), ('local', 'mã của thành phố')], default='national', max_length=10)),
                    ('field', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='procedures', to='procedures.field', verbose_name='lĩnh vực')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'national'), _negated=True), ('code__regex', '^\\d\\.\\d{6}$'), _connector='OR'), name='procedure_national_code')],
                },
            ),
            migrations.CreateModel(
                name='Competence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('level', models.CharField(choices=[('commune', 'cấp xã'), ('province', 'cấp tỉnh')], max_length=10)),
                    ('kind', models.CharField(choices=[('devolved', 'phân quyền'), ('decentralised', 'phân cấp'), ('delegated', 'ủy quyền')], max_length=14)),
                    ('body_kind', models.CharField(default='people_committee', help_text='units.Body.Kind', max_length=24)),
                    ('basis', models.CharField(max_length=400, verbose_name='căn cứ')),
                    ('basis_is_assumed', models.BooleanField(default=False, help_text='no text was read that names this procedure')),
                    ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='competences', to='procedures.procedure')),
                ],
                options={
                    'indexes': [models.Index(fields=['city', 'level', 'valid_from'], name='competence_city')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='competence_period'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'delegated'), _negated=True), ('valid_to__isnull', False), _connector='OR'), name='delegation_has_an_end'), models.CheckConstraint(condition=models.Q(('level__in', ['commune', 'province'])), name='competence_level'), models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='competence_basis'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('unit__isnull', False)), expressions=[(models.Func(models.F('procedure_id'), models.F('procedure_id'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('unit_id'), models.F('unit_id'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='competence_of_a_unit_once'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('level', 'commune'), ('unit__isnull', True)), expressions=[(models.Func(models.F('procedure_id'), models.F('procedure_id'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('city_id'), models.F('city_id'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='competence_of_all_communes_once'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('level', 'province'), ('unit__isnull', True)), expressions=[(models.Func(models.F('procedure_id'), models.F('procedure_id'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('city_id'), models.F('city_id'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='competence_of_the_city_once')],
                },
            ),
            migrations.CreateModel(
                name='ProcedureVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('number', models.PositiveIntegerField(verbose_name='phiên bản')),
                    ('name', models.CharField(max_length=1000)),
                    ('also_called', models.CharField(blank=True, help_text='as people say it: sao y', max_length=200, verbose_name='còn gọi là')),
                    ('limit_value', models.PositiveIntegerField(verbose_name='thời hạn')),
                    ('limit_unit', models.CharField(choices=[('same_day', 'same_day'), ('working_hours', 'working_hours'), ('working_days', 'working_days'), ('calendar_days', 'calendar_days'), ('months', 'months')], max_length=16)),
                    ('extension_days', models.PositiveSmallIntegerField(default=0, help_text='working days that may be added once')),
                    ('papers', models.JSONField(default=list)),
                    ('fee_rules', models.JSONField(default=list)),
                    ('results', models.JSONField(default=list)),
                    ('steps', models.JSONField(default=list)),
                    ('form_schema', models.JSONField(default=dict)),
                    ('subjects', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), db_default=[], default=list, help_text='content.Subject; empty: not known', size=None)),
                    ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), help_text='1 counter, 2 online, 3 post', size=None)),
                    ('fully_online', models.BooleanField(default=False, verbose_name='toàn trình')),
                    ('non_boundary', models.BooleanField(default=False, verbose_name='nộp được ở mọi nơi trong thành phố')),
                    ('legal_basis', models.JSONField(default=list)),
                    ('decision_number', models.CharField(blank=True, db_default='', max_length=60, verbose_name='quyết định công bố')),
                    ('decision_on', models.DateField(blank=True, null=True, verbose_name='ngày ký quyết định công bố')),
                    ('has_own_process', models.BooleanField(default=False, verbose_name='có quy trình điện tử riêng')),
                    ('unverified', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, help_text='parts no text was read for: rules.PARTS', size=None)),
                    ('source', models.CharField(blank=True, help_text='where the facts were read', max_length=400)),
                    ('source_url', models.URLField(blank=True, help_text='the page of the national portal')),
                    ('published_at', models.DateTimeField()),
                    ('published_by_id', models.BigIntegerField(null=True)),
                    ('published_by_name', models.CharField(max_length=200)),
                    ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='procedures.procedure')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('procedure', 'number'), name='version_numbered'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='version_period'), models.CheckConstraint(condition=models.Q(models.Q(('decision_number', ''), ('decision_on', None)), models.Q(models.Q(('decision_number', ''), _negated=True), models.Q(('decision_on', None), _negated=True)), _connector='OR'), name='version_decision'), models.CheckConstraint(condition=models.Q(('limit_unit__in', ['same_day', 'working_hours', 'working_days', 'calendar_days', 'months'])), name='version_limit_unit'), models.CheckConstraint(condition=models.Q(('limit_unit', 'same_day'), ('limit_value__gte', 1), _connector='OR'), name='version_limit'), models.CheckConstraint(condition=models.Q(('channels__len__gte', 1), ('channels__contained_by', [1, 2, 3])), name='version_channels'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('procedure_id'), models.F('procedure_id'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='version_one_at_a_time')],
                },
            ),
            migrations.CreateModel(
                name='ProcessDraft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('steps', models.JSONField(default=list)),
                    ('revision', models.PositiveIntegerField(help_text='counts what was kept, so that a stale page is noticed')),
                    ('begun_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField()),
                    ('changed_by_id', models.BigIntegerField(null=True)),
                    ('changed_by_name', models.CharField(max_length=200)),
                    ('procedure', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='process_draft', to='procedures.procedure')),
                ],
            ),
            migrations.CreateModel(
                name='CatalogueImport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('file_name', models.CharField(max_length=200, verbose_name='tệp')),
                    ('imported_at', models.DateTimeField()),
                    ('imported_by_name', models.CharField(max_length=200)),
                    ('loaded', models.PositiveIntegerField()),
                    ('unchanged', models.PositiveIntegerField()),
                    ('kept', models.PositiveIntegerField(help_text='procedures whose own process a file does not overwrite')),
                    ('rejected', models.JSONField(default=list, help_text='[{"row", "code", "reason"}]')),
                    ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['city', '-imported_at'], name='catalogue_import_at')],
                },
            ),
        ),
    ]
