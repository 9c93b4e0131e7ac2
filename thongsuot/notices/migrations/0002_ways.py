import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0001_first_release'),
        ('people', '0001_first_release'),
        ('units', '0001_first_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='LetterVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('key', models.CharField(max_length=40)),
                ('number', models.SmallIntegerField()),
                ('subject', models.CharField(max_length=200, verbose_name='tiêu đề thư')),
                ('body', models.TextField(verbose_name='nội dung thư')),
                ('sms', models.TextField(verbose_name='nội dung SMS')),
                ('zalo_template', models.CharField(blank=True, max_length=40, verbose_name='mã mẫu Zalo')),
                ('zalo_values', models.JSONField(default=dict, help_text="{parameter of Zalo's template: text with our places}")),
                ('state', models.CharField(choices=[('draft', 'Đang soạn'), ('submitted', 'Chờ duyệt'), ('approved', 'Đã duyệt'), ('dropped', 'Đã bỏ')], default='draft', max_length=9)),
                ('drafted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drafted_by_name', models.CharField(max_length=200)),
                ('drafted_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by_name', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, help_text='of who sent it back', max_length=300, verbose_name='ý kiến')),
                ('valid_from', models.DateField(null=True, verbose_name='dùng từ ngày')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'key', 'number'), name='letter_version_number'), models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'submitted'])), fields=('city', 'key'), name='letter_version_open'), models.CheckConstraint(condition=models.Q(('number__gt', 1)), name='letter_version_after_shipped'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('decided_at__isnull', False), ('valid_from__isnull', False)), _connector='OR'), name='letter_version_approved'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), ('drafted_by', None), ('decided_by', None), models.Q(('drafted_by', models.F('decided_by')), _negated=True), _connector='OR'), name='letter_version_four_eyes')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_waits_while_queued',
        ),
        Together(
            migrations.AlterField(
                model_name='notice',
                name='state',
                field=models.CharField(choices=[('queued', 'Đang chờ gửi'), ('held', 'Giữ đến hết giờ yên lặng'), ('sent', 'Đã gửi'), ('delivered', 'Đã tới nơi'), ('failed', 'Không gửi được'), ('kept', 'Lưu tại đây')], max_length=9),
            ),
            migrations.AlterField(
                model_name='notice',
                name='trouble',
                field=models.CharField(blank=True, choices=[('bad_address', 'Địa chỉ thư viết chưa đúng'), ('bad_number', 'Số điện thoại không nhận được tin nhắn'), ('refused_address', 'Nơi nhận không có địa chỉ này'), ('refused_content', 'Nơi nhận từ chối nội dung thư'), ('refused_number', 'Cổng tin nhắn từ chối số điện thoại này'), ('refused_words', 'Cổng tin nhắn từ chối nội dung hoặc mẫu tin'), ('refused_us', 'Cổng tin nhắn không nhận khóa của hệ thống'), ('server', 'Máy chủ thư chưa nhận'), ('gateway', 'Cổng tin nhắn chưa nhận'), ('not_delivered', 'Nhà mạng báo không tới máy người nhận')], max_length=16),
            ),
        ),
        Together(
            migrations.AddField(
                model_name='notice',
                name='about_code',
                field=models.CharField(blank=True, db_default='', help_text='as its reader knows it: H26.107-…', max_length=60),
            ),
            migrations.AddField(
                model_name='notice',
                name='version',
                field=models.ForeignKey(db_index=False, help_text='whose words; null: the shipped ones, version 1', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.letterversion'),
            ),
        ),
        Together(
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('notice', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notices.notice')),
                    ('way', models.CharField(choices=[('smtp', 'Thư điện tử'), ('zalo', 'Zalo'), ('sms', 'SMS')], max_length=4)),
                    ('chain', models.SmallIntegerField()),
                    ('place', models.SmallIntegerField(help_text='within the chain')),
                    ('state', models.CharField(choices=[('queued', 'Đang chờ gửi'), ('held', 'Giữ đến hết giờ yên lặng'), ('reserve', 'Dự phòng'), ('sent', 'Đã gửi'), ('delivered', 'Đã tới nơi'), ('failed', 'Không gửi được'), ('refused', 'Nơi nhận từ chối'), ('kept', 'Chưa nối'), ('declined', 'Người nhận chọn không nhận')], max_length=9)),
                    ('words', models.TextField(blank=True, help_text='what this way says; empty: subject and body of the notice')),
                    ('template', models.CharField(blank=True, help_text="Zalo's id of the template; words are its parameters, JSON", max_length=40)),
                    ('reference', models.CharField(help_text='by which the gateway knows that it was asked before', max_length=40)),
                    ('gateway_id', models.CharField(blank=True, max_length=100)),
                    ('attempts', models.SmallIntegerField(default=0)),
                    ('trouble', models.CharField(blank=True, choices=[('bad_address', 'Địa chỉ thư viết chưa đúng'), ('bad_number', 'Số điện thoại không nhận được tin nhắn'), ('refused_address', 'Nơi nhận không có địa chỉ này'), ('refused_content', 'Nơi nhận từ chối nội dung thư'), ('refused_number', 'Cổng tin nhắn từ chối số điện thoại này'), ('refused_words', 'Cổng tin nhắn từ chối nội dung hoặc mẫu tin'), ('refused_us', 'Cổng tin nhắn không nhận khóa của hệ thống'), ('server', 'Máy chủ thư chưa nhận'), ('gateway', 'Cổng tin nhắn chưa nhận'), ('not_delivered', 'Nhà mạng báo không tới máy người nhận')], max_length=16)),
                    ('next_attempt_at', models.DateTimeField(null=True)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('delivered_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'held'])), fields=['way'], name='delivery_waiting')],
                    'constraints': [models.UniqueConstraint(fields=('notice', 'way'), name='delivery_once_by_way'), models.UniqueConstraint(fields=('reference',), name='delivery_reference'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'held']), ('next_attempt_at__isnull', True), _connector='OR'), name='delivery_waits'), models.CheckConstraint(condition=models.Q(('sent_at__isnull', False), models.Q(('state__in', ['sent', 'delivered']), _negated=True), _connector='OR'), name='delivery_sent'), models.CheckConstraint(condition=models.Q(models.Q(('trouble', ''), _negated=True), models.Q(('state__in', ['failed', 'refused']), _negated=True), _connector='OR'), name='delivery_trouble')],
                },
            ),
            migrations.CreateModel(
                name='ZaloToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('access', models.TextField()),
                    ('renewing', models.TextField()),
                    ('begun_with', models.BinaryField(help_text='digest of the setting it began with: another setting begins anew', max_length=32)),
                    ('ends_at', models.DateTimeField()),
                    ('renewed_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='DeliveryReport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='notices.delivery')),
                    ('outcome', models.CharField(choices=[('delivered', 'Đã tới nơi'), ('failed', 'Không tới nơi')], max_length=9)),
                    ('said_at', models.DateTimeField()),
                    ('arrived_at', models.DateTimeField()),
                    ('digest', models.BinaryField(help_text='of what was signed: the same one again changes nothing', max_length=32)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('digest',), name='delivery_report_once')],
                },
            ),
            migrations.CreateModel(
                name='QuietHours',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('starts', models.TimeField(verbose_name='từ giờ')),
                    ('ends', models.TimeField(verbose_name='đến giờ')),
                    ('ways', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('smtp', 'Thư điện tử'), ('zalo', 'Zalo'), ('sms', 'SMS')], max_length=4), default=list, size=None)),
                    ('basis', models.CharField(max_length=300, verbose_name='căn cứ')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('city', 'valid_from'), name='quiet_hours_from')],
                },
            ),
            migrations.CreateModel(
                name='LetterRoute',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('key', models.CharField(max_length=40)),
                    ('route', models.CharField(choices=[('mail_first', 'Thư điện tử; không gửi được thì Zalo, rồi SMS'), ('phone_first', 'Zalo, rồi SMS; không gửi được thì thư điện tử'), ('both', 'Thư điện tử, và thêm Zalo hoặc SMS')], max_length=12)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('city', 'key', 'valid_from'), name='letter_route_from')],
                },
            ),
            migrations.CreateModel(
                name='OptOut',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('address', models.CharField(blank=True, help_text='mail address, or telephone as kept; of whoever has no account', max_length=254)),
                    ('kind', models.CharField(help_text='kinds.OPTIONAL', max_length=20)),
                    ('way', models.CharField(choices=[('smtp', 'Thư điện tử'), ('zalo', 'Zalo'), ('sms', 'SMS')], max_length=4)),
                    ('since', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None), ('person__isnull', False)), fields=('person', 'kind', 'way'), name='opt_out_person'), models.UniqueConstraint(condition=models.Q(('ended_at', None), models.Q(('address', ''), _negated=True)), fields=('address', 'kind', 'way'), name='opt_out_address'), models.CheckConstraint(condition=models.Q(('person__isnull', False), models.Q(('address', ''), _negated=True), _connector='XOR'), name='opt_out_of_somebody')],
                },
            ),
        ),
    ]
