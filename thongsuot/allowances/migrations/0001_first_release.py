import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('allowances', '0001_allowances')]

    initial = True

    dependencies = [
        ('files', '0001_first_release'),
        ('people', '0001_first_release'),
        ('units', '0001_first_release'),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='BenefitGroup',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=12, unique=True)),
                    ('kind', models.CharField(choices=[('social', 'Bảo trợ xã hội'), ('merit', 'Người có công')], max_length=6)),
                    ('name', models.CharField(max_length=200)),
                ],
            ),
            migrations.CreateModel(
                name='AllowanceImport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('file_name', models.CharField(max_length=120)),
                    ('sha256', models.CharField(max_length=64)),
                    ('status', models.CharField(choices=[('reading', 'Đang đọc'), ('previewed', 'Chờ xem lại'), ('storing', 'Đang nhập'), ('done', 'Đã nhập'), ('refused', 'Không đọc được'), ('discarded', 'Đã bỏ')], default='reading', max_length=10)),
                    ('refusal', models.CharField(blank=True, max_length=500)),
                    ('rows_in', models.IntegerField(default=0)),
                    ('good', models.IntegerField(default=0)),
                    ('stored', models.IntegerField(default=0)),
                    ('to_correct', models.IntegerField(default=0)),
                    ('rejected', models.IntegerField(default=0)),
                    ('sent_at', models.DateTimeField()),
                    ('sent_by_name', models.CharField(max_length=200)),
                    ('done_at', models.DateTimeField(null=True)),
                    ('month', models.DateField()),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['reading', 'refused', 'discarded']), ('rows_in', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('good'), '+', models.F('stored')), '+', models.F('to_correct')), '+', models.F('rejected'))), _connector='OR'), name='allowance_import_adds_up'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'done'), _negated=True), ('good', 0), _connector='OR'), name='allowance_import_done_has_no_good'), models.UniqueConstraint(condition=models.Q(('status__in', ['reading', 'previewed', 'storing', 'done'])), fields=('unit', 'sha256'), name='allowance_import_file_once')],
                },
            ),
            migrations.CreateModel(
                name='AllowanceRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.IntegerField(help_text='row in the file, the heading being 1')),
                    ('state', models.CharField(choices=[('good', 'Tốt'), ('to_correct', 'Cần sửa'), ('rejected', 'Bị loại'), ('stored', 'Đã vào danh sách')], max_length=10)),
                    ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                    ('cells', models.JSONField(default=dict)),
                    ('values', models.JSONField(default=dict)),
                    ('person_key', models.CharField(blank=True, help_text='person and group, hashed', max_length=32)),
                    ('fingerprint', models.CharField(blank=True, max_length=32)),
                    ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='allowances.allowanceimport')),
                ],
                options={
                    'indexes': [models.Index(fields=['source', 'state', 'place'], name='allowance_row_state')],
                    'constraints': [models.UniqueConstraint(fields=('source', 'place'), name='allowance_row_once')],
                },
            ),
            migrations.CreateModel(
                name='BaseAmount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('amount_dong', models.IntegerField()),
                    ('basis', models.CharField(max_length=300)),
                    ('checked', models.BooleanField(default=False, help_text='compared with the text of the document')),
                ],
                options={
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='base_amount_one_at_a_time')],
                },
            ),
            migrations.CreateModel(
                name='Beneficiary',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('full_name', models.CharField(max_length=200)),
                    ('name_key', models.CharField(max_length=200)),
                    ('id_number', models.CharField(max_length=12)),
                    ('born', models.CharField(blank=True, max_length=10)),
                    ('address', models.CharField(blank=True, max_length=300)),
                    ('coefficient', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                    ('amount_dong', models.IntegerField(null=True)),
                    ('start_month', models.DateField()),
                    ('stop_month', models.DateField(null=True)),
                    ('stop_reason', models.CharField(blank=True, choices=[('died', 'Đã mất'), ('moved', 'Chuyển đi nơi khác ngoài thành phố'), ('ended', 'Không còn thuộc diện hưởng'), ('group', 'Chuyển sang nhóm khác'), ('double', 'Trùng người hưởng'), ('wish', 'Tự nguyện thôi hưởng')], max_length=8)),
                    ('payer', models.CharField(choices=[('bank', 'Ngân hàng'), ('post', 'Bưu điện')], max_length=4)),
                    ('bank', models.CharField(blank=True, max_length=100)),
                    ('account', models.CharField(blank=True, max_length=30)),
                    ('cash_point', models.CharField(blank=True, max_length=200)),
                    ('receiver_name', models.CharField(blank=True, max_length=200)),
                    ('receiver_id_number', models.CharField(blank=True, max_length=12)),
                    ('receiver_paper', models.CharField(blank=True, max_length=200)),
                    ('source_place', models.IntegerField(null=True)),
                    ('added_at', models.DateTimeField()),
                    ('follows', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='allowances.beneficiary')),
                    ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='allowances.allowanceimport')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='allowances.benefitgroup')),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', 'id'], name='beneficiary_unit'), models.Index(fields=['name_key'], name='beneficiary_name'), models.Index(fields=['id_number'], name='beneficiary_number'), models.Index(fields=['source', 'source_place'], name='beneficiary_source')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('stop_month', None)), fields=('id_number', 'group'), name='beneficiary_once'), models.CheckConstraint(condition=models.Q(models.Q(('stop_month', None), ('stop_reason', '')), models.Q(('stop_month__gte', models.F('start_month')), ('stop_month__isnull', False), models.Q(('stop_reason', ''), _negated=True)), _connector='OR'), name='beneficiary_stops_for_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('payer', 'bank'), models.Q(('account', ''), _negated=True)), models.Q(('payer', 'post'), models.Q(('cash_point', ''), _negated=True)), _connector='OR'), name='beneficiary_paid_somewhere')],
                },
            ),
            migrations.CreateModel(
                name='GroupRate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('coefficient', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                    ('basis', models.CharField(max_length=300)),
                    ('checked', models.BooleanField(default=False)),
                    ('becomes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='allowances.benefitgroup')),
                    ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rates', to='allowances.benefitgroup')),
                ],
                options={
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('group'), models.F('group'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='group_rate_one_at_a_time'), models.CheckConstraint(condition=models.Q(('becomes', None), ('valid_to__isnull', False), _connector='OR'), name='group_rate_becomes_when_it_ends')],
                },
            ),
            migrations.CreateModel(
                name='PayBatch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.IntegerField()),
                    ('payer', models.CharField(choices=[('bank', 'Ngân hàng'), ('post', 'Bưu điện')], max_length=4)),
                    ('is_retry', models.BooleanField(default=False)),
                    ('lines', models.IntegerField()),
                    ('total_dong', models.BigIntegerField()),
                    ('sha256', models.CharField(blank=True, max_length=64)),
                    ('made_at', models.DateTimeField()),
                    ('made_by_name', models.CharField(max_length=200)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('sent_by_name', models.CharField(blank=True, max_length=200)),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('withdrawn_by_name', models.CharField(blank=True, max_length=200)),
                    ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('sent_at', None), ('withdrawn_at', None), _connector='OR'), name='pay_batch_sent_or_withdrawn')],
                },
            ),
            migrations.CreateModel(
                name='PayAttempt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('waiting', 'Chờ kết quả'), ('paid', 'Đã chi trả'), ('failed', 'Chưa trả được')], default='waiting', max_length=7)),
                    ('reason', models.CharField(blank=True, max_length=200)),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='allowances.paybatch')),
                ],
            ),
            migrations.CreateModel(
                name='PayerReport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('file_name', models.CharField(max_length=120)),
                    ('sha256', models.CharField(max_length=64)),
                    ('status', models.CharField(choices=[('reading', 'Đang đọc'), ('done', 'Đã đọc'), ('refused', 'Không đọc được')], default='reading', max_length=8)),
                    ('refusal', models.CharField(blank=True, max_length=500)),
                    ('rows_in', models.IntegerField(default=0)),
                    ('applied', models.IntegerField(default=0)),
                    ('known', models.IntegerField(default=0)),
                    ('contradicting', models.IntegerField(default=0)),
                    ('rejected', models.IntegerField(default=0)),
                    ('sent_at', models.DateTimeField()),
                    ('sent_by_name', models.CharField(max_length=200)),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('rows_in', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('applied'), '+', models.F('known')), '+', models.F('contradicting')), '+', models.F('rejected')))), name='payer_report_adds_up')],
                },
            ),
            migrations.CreateModel(
                name='PayerReportRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.IntegerField()),
                    ('reference', models.CharField(max_length=40)),
                    ('outcome', models.CharField(blank=True, max_length=7)),
                    ('reason', models.CharField(blank=True, max_length=200)),
                    ('state', models.CharField(choices=[('contradicts', 'Trái với kết quả đã có'), ('rejected', 'Không dùng được'), ('accepted', 'Đã nhận theo kết quả mới'), ('dismissed', 'Giữ kết quả cũ'), ('paid_twice', 'Đã trả hai lần, phải thu hồi')], max_length=11)),
                    ('why', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                    ('settled_by_name', models.CharField(blank=True, max_length=200)),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('attempt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='allowances.payattempt')),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='allowances.payerreport')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'contradicts')), fields=['attempt'], name='payer_report_row_open')],
                },
            ),
            migrations.CreateModel(
                name='Payment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('month', models.DateField()),
                    ('id_number', models.CharField(max_length=12)),
                    ('coefficient', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                    ('base_dong', models.IntegerField(null=True)),
                    ('amount_dong', models.IntegerField()),
                    ('payer', models.CharField(choices=[('bank', 'Ngân hàng'), ('post', 'Bưu điện')], max_length=4)),
                    ('payee', models.CharField(help_text='the person, or who is authorised to receive', max_length=200)),
                    ('bank', models.CharField(blank=True, max_length=100)),
                    ('account', models.CharField(blank=True, max_length=30)),
                    ('cash_point', models.CharField(blank=True, max_length=200)),
                    ('state', models.CharField(choices=[('waiting', 'Chờ kết quả'), ('paid', 'Đã chi trả'), ('failed', 'Chưa trả được')], default='waiting', max_length=7)),
                    ('reason', models.CharField(blank=True, help_text="why it could not be paid, in the payer's words", max_length=200)),
                    ('answering_unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('beneficiary', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='allowances.beneficiary')),
                    ('group', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='allowances.benefitgroup')),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('month', 'id_number', 'group'), name='payment_once_a_month'), models.CheckConstraint(condition=models.Q(('amount_dong__gt', 0)), name='payment_of_something')],
                },
            ),
        ),
        migrations.AddField(
            model_name='payattempt',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='allowances.payment'),
        ),
        migrations.CreateModel(
            name='PayRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('state', models.CharField(choices=[('draft', 'Đang soạn'), ('frozen', 'Đã chốt danh sách'), ('approved', 'Đã duyệt'), ('sent', 'Đã gửi bên chi trả'), ('settling', 'Đang đối soát'), ('closed', 'Đã khóa sổ')], default='draft', max_length=8)),
                ('lines', models.IntegerField(default=0)),
                ('total_dong', models.BigIntegerField(default=0)),
                ('frozen_at', models.DateTimeField(null=True)),
                ('frozen_by_name', models.CharField(blank=True, max_length=200)),
                ('placed_at', models.DateTimeField(help_text='when the answering unit of each line had been looked for', null=True)),
                ('return_reason', models.CharField(blank=True, max_length=300)),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by_name', models.CharField(blank=True, max_length=200)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by_name', models.CharField(blank=True, max_length=200)),
                ('reopen_reason', models.CharField(blank=True, max_length=300)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('frozen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'month'), name='pay_run_once_a_month'), models.CheckConstraint(condition=models.Q(models.Q(('frozen_at', None), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('frozen_at__isnull', False)), _connector='OR'), name='pay_run_frozen'), models.CheckConstraint(condition=models.Q(('approved_by', None), ('frozen_by', None), models.Q(('approved_by', models.F('frozen_by')), _negated=True), _connector='OR'), name='pay_run_second_person')],
            },
        ),
        Together(
            migrations.AddField(
                model_name='payment',
                name='run',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='allowances.payrun'),
            ),
            migrations.AddField(
                model_name='payerreport',
                name='run',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='allowances.payrun'),
            ),
            migrations.AddField(
                model_name='paybatch',
                name='run',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='allowances.payrun'),
            ),
            migrations.AddConstraint(
                model_name='payattempt',
                constraint=models.UniqueConstraint(fields=('batch', 'payment'), name='pay_attempt_once'),
            ),
            migrations.AddConstraint(
                model_name='payattempt',
                constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'paid'])), fields=('payment',), name='pay_attempt_never_twice'),
            ),
            migrations.AddIndex(
                model_name='payment',
                index=models.Index(fields=['run', 'answering_unit', 'id'], name='payment_of_unit'),
            ),
            migrations.AddIndex(
                model_name='payment',
                index=models.Index(condition=models.Q(('state', 'failed')), fields=['run', 'id'], name='payment_failed'),
            ),
            migrations.AddConstraint(
                model_name='payment',
                constraint=models.UniqueConstraint(fields=('run', 'beneficiary'), name='payment_once'),
            ),
            migrations.AddConstraint(
                model_name='payerreport',
                constraint=models.UniqueConstraint(condition=models.Q(('rejected', 0), ('status__in', ['reading', 'done'])), fields=('run', 'sha256'), name='payer_report_once'),
            ),
            migrations.AddConstraint(
                model_name='paybatch',
                constraint=models.UniqueConstraint(fields=('run', 'number'), name='pay_batch_number'),
            ),
        ),
    ]
