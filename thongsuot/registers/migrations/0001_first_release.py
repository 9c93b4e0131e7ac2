import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('registers', '0001_registers'), ('registers', '0002_book_written_key'), ('registers', '0003_internal_notes'), ('registers', '0004_closed_books')]

    initial = True

    dependencies = [
        ('dossiers', '0001_first_release'),
        ('files', '0001_first_release'),
        ('people', '0001_first_release'),
        ('units', '0001_first_release'),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='Book',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('birth', 'Khai sinh'), ('marriage', 'Kết hôn'), ('death', 'Khai tử')], max_length=8)),
                    ('year', models.SmallIntegerField()),
                    ('name', models.CharField(max_length=30)),
                    ('place_name', models.CharField(max_length=300)),
                    ('place_key', models.CharField(help_text='search_key of place_name: tells books apart and finds them', max_length=300)),
                    ('written_key', models.TextField(blank=True, default='', help_text='search_keys of places as its entries write them, where they differ: finds them too')),
                    ('origin', models.CharField(choices=[('own', 'Ghi trong hệ thống'), ('imported', 'Nhập từ sổ cũ')], max_length=8)),
                    ('opened_at', models.DateTimeField()),
                    ('closed_on', models.DateField(help_text='the unit that wrote in it ended: who keeps it writes in one of its own', null=True)),
                    ('keeper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('keeper', 'kind', 'year', 'place_key', 'name'), name='book_once'), models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True), ('origin', 'own')), fields=('keeper', 'kind', 'year'), name='own_book_open_once'), models.CheckConstraint(condition=models.Q(('year__gte', 1800), ('year__lte', 2200)), name='book_year')],
                },
            ),
            migrations.CreateModel(
                name='Entry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('birth', 'Khai sinh'), ('marriage', 'Kết hôn'), ('death', 'Khai tử')], max_length=8)),
                    ('number', models.IntegerField()),
                    ('suffix', models.CharField(blank=True, max_length=4)),
                    ('state', models.CharField(choices=[('valid', 'Có giá trị'), ('amended', 'Có ghi chú thay đổi'), ('cancelled', 'Đã thu hồi, hủy bỏ')], default='valid', max_length=9)),
                    ('registered_on', models.CharField(blank=True, max_length=10)),
                    ('again', models.BooleanField(default=False)),
                    ('before', models.CharField(blank=True, help_text='place, number, day of the first one', max_length=300)),
                    ('birthplace', models.CharField(blank=True, max_length=300)),
                    ('hometown', models.CharField(blank=True, max_length=300)),
                    ('died_on', models.CharField(blank=True, max_length=10)),
                    ('died_at', models.CharField(blank=True, max_length=20)),
                    ('death_place', models.CharField(blank=True, max_length=300)),
                    ('death_cause', models.CharField(blank=True, max_length=300)),
                    ('notice', models.CharField(blank=True, max_length=300)),
                    ('requester', models.CharField(blank=True, max_length=200)),
                    ('requester_relation', models.CharField(blank=True, max_length=100)),
                    ('signer', models.CharField(blank=True, max_length=200)),
                    ('remarks', models.CharField(blank=True, max_length=1000)),
                    ('place_written', models.CharField(blank=True, help_text='as the imported row says it, letter by letter; of a new entry its name that day', max_length=300)),
                    ('person_key', models.CharField(blank=True, help_text='equal for entries of the same event of the same person', max_length=32)),
                    ('fingerprint', models.CharField(blank=True, help_text='of the imported row', max_length=32)),
                    ('entered_at', models.DateTimeField()),
                    ('entered_by_name', models.CharField(max_length=200)),
                    ('book', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='registers.book')),
                    ('dossier', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier')),
                    ('keeper', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('person_key', ''), _negated=True), fields=['person_key'], name='entry_person_key'), models.Index(condition=models.Q(('fingerprint', ''), _negated=True), fields=['fingerprint'], name='entry_fingerprint'), models.Index(fields=['number', 'kind'], name='entry_number'), models.Index(condition=models.Q(('dossier__isnull', False)), fields=['dossier'], name='entry_of_dossier')],
                    'constraints': [models.UniqueConstraint(fields=('book', 'number', 'suffix'), name='entry_number_once'), models.UniqueConstraint(condition=models.Q(('dossier__isnull', False), models.Q(('state', 'cancelled'), _negated=True)), fields=('dossier',), name='entry_once_per_dossier'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='entry_number_positive'), models.CheckConstraint(condition=models.Q(('registered_on__regex', '^([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?)?$'), ('died_on__regex', '^([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?)?$')), name='entry_days')],
                },
            ),
            migrations.CreateModel(
                name='Annotation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sort', models.CharField(choices=[('change', 'Thay đổi, cải chính, bổ sung'), ('divorce', 'Ly hôn'), ('other', 'Ghi chú khác'), ('internal', 'Ghi chú nội bộ, không in vào giấy'), ('cancellation', 'Thu hồi, hủy bỏ')], max_length=12)),
                    ('role', models.CharField(blank=True, choices=[('child', 'Người được khai sinh'), ('mother', 'Mẹ'), ('father', 'Cha'), ('wife', 'Vợ'), ('husband', 'Chồng'), ('dead', 'Người chết')], max_length=8)),
                    ('field', models.CharField(blank=True, help_text='the column that reads otherwise since, of the person or entry', max_length=20)),
                    ('old_value', models.CharField(blank=True, max_length=300)),
                    ('new_value', models.CharField(blank=True, max_length=300)),
                    ('words', models.CharField(blank=True, max_length=1000)),
                    ('basis', models.CharField(max_length=300)),
                    ('decided_on', models.DateField()),
                    ('made_at', models.DateTimeField()),
                    ('made_by_name', models.CharField(max_length=200)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annotations', to='registers.entry')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='annotation_has_basis')],
                },
            ),
            migrations.CreateModel(
                name='EntryPerson',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('child', 'Người được khai sinh'), ('mother', 'Mẹ'), ('father', 'Cha'), ('wife', 'Vợ'), ('husband', 'Chồng'), ('dead', 'Người chết')], max_length=8)),
                    ('full_name', models.CharField(max_length=200)),
                    ('search_name', models.CharField(editable=False, max_length=200)),
                    ('sort_name', models.CharField(editable=False, max_length=420)),
                    ('born', models.CharField(blank=True, max_length=10)),
                    ('sex', models.CharField(blank=True, max_length=6)),
                    ('id_number', models.CharField(blank=True, max_length=20)),
                    ('ethnicity', models.CharField(blank=True, max_length=60)),
                    ('nationality', models.CharField(blank=True, max_length=60)),
                    ('residence', models.CharField(blank=True, max_length=300)),
                    ('annotation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='registers.annotation')),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='registers.entry')),
                    ('keeper', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('search_name', config='simple'), name='entry_person_words'), models.Index(fields=['born'], name='entry_person_born', opclasses=['text_pattern_ops']), models.Index(condition=models.Q(('id_number', ''), _negated=True), fields=['id_number'], name='entry_person_id_number')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('born__regex', '^([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?)?$')), name='entry_person_born'), models.CheckConstraint(condition=models.Q(('full_name', ''), _negated=True), name='entry_person_named')],
                },
            ),
            migrations.CreateModel(
                name='ImportRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.IntegerField(help_text='row in the file, the heading being 1')),
                    ('state', models.CharField(choices=[('good', 'Tốt'), ('doubtful', 'Cần xem lại'), ('rejected', 'Loại'), ('stored', 'Đã vào sổ')], max_length=8)),
                    ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, size=None)),
                    ('cells', models.JSONField(default=dict)),
                    ('number_key', models.CharField(blank=True, max_length=32)),
                    ('person_key', models.CharField(blank=True, max_length=32)),
                    ('fingerprint', models.CharField(blank=True, max_length=32)),
                    ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_row', to='registers.entry')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'doubtful')), fields=['fingerprint'], name='import_row_fingerprint')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('entry__isnull', False), ('state', 'stored')), models.Q(models.Q(('state', 'stored'), _negated=True), ('entry__isnull', True)), _connector='OR'), name='import_row_stored_has_entry')],
                },
            ),
            migrations.CreateModel(
                name='IssuedPaper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('form', models.CharField(choices=[('birth_certificate', 'Giấy khai sinh'), ('marriage_certificate', 'Giấy chứng nhận kết hôn'), ('death_extract', 'Trích lục khai tử'), ('copy', 'Trích lục (bản sao)')], max_length=20)),
                    ('copies', models.SmallIntegerField()),
                    ('drafted_at', models.DateTimeField()),
                    ('drafted_by_name', models.CharField(max_length=200)),
                    ('replaced', models.BooleanField(default=False)),
                    ('issued_on', models.DateField(null=True)),
                    ('number', models.CharField(blank=True, max_length=40)),
                    ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier')),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='registers.entry')),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('copies__gte', 1), ('copies__lte', 99)), name='issued_paper_copies'), models.UniqueConstraint(condition=models.Q(('replaced', False)), fields=('dossier',), name='issued_paper_once')],
                },
            ),
            migrations.CreateModel(
                name='Proposal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('way', models.CharField(choices=[('store', 'Đưa vào sổ'), ('reject', 'Loại khỏi việc nhập')], max_length=6)),
                    ('cells', models.JSONField(default=dict)),
                    ('settled', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, help_text='doubts the officer looked at and lets stand', size=None)),
                    ('why', models.CharField(max_length=500)),
                    ('proposed_by_name', models.CharField(max_length=200)),
                    ('proposed_at', models.DateTimeField()),
                    ('outcome', models.CharField(blank=True, choices=[('accepted', 'Đồng ý'), ('returned', 'Trả lại')], max_length=8)),
                    ('decided_by_name', models.CharField(blank=True, max_length=200)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decision_note', models.CharField(blank=True, max_length=500)),
                    ('place_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='registers.importrow')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('row',), name='proposal_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='proposal_decided')],
                },
            ),
            migrations.CreateModel(
                name='RegisterImport',
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
                    ('kind', models.CharField(choices=[('birth', 'Khai sinh'), ('marriage', 'Kết hôn'), ('death', 'Khai tử')], max_length=8)),
                    ('default_place', models.CharField(blank=True, help_text='for rows that name no place of registration', max_length=300)),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['reading', 'refused', 'discarded']), ('rows_in', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('good'), '+', models.F('stored')), '+', models.F('to_correct')), '+', models.F('rejected'))), _connector='OR'), name='import_adds_up'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'done'), _negated=True), ('good', 0), _connector='OR'), name='import_done_has_no_good'), models.UniqueConstraint(condition=models.Q(('status__in', ['reading', 'previewed', 'storing', 'done'])), fields=('unit', 'kind', 'sha256'), name='import_file_once')],
                },
            ),
        ),
        migrations.AddField(
            model_name='importrow',
            name='source',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='registers.registerimport'),
        ),
        migrations.CreateModel(
            name='RegisterSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('search', 'Tìm trong sổ'), ('marital', 'Tra tình trạng hôn nhân')], max_length=8)),
                ('asked_by', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('found', models.IntegerField()),
                ('reason', models.CharField(max_length=300)),
                ('by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('dossier', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier')),
            ],
        ),
        Together(
            migrations.AddIndex(
                model_name='importrow',
                index=models.Index(fields=['source', 'state', 'place'], name='import_row_state'),
            ),
            migrations.AddIndex(
                model_name='importrow',
                index=models.Index(condition=models.Q(('number_key', ''), _negated=True), fields=['source', 'number_key'], name='import_row_number'),
            ),
            migrations.AddIndex(
                model_name='importrow',
                index=models.Index(condition=models.Q(('person_key', ''), _negated=True), fields=['source', 'person_key'], name='import_row_person'),
            ),
            migrations.AddConstraint(
                model_name='importrow',
                constraint=models.UniqueConstraint(fields=('source', 'place'), name='import_row_once'),
            ),
        ),
    ]
