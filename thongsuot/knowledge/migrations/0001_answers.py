import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('units', '0001_first_release'),
        ('people', '0001_first_release'),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='Article',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('question', models.CharField(help_text='of the version approved last, or of the first draft', max_length=300, verbose_name='câu hỏi')),
                    ('question_key', models.CharField(max_length=300)),
                    ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                    ('other_ways', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), default=list, help_text='how else people ask it', size=None)),
                    ('procedure_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                    ('look_again_on', models.DateField(null=True, verbose_name='xem lại vào ngày')),
                    ('told_at', models.DateTimeField(help_text='when its keepers were told that it must be looked at again', null=True)),
                    ('created_at', models.DateTimeField()),
                    ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('unit', models.ForeignKey(help_text='whom alone it is about; null: all', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('city', 'unit', 'question_key'), name='article_question_once', nulls_distinct=False)],
                },
            ),
            migrations.CreateModel(
                name='ArticleVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('number', models.SmallIntegerField()),
                    ('state', models.CharField(choices=[('draft', 'Đang soạn'), ('submitted', 'Chờ duyệt'), ('approved', 'Đã duyệt'), ('dropped', 'Đã bỏ')], default='draft', max_length=9)),
                    ('drafted_by_name', models.CharField(max_length=200)),
                    ('drafted_at', models.DateTimeField()),
                    ('submitted_at', models.DateTimeField(null=True)),
                    ('decided_by_name', models.CharField(blank=True, max_length=200)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('note', models.CharField(blank=True, help_text='of who sent it back', max_length=300, verbose_name='ý kiến')),
                    ('valid_from', models.DateField(null=True, verbose_name='dùng từ ngày')),
                    ('question', models.CharField(max_length=300, verbose_name='câu hỏi')),
                    ('answer', models.TextField(help_text='in the markup of rules.blocks', verbose_name='trả lời')),
                    ('spoken', models.CharField(max_length=600, verbose_name='câu nói qua điện thoại')),
                    ('basis', models.CharField(max_length=500, verbose_name='căn cứ')),
                    ('withdrawn_because', models.CharField(blank=True, max_length=300, verbose_name='lý do thu hồi')),
                    ('question_key', models.CharField(max_length=300)),
                    ('other_key', models.TextField(blank=True, help_text='other ways of asking and topics of the article')),
                    ('answer_key', models.TextField()),
                    ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.F('question_key'), config='simple', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.F('other_key'), config='simple', weight='B'), django.contrib.postgres.search.SearchConfig('simple')), output_field=django.contrib.postgres.search.SearchVectorField())),
                    ('search_answer', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.F('question_key'), config='simple', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.F('other_key'), config='simple', weight='B'), django.contrib.postgres.search.SearchConfig('simple')), '||', django.contrib.postgres.search.SearchVector(models.F('answer_key'), config='simple', weight='D'), django.contrib.postgres.search.SearchConfig('simple')), output_field=django.contrib.postgres.search.SearchVectorField())),
                    ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='knowledge.article')),
                    ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('drafted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='article_version_search'), django.contrib.postgres.indexes.GinIndex(fields=['search_answer'], name='article_version_answer')],
                    'constraints': [models.UniqueConstraint(fields=('article', 'number'), name='article_version_number'), models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'submitted'])), fields=('article',), name='article_version_open'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('decided_at__isnull', False), ('valid_from__isnull', False)), _connector='OR'), name='article_version_approved'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), ('drafted_by', None), ('decided_by', None), models.Q(('drafted_by', models.F('decided_by')), _negated=True), _connector='OR'), name='article_version_four_eyes'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='article_version_period'), models.CheckConstraint(condition=models.Q(('withdrawn_because', ''), ('valid_to__isnull', False), _connector='OR'), name='article_version_withdrawn_ends')],
                },
            ),
            migrations.CreateModel(
                name='AnswerUse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('hotline', 'Tổng đài'), ('counter', 'Tại quầy'), ('reception', 'Tiếp công dân'), ('feedback', 'Trả lời phản ánh'), ('useful', 'Có ích'), ('useless', 'Chưa có ích')], max_length=9)),
                    ('day', models.DateField()),
                    ('count', models.IntegerField(default=0)),
                    ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='knowledge.articleversion')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('version', 'kind', 'day'), name='answer_use_once')],
                },
            ),
        ),
    ]
