import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('files', '0001_first_release'),
        ('units', '0001_first_release'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='ReceptionDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('weekday', models.SmallIntegerField(choices=[(1, 'Thứ hai'), (2, 'Thứ ba'), (3, 'Thứ tư'), (4, 'Thứ năm'), (5, 'Thứ sáu'), (6, 'Thứ bảy')])),
                    ('week', models.SmallIntegerField(choices=[(0, 'Mọi tuần'), (1, 'Tuần đầu của tháng'), (2, 'Tuần thứ hai của tháng'), (3, 'Tuần thứ ba của tháng'), (4, 'Tuần thứ tư của tháng'), (5, 'Tuần cuối của tháng')], default=0)),
                    ('starts', models.TimeField()),
                    ('ends', models.TimeField()),
                    ('place', models.CharField(blank=True, max_length=300)),
                    ('receiver', models.CharField(max_length=200)),
                    ('by_head', models.BooleanField()),
                    ('point', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('unit', 'weekday', 'week', 'starts', 'receiver'), name='reception_day_once'), models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='reception_day_hours'), models.CheckConstraint(condition=models.Q(('week__range', (0, 5)), ('weekday__range', (1, 6))), name='reception_day_weekday'), models.CheckConstraint(condition=models.Q(('point__isnull', False), models.Q(('place', ''), _negated=True), _connector='OR'), name='reception_day_somewhere'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='reception_day_period')],
                },
            ),
            migrations.CreateModel(
                name='DayChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('moved_to', models.DateField(null=True)),
                    ('reason', models.CharField(max_length=300)),
                    ('made_at', models.DateTimeField()),
                    ('made_by_name', models.CharField(max_length=200)),
                    ('day_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='citizen_reception.receptionday')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('day_of', 'day'), name='reception_day_changed_once')],
                },
            ),
            migrations.CreateModel(
                name='ReceptionEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.SmallIntegerField()),
                    ('number', models.IntegerField()),
                    ('came_as', models.CharField(choices=[('in_person', 'Đến trực tiếp'), ('session', 'Tiếp trực tuyến'), ('app', 'Trang người dân'), ('hotline', 'Tổng đài'), ('email', 'Thư điện tử'), ('zalo', 'Zalo'), ('counter', 'Quầy phục vụ'), ('reception', 'Nơi tiếp công dân'), ('paper', 'Văn bản giấy'), ('open311', 'Ứng dụng khác')], max_length=9)),
                    ('matter', models.TextField()),
                    ('kind', models.CharField(blank=True, choices=[('complaint', 'Khiếu nại'), ('denunciation', 'Tố cáo'), ('proposal', 'Kiến nghị'), ('feedback', 'Phản ánh')], max_length=12)),
                    ('competence', models.CharField(blank=True, choices=[('ours', 'Thuộc thẩm quyền của đơn vị'), ('others', 'Thuộc thẩm quyền của cơ quan khác'), ('unclear', 'Chưa rõ thẩm quyền')], max_length=7)),
                    ('competent_body', models.CharField(blank=True, max_length=200)),
                    ('state', models.CharField(choices=[('received', 'Đã tiếp, chờ xử lý'), ('accepted', 'Đang giải quyết'), ('closed', 'Đã xong')], default='received', max_length=8)),
                    ('received_at', models.DateTimeField()),
                    ('received_by_name', models.CharField(max_length=200)),
                    ('heard_by', models.CharField(blank=True, help_text='the post of who heard, when another than who wrote', max_length=200)),
                    ('way', models.CharField(blank=True, choices=[('accepted', 'Tiếp nhận để giải quyết'), ('guided', 'Hướng dẫn đến cơ quan có thẩm quyền'), ('transferred', 'Chuyển đến cơ quan có thẩm quyền'), ('refused', 'Từ chối tiếp')], max_length=11)),
                    ('handled_at', models.DateTimeField(null=True)),
                    ('handled_words', models.TextField(blank=True)),
                    ('grounds_at', models.DateTimeField(null=True)),
                    ('grounds', models.CharField(blank=True, max_length=1000)),
                    ('refusal_due_at', models.DateTimeField(null=True)),
                    ('result', models.TextField(blank=True)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('about_subject', models.CharField(blank=True, max_length=60)),
                    ('about_id', models.BigIntegerField(null=True)),
                    ('about_code', models.CharField(blank=True, max_length=60)),
                    ('book_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', '-received_at'], name='reception_of_unit'), models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['unit'], name='reception_open'), models.Index(condition=models.Q(('grounds_at__isnull', False), ('way', '')), fields=['refusal_due_at'], name='reception_refusals')],
                    'constraints': [models.UniqueConstraint(fields=('book_unit', 'year', 'number'), name='reception_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('handled_at', None), ('way', '')), models.Q(models.Q(('way', ''), _negated=True), ('handled_at__isnull', False)), _connector='OR'), name='reception_handled'), models.CheckConstraint(condition=models.Q(models.Q(('grounds_at', None), ('refusal_due_at', None)), models.Q(('grounds_at__isnull', False), ('refusal_due_at__isnull', False)), _connector='OR'), name='reception_refusal_due'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), ('closed_at', None), _connector='OR'), name='reception_closed'), models.UniqueConstraint(condition=models.Q(('about_id__isnull', False)), fields=('about_subject', 'about_id'), name='reception_taken_over_once')],
                },
            ),
            migrations.CreateModel(
                name='OnlineSession',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=200)),
                    ('starts_at', models.DateTimeField()),
                    ('link', models.CharField(blank=True, max_length=500)),
                    ('heard_by', models.CharField(max_length=200)),
                    ('state', models.CharField(choices=[('planned', 'Sắp tiếp'), ('running', 'Đang tiếp'), ('ended', 'Đã kết thúc'), ('cancelled', 'Đã hủy')], default='planned', max_length=9)),
                    ('made_at', models.DateTimeField()),
                    ('started_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('reason', models.CharField(blank=True, help_text='why it was cancelled, or last moved', max_length=300)),
                    ('recording_link', models.CharField(blank=True, max_length=500)),
                    ('recording_sha256', models.CharField(blank=True, max_length=64)),
                    ('minutes_words', models.TextField(blank=True)),
                    ('minutes_signed_at', models.DateTimeField(null=True)),
                    ('minutes_signed_by_name', models.CharField(blank=True, max_length=200)),
                    ('minutes_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('minutes_paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('recording_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='citizen_reception.receptionentry')),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', '-starts_at'], name='session_of_unit')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('link', ''), ('link__startswith', 'https://'), _connector='OR'), name='session_link_is_safe'), models.CheckConstraint(condition=models.Q(('recording_link', ''), ('recording_link__startswith', 'https://'), _connector='OR'), name='session_recording_is_safe'), models.CheckConstraint(condition=models.Q(('recording_sha256', ''), ('recording_sha256__regex', '^[0-9a-f]{64}$'), _connector='OR'), name='session_fingerprint'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['ended', 'cancelled'])), models.Q(('ended_at', None), ('state__in', ['planned', 'running'])), _connector='OR'), name='session_over_has_an_end')],
                },
            ),
            migrations.CreateModel(
                name='HandedPaper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=200)),
                    ('handed_at', models.DateTimeField()),
                    ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='citizen_reception.receptionentry')),
                ],
            ),
            migrations.CreateModel(
                name='ReceptionSetting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('key', models.CharField(max_length=40)),
                    ('value', models.IntegerField()),
                    ('basis', models.CharField(max_length=300)),
                    ('checked', models.BooleanField(default=False)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('key', 'valid_from'), name='reception_setting_from')],
                },
            ),
            migrations.CreateModel(
                name='ReceptionSlip',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('form', models.CharField(choices=[('receipt', 'Giấy biên nhận giấy tờ'), ('handling', 'Phiếu xử lý')], max_length=8)),
                    ('series_unit', models.BigIntegerField(help_text='whose series numbered it')),
                    ('year', models.SmallIntegerField()),
                    ('number', models.IntegerField()),
                    ('made_at', models.DateTimeField()),
                    ('made_by_name', models.CharField(max_length=200)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slips', to='citizen_reception.receptionentry')),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('series_unit', 'form', 'year', 'number'), name='reception_slip_once')],
                },
            ),
            migrations.CreateModel(
                name='SessionParty',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200)),
                    ('role', models.CharField(max_length=200)),
                    ('people', models.IntegerField(default=1)),
                    ('phone', models.CharField(blank=True, max_length=20)),
                    ('email', models.CharField(blank=True, max_length=254)),
                    ('told_at', models.DateTimeField(null=True)),
                    ('told_how', models.CharField(blank=True, max_length=200)),
                    ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='citizen_reception.onlinesession')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('people__range', (1, 9999))), name='session_party_people')],
                },
            ),
            migrations.CreateModel(
                name='SessionSite',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200)),
                    ('tested_at', models.DateTimeField(null=True)),
                    ('test_passed', models.BooleanField(null=True)),
                    ('test_note', models.CharField(blank=True, max_length=300)),
                    ('connected_at', models.DateTimeField(null=True)),
                    ('point', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                    ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='citizen_reception.onlinesession')),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('session', 'name'), name='session_site_once')],
                },
            ),
            migrations.CreateModel(
                name='Visitor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200)),
                    ('search_name', models.CharField(editable=False, max_length=200)),
                    ('address', models.CharField(blank=True, max_length=300)),
                    ('id_number', models.CharField(blank=True, max_length=20)),
                    ('phone', models.CharField(blank=True, max_length=20)),
                    ('email', models.CharField(blank=True, max_length=254)),
                    ('people', models.IntegerField(default=1)),
                    ('representatives', models.CharField(blank=True, max_length=1000)),
                    ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='visitor', to='citizen_reception.receptionentry')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('people__range', (1, 9999))), name='visitor_people')],
                },
            ),
        ),
    ]
